# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Verteilung: whom the Sichter gave a message within the staff."""

from __future__ import annotations

from lage.kinds.card import FUNCTIONS, Card, once
from sync.schema.definition import Choice, Kind, Many, Ref, Text

CARD = Card(
    kind=Kind(
        4,
        "distribution",
        (
            once(0, "message", Ref("message"), required=True),
            once(1, "functions", Many(Choice(FUNCTIONS), 10), required=True),
            once(2, "note", Text(200)),
            once(3, "sign", Text(12)),
        ),
    ),
    title="Verteilung",
    plural="Verteilungen",
    labels={
        "message": "Nachricht",
        "functions": "Verteilt an",
        "note": "Bemerkung",
        "sign": "Zeichen",
    },
    gist=("note",),
    stands_at=(("message", "message"),),
    indexed=("message",),
)
