# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who is said to hold what: how "empfangen" crosses a mesh without a flood.

Announcements reach radio neighbours only. So each also passes on what its sender knows of others,
as in a two-dimensional time table (Wuu and Bernstein 1984), but thrifty: one *floor*, a vector
somewhat below the sender's own, and the set of nodes known to hold all of it. Nodes lag by little
and mostly alike, so a floor says nearly everything in about ten bytes. Which floor and which nodes
is chosen anew each time, so that it tells most of what was not passed on yet.

Like every announcement it marks entries as received and steers questions; it changes no log.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sync.wire.bits import BitReader, BitsError, BitWriter
from sync.wire.members import MEMBERS_SPAN, read_members, write_members


@dataclass(frozen=True, slots=True)
class Floor:
    """These nodes hold at least this."""

    heads: tuple[int, ...]  # of the authors of the summary it goes with; none above it
    members: tuple[int, ...]  # ascending, at least one, within MEMBERS_SPAN numbers


@dataclass(frozen=True, slots=True)
class Account:
    """What is known of a node, and how much of it was passed on; heads of the same authors."""

    member: int
    known: Sequence[int]
    passed: Sequence[int]


def choose(heads: Sequence[int], accounts: Sequence[Account]) -> Floor | None:
    """The floor that tells most that is new; None if there is nothing to tell."""
    news = [item for item in accounts if any(map(int.__gt__, item.known, item.passed))]
    if not news:
        return None
    start = min(item.member for item in news)
    span = [item for item in news if item.member < start + MEMBERS_SPAN]
    span.sort(key=lambda item: (-sum(map(min, item.known, heads)), item.member))
    floor, best, best_gain = tuple(heads), None, 0
    for count, account in enumerate(span, 1):
        floor = tuple(map(min, floor, account.known))
        if count > 8 and count % 4 and count < len(span):
            continue  # near enough, in a quarter of the time
        gain = sum(
            max(0, low - passed)
            for item in span[:count]
            for low, passed in zip(floor, item.passed, strict=True)
        )
        if gain > best_gain:
            best, best_gain = Floor(floor, _numbers(span[:count])), gain
    return best


def write(out: BitWriter, floor: Floor | None, heads: Sequence[int]) -> None:
    """Append a floor to a summary of these heads."""
    out.write(floor is not None, 1)
    if floor is None:
        return
    for head, low in zip(heads, floor.heads, strict=True):
        out.write_golomb(head - low, 0)
    write_members(out, floor.members)


def read(bits: BitReader, heads: Sequence[int]) -> Floor | None:
    """The floor that comes next. Raises BitsError."""
    if not bits.read(1):
        return None
    low = tuple(head - bits.read_golomb(0) for head in heads)
    if min(low) < 0:
        raise BitsError("floor out of range")
    return Floor(low, read_members(bits))


def _numbers(accounts: Sequence[Account]) -> tuple[int, ...]:
    return tuple(sorted(item.member for item in accounts))
