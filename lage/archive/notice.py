# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The ``.mitteilung`` file: a county's list of members with all that the root has decided.

It is how a decree leaves the safe: any node reads it, and from there it goes to all by radio. It
is also how the safe learns what the net knows. Nothing in it is secret, and nothing in it is
believed but what the county's key has signed. When its last record came to the node that wrote it
stands in it for people to read: a file cannot know whether it is the newest, so none unlocks a
restored folder of the county by itself.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import msgpack

from lage.county.holder import RESTORED
from lage.county.roster_feed import Records, Taken, records_of, take_in, verified
from lage.language.epoch import from_unix
from lage.language.errors import KeysError, UsageError, why
from lage.station import Station
from lage.store import Store
from lage.store.keys import Network
from lage.store.sealing import armour, unarmour
from lage.views.clocks import full
from lage.views.network import UNTIL_DECIDED
from maps.read.files import read_regular
from sync.feed.roster import ROOT

MARK = "LAGE-MITTEILUNG-1:"
FILE_MAX = 16_000_000
"""Bytes of the list of members of a large county."""
_DAMAGED = "Die Mitteilung ist beschädigt oder verändert: bitte die Datei neu holen."


@dataclass(frozen=True, slots=True)
class Notice:
    """What stands in the file."""

    name: str
    network_id: bytes  # 16 bytes
    records: Records
    time: int  # log time at which the last record came to who wrote the file


def is_notice(text: str) -> bool:
    """Whether a file's text claims to be one."""
    return text.lstrip().startswith(MARK)


def write_notice(store: Store, network: Network) -> str:
    """The line of a ``.mitteilung`` file."""
    arrivals = store.situation.roster_arrivals()
    time = from_unix(arrivals[-1][1]) if arrivals else 0
    content = [network.name, network.network_id, records_of(store.log), time]
    return armour(MARK, msgpack.packb(content))


def read_notice(text: str) -> Notice:
    """What a file says, not yet checked. Raises KeysError."""
    try:
        name, network_id, records, time = msgpack.unpackb(unarmour(MARK, text, "Mitteilung"))
        found = [(bytes(operation), bytes(signature)) for operation, signature in records]
    except (ValueError, TypeError) as error:
        raise KeysError(_DAMAGED) from error
    sound = isinstance(name, str) and isinstance(network_id, bytes) and type(time) is int
    if not sound or not found or not 0 <= time < 1 << 32:
        raise KeysError(_DAMAGED)
    return Notice(name, network_id, found, time)


def take_notice(store: Store, network: Network, text: str, *, current: bool = False) -> Taken:
    """Check a file's list against our county's key and take it in. Raises KeysError.

    ``current``: somebody vouches that the net knows no newer one; that unlocks a restored folder.
    """
    notice = read_notice(text)
    if notice.network_id != network.network_id:
        raise KeysError(
            f"Die Mitteilung ist nicht von „{network.name}“: bitte die des eigenen Kreises nehmen."
        )
    taken = take_in(
        store, network, verified(network.network_id, network.root_public, notice.records)
    )
    if not store.local.setting(RESTORED) or taken.forked_at or taken.older:
        return taken
    if not current:
        return replace(taken, locked=f"Stand {taken.now} vom {full(notice.time)}")
    store.local.keep(RESTORED, value=False)
    return taken


def take_from(store: Store, network: Network, other: Station, *, current: bool = False) -> Taken:
    """As ``take_notice``, from another folder's log. A node's is news from the net, unless it has
    heard of a newer list itself."""
    log, vectors = other.store.log, other.store.local.vectors()
    heard = max((vector.get(ROOT, 0) for vector in vectors.values()), default=0)
    from_net = bool(vectors) and other.network_keys.author is not None and heard <= log.head(ROOT)
    text = write_notice(other.store, other.network_keys)
    return take_notice(store, network, text, current=current or from_net)


def take_file(station: Station, path: Path) -> Taken:
    """As ``take_notice``, from a file. Raises UsageError where it cannot be read."""
    try:
        text = read_regular(path, FILE_MAX).decode()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"Die Datei {path} ist nicht lesbar: {why(error)}.") from error
    return take_notice(station.store, station.network_keys, text)


def what_came(taken: Taken) -> str:
    """What a list that was taken in has changed, in a sentence."""
    if taken.forked_at:
        return (
            f"ACHTUNG: Es gibt zwei Mitgliederlisten dieses Kreises, verschieden ab Eintrag"
            f" {taken.forked_at}: {UNTIL_DECIDED}."
        )
    if taken.older:
        return f"Nichts Neues: hier stehen schon {taken.now} Einträge der Mitgliederliste."
    new = taken.now - taken.before
    what = "1 neuer Eintrag" if new == 1 else f"{new} neue Einträge"
    said = f"Mitgliederliste ergänzt: {what}, jetzt {taken.now}."
    if new <= 0:
        said = f"Die Mitgliederliste ist auf demselben Stand ({taken.now} Einträge)."
    if taken.locked:
        said += (
            f" {taken.locked}: ob das Netz inzwischen mehr weiß, sagt die Datei nicht. Dieser"
            " Kreisordner nimmt noch niemanden auf. Hat ein Knoten am Netz denselben Stand (die"
            " Zahl im Namen seiner Mitteilung), dann „lage kreis einlesen DATEI --aktuell“."
        )
    return said
