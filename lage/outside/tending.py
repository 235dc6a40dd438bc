# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""One round for everything from outside: fetch, do what people wish, answer, delete what is due.

A running node does it every few seconds, ``lage eingang holen`` once. An inbox that cannot be
reached costs its own part and is named.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from lage.kinds.model import Query
from lage.kinds.outside import CALL, CHANGE, OFFER, ORDER
from lage.kinds.setting import Setting, exactly
from lage.kinds.states import open_only
from lage.language.epoch import to_unix
from lage.language.errors import LageError
from lage.language.sentences import sentences
from lage.outside import calls, inviting, offers, outbox, subscriptions, wishes
from lage.outside.channels.channel import Channel
from lage.outside.channels.chosen import channels_of
from lage.outside.desk import (
    SOURCES,
    Opened,
    answer,
    boxes_of,
    fetch,
    keep_ours,
    lay_out_clock,
    opened,
    opened_inbox,
)
from lage.outside.watching import Watch
from lage.station import Station
from lage.store.arrived import BEGUN, CLOSED, NEW, PUT_ASIDE, TAKEN, Arrived, ArrivedBoxes
from lage.store.inbox import Inbox
from lage.store.notices import Notices
from lage.store.reception import APPEALS, SUBSCRIBING

NEWS = Setting("von_aussen", 0, exactly(int))
"""Grows with everything that came or changed, so that screens look again."""
APPEALS_MAX = 200


@dataclass
class Round:
    """What one round brought."""

    new: int = 0
    unreadable: int = 0  # boxes that cannot be opened
    sent: int = 0  # letters
    changed: bool = False
    troubles: list[str] = field(default_factory=list)


Seen = dict[bytes, tuple[Arrived, int]]
"""Box -> as it was, and up to where the log went, when it was last looked after."""


def tend(
    station: Station, seen: Seen | None = None, watch: Watch | None = None, *, letters: bool = True
) -> Round:
    """One round. Raises StoreError where this node's own disk refuses.

    ``letters``: send them too; a running node does that apart (``post``), so that a mail server
    which does not answer holds up no emergency call.

    ``seen``: what a round leaves for the next one, so that thousands of offers cost nothing while
    nothing happens; without it all are looked after. ``watch``: looks at the gauges that people
    subscribed to, when that is due; without it they are looked at now.
    """
    found, seen = Round(), {} if seen is None else seen
    with boxes_of(station) as boxes:
        channels = _channels(station, found)
        reached = _fetch_all(station, boxes, channels, found)
        found.unreadable = _sort_out(station, boxes, seen)
        found.unreadable += subscriptions.take_orders(station, boxes, channels)
        _grant_all(station, boxes, found)
        for box in boxes.past(int(station.unix())):
            boxes.drop(box.id)
        newest = station.newest()
        moving = [box for box in _all(boxes) if not _rests(box, newest, seen)]
        for box in moving:
            _look_after(station, boxes, box, channels, found)
        for name in reached:
            _answer_all(station, boxes, name, {box.id for box in moving}, found)
        (watch or Watch()).look(station, boxes)
        seen.clear()
        seen.update((box.id, (box, newest)) for box in _all(boxes))
        if found.new or found.changed:
            station.keep(NEWS, station.setting(NEWS) + 1)
        inviting.stop_outlived(station, boxes)
        if letters:
            found.sent = outbox.send_due(station, boxes, channels)
    return found


def post(station: Station) -> int:
    """Send the letters that are due; how many a service took. Raises LageError."""
    with boxes_of(station) as boxes:
        inviting.stop_outlived(station, boxes)
        return outbox.send_due(station, boxes, channels_of(station.folder))


def _channels(station: Station, found: Round) -> Mapping[str, Channel]:
    try:
        return channels_of(station.folder)
    except LageError as error:
        found.troubles.append(str(error))
        return {}


def _fetch_all(
    station: Station, boxes: ArrivedBoxes, channels: Mapping[str, Channel], found: Round
) -> list[str]:
    """Bring everything here; the names of the inboxes that could be reached."""
    reached = []
    for source in station.setting(SOURCES):
        try:
            with opened_inbox(source) as inbox:
                keep_ours(station, source, inbox)
                found.new += fetch(station, boxes, source, inbox)
                inbox.count_on(boxes.highest(source.name))
                inbox.sweep(int(station.unix()))
                lay_out_clock(station, inbox)
                inbox.lay_out(APPEALS, json.dumps(appeals(station), ensure_ascii=False).encode())
                ways = subscriptions.offered(station, source, channels)
                inbox.lay_out(SUBSCRIBING, json.dumps(ways, ensure_ascii=False).encode())
            reached.append(source.name)
        except LageError as error:
            found.troubles.append(f"{source.name}: {error}")
    return reached


def _sort_out(station: Station, boxes: ArrivedBoxes, seen: Seen) -> int:
    """Keep apart what cannot be opened; how many that are.

    Those of before are tried again by the first round of a process: a key may be back.
    """
    kept_closed = 0
    for kind in (CALL, OFFER, CHANGE, ORDER):
        for box in boxes.select(kind, (NEW, CLOSED)):
            if box.id not in seen:
                state = NEW if opened(station, box) else CLOSED
                if state != box.state:
                    boxes.exchange(box, replace(box, state=state))
                kept_closed += state == CLOSED
            else:
                kept_closed += box.state == CLOSED
    return kept_closed


def _rests(box: Arrived, newest: int, seen: Seen) -> bool:
    """Whether nothing can have become true of a box since it was last answered.

    What arrives of a call is known by other ways than the log, so a call that was taken over never
    rests; nor does one of which an entry may have been made and nobody knows.
    """
    if box.state == NEW and BEGUN in box.steps:
        return False
    if not box.told:
        return False
    if box.state != TAKEN:
        return box.kind != OFFER or offers.DAY in box.steps
    return box.kind == OFFER and seen.get(box.id) == (box, newest)


def _grant_all(station: Station, boxes: ArrivedBoxes, found: Round) -> None:
    for box in boxes.select(CHANGE, (NEW,)):
        wished = opened(station, box)
        if wished is None:
            continue
        about = subscriptions if subscriptions.is_about(boxes, wished) else wishes
        try:
            about.grant(station, boxes, wished)
        except LageError as error:
            found.troubles.append(str(error))


def _look_after(
    station: Station,
    boxes: ArrivedBoxes,
    box: Arrived,
    channels: Mapping[str, Channel],
    found: Round,
) -> None:
    """What has become true of a box since, and whether its day has come."""
    each = opened(station, box)
    finish = {CALL: calls.finish, OFFER: offers.finish}.get(box.kind)
    if each is not None and finish is not None and finish(station, boxes, each):
        box, found.changed = boxes.get(box.id) or box, True
    if box.kind == OFFER:
        moved = offers.until(station, box)
        each = opened(station, moved)
        if moved.state == PUT_ASIDE:
            Notices(boxes.database).stop(moved.id)
        elif each is not None:
            moved = inviting.invite(station, boxes, each, channels)
    else:
        moved = calls.progressed(station, box) if box.kind == CALL else box
    if offers.erased_elsewhere(station, moved):
        boxes.drop(box.id)
    elif moved != box and boxes.exchange(box, moved):
        found.changed = True


def _answer_all(
    station: Station, boxes: ArrivedBoxes, name: str, moving: Collection[bytes], found: Round
) -> None:
    source = next(each for each in station.setting(SOURCES) if each.name == name)
    try:
        with opened_inbox(source) as inbox:
            subscriptions.tell(station, boxes, source, inbox)
            for box in _all(boxes):
                if box.source == name and box.kind != CHANGE and box.id in moving:
                    each = opened(station, box)
                    if each is not None:
                        _tell(station, boxes, each, inbox)
    except LageError as error:
        found.troubles.append(f"{name}: {error}")


def _tell(station: Station, boxes: ArrivedBoxes, each: Opened, inbox: Inbox) -> None:
    word: Mapping[str, Any]
    word = calls.word(each) if each.box.kind == CALL else offers.word(station, each)
    answer(station, boxes, each, word, inbox)


def _all(boxes: ArrivedBoxes) -> Iterator[Arrived]:
    for kind in (CALL, OFFER, CHANGE):
        yield from boxes.select(kind, (NEW, TAKEN, PUT_ASIDE))


def appeals(station: Station) -> list[dict[str, Any]]:
    """Who is called for where, as the pages say it; those not to come to first."""
    context = station.context()
    query = Query("appeal", open_only("appeal"), order="entered", limit=APPEALS_MAX)
    rows = []
    for record in context.reader.select(query):
        until = record.moment("until")
        if until is not None and until <= context.now:
            continue
        wanted = record.text("status") == "bitte kommen"
        parts = [
            ", ".join(record.texts("skills")),
            f"noch {record.whole('count')} Personen" if wanted and record.whole("count") else "",
            record.text("text"),
        ]
        said = sentences(parts)
        rows.append({"place": record.text("place"), "wanted": wanted, "text": said,
                     "until": None if until is None else to_unix(until),
                     "stand": int(station.unix()) // 60 * 60})  # fmt: skip
    return sorted(rows, key=lambda row: bool(row["wanted"]))
