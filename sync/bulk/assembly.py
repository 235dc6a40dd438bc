# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Exchange over a way on which one speaks and all hear: a broker.

What is new is said once to all, by its author, or by whoever brought it in from another way. What
each holds it states now and then; who lacks something asks one of those who hold it, and gets it
alone, a helping at a time, until it asks no more. So what a newcomer needs costs nobody else.

Pure: statements, requests and heads in, effects out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random

STATE_MS = 5_000
"""Between two statements at least; all hear them, so more members speak more rarely."""
STATE_EACH_MS = 500
"""Times the number of members that are there."""
SILENT_MS = 10 * 60_000
"""Who has said nothing for so long is not there."""
STEADY_MS = SILENT_MS // 3
"""A statement without news says that one is there."""
BRING_MS = 2_000
"""So long somebody who brings something in waits whether another does; thrice where its author is
there."""
LACK_MS = 3_000
"""What is lacking for less is on its way."""
ANSWER_MS = 15_000
"""Afterwards another one is asked."""
BARREN_MS = 60_000
"""Who was asked and brought nothing new is not asked for so long: he may lie, or hold another
branch."""
AGAIN_MS = 60_000
"""Between two times that a feed is said anew because somebody's does not go on as ours."""
HELPING_MS = 1_000
"""Between two helpings for one member, so that nobody can keep us busy with asking."""


@dataclass(frozen=True, slots=True)
class ToAll:
    """Say these operations to all."""

    author: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Answer:
    """Give that member a helping of what is above these heads."""

    member: int
    heads: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Ask:
    """Ask that member for what we lack."""

    member: int


@dataclass(frozen=True, slots=True)
class State:
    """Say to all what we hold."""


Effect = ToAll | Answer | Ask | State


@dataclass(slots=True)
class _Member:
    heads: Mapping[int, int]
    seen: int


class Assembly:
    """What is known of those who are there, and what is to be said next."""

    def __init__(self, me: int, rng: random.Random) -> None:
        self._me, self._rng = me, rng
        self._members: dict[int, _Member] = {}
        self._held: dict[int, int] | None = None  # our heads when last looked
        self._unsaid: dict[int, tuple[int, int, int]] = {}  # author -> (first, last, due)
        self._requests: dict[int, Mapping[int, int]] = {}
        self._helped: dict[int, int] = {}  # member -> when last
        self._stated: dict[int, int] = {}
        self._state_at: int | None = None  # when last; None: not yet
        self._lacking_since: int | None = None
        self._asked_at: int | None = None
        self._asked: tuple[int, int] | None = None  # (whom, how much we held then)
        self._barren: dict[int, int] = {}  # member -> when it brought nothing
        self._repeated: dict[int, int] = {}  # author -> when its feed was said anew
        self._deadline = 0

    # --- what was heard -------------------------------------------------------------------------

    def stated(self, member: int, heads: Mapping[int, int], now: int) -> None:
        """A member says what it holds."""
        self._members[member] = _Member(heads, now)
        self._deadline = 0

    def said(self, author: int, first: int, last: int) -> None:
        """Somebody said these to all."""
        waiting = self._unsaid.get(author)
        if waiting is not None and first <= waiting[0] <= last:
            del self._unsaid[author]
            if waiting[1] > last:
                self._unsaid[author] = (last + 1, waiting[1], waiting[2])

    def doubted(self, author: int, first: int, now: int) -> None:
        """Somebody's feed of that author does not go on as what was said: it is said anew from
        that number on, once a minute, by whoever holds it; so both branches are seen."""
        head = (self._held or {}).get(author, 0)
        if first > head or now - self._repeated.get(author, now - AGAIN_MS) < AGAIN_MS:
            return
        self._repeated[author] = now
        wait = 0 if author == self._me else self._rng.randrange(BRING_MS)
        self._unsaid[author] = (first, head, now + wait)
        self._deadline = 0

    def asked(self, member: int, heads: Mapping[int, int]) -> None:
        """A member asks us for what is above these heads."""
        self._requests[member] = heads
        self._deadline = 0

    def answered(self) -> None:
        """A helping came to its end: there may be more."""
        self._asked_at = None
        self._deadline = 0

    def lost(self) -> None:
        """The way is gone; what was asked will not be answered."""
        self._members.clear()
        self._requests.clear()
        self._state_at = self._asked_at = None
        self._asked = None

    # --- what is to be said ---------------------------------------------------------------------

    def deadline(self) -> int:
        """When ``advance`` has something to do."""
        return self._deadline

    def there(self, now: int) -> list[int]:
        """Members that have spoken lately."""
        return [name for name, member in self._members.items() if now - member.seen < SILENT_MS]

    def advance(self, heads: Mapping[int, int], now: int) -> Iterator[Effect]:
        """What is due, given the last numbers that count here."""
        self._note(heads, now)
        yield from self._news(now)
        for member, theirs in list(self._requests.items()):
            if now - self._helped.get(member, now - HELPING_MS) >= HELPING_MS:
                del self._requests[member]
                self._helped[member] = now
                yield Answer(member, theirs)
        wait = STATE_MS + STATE_EACH_MS * len(self._members)
        last = self._state_at
        changed = self._stated != heads
        if last is None or now - last >= (wait if changed else STEADY_MS):
            self._state_at, self._stated = now, dict(heads)
            yield State()
        yield from self._lack(heads, now)
        self._deadline = min(
            [
                now + (1_000 if self._lacking_since or self._requests else STEADY_MS),
                (self._state_at or now) + (wait if changed else STEADY_MS),
                *(due for _, _, due in self._unsaid.values()),
            ]
        )

    def _note(self, heads: Mapping[int, int], now: int) -> None:
        """What grew since the last look is to be said, ours at once."""
        if self._held is None:
            self._held = dict(heads)  # what was there before is asked for
            return
        for author, head in heads.items():
            before = self._held.get(author, 0)
            if head <= before:
                continue
            wait = 0
            if author != self._me:
                near = self._members.get(author)
                there = near is not None and now - near.seen < SILENT_MS
                wait = (3 if there else 1) * BRING_MS + self._rng.randrange(BRING_MS)
            first, _, due = self._unsaid.get(author, (before + 1, 0, now + wait))
            self._unsaid[author] = (first, head, due)
        self._held = dict(heads)

    def _news(self, now: int) -> Iterator[ToAll]:
        for author, (first, last, due) in list(self._unsaid.items()):
            if now >= due:
                del self._unsaid[author]
                yield ToAll(author, first, last)

    def _lack(self, heads: Mapping[int, int], now: int) -> Iterator[Ask]:
        held = sum(heads.values())
        if self._asked is not None and self._asked_at is None:
            whom, before = self._asked
            self._asked = None
            if held == before:
                self._barren[whom] = now
        offers = {
            name: sum(max(0, head - heads.get(author, 0)) for author, head in member.heads.items())
            for name, member in self._members.items()
            if now - member.seen < SILENT_MS
            and now - self._barren.get(name, now - BARREN_MS) >= BARREN_MS
        }
        most = max(offers.values(), default=0)
        if not most:
            self._lacking_since = self._asked_at = None
            return
        if self._lacking_since is None:
            self._lacking_since = now
        if self._asked_at is not None and now - self._asked_at >= ANSWER_MS:
            self._asked_at = None
            yield from self._lack(heads, now)  # it did not answer, so another one is asked
            return
        if now - self._lacking_since >= LACK_MS and self._asked_at is None:
            whom = self._rng.choice(sorted(name for name, n in offers.items() if n == most))
            self._asked_at, self._asked = now, (whom, held)
            yield Ask(whom)
