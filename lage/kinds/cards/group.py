# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Verteiler: staffs that are written to together."""

from __future__ import annotations

from lage.kinds.card import Card, FormField, register
from sync.schema.definition import Field, Kind, Many, Member, Merge, Text

CARD = Card(
    kind=Kind(
        22,
        "group",
        (
            register(0, "name", Text(40), required=True),
            Field(1, "members", Many(Member(), 25), Merge.SET),
        ),
    ),
    title="Verteiler",
    plural="Verteiler",
    called="name",
    distinct=True,
    word="verteiler",
    export="verteiler",
    form=(FormField("name", "Name", required=True),),
    labels={"members": "Stellen"},
    gist=("members",),
)
