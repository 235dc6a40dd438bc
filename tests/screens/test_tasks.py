# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The ten most frequent things by keyboard alone; the manual says how many keys each takes.

A figure may fall; that it rises is a decision.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.screens.tasks import KEYS_MAX, MORE, TASKS, do, do_all, newest

MANUAL = Path(__file__).resolve().parents[2] / "docs" / "bedienung.md"


@pytest.mark.parametrize("name", TASKS)
def test_frequent_task_is_done_by_keyboard_in_so_many_presses(name: str, rheine: Path) -> None:
    """The entry stands in the log, and the number of keys beside its text is the stated one."""
    doing, presses, kind, values = TASKS[name]

    counted = do(rheine, doing)

    assert counted == presses <= KEYS_MAX
    if kind:
        record = newest(rheine, kind)
        assert values.items() <= dict(record.values).items()


def test_more_things_take_no_more_than_twelve_keys(rheine: Path) -> None:
    """Each its own figure, beside the text."""
    for name, (counted, said) in do_all(rheine, MORE).items():
        _, presses, _, values = MORE[name]
        assert counted == presses <= KEYS_MAX, name
        assert values.items() <= said.items(), name


def test_the_manual_states_the_same_figures() -> None:
    """In the table of the ten tasks, in their order."""
    table = MANUAL.read_text("utf8").split("## Die zehn häufigsten Handgriffe")[1].split("##")[0]
    stated = [int(figure) for figure in re.findall(r"\| (\d+) \|$", table, re.MULTILINE)]

    assert stated == [presses for _, presses, _, _ in TASKS.values()]
