# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Whether an entry is one that a script describes: by whom, to whom, what it says."""

from __future__ import annotations

from lage.exercise.script.model import Pattern
from lage.kinds.model import Record
from lage.kinds.reader import ViewContext
from lage.language.folding import fold_text
from lage.views.words import short_value


def matches(record: Record, pattern: Pattern, context: ViewContext) -> bool:
    """Whether it is one of those, as it stands now; who made it so is not asked."""
    if record.kind != pattern.kind:
        return False
    if pattern.action == "create" and not _by(record, pattern, context):
        return False
    if pattern.to and not _to(record, pattern, context):
        return False
    shown = {
        name: fold_text(short_value(record.kind, name, value, context))
        for name, value in record.values.items()
    }
    everything = " ".join(shown.values())
    said = all(fold_text(word) in everything for word in pattern.contains)
    return said and all(
        shown.get(name, "") == fold_text(text) for name, text in pattern.fields.items()
    )


def _by(record: Record, pattern: Pattern, context: ViewContext) -> bool:
    directory = context.directory
    return not pattern.by or directory.name(directory.heir(record.id.author)) in pattern.by


def _to(record: Record, pattern: Pattern, context: ViewContext) -> bool:
    """To one of these; what goes to all goes to them as well."""
    for name in ("to", "assignee", "recipient"):
        members = record.members(name)
        if members is not None:
            names = {context.directory.name(context.directory.heir(n)) for n in members}
            return bool(names & set(pattern.to))
    return "to" not in record.values
