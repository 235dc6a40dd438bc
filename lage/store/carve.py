# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Rows out of the pages of a damaged SQLite file, without its tables.

Every page that still looks like the leaf of a table or index gives the records that can be read
there; which table they were of nobody asks, since operations and signatures prove themselves.
Layout: "Database File Format" of the SQLite project, sections 1.6 (b-tree pages) and 2.1 (records).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import TypeAlias

Row: TypeAlias = tuple[int | float | str | bytes | None, ...]
_TABLE_LEAF, _INDEX_LEAF, _INDEX_INNER = 0x0D, 0x0A, 0x02
_FILE_HEADER, _WAL_HEADER, _FRAME_HEADER = 100, 32, 24
_OVERFLOW_MAX = 4_096
"""Pages of one record; a document of some megabytes is the longest."""
_SIZES = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8, 7: 8}


def page_size(file: bytes) -> int:
    """Bytes of a page as the file's header says; 4096 where it says nothing possible."""
    size = int.from_bytes(file[16:18], "big")
    size = 65536 if size == 1 else size
    return size if size in {1 << n for n in range(9, 17)} else 4096


def rows(file: bytes, wal: bytes = b"") -> Iterator[Row]:
    """Every record found in the pages of a file and of its write-ahead log; never raises."""
    size = page_size(file)
    for start in range(0, len(file) - size + 1, size):
        page = file[start : start + size]
        yield from _of_page(page, _FILE_HEADER if start == 0 else 0, file, size)
    step = size + _FRAME_HEADER
    for start in range(_WAL_HEADER + _FRAME_HEADER, len(wal) - size + 1, step):
        yield from _of_page(wal[start : start + size], 0, file, size)


def _of_page(page: bytes, at: int, file: bytes, size: int) -> Iterator[Row]:
    kind = page[at]
    if kind not in (_TABLE_LEAF, _INDEX_LEAF, _INDEX_INNER):
        return
    (cells,) = struct.unpack_from(">H", page, at + 3)
    pointers = at + (12 if kind == _INDEX_INNER else 8)
    for index in range(min(cells, (size - pointers) // 2)):
        (cell,) = struct.unpack_from(">H", page, pointers + 2 * index)
        try:
            yield _record(_payload(page, cell, kind, file, size))
        except (IndexError, ValueError, struct.error):
            continue  # this record is part of the damage


def _payload(page: bytes, at: int, kind: int, file: bytes, size: int) -> bytes:
    at += 4 if kind == _INDEX_INNER else 0
    length, at = _varint(page, at)
    if kind == _TABLE_LEAF:
        _, at = _varint(page, at)  # rowid
    most = size - 35 if kind == _TABLE_LEAF else (size - 12) * 64 // 255 - 23
    if length <= most:
        return _slice(page, at, length)
    least = (size - 12) * 32 // 255 - 23
    here = least + (length - least) % (size - 4)
    here = here if here <= most else least
    parts = [_slice(page, at, here)]
    following = int.from_bytes(_slice(page, at + here, 4), "big")
    left = length - here
    for _ in range(_OVERFLOW_MAX):
        if left <= 0:
            return b"".join(parts)
        link = _slice(file, (following - 1) * size, size)
        parts.append(link[4 : 4 + min(left, size - 4)])
        left -= len(parts[-1])
        following = int.from_bytes(link[:4], "big")
    raise ValueError("a chain of pages without an end")


def _record(data: bytes) -> Row:
    head, at = _varint(data, 0)
    types = []
    while at < head:
        number, at = _varint(data, at)
        types.append(number)
    values: list[int | float | str | bytes | None] = []
    for number in types:
        if number in (0, 8, 9):
            values.append((None, 0, 1)[max(0, number - 7)])
        elif number in _SIZES:
            raw = _slice(data, at, _SIZES[number])
            at += len(raw)
            real = number == 7
            values.append(
                struct.unpack(">d", raw)[0] if real else int.from_bytes(raw, "big", signed=True)
            )
        elif number >= 12:
            raw = _slice(data, at, (number - 12) // 2)
            at += len(raw)
            values.append(raw if number % 2 == 0 else raw.decode())
        else:
            raise ValueError("no such type")
    return tuple(values)


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for place in range(9):
        byte = data[at + place]
        if place == 8:
            return value << 8 | byte, at + 9
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + place + 1
    raise ValueError("unreachable")


def _slice(data: bytes, at: int, length: int) -> bytes:
    part = data[at : at + length] if at >= 0 else b""
    if len(part) != length:
        raise ValueError("beyond the end")
    return part
