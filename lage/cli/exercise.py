# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""``lage uebung``: play a script in an exercise network of its own."""

from __future__ import annotations

import tempfile
from pathlib import Path

import click

from lage.cli.common import Group, folder_of, json_option, note, say
from lage.cli.exercise_simulating import simulate
from lage.cli.said import stays
from lage.cli.scenarios import scenarios
from lage.language.errors import UsageError

exercise = Group(
    "uebung",
    help="Übungen vorbereiten, leiten, abspielen und auswerten.",
    lazy={
        "leiten": ("lage.cli.direction:lead", "Eine Übung leiten: Uhr, Einlagen, Ausfälle."),
        "steuern": ("lage.cli.steering:steer", "Eine Übung steuern, die geleitet wird."),
        "beobachten": ("lage.cli.observing:observe", "Eine Übung beobachten, ohne mitzuspielen."),
        "stand": ("lage.cli.steering:standing", "Wo eine geleitete Übung steht."),
        "pruefen": ("lage.cli.scripts:pruefen", "Ein Drehbuch lesen und jede Angabe prüfen."),
        "importieren": ("lage.cli.scripts:importieren", "Aus einer Tabelle ein Drehbuch machen."),
        "drucken": ("lage.cli.scripts:drucken", "Ablauf, Telefonkarten und Faxblätter."),
        "schema": ("lage.cli.scripts:schema", "Das JSON-Schema der Drehbücher."),
        "auswerten": (
            "lage.cli.evaluation:evaluate_folder",
            "Eine Übung oder einen Einsatz auswerten.",
        ),
    },
)
exercise.add_command(scenarios)
exercise.add_command(simulate)


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
    # radios and their client are loaded by who plays, not by who asks where an exercise stands
    from lage.cli.demo import play
    from lage.exercise.performance import Plan, silent
    from lage.exercise.scenarios import script_file
    from lage.exercise.script.read import read_script
    from lage.exercise.script.unattended import unattended

    if tempo <= 0:
        raise UsageError("Das Tempo muss größer als 0 sein, z. B. --tempo 60.")
    folder = Path(ordner) if ordner else Path(tempfile.mkdtemp(prefix="lage-uebung-"))
    if folder.exists() and any(folder.iterdir()):
        raise UsageError(f"Der Ordner {folder} ist nicht leer: bitte einen neuen angeben.")
    folder.mkdir(parents=True, exist_ok=True)
    plan = Plan(script_file(datei), tempo, preset.upper(), verlust, stelle)
    script = unattended(read_script(plan.script))
    if script.left_out and not machine:
        note(
            f"Ohne Übungsleitung entfallen {len(script.left_out)} Einlagen, die auf Menschen oder"
            f" Zweige warten oder nach der Saat nicht kommen: {', '.join(script.left_out)}."
        )
    if (without := silent(script)) and not machine:
        note(
            f"Ohne Übungsleitung werden „antworten“ nicht gespielt ({', '.join(without)}): dafür"
            " gibt es „lage uebung leiten“ und „lage uebung simulieren“."
        )
    code = play(folder, plan, headless=headless, machine=machine)
    if not machine:
        say(f"Die Übung liegt in {folder}.")
    ctx.exit(code)


@exercise.command("mitspielen", hidden=True)
@click.argument("datei", type=click.Path(dir_okay=False))
@click.option("--radio", required=True)
@click.pass_context
@stays
def take_part(ctx: click.Context, datei: str, radio: str) -> None:
    """Einen Knoten der Übung laufen lassen und seinen Teil des Drehbuchs schreiben."""
    from lage.cli.node import run_node

    run_node(folder_of(ctx), radio, Path(datei))
