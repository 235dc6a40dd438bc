# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lage.kinds.model import Draft
from lage.station import Station
from lage.views.lists import LISTS
from lage.views.network import RadioView
from lage.views.pages import fitting, list_page, overdue_page, widths
from lage.views.status import READ_MAX, ReadMarks, status, urgent_alarms
from lage.write import commands
from sync.schema.definition import EntityId
from tests.fixtures import FixedClock, make_county, share

COUNT = 57


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Station, Station]]:
    """Rheine with a journal, and Greven who has sent three messages to it."""
    clock = FixedClock()
    stations = make_county(tmp_path_factory.mktemp("pages"), ["SAE Rheine", "SAE Greven"],
                           clock=clock)  # fmt: skip
    rheine, greven = stations["SAE Rheine"], stations["SAE Greven"]
    rheine.write([Draft("journal", {"text": f"Eintrag {number}"}) for number in range(COUNT)])
    for priority in ("einfach", "sofort", "blitz"):
        typed = {"to": "SAE Rheine", "priority": priority, "text": f"Text {priority}"}
        greven.write(commands.enter("message", typed, greven.parse_context()))
    share(rheine, greven)
    clock.advance(3600)
    yield rheine, greven
    rheine.close()
    greven.close()


@given(offset=st.integers(0, 80), limit=st.integers(1, 40))
def test_a_window_read_from_either_end_is_the_same_part_of_the_list(
    pair: tuple[Station, Station], offset: int, limit: int
) -> None:
    """Whatever the window, its rows are those of the whole list at that place."""
    context = pair[0].context()
    view = LISTS["journal"]
    whole = list_page(view, view.columns, replace(view.query, limit=1000), context)
    query = replace(view.query, offset=offset, limit=limit)

    page = list_page(view, view.columns, query, context)

    assert page.total == len(whole.rows) == COUNT
    assert page.rows == whole.rows[page.offset : page.offset + len(page.rows)]
    assert page.offset == min(offset, COUNT - 1)
    assert len(page.rows) == min(limit, COUNT - page.offset)


@given(kind=st.sampled_from(sorted(LISTS)), width=st.integers(20, 300))
def test_columns_fit_the_width_and_the_first_stay(kind: str, width: int) -> None:
    """Widths and the blanks between add up to no more than there is; rank 0 always stays."""
    columns = fitting(LISTS[kind].columns, width)
    found = widths(columns, width)

    assert sum(found) + len(found) - 1 <= width
    assert [c for c in LISTS[kind].columns if c.rank == 0] == [c for c in columns if c.rank == 0]


def test_overdue_messages_are_those_without_a_wanted_receipt(
    pair: tuple[Station, Station],
) -> None:
    """After an hour sofort and blitz are late; a simple message wants none."""
    context = pair[0].context()
    view = LISTS["message"]

    page = overdue_page(view.columns, view.query, context)

    assert page.total == 2
    assert {row.mark for row in page.rows} == {"warn"}


def test_an_alarm_interrupts_until_taken(pair: tuple[Station, Station]) -> None:
    """Only blitz and staatsnot do, only at the addressee, and not once taken."""
    rheine, greven = pair
    alarms = urgent_alarms(rheine.context(), ())

    assert [alarm.text.partition(" ")[0] for alarm in alarms] == ["BLITZ"]
    assert urgent_alarms(rheine.context(), {alarms[0].key}) == []
    assert urgent_alarms(greven.context(), ()) == []


def test_unread_counts_what_nobody_has_opened(pair: tuple[Station, Station]) -> None:
    """Single marks and the mark for all count; own messages never do."""
    rheine, greven = pair
    rows = list_page(LISTS["message"], LISTS["message"].columns, LISTS["message"].query,
                     rheine.context()).rows  # fmt: skip
    first = rows[0].key
    assert isinstance(first, EntityId)

    def unread(station: Station, marks: ReadMarks) -> int:
        radio = RadioView(running=False, connected=False)
        view = status(station.context(), radio, marks, network="", exercise=False, battery=None)
        return view.unread

    assert unread(rheine, ReadMarks()) == 3
    assert unread(rheine, ReadMarks().with_read(first)) == 2
    assert unread(rheine, ReadMarks(upto=10**9)) == 0
    assert unread(greven, ReadMarks()) == 0


KEPT = st.recursive(
    st.none() | st.integers() | st.text(),
    lambda x: st.lists(x) | st.dictionaries(st.sampled_from(["upto", "single"]), x),
    max_leaves=8,
)


@given(KEPT)
def test_any_kept_setting_gives_marks(setting: object) -> None:
    """A damaged setting counts as nothing read."""
    assert isinstance(ReadMarks.of(setting), ReadMarks)


def test_marks_survive_being_kept_and_stay_few() -> None:
    """As a setting and back; at the limit the oldest go."""
    marks = ReadMarks(7)
    for number in range(READ_MAX + 20):
        marks = marks.with_read(EntityId(1, number))

    assert ReadMarks.of(marks.kept()) == marks
    assert len(marks.single) == READ_MAX
    assert EntityId(1, READ_MAX + 19) in marks.single
