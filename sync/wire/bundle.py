# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What travels in bulk: runs of any length of log, statements, proofs, documents.

A bundle is a row of *pieces*, each whole in itself, so that what was read stays read when the rest
is torn off. Operations and signatures are those of the log, byte for byte. How pieces are sealed
and carried is the affair of whoever carries them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgpack

from sync.feed.chain import (
    AUTHOR_MAX,
    CHAIN_SIZE,
    NUMBER_MAX,
    RUN_OPERATIONS_MAX,
    SIGNATURE_SIZE,
    Run,
    cut,
)
from sync.feed.log import ForkProof, Log
from sync.schema.op import OPERATION_MAX
from sync.wire.packing import ROOM
from sync.wire.statement import STATEMENT_MAX

PIECE_MAX = 256 * 1024
"""Bytes of a piece."""

FILL = 48 * 1024
"""Bytes of runs after which a piece is closed: half a second's work for its reader."""

RUN_SIZE_MAX = 128 * 1024
"""Bytes of a run as it stands in a piece: what one took in fits the pieces it makes, too."""

_RUNS, _STATEMENT, _PROOF, _DOCUMENT, _END, _AGAIN, _LINKS = range(7)


class PieceError(ValueError):
    """Bytes that are no piece."""


@dataclass(frozen=True, slots=True)
class RunsPiece:
    """Consecutive runs, in the order in which they are to be taken."""

    runs: tuple[Run, ...]
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class StatementPiece:
    """What a member said it holds (``sync.wire.statement``), to be checked by whoever reads it."""

    data: bytes


@dataclass(frozen=True, slots=True)
class ProofPiece:
    """That an author signed two feeds; to be checked."""

    proof: ForkProof


@dataclass(frozen=True, slots=True)
class DocumentPiece:
    """A part of a document's content."""

    digest: bytes  # 32 bytes, BLAKE2b of the whole
    size: int  # of the whole
    at: int
    content: bytes


@dataclass(frozen=True, slots=True)
class AgainPiece:
    """Asks for a feed from a number on: ours does not go on as the other side's does."""

    author: int
    first: int


@dataclass(frozen=True, slots=True)
class LinksPiece:
    """Whom the sender exchanges with directly, so that nobody brings it the same twice."""

    members: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class EndPiece:
    """Nothing follows."""

    pieces: int  # that came before


Piece = RunsPiece | StatementPiece | ProofPiece | DocumentPiece | EndPiece | AgainPiece | LinksPiece


def missing_runs(log: Log, floor: Mapping[int, int], heads: Mapping[int, int]) -> Iterator[Run]:
    """Runs from above the floor to each author's head, in the order of ``heads``.

    Each is as long as a frame can carry, so that whoever takes it can pass it on by radio too.
    """
    for author, head in heads.items():
        first = floor.get(author, 0) + 1
        while first <= head:
            run = cut(log, author, first, min(head, first + RUN_OPERATIONS_MAX - 1), ROOM)
            run = run or _to_next_signature(log, author, first, log.head(author))
            if run is None or _size(run) > RUN_SIZE_MAX:
                break  # nobody has vouched for the rest, or for too much at once
            yield run
            first = run.last + 1


def _to_next_signature(log: Log, author: int, first: int, head: int) -> Run | None:
    """A run too long for a frame, as feed 0 may have it."""
    points = log.signatures(author, first, head)
    if not points:
        return None
    operations = log.operations(author, first, points[0].number)
    return Run(author, first, tuple(operations), points[0].signature)


def in_pieces(runs: Iterable[Run], fill: int | None = None) -> Iterator[RunsPiece]:
    """Runs in pieces of about that size (``FILL``); none exceeds ``PIECE_MAX``."""
    found: list[Run] = []
    size = 0
    for run in runs:
        found.append(run)
        size += _size(run)
        if size >= (fill or FILL):
            yield RunsPiece(tuple(found))
            found, size = [], 0
    if found:
        yield RunsPiece(tuple(found))


def _size(run: Run) -> int:
    """Bytes in a piece, rounded up."""
    return sum(map(len, run.operations)) + 3 * len(run.operations) + SIGNATURE_SIZE + 24


def fits_a_piece(proof: ForkProof) -> bool:
    """Whether others take this proof: of runs that no frame holds they do not."""
    return max(len(proof.operations_a), len(proof.operations_b)) <= 2 * RUN_OPERATIONS_MAX


def encode(piece: Piece) -> bytes:
    """The bytes of a piece."""
    match piece:
        case RunsPiece(runs, urgent):
            rows = [[r.author, r.first, r.signature, *r.operations] for r in runs]
            content: list[Any] = [_RUNS, rows, urgent]
        case StatementPiece(data):
            content = [_STATEMENT, data]
        case ProofPiece(p):
            content = [
                _PROOF, p.author, p.number, p.chain_a, p.signature_a, p.chain_b, p.signature_b,
                p.operations_a, p.operations_b,
            ]  # fmt: skip
        case DocumentPiece(digest, size, at, data):
            content = [_DOCUMENT, digest, size, at, data]
        case EndPiece(pieces):
            content = [_END, pieces]
        case AgainPiece(author, first):
            content = [_AGAIN, author, first]
        case LinksPiece(members):
            content = [_LINKS, members]
    return bytes(msgpack.packb(content))


def decode(data: bytes) -> Piece | None:
    """The piece in these bytes; None for one of a newer version. Raises PieceError."""
    if len(data) > PIECE_MAX:
        raise PieceError("too long")
    try:
        kind, *content = msgpack.unpackb(data, use_list=False)
        return _piece(kind, content)
    except (ValueError, TypeError, msgpack.UnpackException) as error:
        raise PieceError("damaged") from error


def _piece(kind: object, content: list[Any]) -> Piece | None:
    if type(kind) is not int or kind < 0:
        raise ValueError("no kind")
    if kind == _RUNS:
        rows, urgent = content
        return RunsPiece(tuple(_run(*row) for row in rows), urgent is True)
    if kind == _STATEMENT:
        (data,) = content
        return StatementPiece(_bytes(data, 1, STATEMENT_MAX))
    if kind == _PROOF:
        return ProofPiece(_proof(*content))
    if kind == _DOCUMENT:
        digest, size, at, data = content
        part = DocumentPiece(
            _bytes(digest, 32, 32),
            _number(size, 2**40),
            _number(at, 2**40),
            _bytes(data, 0, PIECE_MAX),
        )
        if part.at + len(part.content) > part.size:
            raise ValueError("beyond the end")
        return part
    if kind == _END:
        (pieces,) = content
        return EndPiece(_number(pieces, 2**32))
    if kind == _AGAIN:
        author, first = content
        return AgainPiece(_number(author, AUTHOR_MAX), max(1, _number(first, NUMBER_MAX)))
    if kind == _LINKS:
        (members,) = content
        if len(members) > AUTHOR_MAX:
            raise ValueError("too many")
        return LinksPiece(tuple(_number(member, AUTHOR_MAX) for member in members))
    return None


def _run(author: object, first: object, signature: object, *operations: object) -> Run:
    if not operations:
        raise ValueError("no operations")
    run = Run(
        _number(author, AUTHOR_MAX),
        _number(first, NUMBER_MAX),
        tuple(_bytes(data, 2, OPERATION_MAX) for data in operations),
        _bytes(signature, SIGNATURE_SIZE, SIGNATURE_SIZE),
    )
    if run.first == 0 or run.last > NUMBER_MAX:
        raise ValueError("no number")
    if _size(run) > RUN_SIZE_MAX:
        raise ValueError("too long")
    return run


def _proof(
    author: object, number: object, chain_a: object, signature_a: object, chain_b: object,
    signature_b: object, operations_a: Sequence[object], operations_b: Sequence[object],
) -> ForkProof:  # fmt: skip
    sides = [
        tuple(_bytes(d, 2, OPERATION_MAX) for d in side) for side in (operations_a, operations_b)
    ]
    if max(map(len, sides)) > 2 * RUN_OPERATIONS_MAX:
        raise ValueError("too many")
    return ForkProof(
        _number(author, AUTHOR_MAX),
        _number(number, NUMBER_MAX),
        _bytes(chain_a, CHAIN_SIZE, CHAIN_SIZE),
        _bytes(signature_a, SIGNATURE_SIZE, SIGNATURE_SIZE),
        _bytes(chain_b, CHAIN_SIZE, CHAIN_SIZE),
        _bytes(signature_b, SIGNATURE_SIZE, SIGNATURE_SIZE),
        *sides,
    )


def _number(value: object, largest: int) -> int:
    if type(value) is not int or not 0 <= value <= largest:
        raise ValueError("no number")
    return value


def _bytes(value: object, shortest: int, longest: int) -> bytes:
    if not isinstance(value, bytes) or not shortest <= len(value) <= longest:
        raise ValueError("no bytes")
    return value
