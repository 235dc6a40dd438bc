# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A binary range coder in integers: decisions with 16-bit probabilities to bits and back.

The message is one number in [0, 1); each decision narrows the interval in which it lies. The
encoder gives the shortest string of bits inside the last interval; the decoder reads zeros past
the end, so trailing zero bits need not be sent. Carries run back into bytes already written
(Schindler's coder; Martin, "Range encoding", 1979). No floats, nothing that depends on a platform.

The first byte of a stream is always below `FIRST_LIMIT`: the bytes above mark other modes.
"""

from collections.abc import Iterable
from typing import TypeAlias

Step: TypeAlias = tuple[int, int, int]
"""Start, size and total of a part; total 0: a probability and the bit."""

_TOP = 48  # bits of the interval's width kept at most
_BOTTOM = 1 << (_TOP - 8)  # below this width a byte is moved out
_MASK = (1 << _TOP) - 1
FIRST_LIMIT = 0xFE
_FIRST_WIDTH = FIRST_LIMIT << (_TOP - 8)


class RangeEncoder:
    """Narrows an interval by decisions; `bits_used` of it are spent, `finish` gives the bits."""

    __slots__ = ("_done", "_low", "_width")

    def __init__(self) -> None:
        self._low = 0
        self._width = _FIRST_WIDTH
        self._done = bytearray()

    def copy(self) -> "RangeEncoder":
        """A second encoder that has coded the same."""
        twin = RangeEncoder()
        twin._low, twin._width, twin._done = self._low, self._width, self._done.copy()
        return twin

    @property
    def bits_used(self) -> int:
        """Bits that the decisions so far have cost, rounded down."""
        return 8 * len(self._done) + _TOP - self._width.bit_length()

    def encode(self, probability: int, bit: int) -> None:
        """Code one decision; `probability` in 1..65535 is 65536 times that of `bit` being 1."""
        self.encode_all(((probability, bit, 0),))

    def encode_span(self, start: int, size: int, total: int) -> None:
        """Code a value owning `size` of `total` equal parts from `start` on; total <= 2**24."""
        self.encode_all(((start, size, total),))

    def encode_all(self, steps: Iterable[Step]) -> None:
        """Code many decisions and spans: most of what checking an operation takes."""
        low, width, done = self._low, self._width, self._done
        for start, size, total in steps:
            if not total:
                bound = (width >> 16) * start
                if size:
                    width = bound
                else:
                    low += bound
                    width -= bound
            else:
                part = width // total
                low += part * start
                width = width - part * start if start + size == total else part * size
            while width < _BOTTOM:
                if low > _MASK:
                    low &= _MASK
                    self._carry()
                done.append(low >> (_TOP - 8))
                low = (low << 8) & _MASK
                width <<= 8
        self._low, self._width = low, width

    def _carry(self) -> None:
        at = len(self._done) - 1
        while self._done[at] == 0xFF:
            self._done[at] = 0
            at -= 1
        self._done[at] += 1

    def finish(self, bits: int) -> int | None:
        """The number of `bits` bits that stands for all decisions, or None if none is so short.

        The encoder is used up afterwards.
        """
        total = 8 * len(self._done) + _TOP
        low = (int.from_bytes(self._done, "big") << _TOP) + self._low
        if bits >= total:
            return low << (bits - total)
        step = total - bits
        value = -(-low >> step)  # rounded up to a multiple of 2**step
        return value if (value << step) < low + self._width else None


class RangeDecoder:
    """Takes the decisions out of `data` again; past its end stand zeros."""

    __slots__ = ("_at", "_data", "_offset", "_width")

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = _TOP // 8
        self._offset = int.from_bytes(data[: self._at].ljust(self._at, b"\0"), "big")
        self._width = _FIRST_WIDTH

    def copy(self) -> "RangeDecoder":
        """A second decoder at the same place."""
        twin = RangeDecoder(self._data)
        twin.state = self.state
        return twin

    @property
    def data(self) -> bytes:
        """What is decoded."""
        return self._data

    @property
    def state(self) -> tuple[int, int, int]:
        """Bytes taken in, and the interval: where the number lies in it, and its width."""
        return self._at, self._offset, self._width

    @state.setter
    def state(self, state: tuple[int, int, int]) -> None:
        self._at, self._offset, self._width = state

    @property
    def bits_used(self) -> int:
        """Bits that the decisions so far have cost; equal to the encoder's at the same place."""
        return 8 * self._at - self._width.bit_length()

    def decode(self, probability: int) -> int:
        """The next decision, 0 or 1; `probability` as given to the encoder."""
        bound = (self._width >> 16) * probability
        if self._offset < bound:
            self._width = bound
            bit = 1
        else:
            self._offset -= bound
            self._width -= bound
            bit = 0
        while self._width < _BOTTOM:
            self._shift()
        return bit

    def peek_span(self, total: int) -> int:
        """Which of `total` equal parts comes next; `take_span` must follow with its owner."""
        return min(self._offset // (self._width // total), total - 1)

    def take_span(self, start: int, size: int, total: int) -> None:
        """Take the value that owns `size` of `total` parts from `start` on."""
        part = self._width // total
        self._offset -= part * start
        self._width = self._width - part * start if start + size == total else part * size
        while self._width < _BOTTOM:
            self._shift()

    def _shift(self) -> None:
        following = self._data[self._at] if self._at < len(self._data) else 0
        self._offset = ((self._offset << 8) | following) & _MASK
        self._at += 1
        self._width <<= 8
