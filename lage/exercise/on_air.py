# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the simulated air of an exercise has carried, over all its runs.

An air that is started again, as after a crash, counts from nothing. So each run leaves a report of
its own: ``luft.json`` is that of the run that goes on or was the last, ``luft-1.json`` … are those
before it.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from maps.read.files import load_json, read_regular

REPORT_FILE = "luft.json"
REPORT_BYTES_MAX = 1_000_000


@dataclass(frozen=True, slots=True)
class Carried:
    """Sums of all radios."""

    packets: int
    airtime_ms: int


def set_aside(folder: Path) -> None:
    """Keep the report of a run that is over, so that the next one begins its own."""
    report = folder / REPORT_FILE
    if report.exists():
        number = 1
        while (kept := _earlier(folder, number)).exists():
            number += 1
        os.replace(report, kept)


def carried(folder: Path) -> Carried | None:
    """What all runs have carried; None where there was no simulated air."""
    paths = [folder / REPORT_FILE]
    while (kept := _earlier(folder, len(paths))).exists():
        paths.append(kept)
    found = [each for each in map(carried_by, paths) if each is not None]
    if not found:
        return None
    return Carried(sum(each.packets for each in found), sum(each.airtime_ms for each in found))


def carried_by(report: Path) -> Carried | None:
    """What one run has, by its report; None where that says nothing."""
    try:
        said = load_json(read_regular(report, REPORT_BYTES_MAX).decode())
        return Carried(int(said["packets"]), int(said["airtime_ms"]))
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None


def _earlier(folder: Path, number: int) -> Path:
    return folder / f"luft-{number}.json"
