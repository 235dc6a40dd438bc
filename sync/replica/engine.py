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

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from sync.feed.log import Log
from sync.feed.roster import Roster
from sync.feed.why import Why
from sync.replica.compare.exchange import Exchange
from sync.replica.compare.neighbours import PeerState
from sync.replica.compare.shares import Allowance
from sync.replica.compare.stamps import Age, Standing
from sync.replica.config import EngineConfig
from sync.replica.doubt.decisions import Decisions
from sync.replica.doubt.disputes import Disputes
from sync.replica.effects import Effects
from sync.replica.events import Event, Frame, HeardFrame, PeerHas, PeerTells, Priority, Reach
from sync.replica.feeds import Feeds
from sync.replica.own.outgoing import Outgoing
from sync.replica.own.pulse import Pulse
from sync.replica.take.receiver import Receiver
from sync.schema.urgency import Urgency
from sync.wire.frames import (
    Beat,
    Census,
    Chosen,
    Fork,
    Have,
    Held,
    Nack,
    PacketError,
    Part,
    Runs,
    Seal,
    Tags,
    Want,
)
from sync.wire.heartbeat import Heartbeat, encode_beat
from sync.wire.packet import decode

if TYPE_CHECKING:
    import random


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
        self._decisions = Decisions(self._feeds, self._effects, self._config, rng)
        self._exchange = Exchange(
            0 if author is None else author,
            self._feeds,
            self._disputes,
            self._effects,
            self._seal,
            self._config,
            rng,
            now,
        )
        self._pulse = Pulse(self._config, rng, now)
        self._outgoing = Outgoing(
            self._author,
            self._feeds,
            self._exchange.hints,
            self._pulse,
            self._seal,
            self._config,
            now + self._config.listen_ms,
        )
        self._receiver = Receiver(
            self._author,
            self._feeds,
            self._disputes,
            self._decisions,
            self._exchange,
            self._outgoing,
            self._effects,
            self._config,
        )
        self._exchange.on_own_feed_claimed = self._receiver.own_feed_claimed
        self._receiver.begin(now)
        self._offers = Allowance(self._config.offers_hour_max)
        self._changed: set[int] = set()  # members heard under a key after ours
        self._effects.take_events()
        self._exchange.announcements.begin(now)

    # --- the five methods -------------------------------------------------------------------------

    def receive(self, frame: HeardFrame, now: int) -> None:
        """Bytes were heard."""
        try:
            content = decode(frame.payload, self._seal)
        except PacketError as error:
            self._effects.reject(error.reason)
            return
        if isinstance(content, Runs):
            self._receiver.runs(content, frame, now)
        elif isinstance(content, Part):
            self._receiver.parts.heard(content, frame, now)
        elif isinstance(content, Fork):
            self._receiver.proof(content, now)
        elif isinstance(content, Chosen):
            self._receiver.choice(content, now)
        elif isinstance(content, Held):
            self._exchange.roll_call.heard(content, now)
        elif isinstance(content, Census):
            self._exchange.census.heard(content, now)
        else:
            self._receive_control(content, frame, now)

    def advance(self, now: int) -> None:
        """Do what is due by now."""
        send, exchange = self._effects.send, self._exchange
        self._outgoing.hushed = exchange.hushed
        self._outgoing.repeat(exchange.roll_call.unheard(now), now)
        for out in self._outgoing.advance(now):
            own, listed = ((out.first, out.last),), exchange.roll_call.lists(out.last, out.priority)
            send(out.payload, out.priority, Reach.MESH, None, out.expires, own)
            exchange.echo.sent(out.last, now, urgent=out.urgent, listed=listed, copy=out.copy)
        until = now + self._config.repair_expires_ms
        for item in self._disputes.advance(now):
            self._effects.send(item.payload, item.priority, item.reach, None, until)
        for _, payload in self._decisions.advance(now):
            self._effects.send(payload, Priority.IMMEDIATE, Reach.MESH, None, until)
        exchange.advance(now)
        if pages := self._pulse.alone(now):
            beat = Beat(self._author, pages, self._exchange.stamps.next(now))
            payload, expires = encode_beat(beat, self._seal), now + self._config.beat_expires_ms
            self._effects.send(payload, Priority.HAVE, Reach.MESH, "beat", expires)

    def next_deadline(self) -> int:
        """When ``advance`` has to be called at the latest; may be past."""
        times = (
            self._exchange.deadline,
            self._outgoing.deadline,
            self._disputes.deadline,
            self._decisions.deadline,
            self._pulse.deadline,
        )
        return min(time for time in times if time is not None)

    def take_frames(self) -> list[Frame]:
        """Frames to be sent, in the order they were made."""
        return self._effects.take_frames()

    def take_events(self) -> list[Event]:
        """What happened since the last call."""
        return self._effects.take_events()

    # --- the node's own affairs -------------------------------------------------------------------

    def publish(self, first: int, last: int, urgency: Urgency, now: int) -> bool:
        """Own operations first..last are in the log, signed, and shall be sent.

        After a start, call it for all that no radio has taken yet. False if this node must not
        publish (``OwnFeedAhead``).
        """
        self._feeds.update(self._author, now, self._config.grace_ms)
        if self._receiver.restored:
            return False
        self._outgoing.publish(first, last, urgency, now)
        self._exchange.roll_call.wrote(first, last, urgency, now)
        self._exchange.wrote(first, last, now, urgent=urgency.urgent)
        return True

    def call_roll(self, author: int, number: int, urgency: Urgency, now: int) -> None:
        """An urgent entry of another came: its author shall soon know who has it."""
        self._exchange.roll_call.begin(author, number, urgency, now)

    def lapsed(self, keys: Iterable[str], now: int) -> None:
        """Frames with these keys found no room on the air before they expired."""
        self._exchange.announcements.lapsed(keys, now)

    def feels(self, beat: Heartbeat, now: int) -> None:
        """How this node is; the others learn it with what is sent anyway. Nothing is said by a
        node without a feed, or one whose publishing is over."""
        if self._author >= 0 and not self._receiver.restored:
            self._pulse.state(beat, now)

    def reconnected(self, now: int, offered: Iterable[tuple[int, int, Urgency]] = ()) -> None:
        """The radio was away for a while and is back: compare with the neighbours at once.

        What it kept meanwhile is the oldest chatter; what was missed, and what of ours nobody has,
        shows when both sides say what they hold. ``offered`` (first, last, urgency) are urgent own
        operations that a radio took: what nobody is known to hold of them is sent once more, as it
        may have gone where nobody could hear it.
        """
        self._exchange.announcements.begin(now)
        held = self._exchange.neighbours.furthest(self._author)
        for first, last, urgency in offered:
            if last > held and not self._receiver.restored and self._offers.take(now):
                self._outgoing.offer(max(first, held + 1), last, urgency, now)

    def reload(self, now: int) -> None:
        """Another process wrote to feeds other than our own: read the log anew and spread it.

        What came by another way than the air (a record of the root, a stick, a gateway) is new to
        everybody, so it is flooded once, as far as one answer goes; the rest is left to HAVE.
        """
        before = dict(self._feeds.heads())
        self._feeds.reload()
        for author, head in self._feeds.heads().items():
            first = before.get(author, 0) + 1
            if head >= first and author != self._author:
                self._feeds.changed[author] = now
                self._exchange.arrived(author, now, head + 1 - first, repair=True, urgent=True)
                spans = [(author, first, head)]
                self._exchange.repairs.spread(spans, now, reach=Reach.MESH, hurry=True)
        self._receiver.roster_changed(now)

    def gathered(self, now: int, urgent: Collection[int] = ()) -> None:
        """Operations came by another way than the air and are in the log; its members' word, too.

        Unlike what ``reload`` finds they are mostly on the air as well, sent by their author: they
        are flooded only where nobody is heard to send them. ``urgent``: whose came as urgent.
        """
        before = dict(self._feeds.heads())
        self._feeds.reload()
        rosters = self._feeds.roster.rosters()
        for author, head in self._feeds.heads().items():
            first = before.get(author, 0) + 1
            if head >= first and author != self._author:
                if hurry := author in urgent:  # nobody calls the roll of it
                    self._exchange.announcements.hurry(now)
                self._feeds.changed[author] = now
                self._exchange.arrived(author, now, head + 1 - first, repair=False, urgent=hurry)
                self._exchange.crossings.came(author, first, head, now, urgent=hurry)
        if any(self._feeds.heads().get(name, 0) > before.get(name, 0) for name in rosters):
            self._receiver.roster_changed(now)

    def vouched(
        self, member: int, heads: Mapping[int, int], *, radio: bool, at: int, now: int
    ) -> None:
        """A member signed, at that moment, that it holds these feeds up to there and no others,
        and whether its radio sends (``sync.wire.statement``)."""
        self._exchange.crossings.radio[member] = radio
        ours = self._feeds.stored_head(self._author)  # nobody holds what was not written yet
        held = {a: min(n, ours) if a == self._author else n for a, n in heads.items()}
        if self._exchange.neighbours.stated(member, held, at, now):
            self._effects.tell(PeerHas(member, held))
        if everywhere := self._exchange.delivered():
            self._outgoing.delivered(everywhere)

    def use_keys(self, epoch: int, keys: Mapping[int, bytes]) -> None:
        """Send under the network key of that epoch and listen to all of these."""
        if epoch != self._seal.epoch:
            self._changed.clear()
        self._seal.change(epoch, keys)

    @property
    def changed(self) -> int:
        """How many members were heard under a key that comes after ours."""
        return len(self._changed)

    @property
    def stale(self) -> bool:
        """Whether the log holds more of others' feeds than we know of: time to ``reload``."""
        return self._feeds.stale(self._author)

    # --- questions --------------------------------------------------------------------------------

    @property
    def roster(self) -> Roster:
        """Members as feed 0 says now."""
        return self._feeds.roster

    @property
    def restored(self) -> bool:
        """Whether the net holds more of our own feed than we did: publishing is over."""
        return self._receiver.restored

    @property
    def rejected(self) -> Mapping[Why, int]:
        """How much was not taken since the start, by reason."""
        return self._effects.rejected

    def shares(self, now: int) -> dict[int, int]:
        """Author -> per cent of what was new of others' feeds in the last hour."""
        return self._exchange.questions.heard.percent(now)

    @property
    def strangers(self) -> Mapping[int, int]:
        """Numbers under which somebody speaks whom our feed 0 does not know, with how often."""
        return self._receiver.strangers

    @property
    def heads(self) -> Mapping[int, int]:
        """Last number that counts as held of each author."""
        return self._feeds.heads()

    def head(self, author: int) -> int:
        """Last number that counts as held of that author."""
        return self._feeds.head(author)

    def holders(self, author: int, number: int) -> frozenset[int]:
        """Nodes known to hold that operation, its author and we included ("empfangen")."""
        members = self._feeds.roster.members
        known = self._exchange.neighbours.holders(author, number)
        known = frozenset(node for node in known if node in members and members[node].active)
        ours = {self._author} if self._feeds.head(author) >= number and self._author >= 0 else set()
        return known | ours | {author}

    def peers(self) -> list[PeerState]:
        """Every other node: last heard, path, what it holds, how far behind it is."""
        return self._exchange.neighbours.states(self._feeds.heads())

    def export_state(self) -> dict[str, Any]:
        """Plain values to keep over a restart."""
        return {
            "version": 2,
            "stamps": self._exchange.stamps.export(),
            "restored": self._receiver.restored,
            "peers": self._exchange.neighbours.export(),
        }

    def import_state(self, state: Mapping[str, Any], now: int) -> None:
        """Take back what ``export_state`` gave; anything else is without effect."""
        if state.get("version") not in (1, 2):  # 1: without stamps
            return
        self._exchange.stamps.load(state.get("stamps"), now)
        self._receiver.restored = state.get("restored") is True
        if isinstance(peers := state.get("peers"), list):
            self._exchange.neighbours.load(row for row in peers if isinstance(row, dict))

    def _receive_control(
        self, content: Have | Want | Tags | Beat | Nack, frame: HeardFrame, now: int
    ) -> None:
        exchange, sender = self._exchange, content.sender
        if sender == self._author:
            if not exchange.stamps.ours(content.stamp):
                self._effects.reject(Why.IMPOSTOR, sender)
            return
        member = self._feeds.roster.members.get(sender)
        former = content.epoch < self._seal.epoch
        if member is None or not member.active or member.alliance:
            self._effects.reject(Why.MEMBER, sender)
            if member is None:
                self._receiver.stranger(sender, now)
            elif not member.alliance and not isinstance(content, Tags | Beat | Nack):
                exchange.stragglers.heard(content, now, former=former)
            return
        trusted = not former and not self._feeds.roster.doubted(content.epoch)
        if content.epoch > self._seal.epoch:
            self._changed.add(sender)
        age = exchange.stamps.hear(sender, content.stamp, now, follow=not former)
        standing = Standing(fresh=age is Age.FRESH, trusted=trusted, former=former)
        if standing.fresh and trusted:
            exchange.heard_from(sender, frame, now)
        elif age is Age.LATE and not former:
            exchange.announcements.remind(now)
        if isinstance(content, Beat):
            if standing.fresh and trusted:
                self._effects.tell(PeerTells(sender, content.pages))
        elif isinstance(content, Have):
            exchange.heard_have(content, frame, now, standing)
        elif isinstance(content, Nack):
            if standing.fresh and trusted:
                exchange.rejoin.nacks.heard(content, frame, now)
        elif isinstance(content, Want):
            exchange.heard_want(content, frame, now, standing)
        else:
            exchange.heard_tags(content, now, standing)
