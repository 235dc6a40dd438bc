# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Addresses of radios."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesh.radio.address import AddressError, AddressFault, RadioAddress, parse_address


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("tcp:localhost:4403", RadioAddress("tcp", "localhost", 4403)),
        ("tcp:10.0.0.7", RadioAddress("tcp", "10.0.0.7", 4403)),
        ("TCP: funk.local:1 ", RadioAddress("tcp", "funk.local", 1)),
        ("tcp:[::1]:4404", RadioAddress("tcp", "::1", 4404)),
        ("tcp:[fe80::1]", RadioAddress("tcp", "fe80::1", 4403)),
        ("serial:/dev/ttyUSB0", RadioAddress("serial", "/dev/ttyUSB0")),
        ("serial:COM3", RadioAddress("serial", "COM3")),
        ("ble:AA:BB:CC:DD:EE:FF", RadioAddress("ble", "AA:BB:CC:DD:EE:FF")),
    ],
)
def test_good_addresses(text: str, address: RadioAddress) -> None:
    """Each kind is understood, and what is printed reads back the same."""
    assert parse_address(text) == address
    assert parse_address(str(address)) == address


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", AddressFault.UNKNOWN_KIND),
        ("/dev/ttyUSB0", AddressFault.UNKNOWN_KIND),
        ("udp:localhost:1", AddressFault.UNKNOWN_KIND),
        ("tcp:", AddressFault.NO_HOST),
        ("tcp::4403", AddressFault.NO_HOST),
        ("tcp:localhost:0", AddressFault.BAD_PORT),
        ("tcp:localhost:65536", AddressFault.BAD_PORT),
        ("tcp:localhost:0440311", AddressFault.BAD_PORT),
        ("tcp:localhost:vier", AddressFault.BAD_PORT),
        ("tcp:localhost:４４", AddressFault.BAD_PORT),
        ("tcp:::1", AddressFault.BARE_IPV6),
        ("tcp:[::1", AddressFault.NO_HOST),
        ("serial:", AddressFault.NO_SERIAL),
        ("ble: ", AddressFault.NO_BLE),
        ("serial:/dev/\x1b[2J", AddressFault.UNPRINTABLE),
        ("tcp:" + "a" * 300, AddressFault.UNPRINTABLE),
    ],
)
def test_bad_addresses_are_told_apart(text: str, fault: AddressFault) -> None:
    """Each fault has its name."""
    with pytest.raises(AddressError) as caught:
        parse_address(text)
    assert caught.value.fault is fault


@given(st.text(max_size=60))
def test_parsing_is_total(text: str) -> None:
    """Any text gives an address or an AddressError."""
    for prefix in ("", "tcp:", "serial:", "ble:"):
        try:
            address = parse_address(prefix + text)
        except AddressError:
            continue
        assert address.target
