# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Making something public, and taking it back. Pure.

Nothing is public by itself: a release names the entry and carries the words that people will read.
Kinds that may hold anything about persons have no topic on their card and cannot be released. The
words that are proposed come from fields that name things, never from remarks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lage.kinds.cards import CARDS
from lage.kinds.model import Draft, Record
from lage.kinds.states import is_open
from lage.language.errors import UsageError
from lage.write import commands
from sync.schema.definition import Value

NAMING: Mapping[str, tuple[str, ...]] = {
    "shelter": ("name",),
    "road_closure": ("road", "section", "detour"),
    "area": ("name",),
    "gauge": ("title", "name"),
}
"""Fields whose words are proposed; of a supply state none are needed, its choices say it all."""


def wording(record: Record) -> str:
    """The words proposed for an entry."""
    said = {name: record.text(name).strip() for name in NAMING.get(record.kind, ())}
    if record.kind == "gauge":
        return said["title"] or said["name"]
    if record.kind == "road_closure":
        road = ", ".join(text for text in (said["road"], said["section"]) if text)
        return f"{road}. Umleitung: {said['detour']}" if said["detour"] else road
    return ", ".join(text for text in said.values() if text)


def release(record: Record, text: str | None = None) -> list[Draft]:
    """Drafts that make an entry public, in the words given or in those proposed.

    Raises UsageError for kinds that are never public and for what has ended.
    """
    card = CARDS[record.kind]
    if not card.public:
        raise UsageError(
            f"{card.plural} werden nicht veröffentlicht: sie können persönliche Angaben enthalten."
            " Bitte schreiben Sie einen eigenen Aushang (lage aushang schreiben)."
        )
    if not is_open(record):
        raise UsageError("Was beendet ist, wird nicht mehr veröffentlicht.")
    values: dict[str, Value] = {
        "topic": card.public,
        "entry": record.id,
        "status": "öffentlich",
    }
    words = wording(record) if text is None else text.strip()
    if words:
        values["text"] = words
    (draft,) = commands.create("notice", values, -1)
    return [draft]


def withdraw(notices: Sequence[Record]) -> list[Draft]:
    """Drafts that take all of these back; it is sent at once."""
    if not notices:
        raise UsageError("Das ist nicht öffentlich: es gibt nichts zurückzuziehen.")
    return [
        draft
        for notice in notices
        for draft in commands.change(notice, {"status": "zurückgezogen"})
    ]
