# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""One operation and its envelope.

An operation is coded once, by its author, and never recoded: chain, signature, storage, relaying
and export all use these bytes. The envelope is what every version agrees on, so that a node can
verify, store and relay what it cannot read:

    byte 0   length of the rest, 1..139
    byte 1   upper 3 bits: codec version; the rest belongs to that codec

Versions: 0 roster records (``sync.feed.roster``), 1 msgpack (``sync.codec.packed``),
2 range-coded (``sync.codec.compact``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sync.schema.definition import Change, EntityId

OPERATION_MAX = 140
"""Largest operation in bytes, length byte included: it goes into one packet with its signature."""

assert OPERATION_MAX <= 256, "the length stands in one byte"


class OperationError(ValueError):
    """Bytes that are no operation, or an operation that cannot be coded."""


class OperationTooLong(OperationError):
    """More than ``OPERATION_MAX`` bytes; ``excess`` says by how many."""

    def __init__(self, excess: int) -> None:
        super().__init__(f"operation is {excess} bytes too long")
        self.excess = excess


class OutdatedCodec(OperationError):
    """Written in a version that had been given up by then: keep the bytes, show nothing."""


class UnknownCodec(OperationError):
    """A codec version, text model or kind that this node lacks: keep the bytes, show nothing."""


@dataclass(frozen=True, slots=True)
class Operation:
    """What one author did to one entity.

    ``entity`` None means that this operation creates its entity, which then has the id
    (author, number) of this very operation and costs no byte on the air.
    ``unknown`` holds fields of a newer schema by number, as coded. ``basis`` names operations on
    the entity that the author had before him (``sync.schema.causal``).
    """

    time: int  # seconds since the epoch of sync.clock
    kind: str
    changes: Mapping[str, Change]
    entity: EntityId | None = None
    unknown: Mapping[int, bytes] = field(default_factory=dict)
    basis: tuple[EntityId, ...] = ()


def wrap(version: int, low_bits: int, rest: bytes) -> bytes:
    """Put an envelope around coded content; ``low_bits`` (5 bits) belong to the codec.

    Raises OperationTooLong.
    """
    size = 1 + len(rest)
    if size + 1 > OPERATION_MAX:
        raise OperationTooLong(size + 1 - OPERATION_MAX)
    return bytes((size, version << 5 | low_bits)) + rest


def unwrap(data: bytes) -> tuple[int, int, bytes]:
    """Codec version, its 5 low bits, and the rest of exactly one operation.

    Raises OperationError.
    """
    if len(data) < 2 or data[0] != len(data) - 1 or len(data) > OPERATION_MAX:
        raise OperationError("wrong length")
    return data[1] >> 5, data[1] & 31, data[2:]
