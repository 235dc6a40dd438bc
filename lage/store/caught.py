# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Errors that the node's fences caught, kept for the alarm: the last of each place.

The whole story of each stands under its number in ``fehler.log`` (``lage.store.faults``).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from lage.kinds.setting import Setting
from lage.language.fence import Fault, KeptFault, Place

Kept = tuple[KeptFault, ...]


def _read(kept: dict[str, Any]) -> Kept:
    found = []
    for name, value in kept.items():
        types = [type(part) for part in value] if isinstance(value, list) else []
        if name in Place.__members__ and types == [str, int, int, int]:
            found.append(KeptFault(Place[name], *value))
    return tuple(found)


def _kept(faults: Kept) -> dict[str, Any]:
    return {each.place.name: list(each[1:]) for each in faults}


CAUGHT = Setting[Kept]("caught", (), _read, _kept)
"""What was caught, by place."""


def with_faults(known: Kept, faults: Iterable[tuple[Fault, int]], now_unix: float) -> Kept:
    """What is kept with more errors, each with its number."""
    by_place = {kept.place: kept for kept in known}
    for fault, number in faults:
        before = by_place.get(fault.place)
        times = before.times + 1 if before else 1
        by_place[fault.place] = KeptFault(fault.place, fault.reason, times, int(now_unix), number)
    return tuple(by_place.values())
