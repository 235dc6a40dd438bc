# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who had what when: every operation of a simulated county with the moment it came to each. Pure.

Times are ms since the beginning. What a staff wrote itself it has at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from sync.schema.definition import EntityId
from sync.schema.urgency import Urgency


@dataclass(slots=True)
class Written:
    """One operation."""

    author: int
    number: int
    at: int
    urgency: Urgency
    there: dict[int, int] = field(default_factory=dict)  # staff -> when it had it


class Arrivals:
    """The whole account."""

    def __init__(self, staffs: Iterable[int]) -> None:
        self.staffs = frozenset(staffs)
        self._operations: dict[tuple[int, int], Written] = {}
        self._missing = 0

    def wrote(self, author: int, first: int, last: int, urgency: Urgency, now: int) -> None:
        """A staff has appended these operations."""
        for number in range(first, last + 1):
            found = Written(author, number, now, urgency, {author: now})
            self._operations[author, number] = found
            self._missing += len(self.staffs) - 1

    def came(self, staff: int, author: int, first: int, last: int, now: int) -> None:
        """They came to a staff; those that it had already came before."""
        for number in range(first, last + 1):
            found = self._operations.get((author, number))
            if found is not None and staff not in found.there:
                found.there[staff] = now
                self._missing -= 1

    @property
    def complete(self) -> bool:
        """Whether everybody has everything."""
        return self._missing == 0

    def __iter__(self) -> Iterator[Written]:
        """In the order of writing."""
        return iter(self._operations.values())

    def __len__(self) -> int:
        return len(self._operations)

    def of(self, entity: EntityId) -> Written | None:
        """The operation that an entry began with."""
        return self._operations.get((entity.author, entity.number))

    def missing(self, staff: int) -> int:
        """How many operations a staff does not have."""
        return sum(staff not in each.there for each in self)
