# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""NMEA sentences."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.gps import Fix, NmeaError, NmeaReader, parse_sentence


def sentence(body: str) -> bytes:
    """A sentence with its checksum."""
    checksum = 0
    for byte in body.encode():
        checksum ^= byte
    return f"${body}*{checksum:02X}".encode()


GGA = sentence("GNGGA,123519.50,5208.5260,N,00720.4140,E,1,08,0.9,45.4,M,46.9,M,,")
RMC = sentence("GPRMC,123519,A,5208.5260,N,00720.4140,E,022.4,084.4,241126,003.1,W,A")


def test_gga_gives_a_full_fix() -> None:
    """Burgsteinfurt with height, satellites and dilution."""
    fix = parse_sentence(GGA)
    assert fix is not None
    assert fix.latitude == pytest.approx(52.1421)
    assert fix.longitude == pytest.approx(7.3402333)
    assert (fix.altitude_m, fix.satellites, fix.hdop) == (45.4, 8, 0.9)
    assert fix.time_of_day_s == pytest.approx(45319.5)


def test_rmc_gives_date_and_time() -> None:
    """24 November 2026, 12:35:19 UTC."""
    fix = parse_sentence(RMC)
    assert fix is not None
    assert fix.unix_s == 1_795_523_719


def test_textbook_sentence_with_known_checksum() -> None:
    """The GLL example of the NMEA literature, south and west negative."""
    fix = parse_sentence(b"$GPGLL,4916.45,N,12311.12,W,225444,A,*1D")
    assert fix is not None
    assert fix.latitude == pytest.approx(49.2741667)
    assert fix.longitude == pytest.approx(-123.1853333)


@pytest.mark.parametrize(
    "body",
    [
        "GPGGA,123519,,,,,0,00,99.9,,M,,M,,",
        "GPGGA,123519,5208.5,N,00720.4,E,8,08,0.9,45.4,M,46.9,M,,",
        "GPRMC,123519,V,,,,,,,241126,,,N",
        "GPRMC,123519,A,5208.5,N,00720.4,E,0,0,241126,,,S",
        "GPGLL,,,,,225444,V,N",
        "GPGSV,3,1,11,03,03,111,00",
        "PUBX,00,1",
    ],
)
def test_without_a_valid_position_there_is_no_fix(body: str) -> None:
    """No fix yet, simulated, estimated, or another kind of sentence."""
    assert parse_sentence(sentence(body)) is None


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"$",
        b"GPGLL,4916.45,N,12311.12,W,225444,A,*1D",
        b"$GPGLL,4916.45,N,12311.12,W,225444,A,*1E",
        b"$GPGLL,4916.45,N,12311.12,W,225444,A,",
        sentence("GPGGA,123519"),
        sentence("GPGLL,9916.45,N,12311.12,W,225444,A,"),
        sentence("GPGLL,4976.45,N,12311.12,W,225444,A,"),
        sentence("GPGLL,4916.45,X,12311.12,W,225444,A,"),
        sentence("GPGLL,-916.45,N,12311.12,W,225444,A,"),
        sentence("GPGLL,1e16.45,N,12311.12,W,225444,A,"),
        sentence("GPRMC,123519,A,5208.5,N,00720.4,E,0,0,320126,,,A"),
        sentence("GPRMC,253519,A,5208.5,N,00720.4,E,0,0,240126,,,A"),
    ],
)
def test_damaged_sentences_are_refused(line: bytes) -> None:
    """Checksum, length, range, form."""
    with pytest.raises(NmeaError):
        parse_sentence(line)


@given(st.lists(st.binary(max_size=300), max_size=8), st.integers(1, 30))
def test_reader_is_total_and_finds_what_is_sound(noise: list[bytes], size: int) -> None:
    """Any bytes between sentences; a sound line after a line break always counts."""
    reader = NmeaReader()
    stream = b"".join(part + b"\r\n" + GGA + b"\r\n" for part in noise)
    fixes: list[Fix] = []
    for start in range(0, len(stream), size):
        fixes += reader.feed(stream[start : start + size])
    assert len(fixes) >= len(noise)


def test_endless_line_takes_no_memory() -> None:
    """A stream without line breaks is dropped once, and the next line is read again."""
    reader = NmeaReader()
    assert reader.feed(b"$" * 100_000) == []
    assert reader.bad == 1
    assert len(reader.feed(b"\n" + RMC + b"\n")) == 1
