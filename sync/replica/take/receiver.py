# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is done with operations and proofs that were heard: judge, store, and draw consequences.

Runs that cannot be verified yet (something before them is missing, or the author's certificate)
wait in a small list. A node that hears more of its own feed than it holds was restored from a
backup: it never continues that feed. What it wrote and nobody saw gives way to what the net knows
and stays in the kept branches.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TypeVar

from sync.feed.chain import Run, run_size
from sync.feed.intake import Conflict, Fits, Known, Refused, Unlinked, examine
from sync.feed.log import LogUnavailable, VerifiedRun
from sync.feed.roster import ROOT
from sync.feed.settle import give_way, leads_to_anchor
from sync.feed.why import Why
from sync.replica.compare.backlog import RELAYED
from sync.replica.compare.exchange import Exchange
from sync.replica.compare.wants import DOUBTFUL_ATTEMPTS, HINT_ATTEMPTS
from sync.replica.config import EngineConfig
from sync.replica.doubt.decisions import Decisions
from sync.replica.doubt.disputes import Disputes
from sync.replica.effects import Effects
from sync.replica.events import (
    Accepted,
    HeardFrame,
    OwnFeedAhead,
    PeerTells,
    RosterChanged,
    StoreFailed,
)
from sync.replica.feeds import Feeds
from sync.replica.own.outgoing import Outgoing
from sync.replica.take.parts import Parts
from sync.wire.frames import Chosen, Fork, Runs
from sync.wire.heartbeat import pages_among

_T = TypeVar("_T")

_CLAIM_HOLD_MS = 60_000
_CLAIM_HOLDS_MAX = 3
"""How often an unproved claim that the net has more of our own feed may delay our sending."""


@dataclass(frozen=True, slots=True)
class _Heard:
    """A run as it came; it may have to wait for what comes before it."""

    run: Run
    at: int  # ms
    repair: bool
    urgent: bool


class Receiver:
    """Takes runs and proofs for one node; ``author`` -1 is a node without a feed."""

    def __init__(
        self,
        author: int,
        feeds: Feeds,
        disputes: Disputes,
        decisions: Decisions,
        exchange: Exchange,
        outgoing: Outgoing,
        effects: Effects,
        config: EngineConfig,
    ) -> None:
        self._author = author
        self._log = feeds.log
        self._feeds = feeds
        self._disputes = disputes
        self._decisions = decisions
        self._exchange = exchange
        self._outgoing = outgoing
        self._effects = effects
        self._config = config
        self._waiting: deque[_Heard] = deque(maxlen=config.waiting_runs_max)
        self.parts = Parts(feeds, exchange.rejoin, self.runs)
        self._claims = 0
        self.strangers: dict[int, int] = {}  # number without certificate -> frames under it
        self._asked_at: int | None = None  # when a stranger last made us ask for feed 0
        self._undecided = False  # whether the log refused to take what feed 0 decides
        self.restored = False

    def begin(self, now: int) -> None:
        """The program starts: decisions that another process or a power cut left half applied."""
        self._decide(now)

    def proof(self, content: Fork, now: int) -> None:
        """A fork proof was heard."""
        author = content.proof.author
        true = self.write(lambda: self._disputes.shown(content.proof, now))
        if true is False:
            self._effects.reject(Why.PROOF, author)
        elif true and author == self._author:
            self._own_feed_ahead(content.proof.number)
        elif true and self._feeds.frozen(author) is None:
            self._decisions.tell(author, now)

    def choice(self, content: Chosen, now: int) -> None:
        """The root's choice between branches of a feed 0 was heard."""
        news = self._decisions.heard(content.author, content.choice, now)
        if news is None:
            self._effects.reject(Why.PROOF, content.author)
        elif news:
            self.roster_changed(now)

    def runs(self, content: Runs, frame: HeardFrame, now: int) -> None:
        """Operations were heard.

        That its author is there shows only what was not known before and is now verified: anybody
        can send an old run again, and say that it is an original.
        """
        run = content.runs[0]
        news = content.original and self._log.chain(run.author, run.last) is None
        repair = not content.original
        relayed = repair and frame.relays == RELAYED
        doubted = self._feeds.roster.doubted(content.epoch)
        # Relayed for many: all hear it, nobody need tell the rest.
        many = relayed and content.many and not doubted
        held = [self._log.chain(each.author, each.last) is not None for each in content.runs]
        urgent = content.urgent and not many
        # A member's MAC was on the frame: it says as much of what comes before as a hint does.
        attempts = HINT_ATTEMPTS if content.hints and not doubted else DOUBTFUL_ATTEMPTS
        came = [_Heard(each, now, repair, urgent) for each in content.runs]
        self._waiting.extend(self._take(came, now, attempts))
        if relayed and not many:
            self._exchange.backlog.spent(now)
        for each, before in zip(content.runs, held, strict=True):
            if frame.relays and self._log.chain(each.author, each.last) is not None:
                new = not before
                # A recording brings nothing new, and nobody has asked for it.
                asked = self._exchange.backlog.server((each.author,), now)
                sweep = many and (new or asked > 0)
                self._exchange.rejoin.relayed(each.author, each.last, now, new=new, sweep=sweep)
                if new and relayed:
                    self._exchange.wants.coming(each.author, now, far=True)
                if new and repair and not many:  # flooded by a gateway
                    self._exchange.hints.heard(each.author, each.last, now, urgent=False)
        member = self._feeds.roster.members.get(run.author)
        news &= self._log.chain(run.author, run.last) is not None
        if news and member is not None and member.active and run.author != self._author:
            self._exchange.heard_from(run.author, frame, now)
            pages = pages_among(content.hints)
            if pages and not doubted:
                self._effects.tell(PeerTells(run.author, pages))
        self._exchange.heard_hints(content.hints, content.epoch, now)

    def stranger(self, author: int, now: int) -> None:
        """Somebody speaks whom our feed 0 does not know: it may have grown, so we ask for it."""
        self.strangers[author] = self.strangers.get(author, 0) + 1
        last = self._asked_at
        if last is None or now - last >= self._config.stranger_again_ms:
            self._asked_at = now
            following = self._feeds.head(ROOT) + 1
            self._exchange.wants.lacking(ROOT, following, now, vouched=False, hurry=True)

    def _take(
        self, came: Iterable[_Heard], now: int, attempts: int = DOUBTFUL_ATTEMPTS
    ) -> list[_Heard]:
        """Verify and store runs, and whatever waited for them; what still cannot be verified, and
        its predecessors are asked for so often."""
        todo, unlinked, stored = list(came), list[_Heard](), set[int]()
        while todo:
            fits: dict[int, tuple[Fits, _Heard]] = {}  # by author
            for heard in todo:
                if heard.run.author in fits:
                    unlinked.append(heard)
                    continue
                verdict = self._judge(heard.run, now, attempts)
                if isinstance(verdict, Fits):
                    fits[heard.run.author] = verdict, heard
                elif verdict is not None:
                    unlinked.append(replace(heard, run=verdict))
            if not fits or not self._store(list(fits.values()), now):
                break
            stored |= fits.keys()
            todo = [heard for heard in unlinked if heard.run.author in fits]
            unlinked = [heard for heard in unlinked if heard.run.author not in fits]
            todo += [heard for heard in self._waiting if heard.run.author in fits]
            for heard in todo:
                if heard in self._waiting:
                    self._waiting.remove(heard)
        if stored & self._feeds.roster.rosters():
            self.roster_changed(now)
        return unlinked

    def _judge(self, run: Run, now: int, attempts: int) -> Fits | Run | None:
        """What to store, what to keep for later, or None."""
        limit = self._feeds.limit(run.author)
        frozen = self._feeds.frozen(run.author) is not None
        reachable = limit + 1 if limit is not None and frozen else limit
        verdict = examine(run, self._log, self._feeds.roster, reachable)
        if isinstance(verdict, Fits):
            if limit is not None and run.first > limit:
                self._effects.reject(Why.LIMIT, run.author)
                self._disputes.inform(run.author, now)
                return None
            if run.author == self._author and not self.restored:
                # Told before anything is stored: a crash in between must not leave a log that
                # looks as if we had written all of it. It is asked for and stored then.
                self._own_feed_ahead(verdict.run.last)
                self._exchange.questions.lacking(run.author, verdict.run.last, now, vouched=True)
                return None
            return verdict
        if isinstance(verdict, Known):
            self._exchange.on_air(run.author, run.first, run.last, now)
            if run.author == ROOT:
                self._exchange.stragglers.repaired(run.last, now)
            self._exchange.holds(run.author, run.last)
            return None
        if isinstance(verdict, Unlinked):
            self._exchange.questions.lacking(
                run.author, run.first - 1, now, vouched=False, attempts=attempts
            )
            return run
        if isinstance(verdict, Conflict):
            if self._conflict(verdict, now):
                again = examine(run, self._log, self._feeds.roster, reachable)
                return again if isinstance(again, Fits) else None
            return None
        return self._refused(verdict, now)

    def _refused(self, verdict: Refused, now: int) -> Run | None:
        run = verdict.run
        self._effects.reject(verdict.reason, run.author)
        if verdict.reason is Why.AUTHOR:
            self.stranger(run.author, now)
            return run  # its certificate may be on its way
        # Anybody can send such a run, so what we say about it is paid from a small account.
        suspect = verdict.reason is Why.SIGNATURE and run.prefix is None
        frozen = verdict.reason is Why.LIMIT and self._feeds.frozen(run.author) is not None
        if (suspect or frozen) and self._exchange.questions.doubts.take(now):
            if suspect:
                self._disputes.suspect(run.author, run.first - 1, now)
            else:
                self._disputes.inform(run.author, now)
        if verdict.reason is Why.BRANCH:
            self._decisions.tell(run.author, now)
        return None

    def _store(self, fits: list[tuple[Fits, _Heard]], now: int) -> bool:
        before = {item.run.author: self._known(item.run) for item, _ in fits}

        def store() -> bool:
            for item, _ in fits:
                if item.misfit:
                    self._log.set_aside(item.run.author, item.run.last)
            self._log.store([item.run for item, _ in fits])
            return True

        if self.write(store) is None:
            for item, _ in fits:
                self._exchange.questions.lacking(item.run.author, item.run.last, now, vouched=True)
            return False
        if self._undecided:
            self._decide(now)
        for item, heard in fits:
            run, repair = item.run, heard.repair
            urgent = heard.urgent and now - heard.at <= self._config.urgent_news_ms
            self._feeds.update(run.author, now, self._config.grace_ms)
            new = len(run.operations) - before[run.author]
            # The roll is called for what was flooded now: what was repaired may be hours old.
            fresh = urgent and not repair
            self._effects.tell(Accepted(run.author, run.first, run.last, new, item.island, fresh))
            if urgent:
                self._exchange.repairs.mark_urgent(run.author, run.first, run.last, now)
            if item.island:
                self._exchange.questions.lacking(
                    run.author, run.last, now, vouched=True, hurry=urgent
                )
            self._exchange.on_air(run.author, run.first, run.last, now)
            self._exchange.holds(run.author, run.last)
            if new and not repair:
                self._exchange.hints.heard(run.author, run.last, now, urgent=urgent)
            if new:
                size = run_size(run.first, run.operations, prefix=False)
                self._exchange.questions.heard.add(run.author, size, now)
                self._exchange.arrived(run.author, now, new, repair=repair, urgent=urgent)
                if fresh and run.author != self._author:
                    self._outgoing.yields(now)
            if run.author == self._author and new:
                self._feeds.own_sent = max(self._feeds.own_sent, run.last)
        return True

    def _known(self, run: VerifiedRun) -> int:
        """How many operations of a run the log holds."""
        return sum(
            self._log.chain(run.author, number) is not None
            for number in range(run.first, run.last + 1)
        )

    # --- forks and decisions ----------------------------------------------------------------------

    def _conflict(self, found: Conflict, now: int) -> bool:
        """Somebody signed two feeds; whether what we held gave way to what was heard."""
        author = found.run.author
        anchor = self._feeds.roster.anchor(author)
        if anchor is not None and anchor[0] >= found.number:
            if leads_to_anchor(author, self._log, self._feeds.roster):
                self._effects.reject(Why.BRANCH, author)  # ours is the decided one
                self._decisions.tell(author, now)
                return False
            self._give_way(author, found.number - 1, now)
            self._exchange.questions.lacking(author, anchor[0], now, vouched=True)
        elif self._feeds.secret(author, found.number):
            self._give_way(author, found.number - 1, now)
        else:
            self.write(lambda: self._disputes.conflict(found, now))
            if self._feeds.frozen(author) is None:
                self._decisions.tell(author, now)
            head = self._log.head(author)
            if found.run.first <= head + 1 and found.number > head:
                # It continues what we hold, and contradicts only what lay behind a gap.
                self._give_way(author, head, now)
                return True
        if author == self._author:
            self._own_feed_ahead(found.run.last)
        return False

    def _give_way(self, author: int, after: int, now: int) -> None:
        """Our operations above ``after`` are not the ones that count."""

        def set_aside() -> bool:
            give_way(author, after, self._log)
            return True

        if self.write(set_aside):
            self._feeds.update(author, now, self._config.grace_ms)

    def own_feed_claimed(self, sender: int, head: int, now: int) -> None:
        """Somebody announces more of our feed than we sent: hold still and ask for a proof."""
        if not self.restored and self._claims < _CLAIM_HOLDS_MAX:
            self._claims += 1
            hold = now + _CLAIM_HOLD_MS
            self._outgoing.hold_until = max(self._outgoing.hold_until, hold)
        if head > self._feeds.stored_head(self._author):
            self._exchange.questions.lacking(
                self._author, head, now, vouched=self.restored, hurry=True
            )
        elif not self.restored:
            self._disputes.suspect(self._author, head, now)

    def _own_feed_ahead(self, known: int) -> None:
        if self.restored:
            return
        self.restored = True
        self._outgoing.withdraw(0)
        self._exchange.roll_call.withdraw()
        self._exchange.echo.withdraw()
        self._effects.tell(OwnFeedAhead(known, self._feeds.stored_head(self._author)))

    def roster_changed(self, now: int) -> None:
        """Feed 0 may say something new."""
        if not self._feeds.read_roster():
            return
        self._effects.tell(RosterChanged(self._feeds.roster.head))
        for author in self._feeds.roster.signers:
            self.strangers.pop(author, None)
        self._decide(now)
        for author in self._feeds.roster.signers:
            best = self._exchange.neighbours.best(author)
            self._exchange.questions.lacking(author, best, now, vouched=True)
        waiting = tuple(self._waiting)
        self._waiting.clear()
        self._waiting.extend(self._take(waiting, now))

    def _decide(self, now: int) -> None:
        """Apply the decisions; where feed 0 itself gave way, those of what is left of it."""
        while True:
            touched = self.write(self._decisions.apply)
            self._undecided = touched is None  # once the log can be written again
            for author in touched or ():
                self._feeds.update(author, now, self._config.grace_ms)
            if not touched or not touched & self._feeds.roster.rosters():
                return
            if not self._feeds.read_roster():
                return
            self._effects.tell(RosterChanged(self._feeds.roster.head))

    def write(self, change: Callable[[], _T]) -> _T | None:
        """Change the log; a log that cannot be written is told, not raised."""
        try:
            return change()
        except (OSError, LogUnavailable) as error:
            self._effects.tell(StoreFailed(str(error) or type(error).__name__))
            return None
