# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Reasons why a radio could not be reached."""

from __future__ import annotations

import errno
import socket

import pytest

from mesh.radio.address import parse_address
from mesh.radio.reason import explain


@pytest.mark.parametrize(
    ("address", "error", "words"),
    [
        ("tcp:funk.invalid:4403", socket.gaierror(-2, "Name unknown"), "Namen prüfen"),
        ("tcp:localhost:4403", ConnectionRefusedError(), "antwortet kein Funkgerät"),
        ("tcp:localhost:4403", TimeoutError(), "antwortet kein Funkgerät"),
        ("serial:/dev/ttyUSB0", FileNotFoundError(), "angesteckt"),
        ("serial:/dev/ttyUSB0", OSError(errno.ENXIO, "no such device"), "angesteckt"),
        ("serial:/dev/ttyUSB0", PermissionError(), "dialout"),
        ("serial:/dev/ttyUSB0", OSError(errno.EBUSY, "busy"), "anderes Programm"),
        ("serial:/dev/ttyUSB0", OSError("Could not exclusively lock port"), "anderes Programm"),
        ("serial:/dev/ttyUSB0", SystemExit(1), "SystemExit"),
        ("ble:AA:BB", RuntimeError("org.bluez.Error"), "gekoppelt"),
    ],
)
def test_each_trouble_has_its_sentence(address: str, error: BaseException, words: str) -> None:
    """One German sentence that says what to do."""
    sentence = explain(error, parse_address(address))
    assert words in sentence
    assert sentence.endswith((".", ".)"))
