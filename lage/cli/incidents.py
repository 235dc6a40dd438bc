# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""``lage vorfall``: report, follow up, merge duplicates and take it back."""

from __future__ import annotations

import click

from lage.cli.common import open_station, say, write
from lage.cli.entries import entry_group
from lage.write import commands

incident = entry_group("incident")


@incident.command("zusammenfuehren")
@click.argument("doppelt")
@click.argument("ziel")
@click.pass_context
def merge(ctx: click.Context, doppelt: str, ziel: str) -> None:
    """Sagen, dass zwei Vorfälle derselbe sind: der erste geht im zweiten auf."""
    with open_station(ctx) as station:
        duplicate = station.find_record("incident", doppelt)
        into = station.find_record("incident", ziel)
        write(station, commands.merge_incidents(duplicate, into))
        label = station.directory.label
        say(f"Vorfall {label(duplicate)} ist jetzt Teil von {label(into)}.")


@incident.command("trennen")
@click.argument("nummer")
@click.pass_context
def unmerge(ctx: click.Context, nummer: str) -> None:
    """Eine Zusammenführung zurücknehmen."""
    with open_station(ctx) as station:
        record = station.find_record("incident", nummer)
        write(station, commands.unmerge_incident(record))
        say(f"Vorfall {station.directory.label(record)} steht wieder für sich.")
