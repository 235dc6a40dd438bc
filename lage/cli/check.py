# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""``lage pruefen``, ``lage sichern``, ``lage wiederherstellen``."""

from __future__ import annotations

from pathlib import Path

import click

from lage.archive.audit import check as check_log
from lage.cli.common import (
    as_json,
    folder_of,
    json_option,
    open_station,
    say,
    say_wrapped,
    show_progress,
)
from lage.language.errors import UsageError, why
from lage.station import Station
from lage.views.faults import unshown_words
from maps.read.files import read_regular

PRINTOUT_MAX = 64_000_000


@click.command()
@click.option(
    "--ausdruck",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Statt dessen ein ausgedrucktes Tagebuch prüfen: das PDF, oder ein Text mit Prüfzeile.",
)
@json_option
@click.pass_context
def check(ctx: click.Context, ausdruck: Path | None, machine: bool) -> int:
    """Ketten, Unterschriften, Zertifikate, Lagebild und Datei prüfen; 1, wenn etwas falsch ist."""
    with open_station(ctx) as station:
        if ausdruck is not None:
            return _check_printout(station, ausdruck, machine=machine)
        found = check_log(station, show_progress)
        if machine:
            as_json(
                {
                    "in_ordnung": found.sound,
                    "stellen": found.feeds,
                    "eintraege": found.operations,
                    "unterschriften": found.signatures,
                    "maengel": found.problems,
                    "hinweise": found.notes,
                    "nicht_darstellbar": found.unshown,
                }
            )
        else:
            say(
                f"{found.operations} Einträge von {found.feeds} Stellen,"
                f" {found.signatures} Unterschriften geprüft."
            )
            for problem in found.problems:
                say(f"FEHLER {problem}")
            for note in found.notes:
                say_wrapped(f"Hinweis: {note}", 2)
            if not found.sound:
                say("Das Lagebuch ist nicht in Ordnung.")
            elif found.unshown:
                say(f"Das Lagebuch ist in Ordnung; {unshown_words(found.unshown)}.")
            else:
                say("Alles in Ordnung.")
        return 0 if found.sound else 1


def _check_printout(station: Station, path: Path, *, machine: bool) -> int:
    from lage.reports.printout import check_printout

    try:
        data = read_regular(path, PRINTOUT_MAX)
    except OSError as error:
        raise UsageError(f"Die Datei {path} ist nicht lesbar: {why(error)}.") from error
    found = check_printout(station, data)
    if machine:
        as_json(
            {
                "in_ordnung": not found.problems,
                "eintraege": found.entries,
                "text_verglichen": found.text_compared,
                "maengel": list(found.problems),
            }
        )
    else:
        for problem in found.problems:
            say(f"FEHLER {problem}")
        how = (
            "Kettenwert, Prüfsumme und jeder Eintrag"
            if found.text_compared
            else ("Kettenwert und Prüfsumme (der Text selbst wurde nicht verglichen)")
        )
        if not found.problems:
            say(f"Der Ausdruck stimmt mit dem Lagebuch überein: {found.entries} Einträge, {how}.")
            say("Automatische Zeilen sind keine Einträge und wurden nicht verglichen.")
    return 1 if found.problems else 0


@click.command()
@click.argument("datei", type=click.Path(dir_okay=False, path_type=Path))
@click.pass_context
def back_up(ctx: click.Context, datei: Path) -> None:
    """Das Lagebuch in eine Datei sichern, auch während der Knoten läuft."""
    from lage.archive.backup import back_up as write

    with open_station(ctx) as station:
        size = write(station, datei, show_progress("Sicherung"))
    say(f"Gesichert in {datei} ({size} Bytes). Die Datei enthält den Netzschlüssel: gut verwahren.")


@click.command()
@click.argument("ordner", type=click.Path(file_okay=False, path_type=Path))
@json_option
@click.pass_context
def rescue(ctx: click.Context, ordner: Path, machine: bool) -> None:
    """Aus einem beschädigten Ordner alles Lesbare in einen neuen holen."""
    from lage.archive.rescue import rescue as save

    found = save(folder_of(ctx), ordner, show_progress("Einträge geprüft"))
    if machine:
        as_json(
            {
                "ordner": str(ordner),
                "gefunden": found.found,
                "gerettet": found.proved,
                "stellen": found.authors,
                "weiterschreiben": found.own_complete,
            }
        )
        return
    say(f"{found.proved} Einträge von {found.authors} Stellen geprüft und gerettet in {ordner}.")
    if found.found > found.proved:
        say(f"{found.found - found.proved} weitere sind nicht zu belegen und blieben zurück.")
    say(f"Weiter mit „lage --daten {ordner} start“: Fehlendes liefern die Nachbarn nach.")
    if not found.own_complete:
        say("Eigene Einträge können fehlen: zum Schreiben bitte „lage knoten nachfolge“.")


@click.command()
@click.argument("datei", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--ersetzen", is_flag=True, help="Ein vorhandenes Lagebuch beiseitelegen.")
@click.pass_context
def restore(ctx: click.Context, datei: Path, ersetzen: bool) -> None:
    """Eine Sicherung einspielen; weiterschreiben kann danach nur ein Nachfolger."""
    from lage.archive.backup import restore as put_back

    kept = put_back(folder_of(ctx), datei, replace=ersetzen, progress=show_progress("Einspielen"))
    say(f"Wiederhergestellt in {folder_of(ctx)}.")
    if kept:
        say(f"Das bisherige Lagebuch liegt in {kept}.")
    say("Zum Weiterschreiben: „lage knoten nachfolge“.")
