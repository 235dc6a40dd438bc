# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""One round for everything from outside: fetch, do what people wish, answer, delete what is due.

A running node does it every few seconds, ``lage eingang holen`` once. An inbox that cannot be
reached costs its own part and is named.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from lage.kinds.outside import CALL
from lage.language.errors import LageError
from lage.outside import calls
from lage.outside.desk import SOURCES, Opened, Source, answer, boxes_of, fetch, opened, opened_inbox
from lage.station import Station
from lage.store.arrived import NEW, PUT_ASIDE, TAKEN, ArrivedBoxes
from lage.store.inbox import Inbox


@dataclass
class Round:
    """What one round brought."""

    new: int = 0
    unreadable: int = 0  # boxes that are not ours to open
    troubles: list[str] = field(default_factory=list)


def tend(station: Station) -> Round:
    """One round. Raises StoreError where this node's own disk refuses."""
    found = Round()
    with boxes_of(station) as boxes:
        for source in station.setting(SOURCES):
            try:
                with opened_inbox(source) as inbox:
                    found.new += fetch(station, boxes, source, inbox)
                    _answer_all(station, boxes, source, inbox, found)
                    inbox.sweep(int(station.unix()))
            except LageError as error:
                found.troubles.append(f"{source.name}: {error}")
        for box in boxes.past(int(station.unix())):
            boxes.drop(box.id)
    return found


def _answer_all(
    station: Station, boxes: ArrivedBoxes, source: Source, inbox: Inbox, found: Round
) -> None:
    for box in boxes.select(CALL, (NEW, TAKEN, PUT_ASIDE)):
        if box.source != source.name:
            continue
        moved = calls.progressed(station, box)
        if moved.steps != box.steps:
            boxes.update(moved)
        each = opened(station, moved)
        if each is None:
            found.unreadable += 1
        else:
            _tell(station, boxes, each, inbox)


def _tell(station: Station, boxes: ArrivedBoxes, each: Opened, inbox: Inbox) -> None:
    answer(station, boxes, each, calls.word(each), inbox)
