# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Quittung: a person of a staff confirms a message by name."""

from __future__ import annotations

from lage.kinds.card import Card, once
from sync.schema.definition import Kind, Moment, Ref, Text
from sync.schema.urgency import Urgency

CARD = Card(
    kind=Kind(
        3,
        "receipt",
        (
            once(0, "message", Ref("message"), required=True),
            once(1, "person", Text(40), required=True),
            once(2, "at", Moment()),
        ),
    ),
    title="Quittung",
    plural="Quittungen",
    followed="nachrichten",
    labels={"message": "Nachricht", "person": "Quittiert durch", "at": "Zeit"},
    gist=("person",),
    urgency=Urgency.RECEIPT,
    indexed=("message",),
)
