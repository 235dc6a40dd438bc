# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""When each operation of a log came here and was written, as far as clocks can be believed."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from lage.language.epoch import from_unix
from lage.store.arrivals import Stamped, placed
from lage.store.evidence import named
from lage.store.tables import unpack_id
from sync.feed.roster import ROOT
from sync.schema.definition import EntityId


@dataclass(frozen=True, slots=True)
class Coming:
    """One operation. Times are log times."""

    seq: int  # order of arrival
    id: EntityId  # author and number
    entity: EntityId | None  # what it creates or changes; None: not readable, or feed 0
    size: int  # bytes
    arrived: int
    written: int
    doubtful: bool  # one of the clocks was wrong


def comings(db: sqlite3.Connection) -> list[Coming]:
    """All of a log, in the order in which they came."""
    rows = db.execute(
        "SELECT seq, author, number, entity, time, received, length(bytes), kind, body"
        " FROM operation ORDER BY seq"
    ).fetchall()
    stamped, found = [], []
    for _, author, number, packed, time, received, _, kind, body in rows:
        about = [] if packed is None else [unpack_id(packed), *named(kind, body)]
        others = tuple((a, n) for a, n in about if (a, n) != (author, number))
        at = time if author != ROOT else None
        stamped.append(Stamped(author, number, others, at, from_unix(received)))
    for row, place in zip(rows, placed(stamped), strict=True):
        seq, author, number, packed, _, _, size, *_ = row
        entity = None if packed is None else unpack_id(packed)
        found.append(
            Coming(
                seq,
                EntityId(author, number),
                entity,
                size,
                place.arrived,
                place.written,
                place.doubtful,
            )
        )
    return found
