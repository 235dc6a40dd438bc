# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A file that the members of one county can read, part by part, however it was cut off.

    "LAGEKUR1" | length 4 | header | length 4 | part | length 4 | part ...

Each part is sealed by itself (ChaCha20-Poly1305, RFC 8439) with its place as nonce and the header's
hash as associated data: parts cannot be exchanged, and a damaged one costs only itself. The file's
key is new for every file. It stands in the header sealed to every member (X25519) and under the
network key, for those who were admitted later; not under it while somebody who was revoked may
still have that one.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, BinaryIO

import msgpack
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from lage.store.keys import network_mark
from lage.store.sealing import open_sealed, seal
from sync.feed.chain import AUTHOR_MAX
from sync.feed.clock import TIME_MAX_S

MAGIC = b"LAGEKUR1"
HEADER_MAX = 256 * 1024
"""Bytes: slots for 1,023 members take about 100,000."""
PART_MAX = 256 * 1024
_TAG = 16
_FINGERPRINT = 8


class NotSealedFile(Exception):
    """Bytes that begin otherwise, or a header that cannot be understood."""


@dataclass(frozen=True, slots=True)
class Header:
    """What stands in the clear."""

    mark: bytes  # 8 bytes, tells networks apart
    exercise: bool
    name: str  # of county or exercise
    maker: int  # member
    made: int  # log time in seconds
    slots: Mapping[bytes, bytes]  # fingerprint of a sealing key -> the file's key, sealed to it
    wrapped: bytes  # nonce and the file's key under the network key
    hash: bytes  # of the header's bytes

    def open(self, seal_key: X25519PrivateKey, network_keys: Iterable[bytes]) -> bytes | None:
        """The file's key; None for whoever is none of its readers."""
        return next((key for key in self._opened(seal_key, network_keys) if len(key) == 32), None)

    def _opened(self, seal_key: X25519PrivateKey, network_keys: Iterable[bytes]) -> Iterator[bytes]:
        slot = self.slots.get(fingerprint(seal_key.public_key().public_bytes_raw()))
        if slot is not None:
            with suppress(InvalidTag, ValueError):  # for somebody else with the same fingerprint
                yield open_sealed(slot, seal_key)
        for network_key in network_keys:
            with suppress(InvalidTag, ValueError):
                nonce, sealed = self.wrapped[:12], self.wrapped[12:]
                yield ChaCha20Poly1305(_wrapping(network_key)).decrypt(nonce, sealed, self.mark)


def fingerprint(public: bytes) -> bytes:
    """By which a reader finds its slot."""
    return hashlib.blake2b(public, digest_size=_FINGERPRINT, person=b"lage slot").digest()


class Writer:
    """Writes header and parts to a stream."""

    def __init__(
        self,
        stream: BinaryIO,
        *,
        network_id: bytes,
        network_key: bytes | None,
        exercise: bool,
        name: str,
        maker: int,
        made: int,
        readers: Iterable[bytes],
    ) -> None:
        """``readers``: sealing keys of those who may read; ``network_key`` None: only these."""
        key, nonce, mark = (
            secrets.token_bytes(32),
            secrets.token_bytes(12),
            network_mark(network_id),
        )
        wrapped = b""
        if network_key is not None:
            wrapped = nonce + ChaCha20Poly1305(_wrapping(network_key)).encrypt(nonce, key, mark)
        slots = {fingerprint(public): seal(key, public) for public in readers}
        header = msgpack.packb([mark, exercise, name, maker, made, slots, wrapped])
        self._stream, self._key = stream, ChaCha20Poly1305(key)
        self._hash = hashlib.blake2b(header, digest_size=32).digest()
        self.parts = 0
        stream.write(MAGIC + len(header).to_bytes(4, "big") + header)

    def add(self, part: bytes) -> None:
        """Write one part of at most ``PART_MAX`` bytes."""
        assert len(part) <= PART_MAX
        sealed = self._key.encrypt(self.parts.to_bytes(12, "big"), part, self._hash)
        self._stream.write(len(sealed).to_bytes(4, "big") + sealed)
        self.parts += 1


def read_header(stream: BinaryIO) -> Header:
    """What stands in the clear. Raises NotSealedFile, OSError."""
    if stream.read(len(MAGIC)) != MAGIC:
        raise NotSealedFile("begins otherwise")
    size = int.from_bytes(stream.read(4), "big")
    data = stream.read(min(size, HEADER_MAX + 1))
    if len(data) != size or size > HEADER_MAX:
        raise NotSealedFile("cut off in the header")
    try:
        mark, exercise, name, maker, made, slots, wrapped = msgpack.unpackb(data)
    except (ValueError, TypeError, msgpack.UnpackException) as error:
        raise NotSealedFile("no header") from error
    fields: list[tuple[Any, type]] = [
        (mark, bytes), (exercise, bool), (name, str), (maker, int), (made, int), (slots, dict),
        (wrapped, bytes),
    ]  # fmt: skip
    pairs = slots.items() if isinstance(slots, dict) else ()
    if any(type(value) is not kind for value, kind in fields) or not all(
        isinstance(key, bytes) and isinstance(slot, bytes) for key, slot in pairs
    ):
        raise NotSealedFile("no header")
    if not (0 <= maker <= AUTHOR_MAX and 0 <= made <= TIME_MAX_S):
        raise NotSealedFile("no header")
    digest = hashlib.blake2b(data, digest_size=32).digest()
    return Header(mark, exercise, name, maker, made, slots, wrapped, digest)


def read_parts(stream: BinaryIO, header: Header, key: bytes) -> Iterator[bytes | None]:
    """The parts in their order, None for a damaged one; ends where the file does, whole or not.

    Raises OSError.
    """
    opener = ChaCha20Poly1305(key)
    place = 0
    while len(length := stream.read(4)) == 4:
        size = int.from_bytes(length, "big")
        if not _TAG <= size <= PART_MAX + _TAG:
            yield None
            return  # where the next one begins is not known
        sealed = stream.read(size)
        if len(sealed) < size:
            return
        try:
            yield opener.decrypt(place.to_bytes(12, "big"), sealed, header.hash)
        except InvalidTag:
            yield None
        place += 1


def _wrapping(network_key: bytes) -> bytes:
    return hashlib.blake2b(network_key, digest_size=32, person=b"lage courier").digest()
