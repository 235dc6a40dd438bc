# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Lists, details and overview, as every front end shows them."""

from __future__ import annotations

import pytest

from lage.kinds.model import Draft, Query
from lage.language.plain import plain
from lage.station import Station
from lage.store import Peer
from lage.views.delivery import delivery
from lage.views.detail import detail
from lage.views.lists import LISTS
from lage.views.on_the_way import on_the_way
from lage.views.overview import overview
from sync.schema.definition import EntityId, Value
from tests.fixtures import FixedClock, share


def cells(station: Station, kind: str) -> list[list[str]]:
    """A list as text."""
    view, context = LISTS[kind], station.context()
    return [
        [column.cell(record, context) for column in view.columns]
        for record in station.reader.select(view.query)
    ]


def write(station: Station, kind: str, **values: Value) -> EntityId:
    """One entity."""
    return station.write([Draft(kind, values)])[0]


@pytest.mark.parametrize("kind", LISTS)
def test_every_list_draws_when_empty_and_filtered(station: Station, kind: str) -> None:
    """Each list has a least width that fits 80 columns with its ranks, and its filters work."""
    view = LISTS[kind]
    context = station.context()
    assert station.reader.select(view.query) == []
    always = [column for column in view.columns if column.rank == 0]
    assert sum(column.width + 2 for column in always) <= 80
    for item in view.filters:
        station.reader.select(Query(kind, item.where(context)))


def test_messages_list(county: list[Station], clock: FixedClock) -> None:
    """Label, priority, addressees, reach and Quittung in one row."""
    krisenstab, rheine, greven = county
    values: dict[str, Value] = {
        "text": "Pegel melden",
        "priority": "sofort",
        "receipt_wanted": True,
    }
    write(krisenstab, "message", **values, to=(2, 3))
    share(*county)
    message = EntityId(1, 1)
    write(rheine, "receipt", message=message, person="Meyer")
    share(*county)
    (row,) = cells(krisenstab, "message")
    assert row[0] == "KST-N1"
    assert row[2] == "sofort"
    assert row[-1] == "1/2"
    clock.advance(31 * 60)
    (row,) = cells(krisenstab, "message")
    assert row[-1] == "1/2 spät"
    assert greven.reader.incoming_number(message) == 1


def test_delivery_is_not_quittung(county: list[Station]) -> None:
    """What a peer is known to hold counts as received; only a person confirms."""
    krisenstab, _, _ = county
    entity = write(krisenstab, "message", text="x", priority="einfach", receipt_wanted=True)
    krisenstab.store.local.save_peers([Peer(2, 0, None, None)], {2: {1: 1}})
    record = krisenstab.reader.get(entity)
    assert record is not None
    state = delivery(record, krisenstab.context())
    assert state.reached == (1, 2)
    assert state.awaited == (3,)
    assert state.open == (2, 3)
    shown = detail(entity, krisenstab.context())
    assert shown is not None
    assert shown.delivery_lines[0].text.startswith("empfangen bei 2 von 3")


def test_struck_entries_stay_readable(station: Station) -> None:
    """A corrected entry is marked, not gone, and the correction names it."""
    old = write(station, "journal", text="Deich gebrochen")
    write(station, "journal", text="Deich überströmt", strikes=old)
    texts = [row[3] for row in cells(station, "journal")]
    assert texts == ["Berichtigt RHE-T1: Deich überströmt", "[gestrichen] Deich gebrochen"]


def test_concurrent_edits_are_both_in_the_history(county: list[Station]) -> None:
    """Two staffs change one incident unaware of each other: the loser is seen, on all nodes."""
    krisenstab, rheine, greven = county
    incident = write(krisenstab, "incident", type="Brand", status="offen")
    share(*county)
    rheine.write([Draft("incident", {"status": "unter Kontrolle"}, incident)])
    greven.write([Draft("incident", {"status": "in Arbeit"}, incident)])
    share(*county)
    for station in county:
        shown = detail(incident, station.context())
        assert shown is not None
        assert dict(shown.fields)["Status"] == "in Arbeit"
        lines = [(line.author, line.what, line.lost) for line in shown.history]
        word = "überstimmt: gleichzeitig von SAE Greven geändert"
        assert lines[1] == ("SAE Rheine", f"geändert: Status: unter Kontrolle ({word})", True)
        notes = [line.note for line in shown.history]
        assert notes == ["", "gleichzeitig mit SAE Greven", "gleichzeitig mit SAE Rheine"]
        assert lines[2] == ("SAE Greven", "geändert: Status: in Arbeit", False)


def test_unknown_and_zero_are_told_apart(station: Station) -> None:
    """Harm that is not known is a question mark, none is a zero."""
    write(station, "incident", type="Brand", status="offen", injured=0)
    write(station, "incident", type="Brand", status="offen")
    assert [row[-1] for row in cells(station, "incident")] == ["?", "?/0/?/?"]


def test_overview_counts_and_orders(county: list[Station], clock: FixedClock) -> None:
    """Alarms worst first, incidents by gravity, merged and done ones left out."""
    krisenstab, rheine, _ = county
    first = write(rheine, "incident", type="Brand", status="offen", priority="mittel")
    write(rheine, "incident", type="Brand", status="offen", priority="kritisch")
    write(rheine, "incident", type="Brand", status="offen", merged_into=first)
    write(rheine, "incident", type="Brand", status="erledigt")
    write(rheine, "supply", item="Sandsäcke", place="Rheine", minimum=100, unit="Stück")
    write(rheine, "stock_movement", item="Sandsäcke", place="Rheine", amount=40)
    write(rheine, "helper", skills=("Erste Hilfe",), place="Rheine", count=4, status="gemeldet")
    write(rheine, "task", text="Pumpen", to=(2,), status="offen", due=rheine.now() + 60)
    blitz: dict[str, Value] = {"text": "Deich!", "priority": "blitz", "receipt_wanted": True}
    write(krisenstab, "message", **blitz, to=(2,))
    share(*county)
    clock.advance(120)
    view = overview(rheine.context())
    assert [r.values["priority"] for r in view.incidents] == ["kritisch", "mittel"]
    assert view.incidents_open == 2
    assert [line.amount for line in view.shortages] == [40]
    assert (view.helpers_free, view.helpers_busy) == (4, 0)
    assert view.alarms[0].key == "blitz:1:1"
    assert [alarm.weight for alarm in view.alarms] == sorted(a.weight for a in view.alarms)
    assert any("überfällig" in alarm.text for alarm in view.alarms)


def test_service_state_is_the_latest(station: Station, clock: FixedClock) -> None:
    """Of several reports on one service the newest counts; what nobody said is unknown."""
    for state in ("ausgefallen", "in Betrieb"):
        write(
            station, "supply_state", municipality="Rheine", service="Strom", state=state, affected=9
        )
        clock.advance(60)
    (row,) = overview(station.context()).services
    assert row.states == ("in Betrieb", None, None, None, None, None)


def test_text_is_shown_never_obeyed() -> None:
    """Escape sequences, bidirectional overrides and line breaks become signs."""
    assert (
        plain("a\x1b[31mb\u202ec\nd")
        == "a\N{REPLACEMENT CHARACTER}[31mb\N{REPLACEMENT CHARACTER}c d"
    )
    assert plain("[red]x[/red] ÄÖÜß") == "[red]x[/red] ÄÖÜß"


def test_reference_that_has_not_arrived(county: list[Station]) -> None:
    """What refers to something not received yet says so."""
    _, rheine, _ = county
    write(rheine, "message", text="a", priority="einfach", forwards=EntityId(1, 99))
    shown = detail(EntityId(2, 1), rheine.context())
    assert shown is not None
    assert dict(shown.fields)["Weiterleitung von"] == "noch nicht empfangen"


def test_an_answer_proves_that_it_was_received(county: list[Station]) -> None:
    """A reply, a change and an order about an entry: whoever writes them has it."""
    krisenstab, rheine, greven = county
    message = write(krisenstab, "message", text="x", priority="einfach", to=(2, 3))
    task = write(krisenstab, "task", text="Pumpen", to=(2,), status="offen")
    incident = write(krisenstab, "incident", type="Überflutung", status="offen")
    share(*county)
    write(rheine, "message", text="ja", priority="einfach", to=(1,), answers=message)
    rheine.write([Draft("task", {"status": "angenommen"}, task)])
    write(greven, "task", text="Deich", origin=incident)
    share(*county)
    context = krisenstab.context()

    def reached(entity: EntityId) -> tuple[int, ...]:
        record = context.reader.get(entity)
        assert record is not None
        return delivery(record, context).reached

    assert [reached(entity) for entity in (message, task, incident)] == [(1, 2), (1, 2), (1, 3)]
    shown = detail(message, context)
    assert shown is not None
    assert [line.text for line in shown.delivery_lines] == [
        "empfangen von den Adressaten: 1 von 2, SAE Rheine",
        "noch nicht bekannt bei: SAE Greven",
    ]
    waiting = {each.title: (each.reached, each.total, each.missing) for each in on_the_way(context)}
    assert waiting["Nachricht KST-N1"] == (1, 2, ("SAE Greven",))
    assert "Auftrag KST-A1" not in waiting
