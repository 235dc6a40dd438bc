# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Private part of a helper, for the receiving staff only."""

from __future__ import annotations

from lage.kinds.card import Card, once
from sync.schema.definition import Blob, Kind, Number, Ref
from sync.schema.urgency import Urgency

CARD = Card(
    kind=Kind(
        15,
        "sealed",
        (
            once(0, "assignment", Ref("assignment"), required=True),
            once(1, "part", Number(typical=2, maximum=15), required=True),
            once(2, "content", Blob(120), required=True),
            once(3, "key", Ref("sealing_key"), since=2),
        ),
    ),
    title="versiegelte Angaben",
    plural="versiegelte Angaben",
    labels={"assignment": "Zuweisung", "part": "Teil", "content": "Inhalt", "key": "Schlüssel"},
    urgency=Urgency.RECEIPT,
    indexed=("assignment",),
)
