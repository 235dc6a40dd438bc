# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every decoder takes any bytes: a set number of inputs here, more by ``python -m tests.fuzz``."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fuzz import situation
from tests.fuzz.__main__ import main
from tests.fuzz.loop import run
from tests.fuzz.targets import EXAMPLES, TARGETS

RUNS = 600
WORLDS, OPERATIONS = 1, 150
LED_RUNS = {"content": 200, "control": 2000}


@pytest.mark.parametrize("name", sorted(TARGETS))
def test_examples_are_right(name: str) -> None:
    """What the fuzzer begins from is accepted."""
    examples = EXAMPLES[name]()
    assert examples
    for example in examples:
        TARGETS[name](example)


@pytest.mark.parametrize("name", sorted(TARGETS))
def test_mutations_give_a_value_or_an_error(name: str) -> None:
    """Mutated inputs and noise are read or refused with the decoder's own error."""
    assert run(name, RUNS, seed=1) == RUNS


@pytest.mark.parametrize("name", sorted(LED_RUNS))
def test_led_by_coverage(name: str) -> None:
    """The same with inputs that atheris finds."""
    pytest.importorskip("atheris", reason="atheris is not installed: no fuzzing led by coverage")
    assert main(["--target", name, "--runs", str(LED_RUNS[name])]) == 0


def test_whatever_arrives_every_question_is_answered(tmp_path: Path) -> None:
    """Operations of the whole grammar, stored and folded: every list, entry, report, map and check
    answers, or refuses with a sentence. Longer: ``python -m tests.fuzz --target situation``.
    """
    assert situation.run(tmp_path, WORLDS, 1, OPERATIONS) > 100 * WORLDS
