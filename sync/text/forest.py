# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The model's tables as arrays, for many texts at once (``sync.text.together``).

A place in a tree is its node; ``nowhere`` stands for a context that knows nothing. What
``Cursor._open`` works out for a node when it comes there is worked out here for all of them.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from sync.text.model import (
    CONTEXTS,
    END_OF_TEXT,
    END_OF_WORD,
    LANES,
    LEVEL_OF,
    MIDDLE,
    ROOT_CHARACTERS,
    ROOT_GENERAL,
    ROOT_HASHED,
    ROOT_WORD,
    VALUES,
    TextModel,
)
from sync.text.prose import load_model

Ints = npt.NDArray[np.int64]

_SLOTS = 22  # bits of a place in the table of children
_CHILD = 24  # bits of a child in an entry
_CHILDREN = (1 << _CHILD) - 1
_MIX = np.uint64(0x9E3779B97F4A7C15)


class Forest:
    """One model's tables."""

    def __init__(self, model: TextModel) -> None:
        self.model = model
        self.symbols = np.frombuffer(model.symbols, np.uint8)
        self.nowhere = len(self.symbols)
        self.level_of = np.frombuffer(LEVEL_OF, np.uint8).astype(np.int64)
        self.values = np.array(VALUES)
        self._places()
        self._children()
        self._lanes()
        self.hashes = np.array(model.hashes, np.int64)
        self.is_word = np.frombuffer(model.is_word, np.uint8) > 0
        self.opens_word = np.frombuffer(model.opens_word, np.uint8) > 0
        self.masked = np.frombuffer(model.masked, np.uint8).astype(np.int64)
        self.upper = np.frombuffer(model.upper, np.uint8)
        self.of_characters = self._of(ROOT_CHARACTERS)
        self.of_word = self._of(ROOT_WORD)
        self.of_general = self._of(ROOT_GENERAL)

    def _places(self) -> None:
        """What ``Cursor._open`` finds at each node; ``nowhere`` is one more."""
        levels = np.frombuffer(self.model.levels, np.uint8)
        count = np.append(np.frombuffer(self.model.children, np.uint8), np.uint8(0))
        has = count > 0
        low = int(self.model.firsts[0]) + np.cumsum(count, dtype=np.int32) - count
        first = np.where(has, low, 0)
        ends = has & (self.symbols[first] == END_OF_TEXT)
        end = np.where(ends, levels[first], np.uint8(0))
        self.levels = np.append(levels, np.uint8(0))
        self.has = has
        self.low = (low + ends).astype(np.int32)
        self.high = (low + count).astype(np.int32)
        live = self.low < self.high
        total = self.values[self.levels] - self.values[end]
        self.total = np.where(live, np.maximum(total, 1), 0).astype(np.int32)
        symbol = self.symbols[np.where(live, self.low, 0)]
        self.first = np.where(live & (symbol != END_OF_WORD), symbol.astype(np.int16), -1)
        whole = np.minimum(self.total + self.values[end], len(LEVEL_OF) - 1)
        self.at_end = (self.level_of[whole] << 5 | end).astype(np.int16)

    def _of(self, root: int) -> Ints:
        """Children of a root, by symbol."""
        return self.child(np.full(256, root), np.arange(256))

    def _children(self) -> None:
        """A hash table of all (node, symbol), above the child that stands there."""
        first = int(self.model.firsts[0])
        count = np.frombuffer(self.model.children, np.uint8)
        child = np.arange(first, first + int(count.sum()))
        keys = np.repeat(np.arange(len(count)), count) << 8 | self.symbols[child]
        self._table = np.full(1 << _SLOTS, -1, np.int64)
        slot = _slot(keys)
        entries = keys << _CHILD | child
        while len(entries):
            free = self._table[slot] < 0
            self._table[slot[free]] = entries[free]
            left = self._table[slot] != entries
            entries, slot = entries[left], slot[left] + 1 & (1 << _SLOTS) - 1

    def child(self, nodes: Ints, symbols: Ints) -> Ints:
        """Which child of each node carries that symbol."""
        found = np.full(nodes.shape, self.nowhere)
        live = np.nonzero(self.total[nodes])
        found[live] = self._looked_up(nodes[live] << 8 | symbols[live])
        return found

    def _looked_up(self, keys: Ints) -> Ints:
        slot = _slot(keys)
        entries = self._table[slot]
        hit = entries >> _CHILD == keys
        found = np.where(hit, entries & _CHILDREN, self.nowhere)
        left = np.nonzero(~hit & (entries >= 0))[0]  # something else stands there: look on
        keys, slot = keys[left], slot[left]
        while len(keys):
            slot = slot + 1 & (1 << _SLOTS) - 1
            entries = self._table[slot]
            hit = entries >> _CHILD == keys
            found[left[hit]] = entries[hit] & _CHILDREN
            go = ~hit & (entries >= 0)
            left, keys, slot = left[go], keys[go], slot[go]
        return found

    def root(self, digests: Ints) -> Ints:
        """The tree of each word's digest."""
        at = np.searchsorted(self.hashes, digests)
        known = self.hashes[np.minimum(at, len(self.hashes) - 1)] == digests
        return np.where(known, ROOT_HASHED + at, self.nowhere)

    def _lanes(self) -> None:
        model = self.model
        self.inputs = np.array([[_unpacked(p) for p in table] for table in model.inputs], np.int32)
        self.inputs = self.inputs.reshape(CONTEXTS * 1024, LANES)
        self.ranks = np.array([_unpacked(packed) for packed in model.ranks], np.int32)
        self.hidden = np.array(model.hidden, np.int64)
        self.squash = np.array(model.squash, np.int64)
        self.boost = np.array(model.end_boost, np.int64)
        self.base = np.arange(CONTEXTS) * 1024

    def network(self, states: Ints, rank: Ints) -> Ints:
        """What the contexts in these states (row | level) make of it together."""
        lanes = self.inputs[states + self.base].sum(axis=1) + self.ranks[rank] - MIDDLE
        total = np.maximum(lanes[:, 1:], 0) @ self.hidden
        found: Ints = lanes[:, 0].astype(np.int64) * 256 + total >> 9
        return found


def _slot(keys: Ints) -> Ints:
    mixed = keys.astype(np.uint64) * _MIX >> np.uint64(64 - _SLOTS)
    return mixed.astype(np.int64)


def _unpacked(packed: int) -> list[int]:
    data = packed.to_bytes(2 * LANES, "little")
    return [int.from_bytes(data[at : at + 2], "little") for at in range(0, 2 * LANES, 2)]


@cache
def forest(version: int) -> Forest:
    """The tables of that version, made once."""
    return Forest(load_model(version))
