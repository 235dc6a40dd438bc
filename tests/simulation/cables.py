# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A county of which some staffs have a cable to each other beside their radios."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.fixtures import replicate
from tests.simulation.county import County, Staff


class CabledCounty(County):
    """What one of those on the cable holds, all of them do, at once."""

    def __init__(
        self, cabled: Sequence[int], *args: Any, deaf: Sequence[int] = (), **named: Any
    ) -> None:
        self.cabled = frozenset(cabled)
        self.deaf = frozenset(deaf)  # of these, whose radio is broken
        self._shared: dict[int, int] = {}  # author -> last number that the cable has carried
        super().__init__(*args, **named)

    def _turn(self, staff: Staff, now: int) -> None:
        super()._turn(staff, now)
        if staff.number in self.cabled:
            heads = {author: staff.log.head(author) for author in staff.log.authors()}
            if any(head > self._shared.get(author, 0) for author, head in heads.items()):
                self._carry(staff, heads, now)

    def _carry(self, source: Staff, heads: dict[int, int], now: int) -> None:
        grown = [author for author, head in heads.items() if head > self._shared.get(author, 0)]
        for author in grown:
            self._shared[author] = heads[author]
        self._vouch(now)
        urgent = {a for a in grown if self._urgent(a, heads[a])}
        for number in sorted(self.cabled - {source.number}):
            other = self.staffs[number - 1]
            before = {author: other.log.head(author) for author in grown}
            replicate(source.log, other.log, authors=grown)
            assert other.engine is not None
            other.engine.gathered(now, urgent)
            for author in grown:
                self.arrived(number, author, before[author] + 1, other.log.head(author), now)
            super()._turn(other, now)
        self._vouch(now)

    def _vouch(self, now: int) -> None:
        for number in self.cabled:
            log = self.staffs[number - 1].log
            heads = {author: log.head(author) for author in log.authors()}
            for other in self.cabled - {number}:
                engine = self.staffs[other - 1].engine
                assert engine is not None
                radio = number not in self.deaf
                engine.vouched(number, heads, radio=radio, at=now, now=now)

    def _urgent(self, author: int, number: int) -> bool:
        entry = self.entries.get((author, number))
        return entry is not None and entry.urgency.urgent
