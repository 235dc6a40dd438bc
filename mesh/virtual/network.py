# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A ready-made neighbourhood of virtual radios, for demonstrations, exercises and tests.

On a circle all hear each other; in a chain everybody hears the next on both sides; of a star all
hear the first and only that. Or the radios stand at sites with heights, and who hears whom follows
from the propagation over that distance. Losses can be added.
"""

from __future__ import annotations

import enum
import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from mesh.air.ether import Ether, EtherConfig, RadioConfig
from mesh.airtime import PRESETS
from mesh.firmware import Role
from mesh.virtual.boards import BOARDS, USUAL
from mesh.virtual.radio import VirtualRadio

FIRST_NUMBER = 0x4C410001
"""Node number of the first virtual radio; the others follow."""

RADIOS_MAX = 450
RADIUS_M = 1_000.0
NEAR_DB = 100.0
"""Path loss between neighbours of a chain or star: a good connection."""

SITE_HEIGHT_M = 10.0

Firmware = Literal["2.7", "2.8"]


class Shape(enum.Enum):
    """Who hears whom."""

    CIRCLE = "circle"
    CHAIN = "chain"
    STAR = "star"


@dataclass(frozen=True, slots=True)
class Site:
    """Where a radio stands."""

    name: str
    east_m: float
    north_m: float
    height_m: float = SITE_HEIGHT_M  # of the antenna, above ground


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
    shape: Shape = Shape.CIRCLE,
    sites: Sequence[Site] = (),
    relays: int = 0,
    firmware: Firmware = "2.7",
    board: str = USUAL,
    memory: Path | None = None,
) -> tuple[Ether, list[VirtualRadio]]:
    """An ether and one radio per name, on consecutive TCP ports (0: free ones; None: no TCP).

    ``sites``, one per name, take the place of ``shape``. The last ``relays`` of them pass on
    whatever others do (ROUTER). ``pty_folder`` gets a link ``funk1``, ``funk2`` … to each terminal,
    ``memory`` what each radio remembers. ValueError for an unknown preset, a loss outside 0..1, or
    more than ``RADIOS_MAX`` names. Simulated boards hear each other undisturbed.
    """
    if preset not in PRESETS:
        raise ValueError(f"unknown preset {preset}")
    if len(names) > RADIOS_MAX:
        raise ValueError(f"more than {RADIOS_MAX} radios")
    ether = _air(preset, loss, seed, simulated=BOARDS[board].simulated)
    radios = []
    for index, name in enumerate(names):
        site = sites[index] if sites else _on_circle(name, index, len(names))
        sim = ether.add_radio(
            RadioConfig(
                num=FIRST_NUMBER + index,
                position=(site.east_m, site.north_m),
                antenna_height_m=site.height_m,
                name=name,
                role=Role.ROUTER if index >= len(names) - relays else Role.CLIENT,
                firmware=firmware,
            )
        )
        radios.append(
            VirtualRadio(
                sim,
                name,
                f"F{index + 1}",
                tcp_port=first_port + index if first_port else first_port,
                pty=pty,
                pty_link=pty_folder / f"funk{index + 1}" if pty_folder is not None else None,
                factory_new=factory_new,
                board=board,
                memory=memory / f"funk{index + 1}.bin" if memory is not None else None,
            )
        )
    if not sites:
        _connect(ether, shape, len(names))
    return ether, radios


def _air(preset: str, loss: float, seed: int, *, simulated: bool) -> Ether:
    config = EtherConfig(
        preset=PRESETS[preset], loss=loss, shadowing_db=0.0, collisions=not simulated
    )
    return Ether(random.Random(seed), config)


def _on_circle(name: str, index: int, count: int) -> Site:
    angle = 2 * math.pi * index / count
    return Site(name, RADIUS_M * math.cos(angle), RADIUS_M * math.sin(angle))


def _connect(ether: Ether, shape: Shape, count: int) -> None:
    """Cut every path but those of the shape."""
    if shape is Shape.CIRCLE:
        return
    for one in range(count):
        for other in range(one + 1, count):
            near = other == one + 1 if shape is Shape.CHAIN else one == 0
            ether.set_link(FIRST_NUMBER + one, FIRST_NUMBER + other, NEAR_DB if near else math.inf)
