# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Battery and mains."""

from __future__ import annotations

from pathlib import Path

import pytest

from hardware.power import Power, from_windows, read_linux, read_power


def supply(folder: Path, name: str, **values: object) -> None:
    """Lay out one power supply as the kernel does."""
    (folder / name).mkdir()
    for key, value in values.items():
        (folder / name / key).write_text(f"{value}\n")


def test_laptop_on_mains_and_on_battery(tmp_path: Path) -> None:
    """Charge and mains are told; pulling the plug changes the answer."""
    supply(tmp_path, "AC", type="Mains", online=1)
    supply(tmp_path, "BAT0", type="Battery", present=1, capacity=83, status="Charging")
    assert read_linux(tmp_path) == Power(83, True)
    (tmp_path / "AC" / "online").write_text("0\n")
    assert read_linux(tmp_path) == Power(83, False)


def test_two_batteries_count_by_their_size(tmp_path: Path) -> None:
    """100 % of a small one and 25 % of one twice its size make 50 %."""
    supply(tmp_path, "BAT0", type="Battery", capacity=100, energy_full=20_000_000)
    supply(tmp_path, "BAT1", type="Battery", capacity=25, energy_full=40_000_000)
    assert read_linux(tmp_path) == Power(50, None)


def test_battery_of_a_mouse_does_not_count(tmp_path: Path) -> None:
    """Scope "Device" is not this computer."""
    supply(tmp_path, "hid", type="Battery", scope="Device", capacity=3)
    assert read_linux(tmp_path) == Power(None, None)


def test_weak_charger_does_not_count_as_mains(tmp_path: Path) -> None:
    """Online, and yet the battery drains."""
    supply(tmp_path, "usb", type="USB", online=1)
    supply(tmp_path, "BAT0", type="Battery", capacity=40, status="Discharging")
    assert read_linux(tmp_path) == Power(40, False)


def test_unreadable_values_are_unknown(tmp_path: Path) -> None:
    """Nonsense and missing files give None, never zero."""
    supply(tmp_path, "BAT0", type="Battery", capacity="kaputt")
    supply(tmp_path, "BAT1", type="Battery", capacity=250)
    (tmp_path / "BAT1" / "status").write_bytes(b"\xff\xfe")
    assert read_linux(tmp_path) == Power(None, None)
    assert read_linux(tmp_path / "fehlt") == Power(None, None)


@pytest.mark.parametrize(
    ("status", "power"),
    [
        ((1, 8, 77), Power(77, True)),
        ((0, 1, 12), Power(12, False)),
        ((1, 128, 255), Power(None, True)),
        ((255, 255, 255), Power(None, None)),
    ],
)
def test_windows_status(status: tuple[int, int, int], power: Power) -> None:
    """Charging, draining, a desktop computer, and nothing known."""
    assert from_windows(*status) == power


def test_this_computer_can_be_asked() -> None:
    """The answer is in range or unknown."""
    percent = read_power().battery_percent
    assert percent is None or 0 <= percent <= 100
