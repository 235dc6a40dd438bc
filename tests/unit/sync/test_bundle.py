# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Pieces and statements that somebody made up: refused as such, and never more than fits."""

from __future__ import annotations

import secrets

import msgpack
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sync.feed.chain import NUMBER_MAX, SIGNATURE_SIZE, Run
from sync.feed.records import Certificate
from sync.feed.roster import read_roster
from sync.wire import bundle
from sync.wire.bundle import PIECE_MAX, PieceError, RunsPiece
from sync.wire.statement import StatementError, read_statement, state

SIGNATURE = bytes(SIGNATURE_SIZE)


def run(count: int, size: int, first: int = 1) -> Run:
    """So many operations of that size."""
    return Run(3, first, (bytes(size),) * count, SIGNATURE)


@pytest.mark.parametrize(("count", "size"), [(2_400, 100), (20_000, 2), (40_000, 2)])
def test_what_is_taken_fits_what_is_made_of_it(count: int, size: int) -> None:
    """A run that one piece brought goes into a piece again, whatever stands before it."""
    message = bundle.encode(RunsPiece((run(count, size),)))
    try:
        bundle.decode(message)
    except PieceError:
        return
    runs = [run(300, 100), run(count, size, 301), run(300, 100, 301 + count)]
    assert all(len(bundle.encode(piece)) <= PIECE_MAX for piece in bundle.in_pieces(runs))


def test_a_run_too_long_is_no_piece() -> None:
    """However it came into the log: what nobody would take is not sent."""
    with pytest.raises(PieceError):
        bundle.decode(bundle.encode(RunsPiece((run(2_400, 100),))))


def test_statements_that_are_none() -> None:
    """A signature of another type, numbers that no feed has."""
    key = Ed25519PrivateKey.generate()
    member = Certificate(3, key.public_key().public_bytes_raw(), b"x" * 32, "SAE Greven")
    roster = read_roster(b"network-id-0-16-", bytes(32), [member.encode()])
    body = msgpack.packb([3, 5, {1: 3}, True])
    for signature in (5, "abc", None, [b"x"], b"", secrets.token_bytes(64)):
        with pytest.raises(StatementError):
            read_statement(msgpack.packb([body, signature]), roster)
    said = state(key, roster.network_id, 3, 5, {1: NUMBER_MAX + 1}, radio=True)
    with pytest.raises(StatementError):
        read_statement(said.data, roster)
    said = state(key, roster.network_id, 3, 5, {1: NUMBER_MAX}, radio=True)
    assert read_statement(said.data, roster).heads == {1: NUMBER_MAX}
