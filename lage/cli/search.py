# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""``lage suche``: everything, with filters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from lage.cli.common import as_json, json_option, open_station, print_table, record_json, say
from lage.documents import library as documents
from lage.language.errors import UsageError
from lage.language.folding import fold_text
from lage.language.plain import plain
from lage.language.tactical import clock
from lage.views.detail import title_of
from lage.views.gist import gist
from lage.views.search import SEEN, Filters, meant, read_filters, read_search
from lage.views.search import search as find
from lage.views.words import KIND_NAMES

if TYPE_CHECKING:
    from lage.station import Station


@click.command()
@click.argument("text", nargs=-1)
@click.option("--art", default="", help=f"Arten mit Komma: {', '.join(KIND_NAMES)}.")
@click.option("--stelle", default="", help="Nur Einträge dieser Stellen, mit Komma.")
@click.option("--gemeinde", default="", help="Nur Einträge aus dieser Gemeinde.")
@click.option("--vorrang", default="", help="Vorrang einer Nachricht oder Priorität.")
@click.option("--seit", default="", help="Ab dieser Zeit, z. B. 1530 oder „vor 2 h“.")
@click.option("--bis", default="", help="Bis zu dieser Zeit.")
@click.option("--neu", is_flag=True, help="Nur seit meinem letzten Blick mit --neu Eingegangenes.")
@click.option("-n", "--anzahl", default=30, show_default=True, help="Höchstens so viele.")
@json_option
@click.pass_context
def search(
    ctx: click.Context, /, text: tuple[str, ...], anzahl: int, machine: bool, neu: bool, **f: str
) -> None:
    """In allem suchen; Umlaute und ß in jeder Schreibweise."""
    with open_station(ctx) as station:
        parsing = station.parse_context()
        words, among = read_search(" ".join(text))
        after = station.setting(SEEN) if neu else None
        filters = read_filters(f | among, parsing, after)
        if not words and filters == Filters():
            raise UsageError("Wonach soll gesucht werden? Bitte Wörter oder einen Filter angeben.")
        newest = station.newest()
        context = station.context()
        found = find(context, words, filters, anzahl)
        other = meant(context, words)
        if not (found or machine) and other != fold_text(words):  # a program asked for these words
            found = find(context, other, filters, anzahl)
            if found:
                say(f"Nichts zu „{plain(words)}“; gemeint war wohl „{other}“:")
                words = other
        if machine:
            as_json([record_json(record, context) for record in found])
        else:
            rows = [
                [
                    title_of(record, context),
                    clock(record.event_time, context.now),
                    context.directory.name(record.id.author),
                    gist(record, context),
                ]
                for record in found
            ]
            print_table(("Eintrag", "Zeit", "Stelle", "Text"), rows)
            if not found:
                say("(nichts gefunden)")
            if words and filters == Filters():
                _also_in_documents(station, words)
        whole = not words and filters == Filters(after_seq=after) and len(found) < anzahl
        if neu and whole:
            station.keep(SEEN, newest)
        elif neu and not machine:
            say("Nicht alles Neue gezeigt: der letzte Blick bleibt, wo er war (-n zeigt mehr).")


def _also_in_documents(station: Station, words: str) -> None:
    """The words may stand in a plan that lies here; its content is in no entry."""
    names = [
        plain(found.record.text("name"))
        for found in documents.search(station, words)
        if found.excerpt
    ]
    if names:
        say(f"In Dokumenten: {', '.join(names)} (siehe „lage dokument suchen {plain(words)}“).")
