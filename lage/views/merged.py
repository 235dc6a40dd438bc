# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Incidents that are the same: whose people count, and why one stands for itself all the same.

Of those that are the same each figure counts once, the highest of them, so merging neither makes
anybody disappear from a sum nor adds anybody twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lage.kinds.cards import CARDS
from lage.kinds.model import Query, Record, Where
from lage.kinds.reader import ViewContext
from lage.kinds.states import is_open
from lage.views.called import said_of
from sync.schema.definition import EntityId

HARM = {
    "affected": "Betroffene",
    "injured": "Verletzte",
    "missing": "Vermisste",
    "dead": "Tote",
}
_WORDS = {
    "incident": ("der andere", "erledigt", "diesen"),
    "gauge": ("die andere", "beendet", "diese"),
}
NAMED_MAX = 5
_MERGED_MAX = 100_000


def with_people(incidents: Sequence[Record], context: ViewContext) -> list[Record]:
    """The incidents, each with the figures of those that stand behind it as well."""
    behind: dict[EntityId, list[Record]] = {}
    for part in context.reader.select(
        Query("incident", (Where("behind", "known"),), limit=_MERGED_MAX)
    ):
        assert part.behind is not None
        behind.setdefault(part.behind, []).append(part)
    return [_together(incident, behind.get(incident.id, ())) for incident in incidents]


def people(incident: Record, context: ViewContext) -> Record:
    """One incident with the figures of those that stand behind it as well."""
    return _together(incident, same_as(incident, context))


def same_as(incident: Record, context: ViewContext) -> list[Record]:
    """Those that stand behind an entry."""
    if not CARDS[incident.kind].merges:
        return []
    where = (Where("behind", "=", incident.id),)
    return context.reader.select(Query(incident.kind, where, limit=_MERGED_MAX))


def merged_lines(incident: Record, context: ViewContext) -> list[tuple[str, str]]:
    """What there is to say of an incident that was merged, or into which others were."""
    lines: list[tuple[str, str]] = []
    parts = same_as(incident, context)
    if parts:
        together = _together(incident, parts)
        figures = ", ".join(
            f"{HARM[name]} {number}"
            for name in HARM
            if (number := together.whole(name)) is not None
        )
        names = ", ".join(said_of(part, context) for part in parts[:NAMED_MAX])
        more = f" und {len(parts) - NAMED_MAX} weitere" if len(parts) > NAMED_MAX else ""
        lines.append(("Mit", f"{names}{more}" + (f": {figures}" if figures else "")))
    into = incident.ref("merged_into")
    if into is None:
        return lines
    if incident.behind is not None:
        stands = context.reader.get(incident.behind)
        if stands is not None and stands.id != into:
            lines.append(("Steht bei", said_of(stands, context)))
    elif is_open(incident):
        target = context.reader.get(into)
        other, ended, this = _WORDS[incident.kind]
        if target is None:
            why = f"{other} ist hier noch nicht angekommen"
        elif not is_open(target):
            why = f"{other} ist {ended}"
        else:
            why = f"auch {other} wurde in {this} überführt"
        lines.append(("Steht für sich", why))
    return lines


def _together(incident: Record, behind: Sequence[Record]) -> Record:
    figures = {}
    for name in HARM:
        known = [n for each in (incident, *behind) if (n := each.whole(name)) is not None]
        if known:
            figures[name] = max(known)
    return replace(incident, values={**incident.values, **figures}) if behind else incident
