# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Text on the map."""

from __future__ import annotations

import pytest

from maps.draw.labels import LABEL_MAX, Label, TextLayer, display_text
from maps.draw.roles import Role


@pytest.mark.parametrize(
    ("text", "shown", "plain"),
    [
        ("Hörstel", "Hörstel", "Hoerstel"),
        ("Horstel".replace("o", "o\u0308"), "Hörstel", "Hoerstel"),
        ("a\x1b[31mb", "a·[31mb", "a.[31mb"),
        ("a\u202eb\u200bc", "a·b·c", "a.b.c"),
        ("日本", "??", "??"),
        ("a\tb\nc", "a·b·c", "a.b.c"),
        ("", "", ""),
        ("\u0301", "", ""),
    ],
)
def test_text_from_files_is_shown_literally(text: str, shown: str, plain: str) -> None:
    """Nothing steers the terminal, everything is one cell wide."""
    assert display_text(text) == shown
    assert display_text(text, ascii_only=True) == plain


def test_long_names_are_cut() -> None:
    """A name of a million characters becomes one of LABEL_MAX."""
    assert display_text("x" * 1_000_000) == "x" * (LABEL_MAX - 1) + "…"
    assert len(display_text("ß" * 100, ascii_only=True)) <= LABEL_MAX


def test_labels_do_not_touch() -> None:
    """The second of two names without a free cell between them is left out."""
    text = TextLayer(20, 2)

    assert text.place(Label("Wettringen", 0, 0, Role.LABEL))
    assert not text.place(Label("Neuenkirchen", 10, 0, Role.LABEL))
    assert text.place(Label("Laer", 11, 0, Role.LABEL))
    assert text.place(Label("Laer", 10, 1, Role.LABEL))


def test_a_label_that_leaves_the_window_is_left_out() -> None:
    """Names are never cut at the edge, where they could be read as another."""
    text = TextLayer(10, 1)

    assert not text.place(Label("Rheine", 5, 0, Role.LABEL))
    assert not text.place(Label("Rheine", -1, 0, Role.LABEL))
    assert not text.place(Label("Rheine", 2, 1, Role.LABEL))
    assert not text.place(Label("", 2, 0, Role.LABEL))
