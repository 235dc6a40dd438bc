# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Whatever stands in feeds 0, ours and those of allied counties: there is a roster, in one form."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from lage.kinds.directory import directory_of
from sync.feed.records import (
    Alliance,
    Certificate,
    Choice,
    KeyChange,
    KeySlots,
    Record,
    Reopening,
    Revocation,
    Slot,
    decode_record,
)
from sync.feed.roster import allied_blocks, read_roster, succession
from sync.schema.op import OperationError

OURS, THEIRS = b"o" * 16, b"t" * 16
authors = st.integers(1, 6) | st.sampled_from((100, 101, 1023))
numbers = st.sampled_from((1, 2, 5, 2**28 - 1))
chains = st.sampled_from((b"a" * 16, b"b" * 16))
keys = st.sampled_from([bytes([n]) * 32 for n in range(3, 8)])
slots = st.lists(st.integers(0, 8), unique=True, max_size=3).map(
    lambda numbers: tuple(Slot(number, b"s" * 16) for number in sorted(numbers))
)
records: st.SearchStrategy[Record] = st.one_of(
    st.builds(
        Certificate,
        authors,
        keys,
        keys,
        st.sampled_from(("SAE Laer", "SAE Rheine", "A", "Krisenstab")),
        st.integers(0, 255),
        st.sampled_from((0, 2**32 - 1)),
        st.integers(0, 7),
    ),
    st.builds(Revocation, authors, st.just(0) | numbers, chains, st.integers(0, 255)),
    st.builds(Reopening, authors, numbers, chains),
    st.builds(
        Alliance,
        st.sampled_from((2, 100, 1000)),
        st.sampled_from((1, 24, 900)),
        keys,
        st.sampled_from((OURS, THEIRS)),
        st.just("Kreis Borken"),
        st.sampled_from((0, 1, 2**32 - 1)),
        st.sampled_from((0, 2, 2**64 - 1)),
    ),
    st.builds(Choice, st.integers(1, 255), numbers, chains, st.just(b"s" * 64)),
    st.builds(KeyChange, st.integers(1, 3), st.sampled_from((0, 2**32 - 1)), keys, slots),
    st.builds(KeySlots, st.integers(1, 3), slots),
)


def coded(record: Record) -> bytes:
    """Its bytes; of what cannot be coded, bytes that are no record."""
    try:
        return record.encode()
    except OperationError:
        return b"\x02\x1f\x00"


feeds = st.lists(records.map(coded) | st.binary(max_size=60), max_size=12)


@given(ours=feeds, theirs=feeds)
def test_any_records_make_a_roster(ours: list[bytes], theirs: list[bytes]) -> None:
    """No feed 0 raises; what breaks a rule is counted; members and directory answer."""
    allied = {block.first: theirs for block in allied_blocks(ours)}
    roster = read_roster(OURS, b"r" * 32, ours, allied)

    assert roster.ignored <= len(ours) + sum(map(len, allied.values()))
    assert roster == read_roster(OURS, b"r" * 32, ours, allied)
    directory = directory_of(roster, 1)
    follows = {number: member.successor_of for number, member in roster.members.items()}
    for number in (*roster.members, 0, 7):
        assert number in succession(number, follows)
        assert directory.name(number)
        assert roster.decided(number, 5) in (True, False)
        assert number in directory.line(number)


@given(record=records)
def test_records_are_what_their_bytes_say(record: Record) -> None:
    """What can be coded comes back; everything else was refused."""
    try:
        data = record.encode()
    except OperationError:
        return
    assert decode_record(data) == record
