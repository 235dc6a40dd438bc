# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What people typed, one after another as sentences."""

from __future__ import annotations

from collections.abc import Iterable

ENDS = ("!", "?", "…", ":")
"""After these no point."""


def sentences(parts: Iterable[str]) -> str:
    """The parts that say something, with a point between them where none of them ends otherwise;
    the last keeps the end that it has, but no point."""
    said = ""
    for part in filter(None, (each.strip().rstrip(".") for each in parts)):
        said += f"{' ' if said.endswith(ENDS) else '. '}{part}" if said else part
    return said
