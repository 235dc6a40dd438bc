# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Parting from an inbox: what people ordered by it ends with it, and they are told.

Without its pages nobody could see, extend or end a subscription, and no letter could lead there.
Whoever confirmed one gets a last letter, where letters are sent at all. Of his box only a trace
without content stays, as long as that letter may be tried.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from lage.kinds.outside import ORDER
from lage.language.errors import StoreError
from lage.outside import desk
from lage.outside.channels.channel import Channel
from lage.outside.channels.chosen import channels_of
from lage.outside.desk import Source, opened, opened_inbox
from lage.outside.gauge_letters import ending
from lage.outside.outbox import GIVEN_UP_S
from lage.outside.subscriptions import (
    ON,
    SERVICE,
    SUBSCRIPTIONS_MAX,
    name_of,
    order_of,
    sender_of,
    write,
)
from lage.station import Station
from lage.store.arrived import CLOSED, NEW, ORDERED, PUT_ASIDE, TAKEN, Arrived, ArrivedBoxes
from lage.store.notices import Notices
from lage.store.reception import SUBSCRIBING


@dataclass(frozen=True, slots=True)
class Parted:
    """What became of the subscriptions."""

    ended: int
    written: int  # last letters
    reached: bool  # whether the inbox knows


def ordered_by(boxes: ArrivedBoxes, name: str) -> list[Arrived]:
    """What was ordered by an inbox, confirmed or not."""
    rows = boxes.select(ORDER, (NEW, ORDERED, TAKEN, CLOSED), limit=2 * SUBSCRIPTIONS_MAX)
    return [box for box in rows if box.source == name]


def part(station: Station, boxes: ArrivedBoxes, source: Source) -> Parted:
    """Fetch no more from an inbox, and end what was ordered by it. Raises NotFound, KeysError."""
    channels = channels_of(station.folder)
    desk.disconnect(station, source.name)  # first: nobody else has a hand in them any more
    rows = ordered_by(boxes, source.name)
    written = sum(_end(station, boxes, source, box, channels) for box in rows)
    boxes.database.scrub()
    try:
        with opened_inbox(source) as inbox:
            inbox.lay_out(SUBSCRIBING, b"{}")
            for box in rows:
                inbox.forget(box.id)
    except StoreError:
        return Parted(len(rows), written, reached=False)
    return Parted(len(rows), written, reached=True)


def take_rest(station: Station, boxes: ArrivedBoxes, source: Source) -> None:
    """What still waits in an inbox comes here: it may be an emergency call. Raises StoreError."""
    with opened_inbox(source) as inbox:
        while desk.fetch(station, boxes, source, inbox):
            pass


def _end(
    station: Station, boxes: ArrivedBoxes, source: Source, box: Arrived,
    channels: Mapping[str, Channel],
) -> bool:  # fmt: skip
    """Whether a last letter was written."""
    found = opened(station, box) if box.state == TAKEN else None
    sends = station.setting(SERVICE).state == ON
    if found is None or not sends or order_of(found).channel not in channels:
        boxes.drop(box.id)
        return False
    until = int(station.unix()) + GIVEN_UP_S
    Notices(boxes.database).stop(box.id)
    boxes.exchange(box, replace(box, sealed=b"", state=PUT_ASIDE, steps={}, until=until, told=""))
    order = order_of(found)
    text = ending(order, name_of(station, order.gauge), sender_of(station, source))
    write(station, boxes, found, text)
    return True
