# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Offers of help from outside: taken over as Spontanhelfende, and what their owners are told.

The offer itself stays sealed at this staff until its day of deletion: the log learns skills, place
and time, as of every helper; name, telephone and e-mail are read here alone.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from lage.kinds.model import Draft, Record
from lage.kinds.outside import CHANGE, OFFER, Offer, Wish
from lage.kinds.states import is_open
from lage.language import running
from lage.language.epoch import to_unix
from lage.language.errors import NotFound, UsageError
from lage.language.tactical import tactical
from lage.outside import deciding
from lage.outside.desk import KEPT_DAYS, Opened, all_opened, opened
from lage.outside.fitting import fitting
from lage.station import Station
from lage.store.arrived import BEGUN, NEW, PUT_ASIDE, TAKEN, Arrived, ArrivedBoxes, stepped
from lage.store.ticket import NoTicket, Ticket
from lage.volunteers import desk as volunteers
from lage.volunteers import mark, private
from lage.volunteers.private import Person
from lage.volunteers.view import assignments
from lage.write import commands

HERE, DAY = "da", "frist"


def waiting(station: Station, boxes: ArrivedBoxes) -> list[Opened]:
    """Offers that nobody has taken over, oldest first."""
    return all_opened(station, boxes.select(OFFER, (NEW,)))


def everything(station: Station, boxes: ArrivedBoxes) -> list[Opened]:
    """All offers that are kept here."""
    return all_opened(station, boxes.select(OFFER, (NEW, TAKEN, PUT_ASIDE)))


def feedback(station: Station, boxes: ArrivedBoxes) -> list[Opened]:
    """What helpers wrote, that nobody has read."""
    return all_opened(station, boxes.select(CHANGE, (NEW,)))


def offer_of(found: Opened) -> Offer:
    """What was said."""
    assert isinstance(found.told, Offer)
    return found.told


def find(station: Station, boxes: ArrivedBoxes, typed: str) -> Opened:
    """An offer by its number, its ticket, or the helper it became. Raises NotFound, UsageError."""
    rows: list[Arrived] = []
    number = running.read(typed)
    if number is not None:
        rows = boxes.numbered(OFFER, number)
    else:
        try:
            box = boxes.get(Ticket.parse(typed).id)
            rows = [box] if box is not None and box.kind == OFFER else []
        except NoTicket:
            record = station.find_record("helper", typed)
            rows = [box for box in boxes.of_entity(record.id) if box.kind == OFFER]
    found = all_opened(station, rows)
    if not found:
        raise NotFound(
            f"Es gibt hier kein Hilfsangebot „{typed}“. Liegt es bei einer anderen Stelle, trägt"
            " sie Ankunft und Stunden ein, oder die Helfenden drücken selbst „Ich bin da“."
        )
    if len(found) > 1:
        raise UsageError(f"Angebot {typed} gibt es mehrmals: bitte den Code vom Beleg angeben.")
    return found[0]


def words_of(found: Opened) -> str:
    """What a helper wrote."""
    assert isinstance(found.told, Wish)
    return found.told.text


def own_people(
    station: Station, read: Callable[[Station, Record], Person | None]
) -> Iterator[tuple[Record, Person]]:
    """The helpers of this staff whose private part is still here."""
    for helper, _ in station.store.local.private_dates():
        record = station.reader.get(helper)
        person = None if record is None else read(station, record)
        if record is not None and person is not None:
            yield record, person


def take_over(station: Station, boxes: ArrivedBoxes, found: Opened) -> Record:
    """Make it a helper of this staff. Raises UsageError where it was decided already."""
    draft, offer = _draft(station, offer_of(found)), offer_of(found)
    days = max(1, math.ceil(((found.box.until or 0) - station.unix()) / 86_400))
    record = deciding.decide(
        station, boxes, found, _deed(station, boxes, found, draft),
        lambda: volunteers.registered(station, draft, person_of(offer), days).id,
    )  # fmt: skip
    if record is None:
        raise UsageError(f"Angebot {found.box.nr} ist schon entschieden.")
    return record


def finish(station: Station, boxes: ArrivedBoxes, found: Opened) -> bool:
    """Whether an offer had become a helper already, and only did not say so; it does now."""
    if BEGUN not in found.box.steps:
        return False
    deed = _deed(station, boxes, found, _draft(station, offer_of(found)))
    return deciding.finish(station, boxes, found, deed)


def _deed(station: Station, boxes: ArrivedBoxes, found: Opened, draft: Draft) -> deciding.Deed:
    """The helper says the same as the offer, and no other offer became it."""
    begun = BEGUN in found.box.steps
    others = {box.entity for box in boxes.select(OFFER, (TAKEN, PUT_ASIDE))} if begun else set()
    said = {name: draft.changes[name] for name in ("skills", "place", "radius", "count", "mark")
            if name in draft.changes}  # fmt: skip

    def same(record: Record) -> bool:
        says = all(record.values.get(name) == value for name, value in said.items())
        return record.kind == "helper" and says and record.id not in others

    def complete(record: Record) -> None:
        if private.read_own(station, record) is None:
            private.destroy(station, record.id)  # a key without what it is for
            ends = record.moment("delete_at") or station.now()
            private.keep(station, record.id, person_of(offer_of(found)), ends)

    return deciding.Deed(same, complete=complete)


def person_of(offer: Offer) -> Person:
    """Who made it."""
    return Person(offer.name, offer.phone, offer.address, offer.born)


def _draft(station: Station, offer: Offer) -> Draft:
    (draft,) = fitting(
        station,
        offer,
        ("equipment", "place"),
        lambda said: commands.enter("helper", figures_of(said), station.parse_context()),
    )
    me = mark.of(station.network_keys.network_key, offer.phone, offer.mail)
    return commands.with_more(draft, {"mark": me} if me else {})


def figures_of(offer: Offer) -> dict[str, str]:
    """What all staffs may know of it, as it would be typed."""
    return {
        "skills": ", ".join(offer.skills),
        "place": offer.place,
        "radius": str(offer.radius),
        "since": "" if offer.since is None else tactical(offer.since),
        "hours": "" if offer.hours is None else str(offer.hours),
        "count": str(offer.count),
        "equipment": offer.equipment,
    }


def put_aside(station: Station, boxes: ArrivedBoxes, found: Opened) -> None:
    """Not needed: the helper reads that the offer no longer stands."""
    finish(station, boxes, found)
    if not boxes.decide(found.box, lambda box: replace(box, state=PUT_ASIDE, told="")):
        raise UsageError(f"Angebot {found.box.nr} ist schon entschieden.")


def until(station: Station, box: Arrived) -> Arrived:
    """The box with the day of deletion that its owner chose, where it has none of his yet; counted
    by this node's clock from when it was fetched, for that of the pages may be days behind."""
    found = opened(station, box)
    if found is None or not isinstance(found.told, Offer) or DAY in box.steps:
        return box
    kept = int(station.unix()) + KEPT_DAYS * 86_400 if box.until is None else box.until
    ends = kept + (found.told.days - KEPT_DAYS) * 86_400  # ``fetch`` kept it for KEPT_DAYS
    return replace(stepped(box, DAY, ends), until=ends)


def word(station: Station, found: Opened) -> Mapping[str, Any]:
    """What the holder of the ticket may know: his own record, and where he is sent."""
    offer, box = offer_of(found), found.box
    record = None if box.entity is None else station.reader.get(box.entity)
    said: dict[str, Any] = {
        "kind": OFFER,
        "number": box.number,
        "state": {NEW: "neu", PUT_ASIDE: "abgelegt"}.get(box.state, "angenommen"),
        "offer": _shown(offer),
    }
    if record is None or box.state != TAKEN:
        return said
    said["label"] = station.directory.label(record)
    said["hours"] = record.whole("worked") or 0
    said["here"] = box.steps.get(HERE)
    rows = assignments(station.context(), record)
    said["word"] = next((row.text("feedback") for row in rows if row.text("feedback")), "")
    if not is_open(record):
        return {**said, "state": "entlassen"}
    sent = next((row for row in rows if is_open(row)), None)
    if sent is None:
        return said
    at, to = sent.moment("at"), sent.whole("to")
    said["sent"] = {
        "point": sent.text("meeting_point") or "–",
        "at": None if at is None else to_unix(at),
        "staff": ", ".join(filter(None, (station.directory.name(to or 0), sent.text("contact")))),
    }
    return {**said, "state": "eingesetzt"}


def _shown(offer: Offer) -> dict[str, str]:
    """The record as its owner reads it; empty ones are left out."""
    shown = {
        "skills": ", ".join(offer.skills),
        "equipment": offer.equipment,
        "place": offer.place,
        "radius": f"{offer.radius} km",
        "hours": "" if offer.hours is None else str(offer.hours),
        "count": str(offer.count),
        "name": offer.name,
        "phone": offer.phone,
        "mail": offer.mail,
        "address": offer.address,
        "born": "" if offer.born is None else str(offer.born),
        "days": str(offer.days),
    }
    return {name: text for name, text in shown.items() if text}


def erased_elsewhere(station: Station, box: Arrived) -> bool:
    """Whether the staff has deleted the person by another way: then the offer goes as well."""
    record = None if box.entity is None else station.reader.get(box.entity)
    return box.kind == OFFER and record is not None and record.flag("erased")


def helper_of(station: Station, found: Opened) -> Record | None:
    """The helper that an offer became."""
    return None if found.box.entity is None else station.reader.get(found.box.entity)
