# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The simulated air of a conducted exercise: a radio for each staff, and the script's relays.

Where the script names relays, who hears whom follows from where all of them stand; otherwise all
hear each other. What fails falls silent in this air.
"""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Sequence
from pathlib import Path

from lage.exercise.direction.state import Cuts, fails
from lage.exercise.on_air import REPORT_BYTES_MAX, REPORT_FILE
from lage.exercise.script.model import Broken, Cast, Script
from lage.exercise.simulation.places import sites_of
from maps.read.files import read_regular

SILENT_FILE = "getrennt.json"
SITES_FILE = "orte.csv"


class SimulatedAir:
    """Radios in the order of ``staffs``, then the relays."""

    def __init__(self, folder: Path, staffs: Sequence[Cast], script: Script) -> None:
        self._folder = folder
        self._staffs = [member.name for member in staffs]
        self._relays = [relay.name for relay in script.relays]
        self._silent = folder / SILENT_FILE
        self._told: list[int] | None = None
        if script.relays:
            places = [site for _, site in sites_of(staffs)]
            with (folder / SITES_FILE).open("w", encoding="utf8", newline="") as stream:
                table = csv.writer(stream, delimiter=";")
                table.writerow(("Name", "Lage", "Höhe"))
                for name, site in zip(self.names, [*places, *script.relays], strict=True):
                    where = f"32U {site.east_m:.0f} {site.north_m:.0f}"
                    table.writerow((name, where, f"{site.height_m:.0f}"))

    @property
    def names(self) -> list[str]:
        """Of all radios, in their order."""
        return [*self._staffs, *self._relays]

    @property
    def options(self) -> list[str]:
        """How ``lage funk simulieren`` makes it."""
        count = ("--knoten", str(len(self.names)))
        table = ("--orte", str(self._folder / SITES_FILE), "--relais", str(len(self._relays)))
        radios = table if self._relays else count
        return [
            *radios,
            *("--bericht", str(self._folder / REPORT_FILE)),
            *("--getrennt", str(self._silent)),
        ]

    def cut_off(self, cut: Cuts) -> None:
        """Let those that fail, and only those, hear nobody and be heard by nobody."""
        silent = [
            place
            for place, name in enumerate(self.names, 1)
            if any(fails(name, what, cut) for what in self._by(name))
        ]
        if silent != self._told:
            fresh = self._silent.with_suffix(".neu")
            fresh.write_text(json.dumps(silent), "utf8")
            os.replace(fresh, self._silent)
            self._told = silent

    def _by(self, name: str) -> tuple[Broken, ...]:
        return (Broken.RADIO, Broken.LAPTOP) if name in self._staffs else (Broken.RELAY,)

    def ports(self) -> list[int]:
        """Where their clients plug in; none while it does not run."""
        try:
            said = json.loads(read_regular(self._folder / REPORT_FILE, REPORT_BYTES_MAX))
            return [int(radio["port"]) for radio in said["radios"]]
        except (OSError, ValueError, KeyError, TypeError):
            return []
