# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Wordings that were found wrong or hard to read stay away, in the product and its manuals."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[3]
PRODUCT = ("lage", "tui", "hardware")
MANUALS = [*sorted((TOP / "docs").glob("*.md")), TOP / "README.md"]

SCREENS = sorted((TOP / "tests" / "screens" / "golden").glob("*.txt"))

INSTEAD = {
    r"höchste[rn]? Vorrang": "staatsnot is the highest, not blitz",
    r"Funkgerät getrennt": "after „Funk:“ that says Funk twice: Gerät getrennt",
    r"\bBestandsbewegung": "Buchung",
    r"\bAn fehlt\b": "Das Feld „An“ ist leer",
    r"geloescht|uebermittelt|Loeschung|persoenliche ": "umlauts in what people read",
    r"^Ereignis$|Ereignis \d{6}": "Ereigniszeit: it is a time",
    r"nächster Wert": "nächster Informationswert",
    r"Wert +vor\b": "Alter: a heading that says what it is",
    r"Status in Ruhe": "in Ruhe: the status says itself",
    r"Nachlieferung": "jargon of the radio",
    r"^(Auftr|Nachr|Tageb|Krafts|Vorf|Helf|Vers|Ber|Mat)\.?$": "a shorter word, none that is cut",
}
"""Pattern -> what is right, or why that is wrong."""

APART = ("traffic.py", "columns.py")
"""The operator's own view, and what others write above the columns of their tables."""

_COMMAND = re.compile(r"--?[a-z-]+|[a-z]+-[a-z-]+|\b(lage|knoten|kreis|helfer) [a-z -]+")


def said(path: Path) -> Iterator[tuple[int, str]]:
    """Every string of a module that is no docstring."""
    tree = ast.parse(path.read_text("utf8"))
    docs = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node.lineno, node.value


def wrong(text: str) -> list[str]:
    """What is wrong with a text; names of commands are ASCII."""
    plain = _COMMAND.sub("", text)
    return [f"{why} ({text!r})" for pattern, why in INSTEAD.items() if re.search(pattern, plain)]


@pytest.mark.parametrize("room", PRODUCT)
def test_the_product_says_it_right(room: str) -> None:
    """No string of the product holds such a wording."""
    found = [
        f"{path.relative_to(TOP)}:{line}: {what}"
        for path in sorted((TOP / room).rglob("*.py"))
        if path.name not in APART
        for line, text in said(path)
        for what in wrong(text)
    ]
    assert found == []


def test_manuals_and_screens_say_it_right() -> None:
    """Nor does a line of what operators read, or of a picture of the screen."""
    found = [
        f"{path.name}:{number}: {what}"
        for path in (*MANUALS, *SCREENS)
        for number, line in enumerate(path.read_text("utf8").splitlines(), 1)
        for what in wrong(line)
    ]
    assert found == []
