# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which control frames are fresh: the network's own time, and each sender's last stamp.

Clocks are wrong in a blackout, so freshness is not asked of the clock on the wall. Stamps run in
steps of 16 s, and a node is never behind the highest that it heard under the network's key: the
members share one time, whosever clock runs ahead. A frame counts as fresh if its stamp is above
that sender's last one and at most ``WINDOW_MS`` behind the network's time. So a recording is worth
nothing after ten minutes, not even where its sender was never heard before, and a node that lost
its state needs to hear one neighbour only: that tells it the time from which it goes on.

Who jumps ahead takes along those who hear it and leaves behind those who do not yet. So the time
before a jump counts as well for an hour, and who is late is told the time soon.

Stamps come round in eight years; "above" is meant in serial number arithmetic (RFC 1982).
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Any

from sync.feed.chain import AUTHOR_MAX
from sync.wire.frames import STAMPS

STEP_MS = 16_000
WINDOW_MS = 10 * 60_000
"""Longer than a frame waits for its turn and a flood for its last relay."""

GRACE_MS = 64 * 60_000
"""As long as the time before a jump counts: within it everybody has heard an announcement."""

_WINDOW = WINDOW_MS // STEP_MS
_UNKEPT = 2


class Age(enum.Enum):
    """What a stamp says of its frame."""

    FRESH = "fresh"
    REPEATED = "repeated"  # this one or a later one of that sender was heard before
    LATE = "late"  # replayed, or its sender does not know the network's time


@dataclass(slots=True)
class _Line:
    """A time that goes on from a stamp."""

    stamp: int
    at: int  # ms of our clock
    until: int | None = None  # ms; worth nothing afterwards

    def read(self, now: int) -> int:
        return (self.stamp + max(0, now - self.at) // STEP_MS) % STAMPS


@dataclass(frozen=True, slots=True)
class Standing:
    """What a control frame of an active member may do."""

    fresh: bool  # not late, not a repetition
    trusted: bool  # no stolen key could have made it: "gehört" and "empfangen" may follow from it
    former: bool = False  # made under a key that is not in force any more


class Stamps:
    """The stamps of one node, sent and heard."""

    def __init__(self, now: int) -> None:
        self._line = _Line(now // STEP_MS % STAMPS, now)
        self._before: _Line | None = None
        self._own: int | None = None
        self._last: dict[int, int] = {}  # sender -> stamp

    def next(self, now: int) -> int:
        """A stamp for a frame of ours, above all before it."""
        stamp = self._line.read(now)
        if self._own is not None and _lead(stamp, self._own) <= 0:
            stamp = (self._own + 1) % STAMPS
        self._own = stamp
        return stamp

    def ours(self, stamp: int) -> bool:
        """Whether a frame in our name may be an echo: we never sent one above our last stamp."""
        return self._own is not None and _lead(stamp, self._own) <= 0

    def hear(self, sender: int, stamp: int, now: int, *, follow: bool = True) -> Age:
        """Take note of a stamp that a member vouched for; ``follow``: also as the network's time.

        A key that is not in force any more tells no time: a thief may have it.
        """
        lead = _lead(stamp, self._line.read(now))
        if lead > 0 and not follow:
            return Age.LATE
        if lead > 0:
            self._follow(stamp, lead, now)
        elif lead < -_WINDOW and not self._counted_before(stamp, now):
            return Age.LATE
        last = self._last.get(sender)
        if last is not None and _lead(stamp, last) <= 0:
            return Age.REPEATED
        self._last[sender] = stamp
        return Age.FRESH

    def _follow(self, stamp: int, lead: int, now: int) -> None:
        live = self._before is not None and (self._before.until or 0) > now
        if lead > _WINDOW and not live:
            self._before = _Line(self._line.stamp, self._line.at, now + GRACE_MS)
        self._line = _Line(stamp, now)

    def _counted_before(self, stamp: int, now: int) -> bool:
        line = self._before
        if line is None or (line.until or 0) <= now:
            return False
        return abs(_lead(stamp, line.read(now))) <= _WINDOW

    # --- over a restart ---------------------------------------------------------------------------

    def export(self) -> dict[str, Any]:
        """Plain values to keep over a restart."""
        return {
            "time": [self._line.stamp, self._line.at],
            "own": self._own,
            "last": sorted(self._last.items()),
        }

    def load(self, state: object, now: int) -> None:
        """Take back what ``export`` gave; anything else is without effect.

        The later of the time then and the clock now counts: one of them may be wrong, and the
        first frame that is heard corrects who is behind.
        """
        match state:
            case {"time": [int(stamp), int(at)], "own": int() | None as own, "last": list(rows)}:
                line = _Line(stamp % STAMPS, at)
                if _lead(line.read(now), self._line.read(now)) > 0:
                    self._line = line
                # The last few may have been lost with the power.
                self._own = None if own is None else (own + _UNKEPT) % STAMPS
                for row in rows:
                    match row:
                        case [int(sender), int(last)] | (int(sender), int(last)):
                            if 0 <= sender <= AUTHOR_MAX:
                                self._last[sender] = last % STAMPS
                        case _:
                            continue
            case _:
                return


def _lead(stamp: int, other: int) -> int:
    """By how much a stamp is above another; negative below."""
    return (stamp - other + STAMPS // 2) % STAMPS - STAMPS // 2
