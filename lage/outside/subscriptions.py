# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Subscriptions to gauges, at the staff: ordered, confirmed, extended, ended. Nobody else has them.

The pages seal an order to the staff and know nothing of it afterwards. Where it names an e-mail
address, the staff draws a ticket that only a letter to that address holds: whoever filled in the
form, or has broken into the server with the pages, can neither confirm nor end it. What the holder
of a ticket reads on the pages lies in the inbox encrypted under it. By ntfy nobody's address is
named: the topic follows from the ticket of the form, and is as hard to guess.

An order that came leaves, for a day and beside nothing else, a keyed hash of its address: so often
and not more often anybody can have letters sent there. It is confirmed to nobody whether an address
is known.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from lage.kinds.outside import (
    BY_MAIL,
    BY_NTFY,
    CONFIRM,
    EXTEND,
    LEAVE,
    ORDER,
    Subscription,
    Wish,
)
from lage.kinds.setting import Setting
from lage.language.mailbox import mailbox
from lage.outside import outbox
from lage.outside.channels.channel import Channel
from lage.outside.desk import SOURCES, Opened, Source, forget, named, opened, resealed
from lage.outside.gauge_letters import Sender, Text, confirming
from lage.station import Station
from lage.store.arrived import (
    CLOSED,
    NEW,
    ORDERED,
    PUT_ASIDE,
    TAKEN,
    Arrived,
    ArrivedBoxes,
    stepped,
)
from lage.store.inbox import Inbox
from lage.store.notices import Notices
from lage.store.opening import seal_keys
from lage.store.ticket import Ticket
from lage.views.gauge_book import GaugeBook

DAY_S = 86_400
TO_CONFIRM_S = DAY_S
"""How long a link waits to be confirmed; then everything is deleted."""
SUBSCRIPTIONS_MAX = 20_000
ADDRESS_MAX = 5
"""Subscriptions of one e-mail address."""
LETTERS_MAX = 3
"""Letters that ask one address to confirm, in 24 hours."""
HOUR_MAX = 200
"""Such letters in an hour, to all addresses: a flood of invented ones reaches few strangers. More
orders wait, a day at most."""
OFF, ON, HELD = "aus", "an", "angehalten"
GAUGE, WHO, WRITTEN, SINCE = "pegel", "wer", "brief", "seit"
"""Steps of a box: which gauge it is about, whose it is (a keyed hash), that its letter went out,
when its holder confirmed it or, by ntfy, ordered it."""


@dataclass(frozen=True, slots=True)
class Service:
    """Whether this staff offers subscriptions."""

    state: str = OFF  # ON: taken and sent; HELD: kept, nothing is sent and none are taken
    contact: str = ""  # for questions on data protection


SERVICE = Setting[Service](
    "abos", Service(), lambda said: Service(str(said["state"]), str(said["contact"])), asdict
)


def offered(station: Station, source: Source, channels: Mapping[str, Channel]) -> Mapping[str, Any]:
    """What the pages behind an inbox may offer; empty: nothing."""
    service = station.setting(SERVICE)
    if service.state != ON or not links_are_private(source.base):
        return {}
    found = {BY_MAIL: BY_MAIL in channels, BY_NTFY: _servers(channels)}
    return {**found, "contact": service.contact} if any(found.values()) else {}


def links_are_private(base: str) -> bool:
    """Whether a ticket in an address below ``base`` is read by nobody on the way."""
    return base.startswith(("https://", "http://127.0.0.1", "http://localhost"))


def _servers(channels: Mapping[str, Channel]) -> list[str]:
    """The ntfy servers that the staff's file names; no other is ever called."""
    return list(getattr(channels.get(BY_NTFY), "servers", ()))


def order_of(found: Opened) -> Subscription:
    """What was ordered."""
    assert isinstance(found.told, Subscription)
    return found.told


# --- orders that came ---------------------------------------------------------------------------


def take_orders(station: Station, boxes: ArrivedBoxes, channels: Mapping[str, Channel]) -> int:
    """Make subscriptions of the orders that came, or nothing; how many could not be opened."""
    new = boxes.select(ORDER, (NEW,))
    if not new:
        return 0
    kept = boxes.select(ORDER, (ORDERED, TAKEN, PUT_ASIDE), limit=2 * SUBSCRIPTIONS_MAX)
    asked = Counter(box.steps.get(WHO) for box in kept if box.state == PUT_ASIDE)
    held = Counter(box.steps.get(WHO) for box in kept if box.state != PUT_ASIDE)
    now, unreadable = int(station.unix()), 0
    lately = sum(
        box.state == PUT_ASIDE and WHO in box.steps and (box.until or 0) - TO_CONFIRM_S > now - 3600
        for box in kept
    )
    for box in new:
        if box.received <= now - DAY_S or source_of(station, box) is None:
            boxes.drop(box.id)
            continue
        found = opened(station, box)
        if found is None:
            unreadable += 1
            boxes.exchange(box, replace(box, state=CLOSED, until=box.received + DAY_S))
            continue
        order = order_of(found)
        if order.channel == BY_MAIL and lately >= HOUR_MAX:
            continue
        who = known_by(station, order.to) if order.channel == BY_MAIL else ""
        fits = (asked[who] < LETTERS_MAX and held[who] < ADDRESS_MAX) if who else (
            order.to in _servers(channels))  # fmt: skip
        room = sum(held.values()) < SUBSCRIPTIONS_MAX
        if not (
            fits and room and station.setting(SERVICE).state == ON and order.channel in channels
        ):
            boxes.drop(box.id)
        elif order.channel == BY_MAIL:
            _wait_for_address(station, boxes, found, who)
            asked[who] += 1
            held[who] += 1
            lately += 1
        else:
            ordered = stepped(box, GAUGE, order.gauge)
            boxes.exchange(box, _subscribed(station, ordered, order.days, box.received))
            held[who] += 1
    return unreadable


def _wait_for_address(station: Station, boxes: ArrivedBoxes, found: Opened, who: str) -> None:
    """Under a ticket of its own, which the form does not know; only the hash stays of the order."""
    until = int(station.unix()) + TO_CONFIRM_S
    ticket = Ticket.new()
    waits = replace(
        resealed(station, replace(found, ticket=ticket), found.told), id=ticket.id, state=ORDERED,
        steps={GAUGE: order_of(found).gauge, WHO: who}, until=until,
    )  # fmt: skip
    trace = replace(found.box, sealed=b"", state=PUT_ASIDE, steps={WHO: who}, until=until)
    boxes.succeed(found.box, trace, waits)


def _subscribed(station: Station, box: Arrived, days: int, at: int) -> Arrived:
    """From now on for so many days. ``at``: when its holder wished it, as far as the pages know."""
    until = int(station.unix()) + days * DAY_S
    since = box if SINCE in box.steps else stepped(box, SINCE, at)
    return replace(since, state=TAKEN, until=until, told="")


def known_by(station: Station, address: str) -> str:
    """A keyed hash of an address, the same for the spellings that reach one mailbox. Raises
    ValueError for what is no address."""
    name, _, host = mailbox(address).lower().rpartition("@")
    key = seal_keys(station.folder)[0].private_bytes_raw()
    said = f"{name.partition('+')[0]}@{host}".encode()
    return hashlib.blake2b(said, key=key, digest_size=12, person=b"lage abo").hexdigest()


# --- what its holder wishes ---------------------------------------------------------------------


def is_about(boxes: ArrivedBoxes, wished: Opened) -> bool:
    """Whether a wish is that of a subscription's holder."""
    box = named(boxes, wished.told) if isinstance(wished.told, Wish) else None
    return box is not None and box.kind == ORDER


def grant(station: Station, boxes: ArrivedBoxes, wished: Opened) -> None:
    """Do what the holder of a ticket wishes. Raises LageError where it cannot be done now."""
    wish = wished.told
    assert isinstance(wish, Wish)
    box = named(boxes, wish)
    found = None if box is None else opened(station, box)
    done = True
    if box is not None and found is not None:
        in_time = wished.box.received <= (box.until or 0)
        if wish.wish == LEAVE:
            end(station, boxes, box)
        elif in_time and (box.state, wish.wish) in ((ORDERED, CONFIRM), (TAKEN, EXTEND)):
            days, at = order_of(found).days, wished.box.received
            done = boxes.exchange(box, _subscribed(station, box, days, at))
    if done:
        boxes.drop(wished.box.id)


def end(station: Station, boxes: ArrivedBoxes, box: Arrived) -> None:
    """Everything goes; no letter leaves from now on, also where the inbox is not reached yet."""
    boxes.exchange(box, replace(box, state=PUT_ASIDE, steps={}))
    Notices(boxes.database).stop(box.id)
    forget(station, boxes, box)


# --- what its holder is told --------------------------------------------------------------------


def tell(station: Station, boxes: ArrivedBoxes, source: Source, inbox: Inbox) -> None:
    """Lay out what has changed for holders of tickets, and write the first letter of each."""
    for box in boxes.untold(ORDER, source.name):
        found = opened(station, box)
        if found is None:
            boxes.drop(box.id)
            continue
        order, name = order_of(found), name_of(station, order_of(found).gauge)
        word = json.dumps(_word(found, name), ensure_ascii=False)
        inbox.answer(box.id, found.ticket.seal(word.encode()), box.until or 0)
        if WRITTEN not in box.steps:
            text = confirming(order, str(found.ticket), name, sender_of(station, source))
            write(station, boxes, found, text)
        boxes.exchange(box, replace(stepped(box, WRITTEN, True), told="gesagt"))


def _word(found: Opened, name: str) -> Mapping[str, Any]:
    """What the holder of a ticket reads of it; an address stands nowhere."""
    order = order_of(found)
    return {
        "kind": ORDER,
        "state": found.box.state,
        "gauge": name,
        "mark": order.mark,
        "value": order.value,
        "unit": order.unit,
        "way": order.way,
        "days": order.days,
        "until": found.box.until,
        "server": order.to if order.channel == BY_NTFY else "",
    }


def write(station: Station, boxes: ArrivedBoxes, found: Opened, text: Text) -> None:
    """Put a letter to the holder of a subscription into the outbox."""
    order = order_of(found)
    to = order.to if order.channel == BY_MAIL else f"{order.to}/{found.ticket.topic}"
    outbox.write(station, boxes, order.channel, to, text.subject, text.text,
                 owner=found.box.id, leave=text.leave, language=text.language)  # fmt: skip


def name_of(station: Station, key: str) -> str:
    """How a gauge is called now."""
    return GaugeBook(station.reader).named(key).name


def sender_of(station: Station, source: Source) -> Sender:
    """Who writes to those who came by an inbox."""
    me = station.me
    assert me is not None
    return Sender(me.name, station.setting(SERVICE).contact, source.base)


def source_of(station: Station, box: Arrived) -> Source | None:
    """The inbox that a subscription came by; None where it is not connected any more."""
    return next((s for s in station.setting(SOURCES) if s.name == box.source), None)
