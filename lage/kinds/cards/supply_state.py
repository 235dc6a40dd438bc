# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Versorgungslage of one municipality and service."""

from __future__ import annotations

from lage.kinds.card import Card, FormField, once
from sync.schema.definition import Choice, Kind, Moment, Number, Term, Text

SERVICES = ("Strom", "Wasser", "Mobilfunk", "Festnetz", "Heizung", "Kraftstoff")
STATES = ("ausgefallen", "eingeschränkt", "in Betrieb", "unbekannt")

CARD = Card(
    kind=Kind(
        17,
        "supply_state",
        (
            once(0, "municipality", Term("place"), required=True),
            once(1, "service", Choice(SERVICES, room=8), required=True),
            once(2, "state", Choice(STATES, room=4), required=True),
            once(3, "since", Moment()),
            once(4, "affected", Number(typical=8192)),
            once(5, "until", Moment()),  # expected restoration
            once(6, "note", Text(120)),
        ),
    ),
    title="Versorgungslage",
    plural="Versorgungslage",
    word="versorgungslage",
    public="Ausfall",
    export="versorgung",
    followed="versorgung",
    form=(
        FormField("municipality", "Gemeinde", required=True),
        FormField("service", "Bereich", required=True),
        FormField("state", "Zustand", required=True),
        FormField("since", "Seit"),
        FormField("affected", "Betroffene"),
        FormField("until", "Voraussichtlich bis", option="bis"),
        FormField("note", "Bemerkung"),
    ),
    gist=("note",),
    figure=True,
    indexed=("municipality",),
    planned=("until",),
)
