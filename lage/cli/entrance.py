# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""``lage eingang``: the inboxes of Infopunkte and portals that this staff fetches from."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click

from lage.cli.common import Group, as_json, json_option, note, open_station, print_table, say, utc
from lage.language.epoch import from_unix
from lage.language.errors import NotFound, StoreError, UsageError
from lage.outside import desk, portals
from lage.outside.desk import SOURCES, Source
from lage.outside.parting import Parted, ordered_by, part
from lage.outside.tending import tend
from lage.outside.words import KINDS, closed_sentences


@click.group(cls=Group)
def entrance() -> None:
    """Eingänge: wo Infopunkt und Portal ablegen, was Menschen melden.

    Ein laufender Knoten holt alle zwei Sekunden ab und antwortet.
    """


@entrance.command("verbinden")
@click.argument("adresse")
@click.option("--name", required=True, help="Name des Infopunkts oder Portals, steht auf Belegen.")
@click.option("--seiten", "base", default="", help="Adresse der Seiten, für Links in Nachrichten.")
@click.pass_context
def connect(ctx: click.Context, adresse: str, name: str, base: str) -> None:
    """Einen Eingang dieser Stelle zuordnen: eine Datei oder postgresql://…

    Ab dann verschließen die Seiten alles mit dem Schlüssel dieser Stelle. Ein Kennwort gehört nicht
    in die Adresse, sondern in ~/.pgpass.
    """
    if "://" not in adresse:
        adresse = str(Path(adresse).resolve())  # the node may run elsewhere
    with open_station(ctx) as station:
        desk.connect(station, Source(adresse, name.strip(), base.rstrip("/")))
        say(f"Eingang „{name}“ verbunden: was dort ankommt, öffnet nur diese Stelle.")


@entrance.command("trennen")
@click.argument("name")
@click.option("--ja", is_flag=True, help="Ohne Rückfrage.")
@click.pass_context
def disconnect(ctx: click.Context, name: str, ja: bool) -> None:
    """Von einem Eingang nichts mehr holen.

    Was Menschen dort bestellt haben, endet; wer bestätigt hat, bekommt eine letzte Nachricht.
    """
    with open_station(ctx) as station, desk.boxes_of(station) as boxes:
        if any(link.name == name for link in portals.links(station.folder)):
            raise UsageError(
                f"„{name}“ ist ein Portal auf einem anderen Rechner: „lage portal trennen“."
            )
        source = desk.source_named(station, name)
        agree(boxes, name, ja)
        found = part(station, boxes, source)
        say(f"Eingang „{name}“ getrennt.")
        tell_parted(found)
        if not found.reached:
            note("Der Eingang ist nicht zu erreichen: was dort liegt, bleibt bis zu seinem Tag.")


def agree(boxes: desk.Boxes, name: str, ja: bool) -> None:
    """Ask before subscriptions end."""
    count = len(ordered_by(boxes, name))
    if count and not ja:
        click.confirm(
            f"Bestellte Benachrichtigungen, die damit enden: {count}. „{name}“ trennen", abort=True
        )


def tell_parted(found: Parted) -> None:
    """What became of the subscriptions."""
    if found.ended:
        say(f"Beendete Benachrichtigungen: {found.ended}, letzte Nachrichten: {found.written}.")


@entrance.command("liste")
@json_option
@click.pass_context
def show(ctx: click.Context, machine: bool) -> None:
    """Die verbundenen Eingänge, und wie viel daraus sich nicht öffnen lässt."""
    with open_station(ctx) as station, desk.boxes_of(station) as boxes:
        sources = station.setting(SOURCES)
        shut = Counter(box.source for box, _ in desk.closed(station, boxes))
        if machine:
            as_json([{"name": s.name, "adresse": s.address, "seiten": s.base,
                      "verschlossen": shut[s.name]} for s in sources])  # fmt: skip
            return
        print_table(
            ["Name", "Adresse", "Seiten", "Verschlossen"],
            [[s.name, s.address, s.base, str(shut[s.name] or "")] for s in sources],
        )
        if shut:
            note("Was sich nicht öffnen lässt, nennt „lage eingang verschlossen“.")


@entrance.command("verschlossen")
@click.option(
    "--verwerfen", "gone", help="Die Meldung mit dieser Nummer löschen, z. B. „Notruf 3“."
)
@json_option
@click.pass_context
def shut_boxes(ctx: click.Context, gone: str | None, machine: bool) -> None:
    """Was angekommen ist und sich hier nicht öffnen lässt: woher, warum und was zu tun ist."""
    with open_station(ctx) as station, desk.boxes_of(station) as boxes:
        found = desk.closed(station, boxes)
        if gone is not None:
            words = gone.casefold().split()
            named = [box for box, _ in found if f"{KINDS[box.kind]} {box.nr}".casefold().split()
                     == words]  # fmt: skip
            if not named:
                raise NotFound(f"Verschlossen ist hier nichts namens „{gone}“.")
            for box in named:
                desk.discard(station, boxes, box.id)
            say(f"{gone} verworfen.")
            return
        if machine:
            as_json([{"art": box.kind, "nummer": box.nr, "infopunkt": box.source,
                      "eingegangen": utc(from_unix(box.received)), "grund": reason.value}
                     for box, reason in found])  # fmt: skip
            return
        for box, reason in found:
            for line in closed_sentences(box, reason, station.now()):
                say(line)
        if not found:
            say("(nichts: alles lässt sich öffnen)")


@entrance.command("holen")
@json_option
@click.pass_context
def fetch(ctx: click.Context, machine: bool) -> None:
    """Einmal abholen, antworten und löschen, was fällig ist."""
    with open_station(ctx) as station:
        found = tend(station)
        if machine:
            as_json({"neu": found.new, "fremd": found.unreadable, "fehler": found.troubles})
        else:
            say(f"{found.new} neu geholt.")
            if found.unreadable:
                note(
                    f"{found.unreadable} lassen sich nicht öffnen: siehe „lage eingang"
                    " verschlossen“."
                )
    if found.troubles:
        raise StoreError(" ".join(found.troubles))
