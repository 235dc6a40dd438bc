# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""``lage suche``: everything, with filters."""

from __future__ import annotations

import click

from lage.cli.common import as_json, json_option, open_station, print_table, record_json, say
from lage.errors import UsageError
from lage.ops import INCIDENT_PRIORITIES, PRIORITIES
from lage.parse import canonical_term, parse_choice
from lage.scenario.script import KINDS
from lage.station import Station
from lage.tactical import clock, parse_time
from lage.views.detail import title_of
from lage.views.search import Filters
from lage.views.search import search as find
from lage.views.words import plain
from sync.vocabulary import TERMS

SEEN = "gesehen"
"""Local setting: arrival number of the newest entry when somebody last looked with --neu."""


@click.command()
@click.argument("text", nargs=-1)
@click.option("--art", default="", help=f"Arten mit Komma: {', '.join(KINDS)}.")
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
    words = " ".join(text)
    with open_station(ctx) as station:
        filters = _filters(station, neu=neu, **f)
        if not words.strip() and filters == Filters():
            raise UsageError("Wonach soll gesucht werden? Bitte Wörter oder einen Filter angeben.")
        newest = station.store.situation.last_seq()
        context = station.context()
        found = find(context, words, filters, anzahl)
        if machine:
            as_json([record_json(record, context) for record in found])
        else:
            rows = [
                [
                    title_of(record, context),
                    clock(record.event_time, context.now),
                    context.directory.name(record.id.author),
                    plain(str(record.values.get("text") or record.values.get("note") or "")),
                ]
                for record in found
            ]
            print_table(("Eintrag", "Zeit", "Stelle", "Text"), rows)
            if not found:
                say("(nichts gefunden)")
        if neu:
            station.keep(SEEN, newest)


def _filters(
    station: Station,
    *,
    art: str,
    stelle: str,
    gemeinde: str,
    vorrang: str,
    seit: str,
    bis: str,
    neu: bool,
) -> Filters:
    now = station.now()
    names = tuple(KINDS)
    kinds = [KINDS[parse_choice(part.strip(), names)] for part in art.split(",") if part.strip()]
    both = tuple(dict.fromkeys((*PRIORITIES, *INCIDENT_PRIORITIES)))
    return Filters(
        tuple(dict.fromkeys(kinds)),
        station.directory.find_all(stelle) if stelle else (),
        canonical_term(gemeinde.strip(), TERMS["place"]) if gemeinde.strip() else "",
        parse_choice(vorrang, both) if vorrang else "",
        parse_time(seit, now) if seit else None,
        parse_time(bis, now) if bis else None,
        int(station.setting(SEEN, 0)) if neu else None,
    )
