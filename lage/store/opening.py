# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Opening boxes from outside, where the staff's sealing key is: the other half of ``recipient``."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import msgpack
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from lage.kinds import outside
from lage.language.errors import KeysError
from lage.store.keys import load_node, read_private
from lage.store.sealing import open_sealed
from lage.store.ticket import TICKET_BYTES, Ticket


def seal_keys(folder: Path) -> list[X25519PrivateKey]:
    """The node's sealing key, then those it had before it was replaced. Raises KeysError."""
    found = [load_node(folder).seal]
    for path in sorted(folder.glob("knoten-alt-*.json")):
        try:
            raw = bytes.fromhex(read_private(path, "")["seal"])
            found.append(X25519PrivateKey.from_private_bytes(raw))
        except (ValueError, TypeError, KeyError) as error:
            raise KeysError(f"{path} ist beschädigt: bitte aus der Sicherung holen.") from error
    return found


def unsealed_here(folder: Path, sealed: bytes) -> bytes | None:
    """What this node once sealed to itself; None where that key is gone. Raises KeysError."""
    for key in seal_keys(folder):
        with suppress(InvalidTag, ValueError):
            return open_sealed(sealed, key)
    return None


class Reason(enum.Enum):
    """Why a box stays closed."""

    KEY = "schluessel"  # sealed to a key that is not here, or damaged: nobody can tell which
    MIXED = "uebung"  # an exercise's box in reality, or the other way round
    CONTENT = "inhalt"  # what is in it is nothing that this version knows


class NotOurs(Exception):
    """A box that this staff cannot open, or that holds nothing of ours."""

    def __init__(self, reason: Reason, said: str) -> None:
        super().__init__(said)
        self.reason = reason


def open_box(
    sealed: bytes, keys: Iterable[X25519PrivateKey], *, exercise: bool
) -> tuple[Ticket, outside.Told]:
    """What is in a box. Raises NotOurs for anything that no web process of ours has closed."""
    for key in keys:
        try:
            padded = open_sealed(sealed, key)
            break
        except (InvalidTag, ValueError):
            continue
    else:
        raise NotOurs(Reason.KEY, "sealed to somebody else")
    try:
        size = int.from_bytes(padded[:2], "big")
        version, secret, practised, said = msgpack.unpackb(padded[2 : 2 + size])
        if version != 1 or type(secret) is not bytes or len(secret) != TICKET_BYTES:
            raise ValueError("no box")
        if practised is not exercise:
            raise NotOurs(Reason.MIXED, "exercise and reality do not mix")
        return Ticket(secret), outside.unpack(said)
    except outside.Unreadable as error:
        raise NotOurs(Reason.CONTENT, str(error)) from error
    except (ValueError, TypeError, msgpack.UnpackException) as error:
        raise NotOurs(Reason.CONTENT, "not understood") from error
