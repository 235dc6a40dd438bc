# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which readings of a gauge count: the doubtful are kept and shown, and move nothing.

A calm level that is not true is worse than none. So a value counts neither for the level nor for
trend, silence or alarm that is dated ahead of now, that marks a missing measurement however often
it is repeated, that lies outside what the gauge can show, that leaps without the next one
confirming it, or that somebody has corrected.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass

from lage.kinds.model import Draft, Record
from lage.language.tactical import clock
from lage.write.quantity import marks_missing

AHEAD_S = 5 * 60
"""A clock may be so many seconds ahead before a value counts as from the future."""
LOST_FROM, LOST_TO = 100, 5
"""A level from 100 cm on that is a fifth within a day is implausible likewise."""
STEP_MAX_PER_HOUR = 150  # cm; a faster change is implausible unless the next reading confirms it


class Doubt(enum.Enum):
    """Why a reading does not count, in German."""

    FUTURE = "liegt in der Zukunft"
    MISSING = "Zeichen für fehlenden Wert"
    RANGE = "außerhalb des Glaubhaften"
    LEAP = "unbestätigter Sprung"
    CORRECTED = "berichtigt"


@dataclass(frozen=True, slots=True)
class Reading:
    """One value of a gauge."""

    time: int
    value: int
    doubt: Doubt | None
    source: str
    author: int

    @property
    def plausible(self) -> bool:
        """Whether it counts."""
        return self.doubt is None


@dataclass(frozen=True, slots=True)
class Range:
    """What a gauge can show; values count in ``places`` decimals."""

    low: int | None = None
    high: int | None = None
    level: bool = True  # a water level in cm, of which it is known how fast it can change
    places: int = 0


def judged(rows: Sequence[Record], of: Range, now: int) -> list[Reading]:
    """Readings newest first, as the rows are, each with what is doubtful about it."""
    oldest_first = list(reversed(rows))
    values = [row.whole("value") or 0 for row in oldest_first]
    doubts = [
        _by_itself(row, value, of, now) for row, value in zip(oldest_first, values, strict=True)
    ]
    for earlier in _corrected(oldest_first, doubts):
        doubts[earlier] = Doubt.CORRECTED
    if of.level:
        _find_leaps(oldest_first, values, doubts)
    return [
        Reading(row.event_time, value, doubt, row.text("source"), row.id.author)
        for row, value, doubt in zip(oldest_first, values, doubts, strict=True)
    ][::-1]


def dated_ahead(drafts: Sequence[Draft], now: int) -> str:
    """A sentence on readings among these drafts that are dated ahead; empty where none is."""
    times = [draft.changes.get("at") for draft in drafts if draft.kind == "reading"]
    ahead = [time for time in times if isinstance(time, int) and time > now + AHEAD_S]
    if not ahead:
        return ""
    latest = clock(max(ahead), now)
    if len(ahead) == 1:
        return (
            f"1 Messwert ist zweifelhaft: er liegt in der Zukunft ({latest}),"
            " zählt bis dahin nicht."
        )
    return (
        f"{len(ahead)} Messwerte sind zweifelhaft: sie liegen in der Zukunft (bis {latest}), zählen"
        " bis dahin nicht."
    )


def _by_itself(row: Record, value: int, of: Range, now: int) -> Doubt | None:
    if row.event_time > now + AHEAD_S:
        return Doubt.FUTURE
    if marks_missing(value, of.places):
        return Doubt.MISSING
    if (of.low is not None and value < of.low) or (of.high is not None and value > of.high):
        return Doubt.RANGE
    return None


def _corrected(oldest_first: Sequence[Record], doubts: Sequence[Doubt | None]) -> list[int]:
    """Places of values of a minute for which a later entry of the same staff says another."""
    last: dict[tuple[int, int], int] = {}
    for place, row in enumerate(oldest_first):
        key = (row.event_time // 60, row.id.author)
        known = last.get(key)
        if doubts[place] is None and (known is None or row.id > oldest_first[known].id):
            last[key] = place
    return [
        place
        for place, row in enumerate(oldest_first)
        if doubts[place] is None
        and (newest := last.get((row.event_time // 60, row.id.author), place)) != place
        and oldest_first[newest].whole("value") != row.whole("value")
    ]


def _find_leaps(
    oldest_first: Sequence[Record], values: Sequence[int], doubts: list[Doubt | None]
) -> None:
    good = [place for place, doubt in enumerate(doubts) if doubt is None]
    base: int | None = None
    for index, place in enumerate(good):
        steady = base is None or _steady(oldest_first, values, base, place)
        if not steady and index + 1 < len(good):
            steady = _steady(oldest_first, values, place, good[index + 1])
        if steady:
            base = place
        else:
            doubts[place] = Doubt.LEAP


def _steady(rows: Sequence[Record], values: Sequence[int], before: int, after: int) -> bool:
    hours = max(abs(rows[after].event_time - rows[before].event_time) / 3600, 0.25)
    if hours < 24 and values[before] >= LOST_FROM and values[after] * LOST_TO <= values[before]:
        return False  # 45 for 450: a digit is lost sooner than so much water
    return abs(values[after] - values[before]) <= STEP_MAX_PER_HOUR * hours
