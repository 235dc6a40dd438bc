# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Serialised protobuf messages, field by field, without the definitions they were made from.

So a setting that came with a firmware newer than our client library can be read, set and left as it
is all the same. Reading is total: any bytes give fields or a ``ProfileError``.
"""

from __future__ import annotations

import enum
import struct
from collections.abc import Iterator, Mapping

SECTION_MAX = 512
"""Longest message of the client protocol."""

_FIXED = {1: 8, 5: 4}


class ProfileFault(enum.Enum):
    """Why a profile cannot be, or a report cannot be read."""

    REGION = "region not provided for"
    PRESET = "preset not lawful"
    KEY_LENGTH = "key not 32 bytes"
    NAME_LENGTH = "name of the channel too short or long"
    HOP_LIMIT = "hop limit out of range"
    INTERVAL = "interval too short"
    REPORT_TOO_LONG = "report too long"
    REPORT_UNREADABLE = "report unreadable"


class ProfileError(ValueError):
    """A profile that cannot be, or a report that is no protobuf."""

    def __init__(self, fault: ProfileFault, about: str = "") -> None:
        super().__init__(f"{fault.value}: {about}")
        self.fault = fault
        self.about = about


def read_fields(data: bytes) -> dict[int, int | bytes]:
    """Fields by number, the last value of each; ProfileError."""
    return {number: value for number, value, _ in _fields(data)}


def with_fields(data: bytes, values: Mapping[int, int | bytes]) -> bytes:
    """The same message with these fields set, each once; 0 and b"" mean not there, as in proto3."""
    kept = b"".join(raw for number, _, raw in _fields(data) if number not in values)
    return kept + b"".join(
        bytes_field(number, value) if isinstance(value, bytes) else varint_field(number, value)
        for number, value in values.items()
        if value
    )


def number_of(value: int | bytes) -> int | float:
    """A value as a number: 32-bit integers have their sign, four bytes are a float, and of other
    bytes (text, keys, repeated fields) it is the length."""
    if isinstance(value, bytes):
        return float(struct.unpack("<f", value)[0]) if len(value) == 4 else len(value)
    return value - (1 << 64) if value >> 63 else value


def varint_field(number: int, value: int) -> bytes:
    """A field that is a number."""
    return _varint(number << 3) + _varint(value)


def bytes_field(number: int, value: bytes) -> bytes:
    """A field that is text, bytes or a message."""
    return _varint(number << 3 | 2) + _varint(len(value)) + value


def _fields(data: bytes) -> Iterator[tuple[int, int | bytes, bytes]]:
    """(number, value, the bytes of the whole field)."""
    if len(data) > SECTION_MAX:
        raise ProfileError(ProfileFault.REPORT_TOO_LONG)
    at = 0
    while at < len(data):
        start = at
        key, at = _read_varint(data, at)
        number, wire = key >> 3, key & 7
        if wire == 0:
            value, at = _read_varint(data, at)
            yield number, value, data[start:at]
            continue
        if wire == 2:
            size, at = _read_varint(data, at)
        else:
            size = _FIXED.get(wire, SECTION_MAX + 1)
        if at + size > len(data):
            raise ProfileError(ProfileFault.REPORT_UNREADABLE)
        at += size
        yield number, data[at - size : at], data[start:at]


def _read_varint(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        if at >= len(data):
            break
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
    raise ProfileError(ProfileFault.REPORT_UNREADABLE)


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)
