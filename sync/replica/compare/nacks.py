# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who misses parts of a block says how many, and gets as many parities, whichever it misses.

As in NORM (RFC 5740): what is missing is a number, not a list, and a parity that is sent for one
serves everybody near, whatever each has lost. Who misses many asks whoever sent the block, over a
relay; else a neighbour is asked by name, one after the other. What is still missing then is asked
for as always, and so is everything while nothing of a block has come.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sync.feed.log import Log
from sync.replica.compare.backlog import RELAYED
from sync.replica.compare.blocks import Block, Blocks
from sync.replica.compare.neighbours import Neighbours
from sync.replica.compare.shares import Allowance
from sync.replica.compare.stamps import Stamps
from sync.replica.compare.sweep import Sweep
from sync.replica.compare.wants import Wants
from sync.replica.config import EngineConfig
from sync.replica.effects import Effects
from sync.replica.events import HeardFrame, Priority, Reach
from sync.wire.block import OF_ONE, encode_nack, encode_part, parities_of
from sync.wire.frames import Nack, Part, Seal

if TYPE_CHECKING:
    import random


_LEAST = 3
"""One part in so many of a block must have come, or it is not asked for."""


@dataclass(slots=True)
class _Asking:
    due: int | None = None  # None: not again
    tries: int = 0


@dataclass(slots=True)
class _Answering:
    due: int
    owed: int  # parities


class Nacks:
    """Questions for parities of one node, and its answers."""

    def __init__(
        self,
        own: int,
        log: Log,
        blocks: Blocks,
        neighbours: Neighbours,
        wants: Wants,
        sweep: Sweep,
        stamps: Stamps,
        effects: Effects,
        seal: Seal,
        config: EngineConfig,
        rng: random.Random,
    ) -> None:
        self._own = own
        self._log = log
        self.blocks = blocks
        self._neighbours = neighbours
        self._wants = wants
        self._sweep = sweep
        self._stamps = stamps
        self._effects = effects
        self._seal = seal
        self._config = config
        self._rng = rng
        self._asking: dict[int, _Asking] = {}  # by number of the block
        self._answering: dict[int, _Answering] = {}
        self._lacking: dict[int, set[int]] = {}  # by number of the block: who asked for parts
        self._frames = Allowance(config.nack_frames_hour_max)

    @property
    def deadline(self) -> int | None:
        """When ``advance`` has something to do."""
        asking = [each.due for each in self._asking.values() if each.due is not None]
        return min((*asking, *(each.due for each in self._answering.values())), default=None)

    # --- what is heard ------------------------------------------------------------------------

    def part(self, part: Part, block: Block, now: int) -> None:
        """A part was heard that was not heard before."""
        answer = self._answering.get(block.number)
        if answer is not None and part.number >= block.count:
            answer.owed -= 1
        if block.whole or not block.useful:
            self._asking.pop(block.number, None)
            return
        if _LEAST * block.missing > (_LEAST - 1) * block.count:
            return  # its sender may have left off, as another sends the same
        asking = self._asking.setdefault(block.number, _Asking())
        if asking.tries >= self._config.nack_tries:
            return
        last = block.count + parities_of(block.count, self._config.backlog_parity_percent) - 1
        if part.number < last:  # more is to come, and be it of another block
            asking.due = now + self._config.nack_silence_ms + self._turn(block)
            for each in self._asking.values():
                each.due = each.due and max(each.due, asking.due)
        else:
            wait = self._config.nack_wait_ms
            if part.number > last:  # an answer, more of which may come
                wait = 2 * self._config.nack_gap_ms
            asking.due = now + wait + self._turn(block)

    def over(self, now: int) -> bool:
        """All of a backlog has been sent; whether parts of it are to be asked for."""
        soon = False
        for block in self.blocks:
            asking = self._asking.get(block.number)
            if asking is not None and asking.due is not None:
                wait = self._config.nack_wait_ms + self._turn(block)
                asking.due = min(asking.due, now + wait)
                soon = True
        return soon

    def heard(self, nack: Nack, frame: HeardFrame, now: int) -> None:
        """A member misses parts of a block."""
        block = self.blocks.find(nack.block, nack.count)
        if block is None:
            return
        self._lacking.setdefault(nack.block, set()).add(nack.sender)
        relayed = frame.relays == RELAYED
        asking = self._asking.get(nack.block)
        if asking is not None and asking.due is not None:  # what it gets serves us, too
            gap = self._config.backlog_gap_ms if relayed else self._config.nack_gap_ms
            wait = min(nack.missing, block.missing) * gap + self._turn(block)
            asking.due = max(asking.due, now + wait)
        if nack.target != self._own or not self._held(block):
            return
        if relayed and block.number // OF_ONE == self._own:
            self._sweep.more(block, nack.missing, now)
        elif not frame.hops:
            due = now + self._rng.randrange(self._config.repair_named_ms)
            self._answering[nack.block] = _Answering(due, nack.missing)

    def _held(self, block: Block) -> bool:
        """Whether all of it is known and stands in the log: nobody's inventions are passed on."""
        return block.whole and all(
            tuple(self._log.operations(run.author, run.first, run.last)) == run.operations
            for run in block.runs.values()
        )

    def _turn(self, block: Block) -> int:
        """Who misses most asks first: what it is sent serves the others."""
        spread = self._config.nack_spread_ms
        share = 1 - block.missing / block.count
        return int(spread * share) + self._rng.randrange(spread // 2)

    # --- what is sent -------------------------------------------------------------------------

    def advance(self, now: int) -> None:
        """Send what is due."""
        known = {block.number: block for block in self.blocks}
        for number, asking in list(self._asking.items()):
            if number not in known or known[number].whole or self._wants.empty:
                del self._asking[number]
            elif asking.tries >= self._config.nack_tries:
                asking.due = None
        due = [number for number, each in self._asking.items() if each.due and now >= each.due]
        if due:
            first = min(due, key=lambda number: known[number].missing)
            self._ask(known[first], self._asking[first], now)
            for number in due:  # one at a time
                self._asking[number].due = self._asking[first].due
        for number, answer in list(self._answering.items()):
            if number not in known or answer.owed <= 0:
                del self._answering[number]
            elif now >= answer.due:
                self._answer(known[number], answer, now)
        self._lacking = {n: who for n, who in self._lacking.items() if n in known}

    def _ask(self, block: Block, asking: _Asking, now: int) -> None:
        config = self._config
        asking.tries += 1
        needs = {author: run.last for (author, _), run in block.runs.items()}
        near = self._neighbours.ranked(needs, now - config.neighbour_ms)
        near = [node for node in near if node not in self._lacking.get(block.number, ())]
        server = block.number // OF_ONE
        many = block.missing >= config.nack_many and asking.tries == 1
        wait = config.want_named_ms
        if near and not many and asking.tries < config.nack_tries:
            reach = Reach.NEIGHBOURS
            target = server if server in near else near[(asking.tries - 1) % len(near)]
        else:
            reach, target = Reach.RELAYED, server
            wait += block.missing * config.backlog_gap_ms
        asking.due = now + wait + self._turn(block)
        self._wants.quiet(now, config.want_named_ms)
        stamp = self._stamps.next(now)
        nack = Nack(self._own, block.number, block.count, block.missing, target, stamp)
        expires = now + config.want_named_ms
        payload = encode_nack(nack, self._seal)
        self._effects.send(payload, Priority.WANT, reach, "nack", expires)

    def _answer(self, block: Block, answer: _Answering, now: int) -> None:
        part = block.another(self._rng) if self._frames.take(now) else None
        if part is None:
            answer.owed = 0
            return
        answer.owed -= 1
        gap = self._config.nack_gap_ms
        answer.due = now + gap + self._rng.randrange(gap // 2)
        payload, expires = encode_part(part, self._seal), now + self._config.repair_expires_ms
        self._effects.send(payload, Priority.REPAIR, Reach.NEIGHBOURS, None, expires)
