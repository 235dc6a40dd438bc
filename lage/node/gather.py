# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What comes by ways besides the radio, into log and engine: judged and stored in bulk."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from lage.kinds.setting import STATED
from lage.language.epoch import to_unix
from lage.node.lives import Lives
from lage.store.keys import load_node
from sync.feed.batch import Batch
from sync.feed.chain import RUN_OPERATIONS_MAX, Run, proof_holds, run_size
from sync.feed.intake import Fits, Refused
from sync.feed.log import ForkProof
from sync.feed.settle import settle
from sync.feed.why import Why
from sync.replica.events import HeardFrame
from sync.wire.bundle import RunsPiece, fits_a_piece
from sync.wire.packet import encode_runs
from sync.wire.packing import ROOM
from sync.wire.statement import Statement, StatementError, read_statement, state

if TYPE_CHECKING:
    from lage.station import Station
    from sync.replica.engine import Engine

URGENT_MS = 120_000
"""So long an entry that was written as urgent is passed on as such."""
KEEP_MS = 60_000
"""Between two times that the others' statements are written down."""


class Gatherer:
    """The node's door for runs, proofs and statements, whichever way they come."""

    def __init__(
        self,
        station: Station,
        engine: Engine,
        me: int,
        on_held: Callable[[int, int], None],
        on_air: Callable[[], bool],
        lives: Lives,
    ) -> None:
        """``on_held`` hears of members who say how much of our own feed they hold; ``on_air`` says
        whether our radio sends."""
        self._on_air, self._lives = on_air, lives
        self._station, self._engine, self._me = station, engine, me
        self._on_held = on_held
        self._sign = load_node(station.folder).sign
        self.statements: dict[int, Statement] = {}
        """The latest word of each member, ours included."""
        self._urgent: dict[int, tuple[int, int]] = {}  # author -> (last number, when)
        self._stamp: int = station.setting(STATED)
        self._unkept: set[int] = set()
        self._keep_at = 0

    def runs(self, piece: RunsPiece, now: int, *, known: bool = True) -> list[tuple[int, int, Why]]:
        """Take what fits; (author, first number, why) of what did not.

        ``known`` False: from somebody our list of members does not name; only lists of members are
        taken then.
        """
        log, roster = self._station.store.log, self._engine.roster
        batch, lists = Batch(log), roster.rosters()
        refused: list[tuple[int, int, Why]] = []
        grown = False
        for run in piece.runs:
            if not known and run.author not in lists:
                continue
            if run.author == self._me:
                self._own(run, now)
                continue
            verdict = batch.take(run, self._engine.roster)
            if isinstance(verdict, Refused):
                refused.append((run.author, run.first, verdict.reason))
                continue
            grown = True
            if isinstance(verdict, Fits):
                if piece.urgent:
                    self.note_urgent(run.author, run.last, now)
                if run.author in lists:
                    batch.store()
                    settle(log, self._station.roster)
                    self._engine.gathered(now)
        batch.store()
        if grown:
            authors = {run.author for run in piece.runs}
            settle(log, self._engine.roster, authors)
            self._engine.gathered(now, authors if piece.urgent else ())
        return refused

    def _own(self, run: Run, now: int) -> None:
        """Our own feed comes back: the engine knows whether that is an echo or a second us."""
        fits = len(run.operations) <= RUN_OPERATIONS_MAX
        fits = fits and run_size(run.first, run.operations, prefix=False) <= ROOM
        if fits and run.last > self._engine.head(self._me):
            self._engine.receive(HeardFrame(encode_runs([run])), now)

    def proofs(self) -> list[ForkProof]:
        """Of all forks that are known, as far as others can take them."""
        return [proof for proof in self._station.store.log.forks() if fits_a_piece(proof)]

    def proof(self, proof: ForkProof, now: int) -> None:
        """Somebody signed two feeds."""
        signer = self._engine.roster.signer(proof.author)
        if signer and proof_holds(proof, signer.public, signer.network_id, signer.author):
            self._station.store.log.store_fork(proof, None)
            settle(self._station.store.log, self._engine.roster, {proof.author})
            self._engine.gathered(now)

    def statement(self, data: bytes, now: int, *, live_from: int | None = None) -> Statement | None:
        """A member's word on what it holds; None for bytes that are none, and for our own.

        ``live_from``: the member that is at the other end and just said it; what is handed on may
        be of any time, and then only its author's clock tells.
        """
        try:
            statement = read_statement(data, self._engine.roster)
        except StatementError:
            return None
        if statement.member == self._me:
            return None
        known = self.statements.get(statement.member)
        if known is None or known.stamp < statement.stamp:
            self.statements[statement.member] = statement
            self._unkept.add(statement.member)
            live = statement.member == live_from
            at = now if live else to_unix(statement.stamp) * 1000
            member, radio = statement.member, statement.radio
            self._engine.vouched(member, statement.heads, radio=radio, at=at, now=now)
            self._on_held(statement.member, statement.heads.get(self._me, 0))
            self._lives.told(statement.member, statement.pages, to_unix(statement.stamp))
        return statement

    def state(self) -> Statement:
        """Sign what we hold now."""
        self._stamp = stamp = max(self._station.now(), self._stamp + 1)  # a clock may be set back
        network_id = self._station.network_keys.network_id
        heads, pages = self._engine.heads, self._lives.own.pages()
        said = state(
            self._sign, network_id, self._me, stamp, heads, radio=self._on_air(), pages=pages
        )
        self.statements[self._me] = said
        return said

    def note_urgent(self, author: int, last: int, now: int) -> None:
        """Up to there something of that author is urgent."""
        self._urgent[author] = (last, now)

    def is_urgent(self, piece: RunsPiece, now: int) -> bool:
        """Whether it holds something that was written as urgent just now."""
        for run in piece.runs:
            last, when = self._urgent.get(run.author, (0, now - URGENT_MS))
            if run.first <= last <= run.last and now - when < URGENT_MS:
                return True
        return False

    def keep(self, now: int) -> None:
        """Write the others' statements down now and then: couriers carry them on."""
        if self._unkept and now >= self._keep_at:
            self._keep_at = now + KEEP_MS
            for member in self._unkept:
                self._station.store.local.keep_statement(self.statements[member])
            self._unkept.clear()
            self._station.keep(STATED, self._stamp)
