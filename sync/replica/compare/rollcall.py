# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""After a blitz each says once that it is there, and its author knows within two minutes.

Whether a flood arrived only its receivers know, so each has to say it. Said to the whole county,
that would be as many floods as staffs; so it is done in two steps. First each in its turn tells its
neighbours, in a frame as short as they come, when the floods are over, and takes along of whom it
has heard it. Then those who have gathered most tell the whole mesh, and who hears that strikes what
was told from its own list: three or four floods are enough. Who was not among those told says it to
all in the end. Whoever hears of the entry for the first time by a roll call asks for it at once.

Nobody speaks but of what it holds and has read as a blitz: a member cannot make others speak of
what it invented. A roll call costs 25 staffs as much air as three floods of the entry, so only
blitz has one, and larger counties have none.
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
from sync.replica.events import Priority, Reach
from sync.replica.feeds import Feeds
from sync.wire.frames import Held, Seal
from sync.wire.held import encode_held, within_span

if TYPE_CHECKING:
    import random


@dataclass(slots=True)
class _Call:
    """What is known of one entry."""

    number: int
    begun: int  # ms
    gather_at: int  # to the mesh, if there is anything new to tell
    holders: set[int]
    told: set[int] = field(default_factory=set)  # of whom the whole mesh knows
    say_at: int | None = None  # to the neighbours


class RollCall:
    """Who has the latest blitz of each author; at most ``roll_calls_hour`` an hour."""

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

    def begin(self, author: int, number: int, now: int) -> None:
        """That blitz of another came here, after all that he wrote before."""
        before = self._calls.get(author)
        if author == self._me or self._feeds.shown(author) < number:
            return
        if before is not None and before.number >= number:
            return
        members = self._members()
        if members > self._config.roll_call_members or not self._allowance.take(now):
            return
        holders = {author, self._me, *self._neighbours.holders(author, number)}
        turn = self._me % members * self._config.roll_call_turns_ms // members
        say_at = now + self._config.roll_call_first_ms + turn
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
                author, number, now, vouched=False, hurry=True, attempts=HINT_ATTEMPTS
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
            reach = Reach.MESH if held.mesh else Reach.NEIGHBOURS
            expires = now + self._config.control_expires_ms
            payload = encode_held(held, self._seal)
            self._effects.send(payload, Priority.RECEIPT, reach, None, expires)

    def _due(self, now: int) -> list[Held]:
        said = []
        for author, call in list(self._calls.items()):
            if call.say_at is not None and now >= call.say_at:
                call.say_at = None
                said.append(Held(author, call.number, within_span(call.holders - {author})))
            news = call.holders - call.told
            if now < call.gather_at:
                continue
            if news:
                said.append(Held(author, call.number, within_span(news), mesh=True))
                call.told |= news
            call.gather_at = self._end(call)
            if now >= call.gather_at:
                del self._calls[author]
        return said

    def _plan(self, call: _Call, now: int) -> None:
        """Who has most to tell goes first; of little only those speak whom it is about."""
        config, news = self._config, call.holders - call.told
        call.gather_at = self._end(call)
        wait = self._rng.randint(0, config.roll_call_jitter_ms)
        if len(news) >= config.roll_call_worth:
            opens = max(now, call.begun + config.roll_call_gather_ms)
            share = max(0.0, 1 - len(news) / self._members())
            wait += int(config.roll_call_spread_ms * share)
        elif self._me in news:
            opens = max(now, call.begun + config.roll_call_last_ms)
        else:
            return
        call.gather_at = min(call.gather_at, opens + wait)

    def _members(self) -> int:
        """Active members of our county; at least one, so that it can divide."""
        return max(1, sum(1 for _ in self._feeds.roster.county()))

    def _end(self, call: _Call) -> int:
        return call.begun + self._config.roll_call_ms
