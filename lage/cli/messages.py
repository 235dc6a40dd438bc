# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""``lage nachricht``: send, list, acknowledge, answer, forward, distribute."""

from __future__ import annotations

from dataclasses import asdict

import click

from lage.cli.common import Group, as_json, json_option, open_station, print_table, say, utc, write
from lage.cli.distribution import members_of
from lage.cli.entries import (
    find,
    find_message,
    form_options,
    given_of,
    list_command,
    say_written,
    show_command,
)
from lage.kinds.card import FUNCTIONS
from lage.kinds.model import Record
from lage.kinds.setting import PERSON
from lage.language.errors import UsageError
from lage.language.tactical import clock
from lage.station import Station
from lage.views.delivery import receipts_of
from lage.views.detail import title_of
from lage.views.registers import RegisterLine, incoming_register, outgoing_register
from lage.write import commands
from sync.schema.definition import Value

message = Group("nachricht", help="Nachrichten senden, lesen, quittieren.")
message.add_command(list_command("message"))
message.add_command(show_command("message"))


@message.command("senden")
@form_options("message", positional="text")
@click.option("--verteiler", "group", default="", help="Statt --an: alle Stellen dieser Gruppe.")
@click.option("--frist", "minutes", type=click.IntRange(1, 10_000), help="Quittung binnen Minuten.")
@click.pass_context
def send(ctx: click.Context, /, group: str, minutes: int | None, **typed: str | None) -> None:
    """Eine Nachricht an eine, mehrere oder alle Stellen senden."""
    with open_station(ctx) as station:
        given = given_of(typed)
        more: dict[str, Value] = {}
        if group:
            more |= _to_group(station, find(station, "group", group), chosen="to" in given)
        if minutes is not None:
            more |= {"receipt_wanted": True, "receipt_minutes": minutes}
        say_written(station, commands.enter("message", given, station.parse_context(), more))


def _to_group(station: Station, group: Record, *, chosen: bool) -> dict[str, Value]:
    if chosen:
        raise UsageError("Bitte entweder --an oder --verteiler angeben, nicht beides.")
    members = tuple(
        member
        for member in dict.fromkeys(map(station.directory.heir, members_of(group)))
        if member != _me(station)
    )
    if not members:
        raise UsageError("Dieser Verteiler hat keine anderen Stellen: siehe „lage verteiler“.")
    return {"to": members, "group": group.id}


@message.command("eingang")
@click.option("-n", "--anzahl", default=100, show_default=True, help="Höchstens so viele.")
@json_option
@click.pass_context
def incoming(ctx: click.Context, anzahl: int, machine: bool) -> None:
    """Eingangsnachweisung dieser Stelle, neueste zuerst."""
    with open_station(ctx) as station:
        lines = incoming_register(station.context(), limit=anzahl)
        _print_register(lines, ("Ein", "Eingang", "Von"), station.now(), machine=machine)


@message.command("ausgang")
@click.option("-n", "--anzahl", default=100, show_default=True, help="Höchstens so viele.")
@json_option
@click.pass_context
def outgoing(ctx: click.Context, anzahl: int, machine: bool) -> None:
    """Ausgangsnachweisung dieser Stelle, neueste zuerst."""
    with open_station(ctx) as station:
        lines = outgoing_register(station.context(), limit=anzahl)
        _print_register(lines, ("Aus", "Ausgang", "An"), station.now(), machine=machine)


def _print_register(
    lines: list[RegisterLine], titles: tuple[str, str, str], now: int, *, machine: bool
) -> None:
    if machine:
        as_json(
            [
                {
                    **asdict(line),
                    "time": utc(line.time),
                    "written": utc(line.written),
                    "entity": f"{line.entity.author}:{line.entity.number}",
                }
                for line in lines
            ]
        )
        return
    rows = [
        [
            "?" if line.nr is None else str(line.nr),
            clock(line.time, now),
            line.other,
            line.priority,
            line.text,
            line.remark,
        ]
        for line in lines
    ]
    print_table((*titles, "Vorrang", "Inhalt", "Vermerk"), rows)
    if not lines:
        say("(keine Einträge)")


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
        given = person or station.setting(PERSON)
        receipts = receipts_of(record.id, station.context())
        write(station, commands.acknowledge(record, given, station.parse_context(), receipts))
        station.keep(PERSON, given)
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
        typed = {"text": text, "priority": priority}
        say_written(station, commands.answer(record, typed, station.parse_context()))


@message.command("weiterleiten")
@click.argument("nummer")
@click.option("--an", "to", required=True, help="Stellen mit Komma, oder „alle“.")
@click.pass_context
def forward(ctx: click.Context, nummer: str, to: str) -> None:
    """Eine Nachricht an andere Stellen weiterleiten."""
    with open_station(ctx) as station:
        record = find_message(station, nummer)
        say_written(station, commands.forward(record, {"to": to}, station.parse_context()))


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
        typed = {"functions": to, "note": note, "sign": sign}
        (draft,) = commands.distribute(record, typed, station.parse_context())
        write(station, [draft])
        functions = draft.changes["functions"]
        assert isinstance(functions, tuple)
        say(f"{title_of(record, station.context())} verteilt an {', '.join(map(str, functions))}.")
