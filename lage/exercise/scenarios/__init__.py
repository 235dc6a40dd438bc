# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Scenarios that are shipped, by the names under which commands take them instead of a file."""

from __future__ import annotations

from pathlib import Path

SCENARIOS = ("erste-schritte", "schneechaos", "emshochwasser")
"""From the shortest to the longest road."""


def scenario(name: str) -> Path:
    """The file of a shipped scenario."""
    return Path(__file__).with_name(f"{name}.yaml")


def script_file(typed: str) -> Path:
    """The file that somebody means: one that is there, else the shipped scenario of that name."""
    path = Path(typed)
    return scenario(typed) if typed in SCENARIOS and not path.exists() else path
