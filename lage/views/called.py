# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which entry somebody means: by number, by name where its kind has no numbers, or by id.

``RHE-12``; ``Zug 1``, or ``Zug 1 RHE`` where two staffs have one; ``2:7`` as ``--json`` has it,
which says always which one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from lage.kinds.cards import CARDS
from lage.kinds.model import Query, Record
from lage.kinds.reader import ViewContext
from lage.language.errors import NotFound, UsageError
from lage.language.folding import fold_text
from lage.language.plain import plain
from lage.language.tactical import tactical
from sync.schema.definition import EntityId
from sync.schema.values import MEMBER_MAX, NUMBER_MAX

NAMED_MAX = 5000
"""So many entries of a kind are looked through."""

TOLD_MAX = 6
"""So many that might be meant are told."""

_ID = re.compile(r"(\d{1,5}):(\d{1,10})", re.ASCII)
_NUMBER = re.compile(r"([^\W\d]\w{1,4}-)?[A-Z]?\d+")
_NAMED = tuple(kind for kind, card in CARDS.items() if card.called and not card.figure)


def shown_name(record: Record) -> str:
    """The name of an entry whose kind has no numbers, as it is now."""
    card = CARDS[record.kind]
    return plain(record.text(card.renamed) or record.text(card.called))


def said_of(record: Record, context: ViewContext) -> str:
    """What people call an entry: RHE-12, or its name."""
    if CARDS[record.kind].letter is None:
        return shown_name(record) or context.directory.label(record)
    return context.directory.label(record)


def entry_called(kind: str, typed: str, context: ViewContext) -> Record:
    """The entry of that kind, of any where it is empty. Raises UsageError with what to type."""
    text = typed.strip()
    if match := _ID.fullmatch(text):
        return _by_id(kind, text, int(match[1]), int(match[2]), context)
    if kind and CARDS[kind].letter is not None:
        return _by_number(kind, text, context)
    if found := _named((kind,) if kind else _NAMED, text, context):
        return found
    if _NUMBER.fullmatch(text.upper()) and (not kind or "-" in text):
        return _by_number(kind or context.directory.kind_of(text), text, context)
    if kind:
        raise NotFound(
            f"„{text}“ gibt es nicht: bitte den Namen so angeben, wie er in der Liste steht."
        )
    raise NotFound(
        f"„{text}“ ist weder eine Nummer wie in der Liste (z. B. RHE-12) noch der Name eines"
        " Eintrags."
    )


def _by_id(kind: str, text: str, author: int, number: int, context: ViewContext) -> Record:
    inside = author <= MEMBER_MAX and 0 < number <= NUMBER_MAX
    found = context.reader.get(EntityId(author, number)) if inside else None
    if found is None:
        raise NotFound(f"Den Eintrag {text} gibt es hier nicht (noch nicht empfangen?).")
    if kind not in ("", found.kind):
        raise NotFound(
            f"{text} ist „{CARDS[found.kind].title}“, gebraucht wird „{CARDS[kind].title}“."
        )
    return found


def _by_number(kind: str, text: str, context: ViewContext) -> Record:
    author, nr = context.directory.parse_label(text, kind)
    found = context.reader.by_number(kind, author, nr)
    if found is None:
        raise NotFound(f"Die Nummer {text} gibt es hier nicht (noch nicht empfangen?).")
    return found


def _named(kinds: Sequence[str], text: str, context: ViewContext) -> Record | None:
    """The one of that name, or that has it as a part of its own; None for no such entry."""
    rows = [row for kind in kinds for row in context.reader.select(Query(kind, limit=NAMED_MAX))]
    wanted = fold_text(text)
    if not wanted:
        return None
    name, _, code = wanted.rpartition(" ")

    def of_staff(record: Record) -> bool:
        return fold_text(context.directory.code(record.id.author)) == code

    tries: tuple[Callable[[Record], bool], ...] = (
        lambda record: fold_text(shown_name(record)) == wanted,
        lambda record: _name(record) == wanted,
        lambda record: bool(name) and of_staff(record) and _name(record) == name,
        lambda record: wanted in _name(record),
        lambda record: bool(name) and of_staff(record) and name in _name(record),
    )
    found = next(filter(None, ([row for row in rows if fits(row)] for fits in tries)), [])
    if len(found) > 1:
        told = list(_told(found, rows, context))
        more = f" und {len(found) - TOLD_MAX} weitere" if len(found) > TOLD_MAX else ""
        raise UsageError(
            f"„{text}“ ist nicht eindeutig, bitte so angeben: {', '.join(told)}{more}."
        )
    return found[0] if found else None


def _told(found: Sequence[Record], rows: Sequence[Record], context: ViewContext) -> Iterator[str]:
    """What to type for each of them: its name, with the staff's code if need be, or its id."""
    for record in found[:TOLD_MAX]:
        title, author = shown_name(record), record.id.author
        alike = [row for row in rows if _name(row) == _name(record)]
        if len(alike) == 1:
            yield f"„{title}“"
        elif sum(row.id.author == author for row in alike) == 1:
            yield f"„{title} {context.directory.code(author)}“"
        else:
            since = f"{context.directory.code(author)}, {tactical(record.time)}"
            yield f"„{author}:{record.id.number}“ ({title}, {since})"


def _name(record: Record) -> str:
    return fold_text(record.text(CARDS[record.kind].called)).strip()
