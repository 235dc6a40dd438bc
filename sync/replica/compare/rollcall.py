# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""After an urgent entry each says once that it is there, and its author knows in two minutes.

Whether a flood arrived only its receivers know, so each has to say it. Said to the whole county,
that would be as many floods as staffs; so it is done in steps. First each in its turn tells its
neighbours, when the floods are over, and takes along of whom it has heard it: who hears few others
first, who hears many last. Then who knows most tells that: over a relay, or directly where the
author is near. It is a falling auction: who has most to add goes first, and who hears that strikes
what was told from its own list. In the midst of it the author lists over a relay of whom it knows,
and who knows more goes on. Every frame says all that its sender knows, since a name more costs a
bit; so what was lost comes again with the next. Whoever hears of the entry for the first time by a
roll call asks for it at once.

Nobody speaks but of what it holds and has read as urgent: a member cannot make others speak of
what it invented. A roll call costs 25 staffs as much air as two floods of the entry; counties above
``roll_call_members`` have none.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from sync.replica.compare.backoff import backoff
from sync.replica.compare.neighbours import Neighbours
from sync.replica.compare.questions import Questions
from sync.replica.compare.shares import Allowance
from sync.replica.compare.wants import HINT_ATTEMPTS
from sync.replica.config import EngineConfig
from sync.replica.effects import Effects
from sync.replica.events import CARRIED_AS, Priority, Reach
from sync.replica.feeds import Feeds
from sync.schema.urgency import Urgency
from sync.wire.frames import Held, Seal
from sync.wire.held import ENTRIES_MAX, encode_held
from sync.wire.members import spans

if TYPE_CHECKING:
    import random

LISTS_MAX = 4
"""So often one call believes that its author says of whom it knows. A list that names nobody new
may be a recording: soon after another it is none."""


@dataclass(slots=True)
class _Own:
    """Urgent operations first..last of our own, that are one call."""

    first: int
    last: int
    priority: Priority
    begun: int  # ms
    lists: list[int]  # when to say who has them
    look_at: int | None  # to look whether few have them
    looks: int  # so often yet


@dataclass(slots=True)
class _Call:
    """What is known of one entry of another."""

    author: int
    number: int
    begun: int  # ms
    end: int
    say_at: int | None  # to the neighbours
    opens: int  # when who knows more than its author may tell
    draw: float  # 0..1: whose turn it is among those who know as much
    holders: set[int]
    told: set[int]  # of whom its author knows, by its own word or because it was told
    tell_at: int | None = None
    lists: int = 0
    listed: set[int] = field(default_factory=set)  # of whom its author said that it knows
    vain: set[int] = field(default_factory=set)  # of whom its author was told directly


class RollCall:
    """Who has the latest urgent entries of each author; at most ``roll_calls_hour`` an hour."""

    def __init__(
        self,
        me: int,
        feeds: Feeds,
        neighbours: Neighbours,
        questions: Questions,
        effects: Effects,
        seal: Seal,
        config: EngineConfig,
        rng: random.Random,
    ) -> None:
        self._me = me
        self._feeds = feeds
        self._neighbours = neighbours
        self._questions = questions
        self._effects = effects
        self._seal = seal
        self._config = config
        self._rng = rng
        self._calls: list[_Call] = []
        self._own: list[_Own] = []  # the latest at the end
        self._written = 0
        self._allowance = Allowance(config.roll_calls_hour)
        self._few = Allowance(config.roll_call_few_hour)

    @property
    def deadline(self) -> int | None:
        """When something is due."""
        times = [at for own in self._own for at in own.lists]
        times += (own.look_at for own in self._own if own.look_at is not None)
        for call in self._calls:
            times += (at for at in (call.say_at, call.tell_at, call.end) if at is not None)
        return min(times, default=None)

    def called(self, priority: Priority) -> bool:
        """Whether it is called for entries so urgent: in counties that are not too large for it;
        where radios sign each frame, which doubles its price, for blitz alone."""
        if self._feeds.roster.size > self._config.roll_call_members:
            return False
        least = Priority.FLASH if self._config.radio_signs else Priority.IMMEDIATE
        return priority <= least

    def begin(self, author: int, number: int, urgency: Urgency, now: int) -> None:
        """That urgent entry of another came here. It is told of when all before it is here, too."""
        known = [call for call in self._calls if call.author == author]
        if author == self._me or any(call.number >= number for call in known):
            return
        if not self.called(CARRIED_AS[urgency]):
            return
        holders = {author, *self._neighbours.holders(author, number)}
        for call in known:
            if now < call.begun + self._config.roll_call_fold_ms:
                call.number, call.holders = number, holders  # one call for all of them
                call.told, call.vain, call.tell_at = {author}, set(), None
                return
        if not self._allowance.take(now):
            return
        self._calls.append(
            _Call(
                author,
                number,
                begun=now,
                end=now + self._config.roll_call_ms,
                say_at=now + self._config.roll_call_first_ms + self._turn(now),
                opens=now + self._config.roll_call_opens_ms,
                draw=self._draw(),
                holders=holders,
                told={author},
            )
        )

    def wrote(self, first: int, number: int, urgency: Urgency, now: int) -> None:
        """Our operations are published: of urgent ones we list who has them."""
        priority = CARRIED_AS[urgency]
        if number <= self._written or not self.called(priority):
            return
        config = self._config
        if self._own and now < self._own[-1].begun + config.roll_call_fold_ms:
            own = self._own[-1]
            own.last, own.priority = number, min(own.priority, priority)
        elif self._allowance.take(now):
            at = now + config.roll_call_list_ms
            lists = [at, now + config.roll_call_list_last_ms + self._spread()]
            look_at, looks = (
                now + config.roll_call_few_ms + self._spread(),
                config.roll_call_few_times,
            )
            self._own.append(_Own(first, number, priority, now, lists, look_at, looks))
        else:
            return
        self._written = number

    def lists(self, last: int, priority: Priority) -> bool:
        """Whether a list of who has our operations up to there is still to come: neither of what
        rides along at the end, nor of what was written long ago or beyond the hour's calls."""
        return self.called(priority) and any(own.lists and last <= own.last for own in self._own)

    def withdraw(self) -> None:
        """Nothing of ours shall be spread any more."""
        self._own.clear()

    def _spread(self) -> int:
        """Those who wrote at the same time do not repeat it at the same time."""
        return self._rng.randrange(self._config.roll_call_turns_ms)

    def heard(self, held: Held, now: int) -> None:
        """A member told of whom it knows that they hold an entry, or several."""
        if held.epoch >= self._seal.epoch and not self._feeds.roster.doubted(held.epoch):
            for each in (held, *held.more):
                self._heard(each, now)

    def _heard(self, held: Held, now: int) -> None:
        author, number = held.author, held.number
        ours = self._feeds.shown(author)
        if author == self._me and number > ours:
            return  # nobody holds what was not written yet
        signer = self._feeds.roster.signer
        members = [member for member in held.members if signer(member) is not None]
        others = [member for member in members if member != self._me]
        self._neighbours.hearsay(others, [(author, number)])
        if number > ours:
            self._questions.lacking(
                author, number, now, vouched=False, hurry=held.urgent, attempts=HINT_ATTEMPTS
            )
        for call in self._calls:  # who holds a later entry holds those before it
            if call.author == author and call.number <= number:
                own = held.urgent and author in members and call.number == number
                self._add(call, members, now, own=own, mesh=held.mesh)

    def _add(self, call: _Call, members: list[int], now: int, *, own: bool, mesh: bool) -> None:
        call.holders.update(members)
        if own:  # the author's list: of nobody else does it know
            again = now >= call.opens + self._config.roll_call_list_apart_ms
            if call.lists < LISTS_MAX and (again or not call.listed.issuperset(members)):
                call.lists += 1
                call.listed.update(members)
                call.told, call.opens, call.draw = set(call.listed), now, self._draw()
        elif mesh or (now >= call.opens and self._near(call.author, now)):
            call.told.update(members)
            if not mesh:  # if its next list lacks them, it did not hear this
                call.vain.update(members)
        self._plan(call, now)

    def advance(self, now: int) -> None:
        """Say what is due."""
        for call in self._calls:
            if self._me not in call.holders and self._feeds.shown(call.author) >= call.number:
                call.holders.add(self._me)
                self._plan(call, now)
        deadline = self.deadline
        if deadline is not None and deadline <= now:
            said = [*self._listed(now), *self._told(now)]
            for mesh in (True, False):
                self._send([each for each in said if each.mesh is mesh], now)
            self._calls = [call for call in self._calls if call.end > now]
            self._own = [own for own in self._own if own.lists or own.look_at is not None]

    def unheard(self, now: int) -> Iterator[tuple[int, int, Priority]]:
        """Own urgent operations (first, last, class) that few are known to have by now: less than
        half of the county.

        Where many write at once the air is so full that a flood, its copies and all that is said of
        them may be lost for half of a county at once, and none of those knows that there is
        anything to ask for.
        """
        for own in self._own:
            if own.look_at is None or own.look_at > now:
                continue
            own.look_at = None
            county, known = self._known(own.last)
            if 2 * len(known) < len(county) and self._few.take(now):
                yield own.first, own.last, own.priority
                own.looks -= 1
                if own.looks:
                    own.look_at = now + self._config.roll_call_few_ms + self._spread()

    def _send(self, said: list[Held], now: int) -> None:
        for start in range(0, len(said), ENTRIES_MAX):
            first, *more = said[start : start + ENTRIES_MAX]
            payload = encode_held(replace(first, more=tuple(more)), self._seal)
            reach = Reach.RELAYED if first.mesh else Reach.NEIGHBOURS
            expires = now + self._config.control_expires_ms
            self._effects.send(payload, Priority.RECEIPT, reach, None, expires, insist=False)

    def _listed(self, now: int) -> Iterator[Held]:
        """Of our own entries: who has them, unless nearly all have."""
        for own in self._own:
            if not own.lists or own.lists[0] > now:
                continue
            own.lists = [at for at in own.lists if at > now]
            county, known = self._known(own.last)
            large = len(county) > self._config.roll_call_small
            least = self._config.roll_call_least if own.lists and large else 1
            if len(county) - len(known) >= least:
                # What follows its own name adds to the list (``_add``).
                for members in sorted(spans(known), key=lambda span: self._me not in span):
                    yield Held(self._me, own.last, members, mesh=True, urgent=True)

    def _known(self, number: int) -> tuple[set[int], set[int]]:
        """The county, and who of it is known to have our operations up to there."""
        county = self._feeds.roster.numbers
        return county, county & {self._me, *self._neighbours.holders(self._me, number)}

    def _told(self, now: int) -> Iterator[Held]:
        """Of entries of others. If anything is due, what soon will be goes with it: the air is
        fullest when several have just written something urgent."""
        moments = [(call, call.say_at, call.tell_at) for call in self._calls]
        if not any(at is not None and at <= now for _, *times in moments for at in times):
            return
        soon = now + self._config.roll_call_together_ms
        for call, say_at, tell_at in moments:
            here, far = self._me in call.holders, False
            if tell_at is not None and tell_at <= soon:
                call.tell_at = None
                if here or say_at is None:
                    call.say_at = None
                else:
                    call.say_at = max(say_at, now + self._config.roll_call_turn_jitter_ms)
                news = call.holders - call.told
                far = not self._near(call.author, now) or not news.isdisjoint(call.vain)
                call.told |= news
                if not far:
                    call.vain |= news
            elif say_at is not None and say_at <= soon and here:
                call.say_at = None
            elif say_at is not None and say_at <= now:  # what comes before it is still missing
                call.say_at = now + self._config.roll_call_turn_jitter_ms
                continue
            else:
                continue
            for members in spans(call.holders - {call.author}):
                yield Held(call.author, call.number, members, mesh=far, urgent=True)

    def _near(self, author: int, now: int) -> bool:
        return self._neighbours.near(author, now - self._config.neighbour_ms)

    def _plan(self, call: _Call, now: int) -> None:
        """Who has most to add goes first, all within half of the time that is left. A few names
        are worth a frame only where the author is near, or one's own is among them."""
        news = call.holders - call.told
        few = len(news) < self._config.roll_call_worth
        if not news or (few and self._me not in news and not self._near(call.author, now)):
            call.tell_at = None
            return
        members = max(1, self._feeds.roster.size)
        share = 1 - min(len(news), members) / members
        wait = int((call.end - call.opens) / 2 * (share**2 + call.draw) / 2)
        again = self._rng.randint(500, self._config.roll_call_again_ms)
        call.tell_at = max(call.opens + wait, now + again)

    def _draw(self) -> float:
        """Of a county that waits for the first to speak, one or two do so early."""
        return backoff(math.log(max(2, self._feeds.roster.size)) + 1, self._rng)

    def _turn(self, now: int) -> int:
        """Who hears few speaks first, so that who hears many can take it along; who hears half of
        the county or more is last."""
        members = max(1, self._feeds.roster.size)
        near = self._neighbours.near_count(now - self._config.neighbour_ms)
        turn = self._config.roll_call_turns_ms * min(2 * near, members) // members
        return turn + self._rng.randint(0, self._config.roll_call_turn_jitter_ms)
