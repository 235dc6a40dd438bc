# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""``lage versorgung``: what works in which municipality."""

from __future__ import annotations

import click

from lage.cli.common import (
    Group,
    as_json,
    json_option,
    open_station,
    print_table,
    record_json,
    say,
    say_wrapped,
)
from lage.cli.entries import create, form_options
from lage.kinds.cards.supply_state import SERVICES
from lage.kinds.model import Query, Record, Where
from lage.kinds.reader import ViewContext
from lage.language.plain import plain
from lage.language.tactical import clock
from lage.views.clocks import probable_now
from lage.views.overview import at_most, people_words
from lage.write.parse import canonical_term, parse_choice

TITLES = ("Gemeinde", "Bereich", "Zustand", "Seit", "Bis", "Betroffene", "Stelle")
services = Group("versorgung", help="Versorgungslage der Gemeinden.")


@services.command("melden")
@form_options("supply_state")
@click.pass_context
def report(ctx: click.Context, /, **typed: str | None) -> None:
    """Zustand eines Bereichs melden: lage versorgung melden --gemeinde Rheine --bereich Strom …"""
    create(ctx, "supply_state", typed)


@services.command("liste")
@json_option
@click.pass_context
def overview(ctx: click.Context, machine: bool) -> None:
    """Der letzte gemeldete Zustand jedes Bereichs; was fehlt, hat noch niemand gemeldet."""
    with open_station(ctx) as station:
        context = station.context()
        _show(station.reader.service_states(probable_now(context)), context, machine=machine)


@services.command("verlauf")
@click.argument("gemeinde")
@click.option("--bereich", default="", help=f"Nur dieser Bereich: {', '.join(SERVICES)}.")
@json_option
@click.pass_context
def history(ctx: click.Context, gemeinde: str, bereich: str, machine: bool) -> None:
    """Alle Meldungen zu einer Gemeinde, neueste zuerst."""
    with open_station(ctx) as station:
        town = canonical_term(gemeinde.strip(), station.county.words["place"])
        where = [Where("municipality", "=", town)]
        if bereich:
            where.append(Where("service", "=", parse_choice(bereich, SERVICES)))
        query = Query("supply_state", tuple(where), order="entered", limit=500)
        _show(station.reader.select(query), station.context(), machine=machine)


def _show(states: list[Record], context: ViewContext, *, machine: bool) -> None:
    if machine:
        as_json([{**record_json(s, context), "hoechstens": _limit(s, context)} for s in states])
        return
    print_table(TITLES, [_row(record, context) for record in states])
    if not states:
        say("(keine Einträge)")
    for record in states:
        if record.text("note"):
            place, service, *_ = _row(record, context)
            at = clock(record.time, context.now)
            say_wrapped(f"{place}, {service} ({at}): {plain(record.text('note'))}", 4)


def _limit(record: Record, context: ViewContext) -> int | None:
    """People an outage can affect at most, where nobody said how many."""
    town, states = record.text("municipality"), [record.text("state")]
    return at_most(context, town, states, record.whole("affected"))


def _row(record: Record, context: ViewContext) -> list[str]:
    since, until = record.moment("since"), record.moment("until")
    return [
        plain(record.text("municipality")),
        record.text("service"),
        record.text("state"),
        clock(record.time if since is None else since, context.now),
        "-" if until is None else clock(until, context.now),
        people_words(record.whole("affected"), _limit(record, context)),
        context.directory.name(record.id.author),
    ]
