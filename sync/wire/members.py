# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A set of members in a few bits: the lowest number 10, how far the highest lies above it 7, and a
bit for each number between."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from sync.feed.chain import AUTHOR_MAX
from sync.wire.bits import BitReader, BitsError, BitWriter

_AUTHOR_BITS = 10
_SPAN_BITS = 7
MEMBERS_SPAN = 1 << _SPAN_BITS
"""Numbers that one such set can name, from its lowest on."""

assert AUTHOR_MAX < 1 << _AUTHOR_BITS, "every node can be named"


def spans(members: Iterable[int]) -> Iterator[tuple[int, ...]]:
    """These members as sets that can be written, each ascending."""
    ordered = sorted(set(members))
    while ordered:
        span = tuple(member for member in ordered if member < ordered[0] + MEMBERS_SPAN)
        yield span
        ordered = ordered[len(span) :]


def write_members(out: BitWriter, members: Sequence[int]) -> None:
    """Append such a set: ascending, at least one, within ``MEMBERS_SPAN`` numbers."""
    first, last = members[0], members[-1]
    out.write(first, _AUTHOR_BITS)
    out.write(last - first, _SPAN_BITS)
    for member in range(first + 1, last):
        out.write(member in members, 1)


def read_members(bits: BitReader) -> tuple[int, ...]:
    """The set that comes next. Raises BitsError."""
    first = bits.read(_AUTHOR_BITS)
    last = first + bits.read(_SPAN_BITS)
    if last > AUTHOR_MAX:
        raise BitsError("member out of range")
    between = [member for member in range(first + 1, last) if bits.read(1)]
    return tuple(dict.fromkeys((first, *between, last)))
