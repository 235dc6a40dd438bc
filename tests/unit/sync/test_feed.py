# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Chains, signatures, and cutting feeds into runs."""

import hashlib
import random

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sync.feed import chain as feed
from sync.feed.log import ForkProof
from sync.feed.memory_log import MemoryLog
from tests.unit.sync.net import operation

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes_raw()
NETWORK = b"network-id-0-16-"
ORIGIN = feed.origin(b"certificate")


def filled(sizes: list[int]) -> MemoryLog:
    """A log with one signature per operation."""
    log = MemoryLog()
    rng = random.Random(1)
    for size in sizes:
        feed.append(log, KEY, NETWORK, 7, ORIGIN, [operation(rng.randbytes(size))])
    return log


def test_chain_is_the_hash_of_what_came_before_and_the_operation() -> None:
    """chain(n) = BLAKE2b-128(chain(n-1) || operation n)."""
    expected = hashlib.blake2b(ORIGIN + b"\x02\x20\x00", digest_size=16).digest()

    assert feed.next_chain(ORIGIN, b"\x02\x20\x00") == expected


def test_signature_names_network_author_number_and_chain() -> None:
    """A signature holds for exactly what it was made for."""
    signature = feed.sign(KEY, NETWORK, 7, 3, ORIGIN)

    assert feed.verify(PUBLIC, NETWORK, 7, 3, ORIGIN, signature)
    assert not feed.verify(PUBLIC, b"another-network-", 7, 3, ORIGIN, signature)
    assert not feed.verify(PUBLIC, NETWORK, 8, 3, ORIGIN, signature)
    assert not feed.verify(PUBLIC, NETWORK, 7, 4, ORIGIN, signature)
    assert not feed.verify(PUBLIC, NETWORK, 7, 3, bytes(16), signature)
    assert not feed.verify(PUBLIC, NETWORK, 7, 3, ORIGIN, bytes(64))
    assert not feed.verify(b"short", NETWORK, 7, 3, ORIGIN, signature)


def test_cut_takes_as_much_as_fits() -> None:
    """A run is the longest from its start that the room allows."""
    log = filled([30] * 10)

    run = feed.cut(log, 7, 3, 10, 230)

    assert run is not None
    assert (run.first, run.last) == (3, 7)
    assert feed.run_size(3, run.operations, prefix=False) == 2 + 1 + 5 * 32 + 64


def test_cut_ends_at_signatures_only() -> None:
    """Where the author signed only some numbers, runs end there."""
    log = MemoryLog()
    for count in (3, 2):
        texts = [operation(b"abc") for _ in range(count)]
        feed.append(log, KEY, NETWORK, 7, ORIGIN, texts)

    assert [feed.cut(log, 7, 1, last, 230).last for last in (1, 3, 4)] == [3, 3, 5]  # type: ignore[union-attr]
    assert feed.cut(log, 7, 6, 9, 230) is None
    assert feed.cut(log, 7, 1, 3, 70) is None


def test_fork_proof_holds_for_two_signed_branches() -> None:
    """Two signed chains at one number, directly or through linking operations, prove a fork."""
    chains = [feed.next_chain(ORIGIN, operation(text)) for text in (b"a", b"b")]
    further = feed.next_chain(chains[1], operation(b"c"))
    first = feed.sign(KEY, NETWORK, 7, 1, chains[0])
    second = feed.sign(KEY, NETWORK, 7, 2, further)
    proof = ForkProof(7, 1, chains[0], first, chains[1], second, (), (operation(b"c"),))

    assert feed.proof_holds(proof, PUBLIC, NETWORK, 7)
    assert not feed.proof_holds(proof, PUBLIC, NETWORK, 8)
    same = ForkProof(7, 1, chains[0], first, chains[0], first)
    assert not feed.proof_holds(same, PUBLIC, NETWORK, 7)
