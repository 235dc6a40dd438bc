# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Time on air against published tables, bytes against the real encoder."""

from __future__ import annotations

import pytest
from meshtastic.protobuf import mesh_pb2

from mesh.airtime import (
    FRAME_MAX,
    HEADER_LEN,
    LONG_FAST,
    PRESETS,
    data_len,
    frame_len,
    payload_airtime_ms,
    time_on_air_ms,
    time_on_air_us,
)
from mesh.link import PAYLOAD_MAX

# Payload 20, 60, 100, 200, 231 B on PRIVATE_APP, milliseconds (fact sheet on Meshtastic, section 3)
TABLE = {
    "SHORT_TURBO": (24, 39, 53, 90, 102),
    "SHORT_FAST": (48, 78, 107, 181, 204),
    "SHORT_SLOW": (90, 142, 193, 321, 362),
    "MEDIUM_FAST": (160, 252, 345, 570, 642),
    "MEDIUM_SLOW": (300, 464, 628, 1037, 1181),
    "LONG_TURBO": (378, 640, 869, 1459, 1656),
    "LONG_FAST": (559, 887, 1174, 1911, 2157),
    "LONG_MODERATE": (1774, 2953, 4133, 7016, 7934),
    "LONG_SLOW": (3285, 5382, 7479, 12722, 14295),
}


@pytest.mark.parametrize("name", TABLE)
def test_time_on_air_table(name: str) -> None:
    """Every preset gives the published milliseconds for five payload lengths."""
    lengths = [frame_len(payload) for payload in (20, 60, 100, 200, 231)]

    times = tuple(round(time_on_air_us(PRESETS[name], length) / 1000) for length in lengths)

    assert times == TABLE[name]


def test_time_on_air_by_hand() -> None:
    """LONG_FAST, 52 B frame: 20.25 + 8 + ceil(416/44)·5 symbols of 8.192 ms."""
    assert time_on_air_us(LONG_FAST, 52) == int((20.25 + 8 + 10 * 5) * 8192)


def test_low_data_rate_optimisation_by_hand() -> None:
    """LONG_SLOW has symbols of 32.8 ms, so two bits per symbol are given up."""
    blocks = -(-(8 * 50 - 48 + 44) // (4 * 10))

    assert time_on_air_us(PRESETS["LONG_SLOW"], 50) == int((28.25 + blocks * 8) * 32768)


def test_milliseconds_are_rounded_up() -> None:
    """A bill in milliseconds is never below the exact time."""
    assert time_on_air_ms(LONG_FAST, 52) == -(-time_on_air_us(LONG_FAST, 52) // 1000)


@pytest.mark.parametrize("port", [4, 67, 127, 256, 511])
@pytest.mark.parametrize("length", [0, 1, 127, 128, 231])
def test_overhead_is_that_of_the_encoder(port: int, length: int) -> None:
    """Bytes of Data agree with the protobuf encoder, with and without a request id."""
    data = mesh_pb2.Data(portnum=port, payload=bytes(length))
    data.bitfield = 1
    answer = mesh_pb2.Data(request_id=1 << 31)
    answer.MergeFrom(data)

    assert data_len(length, port) == data.ByteSize()
    assert data_len(length, port, answer=True) == answer.ByteSize()


def test_largest_payload_fills_the_frame() -> None:
    """231 bytes are exactly 255 on the air; 232 are too many."""
    assert frame_len(PAYLOAD_MAX) == FRAME_MAX
    assert frame_len(PAYLOAD_MAX + 1) > FRAME_MAX


def test_signature_up_to_165_bytes() -> None:
    """Firmware 2.8 adds 66 bytes to broadcasts while they fit, and none to others."""
    assert frame_len(165, signing=True) == FRAME_MAX == frame_len(165) + 66
    assert frame_len(166, signing=True) == frame_len(166)
    assert frame_len(100, signing=True, broadcast=False) == frame_len(100)
    assert payload_airtime_ms(LONG_FAST, 100, signing=True) == 1666


def test_seven_presets_are_legal_in_eu_868() -> None:
    """The 500 kHz presets do not fit the band."""
    illegal = {preset.name for preset in PRESETS.values() if not preset.legal_eu_868}

    assert illegal == {"SHORT_TURBO", "LONG_TURBO"}


def test_empty_payload_costs_a_header() -> None:
    """Without payload there are the header, the port and the bitfield."""
    assert frame_len(0, port=5) == HEADER_LEN + 4
