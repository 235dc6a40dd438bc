# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A simulated air with virtual radios on consecutive ports, for demos, exercises and tests.

Any Meshtastic client can plug in. Who hears whom is the caller's choice: all each other, a chain, a
star, or what follows from a table of sites and heights.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hardware.radio_profile import RadioProfile
from lage.exercise.possible_air import check
from lage.language.errors import RadioError, UsageError, why
from lage.language.hardware import NO_PTY
from lage.store.keys import Network
from lage.store.timebase import Timebase
from maps.read.files import check_replaceable, read_regular
from mesh.record import Entry
from mesh.virtual.boards import USUAL
from mesh.virtual.lines import NoPseudoTerminal
from mesh.virtual.network import Firmware, Shape, Site, neighbourhood
from mesh.virtual.phone import VirtualPhone
from mesh.virtual.prepared import prepare
from mesh.virtual.radio import VirtualRadioServer

REPORT_EVERY_S = 0.5


@dataclass(frozen=True, slots=True)
class AirPlan:
    """What to simulate."""

    names: Sequence[str]
    first_port: int = 0  # 0: any free ones
    preset: str = "LONG_FAST"
    loss: float = 0.0
    speed: float = 1.0
    seed: int = 1
    pty_folder: Path | None = None  # where the links to serial devices lie; None: no such devices
    factory_new: bool = False
    shape: Shape = Shape.CIRCLE
    sites: Sequence[Site] = ()
    relays: int = 0  # the last of them are there for others
    firmware: Firmware = "2.7"
    board: str = USUAL
    memory: Path | None = None
    network: Network | None = None  # they are set up for it, as ``lage funk einrichten`` would
    host: str = "127.0.0.1"  # where clients plug in
    clock: Timebase | None = None  # the air runs by it, not at a speed of its own


def build(plan: AirPlan) -> VirtualRadioServer:
    """A server for those radios. Raises UsageError."""
    to_network = plan.network is not None
    about = {"loss": plan.loss, "speed": plan.speed}
    check(len(plan.names), preset=plan.preset, set_up=to_network, **about)
    ether, radios = neighbourhood(
        plan.names,
        seed=plan.seed,
        preset=plan.preset,
        loss=plan.loss,
        first_port=plan.first_port,
        pty=plan.pty_folder is not None,
        pty_folder=plan.pty_folder,
        factory_new=plan.factory_new,
        shape=plan.shape,
        sites=plan.sites,
        relays=plan.relays,
        firmware=plan.firmware,
        board=plan.board,
        memory=plan.memory,
    )
    server = VirtualRadioServer(
        ether, radios, speed=plan.speed, host=plan.host, seed=plan.seed, clock=plan.clock
    )
    if plan.network is not None:
        network = plan.network
        profile = RadioProfile(network.channel_name, network.channel_key, plan.preset)
        for radio in radios:
            set_up(server.phone(radio.number), profile)
    return server


def set_up(phone: VirtualPhone, profile: RadioProfile) -> None:
    """Bring a virtual radio to these settings without a client."""
    prepare(phone, lambda sections: [each.message for each in profile.changes(sections)])


async def serve(
    server: VirtualRadioServer,
    report: Path | None,
    announce: Callable[[dict[str, Any]], None],
    played: Sequence[Entry] = (),
    cut: Path | None = None,
) -> None:
    """Run until cancelled; ``report`` gets the statistics as JSON, twice a second.

    The first radio hears what was ``played``, once a client is there to take it. ``cut`` is read
    as often: the places from 1 of radios that nobody hears and that hear nobody.
    """
    try:
        async with server:
            announce(server.statistics())
            playing: asyncio.Task[None] | None = None
            silent: frozenset[int] = frozenset()
            while True:
                if cut is not None and (wanted := cut_off(cut)) != silent:
                    silent = wanted
                    numbers = [radio["number"] for radio in server.statistics()["radios"]]
                    server.cut_off(n for place, n in enumerate(numbers, 1) if place in silent)
                statistics = server.statistics()
                if report is not None:
                    write_report(report, statistics)
                first = statistics["radios"][0]
                if playing is None and played and first["client"]:
                    playing = asyncio.create_task(server.play(first["number"], played))
                await asyncio.sleep(REPORT_EVERY_S)
    except NoPseudoTerminal as error:
        raise UsageError(NO_PTY) from error
    except OSError as error:
        raise RadioError(
            f"Die virtuellen Funkgeräte können nicht bereitgestellt werden ({why(error)}): bitte"
            " andere Ports mit --port wählen."
        ) from error


def cut_off(path: Path) -> frozenset[int]:
    """Places of the radios that are cut off, as the direction of an exercise wrote them."""
    try:
        said = json.loads(read_regular(path, 10_000))
    except (OSError, ValueError, RecursionError):
        return frozenset()
    return frozenset(n for n in said if type(n) is int) if isinstance(said, list) else frozenset()


def write_report(path: Path, statistics: dict[str, Any]) -> None:
    """Replace a report as a whole, so that a reader never sees half of it."""
    partial = path.with_suffix(".neu")
    check_replaceable(path)
    check_replaceable(partial)
    partial.write_text(json.dumps(statistics), "utf8")
    try:
        os.replace(partial, path)
    except PermissionError:
        if sys.platform != "win32":  # there a file that somebody reads cannot be replaced
            raise
