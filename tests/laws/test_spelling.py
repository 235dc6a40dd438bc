# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Laws of spelling: one word, however it was typed, is one word at every door."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lage.imports.plan import read_json
from lage.imports.table import read_table
from lage.language.folding import fold_text
from lage.language.spelling import clean, clean_line

NAME = "Grüne Brücke Süd"
SPELLINGS = [
    NAME,
    unicodedata.normalize("NFD", NAME),
    NAME.replace(" ", "\u00a0"),
    NAME.replace(" ", "\u202f"),
    "\ufeff" + NAME,
    NAME.replace("Brücke", "Brü\u00adcke"),
    NAME.replace("Süd", "Sü\u200bd"),
    f"  {NAME}\u2009",
]


@pytest.mark.parametrize("typed", SPELLINGS)
def test_one_word_is_one_word(typed: str) -> None:
    """Decomposed, with no-break and narrow spaces, soft hyphens, byte order marks."""
    assert clean_line(typed) == NAME
    assert fold_text(typed).split() == fold_text(NAME).split()


@given(st.text())
def test_cleaning_ends(text: str) -> None:
    """Cleaning twice is cleaning once, and what people see stays."""
    once = clean(text)

    assert clean(once) == once
    assert once.replace(" ", "").replace("\n", "") == once.replace("\n", "").replace(" ", "")
    if text.isascii() and text.isprintable():
        assert once == text


@pytest.mark.parametrize("typed", SPELLINGS)
def test_columns_and_values_of_files(typed: str) -> None:
    """A column is found and a name is the same, in tables and in JSON."""
    rows = read_table(f"{typed};Wert\n{typed};7\n", "x.csv")
    document = read_json(f'{{"name": "{typed}"}}', "x.json")

    assert rows[0].get(NAME) == NAME or rows[0].get(NAME).split() == NAME.split()
    assert document["name"].split() == NAME.split()
