# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which other injects an inject's entry names."""

from __future__ import annotations

from lage.exercise.script.model import Inject
from lage.kinds.inputs import refers_to
from lage.write.parse import is_unknown


def referred_to(inject: Inject) -> set[str]:
    """The numbers of the injects whose entries an entry names."""
    entry = inject.entry
    if entry is None:
        return set()
    named = {
        text
        for name, text in entry.fields.items()
        if refers_to(entry.kind, name) and text and not is_unknown(text)
    }
    return named | {entry.target} - {""}
