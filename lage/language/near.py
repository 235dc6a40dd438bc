# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The word that somebody meant who slipped, for searches and for names that would become two.

A slip is a letter too much, too few, another, or two the wrong way round (optimal string
alignment). Short words are other words as soon as a letter is.
"""

from __future__ import annotations

from collections.abc import Sequence

SHORT = 4
"""Letters from which a word may have a slip."""
LONG = 7
"""Letters from which it may have two."""


def slips_in(word: str) -> int:
    """How many slips a word of that length may have."""
    return 0 if len(word) < SHORT else 1 if len(word) < LONG else 2


def slips(one: str, other: str) -> int | None:
    """How many slips one word is away from the other; None where it is another word."""
    from rapidfuzz.distance import OSA  # only here: it takes a while to load

    most = slips_in(max(one, other, key=len))
    found = OSA.distance(one, other, score_cutoff=most)
    return found if found <= most else None


def nearest(word: str, terms: Sequence[tuple[str, int]], most: int) -> str:
    """Of ``terms`` (word, in how many entries) one within so many slips, the nearest, then the
    most frequent; the word itself where none is.
    """
    from rapidfuzz.distance import OSA
    from rapidfuzz.process import extract

    often = dict(terms)
    found = extract(word, list(often), scorer=OSA.distance, score_cutoff=most, limit=50)
    ranked = sorted(found, key=lambda hit: (hit[1], hit[0][0] != word[0], -often[hit[0]], hit[0]))
    return ranked[0][0] if ranked else word
