# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Local settings: whatever stands in the file, reading gives a value of the setting's type."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lage.exercise.player import PLAYED, PLAYING, PROGRESS
from lage.kinds import setting as kept
from lage.kinds.setting import Setting
from lage.store.caught import CAUGHT
from lage.store.radio_order import ORDER
from lage.store.report import REPORT
from lage.views.search import SEEN
from lage.views.status import READ, ReadMarks
from sync.schema.definition import EntityId
from tui.app.alarming import TAKEN

SHARED = [each for each in vars(kept).values() if isinstance(each, Setting)]
ALL: list[Setting[Any]] = [
    *SHARED,
    PLAYED,
    PLAYING,
    PROGRESS,
    CAUGHT,
    ORDER,
    REPORT,
    SEEN,
    READ,
    TAKEN,
]

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def test_each_has_a_name_of_its_own() -> None:
    """Two settings of one name would overwrite each other."""
    assert len({each.key for each in ALL}) == len(ALL)


@pytest.mark.parametrize("setting", ALL, ids=lambda each: each.key)
@settings(max_examples=30, deadline=None, derandomize=True)
@given(json_values)
def test_reading_is_total(setting: Setting[Any], value: Any) -> None:
    """Anything gives a value that can be kept and comes back the same."""
    read = setting.read(value)
    again = setting.read(json.loads(json.dumps(setting.kept(read))))
    assert again == read


def test_what_was_kept_comes_back() -> None:
    """Through JSON, as folders hold it."""
    examples: list[tuple[Setting[Any], Any]] = [
        (kept.AUTHORS, (1, 3)),
        (kept.RESTORED, True),
        (kept.PUSHED, 7),
        (PLAYED, {3: EntityId(1, 9), 4: "Art fehlt"}),
        (PLAYING, (3, 9)),
        (TAKEN, ("blitz:1:5",)),
        (READ, ReadMarks(4, frozenset({EntityId(1, 2)}))),
    ]
    for setting, value in examples:
        assert setting.read(json.loads(json.dumps(setting.kept(value)))) == value
    assert kept.AUTHORS.read(5) == (5,)  # as older folders have it
    assert kept.PUSHED.read(True) == 0
