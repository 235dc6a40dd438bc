# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Bytes of every codec version keep their meaning: they stand in signed logs."""

from __future__ import annotations

import json

import pytest

from lage.kinds.schema import SCHEMA
from sync.codec import versions as codec
from tests.unit.sync.golden_codec import AUTHOR, EXAMPLES, VERSIONS, meaning, path_of


@pytest.mark.parametrize("version", VERSIONS)
def test_golden_bytes(version: int) -> None:
    """Every golden operation reads as it always did, and is coded to the same bytes."""
    lines = json.loads(path_of(version).read_text("utf8"))
    assert len(lines) == len(EXAMPLES)
    for line, (number, operation) in zip(lines, EXAMPLES, strict=True):
        data = bytes.fromhex(line["hex"])
        assert line["number"] == number
        assert data[1] >> 5 == version
        found = codec.decode(data, SCHEMA, AUTHOR, number)
        assert found == operation, line
        assert meaning(found)["changes"].items() == line["means"]["changes"].items()
        assert codec.encode(operation, SCHEMA, AUTHOR, number, version) == data


def test_latest_is_the_thrifty_one() -> None:
    """What a node writes is the newest version that has a golden file."""
    assert max(VERSIONS) == codec.LATEST
    sizes = {
        version: sum(
            len(codec.encode(operation, SCHEMA, AUTHOR, number, version))
            for number, operation in EXAMPLES
        )
        for version in VERSIONS
    }
    assert min(sizes, key=sizes.__getitem__) == codec.LATEST
