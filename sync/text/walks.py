# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Where the contexts of many texts stand: ``Cursor.advance`` in arrays."""

from __future__ import annotations

import numpy as np

from sync.text.forest import Forest, Ints
from sync.text.model import (
    CONTEXTS,
    END_OF_TEXT,
    END_OF_WORD,
    FNV,
    GENERAL,
    ORDERS,
    PAIR,
    ROOT_GENERAL,
    SALT_PAIR,
    SALT_SKIP,
    SKIP,
    START_PAIR,
    START_SKIP,
    TAIL,
    WORD,
)

_HEADS_MAX, _HEAD_MIN = 3, 3  # as in the cursor
_IN_WORDS = np.array((WORD, PAIR, SKIP, GENERAL))
_AFTER_WORDS = np.array((PAIR, SKIP))


class Walks:
    """The contexts of each text; all stand before its first character."""

    def __init__(self, forest: Forest, count: int) -> None:
        self._forest = forest
        nowhere = forest.nowhere
        self.nodes = np.full((count, CONTEXTS), nowhere)
        self.nodes[:, 0] = forest.of_characters[END_OF_TEXT]
        self.nodes[:, WORD] = forest.of_word[END_OF_TEXT]
        self.nodes[:, PAIR], self.nodes[:, SKIP] = forest.root(np.array([START_PAIR, START_SKIP]))
        self.nodes[:, GENERAL] = ROOT_GENERAL
        self._length = np.zeros(count, np.int64)  # of the current word
        self._digest = np.zeros(count, np.int64)
        self._skip_digest = np.zeros(count, np.int64)
        self._previous = np.full(count, START_SKIP)
        self._tails = np.full((count, _HEADS_MAX), nowhere)  # those that are there come first
        self._tail_next = np.zeros(count, bool)

    def word(self, rows: Ints) -> Ints:
        """Length of the current word as the network knows it."""
        found: Ints = np.minimum(self._length[rows], 4)
        return found

    def advance(self, rows: Ints, symbols: Ints) -> None:
        """Go past one character of each of these texts."""
        if not len(rows):
            return
        forest = self._forest
        nodes = self.nodes[rows]
        below = forest.child(nodes, np.repeat(symbols[:, None], CONTEXTS, axis=1))
        after = nodes.copy()
        after[:, 1:ORDERS] = below[:, : ORDERS - 1]
        after[:, 0] = forest.of_characters[symbols]
        word = forest.is_word[symbols]
        for where, go in ((word, self._words), (~word, self._gaps)):
            given = rows[where], symbols[where], nodes[where], below[where], after[where]
            after[where] = go(*given)
        self.nodes[rows] = after

    def _words(self, rows: Ints, symbols: Ints, nodes: Ints, below: Ints, mine: Ints) -> Ints:
        """Inside a word; ``mine``: what is known of their contexts already."""
        forest, nowhere = self._forest, self._forest.nowhere
        new = self._length[rows] == 0
        masked = forest.masked[symbols]
        digest = np.where(new, SALT_PAIR, self._digest[rows]) ^ masked
        skip = np.where(new, SALT_SKIP, self._skip_digest[rows]) ^ masked
        self._digest[rows] = digest * FNV & 0xFFFFFFFF
        self._skip_digest[rows] = skip * FNV & 0xFFFFFFFF
        old = nodes[:, _IN_WORDS]
        mine[:, _IN_WORDS] = np.where(forest.total[old] > 0, below[:, _IN_WORDS], old)
        self._length[rows] += 1
        # Second parts of compounds that may have begun inside this word.
        tails = self._tails[rows]
        each = np.repeat(symbols[:, None], _HEADS_MAX, axis=1)
        tails = np.where(tails != nowhere, forest.child(tails, each), nowhere)
        tails = np.where(forest.has[tails], tails, nowhere)
        gone = tails == nowhere
        tails = np.take_along_axis(tails, np.argsort(gone, axis=1, kind="stable"), axis=1)
        ended = forest.child(tails, np.full(tails.shape, END_OF_WORD)) != nowhere
        complete = (ended & (tails != nowhere)).any(axis=1)
        due = self._tail_next[rows]
        count = (tails != nowhere).sum(axis=1)
        begin = forest.of_general[forest.upper[symbols]]
        opens = due & (count < _HEADS_MAX) & (begin != nowhere)
        tails[opens, count[opens]] = begin[opens]
        linked = due & (symbols == forest.model.link)
        general = mine[:, GENERAL]
        ends = forest.child(general, np.full(general.shape, END_OF_WORD)) != nowhere
        complete |= (forest.total[general] > 0) & (self._length[rows] >= _HEAD_MIN) & ends
        self._tail_next[rows] = complete | linked
        self._tails[rows] = tails
        mine[:, TAIL] = tails[:, 0]
        return mine

    def _gaps(self, rows: Ints, symbols: Ints, nodes: Ints, below: Ints, mine: Ints) -> Ints:
        """Between words."""
        forest, nowhere = self._forest, self._forest.nowhere
        mine[:, WORD] = forest.of_word[symbols]
        behind = self._length[rows] > 0  # a word
        old = nodes[:, _AFTER_WORDS]
        mine[:, _AFTER_WORDS] = np.where(forest.total[old] > 0, below[:, _AFTER_WORDS], old)
        done, said = rows[behind], symbols[behind]
        mine[behind, PAIR] = forest.child(forest.root(self._digest[done]), said)
        mine[behind, SKIP] = forest.child(forest.root(self._previous[done]), said)
        mine[behind, TAIL] = nowhere
        self._previous[done] = self._skip_digest[done]
        self._length[done] = 0
        self._tails[done] = nowhere
        self._tail_next[done] = False
        mine[:, GENERAL] = np.where(forest.opens_word[symbols], ROOT_GENERAL, nowhere)
        return mine
