# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Everything that was done to an entity, in order: what of it stands, what was concurrent.

*Danach* is what was written in view of another, *gleichzeitig* what was written without knowing
of it, whatever their times say.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from lage.kinds.concurrent import concurrent, overruled
from lage.kinds.model import HistoryStep
from lage.kinds.projection import FUTURE_MAX_S
from lage.kinds.schema import SCHEMA
from lage.kinds.verdict import NOTHING, Void, verdicts, with_effect
from lage.language.epoch import EPOCH_UNIX_S
from lage.store.tables import QUARANTINED, pack_id
from lage.store.unshown import HIDDEN
from sync.codec.packed import unpack_changes
from sync.schema.causal import Sight, Stamp, Step, in_order
from sync.schema.definition import EntityId
from sync.schema.merge import fold


def history_of(
    db: sqlite3.Connection, entity: EntityId, follows: Mapping[int, int]
) -> list[HistoryStep]:
    """Every operation on the entity; ``follows`` as ``verdicts`` takes it."""
    rows = {
        Stamp(time, author, number): (received, kind, body, standing < QUARANTINED)
        for author, number, time, received, kind, body, standing in db.execute(
            "SELECT author, number, time, received, kind, body, standing FROM operation"
            f" WHERE entity = ? AND NOT {HIDDEN}",
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
    beside = concurrent(kind, counted, sight)
    lost: dict[EntityId, dict[str, int]] = {}
    for each in overruled(kind, counted, state, sight):
        lost.setdefault(each.operation, {})[each.field] = each.by.author
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
            frozenset(beside.get(step.stamp.id, ())),
            lost.get(step.stamp.id, {}),
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
