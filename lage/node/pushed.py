# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which of our own operations a radio has taken; urgent ones overtake, so there may be gaps."""

from __future__ import annotations

from collections.abc import Iterable


class Pushed:
    """``upto`` is the last number up to which everything has been taken."""

    def __init__(self, upto: int) -> None:
        self.upto = upto
        self._beyond: set[int] = set()

    def taken(self, spans: Iterable[tuple[int, int]]) -> None:
        """The radio took a frame that carries these (first, last)."""
        for first, last in spans:
            self._beyond.update(range(max(first, self.upto + 1), last + 1))
        while self.upto + 1 in self._beyond:
            self.upto += 1
            self._beyond.discard(self.upto)
