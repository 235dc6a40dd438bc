# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What parsing looks up in the log: a gauge's unit, words used before, members of groups."""

from __future__ import annotations

from collections.abc import Callable

from lage.kinds.cards import CARDS
from lage.kinds.inputs import vocabulary_of
from lage.kinds.model import Draft, Query, Record, Where
from lage.kinds.reader import ViewContext
from lage.kinds.states import open_only
from lage.language.folding import fold_text
from lage.views.called import NAMED_MAX
from lage.views.gauge_book import titles, written
from lage.views.gauges import BEFORE_MAX, doubtful
from lage.views.merged import same_as
from lage.write.gauges import measure_of
from lage.write.parse import Context
from sync.schema.definition import EntityId

_USED: dict[str, list[tuple[str, str]]] = {}
"""Fields with an index by the vocabulary of their words."""
for _kind, _card in CARDS.items():
    for _name in _card.indexed:
        if _vocabulary := vocabulary_of(_kind, _name):
            _USED.setdefault(_vocabulary, []).append((_kind, _name))


def parse_context(
    view: ViewContext, find: Callable[[str, str], EntityId], *, exercise: bool = False
) -> Context:
    """What parsing needs to know; ``find`` as ``Context.find``."""
    return Context(
        view.now,
        view.directory,
        find,
        view.county,
        terms=view.county.words,
        measure=lambda gauge: _measure(view, gauge),
        ended=lambda gauge: _ended(view, gauge),
        measured=lambda gauge: _measured(view, gauge),
        known=lambda vocabulary: _known(view, vocabulary),
        written=lambda gauge: written(view.reader, gauge),
        named=lambda kind: _names(view, kind),
        group=lambda name: _group(view, name),
        same=lambda record: same_as(record, view),
        before=lambda draft: _before(view, draft),
        lately=lambda kind, since: _lately(view, kind, since),
        network=view.network,
        exercise=exercise,
    )


_SERIES = {"reading": ("gauge",), "stock_movement": ("item", "place")}
"""Kinds whose entries are values of a series, and what tells the series."""
_LATELY_MAX = 200


def _before(view: ViewContext, draft: Draft) -> Record | None:
    """The entry that is changed as it stands, or the latest one of the same series."""
    if isinstance(draft.entity, EntityId):
        return view.reader.get(draft.entity)
    names = _SERIES.get(draft.kind, ())
    told = [(name, draft.changes.get(name)) for name in names]
    if not told or any(not isinstance(value, str) for _, value in told):
        return None
    where = tuple(Where(name, "=", str(value)) for name, value in told)
    if draft.kind == "reading":  # what does not count is nothing to compare with
        latest = view.reader.select(Query(draft.kind, where, limit=BEFORE_MAX))
        return next((reading for reading in latest if not doubtful(reading, view)), None)
    return next(iter(view.reader.select(Query(draft.kind, where, limit=1))), None)


def _lately(view: ViewContext, kind: str, since: int) -> list[Record]:
    """Open entries of a kind about what happened since then, the newest first."""
    found = view.reader.select(Query(kind, open_only(kind), limit=_LATELY_MAX))
    return [record for record in found if record.event_time >= since]


def _measured(view: ViewContext, gauge: str) -> bool:
    return bool(view.reader.select(Query("reading", (Where("gauge", "=", gauge),), limit=1)))


def _known(view: ViewContext, vocabulary: str) -> list[str]:
    """Words of a vocabulary that the log has already, however they are spelt."""
    found: dict[str, None] = {}
    for kind, name in _USED.get(vocabulary, ()):
        found.update(dict.fromkeys(view.reader.used(kind, name)))
    if vocabulary == "gauge":
        found.update(dict.fromkeys(titles(view.reader)))
    return list(found)


def _names(view: ViewContext, kind: str) -> dict[str, bool]:
    """Names of the open entries of a kind; whether this staff has one of them."""
    found: dict[str, bool] = {}
    for record in view.reader.select(Query(kind, open_only(kind), limit=NAMED_MAX)):
        name = record.text(CARDS[kind].called)
        found[name] = found.get(name, False) or record.id.author in view.ours
    return found


def _group(view: ViewContext, name: str) -> tuple[int, ...]:
    """Members of a distribution list other than this staff; () for no such list."""
    wanted, heir = fold_text(name), view.directory.heir
    for group in view.reader.select(Query("group", order="entered")):
        if fold_text(group.text("name")) == wanted:
            found = dict.fromkeys(map(heir, group.members("members") or ()))
            return tuple(member for member in found if member != view.me)
    return ()


def _measure(view: ViewContext, gauge: str) -> tuple[str, int] | None:
    found = view.reader.select(Query("gauge", (Where("name", "=", gauge),), limit=1))
    return measure_of(found[0]) if found else None


def _ended(view: ViewContext, gauge: str) -> int | None:
    found = view.reader.select(Query("gauge", (Where("name", "=", gauge),), limit=1))
    return found[0].moment("ended") if found else None
