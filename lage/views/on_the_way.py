# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Our entries that are not known to be where they should. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from lage.kinds.cards import CARDS
from lage.kinds.model import Query, Where
from lage.kinds.reader import ViewContext
from lage.language.plain import plain
from lage.views.delivery import delivery
from lage.views.detail import title_of

OWN_READ_MAX = 40


@dataclass(frozen=True, slots=True)
class OnTheWay:
    """An entry of ours that not everybody is known to have who should."""

    title: str
    text: str
    time: int  # log time
    reached: int  # of these that have it; we count where it goes to all
    total: int
    missing: tuple[str, ...]  # names of those that are not known to have it


def on_the_way(context: ViewContext, limit: int = 12) -> tuple[OnTheWay, ...]:
    """Our newest entries that are not known to be where they should, newest first: with those
    that they are addressed to, else everywhere.

    Looks at the newest ``OWN_READ_MAX`` of each kind whose card says so.
    """
    mine = (Where("author", "in", context.ours),)
    records = [
        record
        for kind, card in CARDS.items()
        if card.watched
        for record in context.reader.select(Query(kind, mine, order="entered", limit=OWN_READ_MAX))
    ]
    records.sort(key=lambda record: (record.time, record.id), reverse=True)
    active = [staff for staff in context.directory.staffs if staff.active]
    found: list[OnTheWay] = []
    for record in records:
        state = delivery(record, context)
        wanted = state.named or tuple(staff.number for staff in active)
        lacking = set(state.awaited) if state.named else {*wanted}.difference(state.reached)
        missing = tuple(plain(staff.name) for staff in active if staff.number in lacking)
        if missing:
            says = map(record.text, ("text", "general", "item"))
            text = plain(next(filter(None, says), ""))
            title = title_of(record, context)
            count = len(wanted) - len(missing)
            found.append(OnTheWay(title, text, record.time, count, len(wanted), missing))
        if len(found) == limit:
            break
    return tuple(found)
