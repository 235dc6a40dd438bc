# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""While the radio neither hears nor sends: what that means for our entries, and what follows."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lage.node.pushed import Pushed
    from lage.station import Station
    from sync.replica.engine import Engine
    from sync.schema.urgency import Urgency

AWAY_MS = 60_000
"""A radio that was away that long compares with its neighbours when it is back."""
OFFERED_MAX = 32
"""So many of our newest entries are looked through then for urgent ones that nobody is known to
hold; older ones are left to the comparing."""


class Absence:
    """Since when the radio is away, if it is."""

    def __init__(self, station: Station, engine: Engine, pushed: Pushed, me: int, now: int) -> None:
        self._station, self._engine, self._pushed, self._me = station, engine, pushed, me
        self._since: int | None = now

    def on_air(self) -> bool:
        """Whether our radio sends."""
        return self._since is None

    def seconds(self, now: int) -> int:
        """How long it is away; 0: it is there."""
        return 0 if self._since is None else (now - self._since) // 1000

    def note(self, now: int, *, away: bool) -> None:
        """A radio that comes back, or that sends again, has missed something."""
        if away:
            self._since = now if self._since is None else self._since
        elif self._since is not None:
            if now - self._since >= AWAY_MS:
                self._engine.reconnected(now, self._urgent_lately())
            self._since = None

    def held(self, upto: int) -> None:
        """Somebody took over our entries by a way besides the radio. While we have no radio they
        count as sent: others carry them on from there."""
        if self._since is not None:
            self._pushed.taken([(1, upto)])

    def _urgent_lately(self) -> list[tuple[int, int, Urgency]]:
        """Our newest urgent entries that a radio took: perhaps where nobody could hear it."""
        upto = self._pushed.upto
        log = self._station.store.log
        spans = log.urgencies(self._me, max(1, upto - OFFERED_MAX + 1), upto)
        return [span for span in spans if span[2].urgent]
