# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Looking at the gauges that somebody subscribed to, and writing what is news.

What is looked at is what the Aushang shows: only gauges that are released, and of them only values
that count. A gauge that is taken back, has ended or measures in another unit is silent.
"""

from __future__ import annotations

from lage.kinds.outside import ORDER, OWN
from lage.outside import gauge_letters
from lage.outside.crossing import DAY_MAX, Known, Measured, told
from lage.outside.desk import opened
from lage.outside.subscriptions import (
    DAY_S,
    GAUGE,
    ON,
    SERVICE,
    name_of,
    order_of,
    sender_of,
    source_of,
    write,
)
from lage.station import Station
from lage.store.arrived import Arrived, ArrivedBoxes, stepped
from lage.store.notices import Notices
from lage.views.board import Gauge
from lage.views.gauge_book import GaugeBook
from lage.views.gauges import HYSTERESIS
from lage.views.public_water import public_names, read_gauge

EVERY_S = 10
"""How often is looked."""
TURNS = 60
"""Of the gauges that say nothing new, a sixtieth is gone through in each look, for what time alone
brings: all in ten minutes."""
ROUND_MAX = 50
"""Subscriptions of which something is written in one look; the rest follow in the next round, so
that a flood holds up no emergency call."""
REMIND_S = 7 * DAY_S
"""How long before its end a subscription's holder is reminded."""
KNOWN, MARK, REMINDED = "stand", "marke", "erinnert"


class Watch:
    """Looks when it is due. One for each process that tends what is outside."""

    def __init__(self) -> None:
        self._looked, self._newest = float("-inf"), -1
        self._seen: dict[str, object] = {}  # of each gauge, the longest ago first: what it said

    def look(self, station: Station, boxes: ArrivedBoxes) -> None:
        """Write what is news to those who wait for it."""
        now, newest = station.unix(), station.newest()
        if 0 <= now - self._looked < EVERY_S or station.setting(SERVICE).state != ON:
            return
        same = newest == self._newest
        self._looked, self._newest = now, newest
        waiting = boxes.watched(ORDER, GAUGE, KNOWN)
        if not waiting:
            return
        context = station.context()
        public, book = set(public_names(context)), GaugeBook(context.reader)
        for key in list(self._seen)[: -(-len(self._seen) // TURNS)]:
            del self._seen[key]
        room = ROUND_MAX
        for key, _, fresh in waiting:
            if same and not fresh and key in self._seen:
                continue
            name = book.named(key).written[0]
            gauge = read_gauge(context, name) if name in public else None
            said = _said(gauge)
            if not fresh and key in self._seen and self._seen[key] == said:
                continue
            for box in boxes.watching(ORDER, GAUGE, key):
                room -= _tell(station, boxes, box, gauge, int(now))
                if not room:
                    self._looked, self._newest = float("-inf"), -1
                    return
            self._seen[key] = said


def _said(gauge: Gauge | None) -> object:
    """All of a gauge that anybody is told by."""
    if gauge is None:
        return None
    return (_measured(gauge), gauge.unit, gauge.decimals, gauge.thresholds, gauge.mean_high)


def _tell(
    station: Station, boxes: ArrivedBoxes, box: Arrived, gauge: Gauge | None, now: int
) -> bool:
    """Write what the holder of a subscription is to know; whether anything was written."""
    source = source_of(station, box)
    marked = box if MARK in box.steps else _marked(station, box)
    if source is None or marked is None:
        return False
    mark, own, unit, way = marked.steps[MARK]
    known = Known.from_list(marked.steps.get(KNOWN))
    after, news = told(
        known, _measured(gauge), threshold_of(gauge, mark, own, unit), _slack(gauge), way, now
    )
    due = box.until is not None and box.until - REMIND_S <= now
    remind = due and box.steps.get(REMINDED) != box.until
    new = marked if after == known else stepped(marked, KNOWN, after.to_list())
    if news is None and not remind:
        return new is not box and boxes.exchange(box, new)
    found = opened(station, box)
    if found is None:
        return False
    order, ticket, sender = order_of(found), str(found.ticket), sender_of(station, source)
    if news is not None:
        if REMINDED not in box.steps:  # what still waits is overtaken, and might arrive after this
            Notices(boxes.database).stop(box.id)
        last = len(after.sent) == DAY_MAX
        text = gauge_letters.telling(order, ticket, gauge, news, now, sender, last=last)
        write(station, boxes, found, text)
    if remind:
        name, until = name_of(station, order.gauge), box.until or 0
        write(station, boxes, found, gauge_letters.reminding(order, ticket, name, until, sender))
        new = stepped(new, REMINDED, until)
    boxes.exchange(box, new)
    return True


def _marked(station: Station, box: Arrived) -> Arrived | None:
    """With what it is judged by beside the sealed content, so that none is opened in vain."""
    found = opened(station, box)
    if found is None:
        return None
    order = order_of(found)
    own = order.threshold if order.mark == OWN else None
    return stepped(box, MARK, [order.mark, own, order.unit, order.way])


def _measured(gauge: Gauge | None) -> Measured | None:
    if gauge is None or not gauge.readings:
        return None
    return Measured(gauge.readings[0].value, gauge.stale)


def threshold_of(gauge: Gauge | None, mark: str, own: float | None, unit: str) -> float | None:
    """The value of a mark at a gauge; None where it has none, or one that means another unit."""
    if gauge is None or gauge.unit != unit:
        return None
    marks = dict(zip(("info1", "info2", "info3"), gauge.thresholds, strict=True))
    return {**marks, "mhw": gauge.mean_high, OWN: own}.get(mark)


def _slack(gauge: Gauge | None) -> float:
    return 0.0 if gauge is None else HYSTERESIS / 10**gauge.decimals
