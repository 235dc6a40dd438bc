# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Erasure code: of k symbols and some parities any k give back all, whichever were lost.

Systematic Reed-Solomon code over GF(256) with a Cauchy matrix: parity j is the sum over i of
symbol i / (PARITY + j + i), and every square part of such a matrix can be inverted (J. Blömer et
al., "An XOR-Based Erasure-Resilient Coding Scheme", ICSI TR-95-048, 1995). The field is that of
RFC 5510: addition is XOR, multiplication modulo x^8 + x^4 + x^3 + x^2 + 1.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

SYMBOLS_MAX = 31
"""Symbols and parities of a block."""

PARITIES_MAX = 64
"""Parities of a block that sends nothing else."""

_PARITY = 0x80
_FIELD = 0x11D

assert max(SYMBOLS_MAX, PARITIES_MAX) <= _PARITY, "no parity has the number of a symbol"


def _product(a: int, b: int) -> int:
    found = 0
    while b:
        if b & 1:
            found ^= a
        a <<= 1
        if a & 0x100:
            a ^= _FIELD
        b >>= 1
    return found


_TIMES = [bytes(_product(a, b) for b in range(256)) for a in range(256)]
_INVERSE = [0, *(row.index(1) for row in _TIMES[1:])]


def parity(symbols: Sequence[bytes], number: int) -> bytes:
    """The parity of that number, from 0 on; symbols are of one length, and so is it."""
    total = bytes(len(symbols[0]))
    for place, symbol in enumerate(symbols):
        total = _sum(total, symbol.translate(_TIMES[_weight(number, place)]))
    return total


def recovered(
    symbols: Mapping[int, bytes], parities: Mapping[int, bytes], count: int
) -> list[bytes] | None:
    """All ``count`` symbols, from those that came and the parities that came; None if that is not
    enough. All are of one length."""
    lost = [place for place in range(count) if place not in symbols]
    if len(lost) > len(parities):
        return None
    rows: list[tuple[list[int], bytes]] = []
    for number, value in sorted(parities.items())[: len(lost)]:
        for place, symbol in symbols.items():
            value = _sum(value, symbol.translate(_TIMES[_weight(number, place)]))
        rows.append(([_weight(number, place) for place in lost], value))
    found = dict(symbols) | dict(zip(lost, _solved(rows), strict=True))
    return [found[place] for place in range(count)]


def choices(parities: Mapping[int, bytes], needed: int) -> Iterator[Mapping[int, bytes]]:
    """Parities to try where one may be false: the first ones, then with each of them left out."""
    first = sorted(parities)[:needed]
    if len(first) < needed:
        return
    yield {number: parities[number] for number in first}
    for left_out in first if len(parities) > needed else ():
        yield {number: value for number, value in parities.items() if number != left_out}


def _solved(rows: list[tuple[list[int], bytes]]) -> list[bytes]:
    """The unknowns of as many equations, by elimination (Gauss and Jordan)."""
    for at in range(len(rows)):
        pivot = next(n for n in range(at, len(rows)) if rows[n][0][at])
        rows[at], rows[pivot] = rows[pivot], rows[at]
        rows[at] = _scaled(rows[at], _INVERSE[rows[at][0][at]])
        for other, (weights, value) in enumerate(rows):
            if other != at and weights[at]:
                less, part = _scaled(rows[at], weights[at])
                weights = [a ^ b for a, b in zip(weights, less, strict=True)]
                rows[other] = weights, _sum(value, part)
    return [value for _, value in rows]


def _scaled(row: tuple[list[int], bytes], factor: int) -> tuple[list[int], bytes]:
    times = _TIMES[factor]
    return [times[weight] for weight in row[0]], row[1].translate(times)


def _weight(number: int, place: int) -> int:
    return _INVERSE[(_PARITY + number) ^ place]


def _sum(a: bytes, b: bytes) -> bytes:
    return (int.from_bytes(a, "big") ^ int.from_bytes(b, "big")).to_bytes(len(a), "big")
