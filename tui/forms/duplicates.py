# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Two incidents or gauges that are one: saying so on the screen, and taking it back."""

from __future__ import annotations

from collections.abc import Mapping

from lage.kinds.card import FormField
from lage.kinds.model import Record
from lage.language.errors import UsageError
from lage.station import Station
from lage.views.called import said_of
from lage.views.detail import title_of
from lage.views.gauge_book import records_of
from lage.write import commands
from lage.write.gauges import merge_gauges, unmerge_gauge
from lage.write.parse import parse_field
from sync.schema.definition import EntityId
from tui.forms.key import Does, with_entry
from tui.forms.spec import FormSpec, Intent, record_of

_HINTS = {
    "incident": "Nummer des anderen; leer: steht für sich",
    "gauge": "Name der anderen; leer: steht für sich",
}


def merge(station: Station, record: Record) -> FormSpec:
    """Say which other one this is the same as; an empty field takes that back."""
    if record.kind not in _HINTS:
        raise UsageError("Das geht mit diesem Eintrag nicht.")
    context, kind = station.context(), record.kind
    into = record.ref("merged_into")
    target = station.reader.get(into) if into is not None else None
    fields = (FormField("merged_into", "Dasselbe wie", _HINTS[kind]),)

    def build(station: Station, typed: Mapping[str, str]) -> Intent:
        other = parse_field(kind, "merged_into", typed["merged_into"], station.parse_context())
        if isinstance(other, EntityId):
            into = record_of(station, other)
            gauges = kind == "gauge"
            drafts = (
                merge_gauges(record, into) if gauges else commands.merge_incidents(record, into)
            )
            return Intent(f"{title_of(record, context)} zusammengeführt", tuple(drafts))
        now = record_of(station, record.id)
        if kind == "gauge":
            drafts = unmerge_gauge(records_of(station.reader, now.text("name")))
        else:
            drafts = commands.unmerge_incident(now)
        return Intent(f"{title_of(record, context)} getrennt", tuple(drafts))

    return FormSpec(
        with_entry(Does.MERGE, record.id),
        f"Zusammenführen: {title_of(record, context)}",
        kind,
        fields,
        build,
        {"merged_into": said_of(target, context) if target else ""},
        about=": ".join(part for part in (title_of(record, context), record.text("text")) if part),
        quick=True,
    )
