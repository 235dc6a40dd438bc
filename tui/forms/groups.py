# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Distribution lists on the screen: a name and the staffs in it."""

from __future__ import annotations

from collections.abc import Mapping

from lage.kinds.card import FormField
from lage.kinds.cards import CARDS
from lage.kinds.model import Draft, Record
from lage.language.errors import UsageError
from lage.language.plain import plain
from lage.station import Station
from lage.write import commands
from lage.write.filled import about, missing
from lage.write.parse import parse_field
from tui.forms.key import Does, new, with_entry
from tui.forms.spec import FormSpec, Intent, record_of

MEMBERS = FormField("members", "Stellen", "mit Komma, oder „alle“", required=True)


def found() -> FormSpec:
    """A new list with its staffs."""

    def build(station: Station, typed: Mapping[str, str]) -> Intent:
        drafts = commands.enter("group", _name(typed), station.parse_context())
        title = f"Verteiler {drafts[0].changes['name']!s}"
        drafts += commands.group_members(0, _members(station, typed), {})
        return Intent(title, tuple(drafts))

    fields = (*CARDS["group"].form, MEMBERS)
    return FormSpec(new("group"), "Neu: Verteiler", "group", fields, build)


def change(station: Station, record: Record) -> FormSpec:
    """Another name, other staffs."""
    directory = station.directory
    members = record.members("members") or ()
    initial = {
        "name": record.text("name"),
        "members": ", ".join(map(directory.name, members)),
    }

    def build(station: Station, typed: Mapping[str, str]) -> Intent:
        wanted = _members(station, typed)
        there = station.reader.additions(record.id, "members")
        add = [member for member in wanted if member not in there]
        gone = {int(m): dots for m, dots in there.items() if isinstance(m, int) and m not in wanted}
        drafts: list[Draft] = []
        name = typed["name"].strip()
        if name != initial["name"]:
            now = record_of(station, record.id)
            drafts += commands.edit(now, _name(typed), station.parse_context())
        if add or gone:
            drafts += commands.group_members(record.id, add, gone)
        if not drafts:
            raise UsageError("Es ist nichts geändert worden.")
        return Intent(f"Verteiler {name}", tuple(drafts))

    return FormSpec(
        with_entry(Does.MEMBERS, record.id),
        f"Ändern: Verteiler {plain(initial['name'])}",
        "group",
        (*CARDS["group"].form, MEMBERS),
        build,
        initial,
    )


def _name(typed: Mapping[str, str]) -> dict[str, str]:
    """What is typed of the list itself; its staffs are added one by one."""
    return {"name": typed["name"]}


def _members(station: Station, typed: Mapping[str, str]) -> tuple[int, ...]:
    context = station.parse_context()
    if not typed.get("members", "").strip():
        raise missing(MEMBERS)
    with about(MEMBERS):
        found = parse_field("group", "members", typed["members"], context)
    active = tuple(staff.number for staff in station.directory.staffs if staff.active)
    return tuple(m for m in found if isinstance(m, int)) if isinstance(found, tuple) else active
