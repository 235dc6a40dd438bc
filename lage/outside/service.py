# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Offering subscriptions to gauges, holding them, ending them; and how many there are.

Counts are all that anybody at the staff sees of them: addresses stay sealed. Whoever asks what is
kept of him, or wants it deleted, names his address or his link, and only of that something is seen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lage.kinds.outside import BY_MAIL, BY_NTFY, ORDER
from lage.language.errors import NotFound, ServiceError, UsageError
from lage.outside.channels.channel import Later, Letter, Refused
from lage.outside.channels.chosen import FILE, channels_of
from lage.outside.desk import SOURCES, Opened, boxes_of, opened
from lage.outside.subscriptions import (
    GAUGE,
    HELD,
    OFF,
    ON,
    SERVICE,
    SUBSCRIPTIONS_MAX,
    WHO,
    WRITTEN,
    Service,
    end,
    known_by,
    links_are_private,
    name_of,
)
from lage.station import Station
from lage.store.arrived import NEW, ORDERED, PUT_ASIDE, TAKEN, ArrivedBoxes
from lage.store.notices import Notices
from lage.store.ticket import NoTicket, Ticket

CONTACT_MAX = 120
KEPT = 2 * SUBSCRIPTIONS_MAX


@dataclass(frozen=True, slots=True)
class Census:
    """How many there are, and how their letters fare."""

    state: str
    contact: str
    portals: tuple[str, ...]  # inboxes whose pages offer it
    waiting: int  # orders that no letter has answered yet
    unconfirmed: int
    gauges: Mapping[str, int]  # confirmed, by the name of the gauge
    letters: Sequence[tuple[str, str, int, int]]  # channel, state, how many, made when the oldest

    @property
    def active(self) -> int:
        """Confirmed ones."""
        return sum(self.gauges.values())


def offer(station: Station, contact: str) -> Sequence[str]:
    """Offer subscriptions from now on; by which ways. Raises UsageError, KeysError."""
    contact = contact.strip()
    if not contact or len(contact) > CONTACT_MAX or not contact.isprintable():
        raise UsageError(
            "Bitte mit --kontakt sagen, wohin Fragen zum Datenschutz gehen: es steht auf der Seite"
            f" und in jeder Nachricht (höchstens {CONTACT_MAX} Zeichen)."
        )
    ways = [way for way in (BY_MAIL, BY_NTFY) if way in channels_of(station.folder)]
    if not ways:
        raise UsageError(f"Dafür muss [mail] oder [ntfy] in {station.folder / FILE} stehen.")
    if not _portals(station):
        raise UsageError(
            "Dafür muss ein Portal verbunden sein, dessen Adresse mit https:// beginnt: „lage"
            " eingang verbinden … --seiten https://…“."
        )
    station.keep(SERVICE, Service(ON, contact))
    return ways


def hold(station: Station, boxes: ArrivedBoxes) -> None:
    """Send nothing and take none from now on; what there is stays, and can be ended."""
    station.keep(SERVICE, Service(HELD, station.setting(SERVICE).contact))
    Notices(boxes.database).stop_all(ORDER)


def close(station: Station, boxes: ArrivedBoxes) -> int:
    """End every subscription and offer none; how many there were. Raises StoreError where an inbox
    cannot be reached: nothing is sent then either, and it can be tried again."""
    hold(station, boxes)
    rows = boxes.select(ORDER, (NEW, ORDERED, TAKEN, PUT_ASIDE), limit=KEPT)
    for box in rows:
        end(station, boxes, box)
    station.keep(SERVICE, Service(OFF))
    return sum(box.state in (ORDERED, TAKEN) for box in rows)


def census(station: Station, boxes: ArrivedBoxes) -> Census:
    """How many there are."""
    service = station.setting(SERVICE)
    waits, unconfirmed = (boxes.select(ORDER, (state,), limit=KEPT) for state in (NEW, ORDERED))
    gauges = [(key, count) for key, count, _ in boxes.watched(ORDER, GAUGE, WRITTEN)]
    return Census(
        service.state, service.contact,
        _portals(station) if service.state == ON else (),
        len(waits), len(unconfirmed), {name_of(station, key): count for key, count in gauges},
        Notices(boxes.database).tally(ORDER),
    )  # fmt: skip


def at_work(station: Station) -> Census | None:
    """How many there are, where they were ever offered."""
    if station.setting(SERVICE).state == OFF:
        return None
    with boxes_of(station) as boxes:
        return census(station, boxes)


def find(station: Station, boxes: ArrivedBoxes, typed: str) -> list[Opened]:
    """The subscriptions of a ticket, or of an e-mail address that somebody names, in whichever
    spelling. Raises NotFound, UsageError."""
    rows = boxes.select(ORDER, (ORDERED, TAKEN), limit=KEPT)
    if "@" in typed:
        try:
            who = known_by(station, typed.strip())
        except ValueError:
            raise UsageError("Diese E-Mail-Adresse kann nicht stimmen.") from None
        rows = [box for box in rows if box.steps.get(WHO) == who]
    else:
        try:
            wanted = Ticket.parse(typed).id
        except NoTicket:
            wanted = b""
        rows = [box for box in rows if box.id == wanted]
    found = [each for each in (opened(station, box) for box in rows) if each is not None]
    if not found:
        raise NotFound("Dazu gibt es hier keine Bestellung.")
    return found


def probe(station: Station, channel: str, to: str) -> None:
    """Send one letter at once, to see that a channel works. Raises ServiceError, KeysError."""
    found = channels_of(station.folder).get(channel)
    if found is None:
        raise UsageError(f"[{channel}] steht nicht in {station.folder / FILE}.")
    me, now = station.me, station.now()
    letter = Letter(
        f"probe-{now}", to, f"Probe von {me.name if me else 'Lage'}",
        "Dieser Weg geht. Diese Nachricht hat jemand an der Stelle von Hand gesendet.",
    )  # fmt: skip
    try:
        found.send(letter)
    except (Refused, Later) as error:
        raise ServiceError(f"Der Dienst hat die Probe nicht angenommen: {error}.") from error


def _portals(station: Station) -> tuple[str, ...]:
    return tuple(s.name for s in station.setting(SOURCES) if links_are_private(s.base))
