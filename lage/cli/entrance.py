# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""``lage eingang``: the inboxes of Infopunkte and portals that this staff fetches from."""

from __future__ import annotations

from pathlib import Path

import click

from lage.cli.common import Group, as_json, json_option, note, open_station, print_table, say
from lage.language.errors import StoreError
from lage.outside import desk
from lage.outside.desk import SOURCES, Source
from lage.outside.tending import tend


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
@click.pass_context
def disconnect(ctx: click.Context, name: str) -> None:
    """Von einem Eingang nichts mehr holen."""
    with open_station(ctx) as station:
        desk.disconnect(station, name)
        say(f"Eingang „{name}“ getrennt.")


@entrance.command("liste")
@json_option
@click.pass_context
def show(ctx: click.Context, machine: bool) -> None:
    """Die verbundenen Eingänge."""
    with open_station(ctx) as station:
        sources = station.setting(SOURCES)
        if machine:
            as_json([{"name": s.name, "adresse": s.address, "seiten": s.base} for s in sources])
            return
        print_table(["Name", "Adresse", "Seiten"], [[s.name, s.address, s.base] for s in sources])


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
                note(f"{found.unreadable} sind nicht für diese Stelle oder beschädigt.")
    if found.troubles:
        raise StoreError(" ".join(found.troubles))
