# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Keys of a node and of a county, and the two files by which a node joins.

A node's private keys are made on the node and never leave it. The county's root key is kept
encrypted with a passphrase (Argon2id, ChaCha20-Poly1305). A request (``.anfrage``) is signed by the
node; an invitation (``.einladung``) is sealed to the node that asked, so no other can open it.

Both files are one line of text, ``LAGE-ANFRAGE-1:`` or ``LAGE-EINLADUNG-2:`` and base64, short
enough for a QR code. Key files are readable by their owner only (0600).
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import msgpack
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from lage.kinds.build import is_build, this_build
from lage.language.errors import KeysError, why
from lage.store.passphrase import ARGON2ID, grade, stretch
from lage.store.sealing import armour, open_sealed, seal, unarmour
from maps.read.files import load_json, read_regular
from sync.feed.chain import is_exercise, network_id

NODE_FILE, NETWORK_FILE, COUNTY_FILE = "knoten.json", "netz.json", "kreis.json"
REQUEST_MARK, INVITATION_MARK = "LAGE-ANFRAGE-1:", "LAGE-EINLADUNG-2:"
_REQUEST = b"lage request v1"
_BYTES_MAX = 100_000  # of a file with keys


def network_mark(network_id: bytes) -> bytes:
    """By which files of one network are known without a key."""
    return hashlib.blake2b(network_id, digest_size=8, person=b"lage mark").digest()


@dataclass(frozen=True, slots=True)
class NodeKeys:
    """A node's own keys."""

    name: str
    sign: Ed25519PrivateKey
    seal: X25519PrivateKey

    @property
    def sign_public(self) -> bytes:
        """32 bytes."""
        return self.sign.public_key().public_bytes_raw()

    @property
    def seal_public(self) -> bytes:
        """32 bytes."""
        return self.seal.public_key().public_bytes_raw()


@dataclass(frozen=True, slots=True)
class Network:
    """What every member of a network knows."""

    name: str
    network_id: bytes  # 16 bytes, part of every signature, never transmitted
    network_key: bytes  # 32 bytes, for control frames
    root_public: bytes  # 32 bytes
    channel_name: str  # of the radios
    channel_key: bytes  # 32 bytes
    exercise: bool
    author: int | None = None  # this node's number; None for the county's key alone
    build: str = ""  # of whoever founded the county or wrote the invitation; empty: not known

    def __post_init__(self) -> None:
        """ValueError or TypeError for what no county of ours could have said."""
        secrets_of_32 = (self.network_key, self.root_public, self.channel_key)
        if len(self.network_id) != 16 or {len(key) for key in secrets_of_32} != {32}:
            raise ValueError("keys of a wrong length")
        if not (self.name.isprintable() and self.channel_name.isprintable()):
            raise ValueError("unprintable name")
        if not (isinstance(self.exercise, bool) and (self.author is None or self.author > 0)):
            raise ValueError("neither exercise nor real, or no number of a member")
        if self.build and not is_build(self.build):
            raise ValueError("no build")
        if self.exercise != is_exercise(self.network_id):
            raise ValueError("exercise and reality do not mix: the id says otherwise")


@dataclass(frozen=True, slots=True)
class Request:
    """What a node that wants to join says of itself."""

    name: str
    sign_public: bytes
    seal_public: bytes
    build: str = ""  # empty: not known


def make_node(folder: Path, name: str) -> NodeKeys:
    """Make a node's keys. Raises KeysError where the folder has a node already."""
    path = folder / NODE_FILE
    if path.exists():
        raise KeysError(
            f"In {folder} gibt es schon einen Knoten: für einen zweiten bitte einen anderen"
            " Ordner mit --daten angeben."
        )
    keys = NodeKeys(name, Ed25519PrivateKey.generate(), X25519PrivateKey.generate())
    write_private(
        path,
        {
            "name": name,
            "sign": keys.sign.private_bytes_raw().hex(),
            "seal": keys.seal.private_bytes_raw().hex(),
        },
    )
    return keys


def replace_node(folder: Path) -> NodeKeys:
    """New keys for a node whose log was restored; the old ones are kept beside them.

    The old sealing key may still open what was sealed to it. Raises KeysError.
    """
    old = load_node(folder)
    path = folder / NODE_FILE
    kept = folder / f"knoten-alt-{old.sign_public.hex()[:8]}.json"
    try:
        os.replace(path, kept)
    except OSError as error:
        raise KeysError(
            f"Der alte Schlüssel {path} lässt sich nicht sichern: {why(error)}."
        ) from error
    return make_node(folder, old.name)


def load_node(folder: Path) -> NodeKeys:
    """This node's keys. Raises KeysError."""
    data = read_private(
        folder / NODE_FILE, "Hier gibt es noch keinen Knoten: „lage knoten anlegen“."
    )
    try:
        return NodeKeys(
            str(data["name"]),
            Ed25519PrivateKey.from_private_bytes(bytes.fromhex(data["sign"])),
            X25519PrivateKey.from_private_bytes(bytes.fromhex(data["seal"])),
        )
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise _damaged(folder / NODE_FILE) from error


def make_county(
    folder: Path, name: str, passphrase: str, *, exercise: bool = False, place: bytes = b""
) -> Network:
    """Make a county's root key and network secrets in an empty folder, or nothing.

    ``place`` is kept to tell this folder from a copy. Raises KeysError.
    """
    if (folder / COUNTY_FILE).exists() or (folder / NETWORK_FILE).exists():
        raise KeysError(f"In {folder} gibt es schon einen Kreis: bitte einen anderen Ordner.")
    grade(passphrase, name)
    root = Ed25519PrivateKey.generate()
    network = Network(
        name,
        network_id(secrets.token_bytes(16), exercise=exercise),
        secrets.token_bytes(32),
        root.public_key().public_bytes_raw(),
        "Uebung" if exercise else "Lage",
        secrets.token_bytes(32),
        exercise,
        build=this_build(),
    )
    salt, nonce = secrets.token_bytes(16), secrets.token_bytes(12)
    sealed = ChaCha20Poly1305(stretch(passphrase, salt, ARGON2ID)).encrypt(
        nonce, root.private_bytes_raw(), network.network_id
    )
    locked = {
        "argon2id": dict(ARGON2ID),
        "salt": salt.hex(),
        "nonce": nonce.hex(),
        "sealed": sealed.hex(),
        "place": place.hex(),
    }
    save_county(folder, locked, network)
    return network


def save_county(folder: Path, locked: dict[str, Any], network: Network) -> None:
    """Keep a county's locked key and its network, or neither. Raises KeysError."""
    write_private(folder / COUNTY_FILE, locked)
    try:
        save_network(folder, network)
    except KeysError:
        (folder / COUNTY_FILE).unlink(missing_ok=True)
        raise


def locked_county(folder: Path) -> dict[str, Any]:
    """The county's key as it is kept, locked by its passphrase. Raises KeysError."""
    return read_private(
        folder / COUNTY_FILE, "Hier liegt kein Kreisschlüssel: „lage kreis anlegen“."
    )


def county_place(folder: Path) -> bytes | None:
    """Where the county's folder was made; None where that was not noted. Raises KeysError."""
    data = locked_county(folder)
    try:
        return bytes.fromhex(data.get("place", "")) or None
    except (ValueError, TypeError) as error:
        raise _damaged(folder / COUNTY_FILE) from error


def unlock_county(folder: Path, passphrase: str) -> Ed25519PrivateKey:
    """The county's root key. Raises KeysError for a wrong passphrase."""
    data = locked_county(folder)
    network = load_network(folder)
    try:
        salt, nonce, sealed = (bytes.fromhex(data[part]) for part in ("salt", "nonce", "sealed"))
        key = stretch(passphrase, salt, data.get("argon2id"))
        raw = ChaCha20Poly1305(key).decrypt(nonce, sealed, network.network_id)
        return Ed25519PrivateKey.from_private_bytes(raw)
    except InvalidTag:
        raise KeysError("Das Kennwort des Kreisschlüssels ist falsch.") from None
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise _damaged(folder / COUNTY_FILE) from error


def save_network(folder: Path, network: Network) -> None:
    """Keep what this folder knows of its network."""
    write_private(folder / NETWORK_FILE, plain_network(network))


def plain_network(network: Network) -> dict[str, Any]:
    """A network as its file holds it; ``parse_network`` reads it."""
    return {
        key: value.hex() if isinstance(value, bytes) else value
        for key, value in asdict(network).items()
    }


def load_network(folder: Path) -> Network:
    """The network this folder belongs to. Raises KeysError."""
    data = read_private(
        folder / NETWORK_FILE,
        "Dieser Knoten gehört noch zu keinem Kreis: „lage knoten beitreten DATEI“.",
    )
    try:
        return _network(data)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise _damaged(folder / NETWORK_FILE) from error


def parse_network(content: bytes) -> Network:
    """The network in the bytes of such a file, as a backup holds it. Raises KeysError."""
    try:
        return _network(load_json(content.decode()))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise KeysError("Die Angaben zum Netz in der Sicherung sind beschädigt.") from error


def _network(data: dict[str, Any]) -> Network:
    for key in ("network_id", "network_key", "root_public", "channel_key"):
        data[key] = bytes.fromhex(data[key])
    return Network(**data)


def has_network(folder: Path) -> bool:
    """Whether this folder belongs to a network."""
    return (folder / NETWORK_FILE).exists()


def write_request(keys: NodeKeys) -> str:
    """The line of an ``.anfrage`` file."""
    body = msgpack.packb([keys.name, keys.sign_public, keys.seal_public, this_build()])
    return armour(REQUEST_MARK, msgpack.packb([body, keys.sign.sign(_REQUEST + body)]))


def read_request(text: str) -> Request:
    """The request in a file's text. Raises KeysError if it was changed."""
    damaged = KeysError("Die Anfrage ist beschädigt oder verändert: bitte die Datei neu holen.")
    try:
        body, signature = msgpack.unpackb(unarmour(REQUEST_MARK, text, "Anfrage"))
        name, sign_public, seal_public, *more = msgpack.unpackb(body)
        Ed25519PublicKey.from_public_bytes(sign_public).verify(signature, _REQUEST + body)
        X25519PrivateKey.generate().exchange(X25519PublicKey.from_public_bytes(seal_public))
    except (ValueError, TypeError, InvalidSignature) as error:
        raise damaged from error
    if not isinstance(name, str) or not 0 < len(name.encode()) <= 40 or not name.isprintable():
        raise damaged
    build = more[0] if more and is_build(more[0]) else ""
    return Request(name, sign_public, seal_public, build)


def write_invitation(
    network: Network,
    request: Request,
    author: int,
    feed0: list[tuple[bytes, bytes]],
    until: int = 0,
) -> str:
    """The line of an ``.einladung`` file: network and roster feed, sealed to the one who asked.

    ``feed0`` holds (operation, signature) of every roster record so far, in order; ``until`` is
    the unix time after which it is of no use, 0 for no end.
    """
    content = msgpack.packb(
        [
            network.name,
            network.network_id,
            network.network_key,
            network.root_public,
            network.channel_name,
            network.channel_key,
            network.exercise,
            author,
            this_build(),
            until,
            feed0,
        ]
    )
    sealed = seal(content, request.seal_public)
    return armour(INVITATION_MARK, msgpack.packb([request.seal_public[:8], sealed]))


def read_invitation(text: str, keys: NodeKeys) -> tuple[Network, list[tuple[bytes, bytes]], int]:
    """Network, roster feed and end (unix time, 0: none) of an invitation to this node.

    Raises KeysError.
    """
    damaged = "Die Einladung ist beschädigt oder verändert: bitte die Datei neu holen."
    try:
        fingerprint, sealed = msgpack.unpackb(unarmour(INVITATION_MARK, text, "Einladung"))
    except (ValueError, TypeError) as error:
        raise KeysError(damaged) from error
    if fingerprint != keys.seal_public[:8]:
        raise KeysError(
            "Diese Einladung gilt für einen anderen Knoten: bitte die Einladung nehmen, die zur"
            f" Anfrage von „{keys.name}“ gehört."
        )
    try:
        *parts, until, records = msgpack.unpackb(open_sealed(sealed, keys.seal))
        if not isinstance(until, int):
            raise ValueError("no time")
        network = Network(*parts)
        feed0 = [(bytes(operation), bytes(signature)) for operation, signature in records]
    except (ValueError, TypeError, AttributeError, InvalidTag) as error:
        raise KeysError(damaged) from error
    return network, feed0, until


def write_private(path: Path, content: dict[str, Any]) -> None:
    """Write a whole file or nothing. A folder that is made for it is the owner's only, too."""
    partial = path.with_suffix(".neu")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        partial.unlink(missing_ok=True)  # one left behind keeps the rights it had
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf8") as file:
            json.dump(content, file, ensure_ascii=False, indent=1)
            file.flush()
            os.fsync(file.fileno())
        os.replace(partial, path)
        sync_folder(path.parent)
    except OSError as error:
        raise KeysError(f"Die Datei {path} kann nicht geschrieben werden: {why(error)}.") from error


def sync_folder(folder: Path) -> None:
    """Make a new or removed name durable, where the system can (not on Windows)."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def read_private(path: Path, missing: str) -> dict[str, Any]:
    """What ``write_private`` wrote. Raises KeysError, with the sentence where there is no file."""
    try:
        data = load_json(read_regular(path, _BYTES_MAX).decode())
    except FileNotFoundError:
        raise KeysError(missing) from None
    except (OSError, ValueError, RecursionError) as error:
        raise KeysError(f"Die Datei {path} ist nicht lesbar: {why(error)}.") from error
    if not isinstance(data, dict):
        raise _damaged(path)
    return data


def _damaged(path: Path) -> KeysError:
    return KeysError(
        f"Die Datei {path} ist beschädigt oder verändert: bitte aus einer Sicherung zurückholen."
    )
