# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""``lage pruefen``, ``lage sichern``, ``lage wiederherstellen``."""

from __future__ import annotations

from pathlib import Path

import click

from lage.audit import check as check_log
from lage.cli.common import as_json, folder_of, json_option, open_station, say, show_progress


@click.command()
@json_option
@click.pass_context
def check(ctx: click.Context, machine: bool) -> int:
    """Ketten, Unterschriften, Zertifikate, Lagebild und Datei prüfen; 1, wenn etwas falsch ist."""
    with open_station(ctx) as station:
        found = check_log(station, show_progress)
        if machine:
            as_json(
                {
                    "in_ordnung": found.sound,
                    "stellen": found.feeds,
                    "eintraege": found.operations,
                    "unterschriften": found.signatures,
                    "maengel": found.problems,
                }
            )
        else:
            say(
                f"{found.operations} Einträge von {found.feeds} Stellen,"
                f" {found.signatures} Unterschriften geprüft."
            )
            for problem in found.problems:
                say(f"FEHLER {problem}")
            say("Alles in Ordnung." if found.sound else "Das Lagebuch ist nicht in Ordnung.")
        return 0 if found.sound else 1


@click.command()
@click.argument("datei", type=click.Path(dir_okay=False, path_type=Path))
@click.pass_context
def back_up(ctx: click.Context, datei: Path) -> None:
    """Das Lagebuch in eine Datei sichern, auch während der Knoten läuft."""
    from lage.backup import back_up as write

    with open_station(ctx) as station:
        size = write(station, datei, show_progress("Sicherung"))
    say(f"Gesichert in {datei} ({size} Bytes). Die Datei enthält den Netzschlüssel: gut verwahren.")


@click.command()
@click.argument("datei", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--ersetzen", is_flag=True, help="Ein vorhandenes Lagebuch beiseitelegen.")
@click.pass_context
def restore(ctx: click.Context, datei: Path, ersetzen: bool) -> None:
    """Eine Sicherung einspielen; weiterschreiben kann danach nur ein Nachfolger."""
    from lage.backup import restore as put_back

    kept = put_back(folder_of(ctx), datei, replace=ersetzen, progress=show_progress("Einspielen"))
    say(f"Wiederhergestellt in {folder_of(ctx)}.")
    if kept:
        say(f"Das bisherige Lagebuch liegt in {kept}.")
    say("Zum Weiterschreiben: „lage knoten nachfolge“.")
