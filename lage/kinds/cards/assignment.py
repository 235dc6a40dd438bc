# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Zuweisung: a helper is sent to a staff."""

from __future__ import annotations

from lage.kinds.card import Card, once, register
from sync.schema.definition import Flag, Kind, Member, Moment, Ref, Text

CARD = Card(
    kind=Kind(
        14,
        "assignment",
        (
            once(0, "helper", Ref("helper"), required=True),
            once(1, "to", Member(), required=True),
            once(2, "meeting_point", Text(100)),
            once(3, "at", Moment()),
            once(4, "task", Ref("task")),
            register(5, "feedback", Text(200)),  # text to the helper
            register(6, "cancelled", Flag()),
            once(7, "contact", Text(80), since=2),  # whom they ask for there
        ),
    ),
    title="Zuweisung",
    plural="Zuweisungen",
    word="zuweisung",
    labels={
        "helper": "Helfer",
        "to": "An",
        "meeting_point": "Treffpunkt",
        "at": "Zeit",
        "contact": "Kontakt",
        "task": "Auftrag",
        "feedback": "Rückmeldung",
        "cancelled": "aufgehoben",
    },
    ended_by="cancelled",
    gist=("meeting_point", "feedback"),
    stands_at=(("helper", "helper"), ("task", "task")),
    indexed=("helper",),
    planned=("at",),
)
