# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Two feeds under one name: find it out, prove it, stop there, and follow the root's decision.

    suspicion   digests differ at equal heads, or a run does not continue what we hold:
                TAGS asks "who has another chain here?"
    evidence    a holder of another chain sends the run that shows it, with the chain before it
    proof       a validly signed run that contradicts the log; kept, flooded once, and the author
                is frozen before the first number at which the branches differ
    decision    the root names the branch that counts, see ``decisions``

``stages`` holds the stages as a table, ``showing`` what is sent to convince others. Every answer is
random in time and dropped when another gives it first; each is repeated for one author at most once
in ``dispute_again_ms``, a proof ever more rarely.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sync.feed.chain import proof_holds
from sync.feed.intake import Conflict
from sync.feed.log import ForkProof, LogUnavailable
from sync.replica.config import EngineConfig
from sync.replica.doubt import showing
from sync.replica.doubt.stages import Stage
from sync.replica.effects import Effects
from sync.replica.events import ForkFound, Priority, Reach
from sync.replica.feeds import Feeds
from sync.wire.frames import Tag, Tags, chain_tag
from sync.wire.packet import encode_runs

if TYPE_CHECKING:
    import random

_TAGS_MAX = 32
_PAUSE_DOUBLINGS = 4


@dataclass(frozen=True, slots=True)
class Evidence:
    """A frame about a fork, due now."""

    payload: bytes
    author: int
    priority: Priority
    reach: Reach


class Disputes:
    """Forks of all authors."""

    def __init__(
        self, feeds: Feeds, effects: Effects, config: EngineConfig, rng: random.Random
    ) -> None:
        self._feeds = feeds
        self._effects = effects
        self._config = config
        self._rng = rng
        self._questions: dict[int, int] = {}  # author -> number
        self.question_due: int | None = None
        self._answers: dict[int, tuple[int, int]] = {}  # author -> (due, number)
        self._proofs: dict[int, int] = {}  # author -> due
        self._shown: dict[int, int] = {}  # author -> how often we sent the proof
        self._spoken: dict[tuple[str, int], int] = {}  # (what, author) -> when

    @property
    def deadline(self) -> int | None:
        """When something is to be sent."""
        times = [due for due, _ in self._answers.values()]
        times += self._proofs.values()
        return min(times, default=None)

    def stage(self, author: int) -> Stage:
        """How far the doubt about that feed has come."""
        if self._feeds.frozen(author) is not None:
            return Stage.FROZEN
        if any(proof.author == author for proof in self._feeds.log.forks()):
            return Stage.SETTLED
        return Stage.SUSPECTED if author in self._questions else Stage.TRUSTED

    # --- finding out ------------------------------------------------------------------------------

    def suspect(self, author: int, number: int, now: int) -> None:
        """Our chain at that number may not be the only one."""
        if number < 1 or self._feeds.chain(author, number) is None:
            return
        if not self._may("question", author, now):
            return
        known = self._questions.get(author)
        self._questions[author] = number if known is None else min(known, number)
        if self.question_due is None:
            self.question_due = now + self._wait()

    def asked(self, tags: Tags, now: int) -> None:
        """Somebody asks for evidence: answer where our chain differs."""
        for item in tags.tags:
            chain = self._feeds.chain(item.author, item.number)
            if chain is None or self._feeds.secret(item.author, item.number):
                continue
            if chain_tag(chain) == item.tag:
                self._questions.pop(item.author, None)  # asked for us as well
            elif self._may("answer", item.author, now):
                self._answers[item.author] = (now + self._wait(), item.number)
        if not self._questions:
            self.question_due = None

    # --- proof ------------------------------------------------------------------------------------

    def conflict(self, found: Conflict, now: int) -> bool:
        """A run contradicts the log; whether the fork is new. May raise what the log raises."""
        author = found.run.author
        self._answers.pop(author, None)
        if found.exact or self._feeds.roster.anchor(author) is None:
            self._feeds.log.store_fork(found.proof, found.run)
        new = self._freeze(found.proof, now)
        if not found.exact and (new or self._feeds.frozen(author) is None):
            self.suspect(author, found.number, now)
        return new

    def shown(self, proof: ForkProof, now: int) -> bool:
        """A proof came in a frame; whether it is true."""
        signer = self._feeds.roster.signer(proof.author)
        if signer is None:
            return False
        known = self._feeds.frozen(proof.author)
        if known is not None and known.number <= proof.number:
            self._proofs.pop(proof.author, None)
            self._mark("proof", proof.author, now)
            if known.number < proof.number:
                self._spoken.pop(("proof", proof.author), None)
                self.inform(proof.author, now)
            return True
        if not proof_holds(proof, signer.public, signer.network_id, signer.author):
            return False
        if self._freeze(proof, now):
            self._proofs.pop(proof.author, None)
            self._mark("proof", proof.author, now)
        if not self._feeds.roster.decided(proof.author, proof.number):
            self.suspect(proof.author, proof.number, now)
        return True

    def inform(self, author: int, now: int) -> None:
        """Another node does not know of this fork yet, or places it too late."""
        if self._feeds.frozen(author) is not None and self._may("proof", author, now):
            self._proofs.setdefault(author, now + self._wait())

    def _freeze(self, proof: ForkProof, now: int) -> bool:
        author, forks = proof.author, dict(self._feeds.forks)
        if not self._feeds.note_fork(proof):
            return False
        try:
            self._feeds.log.store_fork(proof, None)
            self._feeds.log.quarantine(author, self._feeds.limit(author))
        except (OSError, LogUnavailable):
            self._feeds.forks = forks  # to be found out again when the log can be written
            raise
        self._effects.tell(ForkFound(author, proof.number, proof))
        self._shown.pop(author, None)
        self._spoken.pop(("proof", author), None)
        self.inform(author, now)
        return True

    # --- speaking ---------------------------------------------------------------------------------

    def advance(self, now: int) -> list[Evidence]:
        """Proofs and evidence that are due."""
        found: list[Evidence] = []
        for author, due in list(self._proofs.items()):
            if due > now:
                continue
            del self._proofs[author]
            proof = self._feeds.frozen(author)
            if proof is None or not self._take("proof", author, now):
                continue
            self._shown[author] = self._shown.get(author, 0) + 1
            found.extend(
                Evidence(payload, author, Priority.IMMEDIATE, Reach.MESH)
                for payload in showing.proof_frames(self._feeds, proof)
            )
        for author, (due, number) in list(self._answers.items()):
            if due > now:
                continue
            del self._answers[author]
            run = showing.evidence(self._feeds, author, number)
            if run is not None and self._take("answer", author, now):
                payload = encode_runs((run,))
                found.append(Evidence(payload, author, Priority.REPAIR, Reach.NEIGHBOURS))
        return found

    def question(self, now: int) -> tuple[Tag, ...]:
        """Tags to ask about now; empty if nothing is due."""
        if self.question_due is None or now < self.question_due:
            return ()
        tags = []
        for author, number in sorted(self._questions.items())[:_TAGS_MAX]:
            del self._questions[author]
            chain = self._feeds.chain(author, number)
            if chain is not None and self._take("question", author, now):
                tags.append(Tag(author, number, chain_tag(chain)))
        self.question_due = now + self._wait() if self._questions else None
        return tuple(tags)

    def _wait(self) -> int:
        return self._rng.randrange(1, self._config.dispute_wait_ms)

    def _may(self, what: str, author: int, now: int) -> bool:
        last = self._spoken.get((what, author))
        pause = self._config.dispute_again_ms
        if what == "proof":  # until the root has decided, which may take days
            pause <<= min(self._shown.get(author, 0), _PAUSE_DOUBLINGS)
        return last is None or now - last >= pause

    def _take(self, what: str, author: int, now: int) -> bool:
        if not self._may(what, author, now):
            return False
        self._mark(what, author, now)
        return True

    def _mark(self, what: str, author: int, now: int) -> None:
        self._spoken[what, author] = now
