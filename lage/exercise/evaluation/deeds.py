# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What staffs did, from the folded log: about an entry, and at all. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator

from lage.exercise.evaluation.asked import Scene
from lage.exercise.evaluation.world import Deed, Entry, Person, Step
from lage.kinds.cards import CARDS
from lage.kinds.model import HistoryStep, Query, Record
from lage.kinds.schema import SCHEMA
from lage.language.plain import plain
from lage.views.detail import title_of
from lage.views.gist import gist
from lage.views.words import KIND_NAMES, label_of, short_value
from sync.schema.definition import EntityId, Ref, SetChange

PAGE = 500
REFUSED = "abgelehnt"
_SIGNED = {"journal": "sign", "message": "sign", "report": "sign", "receipt": "person"}
"""Fields in which people say who they are."""
_DECIDES_NOTHING = ("journal", "distribution")
"""Kinds that only tell or hand on within a staff what came."""
_REFERRING = {
    card.name: tuple(f.name for f in card.kind.fields if isinstance(f.type, Ref))
    for card in CARDS.values()
    if card.word
    and card.name != "receipt"
    and any(isinstance(f.type, Ref) for f in card.kind.fields)
}


def deeds_about(scene: Scene, about: Collection[EntityId]) -> list[Deed]:
    """What was done about these entries, by anybody but who wrote them, in the order of time."""
    found = [deed for entry in about for deed in _changes(scene, entry)]
    found += [
        Deed(
            message,
            scene.staff(receipt.id.author),
            scene.written(receipt.id, receipt.time),
            Step.ACKNOWLEDGED,
            f"quittiert durch {plain(receipt.text('person'))}",
        )
        for receipt in _all(scene, "receipt")
        if (message := receipt.ref("message")) in about and message is not None
    ]
    for kind, fields in _REFERRING.items():
        for record in _all(scene, kind):
            for name in fields:
                named = record.ref(name)
                if named in about and named is not None:
                    found.append(_answer(scene, record, named))
    return sorted(found, key=lambda deed: (deed.at, deed.staff, deed.about))


def _answer(scene: Scene, record: Record, named: EntityId) -> Deed:
    words = f"{title_of(record, scene.context)}: {gist(record, scene.context)}"
    at = scene.written(record.id, record.time)
    step = None if record.kind in _DECIDES_NOTHING else Step.DECIDED
    return Deed(named, scene.staff(record.id.author), at, step, words)


def _changes(scene: Scene, entry: EntityId) -> Iterator[Deed]:
    record = scene.context.reader.get(entry)
    if record is None:
        return
    for step in scene.context.reader.history(entry):
        if step.valid and not step.creates and step.changes:
            yield Deed(
                entry,
                scene.staff(step.id.author),
                scene.written(step.id, step.time),
                _step(record.kind, step),
                _words(scene, record.kind, step),
            )


def _step(kind: str, step: HistoryStep) -> Step | None:
    """How far a change brought it."""
    ended = CARDS[kind].ended_by
    status = step.changes.get("status")
    if ended and step.changes.get(ended) is not None:
        return Step.DONE
    if not isinstance(status, str) or status == "offen":
        return None
    return Step.DONE if status in CARDS[kind].closed and status != REFUSED else Step.DECIDED


def _words(scene: Scene, kind: str, step: HistoryStep) -> str:
    said = []
    for name, value in step.changes.items():
        if isinstance(value, SetChange) or name not in SCHEMA.by_name[kind].by_name:
            continue
        said.append(f"{label_of(kind, name)} {short_value(kind, name, value, scene.context)}")
    return ", ".join(said) or "geändert"


def entries_of(scene: Scene) -> list[Entry]:
    """Everything that people wrote, in the order of time; measured values are left out."""
    found = [
        Entry(
            scene.staff(record.id.author),
            scene.written(record.id, record.time),
            f"{title_of(record, scene.context)}: {gist(record, scene.context)}",
        )
        for kind in KIND_NAMES.values()
        if not CARDS[kind].figure and kind != "receipt"
        for record in _all(scene, kind)
    ]
    return sorted(found, key=lambda entry: (entry.at, entry.staff))


def persons_of(scene: Scene) -> list[Person]:
    """Who signed something, staff by staff."""
    signed: dict[tuple[int, str], list[tuple[int, str]]] = {}
    for kind, name in _SIGNED.items():
        for record in _all(scene, kind):
            if who := plain(record.text(name)).strip():
                times = signed.setdefault((scene.staff(record.id.author), who), [])
                times.append((scene.written(record.id, record.time), kind))
    return [
        Person(
            staff,
            who,
            min(times)[0],
            max(times)[0],
            len(times),
            tuple(Counter(kind for _, kind in times).items()),
        )
        for (staff, who), times in sorted(signed.items())
    ]


def _all(scene: Scene, kind: str) -> Iterator[Record]:
    """Every entry of a kind, page by page."""
    offset = 0
    while True:
        rows = scene.context.reader.select(
            Query(kind, order="entered", descending=False, limit=PAGE, offset=offset)
        )
        yield from rows
        if len(rows) < PAGE:
            return
        offset += len(rows)
