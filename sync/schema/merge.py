# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Several operations on one entity become one state: register, set, ledger, once, append.

A fold over an ordered list, so the order of arrival can't matter: two nodes with the same
operations get the same state. The order is that of ``sync.schema.causal``. Nothing is thrown away:
what a register lost stays in its history.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sync.schema.causal import Stamp, Step
from sync.schema.definition import EntityId, Kind, Merge, Scalar, SetChange, Value


@dataclass(frozen=True, slots=True)
class State:
    """What an entity is after all its operations."""

    values: Mapping[str, Value]
    stamps: Mapping[str, Stamp]  # last writer of each register
    additions: Mapping[str, Mapping[Scalar, tuple[EntityId, ...]]]  # set element -> its additions
    created: Stamp | None  # None while only changes have arrived


def fold(kind: Kind, entity: EntityId, line: Iterable[Step]) -> State:
    """State of one entity of that kind after these steps, in their order; skips unknown fields.

    A ONCE field is taken from the creating operation only. An APPEND field goes on in the author's
    operations numbered directly after it, so it is as immutable as what it continues.
    """
    values: dict[str, Value] = {}
    stamps: dict[str, Stamp] = {}
    sets: dict[str, dict[Scalar, set[EntityId]]] = {}
    removed: dict[str, set[tuple[EntityId, Scalar]]] = {}
    created: Stamp | None = None
    tail = entity.number  # last operation that may still be continued
    for step in line:
        if step.creates:
            created = step.stamp
        dot = EntityId(step.stamp.author, step.stamp.number)
        appended = False
        for name, change in step.changes.items():
            field = kind.by_name.get(name)
            if field is None or (field.merge is Merge.ONCE and not step.creates):
                continue
            if field.merge is Merge.SET:
                if isinstance(change, SetChange):
                    elements = sets.setdefault(name, {})
                    for element in change.add:
                        elements.setdefault(element, set()).add(dot)
                    removed.setdefault(name, set()).update(change.remove)
            elif field.merge is Merge.LEDGER:
                if isinstance(change, int):
                    before = values.get(name, 0)
                    assert isinstance(before, int)
                    values[name] = before + change
            elif field.merge is Merge.APPEND:
                continues = step.stamp.author == entity.author and step.stamp.number == tail + 1
                if isinstance(change, str) and (step.creates or continues):
                    values[name] = str(values.get(name, "")) + change
                    appended = not step.creates
            elif change is None:
                values.pop(name, None)
                stamps[name] = step.stamp
            elif not isinstance(change, SetChange):
                values[name] = change
                stamps[name] = step.stamp
        tail += appended
    additions: dict[str, dict[Scalar, tuple[EntityId, ...]]] = {}
    for name, elements in sets.items():
        gone = removed.get(name, set())
        alive = {
            element: tuple(sorted(dot for dot in dots if (dot, element) not in gone))
            for element, dots in elements.items()
        }
        additions[name] = {element: dots for element, dots in alive.items() if dots}
        values[name] = tuple(sorted(additions[name], key=lambda item: (str(type(item)), item)))
    return State(values, stamps, additions, created)
