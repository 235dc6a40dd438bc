# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Times and strengths as German staffs write them.

Tactical time is day, hour, minute, month, year in local time: ``241530nov26``. Stored is UTC;
shown and typed is local time (Europe/Berlin). The second of two equal hours at the clock change is
shown and typed with ``B``; without a letter the first is meant, or within the second hour the
second for a bare clock time, where ``A`` means the first. The hour left out in spring is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from lage.language.epoch import from_unix, to_unix
from lage.language.errors import UsageError

BERLIN = ZoneInfo("Europe/Berlin")
MONTHS = ("jan", "feb", "mrz", "apr", "mai", "jun", "jul", "aug", "sep", "okt", "nov", "dez")
_MONTH_ALIASES = {"mär": 3, "mar": 3, "may": 5, "oct": 10, "dec": 12}

_TACTICAL = re.compile(r"(\d{2})\s?(\d{2})(\d{2})\s?([a-zä]{3})\s?(\d{2})([ab]?)")
_CLOCK = re.compile(r"(?:(gestern|heute|morgen)\s+)?(\d{1,2})[:.h]?(\d{2})\s*(?:uhr)?([ab]?)")
_DATED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{2}|\d{4})?\s+(\d{1,2})[:.]?(\d{2})([ab]?)")
_SHORT = re.compile(r"(\d{2})(\d{2})(\d{2})([ab]?)")
_RELATIVE = re.compile(r"(vor|in)\s+(\d{1,4})\s*(min|minuten?|h|std|stunden?)")


def local(seconds: int) -> datetime:
    """Log time as local date and time."""
    return datetime.fromtimestamp(to_unix(seconds), UTC).astimezone(BERLIN)


def tactical(seconds: int) -> str:
    """``241530nov26``; the second of two equal hours at the clock change ends with ``B``."""
    at = local(seconds)
    return f"{at:%d%H%M}{MONTHS[at.month - 1]}{at:%y}{'B' if at.fold else ''}"


def clock(seconds: int, now: int) -> str:
    """``15:30`` today, ``23. 15:30`` on another day of the month, else with the month."""
    at, today = local(seconds), local(now)
    mark = "B" if at.fold else ""
    if at.date() == today.date():
        return f"{at:%H:%M}{mark}"
    if (at.year, at.month) == (today.year, today.month):
        return f"{at:%d. %H:%M}{mark}"
    return f"{at:%d.%m. %H:%M}{mark}"


def age(seconds: int, now: int) -> str:
    """How long ago: ``gerade``, ``12 min``, ``3 h``, ``2 d``."""
    minutes = max(0, now - seconds) // 60
    if minutes < 1:
        return "gerade"
    if minutes < 90:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // 1440} d"


def parse_time(text: str, now: int) -> int:
    """Log time of what a user typed.

    Understands ``241530nov26``, ``241530``, ``1530``, ``15:30``, ``gestern 23:10``,
    ``24.11. 15:30``, ``vor 20 min``, ``in 2 h``. A bare clock time means the nearest one, so
    ``2350`` typed after midnight is yesterday's. Raises UsageError.
    """
    typed = " ".join(text.strip().lower().split())
    try:
        return _parse(typed, now)
    except ValueError:
        raise UsageError(
            f"„{text.strip()}“ ist keine Zeit: bitte z. B. 1530, 241530nov26, 24.11. 15:30"
            " oder „vor 20 min“ eingeben."
        ) from None


def _parse(typed: str, now: int) -> int:
    today = local(now)
    if match := _RELATIVE.fullmatch(typed):
        minutes = int(match[2]) * (1 if match[3].startswith("min") else 60)
        return now + (-60 if match[1] == "vor" else 60) * minutes
    if match := _TACTICAL.fullmatch(typed):
        month = _MONTH_ALIASES.get(match[4]) or MONTHS.index(match[4]) + 1
        year = 2000 + int(match[5])
        return _utc(year, month, int(match[1]), int(match[2]), int(match[3]), match[6])
    if match := _DATED.fullmatch(typed):
        year = int(match[3]) if match[3] else today.year
        year += 2000 if year < 100 else 0
        return _utc(year, int(match[2]), int(match[1]), int(match[4]), int(match[5]), match[6])
    if match := _SHORT.fullmatch(typed):
        return _utc(today.year, today.month, int(match[1]), int(match[2]), int(match[3]), match[4])
    if match := _CLOCK.fullmatch(typed):
        hour, minute = int(match[2]), int(match[3])
        shift = {"gestern": -1, "heute": 0, "morgen": 1}
        if match[1]:
            day = today + timedelta(days=shift[match[1]])
            return _utc(day.year, day.month, day.day, hour, minute, match[4])
        fold = match[4] or ("b" if today.fold else "")
        days = (today + timedelta(days=offset) for offset in (-1, 0, 1))
        readings = [_at(d.year, d.month, d.day, hour, minute, fold) for d in days]
        return _real(min(readings, key=lambda at: abs(from_unix(at.timestamp()) - now)))
    raise ValueError(typed)


def _utc(year: int, month: int, day: int, hour: int, minute: int, fold: str) -> int:
    return _real(_at(year, month, day, hour, minute, fold))


def _at(year: int, month: int, day: int, hour: int, minute: int, fold: str) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=BERLIN, fold=1 if fold == "b" else 0)


def _real(at: datetime) -> int:
    """Log time of a local time; UsageError for one that the clocks leave out, or too early."""
    seconds = from_unix(at.timestamp())
    if to_unix(seconds) > at.timestamp():
        raise UsageError(f"{at:%d.%m.%Y} liegt vor 2026, wo die Zeit des Lagebuchs beginnt.")
    if local(seconds).replace(tzinfo=None) != at.replace(tzinfo=None):
        raise UsageError(
            f"{at:%H:%M} gibt es am {at:%d.%m.%Y} nicht: die Uhr springt von 2 auf 3 Uhr vor."
        )
    return seconds


@dataclass(frozen=True, slots=True)
class Strength:
    """Stärke ``1/3/12//16``: leaders, subleaders, helpers, total; None is not known."""

    leaders: int | None
    subleaders: int | None
    helpers: int | None

    @property
    def total(self) -> int | None:
        """Sum, or None if a part is not known."""
        parts = (self.leaders, self.subleaders, self.helpers)
        return None if None in parts else sum(part or 0 for part in parts)

    def __str__(self) -> str:
        parts = (self.leaders, self.subleaders, self.helpers, self.total)
        shown = ["?" if part is None else str(part) for part in parts]
        return f"{shown[0]}/{shown[1]}/{shown[2]}//{shown[3]}"


def parse_strength(text: str) -> Strength:
    """Strength from ``1/3/12`` or ``1/3/12//16``; ``?`` is not known. Raises UsageError.

    One part that is not known follows from the total.
    """
    match = re.fullmatch(r"(\d+|\?)/(\d+|\?)/(\d+|\?)(?://?(\d+|\?))?", text.replace(" ", ""))
    if match is None:
        raise UsageError(
            f"„{text.strip()}“ ist keine Stärke: bitte Führer/Unterführer/Helfer//gesamt"
            " eingeben, z. B. 1/3/12//16."
        )
    parts = [None if part == "?" else int(part) for part in match.groups()[:3]]
    strength = Strength(*parts)
    if match[4] in (None, "?"):
        return strength
    stated, counted = int(match[4]), sum(part or 0 for part in parts)
    if parts.count(None) > 1:
        raise UsageError(
            f"Aus {text.strip()} ist nicht zu sehen, wie sich {stated} aufteilt: bitte höchstens"
            " ein „?“, oder die Gesamtstärke weglassen."
        )
    if parts.count(None) == 1 and stated >= counted:
        return Strength(*(stated - counted if part is None else part for part in parts))
    if counted != stated:
        raise UsageError(
            f"Die Stärke {text.strip()} geht nicht auf: {counted} gezählt, {stated} angegeben."
        )
    return strength
