# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Many operations read side by side say the same as each read alone; so do bytes that are none."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lage.kinds.schema import SCHEMA
from lage.store.reading import Job, interpret, interpret_all
from sync.codec import versions as codec
from sync.schema.op import Operation, OperationTooLong
from sync.text.forest import forest
from sync.text.prose import BASE, load_model
from tests.unit.sync.golden_codec import AUTHOR, EXAMPLES, path_of

ODD = [
    "Привет 🚒",
    "aaaaaaaa aaaaaaaa",
    "\x00\x7f",
    "ß" * 30,
    "Ä",
    " ",
    "1234567890" * 4,
    "NN-/.,;",
]


@pytest.fixture(autouse=True, scope="module")
def also_few() -> Iterator[None]:
    """However few there are, here they are read side by side."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sync.codec.ahead.FEW", 0)
        yield


def corpus(count: int) -> list[str]:
    """Some lines of all corpora."""
    folder = files("sync.text") / "data" / "corpus"
    lines = [
        line
        for name in ("a", "b", "c", "d")
        for line in (folder / f"{name}.txt").read_text("utf8").splitlines()
        if line and not line.startswith("#")
    ]
    return random.Random(1).sample(lines, count)


def coded(*texts: str | None) -> Job:
    """A message with that text, and with a second text where there is one."""
    changes = {"priority": "sofort", "to": (2, 3), "text": texts[0]}
    changes |= {"sign": texts[1]} if len(texts) > 1 else {}
    operation = Operation(28_305_000, "message", changes)
    return 1, 7, codec.encode(operation, SCHEMA, 1, 7)


def fitting(texts: list[tuple[str, ...]]) -> list[Job]:
    """Those that fit an operation."""
    found = []
    for each in texts:
        try:
            found.append(coded(*each))
        except OperationTooLong:
            continue
    return found


def alone(jobs: list[Job]) -> list[object]:
    """The reference."""
    return [interpret(*job) for job in jobs]


def test_prose_is_the_same() -> None:
    """Lines of every hand, odd characters, and two texts in one operation."""
    lines = corpus(16)
    pairs = [(line, "Mü") for line in lines[:4]]
    jobs = fitting([*((line,) for line in lines + ODD), *pairs])
    assert len(jobs) > 20
    assert interpret_all(jobs) == alone(jobs)


def test_golden_bytes_are_the_same() -> None:
    """What stands in signed logs reads side by side as it always did."""
    lines = json.loads(Path(path_of(codec.LATEST)).read_text("utf8"))
    jobs = [(AUTHOR, line["number"], bytes.fromhex(line["hex"])) for line in lines]
    assert [line["number"] for line in lines] == [number for number, _ in EXAMPLES]
    assert interpret_all(jobs) == alone(jobs)


@settings(max_examples=3, deadline=None)
@given(
    st.lists(st.binary(max_size=60), max_size=4),
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 400), st.integers(1, 255)), max_size=8),
)
def test_any_bytes_are_the_same(raw: list[bytes], changed: list[tuple[int, int, int]]) -> None:
    """Bytes that are no operation are refused with the same reason, whatever stands beside them."""
    jobs = [(1, 7, bytes((len(data) + 1, codec.LATEST << 5)) + data) for data in raw]
    for line, at, value in changed:
        author, number, data = PROSE[line % len(PROSE)]
        damaged = bytearray(data)
        damaged[at % len(data)] ^= value
        jobs.append((author, number, bytes(damaged)))
    assert interpret_all(jobs) == alone(jobs)


PROSE = fitting([(line,) for line in corpus(10)])


def test_lanes_never_carry() -> None:
    """The sums of the contexts' rows stay in their lanes, so lanes may be added one by one."""
    tables = forest(BASE)
    most = tables.inputs.reshape(len(tables.base), -1, tables.inputs.shape[1]).max(axis=1)
    assert (most.sum(axis=0) + tables.ranks.max(axis=0)).max() < 1 << 16
    assert tables.nowhere == len(load_model(BASE).symbols)
