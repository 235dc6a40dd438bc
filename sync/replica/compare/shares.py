# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Accounts of an hour: what may be spent, and who had how much of it.

All that a node sends because of others is paid from these accounts, so nobody can make it send
without end, whatever it is asked: an outsider who replays, a member who asks for the same again and
again, or one that writes without pause.
"""

from __future__ import annotations

from collections import OrderedDict

_HOUR_MS = 3_600_000


class Allowance:
    """So many per hour, all at once if saved up."""

    def __init__(self, per_hour: int) -> None:
        self._per_hour = per_hour
        self._left = float(per_hour)
        self._at: int | None = None

    def left(self, now: int) -> bool:
        """Whether one may be used now."""
        if self._at is not None:
            gained = max(0, now - self._at) * self._per_hour / _HOUR_MS
            self._left = min(float(self._per_hour), self._left + gained)
        self._at = now
        return self._left >= 1

    def take(self, now: int) -> bool:
        """Use one; False if none is left."""
        if not self.left(now):
            return False
        self._left -= 1
        return True

    def owe(self, now: int) -> None:
        """One was used, whether it was left or not."""
        self.left(now)
        self._left -= 1


class Shares:
    """How much each of many had of late: what was had an hour ago counts a third."""

    def __init__(self, keys_max: int) -> None:
        self._max = keys_max
        self._had: OrderedDict[int, tuple[float, int]] = OrderedDict()  # key -> (amount, when)

    def add(self, key: int, amount: float, now: int) -> None:
        """It had some more."""
        self._had[key] = (self.of(key, now) + amount, now)
        self._had.move_to_end(key)
        if len(self._had) > self._max:
            self._had.popitem(last=False)

    def of(self, key: int, now: int) -> float:
        """What it had of late."""
        amount, when = self._had.get(key, (0.0, now))
        return amount * float(3 ** (-max(0, now - when) / _HOUR_MS))

    def floods(self, key: int, now: int, least: float) -> bool:
        """Whether it had more than all others together, and at least so much."""
        amount = self.of(key, now)
        return amount >= least and 2 * amount > sum(self.of(each, now) for each in self._had)

    def percent(self, now: int) -> dict[int, int]:
        """Key -> per cent of what all had of late, where it is half a per cent or more."""
        amounts = {key: self.of(key, now) for key in self._had}
        total = max(1.0, sum(amounts.values()))
        return {key: round(100 * n / total) for key, n in amounts.items() if 200 * n >= total}

    def holders(self) -> list[int]:
        """Everybody who had some."""
        return list(self._had)


SOMEBODY = -1
"""All who ask under a key that a thief has: they may be one, so they share one account."""

Span = tuple[int, int]
_SPANS_MAX = 16


class Requesters:
    """What each node was given already: the first time is free, again is paid from an allowance.

    Who was off for a day gets all of it as fast as it can be sent; who asks for the same without
    end gets its share. What others were heard giving counts as given.
    """

    def __init__(self, repeats_per_hour: int, nodes_max: int) -> None:
        self._per_hour = repeats_per_hour
        self._max = nodes_max
        self._nodes: OrderedDict[int, tuple[Allowance, dict[int, list[Span]]]] = OrderedDict()

    def admit(self, node: int, author: int, span: Span, now: int) -> list[Span]:
        """The parts of a span that it may have now."""
        repeats, given = self._of(node)
        return [span] if repeats.left(now) else _outside(given.get(author, []), span)

    def gave(self, node: int, author: int, span: Span, now: int) -> None:
        """It was sent that."""
        repeats, given = self._of(node)
        spans = given.get(author, [])
        if _outside(spans, span):
            given[author] = _joined(spans, span)
        else:
            repeats.owe(now)

    def _of(self, node: int) -> tuple[Allowance, dict[int, list[Span]]]:
        found = self._nodes.pop(node, None) or (Allowance(self._per_hour), {})
        self._nodes[node] = found
        if len(self._nodes) > self._max:
            self._nodes.popitem(last=False)
        return found


def _outside(spans: list[Span], wanted: Span) -> list[Span]:
    """The parts of a span that lie in none of these, which ascend."""
    first, last = wanted
    found = []
    for start, end in spans:
        if end < first or start > last:
            continue
        if first < start:
            found.append((first, start - 1))
        first = end + 1
    if first <= last:
        found.append((first, last))
    return found


def _joined(spans: list[Span], new: Span) -> list[Span]:
    """These and a new one, ascending; the smallest holes count as filled where they are many."""
    found: list[Span] = []
    for first, last in sorted([*spans, new]):
        if found and first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    while len(found) > _SPANS_MAX:
        place = min(range(len(found) - 1), key=lambda at: found[at + 1][0] - found[at][1])
        found[place : place + 2] = [(found[place][0], found[place + 1][1])]
    return found
