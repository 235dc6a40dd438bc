# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Portals on other computers that this staff keeps: a folder for each, ``portale/1`` and so on.

    verbindung.json   where it is, the key of this link alone, whom we trust there
    eingang.db        its inbox, mirrored here: for the rest of the node an inbox like any other
    aushang/          the Aushang as it is to be there
    stand.json        how the last exchange went

Whoever exchanges (``lage.outside.exchanging``) needs this folder only, neither log nor its keys.
"""

from __future__ import annotations

import json
import shutil
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from lage.language.errors import KeysError, NotFound, UsageError
from lage.outside import desk
from lage.outside.desk import SOURCES, Source
from lage.station import Station
from lage.store.counterpart import Introduction
from lage.store.databases import Sqlite
from lage.store.keys import read_private, write_private
from lage.store.mirror import Mirror
from lage.store.recipient import SHEET, Recipient

ROOM = "portale"
LINK, INBOX, BOARD, STATE = "verbindung.json", "eingang.db", "aushang", "stand.json"

NOTED_S = 60


@dataclass(frozen=True, slots=True)
class Link:
    """The way to one portal."""

    folder: Path
    address: str  # https://…, without a slash at its end
    name: str
    key: bytes  # Ed25519, private
    trusted: str = ""  # PEM; empty: whom this computer trusts

    @property
    def number(self) -> str:
        """By which commands of ours call it."""
        return self.folder.name

    @property
    def board(self) -> Path:
        """The folder of the Aushang as it is to be there."""
        return self.folder / BOARD

    @property
    def signing(self) -> Ed25519PrivateKey:
        """The key of its questions."""
        return Ed25519PrivateKey.from_private_bytes(self.key)

    def trust(self) -> ssl.SSLContext:
        """Whom we talk to: with a certificate given, nobody but who has that or one of it."""
        if not self.trusted:
            return ssl.create_default_context()
        return context_of(self.trusted)


@dataclass(frozen=True, slots=True)
class State:
    """How it goes with a portal; times in unix seconds by this computer's clock."""

    tried: int = 0
    reached: int = 0  # last time that all was exchanged
    trouble: str = ""
    ahead_s: int = 0  # its clock before ours


def context_of(pem: str) -> ssl.SSLContext:
    """Trust in these certificates only, be they authorities or the portal's own. Raises
    UsageError."""
    try:
        context = ssl.create_default_context(cadata=pem)
    except (ssl.SSLError, ValueError) as error:
        raise UsageError("Das ist kein Zertifikat: bitte eine PEM-Datei nehmen.") from error
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    return context


def links(folder: Path) -> list[Link]:
    """The portals of a data folder. Raises KeysError."""
    rooms = (path.parent for path in folder.glob(f"{ROOM}/*/{LINK}"))
    return [link_of(room) for room in sorted(rooms, key=lambda room: int(room.name))]


def wanted(folder: Path) -> dict[str, tuple[str, ...]]:
    """The workers that a node needs for its portals."""
    return {f"portal-{link.number}": ("portal", "fuehren", link.number) for link in links(folder)}


def link_of(room: Path) -> Link:
    """The portal of a folder. Raises KeysError."""
    told = read_private(room / LINK, f"{room} ist mit keinem Portal verbunden.")
    try:
        key = bytes.fromhex(told["schluessel"])
        return Link(room, str(told["adresse"]), str(told["name"]), key, str(told["zertifikat"]))
    except (ValueError, TypeError, KeyError) as error:
        raise KeysError(f"{room / LINK} ist beschädigt: bitte neu verbinden.") from error


def find(folder: Path, name: str) -> Link:
    """The portal of that name. Raises NotFound, KeysError."""
    for link in links(folder):
        if link.name == name:
            return link
    raise NotFound(f"Es ist kein Portal namens „{name}“ verbunden.")


def connect(station: Station, address: str, name: str, trusted: str = "") -> tuple[Link, bytes]:
    """Keep a portal from now on; with what it has to be told of us (``Introduction``).

    Raises StoreError, KeysError, UsageError.
    """
    address = address.rstrip("/")
    if not address.startswith(("https://", "http://127.0.0.1:", "http://localhost:")):
        raise UsageError("Die Adresse des Portals beginnt mit https://")
    if trusted:
        context_of(trusted)
    if any(source.name == name for source in station.setting(SOURCES)):
        raise UsageError(f"Ein Eingang namens „{name}“ ist schon verbunden.")
    home = station.folder.resolve() / ROOM
    taken = [int(path.name) for path in home.glob("*") if path.name.isdecimal()]
    room = home / str(max(taken, default=0) + 1)
    key = Ed25519PrivateKey.generate()
    link = Link(room, address, name, key.private_bytes_raw(), trusted)
    room.mkdir(parents=True, mode=0o700)
    desk.connect(station, Source(str(room / INBOX), name, address))
    told = {"adresse": address, "name": name, "schluessel": link.key.hex(), "zertifikat": trusted}
    write_private(room / LINK, told)
    return link, introduction(link)


def introduction(link: Link) -> bytes:
    """What is carried to the portal. Raises StoreError, KeysError."""
    with mirror_of(link) as mirror:
        recipient = Recipient.from_json(mirror.inbox.laid_out(SHEET) or b"")
        numbers = mirror.numbers()
    return Introduction(recipient, link.signing.public_key().public_bytes_raw(), numbers).to_json()


def disconnect(station: Station, name: str) -> None:
    """Keep a portal no longer; what it has stays there. Raises NotFound, KeysError."""
    link = find(station.folder, name)
    if any(source.name == name for source in station.setting(SOURCES)):
        desk.disconnect(station, name)
    (link.folder / LINK).unlink()
    shutil.rmtree(link.folder, ignore_errors=True)


@contextmanager
def mirror_of(link: Link) -> Iterator[Mirror]:
    """A portal's inbox here, open as long as needed. Raises StoreError."""
    mirror = Mirror(Sqlite(link.folder / INBOX))
    try:
        yield mirror
    finally:
        mirror.close()


def state_of(link: Link) -> State:
    """How it goes; as if nothing had been tried where that cannot be read."""
    try:
        return State(**json.loads((link.folder / STATE).read_bytes()))
    except (OSError, ValueError, TypeError):
        return State()


def note_state(link: Link, now: int, trouble: str, ahead_s: int | None = None) -> None:
    """Write down how it went, where that is news or a minute old. Raises KeysError."""
    before = state_of(link)
    if before.trouble == trouble and 0 <= now - before.tried < NOTED_S:
        return
    state = replace(before, tried=now, trouble=trouble)
    if not trouble:
        state = replace(state, reached=now, ahead_s=ahead_s or 0)
    write_private(link.folder / STATE, asdict(state))


def waiting(link: Link) -> int:
    """How many messages the portal still has to be told. Raises StoreError."""
    with mirror_of(link) as mirror:
        ask = mirror.due(None)
    return len(ask.answers) + len(ask.forget) + len(ask.fetched)
