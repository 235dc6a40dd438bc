# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a change is made in view of: the operations here on its entity, as far as its user had them.

A change that was typed while another arrived is concurrent with it, although it is written later.
"""

from __future__ import annotations

import sqlite3

from lage.kinds.model import Draft
from lage.kinds.schema import SCHEMA
from lage.store.tables import QUARANTINED, pack_id
from lage.store.unshown import HIDDEN
from sync.codec.packed import unpack_changes
from sync.schema.causal import Sight, Stamp, Step, in_order
from sync.schema.definition import EntityId, Merge

_STEPS = (
    "SELECT time, author, number, body FROM operation WHERE entity = ? AND kind = ?"
    f" AND standing < {QUARANTINED} AND (seq <= ? OR author = ?) AND NOT {HIDDEN}"
)
_ALL = 2**62


def basis_of(db: sqlite3.Connection, draft: Draft, author: int) -> tuple[EntityId, ...]:
    """What that author's draft has to name: for changes of registers only, all else just adds."""
    kind, entity = SCHEMA.by_name[draft.kind], draft.entity
    fields = {name for name in draft.changes if kind.by_name[name].merge is Merge.REGISTER}
    if not isinstance(entity, EntityId) or not fields:
        return ()
    seen = _ALL if draft.seen is None else draft.seen
    steps = db.execute(_STEPS, (pack_id(entity), kind.number, seen, author))
    line = in_order(
        Step(Stamp(time, by, number), (by, number) == entity, *unpack_changes(body, kind))
        for time, by, number, body in steps
    )
    return Sight(line).basis(author, fields)
