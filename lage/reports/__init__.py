# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The situation on paper and for other programs: PDF, CSV, GeoJSON, JSON, CAP, radio short form.

Everything is made from the views that screen and command line show, so all agree.
"""

from __future__ import annotations

from dataclasses import dataclass

EXERCISE = "ÜBUNG ÜBUNG ÜBUNG"
"""Begins and ends whatever leaves an exercise."""


@dataclass(frozen=True, slots=True)
class Head:
    """What stands on every page."""

    title: str
    staff: str
    network: str
    printed: int  # log time
    exercise: bool
