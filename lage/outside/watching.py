# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Looking at the gauges that somebody subscribed to, and writing what is news.

What is looked at is what the Aushang shows: only gauges that are released, and of them only values
that count. A gauge that is taken back, has ended or measures in another unit is silent.
"""

from __future__ import annotations

from collections import defaultdict

from lage.kinds.outside import ORDER, OWN
from lage.outside import gauge_letters
from lage.outside.crossing import DAY_MAX, Known, Measured, told
from lage.outside.desk import opened
from lage.outside.subscriptions import (
    DAY_S,
    GAUGE,
    ON,
    SERVICE,
    SUBSCRIPTIONS_MAX,
    name_of,
    order_of,
    sender_of,
    source_of,
    write,
)
from lage.station import Station
from lage.store.arrived import TAKEN, Arrived, ArrivedBoxes, stepped
from lage.store.notices import Notices
from lage.views.board import Gauge
from lage.views.gauge_book import GaugeBook
from lage.views.gauges import HYSTERESIS
from lage.views.public_water import public_names, read_gauge

EVERY_S = 30
"""How often is looked; gauges report every quarter of an hour."""
REMIND_S = 7 * DAY_S
"""How long before its end a subscription's holder is reminded."""
KNOWN, MARK, REMINDED = "stand", "marke", "erinnert"


class Watch:
    """Looks when it is due. One for each process that tends what is outside."""

    def __init__(self) -> None:
        self._due = 0.0

    def look(self, station: Station, boxes: ArrivedBoxes) -> None:
        """Write what is news to those who wait for it."""
        now = station.unix()
        if self._due - EVERY_S <= now < self._due or station.setting(SERVICE).state != ON:
            return
        self._due = now + EVERY_S
        waiting: dict[str, list[Arrived]] = defaultdict(list)
        for box in boxes.select(ORDER, (TAKEN,), limit=SUBSCRIPTIONS_MAX):
            waiting[str(box.steps.get(GAUGE))].append(box)
        if not waiting:
            return
        context = station.context()
        public, book = set(public_names(context)), GaugeBook(context.reader)
        for key, found in waiting.items():
            name = book.named(key).written[0]
            gauge = read_gauge(context, name) if name in public else None
            for box in found:
                _tell(station, boxes, box, gauge, int(now))


def _tell(
    station: Station, boxes: ArrivedBoxes, box: Arrived, gauge: Gauge | None, now: int
) -> None:
    source = source_of(station, box)
    if source is None:
        return
    if MARK not in box.steps:  # what is judged by, beside the sealed box: no box is opened in vain
        found = opened(station, box)
        if found is None:
            return
        order = order_of(found)
        own = order.threshold if order.mark == OWN else None
        marked = stepped(box, MARK, [order.mark, own, order.unit, order.way])
        if not boxes.exchange(box, marked):
            return
        box = marked
    read = box
    mark, own, unit, way = box.steps[MARK]
    before = Known.from_list(box.steps.get(KNOWN))
    after, news = told(
        before, _measured(gauge), threshold_of(gauge, mark, own, unit),
        _slack(gauge), way, now,
    )  # fmt: skip
    due = box.until is not None and box.until - REMIND_S <= now
    remind = due and box.steps.get(REMINDED) != box.until
    if news is None and not remind:
        if after != before:
            boxes.exchange(box, stepped(box, KNOWN, after.to_list()))
        return
    found = opened(station, box)
    if found is None:
        return
    order, ticket, sender = order_of(found), str(found.ticket), sender_of(station, source)
    if news is not None:
        last = len(after.sent) == DAY_MAX
        text = gauge_letters.telling(order, ticket, gauge, news, now, sender, last=last)
        if REMINDED not in box.steps:  # what still waits is overtaken, and might arrive after this
            Notices(boxes.database).stop(box.id)
        write(station, boxes, found, text)
        box = stepped(box, KNOWN, after.to_list())
    if remind:
        name, until = name_of(station, order.gauge), box.until or 0
        write(station, boxes, found,
              gauge_letters.reminding(order, ticket, name, until, sender))  # fmt: skip
        box = stepped(box, REMINDED, until)
    boxes.exchange(read, box)


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
