# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The word that somebody meant who slipped: the nearest of those that occur."""

from __future__ import annotations

from collections.abc import Sequence


def nearest(word: str, terms: Sequence[tuple[str, int]], slips: int) -> str:
    """Of ``terms`` (word, in how many entries) one within so many slips, the nearest, then the
    most frequent; the word itself where none is. A slip is a letter too much, too few, another,
    or two the wrong way round.
    """
    from rapidfuzz.distance import OSA  # only here: it takes a while to load
    from rapidfuzz.process import extract

    often = dict(terms)
    found = extract(word, list(often), scorer=OSA.distance, score_cutoff=slips, limit=50)
    ranked = sorted(found, key=lambda hit: (hit[1], hit[0][0] != word[0], -often[hit[0]], hit[0]))
    return ranked[0][0] if ranked else word
