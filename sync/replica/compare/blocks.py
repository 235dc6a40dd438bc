# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Blocks as their parts come, until all of their runs are known, and those that we sent ourselves.

Who knows all of a block can make parities that nobody has sent yet (``sync.wire.erasure``).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sync.feed.chain import Run
from sync.wire.block import NOWHERE, runs_in
from sync.wire.erasure import SYMBOLS_MAX, parity, recovered
from sync.wire.frames import Part

if TYPE_CHECKING:
    import random

_BLOCKS_MAX = 8
"""So many at the same time: each holds at most 7 kB."""

_LIFE_MS = 15 * 60_000
_LIVES = 3


@dataclass(slots=True, eq=False)
class Block:
    """What is known of one, and what ``nacks`` ask and owe about it."""

    number: int
    count: int  # of symbols
    epoch: int
    since: int  # ms, when its first part came
    last: int  # and the last one that was not known
    symbols: dict[int, bytes] = field(default_factory=dict)
    parities: dict[int, bytes] = field(default_factory=dict)  # that came, or were sent by us
    starts: dict[int, int] = field(default_factory=dict)
    runs: dict[tuple[int, int], Run] = field(default_factory=dict)  # by author and first number
    useful: bool = False  # something of it was new here
    ask_at: int | None = None  # when we ask for parts; None: we do not
    tries: int = 0
    asked: set[int] = field(default_factory=set)  # whom we asked, and who misses parts itself
    answer_at: int | None = None
    owed: int = 0  # parities

    @property
    def missing(self) -> int:
        """So many more parts make it whole."""
        return max(0, self.count - len(self.symbols) - len(self.parities))

    @property
    def whole(self) -> bool:
        """Whether all of it is known."""
        return len(self.symbols) == self.count

    def wait(self, until: int) -> None:
        """If we are to ask for parts, then not before that."""
        if self.ask_at is not None:
            self.ask_at = max(self.ask_at, until)

    def hurry(self, by: int) -> None:
        """If we are to ask for parts, then by that moment."""
        if self.ask_at is not None:
            self.ask_at = min(self.ask_at, by)

    def known(self, part: Part) -> bool:
        """Whether this part says nothing new."""
        place = part.number - part.count
        return place in self.parities or part.number in self.symbols or (self.whole and place < 0)

    def another(self, rng: random.Random) -> Part | None:
        """A parity that was not on the air yet, as far as is known here; None: there is none.

        Any of them, as others may make some at the same time.
        """
        unused = [n for n in range(SYMBOLS_MAX - self.count) if n not in self.parities]
        if not unused or not self.whole:
            return None
        number = rng.choice(unused)
        symbol = parity([self.symbols[n] for n in range(self.count)], number)
        self.parities[number] = symbol
        return Part(self.number, self.count + number, self.count, symbol, NOWHERE, self.epoch)


class Blocks:
    """The last blocks."""

    def __init__(self) -> None:
        self._blocks: OrderedDict[tuple[int, int, int, int], Block] = OrderedDict()

    def __iter__(self) -> Iterator[Block]:
        return iter(list(self._blocks.values()))

    def of(self, part: Part, now: int) -> Block:
        """The block that this is a part of. It is forgotten when nothing of it came for long."""
        key = (part.epoch, part.block, part.count, len(part.symbol))
        block = self._blocks.get(key)
        if block is None or now >= min(block.last + _LIFE_MS, block.since + _LIVES * _LIFE_MS):
            block = self._blocks[key] = Block(part.block, part.count, part.epoch, now, now)
        self._blocks.move_to_end(key)
        if len(self._blocks) > _BLOCKS_MAX:
            self._blocks.popitem(last=False)
        return block

    def named(self, number: int, count: int, epoch: int) -> list[Block]:
        """Those of that number; a member may have made up some of them."""
        wanted = (number, count, epoch)
        return [each for each in self if (each.number, each.count, each.epoch) == wanted]

    def add(self, part: Part, now: int) -> list[Run]:
        """The runs that have become known with this part, not verified."""
        block = self.of(part, now)
        if not block.known(part):
            block.last = now
        if part.number >= block.count:
            block.parities[part.number - block.count] = part.symbol
        elif not block.whole:
            block.symbols[part.number], block.starts[part.number] = part.symbol, part.start
        every = recovered(block.symbols, block.parities, block.count)
        if every and not block.whole:
            block.symbols, block.starts = dict(enumerate(every)), {0: 0}
        found = {(run.author, run.first): run for run in runs_in(block.symbols, block.starts)}
        new = [run for key, run in found.items() if key not in block.runs]
        block.runs |= found
        return new
