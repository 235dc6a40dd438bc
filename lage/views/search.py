# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Searching everything with filters: staff, municipality, kind, time, priority, what is new.

Filters may stand among the words: ``Deich gemeinde:Rheine seit:"vor 2 h"``. Without filters the
best match comes first; with filters the newest. A filter on a field that a kind does not have
(priority of a helper) leaves that kind out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from lage.kinds.cards import CARDS
from lage.kinds.inputs import choices_of
from lage.kinds.model import Query, Record, Where
from lage.kinds.reader import ViewContext
from lage.kinds.setting import Setting, exactly
from lage.language.folding import fold_text
from lage.language.tactical import Lean, parse_time
from lage.views.words import KIND_NAMES
from lage.write.parse import Context, canonical_term, parse_choice

SEEN = Setting("gesehen", 0, exactly(int))
"""Local setting: arrival number of the newest entry when somebody last looked for what is new."""

TYPED = ("art", "stelle", "gemeinde", "vorrang", "seit", "bis")
"""Filters that a person may type."""
_AMONG_WORDS = re.compile(rf'\b({"|".join(TYPED)}):("[^"]*"|\S*)', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Filters:
    """Which entries; what is empty does not restrict."""

    kinds: tuple[str, ...] = ()
    staffs: tuple[int, ...] = ()
    municipality: str = ""
    priority: str = ""
    since: int | None = None  # event time, log time
    until: int | None = None
    after_seq: int | None = None  # arrived here later than this: since the last look

    @property
    def empty(self) -> bool:
        """Whether nothing is restricted but the kind."""
        return self == Filters(self.kinds)


def read_search(typed: str) -> tuple[str, dict[str, str]]:
    """The words of a search, and the filters that stand among them as typed."""
    found = {name.lower(): value.strip('"') for name, value in _AMONG_WORDS.findall(typed)}
    return " ".join(_AMONG_WORDS.sub(" ", typed).split()), found


def read_filters(
    typed: Mapping[str, str], context: Context, after_seq: int | None = None
) -> Filters:
    """What filters mean; ``TYPED`` says which there are. Raises UsageError."""
    given = {name: text.strip() for name, text in typed.items() if text.strip()}
    names = tuple(KIND_NAMES)
    kinds = [
        KIND_NAMES[parse_choice(part.strip(), names)]
        for part in given.get("art", "").split(",")
        if part.strip()
    ]
    offered = (value for kind in CARDS for value in choices_of(kind, "priority"))
    priorities = tuple(dict.fromkeys(offered))
    since, until = (
        parse_time(given[name], context.now, Lean.PAST) if name in given else None
        for name in ("seit", "bis")
    )
    return Filters(
        tuple(dict.fromkeys(kinds)),
        context.directory.find_all(given["stelle"]) if "stelle" in given else (),
        canonical_term(given.get("gemeinde", ""), context.terms["place"]),
        parse_choice(given["vorrang"], priorities) if "vorrang" in given else "",
        since,
        until,
        after_seq,
    )


def search(context: ViewContext, text: str, filters: Filters, limit: int = 100) -> list[Record]:
    """Entries that hold all these words (or words beginning so) and pass the filters."""
    chosen = filters.kinds or tuple(KIND_NAMES.values())
    if filters.empty and text.strip():
        return context.reader.search(text, chosen, limit)
    hits = context.reader.hits(text) if text.strip() else None  # once for all kinds
    found: list[Record] = []
    for kind in chosen:
        where = _where(kind, filters)
        if where is not None and (hits is None or kind in hits):
            among = None if hits is None else hits[kind]
            found += context.reader.select(Query(kind, where, among=among, limit=limit))
    found.sort(key=lambda record: (record.event_time, record.id), reverse=True)
    return found[:limit]


def meant(context: ViewContext, text: str) -> str:
    """The words as they occur here, where what was typed finds nothing; as typed where they do."""
    return " ".join(context.reader.spelled(word) for word in fold_text(text).split())


def _where(kind: str, filters: Filters) -> tuple[Where, ...] | None:
    """Conditions on a kind; None where it lacks a field that is asked for."""
    fields = CARDS[kind].kind.by_name
    where: list[Where] = []
    if filters.staffs:
        where.append(Where("author", "in", filters.staffs))
    if filters.municipality:
        name = "municipality" if "municipality" in fields else "place"
        if name not in fields:
            return None
        where.append(Where(name, "=", filters.municipality))
    if filters.priority:
        if "priority" not in fields:
            return None
        where.append(Where("priority", "=", filters.priority))
    if filters.since is not None:
        where.append(Where("sort_time", ">=", filters.since))
    if filters.until is not None:
        where.append(Where("sort_time", "<=", filters.until))
    if filters.after_seq is not None:
        where.append(Where("seq", ">", filters.after_seq))
    return tuple(where)
