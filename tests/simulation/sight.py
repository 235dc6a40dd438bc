# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who had what before him when he changed it, written down by the simulation itself.

Nothing of the product's order is used: what a node's store held when its user changed a field is
noted, and in the end no value may stand that somebody changed in view of it, whatever clocks said.
"""

from __future__ import annotations

from lage.kinds.model import Draft
from lage.kinds.schema import SCHEMA
from lage.store import Store
from sync.schema.definition import EntityId, Merge

Mark = tuple[int, int, bytes]  # author, number, chain: an operation of this branch and no other


class Sights:
    """Changes of fields with what their authors saw; shared by all disks of a world."""

    def __init__(self) -> None:
        self._seen: dict[tuple[Mark, str], frozenset[Mark]] = {}
        self._entities: set[EntityId] = set()

    def before(self, store: Store, draft: Draft) -> dict[str, frozenset[Mark]]:
        """What a node that is about to write that draft holds, by field."""
        if not isinstance(draft.entity, EntityId):
            return {}
        steps = [step for step in store.situation.history(draft.entity) if step.valid]
        return {
            name: frozenset(_mark(store, step.id) for step in steps if name in step.changes)
            for name in _registers(draft)
        }

    def after(
        self, store: Store, draft: Draft, author: int, seen: dict[str, frozenset[Mark]]
    ) -> None:
        """It was written: note it. AssertionError where the change does not hold at once."""
        if not isinstance(draft.entity, EntityId):
            return
        number = store.log.head(author)
        mark = _mark(store, EntityId(author, number))
        step = next(s for s in store.situation.history(draft.entity) if s.id == mark[:2])
        for name, marks in seen.items():
            assert not step.valid or name in step.void or name in step.effective, (
                f"{author}:{number} changed {name} of {draft.entity} in vain"
            )
            self._seen[mark, name] = marks
        self._entities.add(draft.entity)

    def faults(self, store: Store) -> list[str]:
        """Values that stand although somebody has changed them in view of them."""
        found = []
        for entity in sorted(self._entities):
            steps = [step for step in store.situation.history(entity) if step.valid]
            for winner in steps:
                for name in winner.effective:
                    mark = _mark(store, winner.id)
                    for step in steps:
                        seen = self._seen.get((_mark(store, step.id), name), frozenset())
                        if name not in step.void and mark in seen:
                            found.append(
                                f"{name} of {entity}: {winner.id} stands, {step.id} saw it"
                            )
        return found


def _registers(draft: Draft) -> list[str]:
    kind = SCHEMA.by_name[draft.kind]
    return [name for name in draft.changes if kind.by_name[name].merge is Merge.REGISTER]


def _mark(store: Store, operation: EntityId) -> Mark:
    return (*operation, store.log.chain(*operation) or b"")
