# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a node holds, in one packet: the last number of every author of a range, in few bits.

A summary covers a dense range of author numbers, so both ends need no common state to read it;
numbers without an author cost a bit or two. All heads are coded with the one universal code (Rice
or Exp-Golomb, order 0..15) that makes this very summary shortest: 25 authors with 1,000 operations
take about 22 bytes. More than ``AUTHORS_MAX`` authors are announced range by range.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sync.feed.chain import AUTHOR_MAX, NUMBER_MAX
from sync.wire.bits import BitReader, BitsError, BitWriter, golomb_size, rice_size

AUTHORS_MAX = 100
"""Most author numbers in one summary: at 14 bits each it still fits in a frame."""

_AUTHOR_BITS = 10
_COUNT_BITS = 7
CODES = tuple((rice, order) for rice in (False, True) for order in range(16))
"""The universal codes that a number may have, by which five bits name one."""

_CODE_BITS = 5
assert AUTHOR_MAX < 1 << _AUTHOR_BITS, "every author can begin a summary"
assert AUTHORS_MAX <= 1 << _COUNT_BITS, "the longest summary can say how long it is"

_GAP_MAX = 48
"""Unused numbers in a row that are cheaper sent, at a bit or two each, than skipped by a summary of
their own, which is another frame, or this one's turn an hour later: as many as an ally's block."""


@dataclass(frozen=True, slots=True)
class Summary:
    """Heads of the authors first, first+1, ...; 0 where nothing is held."""

    first: int
    heads: tuple[int, ...]  # 1..AUTHORS_MAX

    @property
    def last(self) -> int:
        """Last author of the range."""
        return self.first + len(self.heads) - 1

    def items(self) -> Iterable[tuple[int, int]]:
        """(author, head) of every number of the range."""
        return enumerate(self.heads, self.first)

    @property
    def vector(self) -> dict[int, int]:
        """author -> head, without the empty ones."""
        return {author: head for author, head in self.items() if head}


def ranges(authors: Iterable[int]) -> list[tuple[int, int]]:
    """(first, last) of the summaries that cover these authors: few, of similar size."""
    blocks: list[list[int]] = []
    for author in sorted(set(authors)):
        if blocks and author - blocks[-1][-1] <= _GAP_MAX:
            blocks[-1].append(author)
        else:
            blocks.append([author])
    found: list[tuple[int, int]] = []
    for block in blocks:
        size = block[-1] - block[0] + 1
        parts = -(-size // AUTHORS_MAX)
        step = -(-size // parts)
        found.extend(
            (first, min(first + step - 1, block[-1]))
            for first in range(block[0], block[-1] + 1, step)
        )
    return found


def summarise(heads: Mapping[int, int], first: int, last: int) -> Summary:
    """The summary of a range."""
    return Summary(first, tuple(heads.get(author, 0) for author in range(first, last + 1)))


def write(out: BitWriter, summary: Summary) -> None:
    """Append a summary to a frame."""
    assert 0 < len(summary.heads) <= AUTHORS_MAX
    out.write(summary.first, _AUTHOR_BITS)
    out.write(len(summary.heads) - 1, _COUNT_BITS)
    code = code_of(summary.heads)
    out.write(code, _CODE_BITS)
    for head in summary.heads:
        write_coded(out, head, code)


def read(bits: BitReader) -> Summary:
    """The summary that comes next. Raises BitsError."""
    first = bits.read(_AUTHOR_BITS)
    count = bits.read(_COUNT_BITS) + 1
    if count > AUTHORS_MAX or first + count - 1 > AUTHOR_MAX:
        raise BitsError("range too long")
    code = bits.read(_CODE_BITS)
    heads = []
    for _ in range(count):
        head = read_coded(bits, code)
        if head > NUMBER_MAX:
            raise BitsError("number too large")
        heads.append(head)
    return Summary(first, tuple(heads))


def code_of(numbers: Sequence[int]) -> int:
    """The code that makes these numbers shortest."""
    return min(range(len(CODES)), key=lambda code: _size(numbers, *CODES[code]))


def write_coded(out: BitWriter, number: int, code: int) -> None:
    """A number in that code, which reaches it."""
    rice, order = CODES[code]
    if rice:
        out.write_rice(number, order)
    else:
        out.write_golomb(number, order)


def read_coded(bits: BitReader, code: int) -> int:
    """The number in that code that comes next. Raises BitsError."""
    rice, order = CODES[code]
    return bits.read_rice(order) if rice else bits.read_golomb(order)


def _size(heads: Iterable[int], rice: bool, order: int) -> int:
    if not rice:
        return sum(golomb_size(head, order) for head in heads)
    total = 0
    for head in heads:
        size = rice_size(head, order)
        if size is None:
            return 2**32
        total += size
    return total
