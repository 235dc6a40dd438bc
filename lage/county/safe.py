# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The county's backup that may be restored: key, network and list of members in one file.

A copied folder must not be used beside the first: both would continue the list of members in their
own way. So a restored one adds nothing before it has seen what the net knows by then. The key in
the file is as locked as in the folder; the network's secrets are in it in clear.
"""

from __future__ import annotations

import json
from pathlib import Path
from time import time

import msgpack

from lage.county.holder import RESTORED, Clock
from lage.county.roster_feed import Records, records_of, take_in, verified
from lage.language.errors import KeysError
from lage.station import LOG_FILE
from lage.store import Store, keys, sealing
from maps.read.files import load_json

MARK = "LAGE-KREISSICHERUNG-1:"
_DAMAGED = "Die Kreissicherung ist beschädigt oder verändert: bitte eine andere nehmen."


def write_safe(folder: Path, *, clock: Clock = time) -> str:
    """The text of a backup of the county's folder. Raises KeysError."""
    network = keys.load_network(folder)
    locked = keys.locked_county(folder)
    store = Store.open(folder / LOG_FILE, clock=clock)
    try:
        records = records_of(store.log)
    finally:
        store.close()
    content = [json.dumps(locked), json.dumps(keys.plain_network(network)), records]
    return sealing.armour(MARK, msgpack.packb(content))


def restore_safe(folder: Path, text: str, *, clock: Clock = time) -> keys.Network:
    """Put a backup into an empty folder, or leave nothing behind. Raises KeysError."""
    if any((folder / name).exists() for name in (keys.COUNTY_FILE, keys.NETWORK_FILE, LOG_FILE)):
        raise KeysError(f"In {folder} gibt es schon einen Kreis: bitte einen leeren Ordner.")
    try:
        county, plain, records = msgpack.unpackb(sealing.unarmour(MARK, text, "Kreissicherung"))
        locked = load_json(county)
        network = keys.parse_network(plain.encode())
        found: Records = [(bytes(data), bytes(signature)) for data, signature in records]
        if not isinstance(locked, dict):
            raise KeysError(_DAMAGED)
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise KeysError(_DAMAGED) from error
    runs = verified(network.network_id, network.root_public, found)
    made = False
    try:
        keys.save_county(folder, locked, network)
        made = True
        store = Store.open(folder / LOG_FILE, clock=clock)
        try:
            take_in(store, network, runs)
            store.local.keep(RESTORED, value=True)
        finally:
            store.close()
    except BaseException:
        if made:
            for path in folder.glob(f"{LOG_FILE}*"):
                path.unlink(missing_ok=True)
            (folder / keys.COUNTY_FILE).unlink(missing_ok=True)
            (folder / keys.NETWORK_FILE).unlink(missing_ok=True)
        raise
    return network
