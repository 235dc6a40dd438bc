# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Open or ended is one question with one answer, whoever asks: the card's."""

from __future__ import annotations

import pytest

from lage.kinds.card import Card
from lage.kinds.cards import CARDS
from lage.kinds.inputs import choices_of
from lage.kinds.model import Draft, Query, Record
from lage.kinds.states import is_late, is_open, open_only
from lage.station import Station
from lage.views.handover import handover
from lage.views.lists import LISTS
from lage.views.overview import overview
from lage.views.pages import list_page, mark_of
from lage.views.scene import markers
from lage.views.situation import situation_report
from sync.schema.definition import Point
from tests.samples import sample
from tests.unit.lage.conftest import Terminal
from tui.forms.assist import suggestions

ENDING = [card for card in CARDS.values() if card.closed]


@pytest.mark.parametrize("card", CARDS.values(), ids=lambda card: card.name)
def test_a_card_closes_with_values_that_there_are(card: Card) -> None:
    """Each closed state is a choice of ``status``, and what ends it a field of the kind."""
    assert set(card.closed) <= set(choices_of(card.name, "status"))
    assert not card.ended_by or card.ended_by in card.kind.by_name
    assert not card.closed or set(choices_of(card.name, "status")) - set(card.closed)


@pytest.mark.parametrize("card", ENDING, ids=lambda card: card.name)
def test_rows_and_records_agree(card: Card, station: Station) -> None:
    """The condition leaves just those entries that count as open by themselves."""
    given = sample(card.name)
    for status in choices_of(card.name, "status"):
        station.write([Draft(card.name, {**given, "status": status})])
    everything = station.reader.select(Query(card.name))
    left = station.reader.select(Query(card.name, open_only(card.name)))
    assert {row.id for row in left} == {row.id for row in everything if is_open(row)}
    assert {row.values["status"] for row in everything if not is_open(row)} == set(card.closed)


def test_what_is_withdrawn_is_not_overdue(lage: Terminal, station: Station) -> None:
    """A request that was taken back is late no more; one that stands is."""
    for text in ("Pumpe", "Kran"):
        lage("anforderung", "stellen", text, "--bis", "vor 20 min")
    lage("anforderung", "aendern", "1", "--status", "zurückgezogen")
    kran, pumpe = station.reader.select(LISTS["request"].query)
    due = next(column for column in LISTS["request"].columns if column.title == "Bis")
    context = station.context()
    assert [due.cell(row, context).startswith("!") for row in (pumpe, kran)] == [False, True]
    assert [is_late(row, context.now) for row in (pumpe, kran)] == [False, True]
    assert [mark_of(row, context) for row in (pumpe, kran)] == ["dim", "warn"]


def test_a_merged_incident_is_open_nowhere(lage: Terminal, station: Station) -> None:
    """Neither in the list of open ones nor in overview, report, handover, map or suggestions."""
    for text in ("Keller", "Keller auch"):
        lage("vorfall", "melden", text, "--art", "Überflutung", "--koordinate", "52,279 7,440")
    lage("vorfall", "zusammenfuehren", "2", "1")
    context = station.context()
    view = LISTS["incident"]
    (chosen,) = (item for item in view.filters if item.key == "offen")
    page = list_page(view, view.columns, Query("incident", chosen.where(context)), context)
    first = context.reader.by_number("incident", context.me, 1)
    assert first is not None
    assert [row.key for row in page.rows] == [first.id]
    assert [row.id for row in overview(context).incidents] == [first.id]
    assert [row.id for row in handover(context, ()).incidents] == [first.id]
    assert [marker.key for marker in markers(context) if marker.sign != "pegel"] == [first.id]
    assert situation_report(context, {}).figures["vorfaelle_offen"] == 1
    assert suggestions(station, "task", "origin") == ("RHE-1",)


def test_what_has_ended_is_not_on_the_map(station: Station) -> None:
    """A closed shelter and a unit off duty would look as if they could be used."""
    point = Point(522790, 74400)
    for kind, status in (("shelter", "geschlossen"), ("unit", "außer Dienst")):
        station.write([Draft(kind, {"name": f"{kind} zu", "point": point, "status": status})])
        station.write([Draft(kind, {"name": f"{kind} auf", "point": point})])
    assert sorted(marker.label for marker in markers(station.context())) == [
        "shelter auf", "unit auf",
    ]  # fmt: skip


def test_a_record_without_status_is_open() -> None:
    """What nobody has ended stands."""
    assert is_open(Record((1, 1), "task", 1, 0, 0, 0, {"text": "x"}))  # type: ignore[arg-type]
