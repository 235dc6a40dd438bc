# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Bytes on the air <-> runs and control frames. The decoder is total and bounded.

    byte 0    version (3 bits, 1) | type (3 bits) | flags (2 bits)

RUNS (0)  runs one after another, [hints], then zeros if padded. Flags: 1 sent by the author,
          2 urgent. A run: prefix? 1 bit | count 5 | author 10 | number of the first operation,
          varint | [chain before it 16] | operations | signature 64
          Hints: count 1..3 in a byte; each author 10 | urgent 1 | low bits of the number 13
HAVE (1)  bits: sender 10 | target 10 | summary | floor; then digest 2, stamp 2, MAC 8.
          Flag: 2 urgent news
WANT (2)  bits: sender 10 | target 10 | count | ranges (author gap, first, length); stamp 2, MAC 8
FORK (3)  author 2 | number, varint | operations on side a and b, 4 bits each | chain 16 and
          signature 64 of a, of b | operations of a, of b: proves itself, needs no MAC
          Flag 1: author 2 | choice, a record of feed 0: which branch of feed 0 counts
TAGS (4)  bits: sender 10 | count | (author 10, number, 16 bits of the chain there); stamp 2, MAC 8

The MAC is BLAKE2b with the network key over network id and frame: outsiders cannot make control
frames. Its stamp counts up with every control frame of a sender, so that an old one that is
replayed is known as old; the worst it does is cost airtime.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sync.feed.chain import (
    AUTHOR_MAX,
    CHAIN_SIZE,
    NUMBER_MAX,
    RUN_OPERATIONS_MAX,
    SIGNATURE_SIZE,
    Run,
    next_chain,
)
from sync.feed.log import ForkProof
from sync.feed.records import Choice, decode_record
from sync.schema.op import OPERATION_MAX, OperationError
from sync.wire import hearsay, summary
from sync.wire.bits import BitReader, BitsError, BitWriter
from sync.wire.frames import (
    ENTRIES_MAX,
    FRAME_MAX,
    HINT_NUMBERS,
    HINT_SIZE,
    HINTS_MAX,
    MAC_SIZE,
    VERSION,
    Chosen,
    Content,
    Fork,
    Have,
    Hint,
    Missing,
    PacketError,
    Runs,
    Seal,
    Tag,
    Tags,
    UnknownFrame,
    Want,
)

_RUNS, _HAVE, _WANT, _FORK, _TAGS = range(5)
_ORIGINAL, _URGENT = 1, 2
_CHOICE = 1
_TAIL = 2 + MAC_SIZE

assert VERSION < 1 << 3, "version and type share a byte"
assert AUTHOR_MAX == (1 << 10) - 1, "authors stand in 10 bits"
assert RUN_OPERATIONS_MAX == (1 << 5) - 1, "the count of a run stands in 5 bits"
assert NUMBER_MAX < 1 << 4 * 7, "numbers stand in four bytes of seven bits"


def encode_runs(
    runs: Sequence[Run],
    *,
    original: bool = False,
    urgent: bool = False,
    hints: Sequence[Hint] = (),
    pad_to: int = 0,
) -> bytes:
    """A frame with these runs and at most HINTS_MAX hints, filled with zeros up to ``pad_to``."""
    out = bytearray((_first(_RUNS, _ORIGINAL * original | _URGENT * urgent),))
    for run in runs:
        out += _run_bytes(run)
    if hints:
        assert len(hints) <= HINTS_MAX
        out.append(len(hints))
        for hint in hints:
            bits = hint.author << 14 | hint.urgent << 13 | hint.number % HINT_NUMBERS
            out += bits.to_bytes(HINT_SIZE, "big")
    assert len(out) <= FRAME_MAX
    return bytes(out).ljust(pad_to, b"\0")


def encode_have(have: Have, seal: Seal) -> bytes:
    """A HAVE frame."""
    bits = BitWriter()
    bits.write(have.sender, 10)
    bits.write(have.target, 10)
    summary.write(bits, have.summary)
    hearsay.write(bits, have.floor, have.summary.heads)
    tail = have.digest.to_bytes(2, "big") + have.stamp.to_bytes(2, "big")
    first = _first(_HAVE, _URGENT * have.urgent)
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
    return seal.close(bytes((_first(_WANT),)) + body + want.stamp.to_bytes(2, "big"))


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
    frame = bytes((_first(_TAGS),)) + bits.getvalue() + tags.stamp.to_bytes(2, "big")
    return seal.close(frame)


def encode_fork(proof: ForkProof) -> bytes | None:
    """A FORK frame; None if the proof does not fit in one.

    If it is too long it is moved to a higher number, up to where one side ends: it still proves
    the fork, but no longer where it begins.
    """
    frame = _fork_bytes(proof)
    while frame is None and proof.operations_a and proof.operations_b:
        proof = _moved(proof)
        frame = _fork_bytes(proof)
    return frame


def _fork_bytes(proof: ForkProof) -> bytes | None:
    sizes = len(proof.operations_a), len(proof.operations_b)
    if max(sizes) > 15:
        return None
    frame = b"".join(
        (
            bytes((_first(_FORK),)),
            proof.author.to_bytes(2, "big"),
            _varint(proof.number),
            bytes((sizes[0] << 4 | sizes[1],)),
            proof.chain_a,
            proof.signature_a,
            proof.chain_b,
            proof.signature_b,
            *proof.operations_a,
            *proof.operations_b,
        )
    )
    return frame if len(frame) <= FRAME_MAX else None


def encode_choice(author: int, choice: Choice) -> bytes:
    """A FORK frame that says which branch of that feed 0 counts."""
    return bytes((_first(_FORK, _CHOICE),)) + author.to_bytes(2, "big") + choice.encode()


def fork_number(frame: bytes) -> int:
    """Where an encoded proof stands."""
    return _decode_fork(frame).proof.number


def decode(payload: bytes, seal: Seal) -> Content:
    """What a frame says. Raises PacketError."""
    if not 0 < len(payload) <= FRAME_MAX:
        raise PacketError("size")
    version, kind, flags = payload[0] >> 5, payload[0] >> 2 & 7, payload[0] & 3
    if version != VERSION:
        raise UnknownFrame("version")
    if kind == _RUNS:
        return _decode_runs(payload, flags)
    if kind == _FORK:
        return _decode_choice(payload) if flags & _CHOICE else _decode_fork(payload)
    reader = _READERS.get(kind)
    if reader is None:
        raise UnknownFrame("type")
    if len(payload) < 1 + _TAIL or not seal.holds(payload):
        raise PacketError("mac")
    try:
        return reader(payload)
    except BitsError as error:
        raise PacketError("frame") from error


def _decode_runs(payload: bytes, flags: int) -> Runs:
    cursor = _Cursor(payload)
    runs: list[Run] = []
    while cursor.left and payload[cursor.place] > HINTS_MAX:
        head = int.from_bytes(cursor.take(2), "big")
        count, author = head >> 10 & 31, head & AUTHOR_MAX
        first = cursor.varint()
        prefix = cursor.take(CHAIN_SIZE) if head >> 15 else None
        operations = tuple(cursor.operation() for _ in range(count))
        signature = cursor.take(SIGNATURE_SIZE)
        if not (count or prefix) or not 0 < first <= NUMBER_MAX - count:
            raise PacketError("frame")
        runs.append(Run(author, first, operations, signature, prefix))
    hints = _decode_hints(cursor) if cursor.left else ()
    if not runs or any(cursor.take(cursor.left)):
        raise PacketError("frame")
    return Runs(tuple(runs), bool(flags & _ORIGINAL), bool(flags & _URGENT), hints)


def _decode_hints(cursor: _Cursor) -> tuple[Hint, ...]:
    count = cursor.take(1)[0]  # 0: padding begins
    found = (int.from_bytes(cursor.take(HINT_SIZE), "big") for _ in range(count))
    return tuple(Hint(bits >> 14, bits % HINT_NUMBERS, bool(bits >> 13 & 1)) for bits in found)


def _decode_have(payload: bytes) -> Have:
    bits = BitReader(payload[1 : -_TAIL - 2])
    sender, target = bits.read(10), bits.read(10)
    content = summary.read(bits)
    floor = hearsay.read(bits, content.heads)
    bits.finish()
    tail = payload[-_TAIL - 2 :]
    digest, stamp = int.from_bytes(tail[:2], "big"), int.from_bytes(tail[2:4], "big")
    urgent = bool(payload[0] & _URGENT)
    return Have(sender, content, digest, stamp, urgent, target, floor)


def _decode_want(payload: bytes) -> Want:
    bits = BitReader(payload[1:-_TAIL])
    sender, target = bits.read(10), bits.read(10)
    count = bits.read_golomb(1) + 1
    if count > ENTRIES_MAX:
        raise PacketError("frame")
    ranges, author = [], 0
    for _ in range(count):
        author += bits.read_golomb(2)
        first, length = bits.read_golomb(5) + 1, bits.read_golomb(1)
        if author > AUTHOR_MAX or first + length > NUMBER_MAX:
            raise PacketError("frame")
        ranges.append(Missing(author, first, length))
    bits.finish()
    return Want(sender, tuple(ranges), _stamp(payload), target)


def _decode_tags(payload: bytes) -> Tags:
    bits = BitReader(payload[1:-_TAIL])
    sender = bits.read(10)
    count = bits.read_golomb(1) + 1
    if count > ENTRIES_MAX:
        raise PacketError("frame")
    tags = []
    for _ in range(count):
        author, number = bits.read(10), bits.read_golomb(5) + 1
        if number > NUMBER_MAX:
            raise PacketError("frame")
        tags.append(Tag(author, number, bits.read(16)))
    bits.finish()
    return Tags(sender, tuple(tags), _stamp(payload))


def _decode_choice(payload: bytes) -> Chosen:
    author = int.from_bytes(payload[1:3], "big")
    try:
        choice = decode_record(payload[3:])
    except OperationError as error:
        raise PacketError("frame") from error
    if author > AUTHOR_MAX or not isinstance(choice, Choice):
        raise PacketError("frame")
    return Chosen(author, choice)


def _decode_fork(payload: bytes) -> Fork:
    cursor = _Cursor(payload)
    author = int.from_bytes(cursor.take(2), "big")
    number = cursor.varint()
    sizes = cursor.take(1)[0]
    chain_a, signature_a = cursor.take(CHAIN_SIZE), cursor.take(SIGNATURE_SIZE)
    chain_b, signature_b = cursor.take(CHAIN_SIZE), cursor.take(SIGNATURE_SIZE)
    operations_a = tuple(cursor.operation() for _ in range(sizes >> 4))
    operations_b = tuple(cursor.operation() for _ in range(sizes & 15))
    if author > AUTHOR_MAX or not 0 < number < NUMBER_MAX - 15 or cursor.left:
        raise PacketError("frame")
    return Fork(
        ForkProof(
            author, number, chain_a, signature_a, chain_b, signature_b, operations_a, operations_b
        )
    )


_READERS: dict[int, Callable[[bytes], Content]] = {
    _HAVE: _decode_have,
    _WANT: _decode_want,
    _TAGS: _decode_tags,
}


class _Cursor:
    """Reads a frame from its second byte on."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.place = 1

    @property
    def left(self) -> int:
        return len(self.data) - self.place

    def take(self, size: int) -> bytes:
        if size > self.left:
            raise PacketError("frame")
        self.place += size
        return self.data[self.place - size : self.place]

    def varint(self) -> int:
        value = 0
        for _ in range(4):
            byte = self.take(1)[0]
            value = value << 7 | byte & 127
            if byte < 128:
                return value
        raise PacketError("frame")

    def operation(self) -> bytes:
        size = self.take(1)[0]
        if not 0 < size < OPERATION_MAX:
            raise PacketError("frame")
        return bytes((size,)) + self.take(size)


def _run_bytes(run: Run) -> bytes:
    count = len(run.operations)
    assert count or run.prefix
    assert count <= RUN_OPERATIONS_MAX
    head = (run.prefix is not None) << 15 | count << 10 | run.author
    return b"".join(
        (
            head.to_bytes(2, "big"),
            _varint(run.first),
            run.prefix or b"",
            *run.operations,
            run.signature,
        )
    )


def _moved(proof: ForkProof) -> ForkProof:
    """The same proof at the next number."""
    a, b = proof.operations_a, proof.operations_b
    return ForkProof(
        proof.author,
        proof.number + 1,
        next_chain(proof.chain_a, a[0]),
        proof.signature_a,
        next_chain(proof.chain_b, b[0]),
        proof.signature_b,
        a[1:],
        b[1:],
    )


def _varint(value: int) -> bytes:
    out = [value & 127]
    while value := value >> 7:
        out.append(value & 127 | 128)
    return bytes(reversed(out))


def _first(kind: int, flags: int = 0) -> int:
    return VERSION << 5 | kind << 2 | flags


def _stamp(payload: bytes) -> int:
    return int.from_bytes(payload[-_TAIL:-MAC_SIZE], "big")
