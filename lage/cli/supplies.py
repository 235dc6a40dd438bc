# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""``lage material``: balances, movements, minimum stocks."""

from __future__ import annotations

import click

from lage.cli.common import Group, as_json, json_option, open_station, print_table
from lage.cli.entries import create, describe, form_options, list_command
from lage.views.stock import stock_lines

supply = Group("material", help="Bestände und Bewegungen.")
movements = list_command("stock_movement")
movements.name = "bewegungen"
supply.add_command(movements)


@supply.command("buchen", context_settings={"ignore_unknown_options": True})  # -20 is a number
@form_options("stock_movement")
@click.argument("was", required=False)
@click.argument("wieviel", required=False)
@click.pass_context
def book(ctx: click.Context, /, was: str | None, wieviel: str | None, **typed: str | None) -> None:
    """Zugang, Abgang oder Verlegung: lage material buchen Sandsäcke 500 --ort Greven."""
    typed["item"] = was or typed.get("item")
    typed["amount"] = wieviel or typed.get("amount")
    create(ctx, "stock_movement", typed)


@supply.command("anlegen")
@form_options("supply", positional="item")
@click.pass_context
def found(ctx: click.Context, /, **typed: str | None) -> None:
    """Einheit und Mindestbestand eines Materials an einem Ort festlegen."""
    describe(ctx, "supply", ("item", "place"), typed)


@supply.command("liste")
@json_option
@click.pass_context
def show(ctx: click.Context, machine: bool) -> None:
    """Alle Bestände; was unter dem Minimum liegt, zuerst."""
    with open_station(ctx) as station:
        lines = stock_lines(station.context())
        if machine:
            as_json([line.plain() for line in lines])
            return
        print_table(
            ("Material", "Ort", "Bestand", "Einheit", "Minimum", ""),
            [
                [
                    line.item,
                    line.place,
                    str(line.amount),
                    line.unit or "-",
                    "-" if line.minimum is None else str(line.minimum),
                    "ZU WENIG" if line.short else "",
                ]
                for line in lines
            ],
            (False, False, True, False, True, False),
        )
