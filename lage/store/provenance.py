# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which network a log is of: files can be copied from one folder into another.

The keys that lie beside a log say whether it is shown as reality or as an exercise, so a log of
another network would take the other's look. The roster's first record carries the network in its
chain value; a record that is only damaged is told from a stranger's by the root's signature.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from lage.kinds.model import Progress
from lage.language.errors import StoreError
from lage.store import Store
from lage.store.keys import Network
from lage.store.log import SqliteLog
from sync.feed.chain import next_chain, root_origin, verify
from sync.feed.roster import ROOT


def open_log(
    path: Path, network: Network, clock: Callable[[], float], progress: Progress | None
) -> Store:
    """Open the log that lies beside a network's keys. Raises StoreError, also for a stranger's."""
    store = Store.open(path, clock=clock, progress=progress)
    try:
        check_provenance(store.log, network, path.parent)
    except StoreError:
        store.close()
        raise
    return store


def check_provenance(log: SqliteLog, network: Network, folder: Path) -> None:
    """Raises StoreError for a log that is of another network than the keys of its folder."""
    head = log.head(ROOT)
    if not head:
        return  # nothing in it yet
    (first,) = log.operations(ROOT, 1, 1)
    origin = root_origin(network.network_id, network.root_public)
    if log.chain(ROOT, 1) == next_chain(origin, first) or _vouched(log, network, head):
        return
    raise StoreError(
        f"Das Lagebuch in {folder} ist aus einem anderen Netz als dem von"
        f" „{network.name}“: Übung und Wirklichkeit, und verschiedene Kreise, werden nie gemischt."
        " Bitte den Ordner mit seinen eigenen Dateien benutzen."
    )


def _vouched(log: SqliteLog, network: Network, head: int) -> bool:
    """Whether this network's root signed anything of the roster as it stands here."""
    return any(
        (chain := log.chain(ROOT, point.number)) is not None
        and verify(
            network.root_public, network.network_id, ROOT, point.number, chain, point.signature
        )
        for point in log.signatures(ROOT, 1, head)
    )
