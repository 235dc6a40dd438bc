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
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from lage.kinds.outside import CALL, CHANGE, OFFER, ORDER, Told, Wish
from lage.kinds.setting import Setting, exactly
from lage.language import running
from lage.language.errors import KeysError, NotFound, UsageError
from lage.station import Station
from lage.store.arrived import CLOSED, FILE, Arrived, ArrivedBoxes
from lage.store.inbox import Inbox
from lage.store.opening import NotOurs, Reason, open_box, seal_keys
from lage.store.reception import CLOCK
from lage.store.recipient import SHEET, Recipient
from lage.store.ticket import TICKET_BYTES, Ticket

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
SERIES = Setting("reihen", 0, exactly(int))
"""How many inboxes ever began a series of numbers (``lage.language.running``)."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A box with what is in it."""

    box: Arrived
    ticket: Ticket
    told: Told


def connect(station: Station, source: Source) -> None:
    """Let an inbox know whose it is, and fetch from it from now on.

    One that is new, under whatever name, counts a series of its own, so that no number on a receipt
    of this staff is given twice. One that gets another name keeps what came by it.

    Raises StoreError, KeysError, UsageError.
    """
    known_as = [each.name for each in station.setting(SOURCES) if each.address == source.address]
    others = [each for each in station.setting(SOURCES) if each.address != source.address]
    if any(each.name == source.name for each in others):
        raise UsageError(f"Ein Eingang namens „{source.name}“ ist schon verbunden.")
    sheet = recipient(station, source.name).to_json()
    with opened_inbox(source) as inbox:
        if known := inbox.laid_out(SHEET):
            _check_ours(station, known)
        else:
            series = _next_series(station)
            station.keep(SERIES, series + 1)
            inbox.begin((CALL, OFFER, CHANGE, ORDER), series * running.SERIES)
        inbox.lay_out(SHEET, sheet)
        lay_out_clock(station, inbox)
    station.keep(SOURCES, (*others, source))
    if anything(station):
        with boxes_of(station) as boxes:
            for name in known_as:
                boxes.rename(name, source.name)


def _next_series(station: Station) -> int:
    """The first that no inbox of this staff counts."""
    begun = [station.setting(SERIES), 1 if station.setting(SOURCES) else 0]
    if anything(station):
        with boxes_of(station) as boxes:
            begun += [number // running.SERIES + 1 for _, number in boxes.highest()]
    return max(begun)


def recipient(station: Station, point: str = "") -> Recipient:
    """To whom pages seal. Raises KeysError."""
    me = station.me
    if me is None:
        raise KeysError("Hier liegt nur der Kreisschlüssel: verbinden kann nur ein Knoten.")
    key = station.roster.members[me.number].seal_key
    return Recipient(me.name, me.number, key, station.network_name, station.exercise, point)


def keep_ours(station: Station, source: Source, inbox: Inbox) -> None:
    """Let the pages seal to the key of now, in an inbox that is still ours. Raises UsageError."""
    known = inbox.laid_out(SHEET)
    if known is None:
        raise UsageError(
            "Der Eingang ist neu angelegt und nimmt noch nichts an: bitte „lage eingang verbinden“"
            " noch einmal ausführen."
        )
    _check_ours(station, known)
    sheet = recipient(station, source.name).to_json()
    if sheet != known:
        inbox.lay_out(SHEET, sheet)


def _check_ours(station: Station, sheet: bytes) -> None:
    """Raises UsageError where an inbox is another's, or of an exercise and we are not."""
    other, ours = Recipient.from_json(sheet), recipient(station)
    if other.exercise is not ours.exercise:
        raise UsageError(
            "Dieser Eingang gehört zu einer Übung und nimmt keine echten Meldungen: bitte für den"
            " Einsatz einen neuen anlegen."
            if other.exercise
            else "Dieser Eingang nimmt echte Meldungen: bitte für die Übung einen neuen anlegen."
        )
    if (other.staff, other.county) != (ours.staff, ours.county):
        raise UsageError(
            f"Dieser Eingang gehört schon zu {other.staff} ({other.county}): bitte einen anderen"
            " nehmen."
        )


def lay_out_clock(station: Station, inbox: Inbox) -> None:
    """By how much an exercise's time differs from that on the wall, for what the pages stamp."""
    if station.exercise:
        inbox.lay_out(CLOCK, f"{station.unix() - time.time():.1f}".encode())


def source_named(station: Station, name: str) -> Source:
    """The inbox of that name. Raises NotFound."""
    for each in station.setting(SOURCES):
        if each.name == name:
            return each
    raise NotFound(f"Es ist kein Eingang namens „{name}“ verbunden.")


def disconnect(station: Station, name: str) -> None:
    """Fetch no more from an inbox. Raises NotFound."""
    gone = source_named(station, name)
    station.keep(SOURCES, tuple(each for each in station.setting(SOURCES) if each != gone))


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
    found = look_into(station, box)
    return found if isinstance(found, Opened) else None


def all_opened(station: Station, rows: Sequence[Arrived]) -> list[Opened]:
    """What is in those of them that can be opened."""
    keys = seal_keys(station.folder) if rows else ()
    looked = [look_into(station, box, keys) for box in rows]
    return [found for found in looked if isinstance(found, Opened)]


def look_into(
    station: Station, box: Arrived, keys: Sequence[X25519PrivateKey] = ()
) -> Opened | Reason:
    """What is in a box, or why it stays closed; ``keys``: this node's, where they are at hand."""
    try:
        keys = keys or seal_keys(station.folder)
        ticket, told = open_box(box.sealed, keys, exercise=station.exercise)
    except NotOurs as error:
        return error.reason
    fits = box.id == ticket.id and box.kind == told.KIND
    return Opened(box, ticket, told) if fits else Reason.CONTENT


def closed(station: Station, boxes: ArrivedBoxes, *kinds: str) -> list[tuple[Arrived, Reason]]:
    """Boxes that cannot be opened here, with why; ``kinds``: only these."""
    rows = [
        box
        for kind in kinds or (CALL, OFFER, CHANGE, ORDER)
        for box in boxes.select(kind, (CLOSED,))
    ]
    looked = [(box, look_into(station, box)) for box in rows]
    return [(box, reason) for box, reason in looked if isinstance(reason, Reason)]


def discard(station: Station, boxes: ArrivedBoxes, box_id: bytes) -> None:
    """A box that nobody here can open goes. Raises UsageError for any other."""
    box = boxes.get(box_id)
    if box is None or box.state != CLOSED:
        raise UsageError("Verwerfen lässt sich nur, was sich hier nicht öffnen lässt.")
    forget(station, boxes, box)


def named(boxes: ArrivedBoxes, wish: Wish) -> Arrived | None:
    """The box whose ticket a wish names; None where there is none any more."""
    if len(wish.ticket) != TICKET_BYTES:
        return None
    return boxes.get(Ticket(wish.ticket).id)


def resealed(station: Station, found: Opened, told: Told) -> Arrived:
    """The box with other content, closed to this staff as it was."""
    return replace(found.box, sealed=recipient(station).close(told, found.ticket), told="")


def answer(
    station: Station, boxes: ArrivedBoxes, found: Opened, word: Mapping[str, Any], inbox: Inbox
) -> None:
    """Tell the holder of a ticket, where that is news; what changes meanwhile is told next time."""
    text = json.dumps(word, ensure_ascii=False, sort_keys=True)
    mark = _mark(text)
    if mark == found.box.told:
        return
    until = found.box.until or int(station.unix()) + KEPT_DAYS * 86_400
    inbox.answer(found.box.id, found.ticket.seal(text.encode()), until)
    boxes.exchange(found.box, replace(found.box, told=mark))


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
