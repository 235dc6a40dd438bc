# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Free text inside the stream of an operation, by the model of ``sync.text.prose``.

The last text of an operation ends where the stream ends, which costs about two bits; any other
says its length first. Text that the model makes no shorter travels as plain UTF-8, so nothing
costs more than its UTF-8 and a byte.
"""

from __future__ import annotations

from itertools import accumulate

from sync.codec.ahead import end_chance, written
from sync.codec.stream import Coder, Reader, Writer, integer
from sync.schema.op import OperationError, UnknownCodec
from sync.text.cursor import Cursor
from sync.text.model import ESCAPE, TextModel
from sync.text.prose import BASE, UnknownModel, load_model

_PLAIN = 1024  # probability that a text is UTF-8
_MODEL_BASE = 65_280  # that it is coded by the base model
_LENGTH = 12  # characters of a text inside the stream
_BYTES = 64  # bytes of UTF-8 inside the stream
_BLOCK = 128  # characters outside the alphabet: a block of so many code points, then one of it
_BLOCKS = 0x110000 // _BLOCK
_SAME_BLOCK = 57_344  # the block of the last such character
_RECORDED_MAX = 64
_recorded: dict[tuple[str, bool], Writer] = {}
"""Decisions of the texts seen last: an entry's text is tried, written and compared in a row, and
asking the model is most of the work."""


def write_text(writer: Writer, text: str, *, last: bool, plain: bool = False) -> None:
    """A text of at least one character; ``plain``: as UTF-8 whatever that costs.

    Raises OperationError for half of a surrogate pair.
    """
    try:
        data = text.encode()
    except UnicodeEncodeError as error:
        raise OperationError("half of a surrogate pair") from error
    model = None if plain else _base_model()
    if model is None:
        plain = True
    else:
        coded = _coded(model, text, last=last)
        plain = coded.bits_used > 8 * len(data)
    writer.bit(_PLAIN, plain)
    if plain:
        _code_plain(writer, data, len(text), last=last)
        return
    writer.bit(_MODEL_BASE, 1)
    if not last:
        integer(writer, len(text) - 1, _LENGTH)
    writer.splice(coded)


def _base_model() -> TextModel | None:
    """The model of this codec version; None in a build whose file is another one."""
    try:
        return load_model(BASE)
    except UnknownModel:
        return None


def _coded(model: TextModel, text: str, *, last: bool) -> Writer:
    """The decisions of a text, which do not depend on what stands before it."""
    writer = _recorded.get((text, last))
    if writer is None:
        writer = Writer()
        _Walk(writer, model).run(text, len(text), last=last)
        _record(text, writer, last=last)
    return writer


def _record(text: str, writer: Writer, *, last: bool) -> None:
    if len(_recorded) >= _RECORDED_MAX:
        _recorded.clear()
    _recorded[text, last] = writer


def read_text(reader: Reader, limit: int, *, last: bool, expected: str = "") -> str:
    """A text of 1 to ``limit`` characters. Raises OperationError.

    ``expected``: what was written just now; then the bytes are only compared with the decisions
    that made them, and anything else is an OperationError.
    """
    if reader.bit(_PLAIN):
        return _code_plain(reader, b"", limit, last=last)
    if not reader.bit(_MODEL_BASE):
        raise UnknownCodec(f"text model {reader.uniform(256)}")
    model = _base_model()
    if model is None:
        raise UnknownCodec("text model of another build")
    length = limit if last else 1 + integer(reader, 0, _LENGTH)
    if length > limit:
        raise OperationError("text too long")
    if expected:
        reader.follow(_coded(model, expected, last=last))
        return expected
    task = reader.take_text(length, last=last)
    if task is not None and task.text is not None:
        _record(task.text, written(task, model), last=last)
        return task.text
    reader.record = Writer()
    text = _Walk(reader, model).run("", length, last=last)
    _record(text, reader.record, last=last)
    reader.record = None
    return text


def _code_plain(coder: Coder, data: bytes, limit: int, *, last: bool) -> str:
    size = 4 * limit if last else 1 + integer(coder, len(data) - 1, _BYTES)
    if size > 4 * limit:
        raise OperationError("text too long")
    found = bytearray()
    while len(found) < size:
        coder.check()
        if last and found and coder.end(_plain_end, len(found) == len(data)):
            break
        found.append(coder.uniform(256, 0 if coder.reading else data[len(found)]))
    try:
        return found.decode()
    except UnicodeDecodeError as error:
        raise OperationError("no UTF-8") from error


def _plain_end(slack: int) -> int:
    """Whether plain text ends: where no further byte has room."""
    return 65_000 if slack < 8 else 500


class _End:
    """How likely the text ends at a place, which does not change while the cursor goes on."""

    def __init__(self, cursor: Cursor) -> None:
        self._cursor, self._state = cursor, cursor.end_state()
        self._says: int | None = None

    def __call__(self, slack: int) -> int:
        if self._says is None:
            self._says = self._cursor.end_says(self._state)
        return end_chance(self._cursor.model, self._says, slack)


class _Walk:
    """One text's way through the model."""

    def __init__(self, coder: Coder, model: TextModel) -> None:
        self._coder = coder
        self._model = model
        self._cursor = Cursor(model)
        self._block = 0
        self._escaped = False

    def run(self, text: str, most: int, *, last: bool) -> str:
        """Code a text of at most, or unless it is the last part exactly, ``most`` characters."""
        found: list[str] = []
        reading = self._coder.reading
        while True:
            self._coder.check()
            if last and found and self._ends(not reading and len(found) == len(text)):
                return "".join(found)
            if len(found) == most:
                if last:
                    raise OperationError("text too long")
                return "".join(found)
            found.append(self._character("" if reading else text[len(found)]))

    def _ends(self, value: bool) -> int:
        return self._coder.end(_End(self._cursor), value)

    def _character(self, char: str) -> str:
        coder, model, cursor = self._coder, self._model, self._cursor
        target = model.symbol_of.get(char, ESCAPE) if char else -1
        symbol = cursor.code(coder.bit, target)
        if symbol < 0:
            symbol = self._rest(target)
        self._escaped = symbol == ESCAPE
        char = self._foreign(char) if self._escaped else model.alphabet[symbol]
        cursor.advance(symbol)
        return char

    def _rest(self, target: int) -> int:
        """A symbol that the contexts did not expect."""
        model = self._model
        sizes = model.rest_sizes.copy()
        for symbol in self._cursor.tried:
            sizes[symbol] = 0
        if self._escaped:
            sizes[ESCAPE] = model.rest_total
        return self._coder.span((0, *accumulate(sizes)), target)

    def _foreign(self, char: str) -> str:
        """A character outside the alphabet."""
        coder, point = self._coder, ord(char) if char else 0
        before = self._block
        if not coder.bit(_SAME_BLOCK, point // _BLOCK == before):
            self._block = coder.uniform(_BLOCKS, point // _BLOCK)
            if self._block == before:
                raise OperationError("not the canonical form")
        point = self._block * _BLOCK + coder.uniform(_BLOCK, point % _BLOCK)
        if 0xD800 <= point < 0xE000 or chr(point) in self._model.symbol_of:
            raise OperationError("no character from outside the alphabet")
        return chr(point)
