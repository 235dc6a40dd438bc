# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Quittungen that are missing: those this staff owes, and those others owe it. Pure.

Both are asked for as such, not looked for among the newest messages: what is long overdue stays
in sight however much is written after it.
"""

from __future__ import annotations

from lage.kinds.model import Query, Record, Where
from lage.kinds.reader import ViewContext
from lage.views.delivery import Delivery, delivery

MESSAGES_MAX = 500
_WANTED = Where("receipt_wanted", "known")


def owed(context: ViewContext, text: str = "") -> list[Record]:
    """Messages whose wanted Quittung this staff has not given, newest first."""
    ours = context.ours
    where = (_WANTED, Where("author", "not in", ours))
    return context.reader.select(
        Query(
            "message",
            where,
            text=text,
            to=ours,
            unconfirmed_by=ours,
            order="entered",
            limit=MESSAGES_MAX,
        )
    )


def awaited(context: ViewContext, text: str = "") -> list[tuple[Record, Delivery]]:
    """This staff's messages that lack a wanted Quittung, with who owes it, newest first."""
    where = (_WANTED, Where("author", "in", context.ours))
    own = Query("message", where, text=text, order="entered", limit=MESSAGES_MAX)
    states = ((message, delivery(message, context)) for message in context.reader.select(own))
    return [(message, state) for message, state in states if state.open]
