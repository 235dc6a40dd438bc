# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""``lage uebung``: play a script in an exercise network of its own."""

from __future__ import annotations

import tempfile
from pathlib import Path

import click

from lage.cli.common import Group, as_json, folder_of, json_option, print_table, say
from lage.cli.demo import play
from lage.cli.node import run_node
from lage.exercise.performance import Plan
from lage.exercise.script.model import Inject
from lage.exercise.script.read import read_script
from lage.language.errors import UsageError
from lage.views.words import KIND_NAMES

exercise = Group("uebung", help="Übungen abspielen.")


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
    plan = Plan(Path(datei), tempo, preset.upper(), verlust, stelle)
    code = play(folder, plan, headless=headless, machine=machine)
    if not machine:
        say(f"Die Übung liegt in {folder}.")
    ctx.exit(code)


@exercise.command("pruefen")
@click.argument("datei", type=click.Path(dir_okay=False))
@json_option
def check(datei: str, machine: bool) -> None:
    """Ein Drehbuch lesen und als Tabelle zeigen, ohne es zu spielen."""
    script = read_script(Path(datei))
    if machine:
        as_json(
            {
                "name": script.name,
                "stellen": [member.name for member in script.cast],
                "einlagen": len(script.injects),
                "dauer_min": max((i.minute or 0 for i in script.injects), default=0),
            }
        )
        return
    say(f"{script.name}: {len(script.injects)} Einlagen, {len(script.cast)} Stellen")
    print_table(
        ("Nr.", "Zeit", "Stelle", "Was", "Inhalt"),
        [
            [
                inject.nr,
                f"X+{inject.minute or 0:g}",
                inject.staff,
                _action(inject),
                "; ".join(inject.entry.fields.values() if inject.entry else ()),
            ]
            for inject in script.injects
        ],
    )


def _action(inject: Inject) -> str:
    """What an inject does, in the words of the script."""
    entry = inject.entry
    if entry is None:
        return str(inject.way)
    if entry.action == "receipt":
        return "quittung"
    word = next(word for word, kind in KIND_NAMES.items() if kind == entry.kind)
    return f"{word} ändern" if entry.action == "change" else word


@exercise.command("mitspielen", hidden=True)
@click.argument("datei", type=click.Path(dir_okay=False))
@click.option("--radio", required=True)
@click.pass_context
def take_part(ctx: click.Context, datei: str, radio: str) -> None:
    """Einen Knoten der Übung laufen lassen und seinen Teil des Drehbuchs schreiben."""
    run_node(folder_of(ctx), radio, Path(datei))
