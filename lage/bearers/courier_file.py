# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Courier files of this network: opening them, and who reads them."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

from lage.bearers.sealed_file import Header, NotSealedFile, read_header
from lage.county.rekey import Keyring
from lage.kinds.setting import KEY_EPOCH
from lage.language.errors import KeysError, UsageError, why
from lage.language.plain import plain
from lage.station import Station
from lage.store.keys import load_node, network_mark
from maps.read.files import regular_size

ENDING = ".kurier"
"""Of courier files, so that people know them; it is never relied on."""


def opened(path: Path) -> BinaryIO:
    """The file, from its beginning. Raises UsageError."""
    try:
        regular_size(path)
        return path.open("rb")
    except FileNotFoundError:
        raise UsageError(f"Die Kurierdatei {path} gibt es nicht.") from None
    except OSError as error:
        raise UsageError(f"Die Kurierdatei {path} ist nicht lesbar: {why(error)}.") from error


def header_of(station: Station, path: Path, stream: BinaryIO) -> Header:
    """What stands in the clear. Raises UsageError for no courier file, or another network's."""
    try:
        header = read_header(stream)
    except NotSealedFile:
        raise UsageError(
            f"{path} ist keine Kurierdatei von Lage, oder ihr Anfang ist beschädigt: bitte neu"
            " packen lassen („lage kurier packen“)."
        ) from None
    network = station.network_keys
    if header.mark == network_mark(network.network_id):
        return header
    if header.exercise != network.exercise:
        kinds = ("einer Übung", "der wirklichen Lage")
        theirs, ours = kinds if header.exercise else kinds[::-1]
        raise UsageError(
            f"{path} stammt aus {theirs}, dieser Knoten gehört zu {ours}: Übung und Wirklichkeit"
            " werden nie gemischt."
        )
    raise UsageError(
        f"{path} gehört zu einem anderen Netz („{plain(header.name[:80])}“), dieser Knoten zu"
        f" „{network.name}“: nichts wurde eingelesen."
    )


def key_of(station: Station, path: Path, header: Header) -> bytes:
    """The file's key. Raises KeysError for whoever is none of its readers."""
    key = header.open(load_node(station.folder).seal, network_keys(station).values())
    if key is None:
        raise KeysError(
            f"{path} ist für diese Stelle nicht lesbar: sie war beim Packen noch kein Mitglied"
            " oder hat die neuen Schlüssel noch nicht. Bitte neu packen lassen."
        )
    return key


def readers(station: Station) -> list[bytes]:
    """Sealing keys of all who may read what this county packs."""
    return [member.seal_key for member in station.roster.county()]


def network_keys(station: Station) -> dict[int, bytes]:
    """By epoch: the key in force, the coming one, and the one before while it is listened to."""
    seal = load_node(station.folder).seal
    ring = Keyring(station.network_keys, seal, station.setting(KEY_EPOCH))
    return ring.plan(station.roster, station.now(), convinced=False).network_keys


def sealing_key(station: Station) -> bytes | None:
    """The newest network key; None while a revoked member may have it."""
    held = network_keys(station)
    newest = max(held)
    return None if station.roster.doubted(newest) else held[newest]
