# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""``lage uebung``: play a script in an exercise network of its own."""

from __future__ import annotations

import tempfile
from dataclasses import asdict
from pathlib import Path

import click

from lage.cli.common import Group, as_json, folder_of, json_option, print_table, say
from lage.cli.demo import play
from lage.cli.node import run_node
from lage.cli.said import stays
from lage.cli.scenarios import scenarios
from lage.exercise.performance import Plan
from lage.exercise.scenarios import script_file
from lage.exercise.script.dice import thrown
from lage.exercise.script.faults import ScriptRefused
from lage.exercise.script.read import read_script
from lage.exercise.script.schema import schema
from lage.exercise.script.table import as_data, table
from lage.language.errors import UsageError

exercise = Group(
    "uebung",
    help="Übungen abspielen und auswerten.",
    lazy={
        "auswerten": (
            "lage.cli.evaluation:evaluate_folder",
            "Eine Übung oder einen Einsatz auswerten.",
        )
    },
)
exercise.add_command(scenarios)


@exercise.command("starten")
@click.argument("datei", type=click.Path(dir_okay=False))
@click.option("--tempo", default=60.0, show_default=True, help="So viel schneller als die Uhr.")
@click.option("--ordner", type=click.Path(file_okay=False), help="Ordner der Übung, wird behalten.")
@click.option("--stelle", help="Deren Bildschirm öffnen; sonst die erste im Drehbuch.")
@click.option("--preset", default="LONG_FAST", show_default=True, help="Funkeinstellung.")
@click.option("--verlust", default=0.0, show_default=True, help="Anteil verlorener Pakete.")
@click.option("--headless", is_flag=True, help="Ohne Bildschirm, bis alle Lagen gleich sind.")
@json_option
@click.pass_context
def start(
    ctx: click.Context,
    datei: str,
    tempo: float,
    ordner: str | None,
    stelle: str | None,
    preset: str,
    verlust: float,
    headless: bool,
    machine: bool,
) -> None:
    """Ein Drehbuch (YAML) mit eigenen Schlüsseln und eigenem Ordner abspielen."""
    if tempo <= 0:
        raise UsageError("Das Tempo muss größer als 0 sein, z. B. --tempo 60.")
    folder = Path(ordner) if ordner else Path(tempfile.mkdtemp(prefix="lage-uebung-"))
    if folder.exists() and any(folder.iterdir()):
        raise UsageError(f"Der Ordner {folder} ist nicht leer: bitte einen neuen angeben.")
    folder.mkdir(parents=True, exist_ok=True)
    plan = Plan(script_file(datei), tempo, preset.upper(), verlust, stelle)
    code = play(folder, plan, headless=headless, machine=machine)
    if not machine:
        say(f"Die Übung liegt in {folder}.")
    ctx.exit(code)


@exercise.command("pruefen")
@click.argument("datei", type=click.Path(dir_okay=False))
@click.option("--seed", type=int, help="Würfeln: andere Saat als im Drehbuch.")
@json_option
@click.pass_context
def check(ctx: click.Context, datei: str, seed: int | None, machine: bool) -> None:
    """Ein Drehbuch lesen, jede Angabe wie im Formular prüfen, und als Tabelle zeigen."""
    try:
        script = read_script(script_file(datei))
    except ScriptRefused as error:
        if not machine:
            raise
        as_json({"fehler": [asdict(fault) for fault in error.faults], "meldung": str(error)})
        ctx.exit(error.exit_code)
    if seed is not None:
        script = thrown(script, seed)
    if machine:
        as_json(as_data(script))
        return
    say(f"{script.name}: {len(script.injects)} Einlagen, {len(script.cast)} Stellen")
    print_table(
        ("Nr.", "Zeit", "Von", "An", "Weg", "Einlage"),
        [[row[0], row[1], *row[3:7]] for row in table(script)],
    )


@exercise.command("schema")
@json_option
def json_schema(machine: bool) -> None:
    """Das JSON-Schema der Drehbücher ausgeben, mit dem Editoren beim Schreiben mitprüfen."""
    as_json(schema())


@exercise.command("mitspielen", hidden=True)
@click.argument("datei", type=click.Path(dir_okay=False))
@click.option("--radio", required=True)
@click.pass_context
@stays
def take_part(ctx: click.Context, datei: str, radio: str) -> None:
    """Einen Knoten der Übung laufen lassen und seinen Teil des Drehbuchs schreiben."""
    run_node(folder_of(ctx), radio, Path(datei))
