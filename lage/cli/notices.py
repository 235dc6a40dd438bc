# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""``lage aushang``: what is public, and how it comes there. Nothing is public by itself."""

from __future__ import annotations

from pathlib import Path

import click

from lage.cli.common import (
    as_json,
    folder_of,
    json_option,
    note,
    open_station,
    print_table,
    say,
    write,
)
from lage.cli.entries import entry_group
from lage.cli.said import stays
from lage.cli.working import until_left
from lage.kinds.cards import CARDS
from lage.kinds.model import Record
from lage.language.errors import UsageError
from lage.language.folding import fold_text
from lage.language.plain import plain
from lage.language.tactical import clock
from lage.station import Station
from lage.views.clocks import probable_now
from lage.views.detail import title_of
from lage.views.gist import gist
from lage.views.released import Released, releasable, released, releases_of
from lage.write.release import release, withdraw

notices = entry_group("notice")
_WORDS = {card.word: card.name for card in CARDS.values() if card.public}


def _find(station: Station, typed: str) -> Record:
    """An entry by number, name or id; a supply state as „Strom Rheine“. Raises NotFound."""
    words = fold_text(typed)
    for state in station.reader.service_states(probable_now(station.context())):
        service, town = fold_text(state.text("service")), fold_text(state.text("municipality"))
        if words in (f"{service} {town}", f"{town} {service}"):
            return state
    return station.find_record("", typed)


@notices.command("freigeben")
@click.argument("eintrag", required=False)
@click.option("--wortlaut", help="So steht es öffentlich; sonst Name und Ort des Eintrags.")
@click.option(
    "--alle",
    "every",
    type=click.Choice(sorted(_WORDS)),
    help="Alle offenen Einträge dieser Art, z. B. messstelle.",
)
@click.pass_context
def make_public(
    ctx: click.Context, eintrag: str | None, wortlaut: str | None, every: str | None
) -> None:
    """Einen Eintrag für alle sichtbar machen: Unterkunft, Sperre, Gebiet, Messstelle, Versorgung.

    Ist er schon öffentlich, gilt ab jetzt der neue Wortlaut. Zahlen, Zustand und Zeiten folgen dem
    Eintrag von selbst, Worte nie.
    """
    if (eintrag is None) == (every is None):
        raise UsageError("Bitte einen Eintrag nennen oder mit --alle eine Art.")
    with open_station(ctx) as station:
        now = probable_now(station.context())
        if every is not None:
            chosen = [
                row
                for row in releasable(station.reader, _WORDS[every], now)
                if not releases_of(station.reader, row, now)
            ]
        else:
            chosen = [_find(station, eintrag or "")]
        standing = [each for row in chosen for each in releases_of(station.reader, row, now)]
        drafts = [draft for row in chosen for draft in release(row, wortlaut)]
        if standing:
            drafts += withdraw([each.notice for each in standing])
        if drafts:
            write(station, drafts)
        for row in chosen:
            say(f"Öffentlich: {title_of(row, station.context())}.")
        if not chosen:
            say("Davon ist schon alles öffentlich.")


@notices.command("zurueckziehen")
@click.argument("eintrag")
@click.pass_context
def take_back(ctx: click.Context, eintrag: str) -> None:
    """Einen Eintrag oder Aushang nicht mehr öffentlich zeigen; wirkt sofort."""
    with open_station(ctx) as station:
        record = _find(station, eintrag)
        standing = releases_of(station.reader, record, probable_now(station.context()))
        write(station, withdraw([each.notice for each in standing]))
        say(f"Nicht mehr öffentlich: {title_of(record, station.context())}.")


@notices.command("oeffentlich")
@json_option
@click.pass_context
def show_public(ctx: click.Context, machine: bool) -> None:
    """Was jetzt öffentlich ist, mit dem Hinweis, wo der Eintrag inzwischen anders heißt."""
    with open_station(ctx) as station:
        context = station.context()
        standing = released(station.reader, probable_now(context))
        if machine:
            as_json([_machine(each, station) for each in standing])
            return
        rows = [
            [
                each.notice.text("topic"),
                _words(each, station),
                clock(each.notice.changed, context.now),
                "neuer Name: bitte prüfen" if each.reworded else "",
            ]
            for each in standing
        ]
        print_table(["Thema", "Wortlaut", "Freigegeben", "Hinweis"], rows)
        if not rows:
            say("(nichts ist öffentlich)")


def _words(each: Released, station: Station) -> str:
    words = plain(each.notice.text("text"))
    if words or each.entry is None:
        return words
    return f"{each.entry.text('municipality')}: {gist(each.entry, station.context())}"


def _machine(each: Released, station: Station) -> dict[str, object]:
    directory = station.directory
    return {
        "id": f"{each.notice.id.author}:{each.notice.id.number}",
        "thema": each.notice.text("topic"),
        "wortlaut": each.notice.text("text"),
        "eintrag": None if each.entry is None else directory.label(each.entry),
        "stelle": directory.name(each.notice.id.author),
        "neu_zu_pruefen": each.reworded,
    }


@notices.command("ordner")
@click.argument("ordner", required=False, type=click.Path(path_type=Path, file_okay=False))
@click.option("--aus", is_flag=True, help="Keinen Aushang mehr schreiben.")
@click.pass_context
def set_folder(ctx: click.Context, ordner: Path | None, aus: bool) -> None:
    """Wohin der Knoten jede Minute schreibt, was öffentlich ist; nur das lesen die Seiten."""
    from lage.reports.board import FOLDER, board_of, write_board, write_chart

    if ordner is not None and aus:
        raise UsageError("Bitte einen Ordner nennen oder --aus, nicht beides.")
    with open_station(ctx) as station:
        if aus:
            station.keep(FOLDER, "")
            say("Es wird kein Aushang mehr geschrieben.")
        elif ordner is not None:
            folder = ordner.resolve()
            _check_apart(folder, station.folder.resolve())
            board = board_of(station)
            say(f"Aushang: {write_board(board, folder)}")
            write_chart(station, board, folder)
            station.keep(FOLDER, str(folder))
            note(
                "Der laufende Knoten schreibt ihn von jetzt an jede Minute und bei jeder Freigabe."
            )
        else:
            say(station.setting(FOLDER) or "Es wird kein Aushang geschrieben.")


@notices.command("fuehren", hidden=True)
@click.pass_context
@stays
def keep(ctx: click.Context) -> None:
    """Den Aushang schreiben, solange der Knoten läuft; er startet das selbst."""
    from lage.node.board import keep_board

    keep_board(folder_of(ctx), until_left())


def _check_apart(folder: Path, data: Path) -> None:
    """What is for everybody does not lie among what is for the staff."""
    if folder == data or data in folder.parents:
        raise UsageError(
            f"{folder} liegt im Datenordner, den niemand sonst lesen darf: bitte einen anderen"
            " Ordner nennen, z. B. /srv/lage-aushang."
        )
