# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a form's inputs take: which fields each fills, what sort of input suits, what it offers.

Screen and command line make their input from the cards' forms by these, so both ask for the same
things in the same words.
"""

from __future__ import annotations

from typing import Literal

from lage.kinds.cards import CARDS
from lage.kinds.schema import SCHEMA
from sync.schema.definition import (
    Choice,
    Flag,
    Many,
    Member,
    Merge,
    Moment,
    Number,
    Position,
    Ref,
    ScalarType,
    Term,
    Text,
)

Input = Literal["line", "text", "choice", "flag", "number", "time", "point", "staff", "term"]


def parts_of(kind: str, name: str) -> tuple[str, ...]:
    """The fields of the schema that one input fills; empty for an input of no schema."""
    if name in SCHEMA.by_name[kind].by_name:
        return (name,)
    return CARDS[kind].parts.get(name, ())


def changeable(kind: str, name: str) -> bool:
    """Whether an input fills fields that may be written anew."""
    fields, parts = SCHEMA.by_name[kind].by_name, parts_of(kind, name)
    return bool(parts) and all(fields[part].merge is Merge.REGISTER for part in parts)


def has_place(kind: str) -> bool:
    """Whether entries of a kind can stand on a map."""
    return any(input_of(kind, field.name) == "point" for field in SCHEMA.by_name[kind].fields)


def has_addressees(kind: str) -> bool:
    """Whether entries of a kind go to staffs that they name."""
    field = SCHEMA.by_name[kind].by_name.get("to")
    return field is not None and isinstance(field.type, Many)


def refers_to(kind: str, name: str) -> str:
    """The kind of entry whose number a field takes; empty for other fields.

    What may name any kind takes incidents, whose numbers have no letter before them.
    """
    item, _ = _type_of(kind, name)
    return (item.kind or "incident") if isinstance(item, Ref) else ""


def input_of(kind: str, name: str) -> Input:
    """What sort of input suits a field."""
    item, several = _type_of(kind, name)
    match item:
        case Choice():
            return "line" if several else "choice"
        case Flag():
            return "flag"
        case Number():
            return "number"
        case Moment():
            return "time"
        case Position():
            return "point"
        case Member():
            return "staff"
        case Term():
            return "term"
        case Text(max_chars=limit):
            return "text" if limit >= 200 else "line"
    return "line"


def choices_of(kind: str, name: str) -> tuple[str, ...]:
    """The values a choice field offers; empty for other fields."""
    item, _ = _type_of(kind, name)
    return item.values if isinstance(item, Choice) else ()


def vocabulary_of(kind: str, name: str) -> str:
    """Name of the word list from which a field suggests; empty for none."""
    item, _ = _type_of(kind, name)
    return item.vocabulary if isinstance(item, Term) else ""


def _type_of(kind: str, name: str) -> tuple[ScalarType | None, bool]:
    """Type of a field, or of each of its values, and whether it has several; None for no field."""
    field = SCHEMA.by_name[kind].by_name.get(name)
    if field is None:
        return None, False
    return (field.type.item, True) if isinstance(field.type, Many) else (field.type, False)
