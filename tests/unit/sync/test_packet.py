# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Frames and their bytes."""

from dataclasses import replace

import pytest

from sync.feed.chain import Run
from sync.feed.log import ForkProof
from sync.wire.forks import encode_fork
from sync.wire.frames import (
    FRAME_MAX,
    Fork,
    Have,
    Hint,
    Missing,
    PacketError,
    Runs,
    Seal,
    Tag,
    Tags,
    UnknownFrame,
    Want,
)
from sync.wire.hearsay import Floor
from sync.wire.packet import (
    decode,
    encode_have,
    encode_news,
    encode_runs,
    encode_tags,
    encode_want,
)
from sync.wire.summary import Summary
from tests.unit.sync.net import operation

SEAL = Seal(b"network-id-0-16-", b"k" * 32)
RUN = Run(25, 4711, (operation(b"abc"), operation(b"defg")), b"s" * 64)


def test_run_header_is_four_bytes() -> None:
    """Besides operations and signature a run of a usual number costs 4 bytes, the frame one."""
    assert len(encode_runs((RUN,))) == 1 + 4 + 5 + 6 + 64


def test_runs_survive_coding() -> None:
    """Several runs of different authors, with and without the chain before them, in one frame."""
    runs = (RUN, Run(1023, 1, (operation(b"x"),), b"t" * 64, b"c" * 16))

    hints = (Hint(1023, 8191, urgent=True), Hint(0, 1), Hint(512, 4000))
    for padded in (0, 220):
        payload = encode_runs(runs, original=True, urgent=True, pad_to=padded)
        assert decode(payload, SEAL) == Runs(runs, original=True, urgent=True)
        for count in range(4):
            content = Runs(runs, original=True, hints=hints[:count])
            assert decode(encode_news(content, SEAL, padded), SEAL) == content
        backlog = Runs(runs, many=True)
        assert decode(encode_news(backlog, SEAL, padded), SEAL) == backlog


def test_hints_need_a_mac() -> None:
    """Who has no key cannot add hints to another's run, nor change them."""
    payload = encode_news(Runs((RUN,), hints=(Hint(3, 40),)), SEAL)
    for place in (0, 2, 4, len(payload) - 1):
        altered = bytearray(payload)
        altered[place] ^= 1
        with pytest.raises(PacketError, match="mac"):
            decode(bytes(altered), SEAL)

    unsealed = encode_runs((RUN,)) + b"\1abc"  # as version 1 had them
    assert decode(unsealed, SEAL) == Runs((RUN,))


def test_bare_signature_survives_coding() -> None:
    """A chain value and its signature, without operations; without the value it is no frame."""
    bare = Run(7, 5, (), b"u" * 64, b"d" * 16)
    payload = encode_runs((bare,))

    assert decode(payload, SEAL) == Runs((bare,))
    with pytest.raises(PacketError):
        decode(payload[:1] + bytes((payload[1] & 127,)) + payload[2:4] + b"u" * 64, SEAL)


def test_control_frames_survive_coding() -> None:
    """HAVE, WANT, TAGS and FORK decode to themselves."""
    have = Have(1000, Summary(0, (5, 0, 300)), 0xBEEF, 2**24 - 1, urgent=True, target=1023)
    floor = Floor((4, 0, 300), (7, 9, 134))
    want = Want(3, (Missing(0, 1, 0), Missing(7, 12, 3), Missing(7, 20, 1)), 9, 1023, mesh=True)
    tags = Tags(4, (Tag(1, 5, 0xFFFF), Tag(1023, 1, 0)), 1)
    proof = ForkProof(9, 3, b"a" * 16, b"A" * 64, b"b" * 16, b"B" * 64, (operation(b"x"),), ())

    assert decode(encode_have(have, SEAL), SEAL) == have
    told = replace(have, floor=floor)
    assert decode(encode_have(told, SEAL), SEAL) == told
    assert decode(encode_want(want, SEAL), SEAL) == want
    assert decode(encode_tags(tags, SEAL), SEAL) == tags
    fork = encode_fork(proof)
    assert fork is not None
    assert decode(fork, SEAL) == Fork(proof)


def test_control_frames_are_small() -> None:
    """One gap costs 13 bytes, 25 authors with 1,000 operations at most 37."""
    heads = tuple((37 * n) % 81 for n in range(25))

    assert len(encode_want(Want(3, (Missing(7, 12, 1),)), SEAL)) <= 13
    assert len(encode_have(Have(3, Summary(1, heads)), SEAL)) <= 37


def test_want_leaves_out_what_does_not_fit() -> None:
    """A request beyond the frame is shortened, never too long."""
    ranges = tuple(Missing(author, 200_000_000, 90_000) for author in range(0, 1000, 10))
    payload = encode_want(Want(3, ranges), SEAL)
    content = decode(payload, SEAL)

    assert len(payload) <= FRAME_MAX
    assert isinstance(content, Want)
    assert content.ranges == ranges[: len(content.ranges)]


def test_long_proof_moves_to_where_it_fits() -> None:
    """A proof with long operations on both sides is shown at a later number."""
    long = tuple(operation(bytes(60)) for _ in range(3))
    proof = ForkProof(9, 3, b"a" * 16, b"A" * 64, b"b" * 16, b"B" * 64, long, long[:2])
    payload = encode_fork(proof)

    assert payload is not None
    content = decode(payload, SEAL)
    assert isinstance(content, Fork)
    assert content.proof.number == 5


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b"", "size"),
        (bytes(232), "size"),
        (b"\x00", "version"),
        (b"\xe0" + bytes(20), "version"),
        (bytes((1 << 5 | 7 << 2,)), "version"),
        (bytes((1 << 5 | 1 << 2,)) + bytes(40), "version"),
        (bytes((1 << 5,)), "frame"),
        (encode_runs((RUN,))[:-1], "frame"),
        (encode_runs((RUN,)) + b"\0\1", "frame"),
        (encode_have(Have(1, Summary(0, (1,))), Seal(b"network-id-0-16-", b"z" * 32)), "mac"),
        (encode_have(Have(1, Summary(0, (1,))), Seal(b"exercise-id-16--", b"k" * 32)), "mac"),
    ],
)
def test_bad_frames_have_a_reason(payload: bytes, reason: str) -> None:
    """Whatever is no frame gives a typed error with a word for counting."""
    with pytest.raises(PacketError) as caught:
        decode(payload, SEAL)

    assert caught.value.reason == reason
    assert isinstance(caught.value, UnknownFrame) == (reason in {"version", "type"})
