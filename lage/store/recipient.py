# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Whose boxes a web process takes: the staff's public key, and nothing that opens one.

The staff's node lays it out in the inbox; the sealing key in it is the one that the county's list
of members vouches for. The web process closes each box to it at once and keeps no copy of what was
said.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

import msgpack

from lage.kinds import outside
from lage.language.errors import KeysError
from lage.store.inbox import SEALED_MAX
from lage.store.sealing import seal
from lage.store.ticket import Ticket
from maps.read.files import load_json
from sync.feed.weak import fit_to_seal

SHEET = "empfaenger"
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

    def to_json(self) -> bytes:
        """As it is laid out for the pages."""
        return json.dumps({**asdict(self), "seal": self.seal.hex()}, ensure_ascii=False).encode()

    @classmethod
    def from_json(cls, data: bytes) -> Recipient:
        """Inverse of ``to_json``. Raises KeysError."""
        try:
            values = load_json(data.decode())
            return cls(**{**values, "seal": bytes.fromhex(values["seal"])})
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            raise KeysError(
                "Der Eingang sagt nicht, an welche Stelle Meldungen gehen: bitte an der Stelle"
                " „lage eingang verbinden“ ausführen."
            ) from error
