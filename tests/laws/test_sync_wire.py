# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Laws of what crosses the air: coding loses nothing, and any bytes give a value or an error."""

import contextlib

from hypothesis import given, settings
from hypothesis import strategies as st

from sync.feed.chain import AUTHOR_MAX, NUMBER_MAX, Run
from sync.feed.records import decode_record
from sync.schema.op import OperationError
from sync.wire import hearsay
from sync.wire.bits import BitReader, BitsError, BitWriter
from sync.wire.frames import FRAME_MAX, Have, Missing, PacketError, Runs, Seal, Want
from sync.wire.hearsay import Floor
from sync.wire.members import MEMBERS_SPAN
from sync.wire.packet import decode, encode_have, encode_runs, encode_want
from sync.wire.summary import AUTHORS_MAX, Summary, ranges, read, write

SEAL = Seal(b"network-id-0-16-", b"k" * 32)
AUTHORS = st.integers(0, AUTHOR_MAX)
OPERATIONS = st.binary(min_size=1, max_size=30).map(lambda body: bytes((len(body),)) + body)
RUNS = st.builds(
    Run,
    AUTHORS,
    st.integers(1, NUMBER_MAX - 40),
    st.lists(OPERATIONS, min_size=1, max_size=3).map(tuple),
    st.binary(min_size=64, max_size=64),
    st.none() | st.binary(min_size=16, max_size=16),
)


@given(RUNS, st.booleans(), st.booleans(), st.integers(0, FRAME_MAX))
def test_runs_survive_coding(run: Run, original: bool, urgent: bool, pad_to: int) -> None:
    """A run, padded or not, decodes to itself."""
    payload = encode_runs((run,), original=original, urgent=urgent, pad_to=pad_to)

    assert decode(payload, SEAL) == Runs((run,), original, urgent)


@given(st.integers(0, 900), st.lists(st.integers(0, 30_000), min_size=1, max_size=AUTHORS_MAX))
def test_summaries_survive_coding(first: int, heads: list[int]) -> None:
    """Any heads of up to 100 authors fit in one HAVE frame and read back."""
    summary = Summary(first, tuple(heads))
    out = BitWriter()
    write(out, summary)
    have = Have(1, summary, 3, 4)
    payload = encode_have(have, SEAL)

    assert read(BitReader(out.getvalue())) == summary
    assert len(payload) <= FRAME_MAX
    assert decode(payload, SEAL) == have


@given(
    st.lists(st.tuples(st.integers(0, 30_000), st.integers(0, 40)), min_size=1, max_size=60),
    st.integers(0, 800),
    st.sets(st.integers(0, MEMBERS_SPAN - 1), min_size=1),
)
def test_floors_survive_coding(heads: list[tuple[int, int]], start: int, members: set[int]) -> None:
    """Any floor below the heads, with any nodes within its span, reads back."""
    summary = Summary(1, tuple(head for head, _ in heads))
    low = tuple(max(0, head - less) for head, less in heads)
    floor = Floor(low, tuple(start + member for member in sorted(members)))
    out = BitWriter()
    hearsay.write(out, floor, summary.heads)

    assert hearsay.read(BitReader(out.getvalue()), summary.heads) == floor


@given(
    st.lists(
        st.builds(Missing, AUTHORS, st.integers(1, 2**20), st.integers(0, 2**10)),
        min_size=1,
        max_size=30,
    )
)
def test_wants_survive_coding(items: list[Missing]) -> None:
    """Ranges come back in order, as many as fit."""
    items.sort(key=lambda item: (item.author, item.first))
    content = decode(encode_want(Want(1, tuple(items), 5), SEAL), SEAL)

    assert isinstance(content, Want)
    assert content.ranges == tuple(items[: len(content.ranges)])


@settings(max_examples=500)
@given(st.binary(max_size=240), st.integers(0, 7))
def test_any_bytes_give_a_frame_or_an_error(body: bytes, kind: int) -> None:
    """Arbitrary bytes behind a valid first byte, with a valid MAC too, never do anything else."""
    frame = bytes((1 << 5 | kind << 2,)) + body
    for payload in (body, frame, SEAL.close(frame)):
        with contextlib.suppress(PacketError):
            decode(payload, SEAL)


@settings(max_examples=300)
@given(st.binary(max_size=150), st.integers(0, 31))
def test_any_bytes_give_a_record_or_an_error(body: bytes, kind: int) -> None:
    """What decodes as a roster record is coded to the same bytes."""
    for data in (body, bytes((min(len(body) + 1, 255), kind)) + body):
        try:
            record = decode_record(data)
        except OperationError:
            continue
        assert record.encode() == data


@given(st.binary(max_size=40), st.integers(0, 15))
def test_any_bits_give_numbers_or_an_error(data: bytes, order: int) -> None:
    """The bit reader ends in bounded time whatever it is given."""
    bits = BitReader(data)
    try:
        while True:
            assert bits.read_golomb(order) >= 0
            assert bits.read_rice(order) >= 0
    except BitsError:
        pass


@given(st.lists(AUTHORS, max_size=200))
def test_ranges_cover_all_authors_once(authors: list[int]) -> None:
    """Every author is in exactly one range, and no range is too long."""
    spans = ranges(authors)

    assert all(0 <= last - first < AUTHORS_MAX for first, last in spans)
    assert all(sum(first <= a <= last for first, last in spans) == 1 for a in authors)
