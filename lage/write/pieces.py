# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Text too long for one operation continues in the next: cutting drafts to size. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from lage.kinds.model import Draft
from lage.kinds.schema import SCHEMA
from lage.language.errors import UsageError
from sync.schema.definition import Change, EntityId, Merge

Fits = Callable[[Draft], bool]


def cut(drafts: Iterable[Draft], fits: Fits, places: list[int]) -> Iterator[Draft]:
    """The same drafts, each small enough for one operation; continuations follow directly.

    The place of each draft's first piece goes to ``places``. ``fits`` says whether a draft can be
    coded as one operation. Raises UsageError where a draft has too much that cannot be continued.
    """
    count = 0
    for draft in drafts:
        if isinstance(draft.entity, int):
            draft = replace(draft, entity=places[draft.entity])
        places.append(count)
        pieces = _pieces(draft, fits, count)
        count += len(pieces)
        yield from pieces


def _pieces(draft: Draft, fits: Fits, place: int) -> list[Draft]:
    """Registers may move whole to a following operation, continued texts may be cut."""
    if fits(draft):
        return [draft]
    kind = SCHEMA.by_name[draft.kind]
    creates = draft.entity is None
    rest: dict[str, Change] = {}
    changes: dict[str, Change] = {}
    for name, change in draft.changes.items():
        field = kind.by_name[name]
        movable = field.merge is Merge.REGISTER and not (creates and field.required)
        continued = creates and field.merge is Merge.APPEND
        (rest if movable or continued else changes)[name] = change
    pieces: list[Draft] = []
    while rest or not pieces:
        entity = place if creates and pieces else draft.entity
        before = len(changes)
        for name, change in list(rest.items()):
            whole = _with(draft, changes, name, entity, fits)
            if whole(change):
                changes[name] = rest.pop(name)
            elif isinstance(change, str) and kind.by_name[name].merge is Merge.APPEND:
                size = _longest(change, whole)
                if size:
                    changes[name], rest[name] = change[:size], change[size:]
                break
        piece = replace(draft, changes=changes, entity=entity)
        if not fits(piece) or (rest and len(changes) == before):
            raise UsageError(
                "Die Angaben sind zusammen zu lang für einen Eintrag: bitte kürzen oder den Rest"
                " als Tagebucheintrag schreiben."
            )
        pieces.append(piece)
        changes = {}
    return pieces


def _with(
    draft: Draft,
    changes: Mapping[str, Change],
    name: str,
    entity: int | EntityId | None,
    fits: Fits,
) -> Callable[[Change], bool]:
    """Whether a piece of that field fits beside what the operation already carries."""
    return lambda part: fits(replace(draft, changes={**changes, name: part}, entity=entity))


def _longest(text: str, fits: Callable[[Change], bool]) -> int:
    """Length of the longest prefix that fits, cut behind a space where there is one; 0 for none.

    The whole text does not fit. To try is dear, so only where it may be cut is tried first.
    """

    def too_long(size: int) -> bool:
        return not fits(text[:size])

    cuts = [size for size, character in enumerate(text, 1) if character == " "]
    place = bisect_left(cuts, True, key=too_long)
    space = cuts[place - 1] if place else 0
    end = cuts[place] if place < len(cuts) else len(text)
    if end <= 2 * space:
        return space
    longest = space + bisect_left(range(space + 1, end), True, key=too_long)
    return space if space > longest // 2 else longest
