# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""How long this computer can go on: battery charge and mains, as the operating system tells it.

Linux: /sys/class/power_supply. Windows: GetSystemPowerStatus. Anything else, and anything that
cannot be read, is ``None``: unknown is never shown as zero or as "on mains".
"""

from __future__ import annotations

import contextlib
import sys
from dataclasses import dataclass
from pathlib import Path

SUPPLIES = Path("/sys/class/power_supply")
SUPPLIES_MAX = 64


@dataclass(frozen=True, slots=True)
class Power:
    """Battery charge in percent 0..100 and whether mains feed the computer; None is unknown."""

    battery_percent: int | None = None
    on_mains: bool | None = None


def read_power() -> Power:
    """The present state; never raises."""
    if sys.platform == "win32":
        return _windows()
    return read_linux(SUPPLIES)


def read_linux(folder: Path) -> Power:
    """Read a folder laid out as /sys/class/power_supply (Linux ABI sysfs-class-power).

    Batteries of mice, keyboards and radios (scope "Device") don't count. Several batteries are
    averaged by their capacity in Wh or Ah where all tell it, else evenly.
    """
    batteries: list[tuple[int, int]] = []
    mains: list[bool] = []
    discharging = False
    try:
        supplies = sorted(folder.iterdir())[:SUPPLIES_MAX]
    except OSError:
        return Power()
    for supply in supplies:
        if _text(supply, "scope") == "Device":
            continue
        kind = _text(supply, "type")
        if kind in ("Mains", "USB", "USB_C", "Wireless"):
            online = _number(supply, "online")
            if online is not None:
                mains.append(online > 0)
        elif kind == "Battery" and _number(supply, "present") != 0:
            discharging = discharging or _text(supply, "status") == "Discharging"
            percent = _number(supply, "capacity")
            if percent is not None and 0 <= percent <= 100:
                full = _number(supply, "energy_full") or _number(supply, "charge_full") or 0
                batteries.append((percent, full))
    on_mains: bool | None = any(mains) if mains else None
    if discharging:
        on_mains = False  # a weak USB charger is online and yet the battery drains
    return Power(_mean(batteries), on_mains)


def _mean(batteries: list[tuple[int, int]]) -> int | None:
    if not batteries:
        return None
    weights = [full if all(full > 0 for _, full in batteries) else 1 for _, full in batteries]
    total = sum(percent * weight for (percent, _), weight in zip(batteries, weights, strict=True))
    return round(total / sum(weights))


def _text(supply: Path, name: str) -> str:
    with contextlib.suppress(OSError, UnicodeDecodeError):
        return (supply / name).read_text("ascii")[:100].strip()
    return ""


def _number(supply: Path, name: str) -> int | None:
    text = _text(supply, name)
    return int(text) if text.isascii() and text.isdigit() else None


def from_windows(ac_line: int, battery_flag: int, percent: int) -> Power:
    """Make sense of SYSTEM_POWER_STATUS: AC 0/1/255, flag bit 7 no battery, percent 255 unknown."""
    on_mains = {0: False, 1: True}.get(ac_line)
    has_battery = battery_flag == 255 or not battery_flag & 128
    return Power(percent if has_battery and 0 <= percent <= 100 else None, on_mains)


def _windows() -> Power:
    import ctypes

    class Status(ctypes.Structure):
        _fields_ = [
            ("ac_line", ctypes.c_ubyte),
            ("battery_flag", ctypes.c_ubyte),
            ("percent", ctypes.c_ubyte),
            ("system", ctypes.c_ubyte),
            ("life_s", ctypes.c_ulong),
            ("full_life_s", ctypes.c_ulong),
        ]

    status = Status()
    kernel = getattr(ctypes, "windll").kernel32  # noqa: B009  # exists on Windows only
    if not kernel.GetSystemPowerStatus(ctypes.byref(status)):
        return Power()
    return from_windows(status.ac_line, status.battery_flag, status.percent)
