# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Tactical signs as data."""

from __future__ import annotations

import pytest

from maps.draw.canvas import Style
from maps.draw.roles import Layer
from maps.draw.signs import SIGNS, UNKNOWN, Mark, characters, sign

WGL4 = set("▼▲■►○≈¥√·→")
CONSOLE = set("▼▲■≈¥·→")
"""Of these what the fonts of console-setup for German (Lat15, Uni1, Uni2) have as well."""


@pytest.mark.parametrize("key", sorted(SIGNS))
def test_signs_are_one_to_three_characters_every_terminal_has(key: str) -> None:
    """Length 1 to 3 with any mark, same length in ASCII, shapes from the WGL4 set."""
    for mark in Mark:
        shown = characters(key, mark)
        console = characters(key, mark, style=Style.STROKES)
        plain = characters(key, mark, style=Style.ASCII)

        assert 1 <= len(shown) <= 3
        assert len(plain) == len(console) == len(shown)
        assert plain.isascii()
        assert all(c in WGL4 or c.isascii() for c in shown)
        assert all(c in CONSOLE or c.isascii() for c in console)


@pytest.mark.parametrize("style", list(Style))
def test_no_two_signs_look_the_same_without_colour(style: Style) -> None:
    """Every key has characters of its own in every form."""
    shown = [characters(key, style=style) for key in SIGNS]

    assert len(set(shown)) == len(shown)


def test_an_unknown_key_gives_the_general_sign() -> None:
    """What a newer version calls something does not vanish."""
    assert sign("ufo") is UNKNOWN
    assert characters("ufo", Mark.ACUTE) == "▼?!"


def test_marks_can_be_told_apart() -> None:
    """Each state has its own character."""
    for column in (0, 1):
        texts = [mark.value[column] for mark in Mark]
        assert len(set(texts)) == len(texts)


def test_every_switchable_sign_layer_is_used() -> None:
    """No layer in the list of layers is always empty."""
    assert {entry.layer for entry in SIGNS.values()} == {
        Layer.INCIDENTS,
        Layer.GAUGES,
        Layer.UNITS,
        Layer.SHELTERS,
        Layer.RADIO,
    }
