# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Lagemeldung: the free parts; figures come from the situation."""

from __future__ import annotations

from lage.kinds.card import SIGN, Card, FormField, once, prose
from sync.schema.definition import Kind, Many, Member, Moment, Text

CARD = Card(
    kind=Kind(
        18,
        "report",
        (
            once(0, "until", Moment(), required=True),  # state of the situation
            once(1, "to", Many(Member(), 25)),
            prose(2, "general"),
            prose(3, "measures"),
            prose(4, "weather"),
            prose(5, "intent"),
            prose(6, "reachability"),
            prose(7, "summary"),  # the radio short form
            once(8, "sign", Text(12)),
        ),
    ),
    title="Lagemeldung",
    plural="Lagemeldungen",
    word="lagemeldung",
    export="lagemeldungen",
    followed="berichte",
    form=(
        FormField("to", "An", default="alle"),
        FormField("general", "Allgemeine Lage", option="allgemein"),
        FormField("measures", "Maßnahmen", option="massnahmen"),
        FormField("weather", "Wetter"),
        FormField("intent", "Absicht"),
        FormField("reachability", "Erreichbarkeit"),
        FormField("until", "Stand", default="jetzt"),
        SIGN,
    ),
    labels={"summary": "Kurzfassung"},
    gist=("general",),
    to_all=True,
    noted=True,
    watched=True,
)
