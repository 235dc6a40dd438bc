# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Two incidents that are one: saying so on the screen, and taking it back."""

from __future__ import annotations

from collections.abc import Mapping

from lage.kinds.card import FormField
from lage.kinds.model import Record
from lage.station import Station
from lage.views.detail import title_of
from lage.write import commands
from lage.write.parse import parse_field
from sync.schema.definition import EntityId
from tui.forms.key import Does, with_entry
from tui.forms.spec import FormSpec, Intent, record_of


def merge(station: Station, record: Record) -> FormSpec:
    """Say which other incident this one is the same as; an empty field takes that back."""
    context = station.context()
    into = record.ref("merged_into")
    target = station.reader.get(into) if into is not None else None
    fields = (FormField("merged_into", "Dasselbe wie", "Nummer des anderen; leer: steht für sich"),)

    def build(station: Station, typed: Mapping[str, str]) -> Intent:
        other = parse_field(
            "incident", "merged_into", typed["merged_into"], station.parse_context()
        )
        if isinstance(other, EntityId):
            drafts = commands.merge_incidents(record, record_of(station, other))
            return Intent(f"{title_of(record, context)} zusammengeführt", tuple(drafts))
        drafts = commands.unmerge_incident(record_of(station, record.id))
        return Intent(f"{title_of(record, context)} getrennt", tuple(drafts))

    return FormSpec(
        with_entry(Does.MERGE, record.id),
        f"Zusammenführen: {title_of(record, context)}",
        "incident",
        fields,
        build,
        {"merged_into": context.directory.label(target) if target else ""},
        about=f"{title_of(record, context)}: {record.text('text')}",
        quick=True,
    )
