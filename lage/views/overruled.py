# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Own changes that do not hold, because somebody changed the same at the same time. Pure.

Said at once after writing, and as an alarm where the other word arrives later; until somebody
changes the field in view of both.
"""

from __future__ import annotations

from collections.abc import Sequence

from lage.kinds.model import Contested, Draft, HistoryStep, Record
from lage.kinds.reader import ViewContext
from lage.kinds.schema import SCHEMA
from lage.views.alarm import Alarm, Sort, Weight
from lage.views.detail import title_of
from lage.views.scale import places_of
from lage.views.words import label_of, long_value
from sync.schema.definition import EntityId, Merge

SHOWN_S = 24 * 3600
"""So long after it arrived a word that overruled ours is an alarm."""


def without_effect(drafts: Sequence[Draft], context: ViewContext) -> list[str]:
    """A sentence for each change among these drafts, just written, that does not hold."""
    found = []
    for draft in drafts:
        record = context.reader.get(draft.entity) if isinstance(draft.entity, EntityId) else None
        if record is None:
            continue
        kind = SCHEMA.by_name[draft.kind]
        for name, change in draft.changes.items():
            register = kind.by_name[name].merge is Merge.REGISTER
            if register and record.values.get(name) != change:
                found.append(_sentence(record, name, context))
    return found


def _sentence(record: Record, name: str, context: ViewContext) -> str:
    holds = next(
        (s for s in reversed(context.reader.history(record.id)) if name in s.effective), None
    )
    return (
        f"{title_of(record, context)}: Ihre Angabe gilt nicht, {_who(holds, context)}"
        f" {_says(record, name, context)}. Bitte ansehen und, wenn nötig, noch einmal ändern."
    )


def _who(step: HistoryStep | None, context: ViewContext) -> str:
    if step is None:
        return "es bleibt bei"
    return f"gleichzeitig hat {context.directory.name(step.id.author)} geändert:"


def _says(record: Record, name: str, context: ViewContext) -> str:
    value = record.values.get(name)
    shown = "unbekannt"
    if value is not None:
        shown = long_value(record.kind, name, value, context, places_of(record, context))
    return f"{label_of(record.kind, name)} „{shown}“"


def overruled_lately(context: ViewContext) -> list[Alarm]:
    """An alarm for each entry in which a word of ours was overruled lately."""
    entries: dict[EntityId, list[Contested]] = {}
    for each in context.reader.overruled(context.ours, max(0, context.now - SHOWN_S)):
        entries.setdefault(each.entity, []).append(each)
    found = []
    for entity, lost in entries.items():
        record = context.reader.get(entity)
        if record is None:
            continue
        fields = dict.fromkeys(each.field for each in lost)
        says = ", ".join(_says(record, name, context) for name in fields)
        who = ", ".join(sorted({context.directory.name(each.by.author) for each in lost}))
        text = f"{title_of(record, context)} überstimmt, es gilt {says} (gleichzeitig von {who})"
        about = tuple(part for each in lost for part in each.by)
        found.append(Alarm(Sort.OVERRULED, Weight.OPEN, text, entity, record.kind, about))
    return found
