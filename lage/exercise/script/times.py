# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Times and durations of a Drehbuch, in minutes: ``X+01:30``, ``07:30``, ``20 min``, ``1,5 h``."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lage.language.errors import UsageError
from lage.language.tactical import parse_time

_X = re.compile(r"x(?:\s*\+\s*(\d{1,5})(?::(\d{2})(?::(\d{2}))?|([.,]\d{1,3}))?)?", re.ASCII)
_DURATION = re.compile(
    r"(\d{1,5}(?:[.,]\d{1,3})?)\s*(min|minuten?|h|std|stunden?|tage?)\.?", re.ASCII
)
_HOURS = re.compile(r"(\d{1,3}):(\d{2})\s*(?:h|std|stunden)", re.ASCII)
_CLOCK = re.compile(r"\d{1,2}[:.]?\d{2}(\s*uhr)?[ab]?", re.ASCII)
DAYS_MAX = 30


@dataclass(frozen=True, slots=True)
class Times:
    """Times of one exercise."""

    begin: int  # log time of X+00

    def minute(self, text: str) -> float:
        """Minute of the exercise of ``X+05``, ``X+01:30`` or a clock time, which is the first of
        that name after the beginning. Raises UsageError."""
        typed = " ".join(text.lower().split())
        match = _X.fullmatch(typed)
        if match is None:
            return self._clock(text, typed)
        if match[2] is not None:
            if max(int(match[2]), int(match[3] or 0)) > 59:
                raise UsageError(f"„{text}“: nach dem Doppelpunkt stehen Minuten bis 59.")
            seconds = int(match[1]) * 3600 + int(match[2]) * 60 + int(match[3] or 0)
            return self._within(text, seconds / 60)
        return self._within(text, float(f"{match[1] or 0}{match[4] or ''}".replace(",", ".")))

    def _clock(self, text: str, typed: str) -> float:
        try:
            if _CLOCK.fullmatch(typed):
                at = parse_time(f"heute {typed}", self.begin)
                at = at if at >= self.begin else parse_time(f"morgen {typed}", self.begin)
            else:
                at = parse_time(text, self.begin)
        except UsageError as error:
            raise UsageError(
                f"„{text}“ ist keine Zeit der Übung: bitte z. B. X+05, X+01:30, 07:30 oder"
                " 24.11. 07:30 schreiben."
            ) from error
        if at < self.begin:
            raise UsageError(f"„{text}“ liegt vor dem Beginn der Übung.")
        return self._within(text, (at - self.begin) / 60)

    @staticmethod
    def _within(text: str, minute: float) -> float:
        if minute > DAYS_MAX * 1440:
            raise UsageError(f"„{text}“ liegt mehr als {DAYS_MAX} Tage nach dem Beginn.")
        return minute


def duration(text: str) -> float:
    """Minutes of ``20 min``, ``1,5 h``, ``2 Tage``, ``1:30 h``. Raises UsageError."""
    typed = text.strip().lower()
    if (match := _HOURS.fullmatch(typed)) and int(match[2]) < 60:
        return int(match[1]) * 60.0 + int(match[2])
    match = _DURATION.fullmatch(typed)
    if match is None:
        raise UsageError(f"„{text}“ ist keine Dauer: bitte z. B. 20 min oder 1,5 h schreiben.")
    scale = {"m": 1, "h": 60, "s": 60, "t": 1440}[match[2][0]]
    minutes = float(match[1].replace(",", ".")) * scale
    if minutes > DAYS_MAX * 1440:
        raise UsageError(f"„{text}“ ist zu lang: möglich sind {DAYS_MAX} Tage.")
    return minutes


def said(minute: float) -> str:
    """``X+01:30``, with seconds where there are any: ``X+00:00:30``."""
    seconds = round(minute * 60)
    hours, rest = divmod(seconds, 3600)
    text = f"X+{hours:02}:{rest // 60:02}"
    return f"{text}:{rest % 60:02}" if rest % 60 else text


def lasting(minutes: float) -> str:
    """``20 min``, ``1,5 h``: ``duration`` reads it back."""
    if minutes >= 60 and minutes % 30 == 0:
        return f"{minutes / 60:g} h".replace(".", ",")
    return f"{minutes:g} min".replace(".", ",")
