# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""``lage verteiler``: named groups of staffs to send to."""

from __future__ import annotations

import click

from lage.cli.common import Group, open_station, say, write
from lage.cli.entries import confirm_names, find, list_command, new_name_option
from lage.kinds.model import Record
from lage.language.errors import UsageError
from lage.station import Station
from lage.write import commands

groups = Group("verteiler", help="Gruppen von Stellen, an die zusammen gesendet wird.")
groups.add_command(list_command("group"))


@groups.command("anlegen")
@click.argument("name")
@click.option("--stellen", default="", help="Stellen mit Komma.")
@new_name_option
@click.pass_context
def found(ctx: click.Context, name: str, stellen: str) -> None:
    """Einen Verteiler anlegen: lage verteiler anlegen Ems --stellen Rheine,Greven."""
    with open_station(ctx) as station:
        members = station.directory.find_all(stellen) if stellen else ()
        drafts = commands.enter("group", {"name": name}, station.parse_context())
        confirm_names(station, drafts)
        write(station, drafts + (commands.group_members(0, members, {}) if members else []))
        say(f"Verteiler {name} gespeichert: {_names(station, members)}.")


@groups.command("aufnehmen")
@click.argument("name")
@click.argument("stellen")
@click.pass_context
def add(ctx: click.Context, name: str, stellen: str) -> None:
    """Stellen in einen Verteiler aufnehmen."""
    with open_station(ctx) as station:
        group = find(station, "group", name)
        missing = [m for m in _named(station, stellen) if m not in members_of(group)]
        if not missing:
            raise UsageError("Diese Stellen sind schon im Verteiler.")
        write(station, commands.group_members(group.id, missing, {}))
        _say(station, group)


@groups.command("entfernen")
@click.argument("name")
@click.argument("stellen")
@click.pass_context
def remove(ctx: click.Context, name: str, stellen: str) -> None:
    """Stellen aus einem Verteiler nehmen."""
    with open_station(ctx) as station:
        group = find(station, "group", name)
        added = station.reader.additions(group.id, "members")
        gone = {member: added[member] for member in _named(station, stellen) if member in added}
        if not gone:
            raise UsageError("Diese Stellen sind nicht im Verteiler.")
        write(station, commands.group_members(group.id, (), gone))
        _say(station, group)


def members_of(group: Record) -> tuple[int, ...]:
    """Staffs of a group."""
    return group.members("members") or ()


def _named(station: Station, stellen: str) -> tuple[int, ...]:
    members = station.directory.find_all(stellen)
    return members or tuple(staff.number for staff in station.directory.staffs if staff.active)


def _say(station: Station, group: Record) -> None:
    now = station.reader.get(group.id)
    assert now is not None
    say(f"Verteiler {now.text('name')}: {_names(station, members_of(now))}.")


def _names(station: Station, members: tuple[int, ...]) -> str:
    return ", ".join(station.directory.name(member) for member in members) or "niemand"
