# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Material: unit and least stock of an item at a place; balances are sums over movements."""

from __future__ import annotations

from lage.kinds.card import Card, FormField, once, register
from sync.schema.definition import Kind, Number, Term

CARD = Card(
    kind=Kind(
        10,
        "supply",
        (
            once(0, "item", Term("item"), required=True),
            once(1, "place", Term("place"), required=True),
            register(2, "unit", Term("unit_of_measure")),
            register(3, "minimum", Number(typical=512)),
        ),
    ),
    title="Material",
    plural="Material",
    called="item",
    word="material",
    export="mindestbestaende",
    followed="material",
    form=(
        FormField("item", "Material", required=True),
        FormField("place", "Ort", required=True),
        FormField("unit", "Einheit", default="Stück"),
        FormField("minimum", "Mindestbestand", option="minimum"),
    ),
    indexed=("item", "place"),
)
