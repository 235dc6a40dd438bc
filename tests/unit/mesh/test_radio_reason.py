# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Reasons why a radio could not be reached."""

from __future__ import annotations

import errno
import socket

import pytest

from mesh.link import Reason, Trouble
from mesh.radio.address import parse_address
from mesh.radio.reason import explain


@pytest.mark.parametrize(
    ("address", "error", "trouble"),
    [
        ("tcp:funk.invalid:4403", socket.gaierror(-2, "Name unknown"), Trouble.NO_HOST),
        ("tcp:localhost:4403", ConnectionRefusedError(), Trouble.NO_ANSWER),
        ("tcp:localhost:4403", TimeoutError(), Trouble.NO_ANSWER),
        ("serial:/dev/ttyUSB0", FileNotFoundError(), Trouble.NO_DEVICE),
        ("serial:/dev/ttyUSB0", OSError(errno.ENXIO, "no such device"), Trouble.NO_DEVICE),
        ("serial:/dev/ttyUSB0", PermissionError(), Trouble.NO_PERMISSION),
        ("serial:/dev/ttyUSB0", OSError(errno.EBUSY, "busy"), Trouble.IN_USE),
        ("serial:/dev/ttyUSB0", OSError("Could not exclusively lock port"), Trouble.IN_USE),
        ("serial:/dev/ttyUSB0", SystemExit(1), Trouble.CANNOT_OPEN),
        ("ble:AA:BB", RuntimeError("org.bluez.Error"), Trouble.NO_BLUETOOTH),
    ],
)
def test_each_trouble_is_recognised(address: str, error: BaseException, trouble: Trouble) -> None:
    """What system and library report in many ways becomes one trouble."""
    assert explain(error, parse_address(address)).trouble is trouble


def test_reason_says_what_it_is_about() -> None:
    """The device of a cable, the whole address of a network."""
    assert explain(SystemExit(1), parse_address("serial:COM3")) == Reason(
        Trouble.CANNOT_OPEN, "COM3", "SystemExit"
    )
    assert explain(TimeoutError(), parse_address("tcp:funk:1")).about == "tcp:funk:1"
