# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""``lage abo``: people who want to be told of gauges; how many they are, never who."""

from __future__ import annotations

from typing import Any

import click

from lage.cli.common import Group, as_json, json_option, note, open_station, print_table, say, utc
from lage.kinds.outside import BY_MAIL, BY_NTFY
from lage.language.epoch import from_unix
from lage.language.plain import plain
from lage.language.tactical import clock
from lage.outside import service
from lage.outside.desk import Opened, boxes_of
from lage.outside.subscriptions import SINCE, end, name_of, order_of
from lage.station import Station

LABELS = {"bestaetigt": "Bestätigt", "bis": "Wird gelöscht"}
"""What people read of a field whose name in JSON says it otherwise; the others are capitalized."""

subscription = Group(
    "abo", help="Benachrichtigungen zu Wasserständen, die Menschen am Portal bestellen."
)


@subscription.command("anbieten")
@click.option("--kontakt", "contact", required=True, help="Wohin Fragen zum Datenschutz gehen.")
@click.pass_context
def offer(ctx: click.Context, contact: str) -> None:
    """Am Portal anbieten, und senden, was bestellt ist."""
    with open_station(ctx) as station:
        ways = service.offer(station, contact)
        say(f"Das Portal bietet Benachrichtigungen an: {', '.join(ways)}.")


@subscription.command("anhalten")
@click.pass_context
def hold(ctx: click.Context) -> None:
    """Nichts mehr senden und nichts mehr annehmen; Bestelltes bleibt, Abbestellen geht."""
    with open_station(ctx) as station, boxes_of(station) as boxes:
        service.hold(station, boxes)
        say("Angehalten: es geht nichts mehr hinaus. Weiter mit „lage abo anbieten“.")


@subscription.command("beenden")
@click.option("--ja", is_flag=True, help="Ohne Rückfrage.")
@click.pass_context
def close(ctx: click.Context, ja: bool) -> None:
    """Alle Bestellungen löschen, hier und am Portal, und keine mehr anbieten."""
    if not ja:
        click.confirm("Alle Bestellungen löschen? Das lässt sich nicht zurücknehmen", abort=True)
    with open_station(ctx) as station, boxes_of(station) as boxes:
        say(f"{service.close(station, boxes)} Bestellungen gelöscht.")


@subscription.command("stand")
@json_option
@click.pass_context
def show(ctx: click.Context, machine: bool) -> None:
    """Wie viele es sind und wie es ihren Nachrichten geht; ohne Adressen."""
    with open_station(ctx) as station, boxes_of(station) as boxes:
        found = service.census(station, boxes)
        if machine:
            as_json(
                {
                    "stand": found.state,
                    "kontakt": found.contact,
                    "portale": list(found.portals),
                    "wartend": found.waiting,
                    "unbestaetigt": found.unconfirmed,
                    "messstellen": dict(found.gauges),
                    "nachrichten": [
                        {"kanal": channel, "stand": state, "anzahl": count,
                         "aelteste": utc(from_unix(oldest))}
                        for channel, state, count, oldest in found.letters
                    ],
                }
            )  # fmt: skip
            return
        say(f"{found.state}; {found.active} bestätigt, {found.unconfirmed} unbestätigt,"
            f" {found.waiting} noch nicht angeschrieben")  # fmt: skip
        if found.gauges:
            rows = [[plain(name), str(count)] for name, count in found.gauges.items()]
            print_table(["Messstelle", "Bestellungen"], rows)
        if found.letters:
            now = station.now()
            print_table(
                ["Kanal", "Nachrichten", "Anzahl", "Älteste"],
                [[channel, state, str(count), clock(from_unix(oldest), now)]
                 for channel, state, count, oldest in found.letters],
            )  # fmt: skip
        if found.state == "an" and not found.portals:
            note("Kein verbundenes Portal bietet sie an: ihm fehlt eine Adresse mit https://.")


@subscription.command("zeigen")
@click.argument("wen")
@json_option
@click.pass_context
def told(ctx: click.Context, wen: str, machine: bool) -> None:
    """Was zu einem Menschen gespeichert ist, der danach fragt; WEN: E-Mail-Adresse oder Code.

    Der Code steht im Link jeder Nachricht.
    """
    with open_station(ctx) as station, boxes_of(station) as boxes:
        rows = [_kept(station, each) for each in service.find(station, boxes, wen)]
        if machine:
            as_json(rows)
            return
        for row in rows:
            for key, value in row.items():
                said = "noch nicht" if value is None else plain(str(value))
                say(f"{LABELS.get(key, key.capitalize())}: {said}")


def _kept(station: Station, found: Opened) -> dict[str, Any]:
    order, steps = order_of(found), found.box.steps
    return {
        "messstelle": name_of(station, order.gauge),
        "marke": order.mark,
        "wert": order.value,
        "wann": order.way,
        "weg": order.channel,
        "an": order.to,
        "sprache": order.language,
        "bestellt": utc(from_unix(found.box.received)),
        "bestaetigt": utc(from_unix(steps[SINCE])) if SINCE in steps else None,
        "bis": utc(from_unix(found.box.until or 0)),
    }


@subscription.command("loeschen")
@click.argument("wen")
@click.pass_context
def erase(ctx: click.Context, wen: str) -> None:
    """Alles löschen, was zu einem Menschen gespeichert ist; WEN: E-Mail-Adresse oder Code."""
    with open_station(ctx) as station, boxes_of(station) as boxes:
        found = service.find(station, boxes, wen)
        for each in found:
            end(station, boxes, each.box)
        say(f"{len(found)} Bestellungen gelöscht.")


@subscription.command("probe")
@click.option(
    "--kanal", "channel", type=click.Choice([BY_MAIL, BY_NTFY]), required=True, help="Welcher Weg."
)
@click.option("--an", "to", required=True, help="E-Mail-Adresse oder Thema (ntfy).")
@click.pass_context
def probe(ctx: click.Context, channel: str, to: str) -> None:
    """Sofort eine Probe senden, um zu sehen, ob der Weg geht."""
    with open_station(ctx) as station:
        service.probe(station, channel, to)
        say("Der Dienst hat die Probe angenommen.")
