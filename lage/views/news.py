# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What others have written and changed since somebody here last looked: what was, what is, by whom.

Readings of gauges are left out: their pictures say more than hundreds of lines. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass

from lage.kinds.cards import CARDS
from lage.kinds.model import Query, Record, Where
from lage.kinds.reader import ViewContext
from lage.kinds.setting import Setting, exactly
from lage.language.epoch import from_unix
from lage.language.plain import plain
from lage.views.deeds import difference
from lage.views.detail import title_of
from lage.views.fence import each
from lage.views.words import KIND_NAMES
from sync.schema.definition import EntityId

Look = tuple[int, int]
"""Arrival number of the newest entry at that moment, and the log time of it."""

LOOKED = Setting[Look]("geblickt", (0, 0), lambda kept: _look(exactly(list)(kept)), list)
"""Local setting: the last look at what is new."""

NEWS_MAX = 300


def _look(kept: list[int]) -> Look:
    seq, time = map(exactly(int), kept)
    return seq, time


@dataclass(frozen=True, slots=True)
class News:
    """What became of one entry."""

    entity: EntityId
    kind: str
    came: int  # log time at which the last of it arrived here
    who: str
    text: str


def news(context: ViewContext, look: Look) -> list[News]:
    """Of very much the newest; entries of which nothing but our own words are new make none."""
    after_seq, since = look
    found: list[Record] = []
    for kind in KIND_NAMES.values():
        if not CARDS[kind].figure:
            where = (Where("seq", ">", after_seq),)
            found += context.reader.select(Query(kind, where, order="arrival", limit=NEWS_MAX))
    found.sort(key=lambda record: record.seq, reverse=True)
    lines = each(found[:NEWS_MAX], lambda r: _line(r, since, context), _instead, context)
    return [line for line in lines if line is not None]


def _line(record: Record, since: int, context: ViewContext) -> News | None:
    came = [
        (from_unix(step.received), step.id.author)
        for step in context.reader.history(record.id)
        if step.valid and from_unix(step.received) >= since
    ]
    others = dict.fromkeys(author for _, author in came if author not in context.ours)
    if not others:
        return None
    who = ", ".join(plain(context.directory.name(author)) for author in others)
    # What came in the second of that look is told again rather than never.
    text = difference(record, since - 1, context) or title_of(record, context)
    return News(record.id, record.kind, max(time for time, _ in came), who, text)


def _instead(record: Record, words: str) -> News:
    return News(record.id, record.kind, record.changed, "", words)
