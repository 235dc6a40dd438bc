# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Running an exercise: one process for the air, one for each staff's node, all told to stop.

Each staff has its own folder, keys, log and virtual radio, and plays its own part of the script.
What the trainer sees comes from the folders and the report of the air, never from memory shared.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, Self

from lage.exercise.on_air import REPORT_FILE
from lage.exercise.script.model import Script
from lage.kinds.model import Query
from lage.kinds.schema import SCHEMA
from lage.kinds.setting import RADIO_PRESET
from lage.language.errors import LageError, RadioError
from lage.station import Station

START_S = 30.0
STOP_S = 15.0


class Troupe:
    """The processes of one exercise; a context manager that ends them all."""

    def __init__(
        self,
        folder: Path,
        script_path: Path,
        script: Script,
        folders: Mapping[str, Path],
        *,
        speed: float,
        preset: str,
        loss: float,
        seed: int = 1,
    ) -> None:
        self.folder, self.script_path, self.script = folder, script_path, script
        self.folders = dict(folders)
        self._speed, self._preset, self._loss, self._seed = speed, preset, loss, seed
        self.report = folder / REPORT_FILE
        self.ports: list[int] = []
        self._air: subprocess.Popen[bytes] | None = None
        self.nodes: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> Self:
        try:
            for folder in self.folders.values():
                with closing(Station.open(folder)) as station:
                    station.keep(RADIO_PRESET, self._preset)
            self._start_air()
            for place, name in enumerate(self.folders):
                self.start_node(name, self.ports[place])
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        processes = [*self.nodes.values(), *([self._air] if self._air else [])]
        for process in processes:
            if process.poll() is None:
                process.terminate()
        for process in processes:
            try:
                process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _start_air(self) -> None:
        first = next(iter(self.folders.values()))
        self._air = self._spawn(
            "luft",
            "--daten",
            str(first),
            "funk",
            "simulieren",
            "--knoten",
            str(len(self.folders)),
            "--port",
            "0",
            "--preset",
            self._preset,
            "--eingerichtet",
            "--verlust",
            str(self._loss),
            "--tempo",
            str(self._speed),
            "--seed",
            str(self._seed),
            "--bericht",
            str(self.report),
        )
        until = time.monotonic() + START_S
        while not self.report.exists():
            if self._air.poll() is not None or time.monotonic() > until:
                raise RadioError(
                    "Die simulierte Luft startet nicht: siehe " + str(self.folder / "luft.log")
                )
            time.sleep(0.05)
        self.ports = [item["port"] for item in self.air()["radios"]]

    def start_node(self, name: str, port: int) -> None:
        """Start one staff's node on the radio at that port."""
        folder = self.folders[name]
        self.nodes[name] = self._spawn(
            folder.name,
            "--daten",
            str(folder),
            "uebung",
            "mitspielen",
            str(self.script_path),
            "--radio",
            f"tcp:127.0.0.1:{port}",
        )

    def _spawn(self, log: str, *arguments: str) -> subprocess.Popen[bytes]:
        with (self.folder / f"{log}.log").open("ab") as output:
            return subprocess.Popen(
                [sys.executable, "-m", "lage", *arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )

    def air(self) -> dict[str, Any]:
        """Statistics of the air, as last reported."""
        data = json.loads(self.report.read_text("utf8"))
        assert isinstance(data, dict)
        return data

    def check_alive(self) -> None:
        """Raise LageError if a process has ended by itself."""
        for name, process in self.nodes.items():
            if process.poll() is not None:
                log = self.folder / f"{self.folders[name].name}.log"
                raise LageError(f"Der Knoten {name} ist ausgefallen: siehe {log}.")


def heads(station: Station) -> dict[int, int]:
    """Last number of every feed."""
    return {author: station.store.log.head(author) for author in station.store.log.authors()}


def log_digest(station: Station) -> str:
    """Hash over all operations in the order of authors and numbers: equal for equal logs."""
    digest = hashlib.sha256()
    log = station.store.log
    for author in sorted(log.authors()):
        for data in log.operations(author, 1, log.head(author)):
            digest.update(author.to_bytes(2, "big") + data)
    return digest.hexdigest()


def picture_digest(station: Station) -> str:
    """Hash over every row that a user could see: equal for equal pictures, byte for byte."""
    digest = hashlib.sha256()
    for kind in SCHEMA.kinds:
        offset = 0
        while True:
            query = Query(kind.name, order="entered", descending=False, limit=1000, offset=offset)
            rows = station.reader.select(query)
            for row in rows:
                shown = (
                    row.id,
                    row.kind,
                    row.nr,
                    row.time,
                    row.changed,
                    sorted(row.values.items()),
                )
                digest.update(repr(shown).encode())
            if len(rows) < 1000:
                break
            offset += 1000
    return digest.hexdigest()
