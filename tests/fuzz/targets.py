# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What arbitrary bytes are thrown at: everything that reads bytes from others.

A target takes bytes and returns; it raises only where a decoder is not total or takes bytes that
it would not have written. ``EXAMPLES`` are right inputs to begin from.
"""

from __future__ import annotations

from collections.abc import Callable

from lage.kinds.schema import SCHEMA
from sync.codec import versions as codec
from sync.feed.chain import Run
from sync.feed.records import Certificate, Reopening, Revocation, decode_record
from sync.schema.op import OPERATION_MAX, OperationError
from sync.text import prose as text
from sync.wire.block import encode_nack, encode_part
from sync.wire.frames import (
    FRAME_MAX,
    MAC_SIZE,
    Have,
    Missing,
    Nack,
    PacketError,
    Part,
    Runs,
    Seal,
    Tag,
    Tags,
    Want,
)
from sync.wire.packet import decode, encode_have, encode_runs, encode_tags, encode_want
from sync.wire.summary import Summary
from tests.unit.sync.golden_codec import AUTHOR, VERSIONS
from tests.unit.sync.golden_codec import EXAMPLES as OPERATIONS

SEAL = Seal(bytes(16), bytes(32))


def operation(data: bytes) -> None:
    """An operation as it stands in a feed."""
    if len(data) < 3:
        return
    author, number, coded = data[0], 1 + data[1], data[2:]
    try:
        found = codec.decode(coded, SCHEMA, author, number)
    except OperationError:
        return
    assert len(coded) <= OPERATION_MAX
    kind = SCHEMA.by_name[found.kind]
    assert found.changes.keys() <= kind.by_name.keys()


def content(data: bytes) -> None:
    """The same behind a right length and version, so that every input reaches the codec."""
    if data:
        body = bytes((data[0] & 31 | (1 + (data[0] >> 5 & 1)) << 5,)) + data[1 : OPERATION_MAX - 1]
        operation(bytes((AUTHOR, 40, len(body))) + body)


def tail(data: bytes) -> None:
    """A text up to the end of its bytes."""
    try:
        found = text.decode_tail(data[:140], max_chars=400)
    except text.TextError:
        return
    assert len(found) <= 400


def frame(data: bytes) -> None:
    """A frame as it comes from the radio."""
    try:
        found = decode(data, SEAL)
    except PacketError:
        return
    assert len(data) <= FRAME_MAX
    if isinstance(found, Runs):
        again = encode_runs(found.runs, original=found.original, urgent=found.urgent)
        assert decode(again, SEAL) == found


def control(data: bytes) -> None:
    """A control frame of somebody who has the network's key."""
    frame(SEAL.close(data[: FRAME_MAX - MAC_SIZE]))


def record(data: bytes) -> None:
    """A record of the roster."""
    try:
        found = decode_record(data)
    except OperationError:
        return
    assert found is None or found.encode() == data


TARGETS: dict[str, Callable[[bytes], None]] = {
    target.__name__: target for target in (operation, content, tail, frame, control, record)
}


def _coded() -> list[bytes]:
    return [
        bytes((AUTHOR, number - 1)) + codec.encode(example, SCHEMA, AUTHOR, number, version)
        for version in VERSIONS
        for number, example in OPERATIONS
    ]


def _frames() -> list[bytes]:
    coded = [item[2:] for item in _coded()]
    runs = [
        Run(AUTHOR, 1, tuple(coded[-2:]), bytes(64)),
        Run(1023, 2**20, (coded[-1],), bytes(64), bytes(16)),
    ]
    return [encode_runs(runs[:1], original=True, pad_to=166), encode_runs(runs[1:], urgent=True)]


def _controls() -> list[bytes]:
    tags = Tags(3, (Tag(1, 7, 0xABCD), Tag(900, 70_000, 1)), 5)
    frames = [
        encode_have(Have(3, Summary(0, (4, 0, 17, 300)), 0x1234, 9), SEAL),
        encode_want(Want(3, (Missing(1, 5, 2), Missing(400, 1, 0)), 4), SEAL),
        encode_part(Part(25 << 4, 0, 2, b"symbol", 0), SEAL),
        encode_nack(Nack(3, 25 << 4, 11, 2, 25, 7), SEAL),
        encode_tags(tags, SEAL),
    ]
    return [item[:-MAC_SIZE] for item in frames]


def _records() -> list[bytes]:
    return [
        Certificate(7, bytes(range(32)), bytes(range(32)), "SAE Hörstel", 1).encode(),
        Revocation(7, 99, bytes(16), 2).encode(),
        Reopening(7, 12, bytes(16)).encode(),
    ]


EXAMPLES: dict[str, Callable[[], list[bytes]]] = {
    "operation": _coded,
    "content": lambda: [item[3:] for item in _coded()],
    "tail": lambda: [
        text.encode_tail(line) for line in ("Pegel Rheine 451 cm", "Привет 🚒", "qZ~")
    ],
    "frame": _frames,
    "control": _controls,
    "record": _records,
}
