# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What people have written down by hand: RHE-A4 on a paper, ``auftrag:`` in an exercise's script.

A kind may get a letter or a word; one that it has had stays its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from lage.kinds.card import Card
from lage.kinds.cards import CARDS

PATH = Path(__file__).with_name("names.txt")


def lines_of(cards: Mapping[str, Card]) -> list[str]:
    """Every letter and word, one a line."""
    letters = [f"letter {kind} {c.letter!r}" for kind, c in cards.items() if c.letter is not None]
    return letters + [f"word {kind} {card.word!r}" for kind, card in cards.items() if card.word]


def promised() -> list[str]:
    """What the file says."""
    return PATH.read_text("utf8").splitlines() if PATH.exists() else []


def broken(known: Iterable[str], cards: Mapping[str, Card]) -> list[str]:
    """What was promised and is no longer so."""
    now = set(lines_of(cards))
    return [f"{line}: papers and scripts out there say so" for line in known if line not in now]


def missing(known: Iterable[str], cards: Mapping[str, Card]) -> list[str]:
    """What is new and not written down."""
    old = set(known)
    return [line for line in lines_of(cards) if line not in old]


def write() -> list[str]:
    """Add what is new; what is broken instead, if anything."""
    known = promised()
    problems = broken(known, CARDS)
    if not problems:
        lines = [*known, *missing(known, CARDS)]
        PATH.write_text("".join(f"{line}\n" for line in lines), "utf8")
    return problems
