# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What lies between two pictures of a situation: what came, what was changed, what was closed.

The pictures may be of two moments, or of one moment in the eyes of two: what a staff must have
known, and what had been written by then. Pure.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass

from lage.kinds.cards import CARDS
from lage.kinds.model import Record
from lage.kinds.reader import ViewContext
from lage.kinds.states import is_open
from lage.language.plain import plain
from lage.views.detail import title_of
from lage.views.gist import gist
from lage.views.words import KIND_NAMES, label_of, long_value
from sync.schema.definition import EntityId


class Sort(enum.Enum):
    """What became of an entry."""

    CAME = "neu"
    CLOSED = "erledigt"
    REOPENED = "wieder offen"
    CHANGED = "geändert"
    GONE = "nicht vorhanden"


@dataclass(frozen=True, slots=True)
class Deed:
    """When somebody wrote something, and who did."""

    time: int  # log time
    staff: str


@dataclass(frozen=True, slots=True)
class Standing:
    """An entry in one of the pictures, in words."""

    entity: EntityId
    kind: str
    title: str
    text: str
    open: bool
    entered: Deed
    changed: Deed  # the last change, or still that it was entered
    fields: Mapping[str, str]  # label -> value


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one entry."""

    sort: Sort
    now: Standing  # where it is gone, as it was
    fields: tuple[tuple[str, str, str], ...]  # label, before, now; of an entry in both pictures
    doubtful: bool  # it was written or taken in under a wrong clock

    @property
    def over(self) -> bool:
        """Whether it came and was closed, all between the two."""
        return self.sort is Sort.CAME and not self.now.open

    @property
    def deed(self) -> Deed:
        """What made it so: of what came or is gone the writing of it, else its last change."""
        came = self.sort in (Sort.CAME, Sort.GONE)
        return self.now.entered if came else self.now.changed


@dataclass(frozen=True, slots=True)
class Difference:
    """All that lies between two pictures."""

    changes: tuple[Change, ...]  # by time
    figures: Mapping[str, int]  # values of a series that came, by the kind's word

    def count(self, sort: Sort) -> int:
        """How many entries that became of."""
        return sum(change.sort is sort for change in self.changes)

    def summary(self) -> str:
        """``3 neu (davon 2 schon erledigt), 1 erledigt; dazu 12 Werte``."""
        said = [f"{n} {sort.value}" for sort in Sort if (n := self.count(sort))]
        if over := sum(change.over for change in self.changes):
            said[0] += f" (davon {over} schon erledigt)"  # what came stands first
        series = sum(self.figures.values())
        values = f"{series} {'Wert' if series == 1 else 'Werte'}" if series else ""
        return "; dazu ".join(filter(None, (", ".join(said), values))) or "kein Unterschied"


def standings(entities: Iterable[EntityId], context: ViewContext) -> dict[EntityId, Standing]:
    """Those of these entries that are in the picture."""
    found = {}
    for entity in entities:
        record = context.reader.get(entity)
        if record is None or record.kind not in KIND_NAMES.values():
            continue
        fields = {
            label_of(record.kind, name): long_value(record.kind, name, value, context)
            for name, value in record.values.items()
        }
        found[entity] = Standing(
            entity,
            record.kind,
            title_of(record, context),
            plain(gist(record, context)),
            is_open(record),
            Deed(record.time, context.directory.name(entity.author)),
            _last_change(record, context),
            fields,
        )
    return found


def _last_change(record: Record, context: ViewContext) -> Deed:
    """The last that had an effect; by whom, its history alone knows."""
    author, time = record.id.author, record.time
    if record.changed != record.time:
        for step in context.reader.history(record.id):
            if step.valid and step.counted:
                author, time = step.id.author, step.time
    return Deed(time, context.directory.name(author))


def difference(
    before: Mapping[EntityId, Standing],
    after: Mapping[EntityId, Standing],
    doubtful: Set[EntityId] = frozenset(),
) -> Difference:
    """What became of the entries between these two pictures."""
    changes = []
    figures: dict[str, int] = {}
    for entity in {**before, **after}:
        was, now = before.get(entity), after.get(entity)
        shown = now or was
        assert shown is not None
        if CARDS[shown.kind].figure:
            if was is None:
                word = CARDS[shown.kind].word
                figures[word] = figures.get(word, 0) + 1
            continue
        sort, fields = _became(was, now)
        if sort is not None:
            changes.append(Change(sort, shown, fields, entity in doubtful))
    changes.sort(key=lambda change: (change.deed.time, change.now.entity))
    return Difference(tuple(changes), figures)


def _became(
    was: Standing | None, now: Standing | None
) -> tuple[Sort | None, tuple[tuple[str, str, str], ...]]:
    if now is None:
        return Sort.GONE, ()
    if was is None:
        return Sort.CAME, ()
    labels = {**was.fields, **now.fields}
    fields = tuple(
        (label, was.fields.get(label, "-"), now.fields.get(label, "-"))
        for label in labels
        if was.fields.get(label) != now.fields.get(label)
    )
    if was.open != now.open:
        return (Sort.REOPENED if now.open else Sort.CLOSED), fields
    return (Sort.CHANGED if fields else None), fields


def change_words(change: Change) -> str:
    """``Vorfall RHE-3: Status offen → erledigt``; of what came what it says."""
    said = "; ".join(f"{label} {was} → {now}" for label, was, now in change.fields)
    doubt = " (Uhr zweifelhaft)" if change.doubtful else ""
    over = " (schon erledigt)" if change.over else ""
    return f"{change.now.title}: {said or change.now.text}{over}{doubt}"
