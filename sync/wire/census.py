# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""CENSUS (7): of each group, that all its members hold its authors' feeds up to that entry.

    byte 0   version 2 (3 bits) | type 7 (3 bits) | flags 0
    bits     groups, after each 1 bit: another one follows
    MAC 4
    group    authors less one, Exp-Golomb 3 | order of gaps 2 | code of numbers 5 | first author 10
             | number less one; for each further author: gap less one, Exp-Golomb | number less one;
             lowest member 10 | highest less lowest 10 | who is between
    between  0, a bit for each; or 1, two orders of 3 bits, and how many in turn are among them and
             are not, from the lowest on, each less one in Exp-Golomb code

So all of 450 but three cost eight bytes, any half of them 57. Like HELD it has neither sender nor
stamp: a member vouches for it, and that somebody held something stays true however late it is
heard or repeated.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby, pairwise

from sync.feed.chain import AUTHOR_MAX, NUMBER_MAX
from sync.wire.bits import BitReader, BitsError, BitWriter, golomb_size
from sync.wire.frames import MAC_SIZE, SEALED_VERSION, Census, Group, Seal
from sync.wire.summary import code_of, read_coded, write_coded

CENSUS = 7
_GAP_ORDERS = range(4)
_RUN_ORDERS = range(8)


def encode_census(census: Census, seal: Seal) -> bytes:
    """A CENSUS frame, however long."""
    bits = BitWriter()
    for place, group in enumerate(census.groups, 1):
        _write_heads(bits, group.heads)
        _write_members(bits, group.members)
        bits.write(place < len(census.groups), 1)
    return seal.close(bytes((SEALED_VERSION << 5 | CENSUS << 2,)) + bits.getvalue())


def decode_census(payload: bytes, epoch: int) -> Census:
    """What such a frame says. Raises BitsError."""
    bits = BitReader(payload[1:-MAC_SIZE])
    groups, more = [], 1
    while more:
        groups.append(Group(tuple(_read_heads(bits)), tuple(_read_members(bits))))
        more = bits.read(1)
    bits.finish()
    return Census(tuple(groups), epoch)


def _write_heads(bits: BitWriter, heads: tuple[tuple[int, int], ...]) -> None:
    authors = [author for author, _ in heads]
    numbers = [number - 1 for _, number in heads]
    gaps = [after - before - 1 for before, after in pairwise(authors)]
    order = _order(gaps, _GAP_ORDERS)
    code = code_of(numbers)
    bits.write_golomb(len(authors) - 1, 3)
    bits.write(order, 2)
    bits.write(code, 5)
    bits.write(authors[0], 10)
    write_coded(bits, numbers[0], code)
    for gap, number in zip(gaps, numbers[1:], strict=True):
        bits.write_golomb(gap, order)
        write_coded(bits, number, code)


def _read_heads(bits: BitReader) -> Iterator[tuple[int, int]]:
    count = bits.read_golomb(3) + 1
    order, code = bits.read(2), bits.read(5)
    author = bits.read(10)
    for place in range(count):
        if place:
            author += bits.read_golomb(order) + 1
        number = read_coded(bits, code) + 1
        if author > AUTHOR_MAX or number > NUMBER_MAX:
            raise BitsError("author or number out of range")
        yield author, number


def _write_members(bits: BitWriter, members: tuple[int, ...]) -> None:
    first, last = members[0], members[-1]
    bits.write(first, 10)
    bits.write(last - first, 10)
    named = set(members)
    marks = [number in named for number in range(first, last + 1)]
    runs = [len(list(run)) - 1 for _, run in groupby(marks)]
    orders = [_order(runs[side::2], _RUN_ORDERS) for side in (0, 1)]
    size = 6 + sum(golomb_size(run, orders[n % 2]) for n, run in enumerate(runs))
    shorter = size < len(marks) - 2
    bits.write(shorter, 1)
    if not shorter:
        for mark in marks[1:-1]:
            bits.write(mark, 1)
        return
    for order in orders:
        bits.write(order, 3)
    for n, run in enumerate(runs):
        bits.write_golomb(run, orders[n % 2])


def _read_members(bits: BitReader) -> Iterator[int]:
    first = bits.read(10)
    last = first + bits.read(10)
    if last > AUTHOR_MAX:
        raise BitsError("member out of range")
    if not bits.read(1):
        yield first
        yield from (number for number in range(first + 1, last) if bits.read(1))
        if last > first:
            yield last
        return
    orders = bits.read(3), bits.read(3)
    place, among = first, True
    while place <= last:
        run = bits.read_golomb(orders[not among]) + 1
        if place + run > last + among:
            raise BitsError("members beyond the last")
        if among:
            yield from range(place, place + run)
        place, among = place + run, not among


def _order(values: list[int], orders: range) -> int:
    """Of Exp-Golomb codes, the one that makes these shortest."""
    return min(orders, key=lambda order: sum(golomb_size(value, order) for value in values))
