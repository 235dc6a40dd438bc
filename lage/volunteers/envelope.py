# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""How a helper's private part reaches the staff it is assigned to, and how it is gone again there.

Each step is an operation in the log; ``tend`` does whichever is this staff's turn:

1. The registering staff assigns the helper (``assignment``).
2. The receiving staff makes a sealing key for this assignment alone. The secret half lies in its
   folder ``privat``, the public half goes into the log (``sealing_key``).
3. The registering staff seals the private part to it (``sealed``), in parts small enough for one
   operation each, from an ephemeral key that it forgets at once.
4. The receiving staff opens the parts with the secret half whenever somebody looks, and keeps no
   other copy. When the helper is dismissed or erased, the assignment cancelled or the day of
   deletion come, it destroys the secret half and says so.

After that the sealed bytes, which stay in every log, can be opened by nobody: neither side's
lasting keys were ever part of them. Price: names arrive one answer later than the assignment.

Where a helper changes what is in it, the registering staff seals all of it once more to the same
key (``again``); the receiving staff reads the newest that is whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from lage.kinds.model import Draft, Query, Record, Where
from lage.kinds.states import is_open, open_only
from lage.station import Station
from lage.store import sealing
from lage.volunteers import private
from lage.volunteers.private import Person
from maps.read.files import read_regular
from sync.feed.weak import fit_to_seal
from sync.schema.definition import Change, EntityId
from sync.schema.urgency import Urgency

PART_MAX = 100
"""Bytes of sealed content in one operation; with its envelope it stays below 140."""

ALIVE_MAX, KEYS_MAX, SEALED_MAX = 2000, 10_000, 64
"""Running assignments, and keys of this staff, that are looked after at one time; parts that
are looked at of all that was sealed to a key, the newest."""


def tend(station: Station) -> int:
    """Delete what is due, then do what is this staff's turn; how many operations that took.

    Raises KeysError where this node may not write, StoreError where the disk refuses.
    """
    erased = private.sweep(station)
    drafts = [*_destroy(station), *_hand_out(station), *_seal(station)]
    if drafts:
        station.write(drafts)
    return erased + len(drafts)


def read(station: Station, helper: Record) -> Person | None:
    """The private part, if this node may see it; None if it may not or there is none.

    Raises KeysError where it is there and damaged.
    """
    own = private.read_own(station, helper)
    if own is not None:
        return own
    for assignment in _assignments(station, (Where("helper", "=", helper.id),)):
        if _is_over(helper, assignment, station.now()):
            continue
        for key in _keys(station, assignment):
            found = _opened(station, helper, assignment, key)
            if found is not None:
                return found
    return None


def missing_words(station: Station, helper: Record) -> str:
    """Why ``read`` gives nothing: gone, still to come, or none that this staff may see."""
    if helper.flag("erased"):
        return "gelöscht"
    ours = station.context().ours
    running = _assignments(station, (Where("helper", "=", helper.id), *open_only("assignment")))
    if any(_to(row) in ours and not _is_over(helper, row, station.now()) for row in running):
        return "noch unterwegs"
    return "hier keine persönlichen Angaben"


def sealed_to(station: Station, assignment: Record) -> tuple[bool, bool]:
    """Whether the private part was sealed for an assignment, and whether its key is destroyed."""
    rows = [key for key in _keys(station, assignment) if _sealings(station, assignment, key)]
    return bool(rows), bool(rows) and all(_is_destroyed(key) for key in rows)


def _destroy(station: Station) -> Iterator[Draft]:
    """Secret halves of this staff that nobody may use any more."""
    me = station.network_keys.author
    own = tuple(sorted(station.directory.line(me))) if me is not None else ()
    query = Query("sealing_key", (Where("author", "in", own),), order="entered", limit=KEYS_MAX)
    for key in station.reader.select(query):
        told = _is_destroyed(key)
        if told and not _path(station, key).exists():
            continue
        assignment = _record(station, "assignment", key.ref("assignment"))
        helper = _record(station, "helper", assignment.ref("helper")) if assignment else None
        if assignment and helper and _is_over(helper, assignment, station.now()):
            private.destroy_secret(_path(station, key))
            if not told:
                yield Draft("sealing_key", {"destroyed": True}, key.id)


def _hand_out(station: Station) -> Iterator[Draft]:
    """A sealing key for each assignment to this staff that waits for one."""
    for helper, assignment in _alive(station):
        if _is_mine(station, assignment.id.author) or not _is_mine(station, _to(assignment)):
            continue
        given = [key for key in _keys(station, assignment) if _is_mine(station, key.id.author)]
        if "delete_at" in helper.values and not any(_path(station, key).exists() for key in given):
            secret = X25519PrivateKey.generate()
            public = secret.public_key().public_bytes_raw()
            private.write_secret(_path_of(station, public), secret.private_bytes_raw())
            values: dict[str, Change] = {"assignment": assignment.id, "key": public}
            yield Draft("sealing_key", values, None, Urgency.RECEIPT)


def _seal(station: Station) -> Iterator[Draft]:
    """The private part for each assignment of this staff whose receiver has sent a key."""
    for helper, assignment in _alive(station):
        if not _is_mine(station, assignment.id.author) or _is_mine(station, _to(assignment)):
            continue
        key = next(iter(_keys(station, assignment)), None)
        if key is None or _is_destroyed(key) or _sealings(station, assignment, key):
            continue
        person = private.read_own(station, helper)
        if person is not None:
            yield from sealed_drafts(person, assignment, key)


def again(station: Station, helper: Record) -> list[Draft]:
    """The private part as it is now, for each staff that was sent it and may still read it."""
    person, drafts = private.read_own(station, helper), list[Draft]()
    if person is None:
        return drafts
    for assignment in _assignments(station, (Where("helper", "=", helper.id),)):
        if _is_over(helper, assignment, station.now()):
            continue
        for key in _keys(station, assignment):
            if not _is_destroyed(key) and _sealings(station, assignment, key):
                drafts += sealed_drafts(person, assignment, key)
    return drafts


def sealed_drafts(person: Person, assignment: Record, key: Record) -> list[Draft]:
    """The private part for the one who holds the other half of a sealing key."""
    sealed = sealing.seal(person.pack(), key.data("key"))
    parts = [sealed[start : start + PART_MAX] for start in range(0, len(sealed), PART_MAX)]
    return [
        Draft(
            "sealed",
            {"assignment": assignment.id, "part": n, "content": part, "key": key.id},
            None,
            Urgency.RECEIPT,
        )
        for n, part in enumerate(parts)
    ]


def _opened(station: Station, helper: Record, assignment: Record, key: Record) -> Person | None:
    path = _path(station, key)
    if helper.id.author not in station.directory.line(assignment.id.author) or not path.exists():
        return None
    for sealed in _sealings(station, assignment, key):
        try:
            secret = X25519PrivateKey.from_private_bytes(read_regular(path, private.KEY_BYTES_MAX))
            return Person.unpack(sealing.open_sealed(sealed, secret))
        except (OSError, InvalidTag, ValueError, TypeError):
            continue  # parts are still on their way
    return None


def _alive(station: Station) -> list[tuple[Record, Record]]:
    """(helper, assignment) of all assignments that run, made by who registered the helper."""
    now = station.now()
    found = []
    for assignment in _assignments(station, open_only("assignment")):
        helper = _record(station, "helper", assignment.ref("helper"))
        if helper is None or _is_over(helper, assignment, now):
            continue
        if helper.id.author in station.directory.line(assignment.id.author):
            found.append((helper, assignment))
    return found


def _is_over(helper: Record, assignment: Record, now: int) -> bool:
    """Whether nobody may read the private part by that assignment any more."""
    ends = helper.moment("delete_at")
    return (
        helper.flag("erased")
        or not (is_open(helper) and is_open(assignment))
        or (ends is not None and ends <= now)
    )


def _assignments(station: Station, where: tuple[Where, ...]) -> list[Record]:
    return station.reader.select(Query("assignment", where, order="entered", limit=ALIVE_MAX))


def _keys(station: Station, assignment: Record) -> list[Record]:
    """Sealing keys that the receiving staff itself published for an assignment, newest first.

    One that keeps nothing secret is passed over: nothing is ever sealed to it.
    """
    where = (Where("assignment", "=", assignment.id),)
    rows = station.reader.select(Query("sealing_key", where, order="entered", limit=16))
    to = _to(assignment)
    found = [row for row in rows if to in station.directory.line(row.id.author)]
    return [row for row in found if fit_to_seal(row.data("key"))]


def _sealings(station: Station, assignment: Record, key: Record) -> list[bytes]:
    """What the assigning staff sealed to a key, as far as it has come, newest first; the parts of
    one sealing are entries that follow each other."""
    where = (Where("assignment", "=", assignment.id), Where("key", "=", key.id))
    rows = station.reader.select(Query("sealed", where, order="entered", limit=SEALED_MAX))
    found: dict[EntityId, dict[int, bytes]] = {}
    for row in rows:
        part = row.whole("part")
        if part is not None and assignment.id.author in station.directory.line(row.id.author):
            first = EntityId(row.id.author, row.id.number - part)
            found.setdefault(first, {})[part] = row.data("content")
    newest = sorted(found.items(), key=lambda item: item[0].number, reverse=True)
    return [b"".join(parts[n] for n in sorted(parts)) for _, parts in newest]


def _is_destroyed(key: Record) -> bool:
    """Whether its own staff says so; the word of any other has no effect (``kinds.rights``)."""
    return key.flag("destroyed")


def _is_mine(station: Station, author: int) -> bool:
    me = station.network_keys.author
    return me is not None and author in station.directory.line(me)


def _to(assignment: Record) -> int:
    to = assignment.whole("to")
    assert to is not None
    return to


def _record(station: Station, kind: str, entity: EntityId | None) -> Record | None:
    """What a reference names; None where it is not here, or something else than it should be."""
    found = None if entity is None else station.reader.get(entity)
    return found if found is not None and found.kind == kind else None


def _path(station: Station, key: Record) -> Path:
    return _path_of(station, key.data("key"))


def _path_of(station: Station, public: bytes) -> Path:
    return station.folder / private.KEY_FOLDER / f"{public.hex()[:32]}.einmal"
