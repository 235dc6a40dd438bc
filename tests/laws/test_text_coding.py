# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Laws of text coding: every text comes back, none costs too much, all bytes are safe to read."""

import contextlib

from hypothesis import given, settings
from hypothesis import strategies as st

from sync.text import prose as codec

TEXTS = st.text(max_size=40)
PROSE = st.lists(
    st.sampled_from(
        ["Pegel", "Greven", "um", "14:20", "Uhr", "SAE", "ca.", "350", "Sandsäcke", "\n", "Ü", "%"]
    ),
    max_size=12,
).map(" ".join)
SLOW = settings(max_examples=120, deadline=None)


@SLOW
@given(st.one_of(TEXTS, PROSE), st.integers(0, 30))
def test_tail_comes_back(text: str, before: int) -> None:
    """A tail after any number of bits comes back and fills whole bytes."""
    value, size = codec.encode_tail_bits(text, before)
    assert (before + size) % 8 == 0
    assert size <= 8 * len(text.encode()) + 8 + 7
    data = value.to_bytes((before + size) // 8, "big")
    assert codec.decode_tail(data, max_chars=100, start_bit=before) == text


@SLOW
@given(st.one_of(TEXTS, PROSE), st.binary(max_size=5))
def test_delimited_comes_back(text: str, following: bytes) -> None:
    """A self-delimiting text shows its end, at no more than UTF-8 plus one byte."""
    data = codec.encode(text)
    assert len(data) <= len(text.encode()) + 1
    assert codec.decode_from(data + following, 0, max_chars=100) == (text, len(data))


@SLOW
@given(st.binary(max_size=60), st.integers(0, 9))
def test_any_bytes_are_read_or_refused(data: bytes, start: int) -> None:
    """Any bytes give a text within the limit or a typed error."""
    with contextlib.suppress(codec.TextError):
        assert len(codec.decode_tail(data, max_chars=60, start_bit=start)) <= 60
    with contextlib.suppress(codec.TextError):
        assert len(codec.decode(data, max_chars=60)) <= 60
