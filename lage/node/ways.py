# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The node's ways besides the radio: whoever is reached by one gets at once what it lacks.

Each peer has a session (``sync.bulk.session``). What arrives is judged and stored in bulk, then the
engine is told. In a net where everybody reaches everybody, an entry would come to each from each:
so what a peer gets from its author directly is passed on to it only after a while.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lage.bearers.bearer import Arrived, Bearer, BearerEvent, Closed, Opened, Troubled
from lage.store.keys import load_node
from lage.store.ways import WaysReport
from sync.bulk.session import Session
from sync.feed.batch import Batch
from sync.feed.chain import Run, proof_holds
from sync.feed.intake import Fits, Refused
from sync.feed.log import ForkProof
from sync.feed.settle import settle
from sync.replica.events import HeardFrame
from sync.wire import bundle
from sync.wire.packet import encode_runs
from sync.wire.statement import Statement, StatementError, read_statement, state

if TYPE_CHECKING:
    from lage.station import Station
    from sync.replica.engine import Engine

LOGGER = logging.getLogger("lage.node")
STATE_MS = 2_000
"""Between two statements of ours while entries come."""
PASS_ON_MS = 10_000
"""After that, what a peer should have from its author directly comes from us."""
URGENT_MS = 120_000
"""So long an entry that was written as urgent is passed on as such."""
KEEP_MS = 60_000
"""Between two times that the others' statements are written down."""


@dataclass(eq=False)
class _Peer:
    bearer: Bearer
    opened: Opened
    member: int | None  # None: not in our list of members, which may be the older one
    session: Session = field(default_factory=Session)
    links: tuple[int, ...] = ()
    told: dict[int, int] = field(default_factory=dict)  # member -> stamp of the statement sent
    told_links: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Reached:
    """Somebody who is reached by a way besides the radio."""

    member: int
    where: str


class Ways:
    """All sessions of a node."""

    def __init__(
        self,
        station: Station,
        engine: Engine,
        me: int,
        on_held: Callable[[int, int], None],
    ) -> None:
        """``on_held`` hears of members who say how much of our own feed they hold."""
        self._station, self._engine, self._me = station, engine, me
        self._on_held = on_held
        self._sign = load_node(station.folder).sign
        self._network_id = station.network_keys.network_id
        self.bearers: tuple[Bearer, ...] = ()
        self._peers: dict[tuple[int, int], _Peer] = {}  # by bearer's id and peer's number
        self._statements: dict[int, Statement] = {}
        self._said: dict[int, int] = {}  # what our last statement told
        self._said_at: int | None = None
        self._came: dict[int, list[tuple[int, int]]] = {}  # author -> (head, when), newest last
        self._urgent: dict[int, tuple[int, int]] = {}  # author -> (last number, when)
        self._roster_head = -1
        self._unkept: set[int] = set()
        self._keep_at = 0
        self.troubles: dict[str, str] = {}  # where -> sentence

    # --- the node's side ------------------------------------------------------------------------

    def use(self, bearers: tuple[Bearer, ...]) -> None:
        """From now on these; those that were used before end."""
        for bearer in self.bearers:
            bearer.stop()
        self._peers.clear()
        self.troubles.clear()
        self.bearers = bearers
        for bearer in bearers:
            bearer.start()

    def published(self, last: int, now: int, *, urgent: bool) -> None:
        """Our own feed goes on up to there."""
        if urgent:
            self._urgent[self._me] = (last, now)

    def turn(self, now: int) -> None:
        """Everything that is due."""
        if not self.bearers:
            return
        for bearer in self.bearers:
            for event in bearer.take_events():
                self._take(bearer, event, now)
        self._look_at_roster()
        self._note_heads(now)
        self._state(now)
        for peer in list(self._peers.values()):
            self._serve(peer, now)
        if self._unkept and now >= self._keep_at:
            self._keep(now)

    def deadline(self, now: int) -> int | None:
        """When something is due without an event."""
        if not self._peers:
            return None
        behind = self._engine.heads != self._said
        return max(now, (self._said_at or now) + STATE_MS) if behind else now + PASS_ON_MS

    def report(self) -> WaysReport:
        """For the other processes."""
        listening = next(filter(None, (bearer.listening for bearer in self.bearers)), "")
        reached = {each.member: each.where for each in self.reached}
        return WaysReport(listening, reached, tuple(self.troubles.values()))

    @property
    def reached(self) -> list[Reached]:
        """Members that are there now."""
        return sorted(
            (
                Reached(peer.member, peer.opened.where)
                for peer in self._peers.values()
                if peer.member is not None
            ),
            key=lambda each: each.member,
        )

    # --- events ---------------------------------------------------------------------------------

    def _take(self, bearer: Bearer, event: BearerEvent, now: int) -> None:
        match event:
            case Opened():
                self._opened(bearer, event)
            case Arrived(number, message):
                peer = self._peers.get((id(bearer), number))
                if peer is not None:
                    self._message(peer, message, now)
            case Closed(number):
                self._peers.pop((id(bearer), number), None)
            case Troubled(where, sentence):
                self.troubles[where] = sentence
                LOGGER.info("%s", sentence)

    def _opened(self, bearer: Bearer, opened: Opened) -> None:
        member = self._member(opened.sign_key)
        self.troubles.pop(opened.where, None)
        if member is not None and self._doubled(bearer, opened, member):
            bearer.close(opened.peer)
            return
        self._peers[id(bearer), opened.peer] = _Peer(bearer, opened, member)
        self._said_at = None  # tell the new one at once

    def _doubled(self, bearer: Bearer, opened: Opened, member: int) -> bool:
        """Both dialled: the connection that the lower number dialled stays, on both sides."""
        for key, peer in list(self._peers.items()):
            if peer.member != member or peer.bearer is not bearer:
                continue
            if opened.dialled == (self._me < member) or opened.dialled == peer.opened.dialled:
                bearer.close(peer.opened.peer)
                del self._peers[key]
            else:
                return True
        return False

    def _member(self, sign_key: bytes) -> int | None:
        for number, member in self._engine.roster.members.items():
            if member.sign_key == sign_key and member.active and not member.alliance:
                return number
        return None

    def _look_at_roster(self) -> None:
        """Who was a stranger may be a member now, and the other way round."""
        head = self._engine.roster.head
        if head == self._roster_head:
            return
        self._roster_head = head
        for key, peer in list(self._peers.items()):
            member = self._member(peer.opened.sign_key)
            if peer.member is not None and member is None:  # revoked
                peer.bearer.close(peer.opened.peer)
                del self._peers[key]
            peer.member = member

    def _message(self, peer: _Peer, message: bytes, now: int) -> None:
        try:
            piece = bundle.decode(message)
        except bundle.PieceError:
            peer.bearer.close(peer.opened.peer)
            return
        match piece:
            case bundle.RunsPiece():
                peer.session.received(piece)
                self._runs(peer, piece, now)
            case bundle.StatementPiece(data):
                self._statement(peer, data, now)
            case bundle.AgainPiece():
                peer.session.asked(piece)
            case bundle.LinksPiece(members):
                peer.links = members
            case bundle.ProofPiece(proof):
                self._proof(proof, now)
            case _:
                pass  # of a newer version, or nothing that a session needs

    def _runs(self, peer: _Peer, piece: bundle.RunsPiece, now: int) -> None:
        """Only lists of members are taken from somebody whom ours does not name."""
        log, batch = self._station.store.log, Batch(self._station.store.log)
        lists = self._engine.roster.rosters()
        grown = False
        for run in piece.runs:
            if peer.member is None and run.author not in lists:
                continue
            if run.author == self._me:
                self._own(run, now)
                continue
            verdict = batch.take(run, self._engine.roster)
            grown |= not isinstance(verdict, Refused)
            if run.author in lists and isinstance(verdict, Fits):
                batch.store()
                settle(log, self._station.roster)
                self._engine.gathered(now)
            if isinstance(verdict, Refused):
                again = peer.session.doubt(run.author, run.first, verdict.reason, now)
                if again is not None:
                    peer.bearer.send(peer.opened.peer, bundle.encode(again))
            elif isinstance(verdict, Fits) and piece.urgent:
                self._urgent[run.author] = (run.last, now)
        batch.store()
        if grown:
            settle(log, self._engine.roster, {run.author for run in piece.runs})
            urgent = {run.author for run in piece.runs} if piece.urgent else ()
            self._engine.gathered(now, urgent)

    def _own(self, run: Run, now: int) -> None:
        """Our own feed comes back: the engine knows whether that is an echo or a second us."""
        if run.last > self._engine.head(self._me):
            self._engine.receive(HeardFrame(encode_runs([run])), now)

    def _proof(self, proof: ForkProof, now: int) -> None:
        signer = self._engine.roster.signer(proof.author)
        if signer and proof_holds(proof, signer.public, signer.network_id, signer.author):
            self._station.store.log.store_fork(proof, None)
            settle(self._station.store.log, self._engine.roster, {proof.author})
            self._engine.gathered(now)

    def _statement(self, peer: _Peer, data: bytes, now: int) -> None:
        try:
            statement = read_statement(data, self._engine.roster)
        except StatementError:
            return
        if statement.member == peer.member:
            peer.session.stated(statement.heads, now)
        known = self._statements.get(statement.member)
        if statement.member == self._me or (known and known.stamp > statement.stamp):
            return
        self._statements[statement.member] = statement
        self._unkept.add(statement.member)
        peer.told[statement.member] = statement.stamp
        self._engine.vouched(statement.member, statement.heads)
        self._on_held(statement.member, statement.heads.get(self._me, 0))

    # --- sending --------------------------------------------------------------------------------

    def _state(self, now: int) -> None:
        """Sign anew what we hold, where that has changed and the last time was a while ago."""
        heads = dict(self._engine.heads)
        if not self._peers or (
            self._said_at is not None and (heads == self._said or now < self._said_at + STATE_MS)
        ):
            return
        self._said, self._said_at = heads, now
        stamp = self._station.now()
        before = self._statements.get(self._me)
        if before is not None:
            stamp = max(stamp, before.stamp + 1)  # a clock that was set back is no news
        self._statements[self._me] = state(self._sign, self._network_id, self._me, stamp, heads)

    def _serve(self, peer: _Peer, now: int) -> None:
        number, bearer = peer.opened.peer, peer.bearer
        links = tuple(each.member for each in self.reached)
        if peer.told_links != links and bearer.room(number):
            peer.told_links = links
            bearer.send(number, bundle.encode(bundle.LinksPiece(links)))
        for member, statement in self._statements.items():
            if member in (peer.member, *peer.links) and member != self._me:
                continue  # says so itself
            if peer.told.get(member) != statement.stamp and bearer.room(number):
                peer.told[member] = statement.stamp
                bearer.send(number, bundle.encode(bundle.StatementPiece(statement.data)))
        heads = self._heads_for(peer, now)
        while peer.session.begun and bearer.room(number):
            piece = peer.session.next(self._station.store.log, heads, self._engine.roster, now)
            if piece is None:
                break
            piece = bundle.RunsPiece(piece.runs, self._is_urgent(piece, now))
            bearer.send(number, bundle.encode(piece))

    def _heads_for(self, peer: _Peer, now: int) -> Mapping[int, int]:
        if peer.member is None:
            lists = self._engine.roster.rosters()
            return {a: head for a, head in self._engine.heads.items() if a in lists}
        heads = dict(self._engine.heads)
        for author in peer.links:
            if author != self._me and author in heads:
                settled = [head for head, when in self._came[author] if now - when >= PASS_ON_MS]
                heads[author] = settled[-1] if settled else 0
        return heads

    def _note_heads(self, now: int) -> None:
        """When each feed grew, as far back as it matters."""
        for author, head in self._engine.heads.items():
            known = self._came.setdefault(author, [(head, now - PASS_ON_MS)])
            if known[-1][0] != head:
                known.append((head, now))
            while len(known) > 1 and now - known[1][1] >= PASS_ON_MS:
                del known[0]

    def _is_urgent(self, piece: bundle.RunsPiece, now: int) -> bool:
        for run in piece.runs:
            last, when = self._urgent.get(run.author, (0, now - URGENT_MS))
            if run.first <= last <= run.last and now - when < URGENT_MS:
                return True
        return False

    def _keep(self, now: int) -> None:
        """For couriers, who carry the others' word on."""
        self._keep_at = now + KEEP_MS
        for member in self._unkept:
            self._station.store.local.keep_statement(self._statements[member])
        self._unkept.clear()
