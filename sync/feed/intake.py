# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Is this run what its author signed, and how does it fit to what the log holds?

Reads the log, changes nothing. A run is linked to the log where the chain before its first
operation is known (stored, or the author's origin); else the chain value it carries stands in and
it becomes an island. Where a validly signed run contradicts the log, its author signed two feeds:
then the answer is a conflict with the proof.
"""

from __future__ import annotations

from dataclasses import dataclass

from sync.feed.chain import RUN_OPERATIONS_MAX, Run, chain_values, next_chain, verify
from sync.feed.log import ForkProof, Log, VerifiedRun
from sync.feed.roster import Anchor, Roster, Signer
from sync.feed.why import Why


@dataclass(frozen=True, slots=True)
class Fits:
    """Verified and new: to be stored."""

    run: VerifiedRun
    island: bool
    misfit: bool = False  # the island right behind it belongs to another branch


@dataclass(frozen=True, slots=True)
class Known:
    """All of it is in the log already."""

    run: Run


@dataclass(frozen=True, slots=True)
class Unlinked:
    """What comes before it is missing, so it cannot be verified yet."""

    run: Run


@dataclass(frozen=True, slots=True)
class Refused:
    """Not taken."""

    run: Run
    reason: Why  # AUTHOR, SIGNATURE, BRANCH or LIMIT


@dataclass(frozen=True, slots=True)
class Conflict:
    """Validly signed, and not the feed that the log holds."""

    run: VerifiedRun
    number: int  # the branches differ here
    exact: bool  # and are known to be equal before
    proof: ForkProof


Verdict = Fits | Known | Unlinked | Refused | Conflict


def examine(run: Run, log: Log, roster: Roster, limit: int | None = None) -> Verdict:
    """Judge a run; nothing that begins above ``limit`` is taken."""
    signer = roster.signer(run.author)
    if signer is None:
        return Refused(run, Why.AUTHOR)
    if limit is not None and run.first > limit:
        return Refused(run, Why.LIMIT)
    stored = signer.origin if run.first == 1 else log.chain(run.author, run.first - 1)
    base = stored if run.prefix is None else run.prefix
    if base is None:
        return Unlinked(run)
    if not run.operations:
        return _bare(run, stored, signer, log)
    chains = chain_values(base, run.operations)
    if stored == base and log.chain(run.author, run.last) == chains[-1] and _whole(run, log):
        return Known(run)
    if not _signed(signer, run.last, chains[-1], run.signature):
        return Refused(run, Why.SIGNATURE)
    verified = VerifiedRun(run.author, run.first, run.operations, chains, run.signature)
    if not _leads_through(verified, base, roster.anchor(run.author)):
        return Refused(run, Why.BRANCH)
    if stored is not None and stored != base:
        return _conflict(verified, run.first - 1, base, log, exact=False)
    number = _first_difference(verified, log)
    if number is not None:
        before = base if number == run.first else log.chain(run.author, number - 1)
        return _conflict(verified, number, base, log, exact=before is not None)
    island = run.first > log.head(run.author) + 1
    if island and roster.anchor(run.author) is not None:
        return Unlinked(run)  # of a feed that was decided on, only what is linked can be told apart
    return Fits(verified, island, _misfit(verified, log))


def _bare(run: Run, stored: bytes | None, signer: Signer, log: Log) -> Verdict:
    """A signed chain value without operations: it can only contradict what is stored."""
    if stored is None:
        return Unlinked(run)
    if run.prefix == stored or run.prefix is None:
        return Known(run)
    if not _signed(signer, run.last, run.prefix, run.signature):
        return Refused(run, Why.SIGNATURE)
    verified = VerifiedRun(run.author, run.first, (), (), run.signature)
    return _conflict(verified, run.last, run.prefix, log, exact=False)


def _whole(run: Run, log: Log) -> bool:
    """Whether all of a run is stored, given that its last operation is."""
    if run.last <= log.head(run.author):
        return True
    return any(first <= run.first and run.last <= last for first, last in log.islands(run.author))


def _first_difference(run: VerifiedRun, log: Log) -> int | None:
    """First number at which the run contradicts an operation in the log."""
    if run.first > log.head(run.author) and not log.islands(run.author):
        return None
    for number, chain in enumerate(run.chains, run.first):
        held = log.chain(run.author, number)
        if held is not None and held != chain:
            return number
    return None


def _misfit(run: VerifiedRun, log: Log) -> bool:
    """Whether an island that begins right behind the run does not continue it.

    One of the two is a branch, but what the island continues is not known here: it has to be
    fetched again with the chain before it.
    """
    if log.chain(run.author, run.last) is not None:
        return False
    following = log.operations(run.author, run.last + 1, run.last + 1)
    return bool(following) and log.chain(run.author, run.last + 1) != next_chain(
        run.chains[-1], following[0]
    )


def _leads_through(run: VerifiedRun, base: bytes, anchor: Anchor | None) -> bool:
    if anchor is None:
        return True
    number, chain = anchor
    if run.first - 1 == number:
        return base == chain
    return not run.first <= number <= run.last or run.chains[number - run.first] == chain


def _conflict(
    run: VerifiedRun, number: int, base: bytes, log: Log, *, exact: bool
) -> Conflict | Refused:
    """Both sides from the number where they differ to their next signatures."""
    ours = log.chain(run.author, number)
    points = log.signatures(run.author, number, number + 2 * RUN_OPERATIONS_MAX)
    if ours is None or not points:
        # A prefix that is not the author's origin: no signature of ours contradicts it.
        return Refused(Run(run.author, run.first, run.operations, run.signature), Why.BRANCH)
    point = points[0]
    proof = ForkProof(
        run.author,
        number,
        ours,
        point.signature,
        base if number < run.first else run.chains[number - run.first],
        run.signature,
        tuple(log.operations(run.author, number + 1, point.number)),
        run.operations[number + 1 - run.first :],
    )
    return Conflict(run, number, exact, proof)


def _signed(signer: Signer, number: int, chain: bytes, signature: bytes) -> bool:
    return verify(signer.public, signer.network_id, signer.author, number, chain, signature)
