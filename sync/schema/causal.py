# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What comes after what on one entity: first what each change was made in view of, then time.

Clocks are wrong in a blackout, so a clock must not decide between a change and another that its
author had before him. An operation therefore comes after

* the one that created the entity,
* its author's earlier ones on the same entity,
* those that it names as its basis,

and after everything that these come after. The first two cost nothing on the air. Only where
neither of two comes after the other are they concurrent, and stand by (time, author, number).

Whatever is claimed, there is an order, and it depends on the set of operations alone: a basis that
has not arrived does not count until it has, nor does one on another entity, on itself or on a later
number of the same author; where operations claim each other in a circle, the earliest stamp
among those that wait goes first. What is added later never turns two around that were in
order before, unless it was the basis of one of them.
"""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sync.schema.definition import Change, EntityId

BASIS_MAX = 3
"""Most operations that a change names; more concurrent ones than that are left to time."""


@dataclass(frozen=True, slots=True, order=True)
class Stamp:
    """Where an operation stands among concurrent ones."""

    time: int
    author: int
    number: int

    @property
    def id(self) -> EntityId:
        """The operation's place in its feed."""
        return EntityId(self.author, self.number)


@dataclass(frozen=True, slots=True)
class Step:
    """One operation on the entity, as order and fold need it."""

    stamp: Stamp
    creates: bool
    changes: Mapping[str, Change]
    basis: tuple[EntityId, ...] = ()


def in_order(steps: Iterable[Step]) -> list[Step]:
    """All operations on one entity, each after those that it was made in view of."""
    line = sorted(steps, key=lambda step: (not step.creates, step.stamp))
    if len(line) < 2:
        return line
    before = _before(line)
    placed: set[EntityId] = set()
    for step in line:
        if not placed.issuperset(before[step.stamp.id]):
            return list(_untangled(line, before))
        placed.add(step.stamp.id)
    return line


def _before(line: Sequence[Step]) -> dict[EntityId, list[EntityId]]:
    """For each operation those that it comes directly after."""
    there = {step.stamp.id for step in line}
    found: dict[EntityId, list[EntityId]] = {step.stamp.id: [] for step in line}
    created = [step.stamp.id for step in line if step.creates]
    last: dict[int, EntityId] = {}
    for step in sorted(line, key=lambda item: item.stamp.id):
        this = step.stamp.id
        if step.creates:
            continue
        if this.author in last:
            found[this].append(last[this.author])
        last[this.author] = this
        found[this] += created
        found[this] += [
            each
            for each in step.basis
            if each in there and (each.author != this.author or each.number < this.number)
        ]
    return found


def _untangled(line: Sequence[Step], before: Mapping[EntityId, list[EntityId]]) -> Iterator[Step]:
    """The earliest stamp that waits for nothing, again and again (Kahn 1962)."""
    waits = {this: len(those) for this, those in before.items()}
    after: dict[EntityId, list[EntityId]] = {}
    for this, those in before.items():
        for each in those:
            after.setdefault(each, []).append(this)
    by_id = {step.stamp.id: step for step in line}
    free = [(not step.creates, step.stamp) for step in line if not waits[step.stamp.id]]
    heapq.heapify(free)
    rest = iter(line)
    placed: set[EntityId] = set()
    while len(placed) < len(line):
        if free:
            this = heapq.heappop(free)[1].id
        else:  # a circle
            this = next(step.stamp.id for step in rest if step.stamp.id not in placed)
        if this in placed:
            continue
        placed.add(this)
        yield by_id[this]
        for each in after.get(this, ()):
            waits[each] -= 1
            if not waits[each]:
                heapq.heappush(free, (True, by_id[each].stamp))


class Sight:
    """Who had what before him: for each operation of a line, up to which number of each author."""

    def __init__(self, line: Sequence[Step]) -> None:
        self._line = line
        self._before = _before(line)
        self._upto: dict[EntityId, dict[int, int]] = {}
        for step in line:
            upto: dict[int, int] = {}
            for each in self._before[step.stamp.id]:
                self._add(upto, each)
            self._upto[step.stamp.id] = upto

    def _add(self, upto: dict[int, int], seen: EntityId) -> None:
        """Who saw that one saw what it had seen; one in a circle, not placed yet, tells nothing."""
        known = self._upto.get(seen)
        if known is not None:
            for author, number in (*known.items(), seen):
                upto[author] = max(number, upto.get(author, 0))

    def saw(self, later: EntityId, earlier: EntityId) -> bool:
        """Whether the one was written in view of the other."""
        return self._upto[later].get(earlier.author, 0) >= earlier.number

    def concurrent(self, one: EntityId, other: EntityId) -> bool:
        """Whether neither was written in view of the other."""
        return one != other and not self.saw(one, other) and not self.saw(other, one)

    def basis(self, author: int, fields: Collection[str]) -> tuple[EntityId, ...]:
        """What a change of these fields by that author, who sees the whole line, has to name.

        The last ones that touch the fields and that nothing named says already, latest first.
        """
        upto: dict[int, int] = {}
        for step in self._line:
            if step.creates or step.stamp.author == author:
                self._add(upto, step.stamp.id)
        named: list[EntityId] = []
        for step in reversed(self._line):
            this = step.stamp.id
            if step.changes.keys() & set(fields) and upto.get(this.author, 0) < this.number:
                named.append(this)
                self._add(upto, this)
        return tuple(named[:BASIS_MAX])
