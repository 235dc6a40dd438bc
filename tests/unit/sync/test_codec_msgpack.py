# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The plain codec: what it refuses."""

from __future__ import annotations

import msgpack
import pytest

from lage.kinds.schema import SCHEMA
from sync.codec import compact as codec_compact
from sync.codec import versions as codec
from sync.codec.packed import VERSION, decode
from sync.schema.definition import EntityId
from sync.schema.op import Operation, OperationError, OutdatedCodec, wrap
from sync.schema.values import TIME_MAX


@pytest.mark.parametrize(
    "content",
    [
        [1, 9, None, {0: "x", 7: [1, "2"]}],
        [1, 9, None, {0: "x", 7: [1.0, 2]}],
        [1, 9, ["1", 2], {0: "x"}],
        [6, 9, None, {0: "Brand", 5: "offen", 3: [522790, None]}],
        [6, 9, None, {0: "Brand", 5: "offen", 3: [1, 2, 3]}],
        [22, 9, [1, 2], {1: [[1], [[1, "2", 3]]]}],
        [1, 9, None, {0: "x", "y": 1}],
        [1, 9, None, {0: "x"}, 5],
        [1, -9, None, {0: "x"}],
        [True, 9, None, {0: "x"}],
        [1, 2**64 - 1, None, {0: "x"}],
        [1, 2**62, None, {0: "x"}],
        [1, TIME_MAX + 1, None, {0: "x"}],
        [1, 9, [1, 2**40], {0: "x"}],
        [3, 9, [1, 2], {}],
        [1, 9, None, {0: "x", 40: {1: 2}}],
        [1, 9, None, {0: "x", 40: 1.5}],
        [1, 9, None, {0: "x", 40: [[[[1]]]]}],
        [1, 9, None, {0: {}}],
        [1, 9, {}, {0: "x"}],
        "text",
    ],
)
def test_wrong_types_are_refused(content: object) -> None:
    """Values of a wrong type anywhere give OperationError."""
    with pytest.raises(OperationError):
        decode(wrap(VERSION, 0, msgpack.packb(content)), SCHEMA)


def test_fields_of_a_later_schema_are_kept() -> None:
    """Whole numbers, texts, bytes and lists under an unknown field stay as they were coded."""
    content = [1, 9, None, {0: "x", 40: [1, "y", b"z", [[2, 3, None]]], 41: 2**64 - 1}]
    data = wrap(VERSION, 0, msgpack.packb(content))

    assert set(decode(data, SCHEMA).unknown) == {40, 41}


def test_an_old_version_is_read_where_it_was_written_in_its_time() -> None:
    """Archives keep their meaning; what somebody writes in the old form today does not count.

    Seen: one signed operation of version 1 with a time of its own choice ended every node. Both
    ways of arrival are judged by the same bytes, so that all nodes show the same picture.
    """
    then, now = Operation(28_300_000, "journal", {"text": "x"}), 29_000_000
    old = codec.encode(then, SCHEMA, 1, 1, VERSION)
    late = codec.encode(Operation(now, "journal", {"text": "x"}), SCHEMA, 1, 1, VERSION)

    assert codec.read(old, SCHEMA, 1, 1) == then
    with pytest.raises(OutdatedCodec, match="after its time"):
        codec.read(late, SCHEMA, 1, 1)
    latest = codec.encode(Operation(now, "journal", {"text": "x"}), SCHEMA, 1, 1)
    assert codec.read(latest, SCHEMA, 1, 1).time == now


@pytest.mark.parametrize("version", [1, 2])
def test_no_operation_changes_what_it_would_create(version: int) -> None:
    """Seen: a change about its own number made an area without outline, and every map failed."""
    itself = Operation(28_300_000, "area", {"name": "x"}, EntityId(5, 40))
    with pytest.raises(OperationError, match="itself"):
        codec.encode(itself, SCHEMA, 5, 40, version)
    data = codec.encode(itself, SCHEMA, 5, 41, version)
    if version == 1:  # says nothing of its own place
        with pytest.raises(OperationError, match="itself"):
            codec.decode(data, SCHEMA, 5, 40)
    other = codec_compact.encode(itself, SCHEMA, 5, 40)
    with pytest.raises(OperationError, match="itself"):
        codec.decode(other, SCHEMA, 5, 40)
