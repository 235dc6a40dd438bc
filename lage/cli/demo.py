# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""``lage demo``: three staffs, three processes, three virtual radios, one situation."""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import click

from lage.cli.common import as_json, json_option, note, rewrite, say
from lage.cli.node import run_screen
from lage.exercise import air
from lage.exercise.script import Script, built_in, read_script
from lage.exercise.stage import set_stage
from lage.exercise.troupe import Troupe, heads, log_digest, picture_digest
from lage.language.errors import UsageError
from lage.station import Station

TIMEOUT_S = 240.0
POLL_S = 0.3


@click.command()
@click.option(
    "--headless", is_flag=True, help="Ohne Bildschirm; endet, wenn alle Lagen gleich sind."
)
@click.option("--behalten", is_flag=True, help="Den Ordner der Vorführung nicht löschen.")
@click.option("--tempo", type=float, help="Zeitraffer (mit Bildschirm 20, ohne 60).")
@click.option("--preset", default="LONG_FAST", show_default=True, help="Funkeinstellung.")
@click.option("--verlust", default=0.0, show_default=True, help="Anteil verlorener Pakete.")
@click.option("--frist", default=TIMEOUT_S, show_default=True, help="Höchstens so viele Sekunden.")
@json_option
@click.pass_context
def demo(
    ctx: click.Context,
    headless: bool,
    behalten: bool,
    tempo: float | None,
    preset: str,
    verlust: float,
    frist: float,
    machine: bool,
) -> None:
    """Drei Stäbe, drei Funkgeräte, eine Lage: ein Hochwasser zum Zusehen.

    Alles läuft in einem eigenen Übungsnetz in einem vorübergehenden Ordner.
    """
    folder = Path(tempfile.mkdtemp(prefix="lage-demo-"))
    try:
        code = play(
            folder,
            built_in(),
            speed=(60.0 if headless else 20.0) if tempo is None else tempo,
            preset=preset.upper(),
            loss=verlust,
            headless=headless,
            machine=machine,
            timeout_s=frist,
        )
    finally:
        if behalten:
            note(f"Der Ordner bleibt: {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)
    ctx.exit(code)


def play(
    folder: Path,
    script_path: Path,
    *,
    speed: float,
    preset: str,
    loss: float,
    headless: bool,
    machine: bool,
    screen_of: str | None = None,
    timeout_s: float = TIMEOUT_S,
) -> int:
    """Set the stage, run all processes, open a screen or wait for equal pictures; exit code."""
    script = read_script(script_path)
    staffs = [member.name for member in script.cast]
    air.check(len(staffs), preset=preset, loss=loss, speed=speed)
    name = screen_of or staffs[0]
    if name not in staffs:
        raise UsageError(f"Die Stelle „{name}“ spielt nicht mit; möglich: {', '.join(staffs)}.")
    started = time.monotonic()
    folders, _ = set_stage(folder, script, speed, time.time)
    with Troupe(
        folder, script_path, script, folders, speed=speed, preset=preset, loss=loss
    ) as troupe:
        if headless or machine or not sys.stdout.isatty():
            return _wait(troupe, script, started, timeout_s, machine=machine)
        return run_screen(folders[name], ascii_only=None)


def _wait(
    troupe: Troupe, script: Script, started: float, timeout_s: float, *, machine: bool
) -> int:
    """Wait until all has been written and all logs are equal; print what came of it."""
    stations = {name: Station.open(folder) for name, folder in troupe.folders.items()}
    try:
        converged = False
        while time.monotonic() - started < timeout_s:
            troupe.check_alive()
            known = [heads(station) for station in stations.values()]
            parts = [station.setting("script") or {} for station in stations.values()]
            written = all(part.get("finished") for part in parts)
            if written and all(item == known[0] for item in known):
                converged = True
                break
            if not machine and sys.stderr.isatty():
                counts = ", ".join(str(sum(item.values())) for item in known)
                rewrite(f"Einträge je Knoten: {counts}   ")
            time.sleep(POLL_S)
        result = _result(troupe, stations, started, converged=converged)
    finally:
        for station in stations.values():
            station.close()
    if machine:
        as_json(result)
    else:
        _tell(script, result)
    return 0 if result["converged"] else 1


def _result(
    troupe: Troupe, stations: dict[str, Station], started: float, *, converged: bool
) -> dict[str, Any]:
    logs = {name: log_digest(station) for name, station in stations.items()}
    pictures = {name: picture_digest(station) for name, station in stations.items()}
    failed = {
        name: part["failed"]
        for name, station in stations.items()
        if (part := station.setting("script") or {}).get("failed")
    }
    time.sleep(POLL_S * 2)  # the air's report is written twice a second
    on_air = troupe.air()
    same = len(set(logs.values())) == 1 and len(set(pictures.values())) == 1
    return {
        "nodes": len(stations),
        "operations": max(s.store.situation.operation_count() for s in stations.values()),
        "converged": converged and same and not failed,
        "seconds": round(time.monotonic() - started, 1),
        "packets": on_air["packets"],
        "airtime_ms": on_air["airtime_ms"],
        "picture_sha256": pictures,
        "failed": failed,
    }


def _tell(script: Script, result: dict[str, Any]) -> None:
    say(f"{script.name}: {result['nodes']} Knoten, {result['operations']} Einträge")
    say(f"  Pakete in der Luft: {result['packets']}, Sendezeit {result['airtime_ms'] / 1000:.1f} s")
    for name, digest in result["picture_sha256"].items():
        say(f"  Lagebild {name}: {digest[:16]}")
    for name, problems in result["failed"].items():
        for place, reason in problems:
            say(f"  {name}, Einlage {place}: {reason}")
    say("  Alle Lagebilder sind gleich." if result["converged"] else "  NICHT gleich.")
