# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What simulated staffs write into real stores: every way of merging, often on the same things."""

from __future__ import annotations

import random
from collections.abc import Callable

from lage.kinds.card import PRIORITIES
from lage.kinds.cards import incident, task
from lage.kinds.model import Draft, Query
from lage.kinds.schema import SCHEMA
from lage.store import Store
from sync.codec import versions as codec
from sync.schema.definition import EntityId, SetChange
from sync.schema.op import Operation

WORDS = ("Keller", "Ems", "läuft voll", "Deich", "20 Boote", "Strom", "ausgefallen", "Rheine", "Ö")
MEMBERS = (1, 2, 3, 4)


def draw_entry(rng: random.Random, store: Store, size: int) -> Draft:
    """An entry about something this node's picture shows, or about something new."""
    kind = rng.choice(tuple(_ENTRIES))
    records = store.situation.select(Query(kind, limit=20))
    ids = sorted(record.id for record in records)
    about = rng.choice(ids) if ids and rng.random() < 0.6 else None
    return _ENTRIES[kind](rng, store, about, size)


def coded(rng: random.Random, author: int, number: int, time: int) -> bytes:
    """An operation as a node would code it, for those who write without a store."""
    changes = {"type": "Brand", "status": rng.choice(incident.STATUS), "text": _text(rng, 20)}
    return codec.encode(Operation(time, "incident", changes), SCHEMA, author, number)


def _text(rng: random.Random, size: int) -> str:
    return " ".join(rng.choice(WORDS) for _ in range(1 + size // 8))


def _incident(rng: random.Random, store: Store, about: EntityId | None, size: int) -> Draft:
    if about is None:
        return Draft("incident", {"type": "Überflutung", "status": "offen"})
    if size % 6 == 0:
        others = sorted(record.id for record in store.situation.select(Query("incident")))
        return Draft("incident", {"merged_into": others[size // 6 % len(others)]}, about)
    change = rng.choice(
        (
            {"status": rng.choice(incident.STATUS)},
            {"text": _text(rng, size)},
            {"text": None},
            {"responsible": rng.choice(MEMBERS), "affected": rng.randrange(300)},
        )
    )
    return Draft("incident", change, about)


def _message(rng: random.Random, _: Store, about: EntityId | None, size: int) -> Draft:
    if about is not None and rng.random() < 0.5:
        return Draft("receipt", {"message": about, "person": "Meyer"})
    to = tuple(sorted(rng.sample(MEMBERS, 2)))
    priority, text = rng.choice(PRIORITIES), _text(rng, size)
    return Draft("message", {"priority": priority, "to": to, "text": text})


def _journal(rng: random.Random, _: Store, about: EntityId | None, size: int) -> Draft:
    text = _text(rng, size)
    return Draft("journal", {"text": text, "strikes": about} if about else {"text": text})


def _task(rng: random.Random, _: Store, about: EntityId | None, size: int) -> Draft:
    if about is None:
        return Draft("task", {"text": _text(rng, size), "status": "offen"})
    return Draft("task", {"status": rng.choice(task.STATUS), "feedback": _text(rng, size)}, about)


def _stock(rng: random.Random, *_: object) -> Draft:
    amount = rng.randrange(-90, 100)
    return Draft("stock_movement", {"item": "Sandsäcke", "place": "Greven", "amount": amount})


def _group(rng: random.Random, store: Store, about: EntityId | None, size: int) -> Draft:
    if about is None:
        return Draft("group", {"name": _text(rng, 8), "members": SetChange((1, 2))})
    member = rng.choice(MEMBERS)
    seen = store.situation.additions(about, "members").get(member, ())
    if not seen or rng.random() < 0.5:
        return Draft("group", {"members": SetChange((member,))}, about)
    return Draft("group", {"members": SetChange((), tuple((each, member) for each in seen))}, about)


_ENTRIES: dict[str, Callable[[random.Random, Store, EntityId | None, int], Draft]] = {
    "incident": _incident,
    "message": _message,
    "journal": _journal,
    "task": _task,
    "stock_movement": _stock,
    "group": _group,
}
