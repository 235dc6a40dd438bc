# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Whole bytes of a frame, one after the other; whatever does not fit raises PacketError."""

from __future__ import annotations

from sync.feed.why import Why
from sync.schema.op import OPERATION_MAX
from sync.wire.frames import PacketError


class Cursor:
    """Reads a frame from its second byte on."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.place = 1

    @property
    def left(self) -> int:
        """Bytes to come."""
        return len(self.data) - self.place

    def take(self, size: int) -> bytes:
        """The next bytes."""
        if size > self.left:
            raise PacketError(Why.FRAME)
        self.place += size
        return self.data[self.place - size : self.place]

    def varint(self) -> int:
        """A number of up to 28 bits."""
        value = 0
        for _ in range(4):
            byte = self.take(1)[0]
            value = value << 7 | byte & 127
            if byte < 128:
                return value
        raise PacketError(Why.FRAME)

    def operation(self) -> bytes:
        """An operation with its length."""
        size = self.take(1)[0]
        if not 0 < size < OPERATION_MAX:
            raise PacketError(Why.FRAME)
        return bytes((size,)) + self.take(size)


def varint(value: int) -> bytes:
    """A number, seven bits a byte, the highest first."""
    out = [value & 127]
    while value := value >> 7:
        out.append(value & 127 | 128)
    return bytes(reversed(out))
