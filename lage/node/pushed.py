# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which of our own operations a radio has taken; urgent ones overtake, so there may be gaps."""

from __future__ import annotations

HANDED_MAX = 64


class Pushed:
    """``upto`` is the last number up to which everything has been taken."""

    def __init__(self, upto: int) -> None:
        self.upto = upto
        self._beyond: set[int] = set()
        self._handed: dict[int, tuple[int, int]] = {}  # packet id -> (first, last)

    def handed(self, packet_id: int, first: int, last: int) -> None:
        """A packet with these operations went to the radio."""
        self._handed[packet_id] = (first, last)
        while len(self._handed) > HANDED_MAX:
            self._handed.pop(next(iter(self._handed)))

    def taken(self, packet_id: int) -> None:
        """The radio took it."""
        first, last = self._handed.pop(packet_id, (1, 0))
        self._beyond.update(range(max(first, self.upto + 1), last + 1))
        while self.upto + 1 in self._beyond:
            self.upto += 1
            self._beyond.discard(self.upto)
