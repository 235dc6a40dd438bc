# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""German for what the leaves know by name only: complete, and sentences that help."""

from __future__ import annotations

import pytest

from lage.language.radio import CLASSES, TROUBLES, trouble_sentence
from mesh.link import FrameClass, Reason, Trouble


@pytest.mark.parametrize("trouble", Trouble, ids=lambda trouble: trouble.name)
def test_every_trouble_has_its_sentence(trouble: Trouble) -> None:
    """One sentence, with what it is about where the trouble is with a device."""
    sentence = trouble_sentence(Reason(trouble, "/dev/ttyUSB0", "OSError"))
    assert sentence.endswith(".")
    assert "{" not in sentence


def test_tables_are_complete() -> None:
    """No reason of the leaves is without words, and no words are left over."""
    assert set(TROUBLES) == set(Trouble)
    assert set(CLASSES) == set(FrameClass)
