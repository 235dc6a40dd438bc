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


def limit_of(author: int, roster: Roster, forks: Iterable[ForkProof]) -> int | None:
    """Last number that counts of a feed; None without limit. ``forks``: of that author."""
    if roster.signer(author) is None:
        return 0
    open_forks = [p.number - 1 for p in forks if not roster.decided(author, p.number)]
    ends = roster.last_good(author)
    return min([*open_forks, *([] if ends is None else [ends])], default=None)


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
            log.set_aside(author, after)
            touched.add(author)
        limit = limit_of(author, roster, proofs)
        if log.valid_to(author) != limit:
            log.quarantine(author, limit)
            touched.add(author)
    return touched


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
