# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The replication engine: one pure state machine per node, from frames and time to frames.

    push      own operations go out signed, in as few frames as their urgency allows   outgoing
    take      what is heard is verified against the log and stored                     intake
    compare   nodes announce what they hold, ask for what they lack, answer others     exchange
    doubt     two feeds under one name are found, proved and frozen                    disputes

The engine does no I/O but through the log, knows no clock and no chance but what it is given, and
never raises for anything that came over the air. ``now`` is in ms and must not run backwards
while the program runs; unix time keeps old announcements recognisable over restarts.
"""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from sync.config import EngineConfig
from sync.disputes import Disputes
from sync.effects import Effects
from sync.events import (
    Accepted,
    Event,
    Frame,
    HeardFrame,
    OwnFeedAhead,
    PeerSeen,
    Priority,
    Reach,
    RosterChanged,
    StoreFailed,
)
from sync.exchange import Exchange
from sync.feed import Run
from sync.feeds import Feeds
from sync.frames import Fork, Have, PacketError, Runs, Seal, Tags, Want
from sync.intake import Conflict, Fits, Known, Refused, Unlinked, examine
from sync.log import Log, LogUnavailable, VerifiedRun
from sync.neighbours import PeerState
from sync.outgoing import Outgoing
from sync.packet import decode
from sync.roster import ROOT, Roster

_T = TypeVar("_T")

_CLAIM_HOLD_MS = 60_000
_CLAIM_HOLDS_MAX = 3
"""How often an unproved claim that the net has more of our own feed may delay our sending."""


class Engine:
    """Replication of one node.

    ``author`` None makes a node that only listens and repairs. ``root_public`` and ``network_id``
    name the network; the roster is read from feed 0 in the log.
    """

    def __init__(
        self,
        log: Log,
        *,
        network_id: bytes,
        network_key: bytes,
        root_public: bytes,
        author: int | None,
        rng: random.Random,
        now: int,
        config: EngineConfig | None = None,
    ) -> None:
        self._config = config or EngineConfig()
        self._log = log
        self._author = -1 if author is None else author
        self._seal = Seal(network_id, network_key)
        self._effects = Effects(self._config.frames_max, self._config.events_max)
        self._feeds = Feeds(log, network_id, root_public)
        self._disputes = Disputes(self._feeds, self._effects, self._config, rng)
        self._exchange = Exchange(
            0 if author is None else author,
            self._feeds,
            self._disputes,
            self._effects,
            self._seal,
            self._config,
            rng,
        )
        self._exchange.on_own_feed_claimed = self._own_feed_claimed
        self._outgoing = Outgoing(
            self._author, self._feeds, self._config, now + self._config.listen_ms
        )
        self._waiting: deque[Run] = deque(maxlen=self._config.waiting_runs_max)
        self._claims = 0
        self._restored = False
        self._write(self._disputes.roster_changed)
        self._effects.take_events()
        self._exchange.trickle.begin(now, self._config.have_first_ms)

    # --- the five methods -------------------------------------------------------------------------

    def receive(self, frame: HeardFrame, now: int) -> None:
        """Bytes were heard."""
        try:
            content = decode(frame.payload, self._seal)
        except PacketError as error:
            self._effects.reject(error.reason)
            return
        if isinstance(content, Runs):
            self._receive_runs(content, frame, now)
        elif isinstance(content, Fork):
            self._receive_fork(content, now)
        else:
            self._receive_control(content, frame, now)

    def advance(self, now: int) -> None:
        """Do what is due by now."""
        for out in self._outgoing.advance(now):
            expires = now + self._config.own_expires_ms
            self._effects.send(out.payload, out.priority, Reach.MESH, None, expires)
        for item in self._disputes.advance(now):
            expires = now + self._config.repair_expires_ms
            self._effects.send(item.payload, item.priority, item.reach, None, expires)
        self._exchange.advance(now)

    def next_deadline(self) -> int:
        """When ``advance`` has to be called at the latest; may be past."""
        times = (self._exchange.deadline, self._outgoing.deadline, self._disputes.deadline)
        return min(time for time in times if time is not None)

    def take_frames(self) -> list[Frame]:
        """Frames to be sent, in the order they were made."""
        return self._effects.take_frames()

    def take_events(self) -> list[Event]:
        """What happened since the last call."""
        return self._effects.take_events()

    # --- the node's own affairs -------------------------------------------------------------------

    def publish(self, first: int, last: int, priority: Priority, now: int) -> bool:
        """Own operations first..last are in the log, signed, and shall be sent.

        Classes below ROUTINE count as readings and wait longest. After a start, call it for all
        that no radio has taken yet. False if this node must not publish (``OwnFeedAhead``).
        """
        self._feeds.update(self._author, now, self._config.grace_ms)
        if self._restored:
            return False
        self._outgoing.publish(first, last, priority, now)
        if priority <= Priority.IMMEDIATE:
            self._exchange.trickle.reset(now)
        else:
            self._exchange.trickle.shorten(now, self._config.have_news_ms)
        return True

    def reload(self, now: int) -> None:
        """Another process wrote to feeds other than our own: read the log anew."""
        self._feeds.reload()
        self._roster_changed(now)

    # --- questions --------------------------------------------------------------------------------

    @property
    def roster(self) -> Roster:
        """Members as feed 0 says now."""
        return self._feeds.roster

    @property
    def restored(self) -> bool:
        """Whether the net holds more of our own feed than we did: publishing is over."""
        return self._restored

    @property
    def rejected(self) -> Mapping[str, int]:
        """How much was not taken since the start, by reason."""
        return self._effects.rejected

    def head(self, author: int) -> int:
        """Last number that counts as held of that author."""
        return self._feeds.head(author)

    def holders(self, author: int, number: int) -> frozenset[int]:
        """Nodes known to hold that operation, its author and we included ("empfangen")."""
        known = self._exchange.neighbours.holders(author, number)
        ours = {self._author} if self._feeds.head(author) >= number and self._author >= 0 else set()
        return known | ours | {author}

    def peers(self) -> list[PeerState]:
        """Every other node: last heard, path, what it holds, how far behind it is."""
        return self._exchange.neighbours.states(self._feeds.heads())

    def export_state(self) -> dict[str, Any]:
        """Plain values to keep over a restart."""
        return {
            "version": 1,
            "stamp": self._exchange.stamp,
            "restored": self._restored,
            "peers": self._exchange.neighbours.export(),
        }

    def import_state(self, state: Mapping[str, Any]) -> None:
        """Take back what ``export_state`` gave; anything else is without effect."""
        if state.get("version") != 1:
            return
        stamp, peers = state.get("stamp"), state.get("peers")
        if isinstance(stamp, int):
            self._exchange.stamp = stamp % 2**16
        self._restored = state.get("restored") is True
        if isinstance(peers, list):
            self._exchange.neighbours.load(row for row in peers if isinstance(row, dict))

    # --- receiving --------------------------------------------------------------------------------

    def _receive_control(self, content: Have | Want | Tags, frame: HeardFrame, now: int) -> None:
        if content.sender == self._author:
            return
        self._effects.tell(PeerSeen(content.sender, frame.snr_db, frame.hops))
        if isinstance(content, Have):
            self._exchange.heard_have(content, frame, now)
        elif isinstance(content, Want):
            self._exchange.heard_want(content, frame, now)
        else:
            self._exchange.heard_tags(content, frame, now)

    def _receive_fork(self, content: Fork, now: int) -> None:
        author = content.proof.author
        true = self._write(lambda: self._disputes.shown(content.proof, now))
        if true is False:
            self._effects.reject("proof", author)
        elif true and author == self._author:
            self._own_feed_ahead(content.proof.number)

    def _receive_runs(self, content: Runs, frame: HeardFrame, now: int) -> None:
        if content.original and len(content.runs) == 1:
            author = content.runs[0].author
            if author != self._author and author in self._feeds.roster.members:
                self._exchange.neighbours.seen(author, now, frame.snr_db, frame.hops)
                self._effects.tell(PeerSeen(author, frame.snr_db, frame.hops))
        repair = not content.original
        for run in self._take(content.runs, now, repair=repair, urgent=content.urgent):
            self._waiting.append(run)

    def _take(
        self, runs: tuple[Run, ...], now: int, *, repair: bool, urgent: bool = False
    ) -> list[Run]:
        """Verify and store runs, and whatever waited for them; what still cannot be verified."""
        todo, unlinked, stored = list(runs), list[Run](), set[int]()
        while todo:
            fits: list[Fits] = []
            for run in todo:
                if any(run.author == other.run.author for other in fits):
                    unlinked.append(run)
                    continue
                verdict = self._judge(run, now)
                if isinstance(verdict, Fits):
                    fits.append(verdict)
                elif verdict is not None:
                    unlinked.append(verdict)
            if not fits or not self._store(fits, now, repair=repair, urgent=urgent):
                break
            authors = {item.run.author for item in fits}
            stored |= authors
            todo = [run for run in unlinked if run.author in authors]
            unlinked = [run for run in unlinked if run.author not in authors]
            todo += [run for run in self._waiting if run.author in authors]
            for run in todo:
                if run in self._waiting:
                    self._waiting.remove(run)
        if stored & self._roster_feeds():
            self._roster_changed(now)
        return unlinked

    def _judge(self, run: Run, now: int) -> Fits | Run | None:
        """What to store, what to keep for later, or None."""
        limit = self._feeds.limit(run.author)
        frozen = self._feeds.frozen(run.author) is not None
        reachable = limit + 1 if limit is not None and frozen else limit
        verdict = examine(run, self._log, self._feeds.roster, reachable)
        if isinstance(verdict, Fits):
            if limit is not None and run.first > limit:
                self._effects.reject("limit", run.author)
                self._disputes.inform(run.author, now)
                return None
            return verdict
        if isinstance(verdict, Known):
            self._exchange.repairs.heard(run.author, run.first, run.last)
            self._exchange.holds(run.author, run.last)
            return None
        if isinstance(verdict, Unlinked):
            self._exchange.lacking(run.author, run.first - 1, now, vouched=False)
            return run
        if isinstance(verdict, Conflict):
            self._conflict(verdict, now)
            return None
        return self._refused(verdict, now)

    def _refused(self, verdict: Refused, now: int) -> Run | None:
        run = verdict.run
        self._effects.reject(verdict.reason, run.author)
        if verdict.reason == "author":
            return run  # its certificate may be on its way
        if verdict.reason == "signature" and run.prefix is None:
            self._disputes.suspect(run.author, run.first - 1, now)
        elif verdict.reason == "limit":
            self._disputes.inform(run.author, now)
        return None

    def _store(self, fits: list[Fits], now: int, *, repair: bool, urgent: bool) -> bool:
        before = {item.run.author: self._known(item.run) for item in fits}

        def store() -> bool:
            for item in fits:
                if item.misfit:
                    self._log.set_aside(item.run.author, item.run.last)
            self._log.store([item.run for item in fits])
            return True

        if self._write(store) is None:
            for item in fits:
                self._exchange.lacking(item.run.author, item.run.last, now, vouched=True)
            return False
        for item in fits:
            run = item.run
            self._feeds.update(run.author, now, self._config.grace_ms)
            new = len(run.operations) - before[run.author]
            self._effects.tell(Accepted(run.author, run.first, run.last, new, item.island))
            if urgent:
                self._exchange.repairs.mark_urgent(run.author, run.first, run.last)
            if item.island:
                self._exchange.lacking(run.author, run.last, now, vouched=True, hurry=urgent)
            self._exchange.repairs.heard(run.author, run.first, run.last)
            self._exchange.holds(run.author, run.last)
            if new:
                self._exchange.arrived(run.author, now, repair=repair)
            if run.author == self._author and new:
                self._own_feed_ahead(run.last)
        return True

    def _known(self, run: VerifiedRun) -> int:
        """How many operations of a run the log holds."""
        return sum(
            self._log.chain(run.author, number) is not None
            for number in range(run.first, run.last + 1)
        )

    # --- forks and decisions ----------------------------------------------------------------------

    def _conflict(self, found: Conflict, now: int) -> None:
        author = found.run.author
        if author == self._author:
            self._own_conflict(found, now)
            return
        decided = [n for n, _ in self._feeds.roster.anchors(author) if n >= found.number]
        if not decided:
            self._write(lambda: self._disputes.conflict(found, now))
            return
        anchor, chain = next(
            (n, c) for n, c in self._feeds.roster.anchors(author) if n == min(decided)
        )
        if self._log.chain(author, anchor) == chain:
            self._effects.reject("branch", author)  # ours is the decided one
            return

        def give_way() -> bool:
            self._log.set_aside(author, found.number - 1)
            return True

        if self._write(give_way):
            self._feeds.update(author, now, self._config.grace_ms)
            self._exchange.lacking(author, anchor, now, vouched=True)

    def _own_conflict(self, found: Conflict, now: int) -> None:
        """Our own key signed something else: we are a restored backup, or our key is in two hands.

        What was never sent gives way to what the net knows; it stays in the kept branches.
        """
        if found.number > self._outgoing.sent:

            def give_way() -> bool:
                self._log.set_aside(self._author, found.number - 1)
                return True

            if self._write(give_way):
                self._feeds.update(self._author, now, self._config.grace_ms)
        else:
            self._write(lambda: self._disputes.conflict(found, now))
        self._own_feed_ahead(found.run.last)

    def _own_feed_claimed(self, sender: int, head: int, now: int) -> None:
        """Somebody announces more of our feed than we have: hold still and ask for a proof."""
        if self._restored or self._claims >= _CLAIM_HOLDS_MAX:
            return
        self._claims += 1
        self._outgoing.hold_until = max(self._outgoing.hold_until, now + _CLAIM_HOLD_MS)
        self._exchange.lacking(self._author, head, now, vouched=False, hurry=True)

    def _own_feed_ahead(self, known: int) -> None:
        if self._restored:
            return
        self._restored = True
        self._outgoing.withdraw(0)
        self._effects.tell(OwnFeedAhead(known, self._feeds.stored_head(self._author)))

    def _roster_feeds(self) -> set[int]:
        return {ROOT, *(block.first for block in self._feeds.roster.alliances)}

    def _roster_changed(self, now: int) -> None:
        if not self._feeds.read_roster():
            return
        touched = self._write(self._disputes.roster_changed)
        self._effects.tell(RosterChanged(self._feeds.roster.head))
        for author in touched or ():
            self._feeds.update(author, now, self._config.grace_ms)
        for author in self._feeds.roster.signers:
            best = self._exchange.neighbours.best(author)
            self._exchange.lacking(author, best, now, vouched=True)
        waiting = tuple(self._waiting)
        self._waiting.clear()
        self._waiting.extend(self._take(waiting, now, repair=True))

    def _write(self, change: Callable[[], _T]) -> _T | None:
        """Change the log; a log that cannot be written is told, not raised."""
        try:
            return change()
        except (OSError, LogUnavailable) as error:
            self._effects.tell(StoreFailed(str(error) or type(error).__name__))
            return None
