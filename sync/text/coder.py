# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""One text and one model: to a number of bits, and back.

The end of the text is implied by the end of the bits. Where much room is left the text cannot end
(a shorter code would have been sent); within the last bits its end is one more decision, the
likelier the less room is left. So a text costs what its characters tell and about two bits.
"""

from bisect import bisect_left
from collections.abc import Iterator

from sync.text.cursor import Cursor, EndState
from sync.text.model import ESCAPE, TextModel
from sync.text.rangecoder import RangeDecoder, RangeEncoder, Step

_ZONE = 20  # the end is possible only where at most so many bits of room are left
_OVERRUN = 24  # nor can a text go on when so many more bits are spent than there were
_END_LEAST = 32  # least probability of the end within the zone, of 65536
_BLOCK = 128  # code points outside the alphabet: a block of so many, then one of it
_BLOCKS = 0x110000 // _BLOCK
_SAME_BLOCK = 57344  # probability that the block is that of the last such code point


class TextError(ValueError):
    """The bytes are no text, or the text cannot be coded."""


class Plan:
    """All decisions that code a text, made once and then fitted into a room."""

    def __init__(self, model: TextModel, text: str) -> None:
        self.cursor = cursor = Cursor(model)
        self._steps: list[list[Step]] = []
        self._ends = []
        decisions: list[Step] = []

        def decide(probability: int, bit: int) -> int:
            decisions.append((probability, bit, 0))
            return bit

        block, escaped = 0, False
        for char in text:
            self._ends.append(cursor.end_state())
            symbol = model.symbol_of.get(char, ESCAPE)
            if cursor.code(decide, symbol) < 0:
                decisions.append(_rest_span(model, cursor.tried, escaped, symbol))
            escaped = symbol == ESCAPE
            if escaped:
                same = ord(char) // _BLOCK == block
                decide(_SAME_BLOCK, same)
                block = ord(char) // _BLOCK
                if not same:
                    decisions.append((block, 1, _BLOCKS))
                decisions.append((ord(char) % _BLOCK, 1, _BLOCK))
            cursor.advance(symbol)
            self._steps.append(decisions.copy())
            decisions.clear()
        self._ends.append(cursor.end_state())

    def fit(self, bits_before: int, most: int) -> tuple[int, int] | None:
        """Number and size of the shortest code that fills whole bytes; None above `most` bits.

        As far as no room tried lets the text end, all codes are the same and made once.
        """
        marks = []  # bits spent before each step
        coder = RangeEncoder()
        for step in self._steps:
            marks.append(coder.bits_used)
            _put(coder, step)
        room = max(8, coder.bits_used - 8)
        room += -(bits_before + room) % 8
        common = bisect_left(marks, room - _ZONE)
        coder = RangeEncoder()
        for step in self._steps[:common]:
            _put(coder, step)
        for size in range(room, min(most, room + 40) + 1, 8):
            value = self._code(coder.copy(), common, size)
            if value is not None:
                return value, size
        return None

    def _code(self, coder: RangeEncoder, common: int, room: int) -> int | None:
        """The number in `room` bits; `coder` holds the first `common` steps already."""
        slack = _ZONE + 1
        for at, slack, state in self.endings(coder, common, room):
            coder.encode(_end_probability(self.cursor, state, slack), at == len(self._steps))
        return coder.finish(room) if -_OVERRUN <= slack <= _ZONE else None

    def endings(
        self, coder: RangeEncoder, start: int, room: int
    ) -> Iterator[tuple[int, int, EndState]]:
        """Code all steps from `start` on, and stop wherever the text might end.

        Yields the number of characters before, bits of room left and what the contexts say.
        """
        for at in range(start, len(self._steps) + 1):
            slack = room - coder.bits_used
            if slack <= _ZONE:
                yield at, slack, self._ends[at]
            if at < len(self._steps):
                _put(coder, self._steps[at])


def _put(coder: RangeEncoder, step: list[Step]) -> None:
    coder.encode_all(step)


def _end_probability(cursor: Cursor, state: EndState, slack: int) -> int:
    found = cursor.end_probability(state, slack)
    return found if found > _END_LEAST else _END_LEAST


def _rest(model: TextModel, tried: list[int], escaped: bool) -> list[int]:
    """Sizes of the symbols that were not tried, in the plain table; of tried ones 0."""
    sizes = model.rest_sizes.copy()
    for symbol in tried:
        sizes[symbol] = 0
    if escaped:
        sizes[ESCAPE] = model.rest_total
    return sizes


def _rest_span(model: TextModel, tried: list[int], escaped: bool, symbol: int) -> Step:
    sizes = _rest(model, tried, escaped)
    return sum(sizes[:symbol]), sizes[symbol], sum(sizes)


def decode_bits(model: TextModel, data: bytes, size: int, max_chars: int) -> str:
    """The text in the first `size` bits of `data`; raises TextError."""
    coder, cursor = RangeDecoder(data), Cursor(model)
    out: list[str] = []
    block, escaped = 0, False

    def decide(probability: int, _bit: int) -> int:
        return coder.decode(probability)

    while True:
        slack = size - coder.bits_used
        if slack < -_OVERRUN:
            raise TextError("the text runs past its end")
        if slack <= _ZONE and coder.decode(_end_probability(cursor, cursor.end_state(), slack)):
            return "".join(out)
        if len(out) >= max_chars:
            raise TextError("the text is too long")
        symbol = cursor.code(decide, -1)
        if symbol < 0:
            symbol = _take_rest(coder, model, cursor.tried, escaped)
        escaped = symbol == ESCAPE
        if escaped:
            block = block if coder.decode(_SAME_BLOCK) else _take(coder, _BLOCKS)
            out.append(_character(block * _BLOCK + _take(coder, _BLOCK)))
        else:
            out.append(model.alphabet[symbol])
        cursor.advance(symbol)


def _take(coder: RangeDecoder, total: int) -> int:
    value = coder.peek_span(total)
    coder.take_span(value, 1, total)
    return value


def _take_rest(coder: RangeDecoder, model: TextModel, tried: list[int], escaped: bool) -> int:
    sizes = _rest(model, tried, escaped)
    total = sum(sizes)
    place = coder.peek_span(total)
    symbol = start = 0
    while start + sizes[symbol] <= place:
        start += sizes[symbol]
        symbol += 1
    coder.take_span(start, sizes[symbol], total)
    return symbol


def _character(point: int) -> str:
    if 0xD800 <= point < 0xE000:
        raise TextError("the text holds half of a surrogate pair")
    return chr(point)
