# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""One performance of a script: stage, processes, and the wait until every picture is the same."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from lage.exercise.player import PROGRESS
from lage.exercise.possible_air import check
from lage.exercise.script.model import Script
from lage.exercise.script.read import read_script
from lage.exercise.script.unattended import unattended
from lage.exercise.stage import set_stage
from lage.exercise.troupe import Troupe, heads, log_digest, picture_digest
from lage.language.errors import UsageError
from lage.station import Station

TIMEOUT_S = 240.0
POLL_S = 0.3


@dataclass(frozen=True, slots=True)
class Plan:
    """What is played, and in what air."""

    script: Path
    speed: float
    preset: str = "LONG_FAST"
    loss: float = 0.0
    screen_of: str | None = None  # whose screen is opened; None: the first staff's


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it."""

    nodes: int
    operations: int
    converged: bool  # everything written, all logs and pictures equal, nothing failed
    seconds: float
    packets: int
    airtime_ms: int
    picture_sha256: Mapping[str, str]  # by staff
    failed: Mapping[str, tuple[tuple[int, str], ...]]  # by staff: place in the script and reason
    silent: tuple[str, ...]  # staffs whose answers in the script nobody gives


class Performance:
    """Processes at work; ``screen`` is the folder whose screen the trainer sees."""

    def __init__(self, troupe: Troupe, screen: Path, started: float) -> None:
        self.troupe, self.screen = troupe, screen
        self._started = started

    def wait(self, timeout_s: float, tell: Callable[[list[int]], None]) -> Outcome:
        """Wait until all has been written and all logs are equal; ``tell`` gets entries by node.

        Raises LageError if a process ends by itself.
        """
        with ExitStack() as opened:
            stations = {
                name: opened.enter_context(closing(Station.open(folder)))
                for name, folder in self.troupe.folders.items()
            }
            converged = False
            while not converged and time.monotonic() - self._started < timeout_s:
                self.troupe.check_alive()
                known = [heads(station) for station in stations.values()]
                written = all(station.setting(PROGRESS).finished for station in stations.values())
                converged = written and all(item == known[0] for item in known)
                if not converged:
                    tell([sum(item.values()) for item in known])
                    time.sleep(POLL_S)
            return self._outcome(stations, converged=converged)

    def _outcome(self, stations: Mapping[str, Station], *, converged: bool) -> Outcome:
        logs = {name: log_digest(station) for name, station in stations.items()}
        pictures = {name: picture_digest(station) for name, station in stations.items()}
        parts = {name: station.setting(PROGRESS).failed for name, station in stations.items()}
        failed = {name: problems for name, problems in parts.items() if problems}
        time.sleep(POLL_S * 2)  # the air's report is written twice a second
        on_air = self.troupe.air()
        same = len(set(logs.values())) == 1 and len(set(pictures.values())) == 1
        return Outcome(
            nodes=len(stations),
            operations=max(s.store.situation.operation_count() for s in stations.values()),
            converged=converged and same and not failed,
            seconds=round(time.monotonic() - self._started, 1),
            packets=on_air["packets"],
            airtime_ms=on_air["airtime_ms"],
            picture_sha256=pictures,
            failed=failed,
            silent=silent(self.troupe.script),
        )


def silent(script: Script) -> tuple[str, ...]:
    """Staffs that would answer in a directed exercise: who only plays the clock answers nothing."""
    return tuple(member.name for member in script.cast if member.answers)


@contextmanager
def performing(folder: Path, plan: Plan) -> Iterator[Performance]:
    """Set the stage in ``folder`` and run all processes while the context lasts.

    Raises UsageError for a plan that cannot be played, before anything is written.
    """
    script = unattended(read_script(plan.script))
    staffs = [member.name for member in script.cast]
    check(len(staffs), preset=plan.preset, loss=plan.loss, speed=plan.speed)
    name = plan.screen_of or staffs[0]
    if name not in staffs:
        raise UsageError(f"Die Stelle „{name}“ spielt nicht mit; möglich: {', '.join(staffs)}.")
    started = time.monotonic()
    folders, _ = set_stage(folder, script, plan.speed, time.time)
    with Troupe(
        folder,
        plan.script,
        script,
        folders,
        speed=plan.speed,
        preset=plan.preset,
        loss=plan.loss,
    ) as troupe:
        yield Performance(troupe, folders[name], started)
