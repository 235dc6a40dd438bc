# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Everything that was done to an entity, in order: what of it stands, what was concurrent.

*Danach* is what was written in view of another, *gleichzeitig* what was written without knowing
of it, whatever their times say.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence

from lage.kinds.model import HistoryStep
from lage.kinds.projection import FUTURE_MAX_S
from lage.kinds.schema import SCHEMA
from lage.kinds.verdict import NOTHING, Void, verdicts, with_effect
from lage.language.epoch import EPOCH_UNIX_S
from lage.store.tables import QUARANTINED, pack_id
from sync.codec.packed import unpack_changes
from sync.schema.causal import Sight, Stamp, Step, in_order
from sync.schema.definition import EntityId, Kind, Merge
from sync.schema.merge import State, fold

_NEAR = 50
"""So many operations before and after are looked at for concurrent ones."""

Voids = Mapping[Stamp, Mapping[str, Void]]


def history_of(
    db: sqlite3.Connection, entity: EntityId, follows: Mapping[int, int]
) -> list[HistoryStep]:
    """Every operation on the entity; ``follows`` as ``verdicts`` takes it."""
    rows = {
        Stamp(time, author, number): (received, kind, body, standing < QUARANTINED)
        for author, number, time, received, kind, body, standing in db.execute(
            "SELECT author, number, time, received, kind, body, standing FROM operation"
            " WHERE entity = ?",
            (pack_id(entity),),
        )
    }
    kinds = {stamp.id: row[1] for stamp, row in rows.items()}
    if not kinds:
        return []
    number = kinds.get(entity, min(kinds.values()))
    kind = SCHEMA.by_number[number]
    steps = [
        Step(
            stamp,
            stamp.id == entity,
            *(unpack_changes(body, kind) if of_kind == number else ({}, ())),
        )
        for stamp, (_, of_kind, body, _) in rows.items()
    ]
    counts = {stamp for stamp, row in rows.items() if row[1] == number and row[3]}
    line = in_order(step for step in steps if step.stamp in counts)
    judged = verdicts(kind, entity, line, follows)
    voids = {step.stamp: void for step, void in zip(line, judged, strict=True)}
    counted = [left for step in line if (left := with_effect(step, voids[step.stamp])) is not None]
    state, sight = fold(kind, entity, counted), Sight(line)
    beside, overruled = _concurrent(kind, counted, state, sight)
    return [
        HistoryStep(
            step.stamp.id,
            step.stamp.time,
            rows[step.stamp][0],
            step.creates,
            step.changes,
            _effective(step, voids.get(step.stamp, NOTHING), state.stamps),
            rows[step.stamp][3],
            step.stamp.time + EPOCH_UNIX_S > rows[step.stamp][0] + FUTURE_MAX_S,
            voids.get(step.stamp, NOTHING),
            kinds[step.stamp.id] != number,
            frozenset(beside.get(step.stamp, ())),
            overruled.get(step.stamp, {}),
        )
        for step in in_order(steps)
    ]


def _effective(step: Step, void: Mapping[str, Void], stamps: Mapping[str, Stamp]) -> frozenset[str]:
    """Fields whose value still comes from that step."""
    return frozenset(
        name
        for name in step.changes
        if name not in void and stamps.get(name, step.stamp) == step.stamp
    )


def _concurrent(
    kind: Kind, counted: Sequence[Step], state: State, sight: Sight
) -> tuple[dict[Stamp, set[int]], dict[Stamp, dict[str, int]]]:
    """Of each step: who changed the same without knowing of it; by whose word it does not stand.

    The latter only where nobody changed the field in view of that step.
    """
    beside: dict[Stamp, set[int]] = {}
    overruled: dict[Stamp, dict[str, int]] = {}
    for name in (field.name for field in kind.fields if field.merge is Merge.REGISTER):
        writers = [step.stamp for step in counted if name in step.changes]
        for one, other in _near(writers):
            if sight.concurrent(one.id, other.id):
                beside.setdefault(one, set()).add(other.author)
                beside.setdefault(other, set()).add(one.author)
        for at, stamp in enumerate(writers):
            winner = state.stamps[name]
            later = writers[at + 1 : at + 1 + _NEAR]
            if later and not any(sight.saw(each.id, stamp.id) for each in later):
                overruled.setdefault(stamp, {})[name] = winner.author
    return beside, overruled


def _near(writers: Sequence[Stamp]) -> Iterator[tuple[Stamp, Stamp]]:
    for at, one in enumerate(writers):
        for other in writers[at + 1 : at + 1 + _NEAR]:
            yield one, other
