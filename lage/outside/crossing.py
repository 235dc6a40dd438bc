# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""When the holder of a subscription is told something of a gauge. Pure.

What counts is on which side of the mark he believes the water to be. A mark is reached at its
value and left only some units below it (the same as for the staff's alarms), so that a level which
swings around it tells him once; whatever else it does, no more than some letters go out in a day,
and what was held back is told as soon as there is room, if it is still true then. Nothing is told
of a level that came and went while nobody looked.

A gauge that falls silent is told too, once: whoever relies on being woken must know that nobody
will.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace

from lage.kinds.outside import FALLING, RISING

DAY_S = 86_400
DAY_MAX = 6
"""Letters of one subscription in 24 hours."""
PATIENCE_S = 3600
"""A gauge without a value that counts is silent after so long."""


class News(enum.Enum):
    """What is to be told."""

    OVER = "over"
    UNDER = "under"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class Measured:
    """The newest value that counts, as the Aushang has it."""

    value: float
    stale: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """What the holder of a subscription knows by now, all times unix seconds."""

    over: bool | None = None  # None: nothing yet
    sent: tuple[int, ...] = ()  # letters of the last day
    silent_since: int = 0  # 0: the gauge is not silent
    silent_told: int = 0  # when that was told last

    def to_list(self) -> list[object]:
        """For JSON."""
        return [self.over, list(self.sent), self.silent_since, self.silent_told]

    @classmethod
    def from_list(cls, said: object) -> Known:
        """Inverse of ``to_list``; nothing is known by anything else."""
        match said:
            case [bool() | None as over, list(sent), int(since), int(told)]:
                return cls(over, tuple(int(at) for at in sent), since, told)
        return cls()


def is_over(value: float, mark: float, slack: float, *, over: bool | None) -> bool:
    """On which side of a mark a value is, for whom it was ``over`` before."""
    if over:
        return value > round(mark - slack, 6)
    return value >= mark


def told(
    known: Known, measured: Measured | None, mark: float | None, slack: float, way: str, now: int
) -> tuple[Known, News | None]:
    """What is to be told now, and what is known after that.

    ``mark``: None where it cannot be judged any more; ``slack``: by how much the level has to fall
    below it; ``way``: RISING, FALLING or BOTH.
    """
    known = replace(known, sent=tuple(at for at in known.sent if now - DAY_S < at))
    room = len(known.sent) < DAY_MAX
    news = None
    if measured is not None and mark is not None:
        over = is_over(measured.value, mark, slack, over=known.over)
        first = known.over is None
        if over != known.over:
            wanted = way != FALLING if over else way != RISING and not first
            if not wanted:
                known = replace(known, over=over)
            elif room:
                known = replace(known, over=over)
                news = News.OVER if over else News.UNDER
    if measured is None or mark is None or measured.stale:
        since = known.silent_since or now
        known = replace(known, silent_since=since)
        again = since > known.silent_told and known.silent_told + DAY_S <= now
        if news is None and room and again and since + PATIENCE_S <= now:
            known, news = replace(known, silent_told=now), News.SILENT
    else:
        known = replace(known, silent_since=0)
    return (known if news is None else replace(known, sent=(*known.sent, now))), news
