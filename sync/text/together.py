# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Many texts decoded side by side: one decision in each of them at a time, in arrays.

A join brings thousands of texts, and most of what one text takes is Python's own work. Here it is
shared by all. ``sync.text.cursor`` is the reference and says what every step means; whatever is
rare or odd (a character outside the alphabet, a text that does not end) is given up here and is
read there.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

import numpy as np
import numpy.typing as npt

from sync.text.forest import Forest, Ints
from sync.text.model import (
    CONTEXTS,
    END_OF_WORD,
    ESCAPE,
    GENERAL,
    PRIORITY,
    SQUASH_HALF,
    TRIES,
    WEIGHTS,
)
from sync.text.task import Ending, Other, Task
from sync.text.walks import Walks

Bools = npt.NDArray[np.bool_]

_BOTTOM, _MASK = 1 << 40, (1 << 48) - 1
_SPREAD = 5  # as in the cursor


def decode_together(forest: Forest, tasks: Sequence[Task], ending: Ending) -> None:
    """Read these texts; coders of those that were read stand behind them."""
    if tasks:
        _Together(forest, tasks, ending).run()


class _Together:
    """Texts on their way."""

    def __init__(self, forest: Forest, tasks: Sequence[Task], ending: Ending) -> None:
        self._forest, self._tasks, self._ending = forest, tasks, ending
        count = len(tasks)
        self._walks = Walks(forest, count)
        states = [task.coder.state for task in tasks]
        longest = max(len(task.coder.data) for task in tasks) + 32
        self._data = np.zeros((count, longest), np.int64)
        for row, task in enumerate(tasks):
            self._data[row, : len(task.coder.data)] = np.frombuffer(task.coder.data, np.uint8)
        self._at = np.array([at for at, _, _ in states])
        self._offset = np.array([offset for _, offset, _ in states])
        self._width = np.array([width for _, _, width in states])
        self._room = np.array([task.room for task in tasks])
        self._length = np.array([task.length for task in tasks])
        self._open = np.array([task.open for task in tasks])
        self._found: list[list[int]] = [[] for _ in tasks]
        self._texts: dict[int, str] = {}  # of those that are through
        self._chars = np.zeros(count, np.int64)
        self._symbol = np.full(count, -1)  # tried now
        self._tries = np.zeros(count, np.int64)
        self._first = np.full(count, -1)  # what was tried first
        self._queue = np.zeros((count, TRIES - 1), np.int64)  # what is tried then
        self._queued = np.zeros(count, np.int64)
        self._whole = np.zeros(count, bool)  # whether the queue ends there
        self._remaining = np.zeros((count, CONTEXTS), np.int64)
        self._who: list[Ints] = []  # of every decision
        self._what: list[Ints] = []  # probability << 1 | bit; below zero: -1 - place among others
        self._others: list[Other] = []

    def run(self) -> None:
        """All texts to their ends."""
        active = np.arange(len(self._tasks))
        fresh = active
        while len(active):
            gone = self._begin(fresh)
            active = active[~gone[active]]
            decided = self._symbol[active] >= 0
            asked = active[decided]
            taken = self._decide(asked)
            accepted = asked[taken]
            self._next(asked[~taken])
            unexpected = active[self._symbol[active] < 0]
            rest = [row for row in unexpected.tolist() if self._rest(row)]
            lost = np.setdiff1d(unexpected, rest)
            fresh = np.concatenate([accepted, np.array(rest, np.int64)])
            symbols = self._symbol[fresh]
            for row, symbol in zip(fresh.tolist(), symbols.tolist(), strict=True):
                self._found[row].append(symbol)
            self._chars[fresh] += 1
            self._walks.advance(fresh, symbols)
            if len(lost):
                active = np.setdiff1d(active, lost)
        self._trace()

    # --- the beginning of a character -------------------------------------------------------------

    def _begin(self, rows: Ints) -> Bools:
        """Look for the end, and what is tried first; who is through or given up."""
        gone = np.zeros(len(self._tasks), bool)
        ending = self._ending
        slack = self._slack(rows)
        full = self._chars[rows] >= self._length[rows]
        open_, begun = self._open[rows], self._chars[rows] > 0
        gone[rows[slack < -ending.overrun]] = True  # for the reference to say
        done = rows[full & ~open_ & ~gone[rows]]
        self._finish(done)
        gone[done] = True
        near = rows[open_ & begun & (slack <= ending.shown) & ~gone[rows]]
        if len(near):
            ended = self._ends(near)
            self._finish(ended)
            gone[ended] = True
        gone[rows[full & open_]] = True  # too long
        rows = rows[~gone[rows]]
        nodes = self._walks.nodes[rows]
        self._remaining[rows] = self._forest.total[nodes]
        self._tries[rows] = 0
        first = self._forest.first[nodes[:, PRIORITY]]
        best = np.argmax(first >= 0, axis=1)
        self._first[rows] = chosen = first[np.arange(len(rows)), best]
        self._try(rows, chosen)
        return gone

    def _slack(self, rows: Ints) -> Ints:
        bits = np.frexp(self._width[rows].astype(np.float64))[1]
        found: Ints = self._room[rows] - (8 * self._at[rows] - bits)
        return found

    def _ends(self, rows: Ints) -> Ints:
        """Those whose text ends here."""
        ending, forest = self._ending, self._forest
        nodes = self._walks.nodes[rows]
        states = forest.at_end[nodes]
        says = forest.network(states, 80 + self._walks.word(rows))
        slack = self._slack(rows)
        possible = slack <= ending.zone
        boost = forest.boost[np.clip(slack[possible] + 32, 0, 63)]
        chance = np.maximum(self._chance(says[possible] + boost), ending.least)
        bits = np.zeros(len(rows), np.int64)
        bits[possible] = self._take(rows[possible], chance)
        first = len(self._others)
        self._others += [
            (say, bit, 0) for say, bit in zip(says.tolist(), bits.tolist(), strict=True)
        ]
        self._note(rows, -1 - np.arange(first, len(self._others)))
        ended: Ints = rows[bits == 1]
        return ended

    # --- decisions --------------------------------------------------------------------------------

    def _chance(self, says: Ints) -> Ints:
        squash = self._forest.squash
        found: Ints = squash[np.clip(says + SQUASH_HALF, 0, len(squash) - 1)]
        return found

    def _decide(self, rows: Ints) -> Bools:
        """Whether each one's next character is the one that is tried."""
        forest = self._forest
        nodes, remaining = self._walks.nodes[rows], self._remaining[rows]
        symbols = self._symbol[rows]
        sought = np.repeat(symbols[:, None], CONTEXTS, axis=1)
        sought[~forest.is_word[symbols], GENERAL:] = END_OF_WORD
        place = forest.child(nodes, sought)
        level = forest.levels[place].astype(np.int64)
        states = forest.level_of[remaining] << 5 | level
        rank = np.minimum(self._tries[rows], 16) * 5 - 5 + self._walks.word(rows)
        chance = self._chance(forest.network(states, rank))
        bits = self._take(rows, chance)
        self._note(rows, chance << 1 | bits)
        seen = (place != forest.nowhere) & (sought != END_OF_WORD)
        less = np.maximum(remaining - forest.values[level], 1)
        self._remaining[rows] = np.where(seen, less, remaining)
        taken: Bools = bits == 1
        return taken

    def _take(self, rows: Ints, chance: Ints) -> Ints:
        """As ``RangeDecoder.decode``."""
        width, offset = self._width[rows], self._offset[rows]
        bound = (width >> 16) * chance
        one = offset < bound
        self._width[rows] = np.where(one, bound, width - bound)
        self._offset[rows] = np.where(one, offset, offset - bound)
        thin = rows[self._width[rows] < _BOTTOM]
        while len(thin):
            following = self._data[thin, np.minimum(self._at[thin], self._data.shape[1] - 1)]
            self._offset[thin] = (self._offset[thin] << 8 | following) & _MASK
            self._at[thin] += 1
            self._width[thin] <<= 8
            thin = thin[self._width[thin] < _BOTTOM]
        return one.astype(np.int64)

    def _note(self, rows: Ints, what: Ints) -> None:
        self._who.append(rows)
        self._what.append(what)

    # --- what is tried ----------------------------------------------------------------------------

    def _try(self, rows: Ints, symbols: Ints) -> None:
        """Try these next; -1: nothing."""
        self._symbol[rows] = symbols
        there = symbols >= 0
        self._tries[rows[there]] += 1

    def _next(self, rows: Ints) -> None:
        """What was tried is not the one: the next in rank."""
        once = rows[self._tries[rows] == 1]
        if len(once):
            self._queue[once], self._queued[once] = self._ranked(once)
            self._whole[once] = False
        tries = self._tries[rows]
        spent = (tries > self._queued[rows]) & ~self._whole[rows] & (tries < TRIES)
        for row in rows[spent].tolist():
            self._less_likely(row)
        there = (tries <= self._queued[rows]) & (tries < TRIES)
        following = self._queue[rows, np.minimum(tries, TRIES - 1) - 1]
        self._try(rows, np.where(there, following, -1))

    def _ranked(self, rows: Ints) -> tuple[Ints, Ints]:
        """The characters that contexts expect, as ``Cursor._ranked`` has them, and how many."""
        forest, nodes = self._forest, self._walks.nodes[rows]
        total = forest.total[nodes]
        share = _WEIGHTS // np.maximum(total, 1)
        place = forest.low[nodes][:, :, None] + _NEXT
        there = (place < forest.high[nodes][:, :, None]) & (total > 0)[:, :, None]
        place = np.where(there, place, 0)
        symbols = forest.symbols[place].reshape(-1, _PLACES)
        score = share[:, :, None] * forest.values[forest.levels[place]]
        score, there = score.reshape(-1, _PLACES), there.reshape(-1, _PLACES)
        there &= (symbols != END_OF_WORD) & (symbols != self._symbol[rows][:, None])
        at = (np.arange(len(rows)) << 8)[:, None] | symbols.astype(np.int64)
        # Sums stay far below 2**53, so that floats are exact.
        sums = np.bincount(at[there], score[there], len(rows) << 8)
        first = np.zeros(len(rows) << 8, np.int64)
        back = there[:, ::-1]
        first[at[:, ::-1][back]] = np.broadcast_to(_BACK, at.shape)[back]  # the last one stays
        keys = np.where(there & (first[at] == _BACK[::-1]), sums[at], -1.0)
        order = np.argsort(-keys, axis=1, kind="stable")[:, : TRIES - 1]
        found = np.take_along_axis(symbols, order, axis=1)
        return found.astype(np.int64), np.minimum((keys >= 0).sum(axis=1), TRIES - 1)

    def _less_likely(self, row: int) -> None:
        """After them all characters that follow the last one, and any, in their order."""
        forest, queued = self._forest, int(self._queued[row])
        tried = (END_OF_WORD, int(self._first[row]), *self._queue[row, :queued].tolist())
        follow = b"".join(
            forest.model.symbols[int(forest.low[node]) : int(forest.high[node])]
            for node in self._walks.nodes[row, 1::-1].tolist()
        )
        more = list(dict.fromkeys(follow.translate(None, bytes(tried))))[: TRIES - 1 - queued]
        self._queue[row, queued : queued + len(more)] = more
        self._queued[row], self._whole[row] = queued + len(more), True

    def _rest(self, row: int) -> bool:
        """A character that no context expected; whether it was one of the alphabet."""
        model, task = self._forest.model, self._tasks[row]
        sizes = model.rest_sizes.copy()
        tries = int(self._tries[row])
        if tries:
            for symbol in (int(self._first[row]), *self._queue[row, : tries - 1].tolist()):
                sizes[symbol] = 0
        starts = (0, *accumulate(sizes))
        coder = task.coder
        coder.state = int(self._at[row]), int(self._offset[row]), int(self._width[row])
        place = coder.peek_span(starts[-1])
        symbol = bisect_right(starts, place) - 1
        if symbol == ESCAPE:
            return False
        span = starts[symbol], starts[symbol + 1] - starts[symbol], starts[-1]
        coder.take_span(*span)
        self._at[row], self._offset[row], self._width[row] = coder.state
        self._symbol[row] = symbol
        self._others.append(span)
        self._note(np.array([row]), np.array([-len(self._others)]))
        return True

    # --- what came of it --------------------------------------------------------------------------

    def _finish(self, rows: Ints) -> None:
        alphabet = self._forest.model.alphabet
        for row in rows.tolist():
            task = self._tasks[row]
            task.coder.state = int(self._at[row]), int(self._offset[row]), int(self._width[row])
            self._texts[row] = "".join([alphabet[symbol] for symbol in self._found[row]])

    def _trace(self) -> None:
        """Hand every text its decisions."""
        if not self._who:
            return
        who, what = np.concatenate(self._who), np.concatenate(self._what)
        order = np.argsort(who, kind="stable")
        borders = np.searchsorted(who[order], np.arange(len(self._tasks) + 1)).tolist()
        what = what[order]
        for row, text in self._texts.items():
            task = self._tasks[row]
            task.text, task.trace = text, what[borders[row] : borders[row + 1]]
            task.others = self._others


_WEIGHTS = np.array(WEIGHTS)
_NEXT = np.arange(_SPREAD)
_PLACES = CONTEXTS * _SPREAD
_BACK = np.arange(_PLACES)
