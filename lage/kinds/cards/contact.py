# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Erreichbarkeit: how a function of a staff can be reached."""

from __future__ import annotations

from lage.kinds.card import FUNCTIONS, Card, Command, FormField, register
from sync.schema.definition import Choice, Kind, Text

CARD = Card(
    kind=Kind(
        23,
        "contact",
        (
            register(0, "function", Choice(FUNCTIONS), required=True),
            register(1, "text", Text(160), required=True),
        ),
    ),
    title="Erreichbarkeit",
    plural="Erreichbarkeiten",
    called="function",
    word="erreichbarkeit",
    export="erreichbarkeiten",
    command=Command("stelle", "melden", "text", "Stellen und ihre Erreichbarkeit."),
    form=(
        FormField("function", "Funktion", required=True),
        FormField("text", "Erreichbar", "z. B. Telefon, Funkrufname, Raum", required=True),
    ),
)
