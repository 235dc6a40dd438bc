# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Addresses of radios."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesh.radio.address import AddressError, RadioAddress, parse_address


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
    ("text", "word"),
    [
        ("", "keine Adresse"),
        ("/dev/ttyUSB0", "keine Adresse"),
        ("udp:localhost:1", "keine Adresse"),
        ("tcp:", "Rechners"),
        ("tcp::4403", "Rechners"),
        ("tcp:localhost:0", "kein Port"),
        ("tcp:localhost:65536", "kein Port"),
        ("tcp:localhost:0440311", "kein Port"),
        ("tcp:localhost:vier", "kein Port"),
        ("tcp:localhost:４４", "kein Port"),
        ("tcp:::1", "eckige Klammern"),
        ("tcp:[::1", "Rechners"),
        ("serial:", "serial:/dev/ttyUSB0"),
        ("ble: ", "ble:AA"),
        ("serial:/dev/\x1b[2J", "Steuerzeichen"),
        ("tcp:" + "a" * 300, "zu lang"),
    ],
)
def test_bad_addresses_say_how_to_mend_them(text: str, word: str) -> None:
    """One German sentence names the fault."""
    with pytest.raises(AddressError, match=word):
        parse_address(text)


@given(st.text(max_size=60))
def test_parsing_is_total(text: str) -> None:
    """Any text gives an address or an AddressError."""
    for prefix in ("", "tcp:", "serial:", "ble:"):
        try:
            address = parse_address(prefix + text)
        except AddressError:
            continue
        assert address.target
