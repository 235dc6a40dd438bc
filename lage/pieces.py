# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Text too long for one operation continues in the next: cutting drafts to size. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from lage.errors import UsageError
from lage.model import Draft
from lage.ops import SCHEMA
from sync.schema import Change, Merge

Fits = Callable[[Draft], bool]


def cut(drafts: Sequence[Draft], fits: Fits) -> list[Draft]:
    """The same drafts, each small enough for one operation; continuations follow directly.

    ``fits`` says whether a draft can be coded as one operation. Raises UsageError where a draft
    has too much that cannot be continued.
    """
    result: list[Draft] = []
    places: list[int] = []  # where each draft's first piece went
    for draft in drafts:
        if isinstance(draft.entity, int):
            draft = Draft(draft.kind, draft.changes, places[draft.entity], draft.urgency)
        places.append(len(result))
        result.extend(_pieces(draft, fits, len(result)))
    return result


def _pieces(draft: Draft, fits: Fits, place: int) -> list[Draft]:
    if fits(draft):
        return [draft]
    kind = SCHEMA.by_name[draft.kind]
    rest: dict[str, str] = {
        name: change
        for name, change in draft.changes.items()
        if kind.by_name[name].merge is Merge.APPEND and isinstance(change, str)
    }
    if not rest or draft.entity is not None:
        raise UsageError(
            "Die Angaben sind zusammen zu lang für einen Eintrag: bitte kürzen oder den Rest als"
            " Tagebucheintrag schreiben."
        )
    changes: dict[str, Change] = {n: c for n, c in draft.changes.items() if n not in rest}
    pieces: list[Draft] = []
    while rest:
        entity = place if pieces else None
        before = len(changes)
        for name, text in list(rest.items()):
            size = _longest(text, _with(draft, changes, name, entity, fits))
            if size:
                changes[name] = text[:size]
            if size == len(text):
                del rest[name]
            else:
                rest[name] = text[size:]
                break
        if len(changes) == before:
            raise UsageError(
                "Die Angaben neben dem Text sind zu lang für einen Eintrag: bitte kürzen."
            )
        pieces.append(Draft(draft.kind, changes, entity, draft.urgency))
        changes = {}
    return pieces


def _with(
    draft: Draft, changes: Mapping[str, Change], name: str, entity: int | None, fits: Fits
) -> Callable[[str], bool]:
    """Whether a piece of that field fits beside what the operation already carries."""
    return lambda part: fits(Draft(draft.kind, {**changes, name: part}, entity, draft.urgency))


def _longest(text: str, fits: Callable[[str], bool]) -> int:
    """Length of the longest prefix that fits, cut behind a space where there is one; 0 for none."""
    if fits(text):
        return len(text)
    low, high = 0, len(text) - 1  # text[:low] fits
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(text[:middle]) else (low, middle - 1)
    space = text.rfind(" ", 0, low) + 1
    return space if space > low // 2 else low
