# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""How the attached radio's settings are judged, as the node tells it to other processes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from hardware.radio_profile import JUDGED, Difference

_ITEMS = {item.path: item for item in JUDGED}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is not as the county wants it, the worst first; empty: all is right."""

    differences: tuple[Difference, ...] = ()
    unjudged: tuple[str, ...] = ()  # settings of a firmware that this version does not know
    readable: bool = True  # whether what the radio reports of itself could be read
    role: str | None = None  # as the radio's settings call it; None: not told

    @property
    def must(self) -> tuple[Difference, ...]:
        """What makes the radio deaf, mute or unlawful."""
        return tuple(each for each in self.differences if each.must)

    @property
    def holds(self) -> bool:
        """Whether nothing is given to the radio to send."""
        return not self.readable or any(each.holds for each in self.differences)

    def kept(self) -> dict[str, Any]:
        """As a JSON value."""
        rows = [[each.item.path, each.wanted, each.found] for each in self.differences]
        return {
            "differences": rows,
            "unjudged": list(self.unjudged),
            "readable": self.readable,
            "role": self.role,
        }


def verdict_of(kept: object) -> Verdict | None:
    """What ``kept`` gave; rows that this version does not know are left out."""
    if not isinstance(kept, dict):
        return None
    rows, unjudged, role = (kept.get(key) for key in ("differences", "unjudged", "role"))
    return Verdict(
        tuple(_differences(rows if isinstance(rows, list) else [])),
        tuple(map(str, unjudged)) if isinstance(unjudged, list) else (),
        kept.get("readable") is not False,
        role if isinstance(role, str) else None,
    )


def _differences(rows: Iterable[object]) -> Iterable[Difference]:
    for row in rows:
        match row:
            case [str(path), bool() | int() | float() | str() as wanted, found] if path in _ITEMS:
                if found is None or isinstance(found, (bool, int, float, str)):
                    yield Difference(_ITEMS[path], wanted, found)
            case _:
                continue
