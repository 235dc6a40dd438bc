# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Stärke as German staffs write it: ``1/3/12//16``."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lage.language.errors import UsageError

_DATE = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4}|\d{2})(?: [\d:]+)?", re.ASCII)


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
    if match is None and (date := _DATE.fullmatch(text.strip())):
        day, month, year = (int(part) for part in (date[1], date[2], date[3][-2:]))
        raise UsageError(
            f"„{text.strip()}“ ist ein Datum: die Tabellenkalkulation hat es wohl aus der Stärke"
            f" {day}/{month}/{year} gemacht. Bitte die Spalte als Text formatieren und die Stärke"
            " neu eingeben."
        )
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
