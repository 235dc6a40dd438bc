# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What holds for every operation and for any bytes, in every codec version."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, reject
from hypothesis import strategies as st

from lage.kinds.schema import SCHEMA
from sync.codec import compact as codec_compact
from sync.codec import packed as codec_msgpack
from sync.codec import texts as codec_text
from sync.codec import versions as codec
from sync.schema.op import OPERATION_MAX, Operation, OperationError, OperationTooLong
from tests.strategies import operations

VERSIONS = [codec_msgpack.VERSION, codec_compact.VERSION]
places = st.tuples(st.integers(0, 1023), st.integers(1, 2**28 - 1) | st.integers(1, 600))


@pytest.mark.parametrize("version", VERSIONS)
@given(operation=operations(SCHEMA), place=places)
def test_what_was_coded_is_read(version: int, operation: Operation, place: tuple[int, int]) -> None:
    """Every operation of the schema comes back from its bytes, or is refused as too long."""
    assume(operation.entity != place)
    try:
        data = codec.encode(operation, SCHEMA, *place, version)
    except OperationTooLong:
        reject()

    vars(codec_text)["_recorded"].clear()  # so that the text model is asked again
    assert codec.decode(data, SCHEMA, *place) == operation
    assert len(data) <= OPERATION_MAX
    assert data[0] == len(data) - 1


@given(operation=operations(SCHEMA), other=operations(SCHEMA), place=places)
def test_what_was_just_written_is_told_from_anything_else(
    operation: Operation, other: Operation, place: tuple[int, int]
) -> None:
    """The quick check of fresh bytes holds for their own operation and for no other."""
    assume(operation.entity != place)
    try:
        data = codec.encode(operation, SCHEMA, *place)
    except OperationTooLong:
        reject()

    found = codec.read_back(data, operation, SCHEMA, *place)
    assert (found, list(found.changes)) == (
        operation,
        list(codec.decode(data, SCHEMA, *place).changes),
    )
    if other != operation:
        with pytest.raises(OperationError):
            codec.read_back(data, other, SCHEMA, *place)


@given(operation=operations(SCHEMA), place=places)
def test_compact_is_shorter_than_msgpack(operation: Operation, place: tuple[int, int]) -> None:
    """No operation costs more in the compact codec than in the plain one, UTF-8 apart, and what
    references to entries cost that no feed will ever have.
    """
    assume(operation.entity != place)
    try:
        plain = codec.encode(operation, SCHEMA, *place, codec_msgpack.VERSION)
        compact = codec.encode(operation, SCHEMA, *place, codec_compact.VERSION)
    except OperationTooLong:
        return

    assert len(compact) <= len(plain) + 8 + 2 * len(operation.basis)


@given(data=st.binary(max_size=150), place=places)
def test_any_bytes_give_an_operation_or_an_error(data: bytes, place: tuple[int, int]) -> None:
    """Arbitrary bytes are an operation whose bytes are these, or an OperationError."""
    _is_total(data, place)


@pytest.mark.parametrize("version", VERSIONS)
@given(content=st.binary(max_size=OPERATION_MAX - 2), low=st.integers(0, 31), place=places)
def test_any_content_gives_an_operation_or_an_error(
    version: int, content: bytes, low: int, place: tuple[int, int]
) -> None:
    """The same behind a right envelope."""
    _is_total(bytes((len(content) + 1, version << 5 | low)) + content, place)


@given(
    operation=operations(SCHEMA), place=places, at=st.integers(0, 2**11), value=st.integers(1, 255)
)
def test_changed_bytes_give_an_operation_or_an_error(
    operation: Operation, place: tuple[int, int], at: int, value: int
) -> None:
    """The same for a right operation with one byte changed."""
    assume(operation.entity != place)
    try:
        data = bytearray(codec.encode(operation, SCHEMA, *place))
    except OperationTooLong:
        return
    data[at % len(data)] ^= value
    _is_total(bytes(data), place)


def _is_total(data: bytes, place: tuple[int, int]) -> None:
    try:
        operation = codec.decode(data, SCHEMA, *place)
    except OperationError:
        return
    vars(codec_text)["_recorded"].clear()  # so that the text model is asked again
    assert codec.encode(operation, SCHEMA, *place, data[1] >> 5) == data
