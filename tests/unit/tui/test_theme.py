# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2

from __future__ import annotations

import pytest
from rich.color import Color
from rich.color import ColorSystem as System
from rich.style import Style

from tui.terminal import Glyphs, Terminal
from tui.theme import CONTRAST, DAY, LOOKS, NIGHT, PAPER, SIXTEEN, look_for


def luminance(colour: Color) -> float:
    """Relative luminance (WCAG 2.2) of the colour as a terminal of 256 colours shows it."""
    parts = [c / 255 for c in colour.downgrade(System.EIGHT_BIT).get_truecolor()]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(style: Style) -> float:
    """Foreground to background, WCAG 2.2."""
    assert style.color is not None
    assert style.bgcolor is not None
    high, low = sorted((luminance(style.color), luminance(style.bgcolor)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("name", LOOKS)
def test_text_can_be_read(name: str) -> None:
    """Contrast is at least 7 : 1 for text, 5 : 1 for water lines and for the red night look."""
    for role, style in LOOKS[name].roles.items():
        least = 5 if role == "water" or name == "lage-nachtsicht" else 7
        assert contrast(style) >= least, (name, role, round(contrast(style), 1))


@pytest.mark.parametrize("name", LOOKS)
def test_colours_stay_what_they_are_over_ssh(name: str) -> None:
    """No channel moves by more than 10 of 255 when Rich downgrades a colour."""
    for style in LOOKS[name].roles.values():
        for colour in (style.color, style.bgcolor):
            assert colour is not None
            shown = colour.downgrade(System.EIGHT_BIT).get_truecolor()
            meant = colour.get_truecolor()
            assert all(abs(a - b) <= 10 for a, b in zip(shown, meant, strict=True))


def test_all_looks_know_the_same_roles_and_paper_has_no_colour() -> None:
    """A role is never missing; without colour, reverse and bold remain."""
    for look in (*LOOKS.values(), PAPER, SIXTEEN):
        assert set(look.roles) == set(NIGHT.roles)
    assert all(style.color is None and style.bgcolor is None for style in PAPER.roles.values())
    assert PAPER.roles["exercise"].reverse


def test_the_terminal_decides_and_the_user_chooses_within() -> None:
    """A chosen look counts only where there are colours for it."""
    rich = Terminal("256", Glyphs.FULL, light=False)

    assert look_for(rich) is NIGHT
    assert look_for(Terminal("256", Glyphs.FULL, light=True)) is DAY
    assert look_for(rich, "lage-kontrast") is CONTRAST
    assert look_for(rich, "gibt-es-nicht") is NIGHT
    assert look_for(Terminal("16", Glyphs.PLAIN, light=False), "lage-kontrast") is SIXTEEN
    assert look_for(Terminal("none", Glyphs.ASCII, light=False)) is PAPER
