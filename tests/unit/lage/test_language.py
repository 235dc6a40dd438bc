# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""German for what the leaves know by name only: complete, and sentences that help."""

from __future__ import annotations

import pytest

from lage.language.map_errors import (
    FAULTS,
    PACKS,
    POSITIONS,
    REFUSALS,
    flaw_words,
    pack_sentence,
    position_sentence,
    refusal_sentence,
)
from lage.language.radio import CLASSES, TROUBLES, trouble_sentence
from lage.language.whereabouts import LAYERS, METHODS
from maps.draw.people import Method
from maps.draw.roles import Layer
from maps.geo.errors import (
    Fault,
    Flaw,
    ImportRefusedError,
    OddDigitsError,
    PackError,
    PackTrouble,
    PositionError,
    Problem,
    Refusal,
    WrongSquareError,
)
from mesh.link import FrameClass, Reason, Trouble


def test_tables_are_complete() -> None:
    """No reason of the leaves is without words, and no words are left over."""
    assert set(TROUBLES) == set(Trouble)
    assert set(CLASSES) == set(FrameClass)
    assert set(FAULTS) == set(Fault)
    assert set(REFUSALS) == set(Refusal)
    assert set(PACKS) == set(PackTrouble)
    assert set(POSITIONS) == set(PositionError.__subclasses__())
    assert set(METHODS) == {method.name for method in Method}
    assert set(LAYERS) == {layer.name for layer in Layer}


@pytest.mark.parametrize("trouble", Trouble, ids=lambda trouble: trouble.name)
def test_every_trouble_has_its_sentence(trouble: Trouble) -> None:
    """One sentence, with what it is about where the trouble is with a device."""
    sentence = trouble_sentence(Reason(trouble, "/dev/ttyUSB0", "OSError"))
    assert sentence.endswith(".")
    assert "{" not in sentence


@pytest.mark.parametrize("refusal", Refusal, ids=lambda refusal: refusal.name)
def test_every_refused_file_has_its_sentence(refusal: Refusal) -> None:
    """With the file's name where it is about one, also where it is not known."""
    problems = [Problem(1, Flaw(Fault.EMPTY))]
    for file in ("karte.gpkg", ""):
        sentence = refusal_sentence(ImportRefusedError(refusal, file, "5 7", problems))
        assert sentence.endswith(".")
        assert "{" not in sentence


@pytest.mark.parametrize("fault", Fault, ids=lambda fault: fault.name)
def test_every_fault_of_a_line_has_its_words(fault: Fault) -> None:
    """They stand behind a number, without a full stop."""
    words = flaw_words(Flaw(fault, "7"))
    assert words
    assert not words.endswith(".")
    assert "{" not in words


def test_positions_and_packs_have_their_sentences() -> None:
    """With what they are about."""
    odd, wrong = position_sentence(OddDigitsError(7)), position_sentence(WrongSquareError("XY"))
    assert "hat 7 Ziffern" in odd
    assert "Quadrat XY" in wrong
    others = set(PositionError.__subclasses__()) - {OddDigitsError, WrongSquareError}
    assert all(position_sentence(kind()).endswith(".") for kind in others)
    for trouble in PackTrouble:
        assert "a.lagekarte" in pack_sentence(PackError(trouble, "a.lagekarte"))
