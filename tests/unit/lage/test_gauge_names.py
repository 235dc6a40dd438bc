# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Gauges renamed, merged and ended: alarms, trends and silence follow."""

from __future__ import annotations

from lage.kinds.model import Query
from lage.station import Station
from lage.views.alarms import current_alarms
from lage.views.gauge_book import GaugeBook
from lage.views.gauges import gauge_names, gauge_view
from tests.fixtures import FixedClock, share
from tests.unit.lage.conftest import Terminal
from tui.forms import duplicates


def values(station: Station, name: str) -> list[int]:
    """Readings of a gauge, newest first."""
    return [r.value for r in gauge_view(station.context(), name).readings]


def told(station: Station) -> list[str]:
    """Texts of the alarms."""
    return [alarm.text for alarm in current_alarms(station.context())]


def test_another_name_keeps_all(lage: Terminal, station: Station, clock: FixedClock) -> None:
    """Shown with the new name, found and reported by either, the alarm stays the same one."""
    lage("pegel", "anlegen", "Greven", "--info1", "300", "--gewaesser", "Ems")
    lage("pegel", "melden", "Greven", "310", "--zeit", "vor 1 h")
    (before,) = current_alarms(station.context())
    assert "umbenannt" in lage("pegel", "umbenennen", "Greven", "Greven Brücke")
    lage("pegel", "melden", "Greven Brücke", "320")
    (after,) = current_alarms(station.context())

    assert after.key == before.key
    assert "Pegel Greven Brücke 320 cm" in after.text
    assert values(station, "Greven") == values(station, "greven brücke".title()) == [320, 310]
    assert [row["name"] for row in lage.json("pegel", "liste")] == ["Greven Brücke"]
    assert "Greven Brücke" in lage("pegel", "werte")
    assert "gibt es schon" in str(
        lage.refusal("pegel", "umbenennen", "Greven", "Rheine Oberschleuse")
    )
    lage("pegel", "anlegen", "Greven Brücke", "--info2", "400")
    assert station.reader.count(Query("gauge")) == 1


def test_a_slip_is_merged_and_its_readings_count(lage: Terminal, station: Station) -> None:
    """Half of the rise stood under the wrong name; apart again on request."""
    lage("pegel", "anlegen", "Greven", "--info1", "300")
    lage("pegel", "melden", "Greven", "250", "--zeit", "vor 2 h")
    lage("pegel", "melden", "Grevn", "310", "--zeit", "vor 1 h", "--neu")
    assert told(station) == []
    lage("pegel", "zusammenfuehren", "Grevn", "Greven")

    assert gauge_names(station.reader) == ["Greven"]
    assert values(station, "Grevn") == values(station, "Greven") == [310, 250]
    assert any("Greven 310 cm: Informationswert 1" in text for text in told(station))
    lage("pegel", "melden", "Grevn", "315")
    assert values(station, "Greven") == [315, 310, 250]
    assert "schon zusammengeführt" in str(
        lage.refusal("pegel", "zusammenfuehren", "Grevn", "Greven")
    )
    lage("pegel", "trennen", "Grevn")
    assert values(station, "Greven") == [250]
    assert "keiner anderen" in str(lage.refusal("pegel", "trennen", "Grevn"))


def test_other_units_are_no_series(lage: Terminal, station: Station) -> None:
    """Refused where it is asked; kept apart where decimals differ all the same."""
    lage("pegel", "anlegen", "Elte Regen", "--einheit", "mm", "--nachkomma", "1")
    lage("pegel", "anlegen", "Elte Boden", "--einheit", "%", "--nachkomma", "1")
    refused = lage.refusal("pegel", "zusammenfuehren", "Elte Regen", "Elte Boden")
    assert "verschiedenen Einheiten" in str(refused)


def test_two_staffs_merge_crosswise(
    county: list[Station], terminals: list[Terminal], clock: FixedClock
) -> None:
    """Whoever merged what into which, one gauge is left with all readings, at both the same."""
    one, other = terminals[1], terminals[2]
    one("pegel", "melden", "Einen", "100", "--zeit", "vor 1 h")
    one("pegel", "melden", "Telgte", "101")
    share(*county)
    one("pegel", "zusammenfuehren", "Einen", "Telgte")
    other("pegel", "zusammenfuehren", "Telgte", "Einen")
    share(*county)

    books = [[g.written for g in GaugeBook(each.reader).all()] for each in county]
    assert books[0] == books[1] == books[2]
    assert len(books[0]) == 1
    assert values(county[0], "Telgte") == [101, 100]


def test_an_ended_gauge_is_still(lage: Terminal, station: Station, clock: FixedClock) -> None:
    """No alarm, no silence, out of the lists; a reading after its end shows that it measures."""
    lage("pegel", "anlegen", "Greven", "--info1", "300")
    lage("pegel", "melden", "Greven", "310")
    lage("pegel", "beenden", "Greven")
    assert told(station) == []
    assert lage.json("pegel", "liste") == []
    (ended,) = lage.json("pegel", "liste", "--beendete")
    assert (ended["stufe"], ended["stumm"], ended["trend_je_stunde"]) == (0, False, None)
    assert "beendet" in lage("pegel", "zeigen", "Greven")
    lage("pegel", "beenden", "Greven", "--seit", "in 2 h")
    assert any("Greven 310" in text for text in told(station)), "its end is still to come"
    lage("pegel", "beenden", "Greven")
    clock.advance(3600)
    lage("pegel", "melden", "Greven", "330")
    assert any("Greven 330" in text for text in told(station))
    lage("pegel", "beenden", "Greven")
    lage("pegel", "beenden", "Greven", "--seit", "?")
    assert [row["name"] for row in lage.json("pegel", "liste")] == ["Greven"]


def test_gauges_are_merged_on_the_screen(lage: Terminal, station: Station) -> None:
    """By name in the form; empty takes it back."""
    for name in ("Einen", "Telgte"):
        lage("pegel", "anlegen", name)
    (telgte, einen) = station.reader.select(Query("gauge"))
    spec = duplicates.merge(station, telgte)
    station.write(spec.build(station, {"merged_into": "Einen"}).drafts)
    assert gauge_names(station.reader) == [einen.text("name")]
    now = station.reader.get(telgte.id)
    assert now is not None
    again = duplicates.merge(station, now)
    assert again.initial == {"merged_into": "Einen"}
    station.write(again.build(station, {"merged_into": ""}).drafts)
    assert gauge_names(station.reader) == ["Einen", "Telgte"]
