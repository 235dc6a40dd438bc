# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The plain codec: what it refuses."""

from __future__ import annotations

import msgpack
import pytest

from lage.kinds.ops import SCHEMA
from sync.codec.packed import VERSION, decode
from sync.schema.op import OperationError, wrap


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
        "text",
    ],
)
def test_wrong_types_are_refused(content: object) -> None:
    """Values of a wrong type anywhere give OperationError."""
    with pytest.raises(OperationError):
        decode(wrap(VERSION, 0, msgpack.packb(content)), SCHEMA)
