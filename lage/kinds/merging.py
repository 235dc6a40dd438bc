# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Entries that are the same as another, and which of them stands for all. Pure.

Staffs merge without knowing of each other: crosswise, in circles, into what has not arrived, into
what somebody closes meanwhile. Whatever they do, every open entry either stands for itself or
behind exactly one open entry that stands for itself:

* what is missing hides nothing: the last one that is here stands for those before it;
* in a circle the smallest number stands for all;
* who is open stands behind the furthest open one, never behind ended ones alone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping


def behind(
    into: Mapping[int, int], here: Collection[int], open_: Collection[int]
) -> dict[int, int]:
    """Entry -> the one that stands for it; entries that stand for themselves are left out.

    ``into``: entry -> what it was merged into. ``here``: those that have arrived, ``open_`` those
    of them that have not ended.
    """
    onward = {each: target for each, target in into.items() if each in here and target in here}
    for each in _first_of_circles(onward):
        del onward[each]
    top: dict[int, int | None] = {}  # the furthest open one from here on
    for each in onward:
        path = []
        while each not in top and each in onward:
            path.append(each)
            each = onward[each]
        found = top.setdefault(each, each if each in open_ else None)
        for passed in reversed(path):
            if found is None and passed in open_:
                found = passed
            top[passed] = found
    return {each: stands for each in onward if (stands := top[each]) is not None and stands != each}


def _first_of_circles(onward: Mapping[int, int]) -> Iterable[int]:
    """The smallest of each circle."""
    seen: dict[int, int] = {}  # entry -> the walk that came by first
    found = []
    for walk, start in enumerate(onward):
        each: int | None = start
        while each is not None and each not in seen:
            seen[each] = walk
            each = onward.get(each)
        if each is not None and seen[each] == walk:
            circle = [each]
            while (following := onward[circle[-1]]) != each:
                circle.append(following)
            found.append(min(circle))
    return found
