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
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lage.bearers.bearer import Arrived, Bearer, BearerEvent, Closed, Opened, Troubled
from lage.node.gather import Gatherer
from sync.bulk.session import Session
from sync.feed.log import ForkProof
from sync.wire import bundle

if TYPE_CHECKING:
    from lage.station import Station
    from sync.replica.engine import Engine

LOGGER = logging.getLogger("lage.node")
STATE_MS = 2_000
"""Between two statements of ours while entries come."""
STEADY_MS = 5 * 60_000
"""A statement without news says how we are."""
PASS_ON_MS = 10_000
"""After that, what a peer should have from its author directly comes from us."""


STRANGERS_MAX = 16
"""Peers whom our list of members does not name: it may be the older one, or they are no members."""


@dataclass(eq=False)
class _Peer:
    bearer: Bearer
    opened: Opened
    member: int | None  # None: not in our list of members, which may be the older one
    session: Session = field(default_factory=Session)
    links: tuple[int, ...] = ()
    told: dict[int, int] = field(default_factory=dict)  # member -> stamp of the statement sent
    tell_at: int = 0  # when the way has room for the next statement
    told_links: tuple[int, ...] | None = None
    shown: set[tuple[int, int]] = field(default_factory=set)  # forks: author and number


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
        gatherer: Gatherer,
        fence: Callable[[], AbstractContextManager[None]],
    ) -> None:
        """``fence``: around what one event or one peer may cost."""
        self._station, self._engine, self._me = station, engine, me
        self._gatherer, self._fence = gatherer, fence
        self.bearers: tuple[Bearer, ...] = ()
        self._peers: dict[tuple[int, int], _Peer] = {}  # by bearer's id and peer's number
        self._said: dict[int, int] = {}  # what our last statement told
        self._said_at: int | None = None
        self._came: dict[int, list[tuple[int, int]]] = {}  # author -> (head, when), newest last
        self._roster_head = -1
        self._proofs: list[ForkProof] = []
        self._proofs_at: int | None = None  # when they were last looked for
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

    def turn(self, now: int) -> None:
        """Everything that is due."""
        if not self.bearers:
            return
        for bearer in self.bearers:
            for event in bearer.take_events():
                with self._fence():
                    self._take(bearer, event, now)
        self._look_at_roster()
        self._note_heads(now)
        self._note_forks(now)
        self._state(now)
        for peer in list(self._peers.values()):
            with self._fence():
                self._serve(peer, now)

    def deadline(self, now: int) -> int | None:
        """When something is due without an event."""
        if not self._peers:
            return None
        behind = self._engine.heads != self._said
        return max(now, (self._said_at or now) + STATE_MS) if behind else now + PASS_ON_MS

    @property
    def listening(self) -> str:
        """Where others reach us, for people; empty: nowhere."""
        return next(filter(None, (bearer.listening for bearer in self.bearers)), "")

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

    @property
    def links(self) -> dict[int, tuple[int, ...]]:
        """Members that are there now, and whom each says it is connected with."""
        peers = self._peers.values()
        return {peer.member: peer.links for peer in peers if peer.member is not None}

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
            case Troubled(where, ""):
                self.troubles.pop(where, None)
            case Troubled(where, sentence):
                self.troubles[where] = sentence
                LOGGER.info("%s", sentence)

    def _opened(self, bearer: Bearer, opened: Opened) -> None:
        member = self._member(opened.sign_key)
        self.troubles.pop(opened.where, None)
        if member is not None and self._doubled(bearer, opened, member):
            bearer.close(opened.peer)
            return
        if member is None:
            self._make_room_for_stranger()
        self._peers[id(bearer), opened.peer] = _Peer(bearer, opened, member)
        self._said_at = None  # tell the new one at once

    def _make_room_for_stranger(self) -> None:
        """Who knows the network's id, as the revoked do, is not to take all places."""
        strangers = [key for key, peer in self._peers.items() if peer.member is None]
        for key in strangers[: max(0, len(strangers) + 1 - STRANGERS_MAX)]:
            peer = self._peers.pop(key)
            peer.bearer.close(peer.opened.peer)

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
        county = self._engine.roster.county()
        return next((each.number for each in county if each.sign_key == sign_key), None)

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
                self._gatherer.proof(proof, now)
            case _:
                pass  # of a newer version, or nothing that a session needs

    def _runs(self, peer: _Peer, piece: bundle.RunsPiece, now: int) -> None:
        refused = self._gatherer.runs(piece, now, known=peer.member is not None)
        for author, first, reason in refused:
            again = peer.session.doubt(author, first, reason, now)
            if again is not None:
                peer.bearer.send(peer.opened.peer, bundle.encode(again))

    def _statement(self, peer: _Peer, data: bytes, now: int) -> None:
        statement = self._gatherer.statement(data, now, live_from=peer.member)
        if statement is None:
            return
        peer.told[statement.member] = statement.stamp
        if statement.member == peer.member:
            peer.session.stated(statement.heads, now)

    # --- sending --------------------------------------------------------------------------------

    def _state(self, now: int) -> None:
        """Sign anew what we hold, where that has changed or the last time was long ago."""
        heads = dict(self._engine.heads)
        wait = STEADY_MS if heads == self._said else STATE_MS
        if not self._peers or (self._said_at is not None and now < self._said_at + wait):
            return
        self._said, self._said_at = heads, now
        self._gatherer.state()

    def _serve(self, peer: _Peer, now: int) -> None:
        number, bearer = peer.opened.peer, peer.bearer
        self._tell(peer, now)
        if self._better(peer):
            return
        heads, fill = self._heads_for(peer, now), bearer.terms.fill
        log, roster = self._station.store.log, self._engine.roster
        while peer.session.begun and bearer.room(number):
            piece = peer.session.next(log, heads, roster, now, fill)
            if piece is None:
                break
            piece = bundle.RunsPiece(piece.runs, self._gatherer.is_urgent(piece, now))
            bearer.send(number, bundle.encode(piece))

    def _better(self, peer: _Peer) -> bool:
        """Whether a cheaper way reaches the same member and has begun: then that one carries."""
        return peer.member is not None and any(
            other.member == peer.member
            and other.session.begun
            and other.bearer.terms.cost < peer.bearer.terms.cost
            for other in self._peers.values()
        )

    def _tell(self, peer: _Peer, now: int) -> None:
        """What a member learns besides operations: whom we reach, who holds what, who forked."""
        number, bearer = peer.opened.peer, peer.bearer
        links = tuple(each.member for each in self.reached) if peer.member is not None else ()
        if peer.told_links != links and bearer.room(number):
            peer.told_links = links
            bearer.send(number, bundle.encode(bundle.LinksPiece(links)))
        statements = self._gatherer.statements.items()
        for member, statement in sorted(statements, key=lambda each: each[0] != self._me):
            if member != self._me and (peer.member is None or member in (peer.member, *peer.links)):
                continue  # is nothing for strangers, or says so itself
            if peer.told.get(member) != statement.stamp and bearer.room(number):
                if peer.tell_at > now + STATE_MS:
                    break  # a slow way is not for saying what is held
                peer.told[member] = statement.stamp
                said = bundle.encode(bundle.StatementPiece(statement.data))
                peer.tell_at = max(now, peer.tell_at) + bearer.terms.pause_ms(len(said))
                bearer.send(number, said)
        for proof in self._proofs if peer.member is not None else ():
            fork = (proof.author, proof.number)
            if fork not in peer.shown and bearer.room(number):
                peer.shown.add(fork)
                bearer.send(number, bundle.encode(bundle.ProofPiece(proof)))

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

    def _note_forks(self, now: int) -> None:
        """Proofs are told to all: whoever has one branch only would never see that there are two,
        and go on offering what counts nowhere else."""
        if self._proofs_at is None or now - self._proofs_at >= STATE_MS:
            self._proofs_at = now
            self._proofs = self._gatherer.proofs()

    def _note_heads(self, now: int) -> None:
        """When each feed grew, as far back as it matters."""
        for author, head in self._engine.heads.items():
            known = self._came.setdefault(author, [(head, now - PASS_ON_MS)])
            if known[-1][0] != head:
                known.append((head, now))
            while len(known) > 1 and now - known[1][1] >= PASS_ON_MS:
                del known[0]
