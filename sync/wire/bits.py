# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Small numbers in few bits: a bit writer, a bit reader, and two universal codes.

Exp-Golomb of order k (Teuhola 1978) suits numbers of very different size, Rice of order k
(Rice 1979) numbers around 2**k. Both are read in bounded time; a reader that runs out of bits
raises ``BitsError``.
"""

from __future__ import annotations

RICE_QUOTIENT_MAX = 40
_PREFIX_MAX = 32


class BitsError(ValueError):
    """Too few bits, or a number beyond the code's limit."""


class BitWriter:
    """Bits, most significant first; the last byte is filled with zeros."""

    def __init__(self) -> None:
        self._value = 0
        self._size = 0

    def write(self, value: int, bits: int) -> None:
        """The lowest ``bits`` bits of a number that fits in them."""
        assert 0 <= value < 1 << bits
        self._value = self._value << bits | value
        self._size += bits

    def write_golomb(self, value: int, order: int) -> None:
        """A number >= 0 in Exp-Golomb code."""
        shifted = (value >> order) + 1
        prefix = shifted.bit_length() - 1
        self.write(0, prefix)
        self.write(shifted, prefix + 1)
        self.write(value & (1 << order) - 1, order)

    def write_rice(self, value: int, order: int) -> None:
        """A number below (RICE_QUOTIENT_MAX + 1) * 2**order in Rice code."""
        quotient = value >> order
        assert quotient <= RICE_QUOTIENT_MAX
        self.write((1 << quotient + 1) - 2, quotient + 1)
        self.write(value & (1 << order) - 1, order)

    def getvalue(self) -> bytes:
        """All bits as bytes."""
        size = -(-self._size // 8)
        return (self._value << size * 8 - self._size).to_bytes(size, "big")


class BitReader:
    """Reads what a BitWriter wrote. Every method raises BitsError at the end of the bytes."""

    def __init__(self, data: bytes) -> None:
        self._value = int.from_bytes(data, "big")
        self._left = len(data) * 8

    @property
    def left(self) -> int:
        """How many bits were not read yet."""
        return self._left

    def read(self, bits: int) -> int:
        """The next ``bits`` bits as a number."""
        if bits > self._left:
            raise BitsError("too short")
        self._left -= bits
        return self._value >> self._left & (1 << bits) - 1

    def read_golomb(self, order: int) -> int:
        """A number in Exp-Golomb code."""
        prefix = 0
        while not self.read(1):
            prefix += 1
            if prefix > _PREFIX_MAX:
                raise BitsError("number too large")
        shifted = 1 << prefix | self.read(prefix)
        return (shifted - 1) << order | self.read(order)

    def read_rice(self, order: int) -> int:
        """A number in Rice code."""
        quotient = 0
        while self.read(1):
            quotient += 1
            if quotient > RICE_QUOTIENT_MAX:
                raise BitsError("number too large")
        return quotient << order | self.read(order)

    def finish(self) -> None:
        """Check that only the zeros that fill the last byte are left."""
        if self._left >= 8 or self.read(self._left):
            raise BitsError("too long")


def golomb_size(value: int, order: int) -> int:
    """Bits of a number in Exp-Golomb code."""
    return 2 * ((value >> order) + 1).bit_length() - 1 + order


def rice_size(value: int, order: int) -> int | None:
    """Bits of a number in Rice code; None where the code does not reach."""
    quotient = value >> order
    return quotient + 1 + order if quotient <= RICE_QUOTIENT_MAX else None
