# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A window on a list: the rows a screen shows and how many there are, as text ready to be drawn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from lage.kinds.model import Query, Record
from lage.kinds.reader import ViewContext
from lage.kinds.states import is_late, is_open
from lage.views.delivery import delivery
from lage.views.fence import fenced
from lage.views.lists import Column, ListView
from lage.views.receipts import awaited, owed
from sync.schema.definition import EntityId


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list."""

    key: EntityId | str
    cells: tuple[str, ...]
    mark: str = ""  # "", "warn", "alarm", "dim", "bold": how it stands out; the cells say why
    below: str = ""  # a second line, where rows have two


@dataclass(frozen=True, slots=True)
class Page:
    """Rows from ``offset`` on, of ``total``."""

    total: int
    offset: int
    rows: tuple[Row, ...]


Seen = Callable[[Record], bool]


def fitting(columns: Sequence[Column], width: int) -> tuple[Column, ...]:
    """The columns that fit, the least important left out first."""
    kept = list(columns)
    for rank in (4, 3, 2, 1):
        if sum(column.width + 1 for column in kept) - 1 <= width:
            break
        kept = [column for column in kept if column.rank < rank]
    return tuple(kept)


def widths(columns: Sequence[Column], width: int) -> tuple[int, ...]:
    """Cells of each column: its least width and its share of what is left; the sum fits."""
    found = [column.width for column in columns]
    room = width - sum(found) - (len(found) - 1)
    shares = sum(column.weight for column in columns)
    if room > 0 and shares:
        parts = [room * column.weight // shares for column in columns]
        widest = max(range(len(columns)), key=lambda index: columns[index].weight)
        parts[widest] += room - sum(parts)
        found = [least + part for least, part in zip(found, parts, strict=True)]
    while sum(found) + len(found) - 1 > width and max(found) > 1:
        found[found.index(max(found))] -= 1
    return tuple(found)


def by_content(shares: Sequence[int], natural: Sequence[int], width: int) -> tuple[int, ...]:
    """Cells of each column: of its share what its longest cell (``natural``) takes; what is left
    of that goes in turn to those that want more."""
    found = [min(a, b) for a, b in zip(shares, natural, strict=True)]
    left = width - sum(found) - (len(found) - 1)
    hungry = [index for index, cells in enumerate(found) if cells < natural[index]]
    while left > 0 and hungry:
        for index in hungry[:left]:
            found[index] += 1
        left -= len(hungry[:left])
        hungry = [index for index in hungry if found[index] < natural[index]]
    while sum(found) + len(found) - 1 > width and max(found, default=0) > 1:
        found[found.index(max(found))] -= 1
    return tuple(found)


def without_prose(columns: Sequence[Column]) -> tuple[tuple[Column, ...], Column | None]:
    """The columns of a row's first line, and the one whose text takes the second."""
    prose = next((column for column in columns if column.prose), None)
    return tuple(column for column in columns if column is not prose), prose


def list_page(
    view: ListView,
    columns: Sequence[Column],
    query: Query,
    context: ViewContext,
    *,
    unread: Seen | None = None,
    below: Column | None = None,
) -> Page:
    """The window that ``query`` states, with the total of all its rows.

    A window near the end is read from the end, so that the last page is as quick as the first.
    """
    total = context.reader.count(query)
    offset = max(0, min(query.offset, total - 1))
    limit = min(query.limit, total - offset)
    behind = total - offset - limit
    if behind < offset:
        back = replace(query, descending=not query.descending, offset=behind, limit=limit)
        records = context.reader.select(back)[::-1] if limit > 0 else []
    else:
        records = context.reader.select(replace(query, offset=offset, limit=max(limit, 0)))
    return Page(total, offset, tuple(row_of(r, columns, context, unread, below) for r in records))


def overdue_page(
    columns: Sequence[Column],
    query: Query,
    context: ViewContext,
    *,
    unread: Seen | None = None,
    below: Column | None = None,
) -> Page:
    """Messages, ours or to us, whose wanted Quittung is late, newest first."""
    late = [message for message, state in awaited(context, query.text) if state.overdue]
    late += [m for m in owed(context, query.text) if delivery(m, context).overdue]
    late.sort(key=lambda message: (message.time, message.id), reverse=True)
    window = late[query.offset : query.offset + query.limit]
    rows = tuple(row_of(r, columns, context, unread, below) for r in window)
    return Page(len(late), query.offset, rows)


def row_of(
    record: Record,
    columns: Sequence[Column],
    context: ViewContext,
    unread: Seen | None = None,
    below: Column | None = None,
) -> Row:
    """One record as a row."""
    cells = [column.shown(record, context) for column in columns]
    mark = fenced(lambda: mark_of(record, context), lambda _: "warn", context)
    if unread is not None and unread(record):
        cells[0] = f"*{cells[0]}"
        mark = mark or "bold"
    return Row(record.id, tuple(cells), mark, below.shown(record, context) if below else "")


def mark_of(record: Record, context: ViewContext) -> str:
    """How a row stands out."""
    if record.kind == "message":
        urgent = record.text("priority") in ("blitz", "staatsnot")
        late = record.flag("receipt_wanted") and delivery(record, context).overdue
        return "warn" if urgent or late else ""
    if not is_open(record):
        return "dim"
    return "warn" if record.text("priority") == "kritisch" or is_late(record, context.now) else ""
