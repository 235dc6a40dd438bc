# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The node at a broker: what ``sync.bulk.assembly`` decides, in messages it cannot read."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from itertools import islice
from typing import TYPE_CHECKING

from lage.bearers.broker.sealed import Envelope
from lage.bearers.broker.service import Broker, Down, Heard, Up
from sync.bulk.assembly import AGAIN_MS, Answer, Ask, Assembly, State, ToAll
from sync.bulk.session import BACK
from sync.feed.why import Why
from sync.wire import bundle
from sync.wire.statement import Statement

if TYPE_CHECKING:
    from lage.node.gather import Gatherer
    from lage.station import Station
    from sync.replica.engine import Engine

HELPING = 8
"""Pieces of about 128 kB in an answer; who lacks more asks again."""
_NEWS = "neu"


class Meeting:
    """Exchange with all who are at the same broker."""

    def __init__(
        self,
        station: Station,
        engine: Engine,
        me: int,
        gatherer: Gatherer,
        rng: random.Random,
        fence: Callable[[], AbstractContextManager[None]],
    ) -> None:
        """``fence``: around what one message may cost."""
        self._station, self._engine, self._me = station, engine, me
        self._gatherer, self._fence = gatherer, fence
        self._assembly = Assembly(me, rng)
        self._envelope = Envelope()
        self._broker: Broker | None = None
        self._doubts: dict[int, int] = {}  # author -> when all were asked to say its feed anew
        self._up = False
        self.trouble = ""

    def use(self, broker: Broker | None) -> None:
        """From now on this one; the one before ends."""
        if self._broker is not None:
            self._broker.stop()
        self._assembly.lost()
        self._broker, self._up, self.trouble = broker, False, ""
        if broker is not None:
            broker.start()

    def use_keys(self, epoch: int, network_keys: Mapping[int, bytes]) -> None:
        """The keys that are in force now."""
        self._envelope.use(epoch, network_keys)

    def turn(self, now: int) -> None:
        """Everything that is due."""
        broker = self._broker
        if broker is None:
            return
        for event in broker.take_events():
            match event:
                case Up():
                    self._up, self.trouble = True, ""
                case Down(sentence):
                    self._up, self.trouble = False, sentence
                    self._assembly.lost()
                case Heard(topic, content):
                    with self._fence():
                        self._heard(topic, content, now)
        if self._up and broker.room():
            for effect in self._assembly.advance(self._engine.heads, now):
                self._do(broker, effect, now)

    def deadline(self) -> int | None:
        """When something is due without an event."""
        return self._assembly.deadline() if self._up else None

    def there(self, now: int) -> list[int]:
        """Members that have spoken there lately."""
        return self._assembly.there(now) if self._up else []

    # --- hearing --------------------------------------------------------------------------------

    def _heard(self, topic: str, content: bytes, now: int) -> None:
        opened = self._envelope.open(topic, content)
        if opened is None:
            return  # of a stranger, of a former key, or moved
        try:
            piece = bundle.decode(opened)
        except bundle.PieceError:
            return
        match piece:
            case bundle.RunsPiece():
                for author, first, reason in self._gatherer.runs(piece, now):
                    self._doubt(author, first, reason, now)
                if topic == _NEWS:
                    self._note_said(piece)
            case bundle.AgainPiece(author, first):
                self._assembly.doubted(author, first, now)
            case bundle.StatementPiece(data):
                self._statement(topic, data, now)
            case bundle.ProofPiece(proof):
                self._gatherer.proof(proof, now)
            case bundle.EndPiece():
                self._assembly.answered()
            case _:
                pass

    def _note_said(self, piece: bundle.RunsPiece) -> None:
        """What was said to all and is in our log we need not say; another branch we must."""
        log = self._station.store.log
        for run in piece.runs:
            if log.operations(run.author, run.first, run.last) == list(run.operations):
                self._assembly.said(run.author, run.first, run.last)

    def _doubt(self, author: int, first: int, reason: Why, now: int) -> None:
        """A run does not go on as our feed does: ask all to say it from further back."""
        if reason is not Why.SIGNATURE or self._broker is None:
            return
        if now - self._doubts.get(author, now - AGAIN_MS) >= AGAIN_MS:
            self._doubts[author] = now
            self._say(self._broker, _NEWS, bundle.AgainPiece(author, max(1, first - BACK)))

    def _statement(self, topic: str, data: bytes, now: int) -> None:
        """Said to all it tells what a member holds; said to us it asks for what is above."""
        statement: Statement | None = self._gatherer.statement(data, now)
        if statement is None:
            return
        self._assembly.stated(statement.member, statement.heads, now)
        if topic.startswith("an/"):
            self._assembly.asked(statement.member, statement.heads)

    # --- saying ---------------------------------------------------------------------------------

    def _do(self, broker: Broker, effect: object, now: int) -> None:
        match effect:
            case State():
                said = bundle.StatementPiece(self._gatherer.state().data)
                self._say(broker, f"stand/{self._me}", said, retain=True)
            case Ask(member):
                asks = bundle.StatementPiece(self._gatherer.state().data)
                self._say(broker, f"an/{member}", asks)
            case ToAll(author, first, last):
                log = self._station.store.log
                runs = bundle.missing_runs(log, {author: first - 1}, {author: last})
                for piece in bundle.in_pieces(runs):
                    urgent = self._gatherer.is_urgent(piece, now)
                    self._say(broker, _NEWS, bundle.RunsPiece(piece.runs, urgent))
            case Answer(member, heads):
                self._answer(broker, f"an/{member}", heads)

    def _answer(self, broker: Broker, topic: str, floor: Mapping[int, int]) -> None:
        lists, held = self._engine.roster.rosters(), self._engine.heads
        heads = {author: held[author] for author in sorted(held, key=lambda a: (a not in lists, a))}
        runs = bundle.missing_runs(self._station.store.log, floor, heads)
        count = 0
        for piece in islice(bundle.in_pieces(runs), HELPING):
            self._say(broker, topic, piece)
            count += 1
        for proof in self._gatherer.proofs():
            self._say(broker, topic, bundle.ProofPiece(proof))
        self._say(broker, topic, bundle.EndPiece(count))

    def _say(
        self, broker: Broker, topic: str, piece: bundle.Piece, *, retain: bool = False
    ) -> None:
        sealed = self._envelope.seal(topic, bundle.encode(piece))
        broker.publish(topic, sealed, retain=retain)
