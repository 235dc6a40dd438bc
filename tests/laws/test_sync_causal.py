# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who is right is decided by what was seen, then by time; whatever clocks say and liars claim."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from sync.schema.causal import BASIS_MAX, Sight, Stamp, Step, in_order
from sync.schema.definition import EntityId, Field, Kind, Merge, Number
from sync.schema.merge import fold

AUTHORS = range(1, BASIS_MAX + 2)
FIELDS = ("status", "affected")
THING = EntityId(1, 1)
KIND = Kind(
    1, "thing", tuple(Field(n, name, Number(), Merge.REGISTER) for n, name in enumerate(FIELDS))
)
CREATED = Step(Stamp(100, 1, 1), True, dict.fromkeys(FIELDS, 0))

times = st.integers(0, 40) | st.sampled_from((10**9, 63_000_000))
"""Clocks that agree, nearly, and some that are years off."""


class Written(NamedTuple):
    """An operation and what its author had before it."""

    step: Step
    seen: frozenset[EntityId]


@st.composite
def histories(draw: st.DrawFn) -> list[Written]:
    """Staffs with wrong clocks who change one thing, each having heard some of the others."""
    held: dict[int, dict[EntityId, Step]] = {author: {THING: CREATED} for author in AUTHORS}
    heads = dict.fromkeys(AUTHORS, 1)
    written: list[Written] = [Written(CREATED, frozenset())]
    for _ in range(draw(st.integers(1, 14))):
        author = draw(st.sampled_from(AUTHORS))
        for item in draw(st.lists(st.sampled_from(written), max_size=4)):
            held[author][item.step.stamp.id] = item.step
        fields = draw(st.sets(st.sampled_from(FIELDS), min_size=1))
        heads[author] += draw(st.integers(1, 3))
        stamp = Stamp(draw(times), author, heads[author])
        line = in_order(held[author].values())
        basis = Sight(line).basis(author, fields)
        step = Step(stamp, False, dict.fromkeys(sorted(fields), len(written)), basis)
        written.append(Written(step, frozenset(held[author])))
        held[author][stamp.id] = step
    return written


def steps_of(written: Sequence[Written]) -> list[Step]:
    """The operations alone."""
    return [item.step for item in written]


@given(histories(), st.data())
def test_the_order_of_arrival_does_not_matter(written: list[Written], data: st.DataObject) -> None:
    """The same operations stand in the same order and make the same state, with gaps as well."""
    steps = [step for step in steps_of(written) if step.creates or data.draw(st.booleans())]
    shuffled = data.draw(st.permutations(steps))

    assert in_order(shuffled) == in_order(steps)
    assert fold(KIND, THING, in_order(shuffled)) == fold(KIND, THING, in_order(steps))


@settings(max_examples=150)
@given(histories())
def test_a_change_in_view_of_another_comes_after_it(written: list[Written]) -> None:
    """Whatever the clocks said, and whatever arrived later."""
    line = [step.stamp.id for step in in_order(steps_of(written))]
    place = {this: at for at, this in enumerate(line)}
    by_id = {item.step.stamp.id: item for item in written}
    for this, (step, seen) in by_id.items():
        for other in seen:
            if step.changes.keys() & by_id[other].step.changes.keys():
                assert place[other] < place[this]


@settings(max_examples=150)
@given(histories())
def test_who_decides_in_view_of_the_state_has_decided(written: list[Written]) -> None:
    """A value that somebody changed in view of it does not come back."""
    state = fold(KIND, THING, in_order(steps_of(written)))
    for name in FIELDS:
        winner = state.stamps[name].id
        later = [s for s, seen in written if winner in seen and name in s.changes]
        assert later == []


@given(histories())
def test_sight_tells_after_from_concurrent(written: list[Written]) -> None:
    """Of two on one field: the later one saw the other exactly if its author had it before."""
    sight = Sight(in_order(steps_of(written)))
    for step, seen in written[1:]:
        for other, _ in written[1:]:
            if other is not step and other.changes.keys() & step.changes.keys():
                this, that = step.stamp.id, other.stamp.id
                if that in seen:
                    assert sight.saw(this, that)
                elif not _told(written, this, that):
                    assert not sight.saw(this, that)


def _seen_by(written: Sequence[Written], this: EntityId) -> frozenset[EntityId]:
    return next(seen for step, seen in written if step.stamp.id == this)


def _told(written: Sequence[Written], this: EntityId, that: EntityId) -> bool:
    """Whether it reached the one through what it saw, though the operation itself did not."""
    seen = set(_seen_by(written, this))
    while True:
        more = set().union(*(_seen_by(written, each) for each in seen)) | seen
        if more == seen:
            return that in seen
        seen = more


@given(histories(), st.data())
def test_what_is_added_turns_nothing_around(written: list[Written], data: st.DataObject) -> None:
    """Operations with all that they were based on stay in their order, whatever comes besides."""
    cut = data.draw(st.integers(1, len(written)))
    early = steps_of(written[:cut])  # whatever these saw was written before them
    line = in_order(early)

    assert [step for step in in_order(steps_of(written)) if step in early] == line


@given(st.lists(st.tuples(st.integers(1, 40), st.sampled_from(AUTHORS)), max_size=12))
def test_old_operations_keep_their_meaning(drawn: list[tuple[int, int]]) -> None:
    """Without a basis, and with stamps as nodes make them, the order is by time as ever."""
    last = dict.fromkeys(AUTHORS, 100)
    steps = [CREATED]
    for number, (more, author) in enumerate(drawn, 2):
        last[author] += more
        steps.append(Step(Stamp(last[author], author, number), False, {"status": number}))

    assert in_order(steps) == sorted(steps, key=lambda step: step.stamp)


ids = st.builds(EntityId, st.sampled_from(AUTHORS), st.integers(1, 8))


@given(
    st.lists(
        st.tuples(times, ids, st.lists(ids, max_size=BASIS_MAX).map(tuple)),
        max_size=12,
        unique_by=lambda item: item[1],
    ),
    st.data(),
)
def test_liars_break_no_order(
    claims: list[tuple[int, EntityId, tuple[EntityId, ...]]], data: st.DataObject
) -> None:
    """Bases on oneself, on what comes later, in circles, on what is missing: one order for all."""
    steps = [
        Step(Stamp(time, *this), this == THING, {"status": time}, basis)
        for time, this, basis in claims
    ]
    line = in_order(data.draw(st.permutations(steps)))

    assert line == in_order(steps)
    assert sorted(step.stamp for step in line) == sorted(step.stamp for step in steps)
    sight = Sight(line)
    for author in AUTHORS:
        assert len(sight.basis(author, FIELDS)) <= BASIS_MAX


def test_a_long_lie_costs_little() -> None:
    """Thousands in circles are ordered in one pass, each looked at a few times."""
    count = 4000
    steps = [
        Step(Stamp(7, n % 2 + 1, n), False, {"status": n}, (EntityId((n + 1) % 2 + 1, n + 1),))
        for n in range(2, count)
    ]
    line = in_order(reversed(steps))

    assert len(line) == len(steps)
    assert line == in_order(steps)
    Sight(line).basis(3, FIELDS)
