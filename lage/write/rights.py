# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What this node's own staff may not do is refused before it is written, with a sentence. Pure.

The table is ``lage.kinds.rights``; what others write against it has no effect (``kinds.verdict``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from lage.kinds.cards import CARDS
from lage.kinds.directory import Directory
from lage.kinds.model import Draft, Record
from lage.kinds.rights import DIRECTION_ONLY, OWN_ONLY, RIGHTS, Right, Who, permits
from lage.kinds.verdict import clears
from lage.language.errors import NotAllowed, UsageError
from sync.schema.definition import Change, EntityId


def check(record: Record, changes: Mapping[str, Change], directory: Directory) -> None:
    """Raises NotAllowed where this staff has no right to one of these changes."""
    if directory.me is None:
        return  # without a county there is nothing to sign with either
    for name, change in changes.items():
        right = RIGHTS.get((record.kind, name))
        if right is None or permits(right, record.id.author, record.values, directory.ours):
            continue
        before = record.values.get(name)
        if not right.ends or change in right.ends or before in right.ends:
            issuer = directory.name(directory.heir(record.id.author))
            raise NotAllowed(_sentence(right, issuer, change, before), field=name)


def check_all(
    drafts: Iterable[Draft], get: Callable[[EntityId], Record | None], directory: Directory
) -> None:
    """Whoever made the drafts, what would have no effect is not written. Raises UsageError."""
    for draft in drafts:
        if not isinstance(draft.entity, EntityId):
            _check_own(draft, directory)
            if draft.kind in DIRECTION_ONLY and not directory.ours & directory.direction:
                raise NotAllowed(f"Die {CARDS[draft.kind].title} stellt nur die Übungsleitung.")
            continue
        if any((draft.kind, name) in RIGHTS for name in draft.changes):
            record = get(draft.entity)
            if record is not None:
                check(record, draft.changes, directory)
        for field in CARDS[draft.kind].kind.fields:
            if field.required and field.name in draft.changes and clears(draft.changes[field.name]):
                label = CARDS[draft.kind].label(field.name)
                raise UsageError(f"Das Feld „{label}“ ist leer: bitte ausfüllen.", field=field.name)


def _check_own(draft: Draft, directory: Directory) -> None:
    for name, change in draft.changes.items():
        if directory.me is None or (draft.kind, name) not in OWN_ONLY:
            continue
        if isinstance(change, EntityId) and change.author not in directory.ours:
            writer = directory.name(directory.heir(change.author))
            raise NotAllowed(f"Diesen Eintrag kann nur {writer} berichtigen.", field=name)


def _sentence(right: Right, issuer: str, change: Change, before: object) -> str:
    ask = "bitte dort per Nachricht anfordern."
    if right.who is Who.PARTIES:
        return f"Das dürfen nur {issuer} und die Stellen, an die es gerichtet ist: {ask}"
    if not right.ends:
        return f"Das darf nur {issuer}, dort wurde der Eintrag angelegt: {ask}"
    if change in right.ends:
        return f"„{change}“ setzt nur {issuer}, dort wurde der Eintrag angelegt: {ask}"
    return f"{issuer} hat den Eintrag auf „{before}“ gesetzt, das gilt auch hier: {ask}"
