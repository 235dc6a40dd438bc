# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What convinces others of a fork: our own chain, the proof, and where it must, both branches.

A proof shows that two signatures contradict each other at a number, not what stands there. That is
enough until the root has decided something. From then on a contradiction beyond the anchor may be
no more than the branch that lost (``sync.feed.settle.is_open``): only the two operations themselves
show that both continue the same one, so they go with the proof.
"""

from __future__ import annotations

from collections.abc import Iterator

from sync.feed.chain import RUN_OPERATIONS_MAX, Run, next_chain, run_size
from sync.feed.log import ForkProof
from sync.replica.feeds import Feeds
from sync.wire.forks import encode_fork, fork_number
from sync.wire.frames import FRAME_MAX
from sync.wire.packet import encode_runs


def evidence(feeds: Feeds, author: int, number: int) -> Run | None:
    """Our run over that number, begun as early as it fits with the chain before it.

    A run that leaves no room for the chain goes without: it shows the fork to whoever shares
    what comes before, and makes all others ask further back.
    """
    log = feeds.log
    points = log.signatures(author, number, number + RUN_OPERATIONS_MAX)
    if not points:
        return None
    last = points[0].number
    if feeds.secret(author, last):
        return None
    best: Run | None = None
    for first in range(number, max(0, last - RUN_OPERATIONS_MAX), -1):
        chain = feeds.chain(author, first - 1)
        operations = log.operations(author, first, last)
        if first == number:
            best = Run(author, first, tuple(operations), points[0].signature)
        if chain is None or not _fits(first, operations, prefix=True):
            break
        best = Run(author, first, tuple(operations), points[0].signature, chain)
    if best is None or len(best.operations) != last - best.first + 1:
        return None
    return best if _fits(best.first, best.operations, prefix=best.prefix is not None) else None


def proof_frames(feeds: Feeds, proof: ForkProof) -> list[bytes]:
    """The proof, and what else it takes for everybody to see where the fork begins."""
    payload = encode_fork(proof)
    frames = [] if payload is None else [payload]
    if feeds.roster.anchor(proof.author) is not None:
        runs = list(_continuations(feeds, proof.author, proof.number))
    elif payload is None or fork_number(payload) != proof.number:
        runs = list(_behind(proof))
    else:
        runs = []
    return frames + [encode_runs((run,)) for run in runs]


def _continuations(feeds: Feeds, author: int, number: int) -> Iterator[Run]:
    """Each branch that continues our operation before that number, from there to a signature."""
    before, ours = feeds.chain(author, number - 1), feeds.log.chain(author, number)
    if before is None:
        return
    mine = evidence(feeds, author, number)
    if mine is not None:
        yield mine
    kept = dict(feeds.log.branches(author, number))
    for proof in feeds.log.forks():
        if (proof.author, proof.number) != (author, number):
            continue
        for chain, following, signature in _sides(proof):
            operation = kept.pop(chain, None)
            if operation is None or chain == ours or next_chain(before, operation) != chain:
                continue
            operations = (operation, *following)
            if _fits(number, operations, prefix=True):
                yield Run(author, number, operations, signature, before)
            elif _fits(number, operations, prefix=False):
                yield Run(author, number, operations, signature)


def _behind(proof: ForkProof) -> Iterator[Run]:
    """Each side's run, where the proof fits no frame or not with the number of the fork.

    A run that begins behind the fork with its chain value there contradicts whoever holds the
    other side, at just that number; where a side was signed there, that signature alone does.
    """
    for chain, operations, signature in _sides(proof):
        if _fits(proof.number + 1, operations, prefix=True):
            yield Run(proof.author, proof.number + 1, operations, signature, chain)


def _sides(proof: ForkProof) -> tuple[tuple[bytes, tuple[bytes, ...], bytes], ...]:
    return (
        (proof.chain_a, proof.operations_a, proof.signature_a),
        (proof.chain_b, proof.operations_b, proof.signature_b),
    )


def _fits(first: int, operations: tuple[bytes, ...] | list[bytes], *, prefix: bool) -> bool:
    return run_size(first, operations, prefix=prefix) < FRAME_MAX
