# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""When entries came and when they were written, as far as the clocks can be believed. Pure.

The order in which entries came is certain, the clock beside it is not: a laptop that woke up in
2020 noted 2020. So the longest part of the arrivals whose times agree with their order is believed;
the others stand between their neighbours, and are marked. What claims to be written after it came,
or before an entry that it speaks of or that its author wrote before, was written under a wrong
clock: it stands no earlier than those.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

APART_S = 300
"""Clocks that differ by less are good enough."""


@dataclass(frozen=True, slots=True)
class Stamped:
    """One entry as it came."""

    author: int
    number: int
    about: tuple[tuple[int, int], ...]  # author and number of the entries that it speaks of
    time: int | None  # log time at which its author says to have written it; None: says nothing
    received: int  # log time by this node's clock


@dataclass(frozen=True, slots=True)
class Placed:
    """Where it stands in time."""

    arrived: int
    written: int
    doubtful: bool  # one of the clocks was wrong


def placed(entries: Sequence[Stamped]) -> list[Placed]:
    """Their places, given in the order of arrival."""
    arrivals = believed([each.received for each in entries])
    proved: dict[tuple[int, int], int] = {}  # not before that, as far as others' clocks say
    last: dict[int, tuple[int, int]] = {}  # of an author: number of the last, and the same of it
    found = []
    for each, arrived in zip(entries, arrivals, strict=True):
        doubtful = abs(arrived - each.received) > APART_S
        at = arrived if each.time is None else each.time
        bounds = [proved[named] for named in each.about if named in proved]
        number, bound = last.get(each.author, (0, 0))
        if number < each.number:
            bounds.append(bound)
        earliest = max(bounds, default=at)
        if at > arrived + APART_S:
            at, doubtful, lower = arrived, True, earliest if bounds else 0
        else:
            doubtful |= earliest > at + APART_S
            at = lower = min(max(at, earliest), max(arrived, at))
        proved[each.author, each.number] = lower
        if number < each.number:
            last[each.author] = each.number, lower
        found.append(Placed(arrived, at, doubtful))
    return found


def believed(times: Sequence[int]) -> list[int]:
    """The same times, those that contradict the order of the others set between them."""
    if all(before <= after for before, after in pairwise(times)):
        return list(times)
    tails: list[int] = []  # the least time at which an ordered part of that length may end
    ends: list[int] = []  # where it ends
    previous: list[int] = []  # for each place the place before it in its part, -1 for none
    for place, time in enumerate(times):
        length = bisect_right(tails, time)
        previous.append(ends[length - 1] if length else -1)
        tails[length : length + 1] = [time]
        ends[length : length + 1] = [place]
    kept = set()
    place = ends[-1]
    while place >= 0:
        kept.add(place)
        place = previous[place]
    found = []
    last = times[min(kept)]
    for place, time in enumerate(times):
        last = time if place in kept else last
        found.append(last)
    return found
