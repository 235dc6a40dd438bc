# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""``lage retten``: everything readable of a damaged folder into a fresh one.

Operations are taken only where chain and signature prove them, so damage cannot become an entry.
What is lost the neighbours send again. Where entries of this node's own are lost it must not go on
under its number, for they may be out there: it goes on as its own successor.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lage.kinds.model import Progress
from lage.kinds.setting import RESTORED
from lage.language.errors import StoreError, UsageError, why
from lage.station import LOG_FILE
from lage.store import Store, keys
from lage.store.mark import read_mark
from lage.store.owner_only import put_right
from lage.store.salvage import LOCAL, Remains, proofs, read_remains, write_local
from sync.feed import chain as feed
from sync.feed.log import VerifiedRun
from sync.feed.roster import ROOT, Roster, Signer, read_roster
from sync.feed.settle import settle

_LEFT = (LOG_FILE, f"{LOG_FILE}-wal", f"{LOG_FILE}-shm", "knoten.lock")


def _left(folder: str, names: list[str]) -> list[str]:
    """What is not copied: the log itself, and pipes and devices, which never end."""
    here = Path(folder)
    odd = {name for name in names if not ((here / name).is_file() or (here / name).is_dir())}
    return [name for name in names if name in _LEFT or name in odd]


@dataclass(frozen=True, slots=True)
class Rescued:
    """What came of it."""

    found: int  # operations that stood in the file
    proved: int  # of them with chain and signature, now in the new log
    authors: int
    own_complete: bool
    """Whether this node may go on writing under its number."""


def rescue(source: Path, target: Path, progress: Progress | None = None) -> Rescued:
    """Make ``target`` a folder like ``source`` with all that can be read and proved.

    ``source`` is only read. Raises UsageError where ``target`` holds something, KeysError without
    the network's file, StoreError.
    """
    if target.exists() and any(target.iterdir()):
        raise UsageError(f"{target} ist nicht leer: bitte einen neuen Ordner nehmen.")
    network = keys.load_network(source)
    remains = read_remains(source / LOG_FILE)
    try:
        shutil.copytree(source, target, dirs_exist_ok=True, ignore=_left)
    except (OSError, shutil.Error) as error:
        shutil.rmtree(target, ignore_errors=True)
        reason = why(error) if type(error) is OSError else "ein Teil ist nicht lesbar"
        raise StoreError(f"In {target} kann nicht geschrieben werden: {reason}.") from error
    put_right(target)
    store = Store.open(target / LOG_FILE)
    try:
        roster, proved = _take_over(store, remains, network, progress)
        for proof in proofs(source / LOG_FILE):
            signer = roster.signer(proof.author)
            if signer and feed.proof_holds(proof, signer.public, network.network_id, proof.author):
                store.log.store_fork(proof, None)
        for table in LOCAL:
            write_local(store.connection, table, remains.local[table])
        complete = _own_complete(store, source, network.author)
        if not complete:
            store.local.keep(RESTORED, value=True)
    finally:
        store.close()
    authors = {author for author, _ in remains.operations}
    return Rescued(len(remains), proved, len(authors), complete)


def _take_over(
    store: Store, remains: Remains, network: keys.Network, progress: Progress | None
) -> tuple[Roster, int]:
    root = Signer(
        network.root_public,
        network.network_id,
        ROOT,
        feed.root_origin(network.network_id, network.root_public),
    )
    proved = _store(store, remains, root)
    # Behind a gap, too: each record says for itself who is a member, and the root has signed it.
    spans = [(1, store.log.head(ROOT)), *store.log.islands(ROOT)]
    records = [data for first, last in spans for data in store.log.operations(ROOT, first, last)]
    roster = read_roster(network.network_id, network.root_public, records)
    for block in roster.alliances:
        proved += _store(store, remains, roster.signers[block.first], number=block.first)
    allied = {
        block.first: store.log.operations(block.first, 1, store.log.head(block.first))
        for block in roster.alliances
    }
    roster = read_roster(network.network_id, network.root_public, records, allied)
    members = sorted(roster.members)
    for done, author in enumerate(members, 1):
        signer = roster.signer(author)
        if signer is not None:
            proved += _store(store, remains, signer, number=author)
        if progress:
            progress(done, len(members))
    settle(store.log, roster)
    return roster, proved


def _store(store: Store, remains: Remains, signer: Signer, number: int = ROOT) -> int:
    runs = list(proved_runs(remains, signer, number))
    store.log.store(runs)
    return sum(len(run.operations) for run in runs)


def proved_runs(remains: Remains, signer: Signer, author: int) -> Iterator[VerifiedRun]:
    """Consecutive operations of that feed that one of its signatures vouches for.

    Behind a gap the chain value that stood beside the first operation found is taken as given;
    it counts for nothing until a signature has confirmed what follows from it.
    """
    numbers = sorted(number for at, number in remains.operations if at == author)
    chain: bytes | None = signer.origin
    last = 0
    operations: list[bytes] = []
    chains: list[bytes] = []
    for number in numbers:
        step = None
        if chain is not None and number == last + 1:
            step = _next(remains, author, number, chain)
        if step is None:  # a gap: what follows stands on a value that nobody has vouched for yet
            operations, chains = [], []
            _, chain = min(remains.operations[author, number])
            last = number
            continue
        data, chain = step
        operations.append(data)
        chains.append(chain)
        last = number
        for signature in remains.signatures.get((author, number), ()):
            signed = (signer.public, signer.network_id, signer.author, number, chain, signature)
            if feed.verify(*signed):
                first = number - len(operations) + 1
                yield VerifiedRun(author, first, tuple(operations), tuple(chains), signature)
                operations, chains = [], []
                break


def _next(remains: Remains, author: int, number: int, chain: bytes) -> tuple[bytes, bytes] | None:
    for data, after in remains.operations[author, number]:
        if feed.next_chain(chain, data) == after:
            return data, after
    return None


def _own_complete(store: Store, source: Path, author: int | None) -> bool:
    """Whether nothing of our own is missing, as the mark beside the log says."""
    if author is None:
        return True
    mark = read_mark(source)
    return mark is not None and mark.author == author and mark.fits(store.log)
