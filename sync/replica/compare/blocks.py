# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Blocks as their parts come, until all of their runs are known, and those that we sent ourselves.

Who knows all of a block can make parities that nobody has sent yet (``sync.wire.erasure``).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator
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


@dataclass(slots=True)
class Block:
    """What is known of one."""

    number: int
    count: int  # of symbols
    since: int  # ms, when its first part came
    symbols: dict[int, bytes] = field(default_factory=dict)
    parities: dict[int, bytes] = field(default_factory=dict)  # that came, or were sent by us
    starts: dict[int, int] = field(default_factory=dict)
    runs: dict[tuple[int, int], Run] = field(default_factory=dict)  # by author and first number
    useful: bool = False  # something of it was new here

    @property
    def missing(self) -> int:
        """So many more parts make it whole."""
        return max(0, self.count - len(self.symbols) - len(self.parities))

    @property
    def whole(self) -> bool:
        """Whether all of it is known."""
        return len(self.symbols) == self.count

    def known(self, part: Part) -> bool:
        """Whether this part says nothing new."""
        place = part.number - part.count
        return place in self.parities or part.number in self.symbols or (self.whole and place < 0)

    def another(self, rng: random.Random) -> Part | None:
        """A parity that was not on the air yet, as far as is known here; None: there is none.

        Any of them, as others may make some at the same time.
        """
        unused = [n for n in range(SYMBOLS_MAX - self.count) if n not in self.parities]
        if not unused:
            return None
        number = rng.choice(unused)
        self.parities[number] = parity([self.symbols[n] for n in range(self.count)], number)
        return Part(self.number, self.count + number, self.count, self.parities[number], NOWHERE)


class Blocks:
    """The last blocks."""

    def __init__(self) -> None:
        self._blocks: OrderedDict[tuple[int, int, int, int], Block] = OrderedDict()

    def __iter__(self) -> Iterator[Block]:
        return iter(self._blocks.values())

    def of(self, part: Part, now: int) -> Block:
        """The block that this is a part of."""
        key = (part.epoch, part.block, part.count, len(part.symbol))
        block = self._blocks.get(key)
        if block is None or now >= block.since + _LIFE_MS:
            block = self._blocks[key] = Block(part.block, part.count, now)
        self._blocks.move_to_end(key)
        if len(self._blocks) > _BLOCKS_MAX:
            self._blocks.popitem(last=False)
        return block

    def find(self, number: int, count: int) -> Block | None:
        """The last one of that number."""
        found = [each for each in self if (each.number, each.count) == (number, count)]
        return found[-1] if found else None

    def began(self, parts: Iterable[Part], now: int) -> None:
        """We send a block of these."""
        for part in parts:
            self._add(self.of(part, now), part)

    def add(self, part: Part, now: int) -> list[Run]:
        """The runs that have become known with this part, not verified."""
        block = self.of(part, now)
        self._add(block, part)
        every = recovered(block.symbols, block.parities, block.count)
        if every and not block.whole:
            block.symbols, block.starts = dict(enumerate(every)), {0: 0}
        found = {(run.author, run.first): run for run in runs_in(block.symbols, block.starts)}
        new = [run for key, run in found.items() if key not in block.runs]
        block.runs |= found
        return new

    def _add(self, block: Block, part: Part) -> None:
        if part.number >= block.count:
            block.parities[part.number - block.count] = part.symbol
        elif not block.whole:
            block.symbols[part.number], block.starts[part.number] = part.symbol, part.start
