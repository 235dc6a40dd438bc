# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Texts become few bytes and come back exactly."""

import pytest

from sync.text import prose as codec

SENTENCES = (
    "Deichwache am Abschnitt 4 abgelöst, Sickerwasser unverändert",
    "SAE Greven bittet um 2 RTW bis 16:30 Uhr, UTMREF 32U LC 98543 91021",
    "Ölspur auf der K 53, UN 1203, ca. 40 l",
    "ÜBUNG ÜBUNG ÜBUNG",
    "x",
    " ",
    "zwei\nZeilen",
    "Привет из Киева",
    "日本語 und 🚒🚒",
    "\x00\x01\x02",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "é" + "é",
)


@pytest.mark.parametrize("sentence", SENTENCES)
def test_round_trip(sentence: str) -> None:
    """Prose, other scripts and control characters come back in both forms."""
    assert codec.decode_tail(codec.encode_tail(sentence), max_chars=100) == sentence
    assert codec.decode(codec.encode(sentence), max_chars=100) == sentence


@pytest.mark.parametrize("before", range(9))
def test_bits_before(before: int) -> None:
    """A text can begin at any bit; with what stands before it fills whole bytes."""
    value, size = codec.encode_tail_bits(SENTENCES[0], before)
    assert (before + size) % 8 == 0
    data = (((1 << before) - 1) << size | value).to_bytes((before + size) // 8, "big")
    assert codec.decode_tail(data, max_chars=100, start_bit=before) == SENTENCES[0]


def test_empty_text_is_no_bytes() -> None:
    """Nothing costs nothing where the end is implied, and one byte where it is not."""
    assert codec.encode_tail("") == b""
    assert codec.decode_tail(b"", max_chars=10) == ""
    assert codec.decode(codec.encode(""), max_chars=10) == ""
    assert len(codec.encode("")) == 1


def test_fields_in_a_row() -> None:
    """Self-delimiting texts can stand one after the other."""
    data = b"".join(codec.encode(sentence) for sentence in SENTENCES)
    at, found = 0, []
    while at < len(data):
        sentence, at = codec.decode_from(data, at, max_chars=100)
        found.append(sentence)
    assert tuple(found) == SENTENCES


def test_unknown_model_is_named() -> None:
    """A text of a later model raises an error that names the version."""
    with pytest.raises(codec.UnknownModel) as caught:
        codec.decode_tail(bytes([0xFE, 9, 1, 2, 3]), max_chars=100)
    assert caught.value.version == 9


def test_too_long_is_refused() -> None:
    """A text above the caller's limit is an error, coded or plain."""
    for form in (codec.encode_tail(SENTENCES[0]), b"\xff" + b"a" * 20):
        with pytest.raises(codec.TextError):
            codec.decode_tail(form, max_chars=10)


def test_lone_surrogate_is_refused() -> None:
    """Half of a surrogate pair is not Unicode text."""
    with pytest.raises(codec.TextError):
        codec.encode_tail("\ud800")


def test_long_text_travels_as_utf8() -> None:
    """Texts above the coded limit still come back, at UTF-8 plus one byte."""
    long = "Lage unverändert. " * 400
    data = codec.encode_tail(long)
    assert len(data) == len(long.encode()) + 1
    assert codec.decode_tail(data, max_chars=10_000) == long


def test_prose_is_small() -> None:
    """A sentence in the style of the staffs takes under 2.4 bits per character."""
    sentence = "Stromausfall in Teilen von Emsdetten, Netzbetreiber informiert"
    assert 8 * len(codec.encode_tail(sentence)) / len(sentence) < 2.4
