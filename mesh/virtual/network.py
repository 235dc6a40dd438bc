# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A ready-made neighbourhood of virtual radios, for demonstrations, exercises and tests.

The radios stand on a circle, near enough that all hear each other; losses can be added. Whoever
needs hills and distances places the radios on an ``Ether`` himself.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from pathlib import Path

from mesh.air.ether import Ether, EtherConfig, RadioConfig
from mesh.airtime import PRESETS
from mesh.virtual.radio import VirtualRadio

FIRST_NUMBER = 0x4C410001
"""Node number of the first virtual radio; the others follow."""

RADIOS_MAX = 450
RADIUS_M = 1_000.0


def neighbourhood(
    names: Sequence[str],
    *,
    seed: int = 0,
    preset: str = "LONG_FAST",
    loss: float = 0.0,
    first_port: int | None = 0,
    pty: bool = False,
    pty_folder: Path | None = None,
    factory_new: bool = False,
) -> tuple[Ether, list[VirtualRadio]]:
    """An ether and one radio per name, on consecutive TCP ports (0: free ones; None: no TCP).

    ``pty_folder`` gets a link ``funk1``, ``funk2`` … to each terminal. ValueError for an unknown
    preset, a loss outside 0..1, or more than ``RADIOS_MAX`` names.
    """
    if preset not in PRESETS:
        raise ValueError(f"unknown preset {preset}")
    if len(names) > RADIOS_MAX:
        raise ValueError(f"more than {RADIOS_MAX} radios")
    config = EtherConfig(preset=PRESETS[preset], loss=loss, shadowing_db=0.0)
    ether = Ether(random.Random(seed), config)
    radios = []
    for index, name in enumerate(names):
        angle = 2 * math.pi * index / len(names)
        place = (RADIUS_M * math.cos(angle), RADIUS_M * math.sin(angle))
        sim = ether.add_radio(RadioConfig(num=FIRST_NUMBER + index, position=place, name=name))
        radios.append(
            VirtualRadio(
                sim,
                name,
                f"F{index + 1}",
                tcp_port=first_port + index if first_port else first_port,
                pty=pty,
                pty_link=pty_folder / f"funk{index + 1}" if pty_folder is not None else None,
                factory_new=factory_new,
            )
        )
    return ether, radios
