# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Whose boxes a web process takes: the staff's public key, and nothing that opens one.

The staff's node writes the file; the sealing key in it is the one that the county's list of members
vouches for. The web process closes each box to it at once and keeps no copy of what was said.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

import msgpack
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from lage.kinds import outside
from lage.language.errors import KeysError, why
from lage.store.inbox import SEALED_MAX
from lage.store.sealing import open_sealed, seal
from lage.store.ticket import TICKET_BYTES, Ticket
from maps.read.files import load_json, read_regular
from sync.feed.weak import fit_to_seal

RECIPIENT_FILE = "empfaenger.json"
_PADDED = 256
"""Boxes are multiples of this, so that their size does not tell what is in them."""
_ENVELOPE = 50  # bytes around the content: ephemeral key, length, tag


@dataclass(frozen=True, slots=True)
class Recipient:
    """The staff that people outside write to by one web process."""

    staff: str  # name
    member: int
    seal: bytes  # 32 bytes, X25519, public
    county: str
    exercise: bool
    point: str = ""  # name of the Infopunkt or portal

    def __post_init__(self) -> None:
        """ValueError or TypeError for what no staff could have written."""
        if not fit_to_seal(self.seal):
            raise ValueError("no sealing key")
        texts = (self.staff, self.county, self.point)
        if not all(isinstance(t, str) and t.isprintable() and len(t) <= 120 for t in texts):
            raise ValueError("unprintable name")
        if type(self.exercise) is not bool or type(self.member) is not int:
            raise TypeError("neither exercise nor real")

    def close(self, told: outside.Told, ticket: Ticket) -> bytes:
        """A box that only this staff opens. It says which ticket answers go to."""
        said = outside.pack(told)
        content = msgpack.packb([1, ticket.secret, self.exercise, said])
        padded = content + bytes(-(len(content) + _ENVELOPE) % _PADDED)
        sealed = seal(len(content).to_bytes(2, "big") + padded, self.seal)
        assert len(sealed) <= SEALED_MAX
        return sealed

    def write(self, path: Path) -> None:
        """Keep it where the web process reads it. Raises KeysError."""
        values = {**asdict(self), "seal": self.seal.hex()}
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.write_text(json.dumps(values, ensure_ascii=False, indent=1) + "\n", "utf8")
        except OSError as error:
            raise KeysError(f"{path} kann nicht geschrieben werden: {why(error)}.") from error

    @classmethod
    def read(cls, path: Path) -> Recipient:
        """Inverse of ``write``. Raises KeysError."""
        try:
            data = load_json(read_regular(path, 10_000).decode())
            return cls(**{**data, "seal": bytes.fromhex(data["seal"])})
        except (OSError, ValueError, TypeError, KeyError, RecursionError) as error:
            raise KeysError(
                f"{path} sagt nicht, an welche Stelle Meldungen gehen: bitte mit „lage eingang"
                " empfaenger“ neu schreiben lassen."
            ) from error


class NotOurs(Exception):
    """A box that this staff cannot open, or that holds nothing of ours."""


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
        raise NotOurs("sealed to somebody else")
    try:
        size = int.from_bytes(padded[:2], "big")
        version, secret, practised, said = msgpack.unpackb(padded[2 : 2 + size])
        if version != 1 or type(secret) is not bytes or len(secret) != TICKET_BYTES:
            raise ValueError("no box")
        if practised is not exercise:
            raise NotOurs("exercise and reality do not mix")
        return Ticket(secret), outside.unpack(said)
    except outside.Unreadable as error:
        raise NotOurs(str(error)) from error
    except (ValueError, TypeError, msgpack.UnpackException) as error:
        raise NotOurs("not understood") from error
