# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What another staff must have held: what its own entries speak of, and what it signed to hold.

Nobody answers, confirms or changes what he has not got. What a staff may have read beyond that and
never spoke of leaves no trace in anybody's log but its own.
"""

from __future__ import annotations

import sqlite3
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import msgpack

from lage.kinds.schema import SCHEMA
from lage.store.tables import unpack_id
from sync.codec.packed import unpack_changes
from sync.schema.definition import EntityId


@dataclass(frozen=True, slots=True)
class Evidence:
    """What proves how much, in the order of time."""

    times: tuple[int, ...]
    proofs: tuple[EntityId, ...]  # that operation, and what came before it of the same author

    def until(self, moment: int) -> dict[int, int]:
        """Author -> last number that is proved by then."""
        found: dict[int, int] = {}
        for proof in self.proofs[: bisect_right(self.times, moment)]:
            found[proof.author] = max(found.get(proof.author, 0), proof.number)
        return found


def evidence(
    db: sqlite3.Connection, members: Iterable[int], written: Mapping[EntityId, int]
) -> Evidence:
    """All that proves what these members (one staff and whom it goes on from) held.

    ``written``: operation -> log time at which it was written. Nobody held it before, whatever his
    clock says.
    """
    found: list[tuple[int, EntityId]] = []
    for member in members:
        for number, kind, entity, body in db.execute(
            "SELECT number, kind, entity, body FROM operation"
            " WHERE author = ? AND entity IS NOT NULL",
            (member,),
        ):
            own = EntityId(member, number)
            found += [
                (written[own], proof) for proof in (own, unpack_id(entity), *named(kind, body))
            ]
        for stamp, data in db.execute(
            "SELECT stamp, bytes FROM statement WHERE member = ?", (member,)
        ):
            found += [(stamp, EntityId(*head)) for head in _heads(data)]
    found = [(max(at, written.get(proof, at)), proof) for at, proof in found]
    found.sort(key=lambda pair: pair[0])
    return Evidence(tuple(time for time, _ in found), tuple(proof for _, proof in found))


def named(kind: int, body: bytes | None) -> Iterator[EntityId]:
    """Entries that an operation names, and those in whose view it was written."""
    if kind not in SCHEMA.by_number or body is None:
        return
    changes, basis = unpack_changes(body, SCHEMA.by_number[kind])
    yield from basis
    for value in changes.values():
        if isinstance(value, EntityId):
            yield value
        elif isinstance(value, tuple):
            yield from (each for each in value if isinstance(each, EntityId))


def _heads(data: bytes) -> Iterable[tuple[int, int]]:
    """What a statement says; it was checked before it was kept."""
    body, _ = msgpack.unpackb(data)
    heads: dict[int, int] = msgpack.unpackb(body, strict_map_key=False)[2]
    return heads.items()
