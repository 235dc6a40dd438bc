# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""TOML of others: nothing in a small file takes long, and every refusal has a German reason."""

from __future__ import annotations

import pytest

from lage.language.errors import why
from maps.read.files import load_toml


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a = " + "[" * 50_000, "zu tief verschachtelt"),
        ("a." * 100_000 + "a = 1", "zu tief verschachtelt"),
        ("['a' . " * 30 + "a]", "ab Zeile 1, Spalte 8 nicht zu verstehen"),
        ('["a b"' + '."a b"' * 30 + "]", "zu tief verschachtelt"),
        ("a = " + "{b.c = " * 40 + "1" + "}" * 40, "zu tief verschachtelt"),
        ("a = " + "9" * 10_000, "eine Zahl hat zu viele Ziffern"),
        ("a = 0x" + "f" * 10_000, "eine Zahl hat zu viele Ziffern"),
        ("a = 1\nb = ?", "ab Zeile 2, Spalte 5 nicht zu verstehen"),
        ('a = "', "am Ende fehlt etwas"),
    ],
)
def test_a_refusal_says_why(text: str, reason: str) -> None:
    """Depth, digits and slips each have their words."""
    with pytest.raises((ValueError, RecursionError)) as refused:
        load_toml(text)

    assert why(refused.value) == reason


def test_what_people_write_is_read() -> None:
    """Tables, lists, several lines and many points in a text."""
    text = '[werte]\n"Art"."x.y" = ["a", "b"]\nlang = """z. B. a . . . . . . . . . . . . ."""'

    assert load_toml(text)["werte"]["Art"] == {"x.y": ["a", "b"]}
