# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The receipt that somebody outside takes home: sixteen characters that open one box's answers.

Whoever holds the ticket may see and change what he sent; no account, no cookie. What lies on the
server is found by a hash of it, and the answers are encrypted under a key made of it, so that a
stolen server tells nobody anything: neither who asked nor what was answered.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: no I, L, O, U
_AMERICAN = str.maketrans("ÖöYZyzß-", "::ZYzy-/")
"""What a German computer reads of a scanner that types as if it were an American keyboard."""
_READ_AS = str.maketrans({"I": "1", "L": "1", "O": "0"})
TICKET_BYTES, ID_BYTES = 10, 16


class NoTicket(ValueError):
    """What was typed is no ticket."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """One receipt."""

    secret: bytes  # 10 bytes

    @classmethod
    def new(cls) -> Ticket:
        """A ticket that nobody has."""
        return cls(secrets.token_bytes(TICKET_BYTES))

    @classmethod
    def parse(cls, typed: str) -> Ticket:
        """A ticket as people type it, in any case, with or without dashes, or as a scanner types
        its QR code. Raises NoTicket."""
        code = _scanned(typed.strip()[:300])[:40].upper()
        letters = "".join(code.replace("-", "").split()).translate(_READ_AS)
        if len(letters) != TICKET_BYTES * 8 // 5 or any(c not in _ALPHABET for c in letters):
            raise NoTicket(typed[:40])
        number = 0
        for letter in letters:
            number = number << 5 | _ALPHABET.index(letter)
        return cls(number.to_bytes(TICKET_BYTES, "big"))

    def __str__(self) -> str:
        """In groups of four, as it is printed."""
        number = int.from_bytes(self.secret, "big")
        letters = [_ALPHABET[number >> shift & 31] for shift in range(75, -1, -5)]
        return "-".join("".join(letters[at : at + 4]) for at in range(0, 16, 4))

    @property
    def id(self) -> bytes:
        """By which the server finds it; does not lead back to it."""
        return _derived(self.secret, b"lage beleg id", ID_BYTES)

    @property
    def topic(self) -> str:
        """Where on an ntfy server its holder listens; as hard to guess, and no way back to it."""
        return "lage-" + base64.b32encode(_derived(self.secret, b"lage ntfy", 10)).decode().lower()

    def once(self, wish: str) -> Ticket:
        """The ticket of a wish that is one however often it is sent."""
        return Ticket(_derived(self.secret + wish.encode(), b"lage wunsch", TICKET_BYTES))

    def seal(self, content: bytes) -> bytes:
        """An answer that only the holder of the ticket reads."""
        nonce = secrets.token_bytes(12)
        return nonce + self._cipher.encrypt(nonce, content, self.id)

    def open(self, sealed: bytes) -> bytes | None:
        """Inverse of ``seal``; None for anything else."""
        try:
            return self._cipher.decrypt(sealed[:12], sealed[12:], self.id)
        except (InvalidTag, ValueError):
            return None

    @property
    def _cipher(self) -> ChaCha20Poly1305:
        return ChaCha20Poly1305(_derived(self.secret, b"lage beleg key", 32))


def _scanned(typed: str) -> str:
    """The ticket in the address of its page; anything else as it is.

    Scanners are keyboards, and most come set to the American one: on a German computer ``://`` then
    reads ``ö--`` or ``Ö--``, and Y and Z change places.
    """
    if "ö--" in typed.lower():
        typed = typed.translate(_AMERICAN)
    return typed.rstrip("/").rpartition("/")[2] if "://" in typed else typed


def _derived(secret: bytes, purpose: bytes, size: int) -> bytes:
    return hashlib.blake2b(secret, digest_size=size, person=purpose.ljust(16)[:16]).digest()
