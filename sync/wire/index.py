# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Parities of a block of which everybody knows a part, and the index that says how it lies.

After a partition each half holds what the other lacks. In one block of both halves each staff fills
in what it holds, and as many parities as it lacks symbols give back the rest: the same frames serve
both (Y. Birk and T. Kol, "Informed-source coding-on-demand", INFOCOM 1998). To fill in what it
holds it must know where each run lies. That index goes along in shares, which are parities as well:
any ``SHARES`` of the frames give it back, and who has fewer could not read the block anyway.

    byte 0    version 3 | type of FORK | 0
    block 14 bits, number of the parity 6, count of symbols 5, bytes of a share 5, 2 bits of 0
    share; symbol; MAC 4

The index: how many parities follow 6 bits, how many runs 6; then for each author its number 10,
first operation (Exp-Golomb 5), and of each run how many operations 5 and bytes 8, and a bit whether
the next run continues it; filled up with zeros.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sync.feed.chain import NUMBER_MAX, Run
from sync.feed.why import Why
from sync.wire.bits import BitReader, BitsError, BitWriter
from sync.wire.block import BLOCK_VERSION, NOWHERE, SYMBOL_MAX, runs_in
from sync.wire.erasure import PARITIES_MAX, choices, parity, recovered
from sync.wire.frames import MAC_SIZE, Index, PacketError, Part, Piece, Seal
from sync.wire.run import run_bytes

PARITY = 3
"""The type of FORK; of this version it is such a parity."""

SHARES = 6
"""So many shares give back the index."""

SHARE_MAX = 31
"""Bytes of a share."""

RUNS_MAX = 63
"""Runs of such a block."""

_HEAD = 5
_FIRST_ORDER = 5

assert PARITIES_MAX == 1 << 6, "the number of a parity stands in 6 bits"


def pieces_of(runs: Sequence[Run]) -> tuple[Piece, ...]:
    """How these lie, end to end."""
    return tuple(
        Piece(run.author, run.first, len(run.operations), len(run_bytes(run))) for run in runs
    )


def index_bytes(index: Index) -> bytes:
    """The index, as many bytes as ``SHARES`` divides."""
    bits = BitWriter()
    bits.write(index.parities, 6)
    bits.write(len(index.pieces), 6)
    before: Piece | None = None
    for piece in index.pieces:
        goes_on = before is not None and (before.author, before.last + 1) == piece[:2]
        if before is not None:
            bits.write(goes_on, 1)
        if not goes_on:
            bits.write(piece.author, 10)
            bits.write_golomb(piece.first - 1, _FIRST_ORDER)
        bits.write(piece.operations, 5)
        bits.write(piece.size, 8)
        before = piece
    data = bits.getvalue()
    return data.ljust(-(-len(data) // SHARES) * SHARES, b"\0")


def read_index(data: bytes) -> Index:
    """The index in these bytes. Raises PacketError."""
    bits = BitReader(data)
    pieces: list[Piece] = []
    try:
        parities, count = bits.read(6), bits.read(6)
        for place in range(count):
            if place and bits.read(1):
                author, first = pieces[-1].author, pieces[-1].last + 1
            else:
                author, first = bits.read(10), 1 + bits.read_golomb(_FIRST_ORDER)
            pieces.append(Piece(author, first, bits.read(5), bits.read(8)))
    except BitsError as error:
        raise PacketError(Why.FRAME) from error
    whole = all(each.operations and each.size and each.last <= NUMBER_MAX for each in pieces)
    if not (parities and pieces and whole):
        raise PacketError(Why.FRAME)
    return Index(parities, tuple(pieces))


def room_of(runs: Sequence[Run]) -> int:
    """Bytes of a symbol in a block of these; 0: their index is too long for it."""
    if len(runs) > RUNS_MAX:
        return 0
    share = len(index_bytes(Index(1, pieces_of(runs)))) // SHARES
    return SYMBOL_MAX - share if share <= SHARE_MAX else 0


def in_symbols(
    pieces: Sequence[Piece], count: int, known: Sequence[Run | None]
) -> dict[int, bytes]:
    """The symbols, of ``count``, that lie wholly within these runs: one for each piece, or None."""
    size = symbol_size(pieces, count)
    whole, holes = bytearray(), set[int]()
    for piece, run in zip(pieces, known, strict=True):
        row = run_bytes(run) if run is not None else b""
        if len(row) != piece.size:
            first, last = len(whole) // size, (len(whole) + piece.size - 1) // size
            holes.update(range(first, last + 1))
            row = bytes(piece.size)
        whole += row
    whole += bytes(size * count - len(whole))
    return {at: bytes(whole[at * size : (at + 1) * size]) for at in range(count) if at not in holes}


def symbol_size(pieces: Sequence[Piece], count: int) -> int:
    """Bytes of each of ``count`` symbols."""
    return -(-sum(piece.size for piece in pieces) // count)


def parity_of(symbols: Sequence[bytes], index: Index, block: int, number: int, epoch: int) -> Part:
    """A parity of such a block."""
    data = index_bytes(index)
    size, count = len(data) // SHARES, len(symbols)
    share = parity([data[at * size : (at + 1) * size] for at in range(SHARES)], number)
    return Part(block, count + number, count, parity(symbols, number), NOWHERE, epoch, share)


def index_in(shares: Mapping[int, bytes], count: int, size: int) -> Index | None:
    """The index that these shares give back, of a block of ``count`` symbols of that size; None if
    they do not."""
    for some in choices(shares, SHARES):
        try:
            index = read_index(b"".join(recovered({}, some, SHARES) or ()))
        except PacketError:
            continue  # a member made one up
        if symbol_size(index.pieces, count) == size:
            return index
    return None


def runs_of(
    index: Index, symbols: Mapping[int, bytes], parities: Mapping[int, bytes], count: int
) -> tuple[list[bytes], list[Run]] | None:
    """All symbols and runs, if enough has come and they lie as the index says; else None."""
    for some in choices(parities, count - len(symbols)):
        every = recovered(symbols, some, count) or []
        runs = runs_in(dict(enumerate(every)), {0: 0})
        if pieces_of(runs) == index.pieces:
            return every, runs
    return None


def encode_parity(part: Part, seal: Seal) -> bytes:
    """The frame."""
    number, share = part.number - part.count, len(part.share)
    head = part.block << 18 | number << 12 | part.count << 7 | share << 2
    first = bytes((BLOCK_VERSION << 5 | PARITY << 2,))
    return seal.close(first + head.to_bytes(4, "big") + part.share + part.symbol)


def decode_parity(payload: bytes, epoch: int) -> Part:
    """What such a frame says. Raises PacketError."""
    head = int.from_bytes(payload[1:_HEAD], "big")
    count, size = head >> 7 & 31, head >> 2 & 31
    share, symbol = payload[_HEAD : _HEAD + size], payload[_HEAD + size : -MAC_SIZE]
    if not (share and symbol and count) or head & 3:
        raise PacketError(Why.FRAME)
    return Part(head >> 18, count + (head >> 12 & 63), count, symbol, NOWHERE, epoch, share)
