# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The staff's desk for what comes from outside: fetched boxes, opened for who looks.

``fetch`` moves boxes from the inboxes to this node's disk, and only then lets them go there.
``answer`` is the way back: what the holder of a ticket may know, encrypted under it.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from lage.kinds.outside import Told
from lage.kinds.setting import Setting
from lage.language.errors import KeysError, NotFound, UsageError
from lage.station import Station
from lage.store.arrived import FILE, Arrived, ArrivedBoxes
from lage.store.inbox import Inbox
from lage.store.opening import NotOurs, open_box, seal_keys
from lage.store.reception import CLOCK
from lage.store.recipient import SHEET, Recipient
from lage.store.ticket import Ticket

Boxes = ArrivedBoxes
"""What came, on this node's disk; for those who may not know the store."""
FETCH_MAX = 500
"""Boxes taken in one go, of each inbox."""
KEPT_DAYS = 30
"""After which what came from outside is deleted, unless whoever sent it said otherwise."""


@dataclass(frozen=True, slots=True)
class Source:
    """An inbox that this node fetches from."""

    address: str  # a file, or postgresql://…
    name: str  # of the Infopunkt or portal
    base: str = ""  # under which phones reach its pages; for links in messages


def _sources(value: Any) -> tuple[Source, ...]:
    return tuple(Source(**{k: str(v) for k, v in each.items()}) for each in value)


SOURCES = Setting[tuple[Source, ...]](
    "eingaenge",
    (),
    _sources,
    lambda found: [{"address": s.address, "name": s.name, "base": s.base} for s in found],
)
"""The inboxes of this staff."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A box with what is in it."""

    box: Arrived
    ticket: Ticket
    told: Told


def connect(station: Station, source: Source) -> None:
    """Let an inbox know whose it is, and fetch from it from now on.

    Raises StoreError, KeysError, UsageError.
    """
    me = station.me
    if me is None:
        raise KeysError("Hier liegt nur der Kreisschlüssel: verbinden kann nur ein Knoten.")
    member = station.roster.members[me.number]
    recipient = Recipient(
        me.name, me.number, member.seal_key, station.network_name, station.exercise, source.name
    )
    with opened_inbox(source) as inbox:
        known = inbox.laid_out(SHEET)
        if known is not None and Recipient.from_json(known).staff != me.name:
            other = Recipient.from_json(known).staff
            raise UsageError(f"Dieser Eingang gehört schon zu {other}: bitte einen anderen nehmen.")
        inbox.lay_out(SHEET, recipient.to_json())
        lay_out_clock(station, inbox)
    others = [each for each in station.setting(SOURCES) if each.address != source.address]
    if any(each.name == source.name for each in others):
        raise UsageError(f"Ein Eingang namens „{source.name}“ ist schon verbunden.")
    station.keep(SOURCES, (*others, source))


def lay_out_clock(station: Station, inbox: Inbox) -> None:
    """By how much an exercise's time differs from that on the wall, for what the pages stamp."""
    if station.exercise:
        inbox.lay_out(CLOCK, f"{station.unix() - time.time():.1f}".encode())


def disconnect(station: Station, name: str) -> None:
    """Fetch no more from an inbox. Raises NotFound."""
    left = tuple(each for each in station.setting(SOURCES) if each.name != name)
    if len(left) == len(station.setting(SOURCES)):
        raise NotFound(f"Es ist kein Eingang namens „{name}“ verbunden.")
    station.keep(SOURCES, left)


@contextmanager
def opened_inbox(source: Source) -> Iterator[Inbox]:
    """An inbox, open as long as needed. Raises StoreError."""
    inbox = Inbox.open(source.address)
    try:
        yield inbox
    finally:
        inbox.close()


def anything(station: Station) -> bool:
    """Whether anything ever came from outside."""
    return (station.folder / FILE).exists()


@contextmanager
def boxes_of(station: Station) -> Iterator[ArrivedBoxes]:
    """This node's boxes, open as long as needed. Raises StoreError."""
    boxes = ArrivedBoxes(station.folder)
    try:
        yield boxes
    finally:
        boxes.close()


def fetch(station: Station, boxes: ArrivedBoxes, source: Source, inbox: Inbox) -> int:
    """Bring what waits in an inbox to this node; how many boxes were new.

    They are durable here before they are let go there, so a crash in between costs nothing.
    """
    waiting = inbox.waiting(limit=FETCH_MAX)
    if not waiting:
        return 0
    until = int(station.unix()) + KEPT_DAYS * 86_400
    new = boxes.keep(waiting, source.name, until)
    inbox.fetched([box.id for box in waiting])
    return new


def opened(station: Station, box: Arrived) -> Opened | None:
    """What is in a box; None where this staff cannot open it or it holds nothing of ours."""
    try:
        ticket, told = open_box(box.sealed, seal_keys(station.folder), exercise=station.exercise)
    except NotOurs:
        return None
    fits = box.id == ticket.id and box.kind == told.KIND
    return Opened(box, ticket, told) if fits else None


def resealed(station: Station, found: Opened, told: Told) -> Arrived:
    """The box with other content, closed to this staff as it was."""
    me = station.me
    assert me is not None
    key = station.roster.members[me.number].seal_key
    recipient = Recipient(me.name, me.number, key, station.network_name, station.exercise)
    return replace(found.box, sealed=recipient.close(told, found.ticket), told="")


def answer(
    station: Station, boxes: ArrivedBoxes, found: Opened, word: Mapping[str, Any], inbox: Inbox
) -> Arrived:
    """Tell the holder of a ticket, where that is news; the box as it is kept then."""
    text = json.dumps(word, ensure_ascii=False, sort_keys=True)
    mark = _mark(text)
    if mark == found.box.told:
        return found.box
    until = found.box.until or int(station.unix()) + KEPT_DAYS * 86_400
    inbox.answer(found.box.id, found.ticket.seal(text.encode()), until)
    told = replace(found.box, told=mark)
    boxes.update(told)
    return told


def _mark(text: str) -> str:
    """By which an answer is known again, without keeping what it says."""
    return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()


def forget(station: Station, boxes: ArrivedBoxes, box: Arrived) -> None:
    """Everything about a box goes, here and in its inbox, as soon as that can be reached."""
    for source in station.setting(SOURCES):
        if source.name == box.source:
            with opened_inbox(source) as inbox:
                inbox.forget(box.id)
    boxes.drop(box.id)
