# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Bytes for one reader only, and bytes as the one line of a file that people hand on."""

from __future__ import annotations

import base64
import binascii

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from lage.language.errors import KeysError

_SEAL = b"lage sealed v1"


def seal(content: bytes, receiver_public: bytes) -> bytes:
    """Encrypt to a sealing key: 32 bytes ephemeral key, content, 16 bytes tag."""
    ephemeral = X25519PrivateKey.generate()
    shared = ephemeral.exchange(X25519PublicKey.from_public_bytes(receiver_public))
    public = ephemeral.public_key().public_bytes_raw()
    key = _derive(shared, public + receiver_public)
    return public + ChaCha20Poly1305(key).encrypt(bytes(12), content, _SEAL)


def open_sealed(sealed: bytes, receiver: X25519PrivateKey) -> bytes:
    """Inverse of ``seal``. Raises InvalidTag for anything else."""
    if len(sealed) < 48:
        raise InvalidTag
    public = sealed[:32]
    shared = receiver.exchange(X25519PublicKey.from_public_bytes(public))
    key = _derive(shared, public + receiver.public_key().public_bytes_raw())
    return ChaCha20Poly1305(key).decrypt(bytes(12), sealed[32:], _SEAL)


def _derive(shared: bytes, context: bytes) -> bytes:
    return HKDF(hashes.SHA256(), 32, salt=None, info=_SEAL + context).derive(shared)


def armour(mark: str, content: bytes) -> str:
    """Bytes as the one line of a file that people hand on."""
    return mark + base64.b64encode(content).decode() + "\n"


def unarmour(mark: str, text: str, what: str) -> bytes:
    """Inverse of ``armour``; ``what`` names the file for the user. Raises KeysError."""
    stripped = "".join(text.split())
    if not stripped.startswith(mark):
        raise KeysError(f"Diese Datei ist keine {what} von Lage: bitte die richtige Datei wählen.")
    try:
        return base64.b64decode(stripped[len(mark) :], validate=True)
    except binascii.Error as error:
        raise KeysError(f"Die {what} ist beschädigt: bitte die Datei neu holen.") from error
