# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Buchung, a Bestandsbewegung: what came, went or was moved."""

from __future__ import annotations

from lage.kinds.card import WHEN, Card, FormField, once
from sync.schema.definition import Kind, Moment, Number, Ref, Term, Text

CARD = Card(
    kind=Kind(
        11,
        "stock_movement",
        (
            once(0, "item", Term("item"), required=True),
            once(1, "place", Term("place"), required=True),
            once(2, "amount", Number(signed=True, typical=128), required=True),
            once(3, "to_place", Term("place")),  # Verlegung: leaves place, arrives here
            once(4, "reason", Text(120)),
            once(5, "at", Moment()),
            once(6, "request", Ref("request")),
        ),
    ),
    title="Buchung",
    plural="Buchungen",
    called="item",
    word="buchung",
    export="bewegungen",
    followed="material",
    form=(
        FormField("item", "Material", required=True),
        FormField("place", "Ort", required=True),
        FormField("amount", "Menge", "Zugang 500, Abgang -200", required=True),
        FormField("to_place", "Nach", "nur bei Verlegung: Zielort"),
        FormField("reason", "Grund"),
        FormField("request", "Anforderung", "Nummer, z. B. RHE-F1"),
        WHEN,
    ),
    gist=("amount",),
    stands_at=(("request", "request"),),
    figure=True,
    indexed=("item", "place", "to_place"),
)
