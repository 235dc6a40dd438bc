# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which changes of an entry have an effect at all, before they are merged. Pure.

Everything that arrives is kept and relayed. What its author had no right to, what clears a field
that an entry cannot be without, and what changes what cannot change has no effect: the fold does
not see it, the history shows it with its reason. Judged is the set of operations, never their order
of arrival or anybody's clock.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from lage.kinds.rights import OWN_ONLY, RIGHTS, permits
from sync.feed.roster import succession
from sync.schema.causal import Step
from sync.schema.definition import Change, EntityId, Kind, Merge


class Void(enum.Enum):
    """Why a change has no effect."""

    NO_RIGHT = "no right"  # only others may (``lage.kinds.rights``)
    ENDED = "ended"  # whoever may end the entry has ended it
    REQUIRED = "required"  # the entry cannot be without that field
    FIXED = "fixed"  # what was written at the creation stays


NOTHING: Mapping[str, Void] = MappingProxyType({})


def verdicts(
    kind: Kind, entity: EntityId, steps: Sequence[Step], follows: Mapping[int, int]
) -> list[Mapping[str, Void]]:
    """For each step the fields in which it has no effect.

    ``follows``: successor's number -> the number it goes on from, by the county's word.
    """
    if all(step.creates for step in steps):
        return [_at_creation(kind, step, follows) for step in steps]
    created = next((step.changes for step in steps if step.creates), {})
    lines = {step.stamp.author: succession(step.stamp.author, follows) for step in steps}
    ended = _ended(kind, entity, steps, lines)
    return [
        _at_creation(kind, step, follows)
        if step.creates
        else {
            name: void
            for name, change in step.changes.items()
            if (void := _void(kind, entity, step, name, change, created, lines, ended)) is not None
        }
        for step in steps
    ]


def with_effect(step: Step, void: Mapping[str, Void]) -> Step | None:
    """The step as far as it has an effect; None where nothing is left of it."""
    if not void:
        return step
    left = {name: change for name, change in step.changes.items() if name not in void}
    return replace(step, changes=left) if left else None


def clears(change: Change) -> bool:
    """Whether a change leaves a field empty."""
    return change is None or change in ("", ())


def _at_creation(kind: Kind, step: Step, follows: Mapping[int, int]) -> Mapping[str, Void]:
    """What is without effect in the operation that creates the entry."""
    author = step.stamp.author
    found = {
        name: Void.NO_RIGHT
        for name, change in step.changes.items()
        if (kind.name, name) in OWN_ONLY
        and isinstance(change, EntityId)
        and change.author not in succession(author, follows)
    }
    return found or NOTHING


def _void(
    kind: Kind,
    entity: EntityId,
    step: Step,
    name: str,
    change: Change,
    created: Mapping[str, Change],
    lines: Mapping[int, frozenset[int]],
    ended: frozenset[str],
) -> Void | None:
    field = kind.by_name.get(name)
    if field is None:
        return None
    if field.merge is Merge.ONCE or (
        field.merge is Merge.APPEND and step.stamp.author != entity.author
    ):
        return Void.FIXED
    if field.required and clears(change):
        return Void.REQUIRED
    right = RIGHTS.get((kind.name, name))
    if right is None or permits(right, entity.author, created, lines[step.stamp.author]):
        return None
    if not right.ends or change in right.ends:
        return Void.NO_RIGHT
    return Void.ENDED if name in ended else None


def _ended(
    kind: Kind, entity: EntityId, steps: Sequence[Step], lines: Mapping[int, frozenset[int]]
) -> frozenset[str]:
    """Fields in which the issuer's last word is an end; its feed has an order without clocks."""
    own = sorted(
        (step for step in steps if entity.author in lines[step.stamp.author]),
        key=lambda step: (step.stamp.author, step.stamp.number),
    )
    last = {name: change for step in own for name, change in step.changes.items()}
    return frozenset(
        name
        for name, change in last.items()
        if (right := RIGHTS.get((kind.name, name))) is not None and change in right.ends
    )
