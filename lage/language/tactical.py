# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Times as German staffs write them, and as other programs do.

Tactical time is day, hour, minute, month, year in local time: ``241530nov26``. Stored is UTC;
shown and typed is local time (Europe/Berlin). The second of two equal hours at the clock change is
shown and typed with ``B``; without a letter the first is meant, or within the second hour the
second for a bare clock time, where ``A`` means the first. The hour left out in spring is refused.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from lage.language.epoch import LAST_S, from_unix, to_unix
from lage.language.errors import UsageError

BERLIN = ZoneInfo("Europe/Berlin")
MONTHS = ("jan", "feb", "mrz", "apr", "mai", "jun", "jul", "aug", "sep", "okt", "nov", "dez")
_MONTH_ALIASES = {"mär": 3, "mar": 3, "may": 5, "oct": 10, "dec": 12}

_DIGITS = re.ASCII
_TACTICAL = re.compile(r"(\d{2})\s?(\d{2})(\d{2})\s?([a-zä]{3})\s?(\d{2})([ab]?)", _DIGITS)
_TIME = r"(\d{1,2})[:.h]?(\d{2})(?:[:.](\d{2}))?\s*(?:uhr)?([ab]?)"
_CLOCK = re.compile(rf"(?:(gestern|heute|morgen),?\s+)?{_TIME}", _DIGITS)
_DATED = re.compile(
    rf"(\d{{1,2}})\.(?:(\d{{1,2}})\.(\d{{4}}|\d{{2}})?)?,?\s+(?:um\s+)?{_TIME}", _DIGITS
)
_SHORT = re.compile(r"(\d{2})(\d{2})(\d{2})([ab]?)", _DIGITS)
_ISO = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})[t ](\d{2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?"
    r"(z|[+-]\d{2}(?::?\d{2})?)?",
    _DIGITS,
)
_SERIAL = re.compile(r"(?:(\d{5})(?:[.,](\d{1,17})|,? 0[.,](\d{1,17}))?|0[.,](\d{2,17}))", _DIGITS)
"""What is in a table whose dates and times lost their format: ``46350,645833``, ``0,645833``."""
_WEEKDAY = re.compile(
    r"(?:mo(?:ntag)?|di(?:enstag)?|mi(?:ttwoch)?|do(?:nnerstag)?|fr(?:eitag)?|sa(?:mstag)?"
    r"|so(?:nntag)?)\.?,?\s+(?=\d{1,2}\.\d)"
)
"""What spreadsheets and mail write before a date; the date counts."""

_MONTH = re.compile(
    r"(?<=\d\.) ?(jan|feb|mär|mrz|apr|mai|jun|jul|aug|sep|okt|nov|dez)[a-z]*\.? ?(?=(\d{4})?\b)"
)
_FULL_HOUR = re.compile(r"(?<![:.\d])(\d{1,2}) uhr(?: (\d{2}))?$", _DIGITS)
"""``24. November 2026, 15 Uhr`` and ``15 Uhr 30``, as letters and people have it."""

_HOUR, _DAY = 3600, 86_400


class Lean(enum.Enum):
    """Which moment somebody means who leaves out the day, the month or the year.

    The values: how far (seconds) on the less likely side of now a clock time, and a date, is still
    meant where it is the nearer; a slow clock and a deadline just missed are there.
    """

    NEAREST = ((None, None), (None, None))
    PAST = ((None, _HOUR), (None, 30 * _HOUR))  # what has happened
    FUTURE = ((_HOUR // 12, None), (30 * _DAY, None))  # what is planned


_RELATIVE = re.compile(r"(vor|in)\s+(\d{1,4})\s*(min|minuten?|h|std|stunden?)", _DIGITS)


def local(seconds: int) -> datetime:
    """Log time as local date and time."""
    return datetime.fromtimestamp(to_unix(seconds), UTC).astimezone(BERLIN)


def tactical(seconds: int) -> str:
    """``241530nov26``; the second of two equal hours at the clock change ends with ``B``."""
    at = local(seconds)
    return f"{at:%d%H%M}{MONTHS[at.month - 1]}{at:%y}{'B' if at.fold else ''}"


def clock(seconds: int, now: int) -> str:
    """``15:30`` today, ``23. 15:30`` in this month, ``23.10. 15:30``, ``23.10.25 15:30``.

    ``parse_time`` reads it back, as long as it is the nearest moment that it can mean.
    """
    at, today = local(seconds), local(now)
    mark = "B" if at.fold else ""
    if at.date() == today.date():
        twice = at.utcoffset() != at.replace(fold=1).utcoffset()
        mark = "A" if twice and today.fold and not at.fold else mark
        return f"{at:%H:%M}{mark}"
    if (at.year, at.month) == (today.year, today.month):
        return f"{at:%d. %H:%M}{mark}"
    return f"{at:%d.%m. %H:%M}{mark}" if at.year == today.year else f"{at:%d.%m.%y %H:%M}{mark}"


def age(seconds: int, now: int) -> str:
    """How long ago: ``gerade``, ``12 min``, ``3 h``, ``2 d``."""
    minutes = max(0, now - seconds) // 60
    if minutes < 1:
        return "gerade"
    if minutes < 90:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // 1440} d"


def parse_time(text: str, now: int, lean: Lean = Lean.NEAREST) -> int:
    """Log time of what a user typed.

    Understands ``241530nov26``, ``241530``, ``1530``, ``15:30``, ``gestern 23:10``,
    ``24. 15:30``, ``24.11. 15:30``, ``24.11.2026, 15:30:05 Uhr``, ISO 8601 with and without zone,
    ``vor 20 min``, ``in 2 h``, a weekday before a date, 24:00 as its end,
    Excel's bare numbers. What is left out is chosen so that the moment is the nearest:
    ``2350`` typed after midnight is yesterday's, ``31.12. 23:50`` on New Year's Day last year's.
    ``lean``: of what happened the past one (``0730`` in the evening is this morning's), of what is
    planned the one to come.
    Seconds count for nothing: the log holds them, but people mean minutes. Raises UsageError.
    """
    typed = " ".join(text.strip().lower().split())
    try:
        return _parse(typed, now, lean)
    except (ValueError, OverflowError):
        raise UsageError(
            f"„{text.strip()}“ ist keine Zeit: bitte z. B. 1530, 241530nov26, 24.11. 15:30"
            " oder „vor 20 min“ eingeben."
        ) from None


def parse_stamp(text: str) -> int:
    """Log time of what a program wrote: ISO 8601 with its zone. Raises UsageError."""
    match = _ISO.fullmatch(text.strip().lower())
    if match is None or not match[7]:
        raise UsageError(f"„{text[:40]}“ ist keine Zeit mit Zeitzone.")
    try:
        return _iso(match)
    except ValueError as error:
        raise UsageError(f"„{text[:40]}“ ist keine Zeit mit Zeitzone.") from error


def _parse(typed: str, now: int, lean: Lean) -> int:
    today = local(now)
    typed = _MONTH.sub(lambda found: f"{_month(found[1])}.{'' if found[2] else ' '}", typed)
    if weekday := _WEEKDAY.match(typed):
        typed = typed[weekday.end() :]
    typed = _FULL_HOUR.sub(lambda found: f"{found[1]}:{found[2] or '00'}", typed)
    if match := _RELATIVE.fullmatch(typed):
        minutes = int(match[2]) * (1 if match[3].startswith("min") else 60)
        return now + (-60 if match[1] == "vor" else 60) * minutes
    if match := _TACTICAL.fullmatch(typed):
        parts = (2000 + int(match[5]), _month(match[4]), *map(int, match.group(1, 2, 3)))
        return _real(_at(*parts, fold=match[6]))
    if match := _ISO.fullmatch(typed):
        return _iso(match)
    if match := _DATED.fullmatch(typed):
        day, hour, minute, second = (int(match[part] or 0) for part in (1, 4, 5, 6))
        if match[3]:
            year = int(match[3]) + (2000 if len(match[3]) == 2 else 0)
            return _real(_at(year, int(match[2]), day, hour, minute, second, fold=match[7]))
        months = _years(today, int(match[2])) if match[2] else _months(today)
        days = ((year, month, day) for year, month in months)
        return _nearest(days, (hour, minute, second), match[7], now, lean.value[1])
    if match := _SHORT.fullmatch(typed):
        day, hour, minute = (int(match[part]) for part in (1, 2, 3))
        days = ((year, month, day) for year, month in _months(today))
        return _nearest(days, (hour, minute, 0), match[4], now, lean.value[1])
    if match := _SERIAL.fullmatch(typed):
        return _serial(match, now, lean)
    if match := _CLOCK.fullmatch(typed):
        at = (int(match[2]), int(match[3]), int(match[4] or 0))
        shift = {"gestern": (-1,), "heute": (0,), "morgen": (1,)}.get(match[1], (-1, 0, 1))
        near = (today + timedelta(days=offset) for offset in shift)
        fold = match[5] or ("b" if today.fold and not match[1] else "")
        days = ((d.year, d.month - 1, d.day) for d in near)
        return _nearest(days, at, fold, now, lean.value[0])
    raise ValueError(typed)


def _month(name: str) -> int:
    return _MONTH_ALIASES.get(name) or MONTHS.index(name) + 1


def _serial(match: re.Match[str], now: int, lean: Lean) -> int:
    """A moment as Excel counts it: days since 1900, and of a bare time the part of a day."""
    parts = [float(f"0.{part}") for part in match.group(2, 3, 4) if part]
    minutes = round(sum(parts) * 1440)
    if match[1] is None:
        return _parse(f"{minutes // 60 % 24:02}:{minutes % 60:02}", now, lean)
    at = datetime(1899, 12, 30) + timedelta(days=int(match[1]), minutes=minutes)  # noqa: DTZ001
    return _real(_at(at.year, at.month, at.day, at.hour, at.minute))


def _iso(match: re.Match[str]) -> int:
    year, month, day, hour, minute, second = (int(match[part] or 0) for part in range(1, 7))
    if not match[7]:
        return _real(_at(year, month, day, hour, minute, second))
    zone = "+00:00" if match[7] == "z" else match[7]
    at = datetime.fromisoformat(
        f"{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{zone}"
    )
    return in_log_time(at)


def in_log_time(at: datetime) -> int:
    """Log time of a moment with its zone; UsageError for one that the log has no time for."""
    try:
        unix = at.timestamp()
    except (OverflowError, OSError) as error:
        raise ValueError("no such time") from error
    seconds = from_unix(unix)
    if to_unix(seconds) > unix + 1:
        raise UsageError(f"{at:%d.%m.%Y} liegt vor 2026, wo die Zeit des Lagebuchs beginnt.")
    if seconds > LAST_S:
        raise UsageError(f"{at:%d.%m.%Y} liegt nach 2161, wo die Zeit des Lagebuchs endet.")
    return seconds


def _months(today: datetime) -> list[tuple[int, int]]:
    """Last month, this one and the next."""
    count = today.year * 12 + today.month - 1
    return [divmod(count + step, 12) for step in (-1, 0, 1)]


def _years(today: datetime, month: int) -> list[tuple[int, int]]:
    return [(today.year + step, month - 1) for step in (-1, 0, 1)]


def _nearest(
    days: Iterable[tuple[int, int, int]],
    at: tuple[int, int, int],
    fold: str,
    now: int,
    reach: tuple[int | None, int | None],
) -> int:
    """The moment nearest to now on any of these days that exist; months count from 0.

    ``reach``: how far back and how far ahead it may lie, where another one of them can be meant.
    """
    readings = []
    for year, month, day in days:
        with suppress(ValueError):
            readings.append(_at(year, month + 1, day, *at, fold=fold))
    if not readings:
        raise ValueError("no such day")
    away = {each: _unclamped(each) - now for each in readings}
    back, ahead = reach
    meant = [
        each
        for each, seconds in away.items()
        if (back is None or seconds >= -back) and (ahead is None or seconds <= ahead)
    ]
    return _real(min(meant or readings, key=lambda each: abs(away[each])))


def _unclamped(at: datetime) -> int:
    """Log time, below zero before its beginning."""
    return round(at.timestamp()) - to_unix(0)


def _at(
    year: int, month: int, day: int, hour: int, minute: int, second: int = 0, *, fold: str = ""
) -> datetime:
    if (hour, minute, second) == (24, 0, 0):  # the end of the day
        return _at(year, month, day, 0, 0) + timedelta(days=1)
    return datetime(
        year, month, day, hour, minute, second, tzinfo=BERLIN, fold=1 if fold == "b" else 0
    )


def _real(at: datetime) -> int:
    """Log time of a local time; UsageError for one that the clocks leave out, or too early."""
    seconds = in_log_time(at)
    if local(seconds).replace(tzinfo=None) != at.replace(tzinfo=None):
        raise UsageError(
            f"{at:%H:%M} gibt es am {at:%d.%m.%Y} nicht: die Uhr springt von 2 auf 3 Uhr vor."
        )
    return seconds
