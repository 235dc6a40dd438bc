# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Sending what many lack, over a relay: as a block, part by part, for one question and for all.

Parts are spaced, since radios around repeat each of them; two that send at the same time, one on
each side of what was a partition, take turns. Of two that send the same the one that is farther
goes on.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from itertools import chain
from typing import TYPE_CHECKING

from sync.feed.chain import Run, cut, run_size
from sync.replica.compare.blocks import Block, Blocks
from sync.replica.compare.repair import Repair, Repairs
from sync.replica.compare.shares import Allowance
from sync.replica.config import EngineConfig
from sync.replica.events import Reach
from sync.replica.feeds import Feeds
from sync.wire.block import OF_ONE, SYMBOL_MAX, in_parts
from sync.wire.frames import HINTS_HEAD, Index, Part, Seal
from sync.wire.index import SHARES, pieces_of, room_of, symbol_size
from sync.wire.packing import ROOM, Span

if TYPE_CHECKING:
    import random

_HOUR_MS = 3_600_000
_TURNS = 4


class Sweep(Repairs):
    """Spans that many lack, as far as nobody has sent them yet."""

    many = True

    def __init__(
        self,
        own: int,
        feeds: Feeds,
        blocks: Blocks,
        seal: Seal,
        config: EngineConfig,
        rng: random.Random,
    ) -> None:
        super().__init__(own, feeds, config, rng)
        self._blocks = blocks
        self._seal = seal
        self._frames = Allowance(config.backlog_frames_hour_max)
        self._free = 0  # when the next frame has room
        self._sent = self._other = -_HOUR_MS  # when we sent the last one, and another
        self._series = rng.randrange(OF_ONE)  # of our blocks: two in a row are never taken for one
        self._parts: deque[tuple[Part, list[Run]]] = deque()  # to be sent, with what ends in each
        self._courier = 0  # who was to have all of it, to bring it to the others
        self._yielding: tuple[int, int] | None = None  # to which block, and until when at most

    def begin(self, spans: list[Span], now: int, courier: int = 0) -> None:
        """We were asked for these, and many lack them; maybe by a courier."""
        if self.over:
            self._yielding = None
        if self._add(spans):
            for run in self._rest():
                self._strike(run.author, run.first, run.last)
        if self._spans:
            wait = self._config.backlog_answer_ms
            due = now + wait + self._rng.randrange(wait)
            self._due = max(self._free, due if self._due is None else min(self._due, due))
            self._courier = courier

    def together(self, halves: Iterable[list[Span]], now: int) -> None:
        """What one side lacks and what the other, as blocks of which each knows a part."""
        dealt = [self._runs(half) for half in halves]
        most = 2 * self._config.backlog_symbols
        parted = (_dealt(dealt, blocks, most) for blocks in range(1, sum(map(len, dealt)) + 1))
        self._courier = 0
        for shares in next(filter(None, parted), []):
            self._block(shares, now)
        for run in chain(*dealt):
            self._strike(run.author, run.first, run.last)
        if self._parts:
            self._due = max(self._free, now + self._rng.randrange(self._config.repair_named_ms))

    def _block(self, shares: list[list[Run]], now: int) -> None:
        """As many parities as the side that lacks more needs, and some for what is lost."""
        runs = list(chain(*shares))
        pieces = pieces_of(runs)
        count = -(-sum(map(_size, runs)) // room_of(runs))
        size = symbol_size(pieces, count)
        most = max(-(-sum(map(_size, share)) // size) for share in shares)
        parities = most + -(-most * self._config.backlog_parity_percent // 100)
        index = Index(max(parities, SHARES), pieces)
        number, epoch = self._number(), self._seal.epoch
        parts = self._blocks.made_of(runs, number, count, index, epoch, now)
        self._parts.extend((part, runs if part is parts[-1] else []) for part in parts)

    def _number(self) -> int:
        """Of the next block of ours."""
        self._series = (self._series + 1) % OF_ONE
        return self._own * OF_ONE + self._series

    def _runs(self, spans: list[Span]) -> list[Run]:
        """All of these, each as long as a frame can carry."""
        runs: list[Run] = []
        for author, first, last in spans:
            end = min(last, self._feeds.shown(author))
            while first <= end and (run := cut(self._feeds.log, author, first, end, ROOM)):
                runs.append(run)
                first = run.last + 1
        return runs

    def yields(self, block: Block, number: int) -> None:
        """Another sends that parity of a block with an index: of two that send the same in such
        blocks the one that is farther goes on."""
        mine = self._parts[0][0] if self._parts else None
        if mine is None or not mine.indexed or block.index is None:
            return
        ours = {(run.author, run.first) for run in self._rest()}
        shared = ours & {(piece.author, piece.first) for piece in block.index.pieces}
        if shared and (number, block.number) > (mine.number - mine.count, mine.block):
            self._parts.clear()
            self._due = self._free if self._spans else None

    def more(self, block: Block, missing: int, now: int) -> None:
        """Somebody misses so many parts of a block of ours."""
        queued = sum(part.block == block.number for part, _ in self._parts)
        for _ in range(missing - queued):
            part = block.another(self._rng)
            if part is not None:
                self._parts.append((part, []))
        if self._parts and self._due is None:
            self._due = max(self._free, now + self._rng.randrange(self._config.repair_named_ms))

    def occupied(self, now: int, *, own: bool = False) -> None:
        """A frame of a backlog was sent, by whomever: relays will repeat it.

        Two that send take turns: a pause after one's own frame has room for another's. After
        another's there are four moments to choose from, since those who chose the same do not hear
        each other; who sent when another did draws from more.
        """
        gap = self._config.backlog_gap_ms
        if own:
            together = now < self._other + 4 * gap
            pause, jitter = (gap * 3 // 2, gap // 2) if together else (gap, gap // 4)
            self._sent = now
        elif now < self._sent + gap // 2:
            pause, jitter = gap * 3 // 4, gap * 3 // 2
        else:
            pause, jitter = gap * 11 // 20 + self._rng.randrange(_TURNS) * gap // 5, gap // 12
        if not own:
            self._other = now
        self._free = max(self._free, now + pause + self._rng.randrange(jitter))
        if self._due is not None:
            self._due = max(self._due, self._free)

    @property
    def courier(self) -> int:
        """Who is to have all of it and brings it to the others; 0: it goes to all."""
        return 0 if self.over else self._courier

    @property
    def over(self) -> bool:
        """Whether all of it has been sent."""
        return not (self._spans or self._parts)

    def rivals(self, part: Part, held: list[Run], now: int) -> None:
        """Another sends this part, in which these runs end that we hold.

        Where they are ours to send, too, who is farther goes on and the other waits for what is
        left; not for ever, as the part may be a recording.
        """
        block, until = self._yielding or (-1, None)
        mine = self._parts[0][0] if self._parts else None
        if mine and mine.indexed:
            return
        if until is not None and now >= until:
            return
        rest = self._rest()
        ours = {(run.author, run.first) for run in rest}
        shared = (block == part.block and not self.over) or any(
            (run.author, run.first) in ours or self._overlaps(run) for run in held
        )
        if not shared or (mine and (part.number, part.block) < (mine.number, mine.block)):
            return
        self._parts.clear()
        if not self._spans and not rest:
            self._due = self._yielding = None
            return
        self._add([(run.author, run.first, run.last) for run in rest])
        self._yielding = part.block, until or now + self._config.backlog_yield_most_ms
        if self._spans:
            self._due = self._free = now + self._config.backlog_yield_ms

    def _overlaps(self, run: Run) -> bool:
        spans = self._spans.get(run.author, ())
        return any(first <= run.last and run.first <= last for first, last in spans)

    def advance(self, now: int) -> Repair | None:
        """The frame that is due."""
        if self._due is None or now < self._due:
            return None
        if self.over:
            self._due = None
            return None
        if not self._frames.take(now):
            self._due = now + _HOUR_MS // self._config.backlog_frames_hour_max
            return None
        courier = self.courier
        if not self._parts:
            runs = self._pack_many(now)
            if sum(map(_size, runs)) <= ROOM - HINTS_HEAD:
                self.occupied(now, own=True)
                return self._frame(runs, Reach.RELAYED, now)
            percent = 0 if courier else self._config.backlog_parity_percent
            self._parts.extend(in_parts(runs, self._number(), percent, self._seal.epoch))
            for part, _ in self._parts:
                self._blocks.add(part, now)
        part, ended = self._parts.popleft()
        for run in ended:
            self._had.add(run.author, sum(map(len, run.operations)), now)
        self._due = now
        if courier:
            gap = self._config.courier_gap_ms
            self._due = self._free = now + gap + self._rng.randrange(gap // 2)
        else:
            self.occupied(now, own=True)
        reach = Reach.NEIGHBOURS if courier else Reach.RELAYED
        if self.over:
            self._due = self._yielding = None
        return Repair(part, tuple(ended), reach, self.many)

    def _clear(self) -> None:
        due = self._due
        super()._clear()
        if self._parts:
            self._due = due

    def _rest(self) -> list[Run]:
        """What is still to be sent of the block."""
        return [run for _, runs in self._parts for run in runs]

    def _pack_many(self, now: int) -> list[Run]:
        """Runs for a block, each as long as a frame can carry: who has it can pass it on in one."""
        room = self._config.backlog_symbols * SYMBOL_MAX
        runs: list[Run] = []
        for author, first, last in self._by_rank(now):
            end = min(last, self._feeds.shown(author))
            while first <= end:
                run = cut(self._feeds.log, author, first, end, min(room, ROOM))
                if run is None:
                    break
                runs.append(run)
                room -= _size(run)
                first = run.last + 1
            if not runs:
                self.strike(author, first, last)  # gone from the log: nobody to answer
        for run in runs:
            self.heard(run.author, run.first, run.last, now)
        return runs

    def _by_rank(self, now: int) -> list[Span]:
        spans = [(a, first, last) for a, rows in self._spans.items() for first, last in rows]
        return sorted(spans, key=lambda span: (self._rank(span[0], now), span))


def _size(run: Run) -> int:
    return run_size(run.first, run.operations, prefix=False)


def _dealt(halves: list[list[Run]], blocks: int, most: int) -> list[list[list[Run]]]:
    """Both halves dealt to so many blocks of ``most`` symbols; none if that is too much for one."""
    found = [[list[Run]() for _ in halves] for _ in range(blocks)]
    for side, half in enumerate(halves):
        total, done = sum(map(_size, half)), 0
        for run in half:
            found[done * blocks // total][side].append(run)
            done += _size(run)
    found = [shares for shares in found if any(shares)]
    for runs in (list(chain(*shares)) for shares in found):
        if sum(map(_size, runs)) > most * room_of(runs):
            return []
    return found
