# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""After an urgent entry each says once that it is there, and its author knows in two minutes.

Whether a flood arrived only its receivers know, so each has to say it. Said to the whole county,
that would be as many floods as staffs; so it is done in two steps. First each in its turn tells its
neighbours, in a frame as short as they come, when the floods are over, and takes along of whom it
has heard it: who hears few others first, who hears many last. Then those who have gathered most
tell it over a relay, which reaches nine in ten, and who hears that strikes what was told from its
own list. It is a falling auction: the number of names that is worth a frame falls with time.
Whoever hears of the entry for the first time by a roll call asks for it at once.

Nobody speaks but of what it holds and has read as urgent: a member cannot make others speak of
what it invented. A roll call costs 25 staffs as much air as two floods of the entry; counties above
``roll_call_members`` have none.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

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
from sync.wire.held import encode_held, within_span

if TYPE_CHECKING:
    import random


@dataclass(slots=True)
class _Call:
    """What is known of one entry."""

    number: int
    begun: int  # ms
    gather_at: int  # over a relay, if there is anything new to tell
    holders: set[int]
    told: set[int] = field(default_factory=set)  # of whom that was done
    say_at: int | None = None  # to the neighbours


class RollCall:
    """Who has the latest urgent entry of each author; at most ``roll_calls_hour`` an hour."""

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
        self._calls: dict[int, _Call] = {}  # by author
        self._allowance = Allowance(config.roll_calls_hour)

    @property
    def deadline(self) -> int | None:
        """When something is due."""
        times = [call.gather_at for call in self._calls.values()]
        times += [call.say_at for call in self._calls.values() if call.say_at is not None]
        return min(times, default=None)

    def called(self, priority: Priority) -> bool:
        """Whether it is called for entries so urgent: in counties that are not too large for it;
        where radios sign each frame, which doubles its price, for blitz alone."""
        if self._feeds.roster.size > self._config.roll_call_members:
            return False
        least = Priority.FLASH if self._config.radio_signs else Priority.IMMEDIATE
        return priority <= least

    def begin(self, author: int, number: int, urgency: Urgency, now: int) -> None:
        """That urgent entry of another came here, after all that he wrote before."""
        before = self._calls.get(author)
        if author == self._me or self._feeds.shown(author) < number:
            return
        if before is not None and before.number >= number:
            return
        if not self.called(CARRIED_AS[urgency]) or not self._allowance.take(now):
            return
        holders = {author, self._me, *self._neighbours.holders(author, number)}
        say_at = now + self._config.roll_call_first_ms + self._turn(now)
        end = now + self._config.roll_call_ms
        self._calls[author] = _Call(number, now, end, holders, {author}, say_at)

    def heard(self, held: Held, now: int) -> None:
        """A member told of whom it knows that they hold an entry."""
        if held.epoch < self._seal.epoch or self._feeds.roster.doubted(held.epoch):
            return
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
        call = self._calls.get(author)
        if call is not None and call.number == number:
            call.holders.update(members)
            if held.mesh:
                call.told.update(members)
            self._plan(call, now)

    def advance(self, now: int) -> None:
        """Say what is due."""
        for held in self._due(now):
            reach = Reach.RELAYED if held.mesh else Reach.NEIGHBOURS
            expires = now + self._config.control_expires_ms
            payload = encode_held(held, self._seal)
            self._effects.send(payload, Priority.RECEIPT, reach, None, expires, insist=False)

    def _due(self, now: int) -> list[Held]:
        said = []
        for author, call in list(self._calls.items()):
            if call.say_at is not None and now >= call.say_at:
                call.say_at = None
                members = within_span(call.holders - {author})
                said.append(Held(author, call.number, members, urgent=True))
            news = call.holders - call.told
            if now < call.gather_at:
                continue
            if news:
                said.append(Held(author, call.number, within_span(news), mesh=True, urgent=True))
                call.told |= news
            call.gather_at = self._end(call)
            if now >= call.gather_at:
                del self._calls[author]
        return said

    def _plan(self, call: _Call, now: int) -> None:
        """Who has most to tell goes first: the number of names that is worth a frame falls with
        time, down to one, which is told only by whom it is about."""
        config, news = self._config, call.holders - call.told
        call.gather_at = self._end(call)
        if len(news) < config.roll_call_worth and self._me not in news:
            return
        members = max(1, self._feeds.roster.size)
        share = 1 - min(len(news), members) / members
        opens = call.begun + config.roll_call_gather_ms + int(config.roll_call_spread_ms * share)
        wait = self._rng.randint(0, config.roll_call_jitter_ms)
        call.gather_at = min(call.gather_at, max(now, opens) + wait)

    def _turn(self, now: int) -> int:
        """Who hears few speaks first, so that who hears many can take it along; who hears half of
        the county or more is last."""
        members = max(1, self._feeds.roster.size)
        near = self._neighbours.near_count(now - self._config.neighbour_ms)
        turn = self._config.roll_call_turns_ms * min(2 * near, members) // members
        return turn + self._rng.randint(0, self._config.roll_call_turn_jitter_ms)

    def _end(self, call: _Call) -> int:
        return call.begun + self._config.roll_call_ms
