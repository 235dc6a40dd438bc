# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Blocks as their parts come, until all of their runs are known, and those that we sent ourselves.

Who knows all of a block can make parities that nobody has sent yet (``sync.wire.erasure``). Of one
that has an index (``sync.wire.index``) each fills in what it holds.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sync.feed.chain import Run
from sync.feed.log import Log
from sync.wire.block import NOWHERE, runs_in
from sync.wire.erasure import PARITIES_MAX, SYMBOLS_MAX, parity, recovered
from sync.wire.frames import Index, Part
from sync.wire.index import in_symbols, index_in, parity_of, runs_of

if TYPE_CHECKING:
    import random

_BLOCKS_MAX = 8
"""So many at the same time: each holds at most 22 kB."""

_LIFE_MS = 15 * 60_000
_LIVES = 3


@dataclass(slots=True, eq=False)
class Block:
    """What is known of one, and what ``nacks`` ask and owe about it."""

    number: int
    count: int  # of symbols
    epoch: int
    indexed: bool  # nothing but parities is sent of it
    since: int  # ms, when its first part came
    last: int  # and the last one that was not known
    symbols: dict[int, bytes] = field(default_factory=dict)
    parities: dict[int, bytes] = field(default_factory=dict)  # that came, or were sent by us
    starts: dict[int, int] = field(default_factory=dict)
    runs: dict[tuple[int, int], Run] = field(default_factory=dict)  # by author and first number
    index: Index | None = None
    shares: dict[int, bytes] = field(default_factory=dict)  # of the index, by number of the parity
    described: bool = False  # what it says has been made use of
    fetched: bool = False  # sent to one who is near, not to all
    useful: bool = False  # something of it was new here, or is
    ask_at: int | None = None  # when we ask for parts; None: we do not
    tries: int = 0
    asked: set[int] = field(default_factory=set)  # whom we asked, and who misses parts itself
    answer_at: int | None = None
    owed: int = 0  # parities

    @property
    def unread(self) -> bool:
        """Whether its index is still to come."""
        return self.indexed and self.index is None

    @property
    def missing(self) -> int:
        """So many more parts make it whole; a guess while its index is not known: half of it."""
        if self.unread:
            return max(1, self.count // 2 - len(self.parities))
        least = int(self.indexed and not self.whole)  # one of them may be made up
        return max(least, self.count - len(self.symbols) - len(self.parities))

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
        first = self.index.parities if self.index else 0
        most = PARITIES_MAX if self.indexed else SYMBOLS_MAX - self.count
        unused = [n for n in range(first, most) if n not in self.parities]
        return self.made(rng.choice(unused)) if unused and self.whole else None

    def made(self, number: int) -> Part:
        """The parity of that number, of a block that is whole."""
        symbols = [self.symbols[n] for n in range(self.count)]
        if self.index is not None:
            part = parity_of(symbols, self.index, self.number, number, self.epoch)
        else:
            symbol, place = parity(symbols, number), self.count + number
            part = Part(self.number, place, self.count, symbol, NOWHERE, self.epoch)
        self.parities[number] = part.symbol
        return part


class Blocks:
    """The last blocks of one node."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._blocks: OrderedDict[tuple[int, ...], Block] = OrderedDict()

    def __iter__(self) -> Iterator[Block]:
        return iter(list(self._blocks.values()))

    def of(self, part: Part, now: int) -> Block:
        """The block that this is a part of. It is forgotten when nothing of it came for long."""
        key = _key(part)
        block = self._blocks.get(key)
        if block is None or now >= min(block.last + _LIFE_MS, block.since + _LIVES * _LIFE_MS):
            block = Block(part.block, part.count, part.epoch, part.indexed, now, now)
        return self._keep(key, block)

    def _keep(self, key: tuple[int, ...], block: Block) -> Block:
        """As the latest; the one of which nothing came for longest is forgotten."""
        self._blocks[key] = block
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
        if part.indexed:
            return self._add_parity(block, part)
        if part.number >= block.count:
            block.parities[part.number - block.count] = part.symbol
        elif not block.whole:
            block.symbols[part.number], block.starts[part.number] = part.symbol, part.start
        every = recovered(block.symbols, block.parities, block.count)
        if every and not block.whole:
            block.symbols, block.starts = dict(enumerate(every)), {0: 0}
        return _news(block, runs_in(block.symbols, block.starts))

    def _add_parity(self, block: Block, part: Part) -> list[Run]:
        """What came first stays: who makes up a part cannot take one back."""
        number = part.number - part.count
        block.parities.setdefault(number, part.symbol)
        block.shares.setdefault(number, part.share)
        block.index = block.index or index_in(block.shares, block.count, len(part.symbol))
        if block.index is None or block.whole:
            return []
        self._fill_in(block, block.index)
        found = runs_of(block.index, block.symbols, block.parities, block.count)
        if found is None:
            return []
        block.symbols, block.starts = dict(enumerate(found[0])), {0: 0}
        return _news(block, found[1])

    def made_of(
        self, runs: Sequence[Run], number: int, count: int, index: Index, epoch: int, now: int
    ) -> list[Part]:
        """A new block with an index, of runs that we hold: the parities that are to be sent."""
        block = Block(number, count, epoch, True, now, now)
        block.index, block.starts = index, {0: 0}
        block.symbols = in_symbols(index.pieces, count, runs)
        block.runs = {(run.author, run.first): run for run in runs}
        parts = [block.made(place) for place in range(index.parities)]
        self._keep(_key(parts[0]), block)
        return parts

    def _fill_in(self, block: Block, index: Index) -> None:
        """What of it we hold, whatever way it came."""
        pieces = index.pieces
        known = [self._held(*piece[:3]) for piece in pieces]
        block.symbols |= in_symbols(pieces, block.count, known)
        block.runs |= {(run.author, run.first): run for run in known if run is not None}

    def _held(self, author: int, first: int, count: int) -> Run | None:
        """The run of exactly these operations, if we hold them and a signature at their end."""
        last = first + count - 1
        operations = tuple(self._log.operations(author, first, last))
        points = self._log.signatures(author, last, last)
        if len(operations) != count or not points:
            return None
        return Run(author, first, operations, points[0].signature)


def _key(part: Part) -> tuple[int, ...]:
    return part.epoch, part.block, part.count, len(part.symbol), len(part.share)


def _news(block: Block, runs: list[Run]) -> list[Run]:
    """Those of its runs that were not known."""
    found = {(run.author, run.first): run for run in runs}
    new = [run for key, run in found.items() if key not in block.runs]
    block.runs |= found
    return new
