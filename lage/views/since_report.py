# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What became new or different since this staff's last Lagemeldung, as it was here then and is now.

What arrived later counts as later, whenever its author wrote it: the last report could not say it.
"""

from __future__ import annotations

from dataclasses import dataclass

from lage.kinds.cards import CARDS
from lage.kinds.model import Query, Record, Where
from lage.kinds.reader import ViewContext
from lage.views.deeds import NOTED, difference
from lage.views.fence import each

KINDS = tuple(kind for kind in NOTED if kind not in ("report", "handover"))
CHANGES_MAX = 2000


@dataclass(frozen=True, slots=True)
class Since:
    """The last report, and what it could not say."""

    report: int  # when it was written, log time
    changes: list[tuple[str, str]]  # what, and the staff whose entry it is


def since_last_report(context: ViewContext, staffs: tuple[int, ...] = ()) -> Since | None:
    """All of it, in the order of the kinds; of the staffs named only. None: there was no report."""
    own = Query("report", (Where("author", "in", context.ours),), order="entered", limit=1)
    reports = context.reader.select(own) if context.ours else []
    if not reports:
        return None
    (last,) = reports
    changes = []
    for kind in KINDS:
        where = [Where("seq", ">", last.seq)]
        if staffs:
            where.append(Where("author", "in", staffs))
        query = Query(kind, tuple(where), order="arrival", descending=False, limit=CHANGES_MAX)
        records = context.reader.select(query)
        told = each(records, lambda r: difference(r, last.time, context), _instead, context)
        names = (context.directory.name(record.id.author) for record in records)
        changes += [(said, name) for said, name in zip(told, names, strict=True) if said]
    return Since(last.time, changes)


def _instead(record: Record, words: str) -> str:
    return f"{CARDS[record.kind].title} {words}"
