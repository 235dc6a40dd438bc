# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What parsing looks up in the log: a gauge's decimals, words used before, members of groups."""

from __future__ import annotations

from collections.abc import Callable

from lage.kinds.model import Query, Where
from lage.kinds.reader import ViewContext
from lage.language.folding import fold_text
from lage.views.gauges import gauge_names
from lage.views.merged import same_as
from lage.write.parse import Context
from sync.schema.definition import EntityId


def parse_context(view: ViewContext, find: Callable[[str, str], EntityId]) -> Context:
    """What parsing needs to know; ``find`` as ``Context.find``."""
    return Context(
        view.now,
        view.directory,
        find,
        view.county,
        terms=view.county.words,
        decimals=lambda gauge: _decimals(view, gauge),
        measured=lambda gauge: _measured(view, gauge),
        known=lambda vocabulary: _known(view, vocabulary),
        group=lambda name: _group(view, name),
        same=lambda record: same_as(record, view),
    )


def _measured(view: ViewContext, gauge: str) -> bool:
    return bool(view.reader.select(Query("reading", (Where("gauge", "=", gauge),), limit=1)))


def _known(view: ViewContext, vocabulary: str) -> list[str]:
    """Names of gauges and materials that the log has already, however they are spelt."""
    if vocabulary == "gauge":
        return gauge_names(view.reader)
    return view.reader.used("stock_movement", "item") if vocabulary == "item" else []


def _group(view: ViewContext, name: str) -> tuple[int, ...]:
    """Members of a distribution list other than this staff; () for no such list."""
    wanted, heir = fold_text(name), view.directory.heir
    for group in view.reader.select(Query("group", order="entered")):
        if fold_text(group.text("name")) == wanted:
            found = dict.fromkeys(map(heir, group.members("members") or ()))
            return tuple(member for member in found if member != view.me)
    return ()


def _decimals(view: ViewContext, gauge: str) -> int:
    found = view.reader.select(Query("gauge", (Where("name", "=", gauge),), limit=1))
    return (found[0].whole("decimals") or 0) if found else 0
