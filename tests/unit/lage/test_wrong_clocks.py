# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A clock that is years off decides nothing, and moves nobody else's."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from lage.kinds.model import Draft, Record
from lage.kinds.schema import SCHEMA
from lage.language.errors import Overruled
from lage.station import Station
from lage.store.timebase import Timebase
from lage.views.alarms import current_alarms
from lage.views.clocks import own_clock
from lage.views.gauges import gauge_views
from lage.views.overruled import without_effect
from lage.views.overview import service_rows
from lage.write import commands
from sync.codec import versions as codec
from sync.schema.definition import EntityId
from tests.fixtures import FixedClock, make_county, picture, share
from tests.unit.lage.conftest import Terminal

TWO_YEARS = 63_072_000
FIRE = {"type": "Brand", "status": "offen", "affected": 4}


class County:
    """Three staffs; the clock of the third runs two years ahead."""

    def __init__(self, folder: Path) -> None:
        self.clock, self.ahead = FixedClock(), FixedClock()
        self.ahead.advance(TWO_YEARS)
        names = ["Krisenstab Steinfurt", "SAE Rheine", "SAE Greven"]
        self.kst, self.rhe, self.gre = make_county(folder, names, clock=self.clock).values()
        self.gre._clock = self.gre.store.log._clock = self.ahead
        (self.fire,) = self.rhe.write([Draft("incident", FIRE)])
        self.share()

    def share(self) -> None:
        """Everybody hears everything; then a minute passes."""
        share(self.kst, self.rhe, self.gre)
        self.clock.advance(60)
        self.ahead.advance(60)

    def seen(self, station: Station) -> Record:
        """The fire as that staff sees it."""
        record = station.reader.get(self.fire)
        assert record is not None
        return record

    def change(self, station: Station, **changes: str | int) -> None:
        """That staff changes the fire that it sees."""
        station.write(commands.change(self.seen(station), changes))


@pytest.fixture
def county(tmp_path: Path) -> County:
    """A county with a fire in it."""
    return County(tmp_path)


def test_who_closes_an_incident_has_closed_it(county: County) -> None:
    """Seen before: a status written two years ahead could never be changed again."""
    county.change(county.gre, status="in Arbeit")
    county.share()
    county.change(county.kst, status="erledigt")
    assert county.seen(county.kst).values["status"] == "erledigt"

    county.share()
    assert picture(county.kst.store) == picture(county.rhe.store) == picture(county.gre.store)
    assert county.seen(county.gre).values["status"] == "erledigt"
    county.change(county.gre, status="offen")
    county.change(county.gre, status="unter Kontrolle")
    county.share()
    assert county.seen(county.rhe).values["status"] == "unter Kontrolle"


def test_nobody_else_gets_another_time(county: County) -> None:
    """Seen before: everybody's new entries were stamped five minutes ahead."""
    county.change(county.gre, status="in Arbeit")
    county.share()
    (entry,) = county.rhe.write([Draft("journal", {"text": "Ems steigt"})])
    record = county.rhe.reader.get(entry)
    assert record is not None
    assert record.time == county.rhe.now()


def test_who_puts_the_clock_right_goes_on_with_the_right_time(county: County) -> None:
    """The own stamps of before do not bind, nor does the own order get lost."""
    county.change(county.gre, status="in Arbeit")
    county.gre._clock = county.clock
    county.change(county.gre, status="erledigt")
    county.share()

    for station in (county.kst, county.rhe, county.gre):
        assert county.seen(station).values["status"] == "erledigt"
        assert station.reader.history(county.fire)[-1].time <= station.now()


def test_a_clock_that_lost_its_battery_is_heard(county: County) -> None:
    """A laptop that believes it is January 2026 changes what it sees like anybody else."""
    county.change(county.rhe, affected=9)
    county.share()
    county.kst._clock = FixedClock(1_767_225_600.0)
    county.change(county.kst, affected=12, status="erledigt")
    county.share()

    assert county.seen(county.rhe).values["affected"] == 12
    assert county.seen(county.gre).values["status"] == "erledigt"


def test_only_what_was_on_the_screen_counts_as_seen(county: County) -> None:
    """A change that arrives while a form is open is concurrent with what the form writes."""
    opened = county.seen(county.kst)
    county.change(county.gre, status="in Arbeit")
    county.share()
    county.kst.write(commands.change(opened, {"status": "erledigt"}))

    assert county.seen(county.kst).values["status"] == "in Arbeit"
    county.change(county.kst, status="erledigt")
    assert county.seen(county.kst).values["status"] == "erledigt"


def test_what_goes_without_saying_costs_nothing(county: County) -> None:
    """On top of the creation, of the own last change, or of other fields nothing is named."""

    def named() -> tuple[EntityId, ...]:
        log = county.kst.store.log
        head = log.head(1)
        (data,) = log.operations(1, head, head)
        return codec.decode(data, SCHEMA, 1, head).basis

    county.change(county.kst, status="in Arbeit")
    assert named() == ()
    county.change(county.kst, status="erledigt")
    assert named() == ()
    county.change(county.rhe, affected=9)
    county.share()
    county.change(county.kst, status="offen")
    assert named() == ()
    county.change(county.rhe, status="in Arbeit")
    county.share()
    county.change(county.kst, status="erledigt")
    assert named() == (EntityId(2, 3),)


def test_a_report_from_the_future_is_not_the_latest_word(county: County) -> None:
    """Of readings and of the Versorgungslage, which nobody changes but says anew."""

    def says(station: Station, state: str, value: int) -> None:
        town = {"municipality": "Greven", "service": "Strom", "state": state}
        station.write([Draft("supply_state", town)])
        station.write([Draft("reading", {"gauge": "Einen", "value": value})])
        county.share()

    def shown(station: Station) -> tuple[str, int]:
        (row,) = service_rows(station.context())
        (gauge,) = gauge_views(station.context())
        assert gauge.latest is not None
        return str(row.states[0]), gauge.latest.value

    says(county.gre, "ausgefallen", 300)
    (row,) = service_rows(county.kst.context())
    assert row.states[0] == "ausgefallen"
    says(county.rhe, "in Betrieb", 310)
    assert shown(county.kst) == shown(county.rhe) == ("in Betrieb", 310)
    says(county.gre, "ausgefallen", 320)
    assert shown(county.kst) == ("in Betrieb", 310)


# --- who is told ------------------------------------------------------------------------------


def alarms(station: Station, word: str) -> list[str]:
    """Texts of the alarms with that word."""
    return [alarm.text for alarm in current_alarms(station.context()) if word in alarm.text]


def test_whose_clock_is_wrong_is_said_with_the_year(county: County) -> None:
    """Everybody sees whose clock runs ahead; who runs ahead itself is told what others write."""
    assert not alarms(county.kst, "Uhr")
    for station in (county.kst, county.rhe, county.gre):
        station.write([Draft("journal", {"text": "Lage ruhig"})])
    county.share()

    (text,) = alarms(county.kst, "Uhr")
    assert "Uhr der Stelle SAE Greven geht vor" in text
    assert "2028" in text
    assert "2026" in text
    assert own_clock(county.kst.context()) == ""
    (own,) = alarms(county.gre, "Uhr")
    assert own.startswith("Die Uhr dieses Rechners geht wahrscheinlich falsch")
    assert "2028" in own
    assert "die anderen Stellen schreiben" in own


def test_a_clock_behind_is_told_by_the_others(county: County) -> None:
    """Who believes it is January hears entries that have not been written yet."""
    county.rhe._clock = county.gre._clock = county.clock
    behind = FixedClock(1_767_225_600.0)
    county.kst._clock = county.kst.store.log._clock = behind
    for station in (county.rhe, county.gre):
        station.write([Draft("journal", {"text": "Lage ruhig"})])
    county.share()

    assert "hier ist es 01.01.2026" in own_clock(county.kst.context())
    assert own_clock(county.rhe.context()) == ""
    county.rhe.write([Draft("reading", {"gauge": "Einen", "value": 300})])
    county.share()
    (gauge,) = gauge_views(county.kst.context())
    assert gauge.latest is not None


def test_of_two_clocks_nobody_knows_which(county: County) -> None:
    """With one other staff alone both are to look."""
    county.gre.write([Draft("journal", {"text": "Lage ruhig"})])
    share(county.kst, county.gre)
    rhe = county.rhe.network_keys.author
    reader = county.kst.reader
    only = [each for each in reader.last_entries() if each.author != rhe]
    reader.last_entries = lambda: only  # type: ignore[method-assign]

    assert "hier oder die der Stelle SAE Greven" in own_clock(county.kst.context())


def test_the_radio_knows_the_time(county: County) -> None:
    """Its clock (GPS) stands against this computer's; a difference of a minute is none."""
    for ahead, doubted in ((60, False), (-7200, True), (None, False)):
        context = replace(county.rhe.context(), radio_ahead_s=ahead)
        assert ("das Funkgerät sagt" in own_clock(context)) == doubted


def test_an_overruled_change_is_an_alarm_until_somebody_decides(county: County) -> None:
    """Said at once where it is known, else when the other word arrives; settled by the next."""
    opened = county.seen(county.kst)
    county.change(county.gre, status="in Arbeit")
    drafts = commands.change(opened, {"status": "erledigt"})
    county.kst.write(drafts)
    assert without_effect(drafts, county.kst.context()) == []
    assert alarms(county.kst, "überstimmt") == []

    county.share()
    (told,) = without_effect(drafts, county.kst.context())
    assert "Ihre Angabe gilt nicht" in told
    assert "SAE Greven" in told
    (text,) = alarms(county.kst, "überstimmt")
    assert "Status „in Arbeit“" in text
    assert alarms(county.gre, "überstimmt") == []
    county.change(county.kst, status="erledigt")
    assert alarms(county.kst, "überstimmt") == []
    county.share()
    assert county.seen(county.gre).values["status"] == "erledigt"


def test_the_command_line_says_so(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before writing what is wrong with the clock; after it that a change does not hold."""
    for station in (county.kst, county.rhe):
        station.write([Draft("journal", {"text": "Lage ruhig"})])
    county.share()
    monkeypatch.setattr(Timebase, "unix", lambda _: county.ahead())
    told = Terminal(county.gre)("tagebuch", "eintragen", "Lage ruhig")
    assert told.startswith("ACHTUNG: Die Uhr dieses Rechners geht wahrscheinlich falsch")
    assert "2028" in told

    monkeypatch.setattr(Timebase, "unix", lambda _: county.clock())
    before = county.seen(county.kst)
    county.change(county.gre, status="in Arbeit")
    share(county.gre, county.kst)
    monkeypatch.setattr(Station, "find_record", lambda *_: before)
    refused = Terminal(county.kst).refusal("vorfall", "aendern", "RHE-1", "--status", "erledigt")
    assert isinstance(refused, Overruled)
    assert refused.exit_code == 1
    assert "gleichzeitig hat SAE Greven geändert: Status „in Arbeit“" in str(refused)
