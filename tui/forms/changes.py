# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is done with an entry that is there: new values, striking it. In the bridge's threads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from lage.kinds.card import FormField
from lage.kinds.cards import CARDS
from lage.kinds.inputs import changeable
from lage.kinds.model import Record
from lage.kinds.schema import SCHEMA
from lage.language.errors import UsageError
from lage.station import Station
from lage.views.detail import title_of
from lage.views.scale import places_of
from lage.views.sums import strength_of
from lage.views.words import long_value
from lage.write import commands
from sync.schema.definition import Text
from tui.forms import groups
from tui.forms.key import Does, with_entry
from tui.forms.spec import FormSpec, Intent, about, habits, signs_of


def change(station: Station, record: Record, only: tuple[str, ...] = ()) -> FormSpec:
    """New values for what may change; ``only`` limits it to some fields."""
    if record.kind == "group":
        return groups.change(station, record)
    card = CARDS[record.kind]
    names = [f.name for f in card.form]
    names += [name for name in ("status", "feedback", "progress") if name not in names]
    fields = tuple(
        card.asks(name) or FormField(name, card.label(name))
        for name in names
        if changeable(record.kind, name) and (not only or name in only)
    )
    if not fields:
        raise UsageError("An diesem Eintrag kann nichts geändert werden.")
    context = station.context()
    initial = {f.name: _typed(record, f.name, station) for f in fields}

    def build(station: Station, typed: Mapping[str, str]) -> Intent:
        changed = {n: t for n, t in typed.items() if t.strip() != initial[n].strip()}
        now = station.reader.get(record.id) or record
        seen = replace(now, seq=record.seq)
        drafts = commands.edit(seen, changed, station.parse_context(), fields)
        return Intent(f"Änderung an {title_of(record, station.context())}", tuple(drafts))

    return FormSpec(
        with_entry(Does.CHANGE, record.id, only),
        f"Ändern: {title_of(record, context)}",
        record.kind,
        fields,
        build,
        initial,
        quick=bool(only) and len(fields) == 1,
    )


def strike(station: Station, record: Record) -> FormSpec:
    """Correct a journal entry."""
    commands.check_correctable(record, station.directory)

    def build(station: Station, typed: Mapping[str, str]) -> Intent:
        drafts = commands.strike(record, typed, station.parse_context())
        return Intent("Berichtigung", tuple(drafts), "", signs_of(typed))

    return FormSpec(
        with_entry(Does.STRIKE, record.id),
        "Tagebucheintrag berichtigen",
        "journal",
        commands.CORRECTION,
        build,
        habits(station, ("sign",)),
        about=about(station, record),
    )


def _typed(record: Record, name: str, station: Station) -> str:
    """A field's value as somebody would type it."""
    if (record.kind, name) == ("unit", "strength"):
        return str(strength_of(record))
    value = record.values.get(name)
    if value is None:
        return ""
    if isinstance(SCHEMA.by_name[record.kind].by_name[name].type, Text):
        return str(value)
    context = station.context()
    return long_value(record.kind, name, value, context, places_of(record, context))
