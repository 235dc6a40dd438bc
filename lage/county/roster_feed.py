# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Feed 0 in a folder's log: reading it, handing it on, taking it in.

It travels in invitations, notices and cards as a list of (record, signature); a record that only
the signature of a later one vouches for has an empty one. Who takes it in checks it against the
county's key. Two lists that differ are a fork of feed 0: both are kept, and the root decides.
"""

from __future__ import annotations

from dataclasses import dataclass

from lage.language.errors import KeysError
from lage.store import Store, keys
from sync.feed import chain as feed
from sync.feed.log import ForkProof, Log, VerifiedRun
from sync.feed.roster import ROOT, Roster, read_roster
from sync.feed.settle import give_way, is_open, settle

Records = list[tuple[bytes, bytes]]
"""(operation, signature) of feed 0 from its first record on."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of a list that was taken in."""

    before: int  # records that were here
    now: int  # records that are here
    forked_at: int = 0  # the first record that differs from ours, where the root has to decide
    older: bool = False  # the list knows less than we do, or the root chose the other one
    locked: str = ""  # as of when the list is, where nobody has said that the net knows no newer


def roster_of(log: Log, network: keys.Network) -> Roster:
    """Members and decisions as feed 0 and those of allied counties say."""
    own = read_roster(network.network_id, network.root_public, _operations(log, ROOT))
    blocks = [block.first for block in own.alliances]
    allied = {block: _operations(log, block) for block in blocks}
    return read_roster(network.network_id, network.root_public, _operations(log, ROOT), allied)


def records_of(log: Log) -> Records:
    """Feed 0 as it is handed on."""
    head = log.head(ROOT)
    signatures = {p.number: p.signature for p in log.signatures(ROOT, 1, head)}
    return [
        (data, signatures.get(number, b"")) for number, data in enumerate(_operations(log, ROOT), 1)
    ]


def verified(
    network_id: bytes, root_public: bytes, records: Records, author: int = ROOT
) -> list[VerifiedRun]:
    """Feed 0 of a file, checked against its county's key, under that number. Raises KeysError."""
    chain = feed.root_origin(network_id, root_public)
    runs: list[VerifiedRun] = []
    waiting: list[bytes] = []
    chains: list[bytes] = []
    for number, (data, signature) in enumerate(records, 1):
        chain = feed.next_chain(chain, data)
        waiting.append(data)
        chains.append(chain)
        if not signature:
            continue
        if not feed.verify(root_public, network_id, ROOT, number, chain, signature):
            raise KeysError("Die Mitgliederliste der Datei ist nicht echt: bitte neu holen.")
        first = number + 1 - len(waiting)
        runs.append(VerifiedRun(author, first, tuple(waiting), tuple(chains), signature))
        waiting, chains = [], []
    if waiting:
        raise KeysError("Die Mitgliederliste der Datei ist unvollständig: bitte neu holen.")
    return runs


def take_in(store: Store, network: keys.Network, runs: list[VerifiedRun]) -> Taken:
    """Store a checked list and apply what it decides; where it is another branch, keep both."""
    log = store.log
    before = log.head(ROOT)
    at = _difference(log, runs)
    if not at:
        log.store(runs)
        settle(log, roster_of(log, network))
        now = log.head(ROOT)
        last = runs[-1].last if runs else 0
        return Taken(before, now, _open_fork(log, network), older=last < before)
    ours = roster_of(log, network).choices.get(ROOT)
    operations = [data for run in runs for data in run.operations]
    theirs = read_roster(network.network_id, network.root_public, operations).choices.get(ROOT)
    if theirs is not None and (ours is None or ours.rank < theirs.rank):
        give_way(ROOT, at - 1, log)
        log.store(runs)
        settle(log, roster_of(log, network))
        return Taken(before, log.head(ROOT))
    branch = next(run for run in runs if run.first <= at <= run.last)
    proof = _proof(log, at, branch)
    if proof is not None:
        log.store_fork(proof, None)
    for run in runs:
        if run.last >= at and proof is not None:
            log.store_fork(proof, run)
    settle(log, roster_of(log, network))
    return Taken(before, before, _open_fork(log, network), older=ours is not None)


def _operations(log: Log, author: int) -> list[bytes]:
    return log.operations(author, 1, log.head(author))


def _difference(log: Log, runs: list[VerifiedRun]) -> int:
    """First number at which a list differs from ours; 0 where one continues the other."""
    for run in runs:
        for number, chain in enumerate(run.chains, run.first):
            held = log.chain(ROOT, number)
            if held is not None and held != chain:
                return number
    return 0


def _proof(log: Log, number: int, other: VerifiedRun) -> ForkProof | None:
    ours = log.chain(ROOT, number)
    points = log.signatures(ROOT, number, number + 2 * feed.RUN_OPERATIONS_MAX)
    if ours is None or not points:
        return None
    return ForkProof(
        ROOT,
        number,
        ours,
        points[0].signature,
        other.chains[number - other.first],
        other.signature,
        tuple(log.operations(ROOT, number + 1, points[0].number)),
        other.operations[number + 1 - other.first :],
    )


def _open_fork(log: Log, network: keys.Network) -> int:
    return open_root_fork(log, roster_of(log, network))


def open_root_fork(log: Log, roster: Roster) -> int:
    """Where feed 0 has forked and the root has not decided; 0 for nowhere."""
    proofs = (proof for proof in log.forks() if proof.author == ROOT)
    return min((p.number for p in proofs if is_open(p, log, roster)), default=0)
