# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A box becomes an entry once, whatever ends the computer in between.

Log and boxes are two files, so the entry stands in the log a moment before the box says so. Before
anything is written the box notes up to where our feed goes; whoever comes to it later, the node's
next round or somebody with a key, looks at what we wrote after that and finishes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from lage.kinds.model import Record
from lage.outside.desk import Opened
from lage.station import Station
from lage.store.arrived import BEGUN, TAKEN, Arrived, ArrivedBoxes
from sync.schema.definition import EntityId


def _nothing(record: Record) -> None:
    """Nothing else belongs to it."""


@dataclass(frozen=True, slots=True)
class Deed:
    """What a box becomes."""

    same: Callable[[Record], bool]  # whether an entry of ours is it
    steps: Mapping[str, Any] = field(default_factory=dict)  # what the box says of it then
    complete: Callable[[Record], None] = _nothing  # what else belongs to an entry found half done


def decide(
    station: Station, boxes: ArrivedBoxes, found: Opened, deed: Deed, write: Callable[[], EntityId]
) -> Record | None:
    """The entry that a box became, by ``write`` where there is none yet; None where it was decided
    before."""
    boxes.begin(found.box, _feed(station))
    made: list[EntityId] = []

    def once(box: Arrived) -> Arrived:
        record = _made(station, box, deed)
        made.append(write() if record is None else record.id)
        return _taken(box, made[0], deed)

    return station.reader.get(made[0]) if boxes.decide(found.box, once) else None


def finish(station: Station, boxes: ArrivedBoxes, found: Opened, deed: Deed) -> bool:
    """Whether a box had become an entry and did not say so, because the computer ended in
    between; it does now."""
    begun = found.box.steps.get(BEGUN)
    made: list[Record] = []

    def rest(box: Arrived) -> Arrived:
        record = _made(station, box, deed)
        if record is None:  # nothing up to here: next time only what comes after
            return replace(box, steps={**box.steps, BEGUN: list(_feed(station))})
        made.append(record)
        return _taken(box, record.id, deed)

    if begun is not None and tuple(begun) != _feed(station):
        boxes.decide(found.box, rest)
    return bool(made)


def _feed(station: Station) -> tuple[int, int]:
    author = station.network_keys.author or 0
    return author, station.store.log.head(author)


def _made(station: Station, box: Arrived, deed: Deed) -> Record | None:
    author, number = box.steps[BEGUN]
    for later in range(number + 1, station.store.log.head(author) + 1):
        record = station.reader.get(EntityId(author, later))
        if record is not None and deed.same(record):
            deed.complete(record)
            return record
    return None


def _taken(box: Arrived, entity: EntityId, deed: Deed) -> Arrived:
    kept = {step: value for step, value in box.steps.items() if step != BEGUN}
    return replace(box, state=TAKEN, entity=entity, steps={**kept, **deed.steps})
