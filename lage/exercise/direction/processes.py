# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The processes of a conducted exercise: simulated air and nodes, kept as the direction wants them.

All of them end with the conducting process, however that one ends, and are started anew by the
next. In a simulated air every staff has its radio, and at this computer its node. Otherwise only
the direction has a node, at its radio or cable; staffs without people hand their entries to it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from lage.exercise.direction.conductor import Conductor
from lage.exercise.direction.setting_up import Plan, on_air
from lage.exercise.direction.simulated_air import SimulatedAir
from lage.exercise.direction.state import fails
from lage.exercise.on_air import set_aside
from lage.exercise.script.model import Broken
from lage.station import Station
from lage.store.report import REPORT

STOP_S = 15.0
_AIR = "luft"
HAND_ON_S, POLL_S = 10.0, 0.1
CARRY_S = 3.0
"""So long a simulated air goes on after a radio has taken the last word: it ends with us, and what
then is in a radio's queue would never be heard."""
AGAIN_S = 3.0
"""So long after a process has ended by itself it is started again."""


class Processes(Protocol):
    """What carries the entries from staff to staff."""

    def turn(self, cut: set[tuple[str, str]]) -> None:
        """Bring it up to what is cut off now, and start again what has ended by itself."""

    def standing(self, stations: Mapping[str, Station]) -> bool:
        """Whether everybody at this computer is on the air."""

    def hand_on(self, direction: Station) -> None:
        """Let the direction's last word go out before all ends."""

    def close(self) -> None:
        """End all."""


class Children:
    """Processes of ours by name."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self._tried: dict[str, float] = {}

    def runs(self, name: str) -> bool:
        """Whether it was started and has not ended."""
        process = self.running.get(name)
        return process is not None and process.poll() is None

    def keep(self, name: str, *arguments: str) -> None:
        """Let it run: start it, or start it again where it has ended."""
        if self.runs(name):
            return
        if time.monotonic() - self._tried.get(name, -AGAIN_S) < AGAIN_S:
            return
        self._tried[name] = time.monotonic()
        with (self._folder / f"{name}.log").open("ab") as output:
            self.running[name] = subprocess.Popen(
                [sys.executable, "-m", "lage", *arguments, "--mit", str(os.getpid())],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )

    def stop(self, *names: str) -> None:
        """End these; they are given time to write down where they are."""
        found = [process for name in names if (process := self.running.pop(name, None))]
        for process in found:
            if process.poll() is None:
                process.terminate()
        for process in found:
            try:
                process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


class SimulatedNet:
    """An air, and a node at its own virtual radio for every staff at this computer; radios of the
    others wait for their laptops."""

    def __init__(
        self, folder: Path, folders: Mapping[str, Path], plan: Plan, conductor: Conductor
    ) -> None:
        self._folder, self._folders, self._plan = folder, folders, plan
        self._seed = conductor.script.seed
        self._air = SimulatedAir(folder, on_air(conductor, plan), conductor.script)
        self._children = Children(folder)

    def turn(self, cut: set[tuple[str, str]]) -> None:
        """The air first: its ports are known when it runs."""
        self._air.cut_off(cut)
        plan, first = self._plan, next(iter(self._folders.values()))
        if not self._children.runs(_AIR):
            set_aside(self._folder)  # also, the ports in it are none any more
        by = ("--uhr",) if plan.alone else ("--auf", "0.0.0.0")  # noqa: S104 (laptops plug in)
        self._children.keep(
            *(_AIR, "--daten", str(first), "funk", "simulieren", "--eingerichtet", *by),
            *("--port", str(plan.port), "--preset", plan.preset, "--verlust", str(plan.loss)),
            *("--seed", str(self._seed), *self._air.options),
        )
        for (name, path), port in zip(self._folders.items(), self._air.ports(), strict=False):
            if fails(name, Broken.LAPTOP, cut):
                self._children.stop(path.name)
            else:
                address = f"tcp:127.0.0.1:{port}"
                self._children.keep(
                    *(path.name, "--daten", str(path), "knoten", "starten", "--radio", address)
                )

    def standing(self, stations: Mapping[str, Station]) -> bool:
        """Whether every node has its radio."""
        return all(_connected(station) for station in stations.values())

    def hand_on(self, direction: Station) -> None:
        """Until the air has carried it."""
        _hand_on(direction)
        time.sleep(CARRY_S)

    def close(self) -> None:
        """End all."""
        self._children.stop(*self._children.running)


class OwnNode:
    """The direction's node alone, at a real radio, cable or broker."""

    def __init__(self, folder: Path, direction: Path, plan: Plan) -> None:
        self._direction, self._plan = direction, plan
        self._children = Children(folder)

    def turn(self, cut: set[tuple[str, str]]) -> None:
        """Ways of others are not in our hands: they are told, by cards."""
        radio = ("--radio", self._plan.radio) if self._plan.radio else ()
        path = self._direction
        self._children.keep(path.name, "--daten", str(path), "knoten", "starten", *radio)

    def standing(self, stations: Mapping[str, Station]) -> bool:
        """Whether the direction's node runs, and its radio is there."""
        direction = next(iter(stations.values()))
        report = direction.setting(REPORT)
        running = report is not None and report.running(time.time())
        return running and (not self._plan.radio or _connected(direction))

    def hand_on(self, direction: Station) -> None:
        """As far as the radio takes it soon."""
        _hand_on(direction)

    def close(self) -> None:
        """End it."""
        self._children.stop(*self._children.running)


def _hand_on(direction: Station) -> None:
    """Wait for the radio to take it, not for long: nobody may be there any more."""
    until = time.monotonic() + HAND_ON_S
    while direction.unsent() and time.monotonic() < until:
        time.sleep(POLL_S)


def _connected(station: Station) -> bool:
    report = station.setting(REPORT)
    return report is not None and report.running(time.time()) and report.connected
