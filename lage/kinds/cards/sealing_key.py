# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Key of the receiving staff, for one assignment alone."""

from __future__ import annotations

from lage.kinds.card import Card, once, register
from sync.schema.definition import Blob, Flag, Kind, Ref
from sync.schema.urgency import Urgency

CARD = Card(
    kind=Kind(
        24,
        "sealing_key",
        (
            once(0, "assignment", Ref("assignment"), required=True),
            once(1, "key", Blob(32), required=True),  # X25519, public half
            register(2, "destroyed", Flag()),  # the secret half
        ),
    ),
    title="Schlüssel für eine Zuweisung",
    plural="Schlüssel für Zuweisungen",
    labels={"assignment": "Zuweisung", "key": "Schlüssel", "destroyed": "Schlüssel vernichtet"},
    urgency=Urgency.RECEIPT,
    indexed=("assignment",),
)
