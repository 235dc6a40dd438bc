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
)
from lage.cli.entries import create, form_options
from lage.model import Record
from lage.tactical import clock
from lage.views.reader import ViewContext
from lage.views.words import plain

TITLES = ("Gemeinde", "Bereich", "Zustand", "Seit", "Betroffene", "Gemeldet von")
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
        states = station.reader.service_states()
        if machine:
            as_json([record_json(record, context) for record in states])
            return
        print_table(TITLES, [_row(record, context) for record in states])
        if not states:
            say("(keine Einträge)")


def _row(record: Record, context: ViewContext) -> list[str]:
    values = record.values
    since = values.get("since")
    affected = values.get("affected")
    return [
        plain(str(values["municipality"])),
        str(values["service"]),
        str(values["state"]),
        clock(since if isinstance(since, int) else record.time, context.now),
        "unbekannt" if affected is None else str(affected),
        context.directory.name(record.id.author),
    ]
