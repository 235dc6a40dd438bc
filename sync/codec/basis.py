# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""How the compact codec writes what a change was made in view of (``sync.schema.causal``).

It travels among the later fields, under ``BASIS``, so builds that don't know of it keep it. Mostly
one operation is named: one byte if the entity's own author wrote it soon after creating the
entity, else two.
"""

from __future__ import annotations

from sync.codec import odds
from sync.codec.stream import Coder, Reader, Writer, integer
from sync.codec.values import code_member
from sync.schema.causal import BASIS_MAX
from sync.schema.definition import EntityId
from sync.schema.op import OperationError

_ANOTHER = 2048  # of 65536: one more operation is named
_BY_CREATOR = 32768  # of 65536: the creator of the entity wrote it, after creating it
_SOON = 8  # numbers after the creation


def write_basis(basis: tuple[EntityId, ...], entity: EntityId) -> bytes:
    """What is named, as bytes of its own."""
    writer = Writer()
    _code(writer, basis, entity)
    closed = writer.close(0)
    assert closed is not None
    value, size = closed
    return value.to_bytes(size, "big")


def read_basis(data: bytes, entity: EntityId) -> tuple[EntityId, ...]:
    """Inverse of ``write_basis``. Raises OperationError."""
    return _code(Reader(int.from_bytes(data, "big"), 0, len(data)), (), entity)


def _code(coder: Coder, basis: tuple[EntityId, ...], entity: EntityId) -> tuple[EntityId, ...]:
    found: list[EntityId] = []
    while True:
        at = len(found)
        found.append(_one(coder, EntityId(0, 1) if coder.reading else basis[at], entity))
        if not coder.bit(_ANOTHER, at + 1 < len(basis)):
            return tuple(found)
        if len(found) == BASIS_MAX:
            raise OperationError("too much named")


def _one(coder: Coder, value: EntityId, entity: EntityId) -> EntityId:
    soon = value.author == entity.author and value.number > entity.number
    if coder.bit(_BY_CREATOR, soon):
        after = integer(coder, value.number - entity.number - 1, _SOON)
        return EntityId(entity.author, entity.number + 1 + after)
    author = code_member(coder, value.author)
    return EntityId(author, 1 + integer(coder, value.number - 1, odds.OTHERS_NUMBER))
