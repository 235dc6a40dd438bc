# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Spontanhelfende by skill, place and time. Everything here is known to all staffs."""

from __future__ import annotations

from lage.kinds.model import Query, Record, Where
from lage.kinds.reader import ViewContext
from lage.language.folding import fold_text

LOOKED_AT_MAX = 5000


def available(
    context: ViewContext, *, skill: str = "", place: str = "", at: int | None = None
) -> list[Record]:
    """Helpers reported and not yet planned, who can do that, there, then; oldest report first.

    ``skill`` and ``place`` match parts of words, umlauts either way; ``at`` is a log time that
    must lie within the time a helper is available. No end stated means open end.
    """
    free = (Where("status", "=", "gemeldet"),)
    query = Query("helper", free, order="entered", descending=False, limit=LOOKED_AT_MAX)
    wanted, there = fold_text(skill.strip()), fold_text(place.strip())
    return [
        helper
        for helper in context.reader.select(query)
        if _has_skill(helper, wanted)
        and there in fold_text(helper.text("place"))
        and (at is None or _is_there(helper, at))
    ]


def assignments(context: ViewContext, helper: Record) -> list[Record]:
    """Where a helper was sent, newest first, cancelled ones included."""
    return context.reader.select(
        Query("assignment", (Where("helper", "=", helper.id),), order="entered")
    )


def _has_skill(helper: Record, wanted: str) -> bool:
    return not wanted or any(wanted in fold_text(skill) for skill in helper.texts("skills"))


def _is_there(helper: Record, at: int) -> bool:
    since, hours = helper.moment("since"), helper.whole("hours")
    since = helper.time if since is None else since
    return since <= at and (hours is None or at < since + hours * 3600)
