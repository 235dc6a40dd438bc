# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who may write, as feed 0 says."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sync.feed import chain as feed
from sync.feed.choice import choose, chosen
from sync.feed.records import (
    Alliance,
    Certificate,
    Choice,
    Record,
    Reopening,
    Revocation,
    decode_record,
)
from sync.feed.roster import read_roster
from sync.schema.op import OPERATION_MAX, OperationError

NETWORK, ROOT = b"network-id-0-16-", bytes(32)


def certificate(author: int, key: int, **more: object) -> Certificate:
    """A certificate with recognisable keys."""
    return Certificate(author, bytes([key]) * 32, bytes([key]) * 32, f"SAE {author}", **more)  # type: ignore[arg-type]


def read(*records: object, **allied: object) -> object:
    """The roster of these records."""
    return read_roster(NETWORK, ROOT, [record.encode() for record in records])  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "record",
    [
        Certificate(1023, b"s" * 32, b"x" * 32, "ö" * 20, 255, 2**32 - 1, 1022),
        Revocation(5, 77, b"c" * 16, 3),
        Reopening(5, 78, b"d" * 16),
        Alliance(100, 25, b"r" * 32, b"n" * 16, "Kreis Borken", 0b101, 2**63),
        Choice(255, 2**28 - 1, b"c" * 16, b"s" * 64),
    ],
)
def test_records_survive_coding(record: Record) -> None:
    """Every record decodes to itself and fits in an operation."""
    data = record.encode()

    assert decode_record(data) == record
    assert len(data) <= OPERATION_MAX
    assert data[1] >> 5 == 0


@pytest.mark.parametrize(
    "bad",
    [
        Certificate(0, b"s" * 32, b"x" * 32, "a"),
        Certificate(1024, b"s" * 32, b"x" * 32, "a"),
        Certificate(1, b"s" * 31, b"x" * 32, "a"),
        Certificate(1, b"s" * 32, b"x" * 32, ""),
        Certificate(1, b"s" * 32, b"x" * 32, "a\x1b[31m"),
        Certificate(1, b"s" * 32, b"x" * 32, "a" * 41),
        Reopening(1, 0, b"d" * 16),
        Alliance(1000, 25, b"r" * 32, b"n" * 16, "a"),
    ],
)
def test_impossible_records_are_refused(bad: Certificate | Reopening | Alliance) -> None:
    """What is out of range cannot be coded, so it is not decoded either."""
    with pytest.raises(OperationError):
        bad.encode()


def test_first_certificate_fixes_key_and_origin() -> None:
    """A later certificate changes name and role; another key under the same number is ignored."""
    renamed = Certificate(3, bytes([1]) * 32, bytes([9]) * 32, "Neu", 4)
    roster = read(certificate(3, 1), renamed, certificate(3, 2), certificate(4, 1))
    member = roster.members[3]  # type: ignore[attr-defined]

    assert (member.name, member.role, member.sign_key[0], member.seal_key[0]) == ("Neu", 4, 1, 9)
    assert member.origin == feed.origin(certificate(3, 1).encode())
    assert roster.ignored == 2  # type: ignore[attr-defined]


def test_last_decision_counts() -> None:
    """A second decree mends a wrong one, whichever of the two ends the feed earlier."""
    late, early = Revocation(3, 9, b"l" * 16), Revocation(3, 4, b"e" * 16)

    for first, second in ((late, early), (early, late)):
        roster = read(certificate(3, 1), first, second)
        assert roster.last_good(3) == second.last_good  # type: ignore[attr-defined]
        assert not roster.members[3].active  # type: ignore[attr-defined]
        assert roster.anchor(3) == (second.last_good, second.chain)  # type: ignore[attr-defined]


def test_reopening_names_the_branch() -> None:
    """A reopening is a chain value that the feed has to lead through; it lifts a revocation."""
    wrong = Reopening(3, 8, b"x" * 16), Revocation(3, 0, b"o" * 16)
    roster = read(certificate(3, 1), *wrong, Reopening(3, 5, b"y" * 16))

    assert roster.anchor(3) == (5, b"y" * 16)  # type: ignore[attr-defined]
    assert roster.members[3].active  # type: ignore[attr-defined]
    assert roster.last_good(3) is None  # type: ignore[attr-defined]


def test_choice_of_the_root_is_checked() -> None:
    """A choice between branches of feed 0 counts if the root signed it; the highest round wins."""
    key = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
    public = key.public_key().public_bytes_raw()
    made = [choose(key, NETWORK, round_, 2, bytes([round_]) * 16) for round_ in (2, 1)]
    forged = Choice(3, 2, b"f" * 16, made[0].signature)
    records = [record.encode() for record in (*made, forged)]
    roster = read_roster(NETWORK, public, records)

    assert roster.anchor(0) == (2, bytes([2]) * 16)
    assert roster.decided(0, 2)
    assert not roster.decided(0, 3)
    assert roster.ignored == 1
    assert roster.with_choice(0, made[1]) is roster
    assert not chosen(made[0], public, b"another-network-")


def test_alliance_maps_and_filters_members() -> None:
    """Members of an allied county appear under its block, only those whose role is followed."""
    alliance = Alliance(100, 25, b"r" * 32, b"other-network-16", "Borken", roles=0b10)
    theirs = [certificate(1, 7, role=1).encode(), certificate(2, 8, role=0).encode()]
    roster = read_roster(
        NETWORK, ROOT, [certificate(1, 1).encode(), alliance.encode()], {100: theirs}
    )

    assert sorted(roster.members) == [1, 101]
    signer = roster.signer(101)
    assert signer is not None
    assert (signer.author, signer.network_id) == (1, b"other-network-16")
    assert roster.signer(100).public == b"r" * 32  # type: ignore[union-attr]
    assert roster.signer(102) is None


def test_records_of_the_future_are_kept_out_of_the_way() -> None:
    """A record that only a newer version knows has no effect and is counted."""
    unknown = bytes((4, 31, 1, 2, 3))
    roster = read_roster(NETWORK, ROOT, [unknown, certificate(3, 1).encode()])

    assert (roster.ignored, sorted(roster.members), roster.head) == (1, [3], 2)
