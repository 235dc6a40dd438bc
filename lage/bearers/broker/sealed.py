# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Messages that a broker may carry and not read.

ChaCha20-Poly1305 (RFC 8439) under a key that follows from the network's key, with the topic as
associated data, so that no broker can move a message to another one. It may keep, repeat and drop
messages: what they hold proves itself, repeating changes nothing, and what is dropped is asked for.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

OVERHEAD = 1 + 12 + 16


class Envelope:
    """Seals under the key in force, opens under all that are listened to."""

    def __init__(self) -> None:
        self._keys: dict[int, ChaCha20Poly1305] = {}
        self._known: Mapping[int, bytes] = {}
        self._epoch = 0

    def use(self, epoch: int, network_keys: Mapping[int, bytes]) -> None:
        """From now on these, by epoch."""
        self._epoch = epoch
        if network_keys != self._known:
            self._known = dict(network_keys)
            self._keys = {e: ChaCha20Poly1305(_derive(key)) for e, key in network_keys.items()}

    def seal(self, topic: str, content: bytes) -> bytes:
        """What is published under that topic."""
        nonce = secrets.token_bytes(12)
        sealed = self._keys[self._epoch].encrypt(nonce, content, topic.encode())
        return bytes([self._epoch & 0xFF]) + nonce + sealed

    def open(self, topic: str, message: bytes) -> bytes | None:
        """What was sealed; None for anything that no member made for this topic."""
        if len(message) < OVERHEAD:
            return None
        for epoch, key in self._keys.items():
            if epoch & 0xFF == message[0]:
                try:
                    return key.decrypt(message[1:13], message[13:], topic.encode())
                except InvalidTag:
                    return None
        return None


def _derive(network_key: bytes) -> bytes:
    return hashlib.blake2b(network_key, digest_size=32, person=b"lage broker").digest()
