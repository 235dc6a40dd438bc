# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Own operations on their way out: wait for company, then go as few and full frames.

A signature takes 64 bytes, so routine operations wait a little and share one. Urgent ones go at
once and take along what waited; a copy follows (``copies``), which carries the chain value before
it, so that a node with a gap can show it, and news of others. Where the radio's firmware makes
100..165 bytes as dear as 166, a frame is filled with operations that were sent before: that repairs
losses before anybody asks.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass

from sync.feed.chain import RUN_OPERATIONS_MAX, Run, cut, run_size
from sync.replica.config import EngineConfig
from sync.replica.events import CARRIED_AS, Priority
from sync.replica.feeds import Feeds
from sync.replica.own.copies import Copies, Copy
from sync.replica.own.pulse import Pulse
from sync.schema.urgency import Urgency
from sync.wire.frames import FRAME_MAX, HINT_SIZE, HINTS_HEAD, HINTS_MAX, Runs, Seal
from sync.wire.hints import Hints
from sync.wire.packet import encode_news

SIGNED_ABOVE = 99  # bytes: from here on a frame costs as much as one of ...
UNSIGNED_FROM = 166  # ... this size, which the radio does not sign
_ROOM = FRAME_MAX - 1
_FULL_BYTES = 150  # so many bytes of operations fill a frame


@dataclass(frozen=True, slots=True)
class Outgo:
    """A frame of own operations."""

    payload: bytes
    priority: Priority
    first: int
    last: int
    expires: int  # ms; not worth sending afterwards
    urgent: bool  # its last operation is; else it rides along
    copy: bool  # went out a moment ago


class Outgoing:
    """Own operations that were not sent yet."""

    def __init__(
        self,
        author: int,
        feeds: Feeds,
        hints: Hints,
        pulse: Pulse,
        seal: Seal,
        config: EngineConfig,
        listen_until: int,
    ) -> None:
        self._author = author
        self._feeds = feeds
        self._hints = hints
        self._pulse = pulse
        self._seal = seal
        self._config = config
        self._waiting: dict[int, Urgency] = {}  # by number
        self._unsent: set[int] = set()  # those of them that never went out
        self._due: int | None = None
        self._copies = Copies(config)
        self._handed = -config.bare_after_ms  # when our last frame that was new went to the outbox
        self.hold_until = listen_until
        self.hushed = 0  # what is not urgent waits until then
        feeds.own = author
        feeds.own_sent = feeds.stored_head(author)

    @property
    def deadline(self) -> int | None:
        """When something is to be sent."""
        times = [time for time in (self._ready(), self._copies.deadline) if time is not None]
        return max(min(times), self.hold_until) if times else None

    def _ready(self) -> int | None:
        """When what waits is to be sent."""
        if self._due is None or any(urgency.urgent for urgency in self._waiting.values()):
            return self._due
        # Beside a copy a frame of our own would meet its relays; the last copy takes it along.
        return max(self._due, self.hushed, self._copies.ends)

    def publish(self, first: int, last: int, urgency: Urgency, now: int) -> None:
        """Own operations first..last are in the log and shall be sent."""
        self._feeds.own_sent = min(self._feeds.own_sent, first - 1)
        self._unsent.update(range(first, min(last, first + self._config.unsent_max) + 1))
        self.offer(first, last, urgency, now)

    def offer(self, first: int, last: int, urgency: Urgency, now: int) -> None:
        """Own operations first..last shall be sent, be it once more."""
        for number in range(first, min(last, first + self._config.unsent_max) + 1):
            self._waiting[number] = urgency
        due = now + self._delay(urgency)
        self._due = due if self._due is None else min(self._due, due)
        numbers = sorted(self._waiting)[:RUN_OPERATIONS_MAX]
        waiting = self._feeds.log.operations(self._author, numbers[0], numbers[-1])
        if sum(map(len, waiting)) >= _FULL_BYTES or len(self._waiting) >= RUN_OPERATIONS_MAX:
            self._due = now

    def withdraw(self, after: int) -> None:
        """Operations above ``after`` will never be sent."""
        self._waiting = {number: p for number, p in self._waiting.items() if number <= after}
        if not self._waiting:
            self._due = None
        self._unsent = {number for number in self._unsent if number <= after}
        self._copies.clear()

    def delivered(self, upto: int) -> None:
        """Every member has our operations up to there by other ways: the air is spared."""
        self._waiting = {number: u for number, u in self._waiting.items() if number > upto}
        self._unsent = {number for number in self._unsent if number > upto}
        self._feeds.own_sent = max(self._feeds.own_sent, upto)
        self._copies.spare(upto)
        if not self._waiting:
            self._due = None

    def repeat(self, few: Iterable[tuple[int, int, Priority]], now: int) -> None:
        """Own urgent operations (first, last, class) that few have: one copy more."""
        for first, last, priority in few:
            self._copies.repeat(first, last, priority, now)

    def yields(self, now: int) -> None:
        """Another's urgent flood is on its way."""
        self._copies.yields(now)

    def advance(self, now: int) -> list[Outgo]:
        """Frames that are due."""
        deadline = self.deadline
        if deadline is None or now < deadline:
            return []
        ready = self._ready()
        due = ready is not None and now >= ready
        if due and any(urgency.urgent for urgency in self._waiting.values()):
            return [*self._fresh(now), *self._again(now)]  # no copy takes what is urgent along
        frames = self._again(now)
        return [*frames, *self._fresh(now)] if due else frames

    def _fresh(self, now: int) -> list[Outgo]:
        """What was not sent before."""
        frames: list[Outgo] = []
        while self._waiting:
            frame = self._next(now)
            if frame is None:
                break
            frames.append(frame)
        self._waiting.clear()
        self._due = None
        return frames

    def _again(self, now: int) -> list[Outgo]:
        """Copies that are due. They take along what waits, as far as it fits."""
        frames: list[Outgo] = []
        for copy in self._copies.take(now):
            last = max((copy.last, *self._waiting))
            prefixes = (False,) if copy.again else (True, False)
            # What few have may be several frames: then its end, for the rest of which others ask.
            for first, prefix in itertools.product((copy.first, copy.last), prefixes):
                run = self._cut(first, last, prefix=prefix)
                if run is not None and run.last >= copy.last:
                    frames.append(self._frame(run, copy.priority, now, urgent=True, copy=copy))
                    break
        if not self._waiting:
            self._due = None
        return frames

    def _next(self, now: int) -> Outgo | None:
        """The most urgent frame: from its first operation, or from the oldest if that fits too."""
        first = min(self._waiting)
        best = CARRIED_AS[min(self._waiting.values())]
        urgent = min(self._waiting.values()).urgent
        target = min(n for n, u in self._waiting.items() if CARRIED_AS[u] is best)
        last = max(self._waiting)
        for start in dict.fromkeys((first, target)):
            # Bare, it is there the sooner; but without what comes before it, it needs the chain.
            known = now - self._handed >= self._config.bare_after_ms
            bare = start == self._feeds.own_sent + 1 and known and self._copies.of(best) > 0
            run = self._cut(start, last, prefix=urgent and not bare)
            if run is not None and run.last >= target:
                return self._frame(run, best, now, urgent=urgent)
        run = self._cut(target, last, prefix=False)
        return None if run is None else self._frame(run, best, now, urgent=urgent)

    def _cut(self, first: int, last: int, *, prefix: bool) -> Run | None:
        chain = self._feeds.chain(self._author, first - 1) if prefix else None
        return cut(self._feeds.log, self._author, first, last, _ROOM, chain)

    def _frame(
        self, run: Run, priority: Priority, now: int, *, urgent: bool, copy: Copy | None = None
    ) -> Outgo:
        numbers = range(run.first, run.last + 1)
        ending = self._waiting.get(run.last)
        urgent_end = copy is not None if ending is None else ending.urgent
        for number in numbers:
            self._waiting.pop(number, None)
        # What a more urgent entry has overtaken is as new as that.
        fresh = not self._unsent.isdisjoint(numbers)
        new = copy is None and fresh
        self._unsent.difference_update(numbers)
        self._feeds.own_sent = max(self._feeds.own_sent, run.last)
        if fresh:
            self._handed = now
        size, most, pad_to = _size(run), FRAME_MAX, 0
        if self._config.radio_signs and size < UNSIGNED_FROM:
            most = SIGNED_ABOVE
            if size > SIGNED_ABOVE:
                run, most = self._fill(run), UNSIGNED_FROM
                size, pad_to = _size(run), UNSIGNED_FROM
        again = copy is not None and copy.again
        bare = again or (new and self._copies.of(priority) > 0)
        wanted = 0 if bare else HINTS_HEAD + self._config.hints_max * HINT_SIZE
        hints = self._hints.take(min(most - size, wanted), now)
        room = most - size - HINTS_HEAD - len(hints) * HINT_SIZE
        if not bare and room >= HINT_SIZE and len(hints) < HINTS_MAX:
            hints += self._pulse.take(now)
        content = Runs((run,), original=True, urgent=urgent, hints=hints)
        payload = encode_news(content, self._seal, pad_to)
        if new:
            self._copies.sent(run.first, run.last, priority, now, dear=self._dear())
        lasting = self._config.copy_expires_ms if copy else self._config.own_expires_ms
        expires = now + lasting
        return Outgo(payload, priority, run.first, run.last, expires, urgent_end, copy is not None)

    def _fill(self, run: Run) -> Run:
        """Begin earlier, as far as it costs no airtime."""
        filled = run
        for first in range(run.first - 1, max(0, run.last - RUN_OPERATIONS_MAX), -1):
            operations = self._feeds.log.operations(self._author, first, run.last)
            prefix = None if run.prefix is None else self._feeds.chain(self._author, first - 1)
            longer = Run(run.author, first, tuple(operations), run.signature, prefix)
            if _size(longer) > UNSIGNED_FROM:
                break
            filled = longer
        return filled

    def _dear(self) -> bool:
        """Whether floods take much of the air: in large counties, and where radios sign them."""
        large = self._feeds.roster.size > self._config.roll_call_members
        return large or self._config.radio_signs

    def _delay(self, urgency: Urgency) -> int:
        if urgency.urgent:
            return 0
        if urgency is Urgency.RECEIPT:
            return self._config.receipt_delay_ms
        if urgency is Urgency.ROUTINE:
            return self._config.routine_delay_ms
        return self._config.reading_delay_ms


def _size(run: Run) -> int:
    """Bytes of a frame that holds this run."""
    return 1 + run_size(run.first, run.operations, prefix=run.prefix is not None)
