# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""One author's feed: a hash chain of operations, vouched for by signatures at some of its numbers.

``chain(0)`` is the hash of the author's certificate, ``chain(n) = BLAKE2b-128(chain(n-1) ‖
operation n)``. A signature stands over a domain string, the network id (never transmitted), author,
n and chain(n); it vouches for everything up to n. A *run* is consecutive operations with one
signature at their end. Whoever holds a feed may cut it into runs anew at any signature.

Operations are opaque here: 2..140 bytes, the first of them the length of the rest.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from sync.feed.log import ForkProof, Log, VerifiedRun
from sync.schema.values import MEMBER_MAX
from sync.schema.values import NUMBER_MAX as ENTRY_MAX

CHAIN_SIZE = 16
SIGNATURE_SIZE = 64
NETWORK_ID_SIZE = 16
AUTHOR_MAX = 1023
NUMBER_MAX = 2**28 - 1
"""Largest number of an operation: four bytes as varint, 8 years at one operation per second."""

assert AUTHOR_MAX == MEMBER_MAX, "whoever writes can be named in an entry"
assert NUMBER_MAX <= ENTRY_MAX, "whatever is written can be referred to"

RUN_OPERATIONS_MAX = 31
RUN_HEADER_MIN = 3  # flags, count and author in two bytes, number in one to four
_DOMAIN = b"lage feed v1"
_ROOT_DOMAIN = b"lage roster v1"


@dataclass(frozen=True, slots=True)
class Run:
    """Consecutive operations of one author as they travel, not verified."""

    author: int  # 0..1023
    first: int  # number of the first operation, 1..NUMBER_MAX
    operations: tuple[bytes, ...]  # 1..31; none with a prefix: a bare vouching for that chain value
    signature: bytes  # 64 bytes, over the chain after the last operation
    prefix: bytes | None = None  # chain before the first operation, 16 bytes

    @property
    def last(self) -> int:
        """Number of the last operation."""
        return self.first + len(self.operations) - 1


def network_id(random: bytes, *, exercise: bool) -> bytes:
    """A network's id from 16 random bytes: its first bit says whether it is an exercise.

    The id is part of every signature and of every feed's first chain value, so nothing signed in
    an exercise can be made to look real, nor the other way round.
    """
    return bytes([random[0] & 0x7F | exercise << 7]) + random[1:16]


def is_exercise(network_id: bytes) -> bool:
    """What that bit says."""
    return bool(network_id[0] >> 7)


def next_chain(chain: bytes, operation: bytes) -> bytes:
    """Chain value after one more operation, 16 bytes."""
    return hashlib.blake2b(chain + operation, digest_size=CHAIN_SIZE).digest()


def chain_values(chain: bytes, operations: Iterable[bytes]) -> tuple[bytes, ...]:
    """Chain value after each operation, from the value before the first."""
    values: list[bytes] = []
    for operation in operations:
        chain = next_chain(chain, operation)
        values.append(chain)
    return tuple(values)


def origin(certificate: bytes) -> bytes:
    """chain(0) of a member's feed: the hash of its certificate's bytes."""
    return hashlib.blake2b(certificate, digest_size=CHAIN_SIZE).digest()


def root_origin(network_id: bytes, root_public: bytes) -> bytes:
    """chain(0) of feed 0, the roster."""
    return origin(_ROOT_DOMAIN + network_id + root_public)


def signing_input(network_id: bytes, author: int, number: int, chain: bytes) -> bytes:
    """The bytes a signature stands over."""
    return _DOMAIN + network_id + author.to_bytes(2, "big") + number.to_bytes(4, "big") + chain


def sign(
    key: Ed25519PrivateKey, network_id: bytes, author: int, number: int, chain: bytes
) -> bytes:
    """Signature of the author over the chain at that number, 64 bytes."""
    return key.sign(signing_input(network_id, author, number, chain))


def verify(
    public: bytes, network_id: bytes, author: int, number: int, chain: bytes, signature: bytes
) -> bool:
    """Whether the author vouched for that chain value at that number; never raises."""
    return signed_by(public, signing_input(network_id, author, number, chain), signature)


def signed_by(public: bytes, content: bytes, signature: bytes) -> bool:
    """Whether the holder of that key signed these bytes; never raises."""
    key = _public_key(public)
    if key is None:
        return False
    try:
        key.verify(signature, content)
    except InvalidSignature:
        return False
    return True


def make_run(
    key: Ed25519PrivateKey,
    network_id: bytes,
    author: int,
    first: int,
    chain: bytes,
    operations: Sequence[bytes],
) -> VerifiedRun:
    """A signed run that continues a feed whose chain before ``first`` is ``chain``."""
    chains = chain_values(chain, operations)
    last = first + len(operations) - 1
    signature = sign(key, network_id, author, last, chains[-1])
    return VerifiedRun(author, first, tuple(operations), chains, signature)


def append(
    log: Log,
    key: Ed25519PrivateKey,
    network_id: bytes,
    author: int,
    origin_chain: bytes,
    operations: Sequence[bytes],
) -> VerifiedRun:
    """Sign operations and store them at the head of one's own feed; durable on return."""
    head = log.head(author)
    chain = log.chain(author, head) if head else origin_chain
    assert chain is not None
    run = make_run(key, network_id, author, head + 1, chain, operations)
    log.store([run])
    return run


def run_size(first: int, operations: Sequence[bytes], *, prefix: bool) -> int:
    """Bytes that a run takes in a frame."""
    number = 1 if first < 2**7 else 2 if first < 2**14 else 3 if first < 2**21 else 4
    body = sum(map(len, operations))
    return 2 + number + (CHAIN_SIZE if prefix else 0) + body + SIGNATURE_SIZE


def cut(
    log: Log, author: int, first: int, last: int, room: int, prefix: bytes | None = None
) -> Run | None:
    """The longest run from ``first`` that fits in ``room`` bytes.

    It ends at a signature at or before the first one at or after ``last``. None if nothing fits,
    or if ``first`` is not stored. ``prefix`` is the chain before ``first``, if it shall be sent.
    """
    operations = log.operations(author, first, min(last + RUN_OPERATIONS_MAX, NUMBER_MAX))
    operations = operations[:RUN_OPERATIONS_MAX]
    if not operations:
        return None
    best: Run | None = None
    for point in log.signatures(author, first, first + len(operations) - 1):
        taken = operations[: point.number - first + 1]
        if run_size(first, taken, prefix=prefix is not None) > room:
            break
        best = Run(author, first, tuple(taken), point.signature, prefix)
        if point.number >= last:
            break
    return best


def proof_holds(proof: ForkProof, public: bytes, network_id: bytes, author: int) -> bool:
    """Whether a fork proof is true; ``author`` is the number that the author signed under."""
    if proof.chain_a == proof.chain_b:
        return False
    sides = (
        (proof.chain_a, proof.operations_a, proof.signature_a),
        (proof.chain_b, proof.operations_b, proof.signature_b),
    )
    for chain, operations, signature in sides:
        for operation in operations:
            chain = next_chain(chain, operation)
        number = proof.number + len(operations)
        if not verify(public, network_id, author, number, chain, signature):
            return False
    return True


@lru_cache(maxsize=2048)
def _public_key(public: bytes) -> Ed25519PublicKey | None:
    try:
        return Ed25519PublicKey.from_public_bytes(public)
    except ValueError:
        return None
