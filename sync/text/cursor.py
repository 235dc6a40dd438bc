# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A place in a text: what every context of the model says there, and coding of what comes next.

The cursor walks all contexts' paths at once: `advance` with each symbol, `code` to decide the
next one. Encoder and decoder run the same code; only the `decide` function differs.
"""

from struct import Struct

from sync.text.model import (  # fmt: skip
    CONTEXTS,
    END_OF_TEXT,
    END_OF_WORD,
    FNV,
    GENERAL,
    LANES,
    LEVEL_OF,
    MIDDLE,
    ORDERS,
    PAIR,
    PRIORITY,
    ROOT_CHARACTERS,
    ROOT_GENERAL,
    ROOT_WORD,
    SALT_PAIR,
    SALT_SKIP,
    SKIP,
    SQUASH_HALF,
    START_PAIR,
    START_SKIP,
    TAIL,
    TRIES,
    VALUES,
    WEIGHTS,
    WORD,
    Decide,
    TextModel,
)

_LANES = Struct(f"<{LANES}H").unpack
_WIDTH = 2 * LANES
_HEADS_MAX = 3  # tails of compounds followed at the same time
_HEAD_MIN = 3  # letters of a compound's first part
_SPREAD = 5  # of each context so many characters are ranked
_ORDERS_DOWN = range(ORDERS - 1, 0, -1)
_OPENED_MAX = 50_000  # nodes remembered unpacked

# A context's place: its characters stand at low..high of the symbols (0, 0: it knows nothing),
# the total of their counts, the level of the end of text.
Spot = tuple[int, int, int, int]
_NOWHERE: Spot = (0, 0, 0, 0)
EndState = tuple[int, list[Spot]]  # length of the word so far, the contexts' places


class Cursor:
    """Contexts at one place of a text; starts before the first character."""

    def __init__(self, model: TextModel) -> None:
        self.model = model
        self.tried: list[int] = []
        self._symbols = model.symbols
        self._levels = model.levels
        self._children = model.children
        self._firsts = model.firsts
        self._opened = model.opened
        self._tails: list[int] = []
        self._tail_next = False
        self._length = 0  # of the current word
        self._digest = 0
        self._skip_digest = 0
        self._previous = START_SKIP
        self._spots = [_NOWHERE] * CONTEXTS
        self._spots[0] = self._open(self._child(ROOT_CHARACTERS, END_OF_TEXT))
        self._spots[WORD] = self._open(self._child(ROOT_WORD, END_OF_TEXT))
        self._spots[PAIR] = self._open(model.root(START_PAIR))
        self._spots[SKIP] = self._open(model.root(START_SKIP))
        self._spots[GENERAL] = self._general = self._open(ROOT_GENERAL)

    def _child(self, node: int, symbol: int) -> int:
        if node < 0:
            return -1
        children = self._children
        low = self._firsts[node >> 4] + sum(children[node & -16 : node])
        return self._symbols.find(symbol, low, low + children[node])

    def _open(self, node: int) -> Spot:
        """The place of a context that stands on `node`; -1: it knows nothing here."""
        if node < 0 or not self._children[node]:
            return _NOWHERE
        spot = self._opened.get(node)
        if spot:
            return spot
        children = self._children
        low = self._firsts[node >> 4] + sum(children[node & -16 : node])
        high = low + children[node]
        total = VALUES[self._levels[node]]
        end = 0
        if self._symbols[low] == END_OF_TEXT:
            end = self._levels[low]
            total -= VALUES[end]
            low += 1
        spot = (low, high, max(total, 1), end) if low < high else (0, 0, 0, end)
        if len(self._opened) >= _OPENED_MAX:
            self._opened.clear()
        self._opened[node] = spot
        return spot

    def advance(self, symbol: int) -> None:
        """Go past `symbol`."""
        find, spots, open_ = self._symbols.find, self._spots, self._open
        for k in _ORDERS_DOWN:
            low, high, _, _ = spots[k - 1]
            spots[k] = open_(find(symbol, low, high)) if high else _NOWHERE
        spots[0] = open_(self._child(ROOT_CHARACTERS, symbol))
        if self.model.is_word[symbol]:
            self._advance_word(symbol)
        else:
            self._advance_gap(symbol)

    def _advance_word(self, symbol: int) -> None:
        find, spots, open_ = self._symbols.find, self._spots, self._open
        masked = self.model.masked[symbol]
        if not self._length:
            self._digest, self._skip_digest = SALT_PAIR, SALT_SKIP
        self._digest = ((self._digest ^ masked) * FNV) & 0xFFFFFFFF
        self._skip_digest = ((self._skip_digest ^ masked) * FNV) & 0xFFFFFFFF
        for k in (WORD, PAIR, SKIP, GENERAL):
            low, high, _, _ = spots[k]
            if high:
                spots[k] = open_(find(symbol, low, high))
        self._length += 1
        self._advance_tails(symbol)

    def _advance_tails(self, symbol: int) -> None:
        """Follow the second parts of compounds that may have begun inside this word."""
        find = self._symbols.find
        tails, complete = [], False
        for node in self._tails:
            child = self._child(node, symbol)
            if child >= 0 and self._children[child]:
                tails.append(child)
                complete = complete or self._child(child, END_OF_WORD) >= 0
        if self._tail_next and len(tails) < _HEADS_MAX:
            begin = find(self.model.upper[symbol], *self._general[:2])
            if begin >= 0:
                tails.append(begin)
        linked = self._tail_next and symbol == self.model.link
        low, high, _, _ = self._spots[GENERAL]
        if high and self._length >= _HEAD_MIN:
            complete = complete or find(END_OF_WORD, low, high) >= 0
        self._tail_next = complete or linked
        self._tails = tails
        self._spots[TAIL] = self._open(tails[0]) if tails else _NOWHERE

    def _advance_gap(self, symbol: int) -> None:
        model, spots = self.model, self._spots
        spots[WORD] = self._open(self._child(ROOT_WORD, symbol))
        if self._length:
            spots[PAIR] = self._open(self._child(model.root(self._digest), symbol))
            spots[SKIP] = self._open(self._child(model.root(self._previous), symbol))
            self._previous = self._skip_digest
            self._length = 0
            self._tails = []
            self._tail_next = False
            spots[TAIL] = _NOWHERE
        else:
            for k in (PAIR, SKIP):
                low, high, _, _ = spots[k]
                if high:
                    spots[k] = self._open(self._symbols.find(symbol, low, high))
        spots[GENERAL] = self._general if model.opens_word[symbol] else _NOWHERE

    def _first(self) -> int:
        """The character that the most telling context holds for likeliest, or -1."""
        for k in PRIORITY:
            low, high, _, _ = self._spots[k]
            if high and self._symbols[low] != END_OF_WORD:
                return self._symbols[low]
        return -1

    def _ranked(self, first: int) -> list[int]:
        """Characters that contexts expect here, likeliest first, without `first`."""
        symbols, levels, values = self._symbols, self._levels, VALUES
        scores: dict[int, int] = {}
        for (low, high, total, _), weight in zip(self._spots, WEIGHTS, strict=True):
            if high:
                share = weight // total
                stop = low + _SPREAD if low + _SPREAD < high else high
                for symbol, level in zip(symbols[low:stop], levels[low:stop], strict=True):
                    scores[symbol] = scores.get(symbol, 0) + share * values[level]
        for low, high, _, _ in (self._spots[1], self._spots[0]):
            for symbol in symbols[low:high]:
                scores.setdefault(symbol, 0)
        scores.pop(first, None)
        scores.pop(END_OF_WORD, None)
        return sorted(scores, key=scores.__getitem__, reverse=True)

    def code(self, decide: Decide, target: int) -> int:
        """Decide which symbol comes next; `target` is it when encoding and -1 when decoding.

        Returns the symbol, or -1 when it is none of those in `tried`: all these were denied, and
        the caller names it from the plain table.
        """
        model, find, levels = self.model, self._symbols.find, self._levels
        live, rows, remaining, general, idle = self._evidence()
        ranks, length, probability = model.ranks, min(self._length, 4), self.probability
        symbol = self._first()
        self.tried = tried = [symbol] if symbol >= 0 else []
        order: list[int] = []
        while symbol >= 0:
            packed = idle + ranks[min(len(tried), 16) * 5 - 5 + length]
            sought = symbol
            for at, (low, high, table) in enumerate(live):
                if at == general and not model.is_word[symbol]:
                    sought = END_OF_WORD
                place = find(sought, low, high)
                if place < 0:
                    packed += table[rows[at]]
                else:
                    level = levels[place]
                    packed += table[rows[at] | level]
                    if sought != END_OF_WORD:
                        left = remaining[at] - VALUES[level]
                        remaining[at] = left = left if left > 0 else 1
                        rows[at] = LEVEL_OF[left] << 5
            if decide(probability(packed), symbol == target):
                return symbol
            if len(tried) == 1:
                order = self._ranked(symbol)[: TRIES - 1]
                order.reverse()
            symbol = order.pop() if order else -1
            if symbol >= 0:
                tried.append(symbol)
        return -1

    def _evidence(
        self,
    ) -> tuple[list[tuple[int, int, list[int]]], list[int], list[int], int, int]:
        """Contexts that know something here, with rows of their totals and the totals.

        Then which of them is the first that looks at general words, and what the idle ones add.
        """
        live: list[tuple[int, int, list[int]]] = []
        rows: list[int] = []
        remaining: list[int] = []
        idle, general = 0, -1
        for k, (spot, table) in enumerate(zip(self._spots, self.model.inputs, strict=True)):
            low, high, total, _ = spot
            if high:
                if k >= GENERAL and general < 0:
                    general = len(live)
                live.append((low, high, table))
                rows.append(LEVEL_OF[total] << 5)
                remaining.append(total)
            else:
                idle += table[0]
        return live, rows, remaining, general, idle

    def end_state(self) -> EndState:
        """What `end_probability` needs to know of this place, for later."""
        return min(self._length, 4), self._spots.copy()

    def end_probability(self, state: EndState, slack: int) -> int:
        """16-bit probability that the text ends at a place when `slack` bits of room are left."""
        return self.model.chance(self.end_says(state), slack)

    def end_says(self, state: EndState) -> int:
        """What the network makes of a place where the text may end."""
        length, spots = state
        packed = self.model.ranks[80 + length]
        for (_, _, rest, level), table in zip(spots, self.model.inputs, strict=True):
            total = min(rest + VALUES[level], 65535)
            packed += table[LEVEL_OF[total] << 5 | level]
        return self._says(packed)

    def probability(self, packed: int) -> int:
        """What the network makes of the contexts' summed inputs: 16 bits, never 0 or 65536."""
        at = self._says(packed) + SQUASH_HALF
        squash = self.model.squash
        return squash[0 if at < 0 else at if at < len(squash) else -1]

    def _says(self, packed: int) -> int:
        model = self.model
        direct, *lanes = _LANES(packed.to_bytes(_WIDTH, "little"))
        total = (direct - MIDDLE) << 8
        for lane, weight in zip(lanes, model.hidden, strict=True):
            if lane > MIDDLE:
                total += (lane - MIDDLE) * weight
        says: int = total >> 9
        return says
