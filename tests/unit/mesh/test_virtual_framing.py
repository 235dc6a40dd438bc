# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Frames of the stream protocol."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesh.virtual.framing import FRAME_MAX, WAKE, FrameReader, frame

BODIES = st.lists(st.binary(max_size=FRAME_MAX), max_size=6)


def chunks(data: bytes, size: int) -> list[bytes]:
    """The stream in pieces."""
    return [data[start : start + size] for start in range(0, len(data), size)]


@given(BODIES, st.integers(1, 40))
def test_frames_survive_any_cut(bodies: list[bytes], size: int) -> None:
    """However the stream is cut, the same bodies come out."""
    stream = b"".join(frame(body) for body in bodies)
    reader = FrameReader()

    found = [body for chunk in chunks(stream, size) for body in reader.feed(chunk)]

    assert found == bodies
    assert reader.garbage == 0


@given(st.binary(max_size=2000), st.integers(1, 50))
def test_any_bytes_are_accepted(data: bytes, size: int) -> None:
    """No input raises, and no more than one frame is held back."""
    reader = FrameReader()
    for chunk in chunks(data, size):
        for body in reader.feed(chunk):
            assert len(body) <= FRAME_MAX
    assert len(reader._held) < FRAME_MAX + 4


@pytest.mark.parametrize(
    "noise",
    [WAKE, b"INFO | boot\r\n", b"\x94", b"\x94\x94\x94", b"\x94\xc3\xff\xff", b"\x94\xc3\x02\x01"],
    ids=["wake", "log", "lone-start", "starts", "too-long", "just-too-long"],
)
def test_noise_before_a_frame_is_swallowed(noise: bytes) -> None:
    """Wake bytes, console text and impossible headers don't cost the next frame."""
    reader = FrameReader()

    assert reader.feed(noise + frame(b"hallo")) == [b"hallo"]
    assert reader.garbage == len(noise)


def test_empty_and_full_frames() -> None:
    """Length 0 is legal, 512 the largest, 513 a programmer's error."""
    reader = FrameReader()
    assert reader.feed(frame(b"") + frame(bytes(512))) == [b"", bytes(512)]
    with pytest.raises(ValueError, match="513"):
        frame(bytes(513))
