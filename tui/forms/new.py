# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The form of a new entry, of any kind. Runs in the bridge's threads."""

from __future__ import annotations

from collections.abc import Mapping

from lage.kinds.cards import CARDS
from lage.kinds.inputs import has_addressees
from lage.language.errors import UsageError
from lage.station import Station
from lage.views.handover import handover, short_text
from lage.views.situation import latest_free_parts, radio_form
from lage.write import commands
from tui.forms import groups, helpers
from tui.forms.key import FormKey, new
from tui.forms.spec import ADDRESS, FormSpec, Intent, Propose, addressed


def create(
    kind: str, initial: Mapping[str, str] | None = None, key: FormKey | None = None
) -> FormSpec:
    """A new entity."""
    if kind in ("helper", "group"):
        return groups.found() if kind == "group" else helpers.register(initial or {}, key)
    card = CARDS[kind]
    fields = card.form
    if kind == "message":
        fields = tuple(ADDRESS if item.name == "to" else item for item in fields)

    def build(station: Station, typed: Mapping[str, str]) -> Intent:
        if kind == "message" and not typed.get("to", "").strip():
            raise UsageError(
                "Das Feld „An“ ist leer: bitte eine Stelle nennen, oder „alle“.", field="to"
            )
        drafts = commands.enter(kind, typed, station.parse_context())
        if kind == "report":
            short = radio_form(station.context(), drafts[0].changes)
            drafts = [commands.with_more(drafts[0], {"summary": short})]
        return addressed(station, card.title, drafts, typed)

    verb = "Senden" if has_addressees(kind) else "Speichern"
    return FormSpec(
        key or new(kind),
        f"Neu: {card.title}",
        kind,
        fields,
        build,
        initial or {},
        verb,
        propose=_PROPOSALS.get(kind),
    )


def _summary(station: Station) -> dict[str, str]:
    """Of a Schichtübergabe: what is open."""
    context = station.context()
    return {"text": short_text(handover(context, station.queue()), context)}


def _free_parts(station: Station) -> dict[str, str]:
    """Of a Lagemeldung: what the last one said, to go on from."""
    return latest_free_parts(station.context())


_PROPOSALS: Mapping[str, Propose] = {"handover": _summary, "report": _free_parts}
