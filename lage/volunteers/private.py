# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The private part of a helper: name, telephone, address, year of birth.

It stays on the node that took it down, encrypted with a key of its own for each record. The keys
lie in the folder ``privat`` beside the log, one file each, readable by their owner only; the log
file holds only the encrypted content. Deleting a person destroys the key, so that copies of the
log file (backups, sticks) tell nothing either.

How it reaches the staff that a helper is assigned to, and is gone there again:
``lage.volunteers.envelope``.
"""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

import msgpack
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from lage.kinds.model import Draft, Record
from lage.language.errors import KeysError, StoreError, UsageError, why
from lage.station import Station
from lage.store.keys import sync_folder
from maps.read.files import read_regular
from sync.schema.definition import EntityId

KEY_FOLDER = "privat"
KEY_BYTES_MAX = 1000
DELETE_AFTER_DAYS = 30
NAME_MAX, PHONE_MAX, ADDRESS_MAX = 60, 30, 90
_DOMAIN = b"lage private v1"


@dataclass(frozen=True, slots=True)
class Person:
    """What is known of a helper as a person; empty or None where not given."""

    name: str
    phone: str = ""
    address: str = ""
    born: int | None = None  # year

    def check(self) -> Person:
        """This person, if every part can be kept. Raises UsageError."""
        if not self.name.strip():
            raise UsageError("Name fehlt: ohne Namen gibt es keinen persönlichen Teil.")
        for label, text, limit in (
            ("Name", self.name, NAME_MAX),
            ("Telefon", self.phone, PHONE_MAX),
            ("Adresse", self.address, ADDRESS_MAX),
        ):
            if len(text) > limit:
                raise UsageError(f"{label}: {len(text)} Zeichen, möglich sind {limit}.")
        if self.born is not None and not 1900 <= self.born <= 2100:
            raise UsageError("Jahrgang: bitte vierstellig angeben, z. B. 1985.")
        return self

    def pack(self) -> bytes:
        """As bytes."""
        return bytes(msgpack.packb([self.name, self.phone, self.address, self.born]))

    @classmethod
    def unpack(cls, data: bytes) -> Person:
        """Inverse of ``pack``. Raises ValueError or TypeError for anything else."""
        name, phone, address, born = msgpack.unpackb(data)
        if not all(isinstance(text, str) for text in (name, phone, address)):
            raise TypeError("not a person")
        return cls(name, phone, address, born if isinstance(born, int) else None)


def keep(station: Station, helper: EntityId, person: Person, delete_at: int) -> None:
    """Keep the private part of a helper that this node registered, until that log time."""
    packed = person.check().pack()
    key = secrets.token_bytes(32)
    write_secret(_key_path(station.folder, helper), key)
    nonce = secrets.token_bytes(12)
    sealed = nonce + ChaCha20Poly1305(key).encrypt(nonce, packed, _bound_to(helper))
    station.store.local.keep_private(helper, sealed, delete_at)


def read_own(station: Station, helper: Record) -> Person | None:
    """The private part, where this node took it down; None where it did not, or it is gone.

    Raises KeysError where it is there and damaged.
    """
    content = station.store.local.private(helper.id)
    path = _key_path(station.folder, helper.id)
    if helper.flag("erased") or content is None or not path.exists():
        return None
    try:
        cipher = ChaCha20Poly1305(read_regular(path, KEY_BYTES_MAX))
        return Person.unpack(cipher.decrypt(content[:12], content[12:], _bound_to(helper.id)))
    except (InvalidTag, ValueError, TypeError, OSError) as error:
        raise KeysError(
            f"Die persönlichen Angaben sind nicht lesbar: die Datei {path} passt nicht dazu."
        ) from error


def destroy(station: Station, helper: EntityId) -> bool:
    """Destroy the record's key and drop its content; whether there was any."""
    destroy_secret(_key_path(station.folder, helper))
    return station.store.local.drop_private(helper)


def due(station: Station) -> list[EntityId]:
    """Helpers whose private part must be deleted by now: date reached, or erased elsewhere."""
    now = station.now()
    found = []
    for helper, delete_at in station.store.local.private_dates():
        record = station.reader.get(helper)
        erased = record is not None and record.flag("erased")
        if erased or (delete_at is not None and delete_at <= now):
            found.append(helper)
    return found


def sweep(station: Station) -> int:
    """Delete every private part whose date has come, and say so in the log; how many."""
    helpers = due(station)
    for helper in helpers:
        destroy(station, helper)
        record = station.reader.get(helper)
        if record is not None and not record.flag("erased"):
            station.write([Draft("helper", {"erased": True}, helper)])
    return len(helpers)


def _bound_to(helper: EntityId) -> bytes:
    return _DOMAIN + helper.author.to_bytes(2, "big") + helper.number.to_bytes(4, "big")


def _key_path(folder: Path, helper: EntityId) -> Path:
    return folder / KEY_FOLDER / f"{helper.author}-{helper.number}.key"


def write_secret(path: Path, secret: bytes) -> None:
    """A new file that only its owner may read, durable. Raises StoreError."""
    try:
        path.parent.mkdir(mode=0o700, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(secret)
            file.flush()
            os.fsync(file.fileno())
        sync_folder(path.parent)
    except OSError as error:
        raise StoreError(
            f"Der Schlüssel {path} kann nicht geschrieben werden: {why(error)}."
        ) from error


def destroy_secret(path: Path) -> None:
    """Overwrite and remove such a file, if it is there. Raises StoreError."""
    try:
        if path.exists():
            with path.open("r+b") as file:
                file.write(secrets.token_bytes(32))
                file.flush()
                os.fsync(file.fileno())
            path.unlink()
            sync_folder(path.parent)
    except OSError as error:
        raise StoreError(
            f"Der Schlüssel {path} kann nicht gelöscht werden: {why(error)}; bitte von Hand"
            " löschen."
        ) from error
