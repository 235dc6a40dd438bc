# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""``lage nachricht``: send, list, acknowledge, answer, forward, distribute."""

from __future__ import annotations

import click

from lage import commands
from lage.cli.common import Group, open_station, say
from lage.cli.entries import create, form_options, list_command, show_command
from lage.errors import NotFound, UsageError
from lage.model import Record
from lage.ops import FUNCTIONS
from lage.parse import parse_choice
from lage.station import Station
from lage.views.detail import title_of
from lage.views.lists import receipts_of

message = Group("nachricht", help="Nachrichten senden, lesen, quittieren.")
message.add_command(list_command("message"))
message.add_command(show_command("message"))


@message.command("senden")
@form_options("message", positional="text")
@click.pass_context
def send(ctx: click.Context, /, **typed: str | None) -> None:
    """Eine Nachricht an eine, mehrere oder alle Stellen senden."""
    create(ctx, "message", typed)


def find_message(station: Station, typed: str) -> Record:
    """A message by label (GRE-N3) or, as a bare number, by its Eingang number."""
    if typed.strip().isdigit():
        record = station.reader.incoming(int(typed))
        if record is None:
            raise NotFound(
                f"Die Eingangsnummer {typed} gibt es nicht: siehe „lage nachricht liste“."
            )
        return record
    return station.find_record("message", typed)


def _me(station: Station) -> int:
    author = station.network_keys.author
    return -1 if author is None else author


@message.command("quittieren")
@click.argument("nummer")
@click.option("--name", "person", default="", help="Wer quittiert.  [nötig]")
@click.pass_context
def acknowledge(ctx: click.Context, nummer: str, person: str) -> None:
    """Den Empfang einer Nachricht mit Namen bestätigen.

    NUMMER ist die Eingangsnummer oder die Nummer des Absenders, z. B. GRE-N3.
    """
    with open_station(ctx) as station:
        record = find_message(station, nummer)
        given = person or str(station.setting("person", ""))
        receipts = receipts_of(record.id, station.context())
        station.write(commands.acknowledge(record, _me(station), given, receipts))
        station.keep("person", given)
        say(f"{title_of(record, station.context())} quittiert durch {given}.")


@message.command("antworten")
@click.argument("nummer")
@click.argument("text")
@click.option("--vorrang", "priority", default="einfach", help="einfach, sofort, blitz, staatsnot.")
@click.pass_context
def answer(ctx: click.Context, nummer: str, text: str, priority: str) -> None:
    """Dem Absender einer Nachricht antworten."""
    with open_station(ctx) as station:
        record = find_message(station, nummer)
        values = commands.parse_form(
            "message", {"text": text, "priority": priority}, station.parse_context()
        )
        values["to"] = (record.id.author,)
        ids = station.write(commands.answer(record, _me(station), values))
        written = station.reader.get(ids[0])
        assert written is not None
        say(f"{title_of(written, station.context())} gespeichert.")


@message.command("weiterleiten")
@click.argument("nummer")
@click.option("--an", "to", required=True, help="Stellen mit Komma, oder „alle“.")
@click.pass_context
def forward(ctx: click.Context, nummer: str, to: str) -> None:
    """Eine Nachricht an andere Stellen weiterleiten."""
    with open_station(ctx) as station:
        record = find_message(station, nummer)
        members = station.directory.find_all(to)
        ids = station.write(commands.forward(record, _me(station), members, {}))
        written = station.reader.get(ids[0])
        assert written is not None
        say(f"{title_of(written, station.context())} gespeichert.")


@message.command("verteilen")
@click.argument("nummer")
@click.option("--an", "to", required=True, help=f"Funktionen mit Komma: {', '.join(FUNCTIONS)}.")
@click.option("--vermerk", "note", default="", help="Vermerk des Sichters.")
@click.option("--zeichen", "sign", default="", help="Kürzel.")
@click.pass_context
def distribute(ctx: click.Context, nummer: str, to: str, note: str, sign: str) -> None:
    """Eine Nachricht im Stab verteilen (Sichter)."""
    with open_station(ctx) as station:
        record = find_message(station, nummer)
        functions = [
            parse_choice(part.strip(), FUNCTIONS) for part in to.split(",") if part.strip()
        ]
        if not functions:
            raise UsageError("An wen wird verteilt? Bitte Funktionen angeben, z. B. S2,S3.")
        station.write(commands.distribute(record, functions, note, sign))
        say(f"{title_of(record, station.context())} verteilt an {', '.join(functions)}.")
