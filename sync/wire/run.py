# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The bytes of a run as it travels by radio.

prefix? 1 bit | count 5 | author 10 | number of the first operation, varint | [chain before it 16] |
operations | signature 64
"""

from __future__ import annotations

from sync.feed.chain import (
    AUTHOR_MAX,
    CHAIN_SIZE,
    NUMBER_MAX,
    RUN_OPERATIONS_MAX,
    SIGNATURE_SIZE,
    Run,
)
from sync.feed.why import Why
from sync.wire.cursor import Cursor, varint
from sync.wire.frames import PacketError

assert AUTHOR_MAX == (1 << 10) - 1, "authors stand in 10 bits"
assert RUN_OPERATIONS_MAX == (1 << 5) - 1, "the count of a run stands in 5 bits"
assert NUMBER_MAX < 1 << 4 * 7, "numbers stand in four bytes of seven bits"


def run_bytes(run: Run) -> bytes:
    """As it stands in a frame or in a block of frames."""
    count = len(run.operations)
    assert count or run.prefix
    assert count <= RUN_OPERATIONS_MAX
    head = (run.prefix is not None) << 15 | count << 10 | run.author
    return b"".join(
        (
            head.to_bytes(2, "big"),
            varint(run.first),
            run.prefix or b"",
            *run.operations,
            run.signature,
        )
    )


def read_run(cursor: Cursor) -> Run:
    """The next run. Raises PacketError."""
    bits = int.from_bytes(cursor.take(2), "big")
    count, author = bits >> 10 & 31, bits & AUTHOR_MAX
    first = cursor.varint()
    prefix = cursor.take(CHAIN_SIZE) if bits >> 15 else None
    operations = tuple(cursor.operation() for _ in range(count))
    signature = cursor.take(SIGNATURE_SIZE)
    if not (count or prefix) or not 0 < first <= NUMBER_MAX - count:
        raise PacketError(Why.FRAME)
    return Run(author, first, operations, signature, prefix)
