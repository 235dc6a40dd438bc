# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which codec wrote these bytes: the one door to all codec versions.

A node reads every version it knows and writes ``LATEST``; the version stands in the operation.
"""

from __future__ import annotations

from sync.codec import compact as codec_compact
from sync.codec import packed as codec_msgpack
from sync.codec.ahead import Ahead
from sync.schema.definition import Schema
from sync.schema.op import Operation, OperationError, OutdatedCodec, UnknownCodec, unwrap

LATEST = codec_compact.VERSION

_SUCCEEDED = {codec_msgpack.VERSION: 28_330_200}
"""When a version had a successor, in seconds since the epoch: nobody has written it since."""


def encode(
    operation: Operation, schema: Schema, author: int, number: int, version: int = LATEST
) -> bytes:
    """Bytes of that author's operation of that number.

    Raises ValueRefused for a value its field cannot hold, OperationTooLong above 140 bytes.
    """
    _check_place(operation, author, number)
    if version == codec_compact.VERSION:
        return codec_compact.encode(operation, schema, author, number)
    if version == codec_msgpack.VERSION:
        return codec_msgpack.encode(operation, schema)
    raise UnknownCodec(f"codec version {version}")


def read_back(
    data: bytes, operation: Operation, schema: Schema, author: int, number: int
) -> Operation:
    """As ``decode`` of bytes of ``LATEST`` that were just written, in a fraction of its time.

    Raises OperationError unless they say the same.
    """
    return codec_compact.read_back(data, operation, schema, author, number)


def read(
    data: bytes, schema: Schema, author: int, number: int, ahead: Ahead | None = None
) -> Operation:
    """As ``decode``, for what arrives today: an old version counts in archives only.

    An archive is told by what is written in it, a time before the version had a successor. Were it
    told by how it came (stick, radio), two nodes with the same operations would show two pictures.
    Raises OperationError; OutdatedCodec for what was written when its version was given up.
    """
    operation = decode(data, schema, author, number, ahead)
    version = data[1] >> 5
    if operation.time >= _SUCCEEDED.get(version, operation.time + 1):
        raise OutdatedCodec(f"codec version {version} after its time")
    return operation


def decode(
    data: bytes, schema: Schema, author: int, number: int, ahead: Ahead | None = None
) -> Operation:
    """The operation in these bytes, which stand at that place in that author's feed.

    ``ahead``: texts that were read ahead; raises Unread for one that was not.
    Raises OperationError; UnknownCodec for what only a newer version can read.
    """
    version, _, _ = unwrap(data)
    if version == codec_compact.VERSION:
        operation = codec_compact.decode(data, schema, author, number, ahead)
    elif version == codec_msgpack.VERSION:
        operation = codec_msgpack.decode(data, schema)
    else:
        raise UnknownCodec(f"codec version {version}")
    _check_place(operation, author, number)
    return operation


def _check_place(operation: Operation, author: int, number: int) -> None:
    """An operation that changes the entity of its own number would create it without its fields."""
    if operation.entity == (author, number):
        raise OperationError("about itself")
