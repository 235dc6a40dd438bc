# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The ``.mitteilung`` file: a county's list of members with all that the root has decided.

It is how a decree leaves the safe: any node reads it, and from there it goes to all by radio. It
is also how the safe learns what the net knows. Nothing in it is secret, and nothing in it is
believed but what the county's key has signed.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import msgpack

from lage.county.holder import RESTORED
from lage.county.roster_feed import Records, Taken, records_of, take_in, verified
from lage.language.errors import KeysError, UsageError, why
from lage.station import Station
from lage.store import Store
from lage.store.keys import Network
from lage.store.sealing import armour, unarmour
from lage.views.network import UNTIL_DECIDED
from maps.read.files import read_regular
from sync.feed.log import Log

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


def is_notice(text: str) -> bool:
    """Whether a file's text claims to be one."""
    return text.lstrip().startswith(MARK)


def write_notice(log: Log, network: Network) -> str:
    """The line of a ``.mitteilung`` file."""
    return armour(MARK, msgpack.packb([network.name, network.network_id, records_of(log)]))


def read_notice(text: str) -> Notice:
    """What a file says, not yet checked. Raises KeysError."""
    try:
        name, network_id, records = msgpack.unpackb(unarmour(MARK, text, "Mitteilung"))
        found = [(bytes(operation), bytes(signature)) for operation, signature in records]
    except (ValueError, TypeError) as error:
        raise KeysError(_DAMAGED) from error
    if not isinstance(name, str) or not isinstance(network_id, bytes) or not found:
        raise KeysError(_DAMAGED)
    return Notice(name, network_id, found)


def take_notice(store: Store, network: Network, text: str) -> Taken:
    """Check a file's list against our county's key and take it in. Raises KeysError."""
    notice = read_notice(text)
    if notice.network_id != network.network_id:
        raise KeysError(
            f"Die Mitteilung ist nicht von „{network.name}“: bitte die des eigenen Kreises nehmen."
        )
    taken = take_in(
        store, network, verified(network.network_id, network.root_public, notice.records)
    )
    if not taken.forked_at and not taken.older:
        store.local.keep(RESTORED, value=False)
    return taken


def take_from(store: Store, network: Network, other: Station) -> Taken:
    """As ``take_notice``, from another folder's log."""
    return take_notice(store, network, write_notice(other.store.log, other.network_keys))


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
    if new <= 0:
        return f"Die Mitgliederliste ist auf demselben Stand ({taken.now} Einträge)."
    what = "1 neuer Eintrag" if new == 1 else f"{new} neue Einträge"
    return f"Mitgliederliste ergänzt: {what}, jetzt {taken.now}."
