# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Bytes on the air <-> runs and control frames. The decoder is total and bounded.

    byte 0    version (3 bits) | type (3 bits) | flags (2 bits)

RUNS (0)  runs one after another, then zeros if padded. Flags: 1 sent by the author, 2 urgent.
          A run: prefix? 1 bit | count 5 | author 10 | number of the first operation, varint |
          [chain before it 16] | operations | signature 64
          Version 2 has hints before the runs: count 2 bits | MAC 14; each author 10 | urgent 1 |
          low bits of the number 13
          Version 3 is a part of a block of runs (``sync.wire.block``)
HAVE (1)  bits: sender 10 | target 10 | summary | floor; then digest 2, stamp 3, MAC 4.
          Flag: 2 urgent news
WANT (2)  bits: sender 10 | target 10 | count | ranges (author gap, first, length); stamp 3, MAC 4.
          Flag: 1 to the whole mesh
FORK (3)  author 2 | number, varint | operations on side a and b, 4 bits each | chain 16 and
          signature 64 of a, of b | operations of a, of b: proves itself, needs no MAC
          Flag 1: author 2 | choice, a record of feed 0: which branch of feed 0 counts
TAGS (4)  bits: sender 10 | count | (author 10, number, 16 bits of the chain there); stamp 3, MAC 4
BEAT (5)  bits: sender 10 | two pages of 14 (``sync.wire.heartbeat``); stamp 3, MAC 4
HELD (6)  who holds an urgent entry (``sync.wire.held``); MAC 4
CENSUS (7)  which members of a large county hold what (``sync.wire.census``); MAC 4

RUNS and FORK are of version 1; all others and RUNS with hints, which have a MAC, of version 2. The
MAC is BLAKE2b with the network key over network id and frame: outsiders cannot make such frames,
and by its stamp an old one that is replayed is known as old.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sync.feed.chain import AUTHOR_MAX, NUMBER_MAX, Run
from sync.feed.why import Why
from sync.wire import hearsay, summary
from sync.wire.bits import BitReader, BitsError, BitWriter
from sync.wire.block import BLOCK_VERSION, NACK, decode_nack, decode_part, encode_part
from sync.wire.census import CENSUS, decode_census
from sync.wire.cursor import Cursor
from sync.wire.forks import CHOICE, FORK, decode_choice, decode_fork
from sync.wire.frames import (
    ENTRIES_MAX,
    FRAME_MAX,
    HINT_NUMBERS,
    HINT_SIZE,
    HINTS_HEAD,
    HINTS_MAC_BITS,
    HINTS_MAX,
    MAC_SIZE,
    SEALED_VERSION,
    STAMP_SIZE,
    VERSION,
    Beat,
    Content,
    Have,
    Hint,
    Missing,
    PacketError,
    Part,
    Runs,
    Seal,
    Tag,
    Tags,
    UnknownFrame,
    Want,
)
from sync.wire.heartbeat import BEAT, read_beat
from sync.wire.held import HELD, decode_held
from sync.wire.index import PARITY, decode_parity, encode_parity
from sync.wire.run import read_run, run_bytes

_RUNS, _HAVE, _WANT, _TAGS = 0, 1, 2, 4
_ORIGINAL, _URGENT, _MESH, _MANY = 1, 2, 1, 2
_TAIL = STAMP_SIZE + MAC_SIZE

assert VERSION < 1 << 3, "version and type share a byte"
assert AUTHOR_MAX == (1 << 10) - 1, "authors stand in 10 bits"


def encode_runs(
    runs: Sequence[Run], *, original: bool = False, urgent: bool = False, pad_to: int = 0
) -> bytes:
    """A frame with these runs, filled with zeros up to ``pad_to``."""
    first = VERSION << 5 | _RUNS << 2 | _ORIGINAL * original | _URGENT * urgent
    frame = bytes((first,)) + b"".join(map(run_bytes, runs))
    assert len(frame) <= FRAME_MAX
    return frame.ljust(pad_to, b"\0")


def encode_answer(content: Runs | Part, seal: Seal) -> bytes:
    """A frame that answers, with its hints, or a part of a block."""
    if isinstance(content, Runs):
        return encode_news(content, seal)
    return encode_parity(content, seal) if content.indexed else encode_part(content, seal)


def encode_news(content: Runs, seal: Seal, pad_to: int = 0) -> bytes:
    """A frame of runs with the hints they carry, at most HINTS_MAX, or the mark of a backlog: a
    MAC and no hints."""
    hints, original, urgent = content.hints, content.original, content.urgent
    if not (hints or content.many):
        return encode_runs(content.runs, original=original, urgent=urgent, pad_to=pad_to)
    assert len(hints) <= HINTS_MAX
    first = bytes((SEALED_VERSION << 5 | _RUNS << 2 | _ORIGINAL * original | _URGENT * urgent,))
    rest = b"".join(map(_hint_bytes, hints)) + b"".join(map(run_bytes, content.runs))
    head = len(hints) << HINTS_MAC_BITS
    head |= seal.mark(first + head.to_bytes(HINTS_HEAD, "big") + rest)
    frame = first + head.to_bytes(HINTS_HEAD, "big") + rest
    assert len(frame) <= FRAME_MAX
    return frame.ljust(pad_to, b"\0")


def encode_have(have: Have, seal: Seal) -> bytes:
    """A HAVE frame."""
    bits = BitWriter()
    bits.write(have.sender, 10)
    bits.write(have.target, 10)
    summary.write(bits, have.summary)
    hearsay.write(bits, have.floor, have.summary.heads)
    tail = have.digest.to_bytes(2, "big") + _stamp_bytes(have.stamp)
    first = _sealed(_HAVE, _URGENT * have.urgent)
    return seal.close(bytes((first,)) + bits.getvalue() + tail)


def encode_want(want: Want, seal: Seal) -> bytes:
    """A WANT frame; ranges beyond its size are left out."""
    ranges = want.ranges[:ENTRIES_MAX]
    while True:
        bits = BitWriter()
        bits.write(want.sender, 10)
        bits.write(want.target, 10)
        bits.write_golomb(len(ranges) - 1, 1)
        author = 0
        for item in ranges:
            bits.write_golomb(item.author - author, 2)
            bits.write_golomb(item.first - 1, 5)
            bits.write_golomb(item.count, 1)
            author = item.author
        body = bits.getvalue()
        if 1 + len(body) + _TAIL <= FRAME_MAX:
            break
        ranges = ranges[: len(ranges) * 3 // 4]
    first = _sealed(_WANT, _MESH * want.mesh | _MANY * want.many)
    return seal.close(bytes((first,)) + body + _stamp_bytes(want.stamp))


def encode_tags(tags: Tags, seal: Seal) -> bytes:
    """A TAGS frame of at most ENTRIES_MAX // 2 tags."""
    bits = BitWriter()
    bits.write(tags.sender, 10)
    entries = tags.tags[: ENTRIES_MAX // 2]
    bits.write_golomb(len(entries) - 1, 1)
    for item in entries:
        bits.write(item.author, 10)
        bits.write_golomb(item.number - 1, 5)
        bits.write(item.tag, 16)
    return seal.close(bytes((_sealed(_TAGS),)) + bits.getvalue() + _stamp_bytes(tags.stamp))


def decode(payload: bytes, seal: Seal) -> Content:
    """What a frame says. Raises PacketError."""
    if not 0 < len(payload) <= FRAME_MAX:
        raise PacketError(Why.SIZE)
    version, kind, flags = payload[0] >> 5, payload[0] >> 2 & 7, payload[0] & 3
    if version == BLOCK_VERSION and kind in _OF_BLOCKS:
        return _OF_BLOCKS[kind](payload, _opened(payload, 6, seal))
    if version not in (VERSION, SEALED_VERSION):
        raise UnknownFrame(Why.VERSION)
    if kind == _RUNS:
        return _decode_runs(payload, flags, seal if version == SEALED_VERSION else None)
    if kind == FORK and version == VERSION:
        return decode_choice(payload) if flags & CHOICE else decode_fork(payload)
    reader = _READERS.get(kind)
    if reader is None:
        raise UnknownFrame(Why.TYPE)
    if version != SEALED_VERSION:
        raise UnknownFrame(Why.VERSION)  # from before keys had epochs
    epoch = _opened(payload, 1 + STAMP_SIZE, seal)
    try:
        return reader(payload, epoch)
    except BitsError as error:
        raise PacketError(Why.FRAME) from error


def _opened(payload: bytes, least: int, seal: Seal) -> int:
    """The epoch of the key that a frame's MAC was made with; ``least``: bytes before the MAC."""
    epoch = None
    if len(payload) >= least + MAC_SIZE:
        epoch = seal.opened(payload[:-MAC_SIZE], payload[-MAC_SIZE:])
    if epoch is None:
        raise PacketError(Why.MAC)
    return epoch


def _decode_runs(payload: bytes, flags: int, seal: Seal | None) -> Runs:
    """Runs and, with a seal, the hints before them. Nobody vouches for those of version 1."""
    cursor = Cursor(payload)
    head = int.from_bytes(cursor.take(HINTS_HEAD), "big") if seal else 0
    hints = _decode_hints(cursor, head >> HINTS_MAC_BITS)
    runs: list[Run] = []
    while cursor.left and payload[cursor.place] > HINTS_MAX:
        runs.append(read_run(cursor))
    epoch = 0
    if seal:
        epoch = _hints_epoch(payload[: cursor.place], head, seal)
    elif cursor.left:
        _decode_hints(cursor, cursor.take(1)[0])
    if not runs or any(cursor.take(cursor.left)):
        raise PacketError(Why.FRAME)
    original, urgent = bool(flags & _ORIGINAL), bool(flags & _URGENT)
    many = seal is not None and not hints and not original
    return Runs(tuple(runs), original, urgent, hints, many, epoch)


def _hints_epoch(frame: bytes, head: int, seal: Seal) -> int:
    mark = head % (1 << HINTS_MAC_BITS)
    bare = (head - mark).to_bytes(HINTS_HEAD, "big")
    epoch = seal.marked(frame[:1] + bare + frame[1 + HINTS_HEAD :], mark)
    if epoch is None:
        raise PacketError(Why.MAC)
    return epoch


def _hint_bytes(hint: Hint) -> bytes:
    bits = hint.author << 14 | hint.urgent << 13 | hint.number % HINT_NUMBERS
    return bits.to_bytes(HINT_SIZE, "big")


def _decode_hints(cursor: Cursor, count: int) -> tuple[Hint, ...]:
    found = (int.from_bytes(cursor.take(HINT_SIZE), "big") for _ in range(count))
    return tuple(Hint(bits >> 14, bits % HINT_NUMBERS, bool(bits >> 13 & 1)) for bits in found)


def _decode_have(payload: bytes, epoch: int) -> Have:
    bits = BitReader(payload[1 : -_TAIL - 2])
    sender, target = bits.read(10), bits.read(10)
    content = summary.read(bits)
    floor = hearsay.read(bits, content.heads)
    bits.finish()
    digest = int.from_bytes(payload[-_TAIL - 2 : -_TAIL], "big")
    urgent = bool(payload[0] & _URGENT)
    return Have(sender, content, digest, _stamp(payload), urgent, target, floor, epoch)


def _decode_want(payload: bytes, epoch: int) -> Want:
    bits = BitReader(payload[1:-_TAIL])
    sender, target = bits.read(10), bits.read(10)
    count = bits.read_golomb(1) + 1
    if count > ENTRIES_MAX:
        raise PacketError(Why.FRAME)
    ranges, author = [], 0
    for _ in range(count):
        author += bits.read_golomb(2)
        first, length = bits.read_golomb(5) + 1, bits.read_golomb(1)
        if author > AUTHOR_MAX or first + length > NUMBER_MAX:
            raise PacketError(Why.FRAME)
        ranges.append(Missing(author, first, length))
    bits.finish()
    mesh, many = bool(payload[0] & _MESH), bool(payload[0] & _MANY)
    return Want(sender, tuple(ranges), _stamp(payload), target, mesh, many, epoch)


def _decode_tags(payload: bytes, epoch: int) -> Tags:
    bits = BitReader(payload[1:-_TAIL])
    sender = bits.read(10)
    count = bits.read_golomb(1) + 1
    if count > ENTRIES_MAX:
        raise PacketError(Why.FRAME)
    tags = []
    for _ in range(count):
        author, number = bits.read(10), bits.read_golomb(5) + 1
        if number > NUMBER_MAX:
            raise PacketError(Why.FRAME)
        tags.append(Tag(author, number, bits.read(16)))
    bits.finish()
    return Tags(sender, tuple(tags), _stamp(payload), epoch)


def _decode_beat(payload: bytes, epoch: int) -> Beat:
    sender, pages = read_beat(BitReader(payload[1:-_TAIL]))
    return Beat(sender, pages, _stamp(payload), epoch)


_READERS: dict[int, Callable[[bytes, int], Content]] = {
    _HAVE: _decode_have,
    _WANT: _decode_want,
    _TAGS: _decode_tags,
    BEAT: _decode_beat,
    HELD: decode_held,
    CENSUS: decode_census,
}


_OF_BLOCKS: dict[int, Callable[[bytes, int], Content]] = {
    _RUNS: decode_part,
    NACK: decode_nack,
    PARITY: decode_parity,
}


def _sealed(kind: int, flags: int = 0) -> int:
    return SEALED_VERSION << 5 | kind << 2 | flags


def _stamp_bytes(stamp: int) -> bytes:
    return stamp.to_bytes(STAMP_SIZE, "big")


def _stamp(payload: bytes) -> int:
    return int.from_bytes(payload[-_TAIL:-MAC_SIZE], "big")
