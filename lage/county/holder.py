# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The opened folder of whoever holds the county's key: the only one who extends feed 0.

Two copies of that folder would each continue feed 0 in their own way. So before anything is
added, this folder's log is asked whether anybody knows a longer list, a restored backup has to be
shown one first, and a copy elsewhere gives numbers from a range of its own: then even after a fork
nobody has to give up his number.
"""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from time import time

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from lage.county.roster_feed import open_root_fork, roster_of
from lage.kinds.setting import Setting, exactly
from lage.language.errors import UsageError
from lage.station import LOG_FILE
from lage.store import Store, keys
from sync.feed import chain as feed
from sync.feed.roster import ROOT, Roster
from sync.feed.settle import settle

Clock = Callable[[], float]
RESTORED = Setting("county_restored", False, exactly(bool))
"""Setting of a county's folder that came from a backup and was not shown the net's list yet."""

HOME_MAX = 255
"""Numbers up to here are given by the folder in which the county was founded."""
_SLOT = 32
_HOW = (
    "An einem Knoten „lage kreis mitteilung“, hier „lage kreis einlesen DATEI“; liegt der Knoten"
    " auf diesem Rechner, geht auch „lage kreis einlesen SEIN-ORDNER“."
)


@dataclass
class Holder:
    """Key, log and network of the county."""

    folder: Path
    root: Ed25519PrivateKey
    network: keys.Network
    store: Store

    @property
    def roster(self) -> Roster:
        """Members and decisions so far."""
        return roster_of(self.store.log, self.network)

    def append(self, *records: bytes) -> None:
        """Sign records, add them to feed 0 and apply what they decide."""
        network, log = self.network, self.store.log
        start = feed.root_origin(network.network_id, network.root_public)
        for record in records:
            feed.append(log, self.root, network.network_id, ROOT, start, [record])
        settle(log, self.roster)

    def check_current(self) -> None:
        """Refuse where feed 0 goes on elsewhere: a record more would fork it. Raises UsageError."""
        store, ours = self.store, self.store.log.head(ROOT)
        if store.local.setting(RESTORED):
            raise UsageError(
                "Dieser Kreisordner kommt aus einer Sicherung und muss erst sehen, was das Netz"
                " inzwischen weiß: jetzt an einem Knoten am Netz „lage kreis mitteilung“, hier"
                " „lage kreis einlesen DATEI --aktuell“; liegt der Knoten auf diesem Rechner,"
                " geht auch „lage kreis einlesen SEIN-ORDNER“."
            )
        if open_root_fork(store.log, self.roster):
            raise UsageError(
                "Es gibt zwei Mitgliederlisten dieses Kreises: bitte erst mit „lage kreis"
                " entscheiden“ sagen, dass die hiesige gilt."
            )
        known = max((vector.get(ROOT, 0) for vector in store.local.vectors().values()), default=0)
        if known > ours:
            raise newer_elsewhere("Im Netz", known, ours)

    def free_number(self) -> int:
        """The number of the next member. Raises UsageError where there is none."""
        roster = self.roster
        taken = {n for n, member in roster.members.items() if not member.alliance}
        end: int = first_allied(roster)
        home = keys.county_place(self.folder) in (None, place_of(self.folder))
        if home:
            first = max((n for n in taken if n <= HOME_MAX), default=0) + 1
            last = HOME_MAX
        else:
            slots = max(1, (end - 1 - HOME_MAX) // _SLOT)
            first = HOME_MAX + 1 + _SLOT * (int.from_bytes(place_of(self.folder)) % slots)
            last = first + _SLOT - 1
        for number in chain(range(first, last + 1), range(HOME_MAX + 1, end)):
            if number < end and number not in taken:
                return number
        raise UsageError("Der Kreis ist voll: mehr Knoten kann er nicht aufnehmen.")


@contextmanager
def holding(folder: Path, passphrase: str, clock: Clock = time) -> Iterator[Holder]:
    """The county's folder, unlocked and open. Raises KeysError for a wrong passphrase."""
    root = keys.unlock_county(folder, passphrase)
    network = keys.load_network(folder)
    store = Store.open(folder / LOG_FILE, clock=clock)
    try:
        yield Holder(folder, root, network, store)
    finally:
        store.close()


def newer_elsewhere(where: str, known: int, ours: int) -> UsageError:
    """The refusal of a folder whose list is old."""
    return UsageError(
        f"{where} ist eine neuere Mitgliederliste bekannt ({known} statt {ours} Einträge); hier"
        f" weiterzuschreiben ergäbe zwei verschiedene. {_HOW}"
    )


def first_allied(roster: Roster) -> int:
    """Where the numbers of allied counties begin."""
    return min((block.first for block in roster.alliances), default=feed.AUTHOR_MAX + 1)


def place_of(folder: Path) -> bytes:
    """Which folder of which computer this is: a copy lies elsewhere."""
    where = f"{platform.node()}\0{folder.resolve()}"
    return hashlib.blake2b(where.encode("utf8", "surrogateescape"), digest_size=8).digest()
