# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Drawing lines in cells."""

from __future__ import annotations

import numpy as np
import pytest

from maps.draw.canvas import Style, characters, clip, pack, rasterise


def test_braille_dots_have_braille_numbers() -> None:
    """Each of the eight dots sets the bit that Unicode gives it."""
    for (x, y), char in {(0, 0): "⠁", (0, 3): "⡀", (1, 0): "⠈", (1, 3): "⢀", (1, 2): "⠠"}.items():
        dots = np.zeros((4, 2), dtype=np.bool_)
        dots[y, x] = True

        assert characters(Style.BRAILLE)[int(pack(dots)[0, 0])] == char


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        (Style.BRAILLE, ["⠑⢄ ", "  ⠑"]),
        (Style.STROKES, ["\\\\ ", "  \\"]),
        (Style.ASCII, ["\\\\ ", "  \\"]),
    ],
)
def test_a_diagonal_in_every_style(style: Style, expected: list[str]) -> None:
    """The same dots make a diagonal of every character set."""
    masks = rasterise(np.array([[0.5, 0.5, 5.5, 5.5]]), 3, 2)

    rows = ["".join(characters(style)[p] for p in row) for row in masks]

    assert [len(row) for row in rows] == [3, 3]
    assert rows == expected


@pytest.mark.parametrize("style", list(Style))
def test_every_pattern_has_one_character(style: Style) -> None:
    """256 characters, a blank for no dots and only there; ASCII stays ASCII."""
    table = characters(style)

    assert len(table) == 256
    assert table[0] == " "
    assert " " not in table[1:]
    assert style is not Style.ASCII or table.isascii()


def test_straight_lines_in_ascii() -> None:
    """Horizontal and vertical lines look like it."""
    across = rasterise(np.array([[0.0, 1.5, 7.9, 1.5]]), 4, 1)
    down = rasterise(np.array([[0.5, 0.0, 0.5, 7.9]]), 1, 2)

    assert "".join(characters(Style.ASCII)[p] for p in across[0]) == "----"
    assert [characters(Style.ASCII)[p] for p in down[:, 0]] == ["|", "|"]


def test_long_and_broken_lines_cost_nothing() -> None:
    """A segment of a million kilometres is cut to the window; NaN and infinity are left out."""
    segments = np.array(
        [
            [-1e12, 2.0, 1e12, 2.0],
            [np.nan, 0, 5, 5],
            [0, 0, np.inf, 5],
            [-5, -5, -1, -1],
        ]
    )

    masks = rasterise(segments, 3, 1)

    assert (masks > 0).all()
    assert len(clip(segments, 6, 4)) == 1


def test_no_segments_draw_nothing() -> None:
    """An empty layer is an empty picture."""
    assert not rasterise(np.empty((0, 4)), 3, 2).any()
