# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""``lage demo``: three staffs, three processes, three virtual radios, one situation."""

from __future__ import annotations

import shutil
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

import click

from lage.cli.common import as_json, json_option, note, rewrite, say
from lage.cli.node import load_screen
from lage.exercise.performance import TIMEOUT_S, Outcome, Plan, performing
from lage.exercise.script.read import built_in


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
    speed = (60.0 if headless else 20.0) if tempo is None else tempo
    plan = Plan(built_in(), speed, preset.upper(), verlust)
    try:
        code = play(folder, plan, headless=headless, machine=machine, timeout_s=frist)
    finally:
        if behalten:
            note(f"Der Ordner bleibt: {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)
    ctx.exit(code)


def play(
    folder: Path, plan: Plan, *, headless: bool, machine: bool, timeout_s: float = TIMEOUT_S
) -> int:
    """Perform a script; open a screen, or wait for equal pictures and say so; exit code."""
    with performing(folder, plan) as performance:
        if not headless and not machine and sys.stdout.isatty():
            return load_screen(None)(performance.screen)
        outcome = performance.wait(timeout_s, _silent if machine else _count)
        name = performance.troupe.script.name
    if machine:
        as_json(asdict(outcome))
    else:
        _tell(name, outcome)
    return 0 if outcome.converged else 1


def _silent(counts: list[int]) -> None:
    """A program waits, nobody looks."""


def _count(counts: list[int]) -> None:
    if sys.stderr.isatty():
        rewrite(f"Einträge je Knoten: {', '.join(map(str, counts))}   ")


def _tell(name: str, outcome: Outcome) -> None:
    say(f"{name}: {outcome.nodes} Knoten, {outcome.operations} Einträge")
    say(f"  Pakete in der Luft: {outcome.packets}, Sendezeit {outcome.airtime_ms / 1000:.1f} s")
    for staff, digest in outcome.picture_sha256.items():
        say(f"  Lagebild {staff}: {digest[:16]}")
    for staff, problems in outcome.failed.items():
        for place, reason in problems:
            say(f"  {staff}, Einlage {place}: {reason}")
    if len(set(outcome.picture_sha256.values())) > 1:
        say("  NICHT gleich.")
    elif outcome.failed:
        say("  Alle Lagebilder sind gleich, es fehlen die abgelehnten Einlagen.")
    elif not outcome.converged:
        say("  Alle Lagebilder sind gleich, aber die Zeit reichte nicht für das ganze Drehbuch.")
    else:
        say("  Alle Lagebilder sind gleich.")
