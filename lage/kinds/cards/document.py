# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Dokument: a plan or list that lies at nodes; here its name and checksum."""

from __future__ import annotations

from lage.kinds.card import Card, once, register
from sync.schema.definition import Blob, Choice, Kind, Number, Text

TYPES = ("Plan", "Liste", "Alarmplan", "Gefahrgut", "Karte", "Bericht", "Sonstiges")

CARD = Card(
    kind=Kind(
        19,
        "document",
        (
            register(0, "name", Text(120), required=True),
            once(1, "hash", Blob(32), required=True),  # BLAKE2b-256
            once(2, "size", Number(typical=65536), required=True),
            register(3, "type", Choice(TYPES)),
            register(4, "note", Text(200)),
        ),
    ),
    title="Dokument",
    plural="Dokumente",
    called="name",
    word="dokument",
    export="dokumente",
    labels={
        "name": "Name",
        "hash": "Prüfsumme",
        "size": "Größe",
        "type": "Art",
        "note": "Bemerkung",
    },
    gist=("note",),
)
