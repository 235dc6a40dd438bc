# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Several inputs typed together, as the values of one entry: labels, defaults, what must be there.

``commands.enter`` and ``commands.edit`` go through here, whoever typed: screen, command line,
script or a file that is read in. Every refusal names its input (``UsageError.field``). Pure.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager

from lage.kinds.card import FormField
from lage.kinds.cards import CARDS
from lage.kinds.inputs import changeable, input_of, parts_of
from lage.kinds.model import Record
from lage.kinds.schema import SCHEMA
from lage.language.errors import UsageError
from lage.write.parse import Context, in_places, is_unknown, parse_input
from sync.schema.definition import Change, Value


def values_of(
    kind: str,
    typed: Mapping[str, str],
    context: Context,
    *,
    inputs: Sequence[FormField] | None = None,
    given: Collection[str] = (),
    needed: Collection[str] | None = None,
) -> dict[str, Value]:
    """The values of a new entry; empty and unknown ones are left out.

    ``inputs``: what a shell asked for, where that is not the kind's form; ``given``: fields that
    somebody else gives, so that nobody has to type them; ``needed``: what must be there, where
    that is not what the form says. Raises UsageError for the first input that is wrong.
    """
    card = CARDS[kind]
    asked = card.form if inputs is None else inputs
    parse = _in_places(kind, typed, context)
    values: dict[str, Value] = dict(card.fixed) if inputs is None else {}
    for item in _all(kind, typed, asked):
        if item.name in given:
            continue
        text = typed.get(item.name, "") or item.default
        with about(item):
            found = parse_input(kind, item.name, text, parse)
        known = {name: value for name, value in found.items() if value is not None}
        must = item.required if needed is None else item.name in needed
        if must and not known and not _means_all(kind, item.name, text):
            raise missing(item)
        values |= known
    return values


def changes_of(
    record: Record,
    typed: Mapping[str, str],
    context: Context,
    inputs: Sequence[FormField] | None = None,
) -> dict[str, Change]:
    """The changes that were typed: each text counts, and an empty one sets to unknown.

    Raises UsageError for the first input that is wrong or cannot be changed.
    """
    kind, fields = record.kind, SCHEMA.by_name[record.kind].by_name
    asked = CARDS[kind].form if inputs is None else inputs
    parse = _in_places(kind, typed, context, record.values)
    changes: dict[str, Change] = {}
    for item in _all(kind, typed, asked):
        if item.name not in typed:
            continue
        if not changeable(kind, item.name):
            raise UsageError(f"{item.label} kann nicht geändert werden.", field=item.name)
        with about(item):
            found = parse_input(kind, item.name, typed[item.name], parse)
        needed = item.required or any(fields[name].required for name in found)
        if needed and any(value is None for value in found.values()):
            raise missing(item)
        changes |= found
    return changes


@contextmanager
def about(item: FormField) -> Iterator[None]:
    """A refusal inside is about that input, and begins with its label."""
    try:
        yield
    except UsageError as error:
        raise type(error)(f"{item.label}: {error}", field=item.name) from error


def missing(item: FormField) -> UsageError:
    """The refusal of an input that was left empty."""
    return UsageError(f"Das Feld „{item.label}“ ist leer: bitte ausfüllen.", field=item.name)


def _all(kind: str, typed: Mapping[str, str], asked: Sequence[FormField]) -> tuple[FormField, ...]:
    """What was asked for, then other fields of the kind that somebody has typed all the same."""
    names = {item.name for item in asked}
    others = tuple(name for name in typed if name not in names)
    for name in others:
        if not parts_of(kind, name):
            raise UsageError(f"Die Angabe „{name}“ gibt es hier nicht.", field=name)
    card = CARDS[kind]
    return (*asked, *(card.asks(name) or FormField(name, card.label(name)) for name in others))


def _in_places(
    kind: str, typed: Mapping[str, str], context: Context, before: Mapping[str, Value] | None = None
) -> Context:
    try:
        return in_places(kind, typed, context, before)
    except UsageError as error:
        raise UsageError(str(error), field="decimals") from error


def _means_all(kind: str, name: str, text: str) -> bool:
    """Whether an answer was given that leaves the field empty: a message to „alle“."""
    return input_of(kind, name) == "staff" and bool(text.strip()) and not is_unknown(text)
