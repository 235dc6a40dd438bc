# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Changes of one field that were written without knowing of each other. Pure.

One of two holds, by time; the other must not be lost without a word. It counts as overruled until
somebody changes the field in view of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sync.schema.causal import Sight, Stamp, Step
from sync.schema.definition import EntityId, Kind, Merge
from sync.schema.merge import State

_NEAR = 50
"""So many operations before and after are looked at."""


@dataclass(frozen=True, slots=True)
class Overruled:
    """A change of a field, and the concurrent one that holds instead."""

    field: str
    operation: EntityId
    by: EntityId


def overruled(
    kind: Kind, counted: Sequence[Step], state: State, sight: Sight | None = None
) -> list[Overruled]:
    """What was overruled, of all steps that have an effect, in their order."""
    if len({step.stamp.author for step in counted if not step.creates}) < 2:
        return []
    sight = sight or Sight(counted)
    found = []
    for name, writers in _writers(kind, counted):
        for at, stamp in enumerate(writers):
            later = writers[at + 1 : at + 1 + _NEAR]
            if later and not any(sight.saw(each.id, stamp.id) for each in later):
                found.append(Overruled(name, stamp.id, state.stamps[name].id))
    return found


def concurrent(kind: Kind, counted: Sequence[Step], sight: Sight) -> dict[EntityId, set[int]]:
    """Of each operation: who changed one of its fields without knowing of it, nor it of them."""
    beside: dict[EntityId, set[int]] = {}
    for _, writers in _writers(kind, counted):
        for at, one in enumerate(writers):
            for other in writers[at + 1 : at + 1 + _NEAR]:
                if sight.concurrent(one.id, other.id):
                    beside.setdefault(one.id, set()).add(other.author)
                    beside.setdefault(other.id, set()).add(one.author)
    return beside


def _writers(kind: Kind, counted: Sequence[Step]) -> Iterator[tuple[str, list[Stamp]]]:
    for field in kind.fields:
        if field.merge is Merge.REGISTER:
            yield field.name, [step.stamp for step in counted if field.name in step.changes]
