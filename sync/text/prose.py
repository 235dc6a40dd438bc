# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""German staff prose in as few bits as its information: any Unicode text to bytes and back.

`encode_tail` is for a text that ends with its data: the end costs about two bits, because both
sides know how much room there is. `encode` marks its own end, for a text with something after it.
Either takes the shortest of: coded by the model (`textmodel`), or plain UTF-8; none is longer
than UTF-8 plus one byte (with bits before it: plus what fills that byte).

A tail's first byte says what it is: below 0xFE coded by the base model, 0xFE another version's
number and its code, 0xFF UTF-8. A self-delimiting text begins with a byte that cannot begin
UTF-8 and tells the length of the tail that follows, or else it is UTF-8 ended by 0xFF.
"""

import hashlib
from functools import cache
from importlib.resources import files

from sync.text.coder import Plan, TextError, decode_bits
from sync.text.model import TextModel

__all__ = [
    "BASE", "CODED_MAX", "LATEST", "VERSIONS", "TextError", "UnknownModel", "decode",
    "decode_from", "decode_tail", "encode", "encode_tail", "encode_tail_bits", "load_model",
]  # fmt: skip

BASE = 1  # the version that needs no number
LATEST = 1
PINNED = {1: "cd1b29bdfac45f31f476e602aee753880aa951b0912170047ff0ef7d8456ed10"}
"""SHA-256 of each version's file: what signed operations say was coded by that very file."""
VERSIONS = frozenset(PINNED)
CODED_MAX = 4000  # longer texts travel as UTF-8: coding them would take too long
_OTHER, _PLAIN = 0xFE, 0xFF
_LENGTH, _LONG, _END = 0x80, 0xBF, 0xFF  # first bytes of self-delimiting texts, and the end


class UnknownModel(TextError):
    """The text was coded by a model `version` that this program lacks."""

    def __init__(self, version: int) -> None:
        super().__init__(f"text model {version} is unknown")
        self.version = version


@cache
def load_model(version: int) -> TextModel:
    """The model `version`, loaded once; raises UnknownModel.

    A file of another build under the same number is no such model: it would read every text as
    something else.
    """
    if version not in VERSIONS or model_digest(version) != PINNED[version]:
        raise UnknownModel(version)
    return TextModel(_model_file(version))


@cache
def model_digest(version: int) -> str:
    """SHA-256 of the file that is installed under that number, in hexadecimal."""
    return hashlib.sha256(_model_file(version)).hexdigest()


def _model_file(version: int) -> bytes:
    return (files("sync.text") / "data" / f"text{version}.bin").read_bytes()


def encode_tail(text: str, *, model: int = LATEST) -> bytes:
    """Code a text that ends where its data ends; the empty text is no bytes."""
    value, size = encode_tail_bits(text, model=model)
    return value.to_bytes(size // 8, "big")


def encode_tail_bits(text: str, bits_before: int = 0, *, model: int = LATEST) -> tuple[int, int]:
    """Code a text as the last field of a bit string with `bits_before` bits before it.

    Returns a number and its size in bits, chosen so that all bits fill whole bytes. Raises
    TextError for lone surrogates, UnknownModel.
    """
    fill = -bits_before % 8
    if not text:
        return 0, fill
    plain = _utf8(text)
    best = (
        ((_PLAIN << 8 * len(plain)) | int.from_bytes(plain, "big")) << fill,
        8 + 8 * len(plain) + fill,
    )
    if len(text) <= CODED_MAX:
        head = 0 if model == BASE else 16
        coded = Plan(load_model(model), text).fit((bits_before + head) % 8, best[1] - head - 8)
        if coded:
            value, size = coded
            best = ((_OTHER << 8 | model) << size | value, size + head) if head else coded
    return best


def decode_tail(data: bytes, *, max_chars: int, start_bit: int = 0) -> str:
    """The text that fills `data` from bit `start_bit` to its end.

    Raises TextError for bytes that are no text or hold more than `max_chars`, UnknownModel.
    """
    size = 8 * len(data) - start_bit
    if size < 8:
        return ""
    bits = int.from_bytes(data, "big") & ((1 << size) - 1)
    fill = -size % 8
    whole = (bits << fill).to_bytes((size + fill) // 8, "big")
    if whole[0] == _PLAIN:
        return _plain(whole[1 : size // 8], max_chars)
    if whole[0] != _OTHER:
        return decode_bits(load_model(BASE), whole, size, max_chars)
    if size < 16:
        raise TextError("the text's model has no number")
    return decode_bits(load_model(whole[1]), whole[2:], size - 16, max_chars)


def encode(text: str, *, model: int = LATEST) -> bytes:
    """Code a text so that its end shows; see `decode_from`."""
    plain = _utf8(text) + bytes([_END])
    tail = encode_tail(text, model=model)
    length = len(tail)
    if length == 0 or tail[0] == _PLAIN:
        return plain
    rest = length - (_LONG - _LENGTH)
    head = bytes([_LENGTH + length]) if rest < 0 else bytes([_LONG]) + _varint(rest)
    return min(head + tail, plain, key=len)


def decode(data: bytes, *, max_chars: int) -> str:
    """The text that is exactly `data`; raises TextError, UnknownModel."""
    text, end = decode_from(data, 0, max_chars=max_chars)
    if end != len(data):
        raise TextError("something follows the text")
    return text


def decode_from(data: bytes, start: int, *, max_chars: int) -> tuple[str, int]:
    """The self-delimiting text at byte `start`, and the place after it."""
    if start >= len(data):
        raise TextError("the text is missing")
    first = data[start]
    if _LENGTH <= first < _LONG:
        start, length = start + 1, first - _LENGTH
    elif first == _LONG:
        rest, start = _read_varint(data, start + 1)
        length = rest + _LONG - _LENGTH
    else:
        end = data.find(_END, start)
        if end < 0:
            raise TextError("the text has no end")
        return _plain(data[start:end], max_chars), end + 1
    if start + length > len(data):
        raise TextError("the text is cut off")
    return decode_tail(data[start : start + length], max_chars=max_chars), start + length


def _utf8(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise TextError("half of a surrogate pair is no text") from error


def _plain(data: bytes, max_chars: int) -> str:
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise TextError("the text is not UTF-8") from error
    if len(text) > max_chars:
        raise TextError("the text is too long")
    return text


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)


def _read_varint(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 28, 7):
        if at >= len(data):
            break
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
    raise TextError("the text's length is no number")
