# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who misses parts of a block says how many, and gets as many parities, whichever it misses.

As in NORM (RFC 5740): what is missing is a number, not a list, and a parity that is sent for one
serves everybody near, whatever each has lost. Who misses many asks whoever sent the block, over a
relay; else a neighbour is asked by name, one after the other. What is still missing then is asked
for as always, and so is everything while nothing of a block has come.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.feed.log import Log
from sync.replica.compare.backlog import RELAYED
from sync.replica.compare.blocks import Block, Blocks
from sync.replica.compare.courier import Courier
from sync.replica.compare.neighbours import Neighbours
from sync.replica.compare.shares import Allowance
from sync.replica.compare.stamps import Stamps
from sync.replica.compare.sweep import Sweep
from sync.replica.compare.wants import Wants
from sync.replica.config import EngineConfig
from sync.replica.effects import Effects
from sync.replica.events import HeardFrame, Priority, Reach
from sync.wire.block import OF_ONE, encode_nack, parities_of
from sync.wire.frames import Nack, Part, Seal
from sync.wire.packet import encode_answer

if TYPE_CHECKING:
    import random


_LEAST = 3
"""One part in so many of a block must have come, or it is not asked for."""


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
        courier: Courier,
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
        self._courier = courier
        self._stamps = stamps
        self._effects = effects
        self._seal = seal
        self._config = config
        self._rng = rng
        self._frames = Allowance(config.nack_frames_hour_max)

    @property
    def deadline(self) -> int | None:
        """When ``advance`` has something to do."""
        due = (time for block in self.blocks for time in (block.ask_at, block.answer_at))
        return min((time for time in due if time is not None), default=None)

    # --- what is heard ------------------------------------------------------------------------

    def part(self, part: Part, block: Block, now: int) -> None:
        """A part was heard that was not heard before."""
        if part.number >= block.count:
            block.owed -= 1
        ours = block.fetched and block.number // OF_ONE == self._courier.server
        wanted = block.useful or block.unread or ours
        if block.whole or not wanted or not self._own or (block.fetched and not ours):
            block.ask_at = None
            return
        if ours:
            block.ask_at = now + self._fetches(part)
            return
        if not block.indexed and _LEAST * block.missing > (_LEAST - 1) * block.count:
            return  # its sender may have left off, as another sends the same
        if block.tries >= self._config.nack_tries:
            return
        last = self._last(block)
        if last is None or part.number < last:  # more is to come, and be it of another block
            block.ask_at = until = now + self._config.nack_silence_ms + self._turn(block)
            for each in self.blocks:
                each.wait(until)
        else:
            wait = self._config.nack_wait_ms
            if part.number > last:  # an answer, more of which may come
                wait = 2 * self._config.nack_gap_ms
            block.ask_at = now + wait + self._turn(block)

    def _fetches(self, part: Part) -> int:
        """How long a courier waits for more of what it fetches."""
        config = self._config
        if part.number >= part.count:
            return 2 * config.nack_gap_ms
        return config.nack_wait_ms if part.number == part.count - 1 else 4 * config.courier_gap_ms

    def _last(self, block: Block) -> int | None:
        """Number of the last part that is sent to all; None: not known yet."""
        if not block.indexed:
            percent = self._config.backlog_parity_percent
            return block.count + parities_of(block.count, percent) - 1
        return block.count + block.index.parities - 1 if block.index else None

    def over(self, now: int) -> bool:
        """All of a backlog has been sent; whether parts of it are to be asked for."""
        lacking = self._lacking()
        for block in lacking:
            block.hurry(now + self._config.nack_wait_ms + self._turn(block))
        return bool(lacking)

    def heard(self, nack: Nack, frame: HeardFrame, now: int) -> None:
        """A member misses parts of a block."""
        blocks = self.blocks.named(nack.block, nack.count, nack.epoch)
        relayed = frame.relays == RELAYED
        gap = self._config.backlog_gap_ms if relayed else self._config.nack_gap_ms
        for block in blocks:
            block.asked.add(nack.sender)
            if block.ask_at is not None:  # what it gets serves us, too
                block.wait(now + min(nack.missing, block.missing) * gap + self._turn(block))
        if nack.target != self._own or nack.epoch != self._seal.epoch:
            return
        held = next((block for block in blocks if self._held(block)), None)
        if held is None:
            return
        if relayed and held.number // OF_ONE == self._own:
            self._sweep.more(held, nack.missing, now)
        elif not frame.hops:
            held.answer_at = now + self._rng.randrange(self._config.repair_named_ms)
            held.owed = nack.missing

    def _lacking(self) -> list[Block]:
        """Blocks of which we are to ask for parts."""
        return [block for block in self.blocks if block.ask_at is not None]

    def _held(self, block: Block) -> bool:
        """Whether all of it is known and stands in the log: nobody's inventions are passed on."""
        runs = block.runs.values() if block.whole else ()
        return bool(runs) and all(
            run.operations
            and tuple(self._log.operations(run.author, run.first, run.last)) == run.operations
            for run in runs
        )

    def _turn(self, block: Block) -> int:
        """Who misses most asks first: what it is sent serves the others."""
        spread = self._config.nack_spread_ms
        share = 1 - block.missing / block.count
        return int(spread * share) + self._rng.randrange(spread // 2)

    # --- what is sent -------------------------------------------------------------------------

    def advance(self, now: int) -> None:
        """Send what is due."""
        for block in self._lacking():
            if block.whole or self._wants.empty:
                block.ask_at = None
        due = [block for block in self._lacking() if now >= (block.ask_at or 0)]
        if due:
            first = min(due, key=lambda block: block.missing)
            again = self._ask(first, now)
            for block in due:  # one at a time
                block.wait(again)
            if first.tries >= self._config.nack_tries:
                first.ask_at = None
        for block in self.blocks:
            if block.answer_at is not None and now >= block.answer_at:
                self._answer(block, now)

    def _ask(self, block: Block, now: int) -> int:
        """Ask for its parts; when to ask for any again."""
        config = self._config
        block.tries += 1
        near = self._neighbours.ranked(self._wants.targets(), now - config.neighbour_ms)
        near = [node for node in near if node not in block.asked]
        server = block.number // OF_ONE
        many = block.missing >= config.nack_many and block.tries == 1
        wait = config.want_named_ms
        if block.fetched:
            reach, target = Reach.NEIGHBOURS, server
            wait += block.missing * config.nack_gap_ms
        elif near and not many and block.tries < config.nack_tries:
            reach, target = Reach.NEIGHBOURS, server if server in near else near[0]
            block.asked.add(target)
        else:
            reach, target = Reach.RELAYED, server
            wait += block.missing * config.backlog_gap_ms
        again = now + wait + (0 if block.fetched else self._turn(block))
        self._wants.quiet(now, config.want_named_ms)
        stamp = self._stamps.next(now)
        nack = Nack(self._own, block.number, block.count, block.missing, target, stamp)
        expires = now + config.want_named_ms
        payload = encode_nack(nack, self._seal)
        self._effects.send(payload, Priority.WANT, reach, "nack", expires)
        return again

    def _answer(self, block: Block, now: int) -> None:
        part = None
        if block.owed > 0 and block.epoch == self._seal.epoch and self._frames.take(now):
            part = block.another(self._rng)
        if part is None:
            block.owed, block.answer_at = 0, None
            return
        block.owed -= 1
        gap = self._config.nack_gap_ms
        block.answer_at = now + gap + self._rng.randrange(gap // 2)
        payload, expires = encode_answer(part, self._seal), now + self._config.repair_expires_ms
        self._effects.send(payload, Priority.REPAIR, Reach.NEIGHBOURS, None, expires)
