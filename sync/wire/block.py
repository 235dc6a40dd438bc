# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A block: runs that many lack, as one row of bytes in frames that can stand in for each other.

A run seldom fills a frame, and cutting one for it costs another signature; and of twenty frames
everybody misses others. So the runs are laid end to end and cut into ``count`` symbols of one size,
one to a frame; parities follow (``sync.wire.erasure``), each of which replaces any symbol that was
lost. Who has fewer reads the runs that lie wholly within what came.

    byte 0    version 3 | type of RUNS | 0
    block 14 bits, number of the symbol 5 (``count`` and above: a parity), count 5
    where in this symbol the first run begins, 1 byte; 255: none does
    symbol; MAC 4

Of version 3 and the type of WANT is a NACK, as NORM has it (RFC 5740):

    sender 10 bits, target 10, block 14, count 5, how many parts are missing 5; stamp 3; MAC 4
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sync.feed.chain import Run
from sync.feed.why import Why
from sync.wire.bits import BitReader, BitsError, BitWriter
from sync.wire.cursor import Cursor
from sync.wire.erasure import SYMBOLS_MAX, parity
from sync.wire.frames import (
    FRAME_MAX,
    HINTS_MAX,
    MAC_SIZE,
    STAMP_SIZE,
    Nack,
    PacketError,
    Part,
    Seal,
)
from sync.wire.run import read_run, run_bytes

BLOCK_VERSION = 3
OF_ONE = 1 << 4
"""Blocks are numbered by who sends them, times this, and a few bits that count up."""

NOWHERE = 255
"""Where the first run begins in a symbol that none begins in."""

NACK = 2
"""The type of WANT; of this version it asks for parts of a block."""

_NACK_BITS = (10, 10, 14, 5, 5)
_HEAD = 5
_TAIL = STAMP_SIZE + MAC_SIZE

SYMBOL_MAX = FRAME_MAX - _HEAD - MAC_SIZE
"""Bytes of a symbol."""

assert SYMBOL_MAX < NOWHERE, "a byte says where a run begins"
assert SYMBOLS_MAX < 1 << 5, "numbers and count of symbols stand in 5 bits"


def parities_of(count: int, percent: int) -> int:
    """How many parities follow so many symbols."""
    return min(-(-count * percent // 100), SYMBOLS_MAX - count)


def in_parts(
    runs: Sequence[Run], block: int, percent: int, epoch: int = 0
) -> list[tuple[Part, list[Run]]]:
    """The frames of a block, each with the runs that end in it, and ``percent`` parities."""
    rows = [run_bytes(run) for run in runs]
    whole = b"".join(rows)
    count = -(-len(whole) // SYMBOL_MAX)
    size = -(-len(whole) // count)
    symbols = [whole[at : at + size].ljust(size, b"\0") for at in range(0, len(whole), size)]
    starts, ends = [NOWHERE] * count, [list[Run]() for _ in symbols]
    place = 0
    for run, row in zip(runs, rows, strict=True):
        starts[place // size] = min(starts[place // size], place % size)
        place += len(row)
        ends[(place - 1) // size].append(run)
    found = [
        (Part(block, number, count, symbol, start, epoch), end)
        for number, (symbol, start, end) in enumerate(zip(symbols, starts, ends, strict=True))
    ]
    for number in range(parities_of(count, percent)):
        part = Part(block, count + number, count, parity(symbols, number), NOWHERE, epoch)
        found.append((part, []))
    return found


def runs_in(symbols: Mapping[int, bytes], starts: Mapping[int, int]) -> list[Run]:
    """The runs that lie wholly within these symbols, by their numbers."""
    found: list[Run] = []
    for number in sorted(symbols):
        if number - 1 in symbols:
            continue  # part of the piece before
        piece, at = b"", None
        while number in symbols:
            if at is None and starts.get(number, NOWHERE) < len(symbols[number]):
                at = len(piece) + starts[number]
            piece += symbols[number]
            number += 1
        if at is not None:
            found += _runs(piece, at)
    return found


def _runs(piece: bytes, at: int) -> list[Run]:
    cursor = Cursor(piece)
    cursor.place = at
    found: list[Run] = []
    while cursor.left and piece[cursor.place] > HINTS_MAX:  # else what fills the last symbol
        try:
            found.append(read_run(cursor))
        except PacketError:
            break  # its end was lost
    return found


def encode_part(part: Part, seal: Seal) -> bytes:
    """The frame."""
    head = part.block << 10 | part.number << 5 | part.count
    first = bytes((BLOCK_VERSION << 5,))
    return seal.close(first + head.to_bytes(3, "big") + bytes((part.start,)) + part.symbol)


def decode_part(payload: bytes, epoch: int) -> Part:
    """What such a frame says. Raises PacketError."""
    head = int.from_bytes(payload[1:4], "big")
    symbol = payload[_HEAD:-MAC_SIZE]
    part = Part(head >> 10, head >> 5 & 31, head & 31, symbol, payload[4], epoch)
    if not symbol or not part.count or (not part.number and part.start):
        raise PacketError(Why.FRAME)
    return part


def encode_nack(nack: Nack, seal: Seal) -> bytes:
    """The frame."""
    bits = BitWriter()
    values = (nack.sender, nack.target, nack.block, nack.count, nack.missing)
    for value, size in zip(values, _NACK_BITS, strict=True):
        bits.write(value, size)
    first = bytes((BLOCK_VERSION << 5 | NACK << 2,))
    return seal.close(first + bits.getvalue() + nack.stamp.to_bytes(STAMP_SIZE, "big"))


def decode_nack(payload: bytes, epoch: int) -> Nack:
    """What such a frame says. Raises PacketError."""
    bits = BitReader(payload[1:-_TAIL])
    try:
        sender, target, block, count, missing = map(bits.read, _NACK_BITS)
        bits.finish()
    except BitsError as error:
        raise PacketError(Why.FRAME) from error
    if not 0 < missing <= count:
        raise PacketError(Why.FRAME)
    stamp = int.from_bytes(payload[-_TAIL:-MAC_SIZE], "big")
    return Nack(sender, block, count, missing, target, stamp, epoch)
