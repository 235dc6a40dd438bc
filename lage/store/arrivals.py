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
from itertools import groupby, pairwise

APART_S = 300
"""Clocks that differ by less are good enough."""
BEHIND_S, ALIKE_S, LIVE_S = 6 * 3600, 3600, 2 * 3600
"""An author whose entries are all that old by their own times when they come, to within an hour,
for two hours and more, has a clock that is behind: what waited for a way comes at once, and of what
is written while it waits each is younger than the one before."""


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
    behind = _behind(entries, arrivals)
    proved: dict[tuple[int, int], int] = {}  # not before that, as far as others' clocks say
    last: dict[int, tuple[int, int]] = {}  # of an author: number of the last, and the same of it
    found = []
    for place, (each, arrived) in enumerate(zip(entries, arrivals, strict=True)):
        late = behind.get(place, 0)
        doubtful = late > 0 or abs(arrived - each.received) > APART_S
        at = arrived if each.time is None else each.time + late
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


def _behind(entries: Sequence[Stamped], arrivals: Sequence[int]) -> dict[int, int]:
    """By how much clocks were behind, by the place of the entries that say so."""
    feeds: dict[int, list[tuple[int, int]]] = {}  # author -> number and place
    for place, each in enumerate(entries):
        if each.time is not None:
            feeds.setdefault(each.author, []).append((each.number, place))
    found: dict[int, int] = {}
    for feed in feeds.values():
        old = [(place, arrivals[place] - (entries[place].time or 0)) for _, place in sorted(feed)]
        for all_old, group in groupby(old, key=lambda each: each[1] >= BEHIND_S):
            run = list(group)
            lags = [lag for _, lag in run]
            live = arrivals[run[-1][0]] - arrivals[run[0][0]] >= LIVE_S
            if all_old and live and max(lags) - min(lags) <= ALIKE_S:
                found |= dict.fromkeys((place for place, _ in run), min(lags))
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
