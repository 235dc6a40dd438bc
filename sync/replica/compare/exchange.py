# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Comparing with others: announce what is held, see what is lacking on either side, ask, answer.

An announcement that shows that its sender lacks something is as good as a request, so it is
answered at once; one that shows that we lack something makes us ask. Differences younger than the
time a flood needs are left alone: they are mostly on their way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from sync.replica.compare.announce import Announcements
from sync.replica.compare.backlog import RELAYED, Backlog
from sync.replica.compare.census import Gathering
from sync.replica.compare.crossing import Crossings
from sync.replica.compare.neighbours import Neighbours
from sync.replica.compare.questions import Questions
from sync.replica.compare.rejoin import Rejoin
from sync.replica.compare.repair import Repair, Repairs
from sync.replica.compare.rollcall import RollCall
from sync.replica.compare.shares import SOMEBODY
from sync.replica.compare.stamps import Stamps, Standing
from sync.replica.compare.stragglers import Stragglers
from sync.replica.compare.wants import HINT_ATTEMPTS, Wants
from sync.replica.config import EngineConfig
from sync.replica.doubt.disputes import Disputes
from sync.replica.effects import Effects
from sync.replica.events import HeardFrame, PeerHas, PeerHears, PeerSeen, Priority, Reach
from sync.replica.feeds import Feeds
from sync.replica.own.echo import Echo
from sync.wire import packet
from sync.wire.frames import (
    FRAME_MAX,
    HINT_SIZE,
    HINTS_HEAD,
    Have,
    Hint,
    Runs,
    Seal,
    Tags,
    Want,
    digest,
)
from sync.wire.hearsay import Floor
from sync.wire.heartbeat import NOBODY
from sync.wire.hints import Hints, full_number
from sync.wire.packing import Span

if TYPE_CHECKING:
    import random


class Exchange:
    """HAVE, WANT and repair of one node."""

    def __init__(
        self,
        author: int,
        feeds: Feeds,
        disputes: Disputes,
        effects: Effects,
        seal: Seal,
        config: EngineConfig,
        rng: random.Random,
        now: int,
    ) -> None:
        self._author = author
        self._feeds = feeds
        self._disputes = disputes
        self._effects = effects
        self._seal = seal
        self._config = config
        self.neighbours = Neighbours(config.peers_max)
        self.hints = Hints(config.hint_lifetime_ms)
        self.wants = Wants(config, rng)
        self.backlog = Backlog(author, feeds, self.neighbours, config)
        self.questions = Questions(
            feeds, self.neighbours, self.backlog, self.wants, effects, config
        )
        self.repairs = Repairs(author, feeds, config, rng)
        self.crossings = Crossings(feeds, config, rng)
        self.stamps = Stamps(now)
        self.announcements = Announcements(
            author, feeds, self.neighbours, self.stamps, seal, config, rng
        )
        self.rejoin = Rejoin(
            author,
            feeds,
            self.backlog,
            self.questions,
            self.neighbours,
            self.wants,
            self.announcements,
            self.stamps,
            effects,
            seal,
            config,
            rng,
        )
        self.stragglers = Stragglers(feeds, config, rng)
        self.roll_call = RollCall(
            author, feeds, self.neighbours, self.questions, effects, seal, config, rng
        )
        self.census = Gathering(author, feeds, self.neighbours, effects, seal, config, rng, now)
        self.on_own_feed_claimed: Callable[[int, int, int], None] = lambda *_: None
        self.echo = Echo(author, self._everywhere, effects, seal, config)
        self.hushed = 0  # until then only what is urgent is sent: an urgent flood is on its way

    @property
    def deadline(self) -> int:
        """When ``advance`` has something to do."""
        times = (
            self.announcements.deadline,
            self.wants.deadline,
            self.repairs.deadline,
            self.rejoin.deadline,
            self.crossings.deadline,
            self.stragglers.deadline,
            self.census.deadline,
            self.echo.deadline,
            self._disputes.question_due,
        )
        quiet = max(self.hushed, min(time for time in times if time is not None))
        calls = self.roll_call.deadline
        return quiet if calls is None else min(quiet, calls)

    def advance(self, now: int) -> None:
        """Send what is due."""
        self.roll_call.advance(now)
        if now < self.hushed:
            return
        self.census.advance(now)
        self.echo.advance(now)
        have = self.announcements.advance(now)
        if have is not None:
            self._control(have.payload, Priority.HAVE, have.key, now, have.reach)
        question = self.questions.ask(now, mesh=self._reach(now) is Reach.MESH)
        if question is not None:
            if question.many:
                question = self.rejoin.asked(question, now)
            ranges, reach, stamp = question.ranges, question.reach, self.stamps.next(now)
            want = Want(self._author, ranges, stamp, question.target, question.mesh, question.many)
            self._control(packet.encode_want(want, self._seal), Priority.WANT, "want", now, reach)
        if crossing := self.crossings.due(now, self._everywhere):
            self.repairs.spread(crossing, now, reach=Reach.MESH, hurry=True)
        for repair in (self.repairs.advance(now), self.rejoin.advance(now)):
            if repair is not None:
                self._answer(repair, now)
        if (late := self.stragglers.advance(now)) is not None:
            expires = now + self._config.repair_expires_ms
            near, former = Reach.NEIGHBOURS, self.stragglers.former
            self._effects.send(late, Priority.REPAIR, near, None, expires, former=former)
        tags = self._disputes.question(now)
        if tags:
            content = Tags(self._author, tags, self.stamps.next(now))
            self._control(packet.encode_tags(content, self._seal), Priority.WANT, None, now)

    # --- hearing ----------------------------------------------------------------------------------

    def heard_from(self, member: int, frame: HeardFrame, now: int) -> None:
        """That active member was heard: its signature or MAC on something new was checked."""
        self.neighbours.seen(member, now, frame.snr_db, frame.hops)
        self.wants.heard(now)
        self._effects.tell(PeerSeen(member, frame.snr_db, frame.hops, frame.radio))

    def heard_have(self, have: Have, frame: HeardFrame, now: int, standing: Standing) -> None:
        """An active member announced what it holds.

        One that is late or repeated was true once: what was held and what exists is, but nobody
        lacks anything because of it.
        """
        fresh, trusted = standing.fresh, standing.trusted
        if trusted:
            since = now - self._config.held_back_ms
            items = have.summary.items()
            self.neighbours.announced(have.sender, items, newer=fresh, since=since)
            if have.floor is not None:
                self._heard_floor(have, have.floor, now)
            self._effects.tell(PeerHas(have.sender, have.summary.vector))
            if fresh and have.target:
                self._effects.tell(PeerHears(have.sender, have.target))
        lacking, ahead = list[Span](), list[Span]()
        comparable = fresh
        for author, theirs in have.summary.items():
            ours = self._feeds.shown(author)
            if trusted and author in self.crossings:  # it is on the air, or is asked for there
                self.crossings.heard(author, 1, theirs)
                ours = self._feeds.shown(author)
            if theirs > ours:
                comparable = False
                ahead.append((author, ours + 1, theirs))
                self._ahead(have, author, theirs, now, trusted=trusted)
            elif theirs < ours:
                settled = self._feeds.settled(author, now, self._config.grace_ms)
                if theirs < settled:
                    lacking.append((author, theirs + 1, settled))
        if standing.former:
            self.stragglers.heard(have, now, former=True)
        if standing.former or not fresh:
            return
        if trusted:
            self.rejoin.heard_have(have.sender, frame.relays, ahead, lacking, now)
        same = self._compare(have, now) if comparable else True
        if same and not lacking and trusted:
            self.announcements.heard_same(have.summary)
        # Who lacks operations of its own was restored from a backup and must learn it at once.
        own = any(author == have.sender for author, _, _ in lacking)
        named = have.target == self._author
        courier = have.sender == self.rejoin.sweep.courier
        if courier or (have.target and not named and not own):
            return  # another is to answer
        lacking = self.backlog.missed(lacking, now) if trusted else lacking
        if lacking and not frame.hops:
            asker = have.sender if trusted else SOMEBODY
            self.repairs.answer(asker, lacking, now, hurry=own, named=named)

    def _heard_floor(self, have: Have, floor: Floor, now: int) -> None:
        members = [
            member
            for member in floor.members
            if member != self._author and self._feeds.roster.signer(member) is not None
        ]
        if self.neighbours.hearsay(members, enumerate(floor.heads, have.summary.first)):
            self.announcements.report(now)

    def heard_want(self, want: Want, frame: HeardFrame, now: int, standing: Standing) -> None:
        """An active member asks for operations."""
        if standing.former:
            self.stragglers.heard(want, now, former=True)
        if standing.former or not standing.fresh:
            return
        if standing.trusted and want.target and not want.mesh:
            self._effects.tell(PeerHears(want.sender, want.target))
        spans, missing, below = list[Span](), dict[int, int](), dict[int, int]()
        for item in want.ranges:
            ours = self._feeds.shown(item.author)
            missing[item.author] = ours + 1
            last = min(ours, item.last) if item.count else ours
            below[item.author] = min(item.first - 1, below.get(item.author, item.first))
            if item.first <= last:
                spans.append((item.author, item.first, last))
        many = want.many and frame.relays == RELAYED
        if standing.trusted:
            self.neighbours.announced(want.sender, below.items(), newer=False)
            self.backlog.wanted(want, now)
            if many:
                self.rejoin.heard_want(want, now)
        self.wants.overheard(want.ranges, now, missing, many=many)
        if want.target not in (0, self._author):
            since = now - self._config.neighbour_ms
            for span in spans:
                if self.neighbours.answers(want.target, span, since):
                    self.repairs.strike(*span)
            return
        chosen = want.target == self._author
        if not standing.trusted:
            self.repairs.answer(SOMEBODY, spans, now, named=chosen)
            return
        spans = self.backlog.missed(spans, now)
        if chosen and (want.many or not want.mesh):
            wide = self.backlog.among(spans, now)
            self.rejoin.begin(wide, want.sender if want.courier else 0, now)
            spans = [span for span in spans if span not in wide]
        urgent = self.repairs.urgent(spans, now)
        reach = self.backlog.reach(want, frame, spans, now, urgent=urgent)
        self.repairs.answer(want.sender, spans, now, reach=reach, named=chosen)

    def heard_tags(self, tags: Tags, now: int, standing: Standing) -> None:
        """An active member looks for other branches."""
        if standing.fresh and not standing.former:
            self._disputes.asked(tags, now)

    def heard_hints(self, hints: tuple[Hint, ...], epoch: int, now: int) -> None:
        """A member told the mesh which operations of others it heard last, under that key."""
        if epoch < self._seal.epoch or self._feeds.roster.doubted(epoch):
            return
        full = [
            replace(hint, number=full_number(hint, self._feeds.head(hint.author)))
            for hint in hints
            if hint.author not in (self._author, NOBODY)
        ]
        self.hints.told(full)
        written = self._feeds.stored_head(self._author)
        for hint in (hint for hint in hints if hint.author == self._author):
            self.echo.named(full_number(hint, written), written)
        for hint in full:
            author, number, hurry, most = hint.author, hint.number, hint.urgent, HINT_ATTEMPTS
            self.questions.lacking(author, number, now, vouched=False, hurry=hurry, attempts=most)

    def _ahead(self, have: Have, author: int, theirs: int, now: int, *, trusted: bool) -> None:
        if author == self._author:
            self.on_own_feed_claimed(have.sender, theirs, now)
            return
        limit = self._feeds.limit(author)
        if limit is not None and theirs > limit:
            self._disputes.inform(author, now)
        self.questions.lacking(author, theirs, now, vouched=trusted, hurry=have.urgent)

    def _compare(self, have: Have, now: int) -> bool:
        """Whether our chains are the same at the heads it announced."""
        parts = self._feeds.parts(have.summary.items())
        if parts is None or digest(have.sender, have.stamp, parts) == have.digest:
            return True
        for author, head, _ in parts:
            self._disputes.suspect(author, head, now)
        return False

    def holds(self, peer: int, last: int) -> None:
        """That author must hold its own feed up to ``last``: it signed it."""
        if peer != self._author:
            self.neighbours.announced(peer, [(peer, last)], newer=False)

    # --- what follows ----------------------------------------------------------------------------

    def arrived(
        self, author: int, now: int, new: int, *, repair: bool, urgent: bool = False
    ) -> None:
        """Some new operations of that author were stored."""
        urgent = urgent and not self.questions.floods(author, now)
        if author in self.wants:
            if self._feeds.head(author) >= self.wants.target(author):
                self.wants.satisfied(author)
            if repair:
                self.wants.coming(author, now)
        called = urgent and not repair and self.roll_call.called(Priority.IMMEDIATE)
        self.announcements.arrived(now, new, repair=repair, urgent=urgent, called=called)
        if urgent and not repair and now >= self.hushed + self._config.hush_again_ms:
            self.hushed = now + self._config.hush_ms

    def wrote(self, first: int, last: int, now: int, *, urgent: bool) -> None:
        """These own operations are to be sent."""
        if urgent:
            self.repairs.mark_urgent(self._author, first, last, now)
            self.announcements.hurry(now, called=self.roll_call.called(Priority.IMMEDIATE))
        else:
            self.announcements.written(now)

    def on_air(self, author: int, first: int, last: int, now: int) -> None:
        """These were sent by radio, by whomever: nobody need send them again for now."""
        self.repairs.heard(author, first, last, now)
        self.rejoin.sweep.heard(author, first, last, now)
        self.crossings.heard(author, first, last)

    def delivered(self) -> int:
        """Last number of our own feed that every other member is known to hold."""
        return min(
            (self.neighbours.known(name, self._author) for name in self._others()), default=0
        )

    def _everywhere(self, author: int, number: int) -> bool:
        """Whether every member is known to hold that operation."""
        return all(
            self.neighbours.known(name, author) >= number
            for name in self._others()
            if name != author
        )

    def _others(self) -> Iterator[int]:
        """Members of our county that are active, without us."""
        for member in self._feeds.roster.county():
            if member.number != self._author:
                yield member.number

    # --- sending ----------------------------------------------------------------------------------

    def _answer(self, repair: Repair, now: int) -> None:
        """Send it; a flood tells news of others, too, and is news itself."""
        content = repair.content
        if repair.reach is Reach.MESH and isinstance(content, Runs):
            room = FRAME_MAX - len(packet.encode_runs(content.runs))
            most = HINTS_HEAD + self._config.hints_max * HINT_SIZE
            content = replace(content, hints=self.hints.take(min(room, most), now))
            for run in content.runs:
                self.hints.heard(run.author, run.last, now, urgent=False)
        payload = packet.encode_answer(content, self._seal)
        expires, own = now + self._config.repair_expires_ms, repair.of(self._author)
        self._effects.send(payload, Priority.REPAIR, repair.reach, None, expires, own)
        if repair.reach is Reach.RELAYED:
            self.rejoin.sent(repair.runs, now, many=repair.many)

    def _control(
        self,
        payload: bytes,
        priority: Priority,
        key: str | None,
        now: int,
        reach: Reach | None = None,
    ) -> None:
        expires = now + self._config.control_expires_ms
        self._effects.send(payload, priority, reach or self._reach(now), key, expires)

    def _reach(self, now: int) -> Reach:
        """Neighbours, unless there are none: then only relays can carry us to others."""
        new = self.announcements.spoken < 2 and not self.neighbours.all_far
        near = self.neighbours.any_near(now - self._config.neighbour_ms)
        return Reach.NEIGHBOURS if near or new else Reach.MESH
