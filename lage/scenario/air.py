# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A simulated air with virtual radios on consecutive ports, for demos, exercises and tests.

Any Meshtastic client can plug in. The radios stand in a ring around a hill-top router, so that
each hears the others; loss and preset are the caller's choice.
"""

from __future__ import annotations

import asyncio
import json
import math
import os
import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from lage.errors import RadioError, UsageError
from mesh.airtime import PRESETS
from mesh.ether import Ether, EtherConfig, RadioConfig, Role
from mesh.virtual_radio import VirtualRadio, VirtualRadioServer

FIRST_NUMBER = 0x4C41_0001
ROUTER_NUMBER = 0x4C41_0FFF
RADIUS_M = 6_000.0
RADIOS_MAX = 100
REPORT_EVERY_S = 0.5


def build(
    names: Sequence[str],
    *,
    first_port: int,
    preset: str = "LONG_FAST",
    loss: float = 0.0,
    speed: float = 1.0,
    seed: int = 1,
    router: bool = False,
    pty: bool = False,
) -> VirtualRadioServer:
    """A server for that many radios; port 0 takes any free ones. Raises UsageError."""
    if preset not in PRESETS:
        raise UsageError(
            f"Die Einstellung „{preset}“ gibt es nicht; möglich: {', '.join(PRESETS)}."
        )
    if not 1 <= len(names) <= RADIOS_MAX:
        raise UsageError(f"Möglich sind 1 bis {RADIOS_MAX} Funkgeräte.")
    if not 0 <= loss < 1:
        raise UsageError("Der Verlust muss zwischen 0 und 1 liegen, z. B. 0.1.")
    ether = Ether(random.Random(seed), EtherConfig(preset=PRESETS[preset], loss=loss, clutter_db=0))
    radios = []
    for place, name in enumerate(names):
        angle = 2 * math.pi * place / len(names)
        position = (RADIUS_M * math.cos(angle), RADIUS_M * math.sin(angle))
        air = ether.add_radio(
            RadioConfig(FIRST_NUMBER + place, position, antenna_height_m=25, name=name)
        )
        port = first_port + place if first_port else 0
        radios.append(VirtualRadio(air, name, f"F{place + 1}", port, pty))
    if router:
        ether.add_radio(
            RadioConfig(ROUTER_NUMBER, (0, 0), antenna_height_m=80, role=Role.ROUTER, name="Turm")
        )
    return VirtualRadioServer(ether, radios, speed=speed, seed=seed)


async def serve(
    server: VirtualRadioServer,
    report: Path | None,
    announce: Callable[[dict[str, Any]], None],
) -> None:
    """Run until cancelled; ``report`` gets the statistics as JSON, twice a second."""
    try:
        async with server:
            announce(server.statistics())
            while True:
                if report is not None:
                    write_report(report, server.statistics())
                await asyncio.sleep(REPORT_EVERY_S)
    except OSError as error:
        raise RadioError(
            f"Die virtuellen Funkgeräte können nicht bereitgestellt werden ({error}): bitte andere"
            " Ports mit --port wählen."
        ) from error


def write_report(path: Path, statistics: dict[str, Any]) -> None:
    """Replace a report as a whole, so that a reader never sees half of it."""
    partial = path.with_suffix(".neu")
    partial.write_text(json.dumps(statistics), "utf8")
    os.replace(partial, path)
