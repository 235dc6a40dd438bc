# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""``lage uebung auswerten``: what was expected, what was done and when, on paper and as tables."""

from __future__ import annotations

import time
from pathlib import Path

import click

from lage.cli.common import as_json, folder_of, json_option, note, print_table, say, show_progress
from lage.exercise.evaluation.certificates import CERTIFICATES, certificates_pdf, participants
from lage.exercise.evaluation.evaluate import evaluate
from lage.exercise.evaluation.files import FOLDER, as_values, last_before, read_before, write_all
from lage.exercise.evaluation.gather import gather
from lage.exercise.evaluation.pages import evaluation_pdf, when
from lage.exercise.evaluation.tables import late_or_lost, overview, pictures
from lage.language.epoch import from_unix, to_unix
from lage.language.errors import UsageError

_NOBODY = (
    "Keine Bescheinigungen: Niemand hat einen Eintrag gezeichnet oder eine Nachricht mit Namen"
    " quittiert."
)
_PATH = click.Path(path_type=Path)


@click.command()
@click.argument("ordner", type=_PATH, required=False)
@click.option("--drehbuch", type=_PATH, help="Das Drehbuch, wo es nicht im Ordner liegt.")
@click.option("--vergleich", type=_PATH, help="Ordner der Übung, mit der verglichen wird; sonst die"
              " letzte desselben Drehbuchs, die daneben liegt.")  # fmt: skip
@click.option(
    "--bescheinigungen",
    is_flag=True,
    help="Dazu ein Blatt für jede Person, die gezeichnet hat, ohne Bewertung.",
)
@click.option(
    "--person",
    "persons",
    multiple=True,
    metavar="ZEICHEN=NAME",
    help="Wer hinter einem Zeichen steht, für die Bescheinigungen; mehrmals möglich.",
)
@click.option("--nach", type=_PATH, help="Wohin; sonst in den Ordner „auswertung“ der Übung.")
@json_option
@click.pass_context
def evaluate_folder(
    ctx: click.Context,
    ordner: Path | None,
    drehbuch: Path | None,
    vergleich: Path | None,
    nach: Path | None,
    persons: tuple[str, ...],
    machine: bool,
    *,
    bescheinigungen: bool,
) -> None:
    """Eine Übung oder einen Einsatz auswerten: PDF, CSV-Tabellen und Zahlen zum Vergleich.

    ORDNER ist der Ordner der Übung (mit den Ordnern der Stellen, so viele vorliegen) oder der
    Datenordner einer Stelle, ohne Angabe der eigene. Eine abgebrochene Übung wird ausgewertet,
    soweit sie kam; ohne Drehbuch gilt, was an Stellen gerichtet war: Nachrichten, Aufträge,
    Anforderungen.
    """
    folder, made = ordner or folder_of(ctx), int(time.time())
    found = evaluate(gather(folder, drehbuch))
    world = found.world
    held = made if world.played is None else to_unix(world.played)
    last = read_before(vergleich) if vergleich else last_before(folder, world.script, held)
    progress = show_progress("Auswertung wird gesetzt")
    pdf = evaluation_pdf(found, from_unix(made), last, progress)
    papers = {"auswertung.pdf": pdf}
    certified = bescheinigungen or bool(persons)
    people = participants(found, _called(persons)) if certified else []
    sheets = certificates_pdf(found, people, from_unix(made))
    if sheets is not None:
        papers[CERTIFICATES] = sheets
    written = write_all(nach or folder / FOLDER, papers, found, last, made)
    if machine:
        as_json(
            {
                **as_values(found, last, made),
                "bescheinigungen": [f"{each.name}, {each.place}" for each in people],
                "dateien": [str(path) for path in written],
            }
        )
        return
    say(f"{world.title}: {when(found)}")
    for why in world.unread:
        note(f"Nicht gelesen: {why}")
    figures = None if last is None else last.figures
    for table in (overview(found, figures), late_or_lost(found), pictures(found)):
        say("")
        say(table.title)
        if table.rows:
            print_table(table.columns, [list(row) for row in table.rows])
        else:
            say(table.empty)
    if last is not None:
        say(f"Verglichen mit {last.path} ({last.when}).")
    say(f"Auf Papier: {written[0]}; Tabellen daneben.")
    if certified:
        say(f"Bescheinigungen für {len(people)}: {written[1]}" if people else _NOBODY)


def _called(persons: tuple[str, ...]) -> dict[str, str]:
    """Signs and names. Raises UsageError."""
    called = {}
    for each in persons:
        sign, equals, name = each.partition("=")
        if not (equals and sign.strip() and name.strip()):
            raise UsageError(f"„{each}“: bitte so schreiben: --person Kro=Petra Krone.")
        called[sign.strip()] = name.strip()
    return called
