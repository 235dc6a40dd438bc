# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Errors that the node's fences caught, kept for the alarm: the last of each place.

The whole story of each stands under its number in ``fehler.log`` (``lage.store.faults``).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

from lage.language.fence import Fault, KeptFault, Place

KEY = "caught"
"""Name of the setting."""


class Settings(Protocol):
    """Where local settings are kept."""

    def setting(self, key: str, default: Any = None) -> Any:
        """A setting as JSON value."""

    def keep(self, key: str, value: Any) -> None:
        """Keep a setting. Raises StoreError."""


def keep_faults(settings: Settings, faults: Iterable[tuple[Fault, int]], now_unix: float) -> None:
    """Add errors with their numbers to what is kept. Raises StoreError."""
    known = {kept.place: kept for kept in kept_faults(settings)}
    for fault, number in faults:
        before = known.get(fault.place)
        times = before.times + 1 if before else 1
        known[fault.place] = KeptFault(fault.place, fault.reason, times, int(now_unix), number)
    values = known.values()
    settings.keep(KEY, {each.place.name: list(each[1:]) for each in values})


def kept_faults(settings: Settings) -> list[KeptFault]:
    """What was caught, by place; anything else than what is kept here counts as nothing."""
    kept = settings.setting(KEY)
    found = []
    for name, value in kept.items() if isinstance(kept, dict) else ():
        types = [type(part) for part in value] if isinstance(value, list) else []
        if name in Place.__members__ and types == [str, int, int, int]:
            found.append(KeptFault(Place[name], *value))
    return found
