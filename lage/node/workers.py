# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Work beside the radio that takes seconds of a processor: processes of their own, of lower rank.

A thread would not do: whatever reckons in Python holds up every other thread of its process. A
worker is a command of ours; it reads what it needs from the folder, and ends when its standard
input does, so that none outlives its node, however that ends, on any system. One that dies is
started again; one that keeps dying is told as a fault, and tried less and less often.
"""

from __future__ import annotations

import logging
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

LOGGER = logging.getLogger("lage.node")
AGAIN_S, AGAIN_MAX_S = 1.0, 300.0
"""Before it is started anew: after the first death, and at most."""
STEADY_S = 60.0
"""Who has worked for so long was well: its next death is a first one."""
STOP_S = 3.0


class WorkerDied(Exception):
    """A worker died again soon after it had been started."""


@dataclass(slots=True)
class _Worker:
    """One of them, with its past."""

    command: tuple[str, ...]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    due: float = 0.0
    deaths: int = 0  # in a row

    def end(self) -> None:
        """Tell it to end; it is given no longer than it takes to end by itself."""
        if self.process is not None:
            assert self.process.stdin is not None
            self.process.stdin.close()


@dataclass(slots=True)
class Workers:
    """The workers of one node."""

    folder: Path
    clock: Callable[[], float] = time.monotonic
    _running: dict[str, _Worker] = field(default_factory=dict)

    def turn(self, wanted: Mapping[str, Sequence[str]]) -> None:
        """Start what is wanted (commands of ours by name), end what is not, start the dead anew.

        Raises WorkerDied, for the fence of the node, when everything else has been done.
        """
        for name in self._running.keys() - wanted.keys():
            self._running.pop(name).end()
        died = [name for name, command in wanted.items() if self._mind(name, tuple(command))]
        if died:
            raise WorkerDied(", ".join(died))

    def close(self) -> None:
        """End all, and wait for them."""
        for worker in self._running.values():
            worker.end()
        end = self.clock() + STOP_S
        for worker in self._running.values():
            if worker.process is not None:
                try:
                    worker.process.wait(max(0.0, end - self.clock()))
                except subprocess.TimeoutExpired:
                    worker.process.kill()
                    worker.process.wait()
        self._running.clear()

    def pids(self) -> dict[str, int]:
        """Of those that run."""
        running = {name: worker.process for name, worker in self._running.items()}
        return {name: process.pid for name, process in running.items() if process is not None}

    def _mind(self, name: str, command: tuple[str, ...]) -> bool:
        """Look after one; whether it has just died once more."""
        worker, now = self._running.setdefault(name, _Worker(command)), self.clock()
        again = False
        if worker.process is not None and worker.process.poll() is not None:
            code, worker.process = worker.process.returncode, None
            worker.deaths = 1 if now - worker.started >= STEADY_S else worker.deaths + 1
            worker.due = now + min(AGAIN_MAX_S, AGAIN_S * 4 ** (worker.deaths - 1))
            again = worker.deaths > 1
            LOGGER.warning("worker %s ended (%s): started anew", name, code)
        if worker.process is None and now >= worker.due:
            worker.process, worker.started = self._start(command), now
        return again

    def _start(self, command: Sequence[str]) -> subprocess.Popen[bytes]:
        lower = getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0)  # Windows; else ``os.nice``
        group = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)
        return subprocess.Popen(
            [sys.executable, "-m", "lage", "--daten", str(self.folder), *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl+C is for the node, which ends its workers
            creationflags=lower | group,
        )
