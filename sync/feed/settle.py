# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Make a log what feed 0 decides: who is no member, where a feed ends, which branch counts.

Whoever stores records of feed 0 settles the log afterwards: the engine, a file that is read, a
gateway. So a picture never shows what the roster denies, and everybody with the same records and
the same operations agrees:

* A stranger's operations do not count, those under a number that now is another's are set aside.
* Nothing counts beyond a revocation or, until the root has decided, from a fork on.
* A decided feed leads through its anchor. Where ours does not, it gives way from the fork on; the
  decided branch is then fetched in its place. What lies beyond a gap cannot be told from the other
  branch, so it is set aside as well.

Nothing is deleted: what is set aside stays among the kept branches.
"""

from __future__ import annotations

from collections.abc import Iterable

from sync.feed.chain import next_chain
from sync.feed.log import ForkProof, Log
from sync.feed.roster import Roster


def is_open(proof: ForkProof, log: Log, roster: Roster) -> bool:
    """Whether the root still has to say which branch of that fork counts.

    Beyond the number that was decided on, the branch that did not count contradicts ours as well.
    That is no new fork, unless both sides continue the same operation.
    """
    author, number = proof.author, proof.number
    if roster.decided(author, number):
        return False
    if roster.anchor(author) is None:
        return True
    before, ours = log.chain(author, number - 1), log.chain(author, number)
    continuations = {
        chain
        for chain, operation in log.branches(author, number)
        if before is not None and next_chain(before, operation) == chain
    }
    return len(continuations | {ours} - {None}) > 1


def limit_of(author: int, roster: Roster, fork: ForkProof | None) -> int | None:
    """Last number that counts of a feed; None without limit. ``fork``: its first open one."""
    if roster.signer(author) is None:
        return 0
    ends = roster.last_good(author)
    if fork is None:
        return ends
    return fork.number - 1 if ends is None else min(ends, fork.number - 1)


def settle(log: Log, roster: Roster, authors: Iterable[int] | None = None) -> set[int]:
    """Apply what the roster decides, to all feeds or to these; those that were changed.

    May raise what the log raises; then some feeds are settled and the rest is not.
    """
    forks: dict[int, list[ForkProof]] = {}
    for proof in log.forks():
        forks.setdefault(proof.author, []).append(proof)
    touched: set[int] = set()
    for author in list(log.authors()) if authors is None else authors:
        proofs = forks.get(author, [])
        after = _gives_way(author, log, roster, proofs)
        if after is not None:
            give_way(author, after, log)
            touched.add(author)
        fork = min(
            (proof for proof in proofs if is_open(proof, log, roster)),
            key=lambda proof: proof.number,
            default=None,
        )
        limit = limit_of(author, roster, fork)
        if log.valid_to(author) != limit:
            log.quarantine(author, limit)
            touched.add(author)
    return touched


def valid_head(log: Log, author: int) -> int:
    """Last number of a feed that counts, after it was settled."""
    head, valid = log.head(author), log.valid_to(author)
    return head if valid is None else min(head, valid)


def give_way(author: int, after: int, log: Log) -> None:
    """Set aside what stands above that number, and what no signature below vouches for."""
    points = log.signatures(author, 1, after)
    log.set_aside(author, points[-1].number if points else 0)


def leads_to_anchor(author: int, log: Log, roster: Roster) -> bool:
    """Whether our feed reaches the number that the root decided on, along the decided branch."""
    anchor = roster.anchor(author)
    if anchor is None:
        return False
    number, chain = anchor
    return number <= log.head(author) and log.chain(author, number) == chain


def _gives_way(author: int, log: Log, roster: Roster, forks: Iterable[ForkProof]) -> int | None:
    """The number after which our operations are not those that count, or may not be."""
    signer, head = roster.signer(author), log.head(author)
    if signer is None:
        return None  # may become a member
    first = log.operations(author, 1, 1)
    if first and log.chain(author, 1) != next_chain(signer.origin, first[0]):
        return 0  # was written under a certificate that does not count
    anchor = roster.anchor(author)
    if anchor is None:
        return None
    number, chain = anchor
    common = min((p.number - 1 for p in forks if p.number <= number), default=number - 1)
    if number <= head:
        if log.chain(author, number) != chain:
            return common
    elif common < head:
        return common  # the anchor alone can tell which branch ours is
    return head if log.islands(author) else None
