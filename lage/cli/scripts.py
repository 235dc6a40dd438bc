# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""``lage uebung`` about scripts: check, take in from a table, print, and their JSON schema."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import click

from lage.cli.common import as_json, json_option, note, print_table, say
from lage.exercise.scenarios import script_file
from lage.exercise.script.dice import thrown
from lage.exercise.script.faults import Fault, ScriptRefused
from lage.exercise.script.intake import as_yaml, from_table
from lage.exercise.script.read import read_script
from lage.exercise.script.schema import schema as json_schema
from lage.exercise.script.spreadsheet import script_csv, script_workbook
from lage.exercise.script.table import as_data, table
from lage.language.epoch import from_unix
from lage.language.errors import UsageError
from lage.reports.files import write_whole

PARTS = ("ablauf", "karten", "fax")


@click.command("pruefen")
@click.argument("datei", type=click.Path(dir_okay=False))
@click.option("--seed", type=int, help="Würfeln: andere Saat als im Drehbuch.")
@json_option
@click.pass_context
def pruefen(ctx: click.Context, datei: str, seed: int | None, machine: bool) -> None:
    """Ein Drehbuch lesen, jede Angabe wie im Formular prüfen, und als Tabelle zeigen."""
    try:
        script = read_script(script_file(datei))
    except ScriptRefused as error:
        if not machine:
            raise
        as_json({"fehler": list(map(_fault, error.faults)), "meldung": str(error)})
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
    for doubt in script.doubts:
        note(f"Bitte ansehen: {doubt}")


@click.command("importieren")
@click.argument("datei", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--ziel", type=click.Path(dir_okay=False, path_type=Path), help="Neue Datei (.yaml).")
@click.option("--beginn", help="Zeit bei X+00, z. B. 24.11.2026 18:00; sonst die erste darin.")
@click.option("--name", help="Name der Übung; sonst der Dateiname.")
@json_option
def importieren(
    datei: Path, ziel: Path | None, beginn: str | None, name: str | None, machine: bool
) -> None:
    """Aus einer Tabelle (CSV, Excel) ein Drehbuch machen."""
    intake = from_table(datei, name, beginn)
    target = ziel or datei.with_suffix(".yaml")
    if target.exists():
        raise UsageError(f"{target} gibt es schon: bitte mit --ziel eine neue Datei angeben.")
    write_whole(target, as_yaml(intake.script).encode())
    try:
        read_script(target)
        faults: tuple[Fault, ...] = ()
    except ScriptRefused as error:
        faults = error.faults
    if machine:
        as_json(
            {
                "datei": str(target),
                "einlagen": len(intake.script["ablauf"]),
                "stellen": [staff["name"] for staff in intake.script["stellen"]],
                "hinweise": intake.notes,
                "fehler": list(map(_fault, faults)),
            }
        )
        return
    say(f"Geschrieben: {target} ({len(intake.script['ablauf'])} Einlagen)")
    for text in intake.notes:
        note(text)
    for fault in faults:
        note(f"Noch zu verbessern: Zeile {fault.line}, Spalte {fault.column}: {fault.sentence}")


@click.command("drucken")
@click.argument("datei", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--ziel",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Datei: .pdf, .csv oder .xlsx; sonst DATEI.pdf.",
)
@click.option(
    "--teil",
    "parts",
    multiple=True,
    type=click.Choice(PARTS),
    help="Nur das: Ablauf, Karten zum Vorlesen, Faxblätter.",
)
@click.option("--seed", type=int, help="Würfeln: Zeiten und Ausfälle des Zufalls wie gespielt.")
@json_option
def drucken(
    datei: Path, ziel: Path | None, parts: tuple[str, ...], seed: int | None, machine: bool
) -> None:
    """Ein Drehbuch zum Ausdrucken: Ablauf, Telefonkarten, Faxblätter; oder als Tabelle."""
    script = read_script(script_file(str(datei)))
    if seed is not None:
        script = thrown(script, seed)
    target = ziel or datei.with_suffix(".pdf")
    match target.suffix.lower():
        case ".pdf":
            from lage.exercise.script.paper import script_pdf

            content = script_pdf(script, from_unix(time.time()), parts or PARTS)
        case ".csv":
            content = script_csv(script)
        case ".xlsx":
            content = script_workbook(script)
        case _:
            raise UsageError(f"{target}: möglich sind die Endungen .pdf, .csv und .xlsx.")
    write_whole(target, content)
    if machine:
        as_json({"datei": str(target), "einlagen": len(script.injects)})
    else:
        say(f"Geschrieben: {target}")


@click.command("schema")
@json_option
def schema(machine: bool) -> None:
    """Das JSON-Schema der Drehbücher ausgeben, mit dem Editoren beim Schreiben mitprüfen."""
    as_json(json_schema())


def _fault(fault: Fault) -> dict[str, Any]:
    return {"zeile": fault.line, "spalte": fault.column, "satz": fault.sentence}
