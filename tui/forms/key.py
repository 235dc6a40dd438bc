# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which form a draft stands in: what is done there, and with which entry. Pure.

Beside the log a draft is found by text (``journal``, ``antwort:3:12``, ``aendern:3:12:status``).
That text is made and read here and nowhere else; the texts of older versions keep their meaning.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

from lage.kinds.cards import CARDS
from sync.schema.definition import EntityId


class Does(enum.Enum):
    """What a form is for; the value begins the text of its key."""

    CREATE = ""  # there the kind stands instead
    ANSWER = "antwort"
    FORWARD = "weiter"
    DISTRIBUTE = "verteilen"
    ACKNOWLEDGE = "quittung"
    STRIKE = "berichtigung"
    CHANGE = "aendern"
    MEMBERS = "verteiler"
    ORDER = "auftrag"
    MERGE = "doppelt"
    ASSIGN = "zuweisen"
    FEEDBACK = "rueckmeldung"
    DISMISS = "entlassen"
    ERASE = "loeschen"
    RELEASE = "freigeben"


@dataclass(frozen=True, slots=True)
class FormKey:
    """One form; forms that are equal in this share a draft."""

    does: Does
    kind: str = ""  # of a new entry
    place: str = ""  # a new entry begun there ("karte") has a draft of its own
    entity: EntityId | None = None  # that something is done with
    only: tuple[str, ...] = ()  # of a change, the fields it is limited to

    @property
    def text(self) -> str:
        """The name of its draft beside the log."""
        if self.entity is None:
            return f"{self.kind}:{self.place}" if self.place else self.kind
        parts = [self.does.value, str(self.entity.author), str(self.entity.number)]
        if self.does is Does.CHANGE:
            parts.append(",".join(self.only))
        return ":".join(parts)


def new(kind: str, place: str = "") -> FormKey:
    """The form of a new entry."""
    return FormKey(Does.CREATE, kind, place)


def with_entry(does: Does, entity: EntityId, only: tuple[str, ...] = ()) -> FormKey:
    """A form that does something with an entry."""
    return FormKey(does, entity=entity, only=only)


def read_key(text: str) -> FormKey | None:
    """The key that this text stands for; None where it stands for none."""
    word, _, rest = text.partition(":")
    if word in CARDS:
        return new(word, rest)
    does = next((item for item in Does if item.value == word), Does.CREATE)
    author, _, number = rest.partition(":")
    number, _, only = number.partition(":")
    if does is Does.CREATE or not (author.isdecimal() and number.isdecimal()):
        return None
    fields = tuple(name for name in only.split(",") if name)
    return with_entry(does, EntityId(int(author), int(number)), fields)
