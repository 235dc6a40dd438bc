# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""FORK frames: proofs that an author signed two feeds, and which branch of feed 0 counts.

They prove themselves, so they need no MAC; the layout stands in ``sync.wire.packet``.
"""

from __future__ import annotations

from sync.feed.chain import AUTHOR_MAX, CHAIN_SIZE, NUMBER_MAX, SIGNATURE_SIZE, next_chain
from sync.feed.log import ForkProof
from sync.feed.records import Choice, decode_record
from sync.feed.why import Why
from sync.schema.op import OperationError
from sync.wire.cursor import Cursor, varint
from sync.wire.frames import FRAME_MAX, VERSION, Chosen, Fork, PacketError

FORK, CHOICE = 3, 1
"""The type in a frame's first byte, and the flag that it holds a choice."""


def encode_fork(proof: ForkProof) -> bytes | None:
    """A FORK frame; None if the proof does not fit in one.

    If it is too long it is moved to a higher number, up to where one side ends: it still proves
    the fork, but no longer where it begins.
    """
    frame = _fork_bytes(proof)
    while frame is None and proof.operations_a and proof.operations_b:
        proof = _moved(proof)
        frame = _fork_bytes(proof)
    return frame


def _fork_bytes(proof: ForkProof) -> bytes | None:
    sizes = len(proof.operations_a), len(proof.operations_b)
    if max(sizes) > 15:
        return None
    frame = b"".join(
        (
            bytes((VERSION << 5 | FORK << 2,)),
            proof.author.to_bytes(2, "big"),
            varint(proof.number),
            bytes((sizes[0] << 4 | sizes[1],)),
            proof.chain_a,
            proof.signature_a,
            proof.chain_b,
            proof.signature_b,
            *proof.operations_a,
            *proof.operations_b,
        )
    )
    return frame if len(frame) <= FRAME_MAX else None


def encode_choice(author: int, choice: Choice) -> bytes:
    """A FORK frame that says which branch of that feed 0 counts."""
    first = VERSION << 5 | FORK << 2 | CHOICE
    return bytes((first,)) + author.to_bytes(2, "big") + choice.encode()


def fork_number(frame: bytes) -> int:
    """Where an encoded proof stands."""
    return decode_fork(frame).proof.number


def decode_choice(payload: bytes) -> Chosen:
    """The choice in a FORK frame with flag 1. Raises PacketError."""
    author = int.from_bytes(payload[1:3], "big")
    try:
        choice = decode_record(payload[3:])
    except OperationError as error:
        raise PacketError(Why.FRAME) from error
    if author > AUTHOR_MAX or not isinstance(choice, Choice):
        raise PacketError(Why.FRAME)
    return Chosen(author, choice)


def decode_fork(payload: bytes) -> Fork:
    """The proof in a FORK frame. Raises PacketError."""
    cursor = Cursor(payload)
    author = int.from_bytes(cursor.take(2), "big")
    number = cursor.varint()
    sizes = cursor.take(1)[0]
    chain_a, signature_a = cursor.take(CHAIN_SIZE), cursor.take(SIGNATURE_SIZE)
    chain_b, signature_b = cursor.take(CHAIN_SIZE), cursor.take(SIGNATURE_SIZE)
    operations_a = tuple(cursor.operation() for _ in range(sizes >> 4))
    operations_b = tuple(cursor.operation() for _ in range(sizes & 15))
    if author > AUTHOR_MAX or not 0 < number < NUMBER_MAX - 15 or cursor.left:
        raise PacketError(Why.FRAME)
    return Fork(
        ForkProof(
            author, number, chain_a, signature_a, chain_b, signature_b, operations_a, operations_b
        )
    )


def _moved(proof: ForkProof) -> ForkProof:
    """The same proof at the next number."""
    a, b = proof.operations_a, proof.operations_b
    return ForkProof(
        proof.author,
        proof.number + 1,
        next_chain(proof.chain_a, a[0]),
        proof.signature_a,
        next_chain(proof.chain_b, b[0]),
        proof.signature_b,
        a[1:],
        b[1:],
    )
