# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Schichtübergabe: who hands over to whom, and what is open."""

from __future__ import annotations

from lage.kinds.card import Card, FormField, once, prose
from sync.schema.definition import Kind, Text

CARD = Card(
    kind=Kind(
        21,
        "handover",
        (
            once(0, "from_person", Text(40), required=True),
            once(1, "to_person", Text(40), required=True),
            prose(2, "text", required=True),
        ),
    ),
    title="Schichtübergabe",
    plural="Schichtübergaben",
    word="uebergabe",
    export="uebergaben",
    form=(
        FormField("from_person", "Von", required=True),
        FormField("to_person", "An", required=True),
        FormField("text", "Übergabe", required=True, option="text"),
    ),
    noted=True,
    deeds=("bestaetigen",),
)
