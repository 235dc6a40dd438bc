# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What was brought to the staffs: the injects of a script, or what a log alone shows. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass

from lage.exercise.direction.record import Record as Conducted
from lage.exercise.direction.state import Doing, Standing
from lage.exercise.evaluation.world import Asked
from lage.exercise.script.model import At, Entry, Inject, Script, Speech, Way
from lage.kinds.cards import CARDS
from lage.kinds.cards.message import RECEIPT_MINUTES
from lage.kinds.model import Query, Record
from lage.kinds.reader import ViewContext
from lage.language.plain import plain
from lage.views.detail import title_of
from lage.views.gist import gist
from sync.schema.definition import EntityId

LOG_KINDS = ("message", "task", "request")
"""What is brought to somebody, where no script says so."""
LOG_MAX = 2000
_ACTIONS = {"change": "Änderung", "receipt": "Quittung"}


@dataclass(frozen=True, slots=True)
class Scene:
    """Where it happened, for whoever reads the log."""

    context: ViewContext
    numbers: Mapping[str, int]  # of the staffs by name
    manned: Set[int]  # where people sat but to direct; all, where nobody knows
    people: bool  # whether people sat anywhere, as far as is known
    begin: int
    times: Mapping[EntityId, int]  # operation -> when it was written

    def staff(self, author: int) -> int:
        """Who answers now for what that number wrote."""
        return self.context.directory.heir(author)

    def written(self, operation: EntityId, otherwise: int) -> int:
        """When, by the clocks that can be believed."""
        return self.times.get(operation, otherwise)


def asked_of_script(
    scene: Scene,
    script: Script | None,
    record: Conducted | None,
    played: Mapping[int, EntityId | str],
) -> list[Asked]:
    """The injects in the order of the script, then those that the direction made up."""
    found = [
        _conducted(scene, inject, record) if record else _played(scene, inject, played)
        for inject in (script.injects if script else ())
    ]
    if record is not None:
        known = {each.nr for each in found}
        made_up = {key: said for key, said in record.inserted.items() if key not in known}
        found += [_inserted(scene, key, said, record) for key, said in made_up.items()]
    return found


def _conducted(scene: Scene, inject: Inject, record: Conducted) -> Asked:
    did = record.given.get(inject.nr, Doing())
    given = did.given_s if did.spoken else did.fired_s
    if did.standing not in (Standing.GIVEN, Standing.OWED):
        given = None
    standing = f"{_standing(did)}: {did.why}" if did.why else _standing(did)
    entries = tuple(EntityId(*each) for each in did.entries)
    changed = record.changed.get(inject.nr, {})
    at = None if given is None else scene.begin + given
    return _asked(scene, inject, at, standing, entries, changed)


def _standing(did: Doing) -> str:
    """What became of it, in words that hold afterwards: nobody gives it any more."""
    if did.standing is not Standing.OWED:
        return str(did.standing.value)
    return "nicht zugestellt" if did.spoken else "nicht geschrieben"


def _played(scene: Scene, inject: Inject, played: Mapping[int, EntityId | str]) -> Asked:
    """Where every staff played its own part by the clock: the entry's time is the inject's."""
    came = played.get(inject.place)
    if isinstance(came, EntityId):
        return _asked(scene, inject, scene.written(came, scene.begin), "gegeben", (came,), {})
    standing = "nicht gegeben" if came is None else f"abgelehnt: {came}"
    return _asked(scene, inject, None, standing, (), {})


def _asked(
    scene: Scene,
    inject: Inject,
    given: int | None,
    standing: str,
    entries: tuple[EntityId, ...],
    changed: Mapping[str, str],
) -> Asked:
    content = inject.content
    said = content.text if isinstance(content, Speech) else _said(content)
    records = [r for entry in entries if (r := scene.context.reader.get(entry)) is not None]
    minute = inject.when.minute if isinstance(inject.when, At) else None
    return Asked(
        inject.nr,
        inject.title,
        plain(changed.get("text", said)),
        inject.way.value,
        inject.sender or inject.staff,
        _to(scene, inject, records),
        None if minute is None else scene.begin + round(minute * 60),
        given,
        standing,
        inject.expected,
        inject.hint,
        bool(inject.checks),
        entries,
        min((at for each in records if (at := _deadline(each)) is not None), default=None),
    )


def _said(entry: Entry) -> str:
    """What is written, and into what form."""
    fields = entry.fields
    what = _ACTIONS.get(entry.action) or CARDS[entry.kind].title
    return f"{what}: " + (fields.get("text") or "; ".join(filter(None, fields.values())))


def _to(scene: Scene, inject: Inject, records: list[Record]) -> tuple[int, ...]:
    """Who was to do something: whom it names, else where people sat; of an own action that is
    asked for, its staff."""
    named = tuple(scene.numbers[name] for name in inject.to if name in scene.numbers)
    if not named:
        named = tuple(m for each in records for m in each.members("to") or ())
    writer = scene.numbers.get(inject.staff)
    if inject.entry is not None and inject.entry.action in _ACTIONS:
        return ()  # it answers an earlier one, where it counts
    if named:
        return tuple(n for n in dict.fromkeys(map(scene.staff, named)) if n != writer)
    if inject.entry is None and inject.way is Way.OWN:
        return () if writer is None else (writer,)
    if inject.entry is not None and inject.entry.kind != "message" and not scene.people:
        return ()  # a script that plays itself: nobody waits for what a staff notes down
    return tuple(sorted(number for number in scene.manned if number != writer))


def _deadline(record: Record) -> int | None:
    """By when something was to be done about it."""
    if record.kind == "message" and record.flag("receipt_wanted"):
        minutes = record.whole("receipt_minutes")
        if minutes is None:
            minutes = RECEIPT_MINUTES[record.text("priority")]
        return record.time + minutes * 60
    return record.moment(CARDS[record.kind].due) if CARDS[record.kind].due else None


def _inserted(scene: Scene, key: str, said: Mapping[str, str], record: Conducted) -> Asked:
    did = record.given.get(key, Doing())
    given = did.given_s if did.spoken else did.fired_s
    to = [scene.numbers[n.strip()] for n in said.get("an", "").split(",") if
          n.strip() in scene.numbers]  # fmt: skip
    return Asked(
        key,
        "eingefügt",
        plain(said.get("text", "")),
        said.get("weg", ""),
        said.get("von", ""),
        tuple(to) or tuple(sorted(scene.manned)),
        None,
        None if given is None else scene.begin + given,
        _standing(did),
        entries=tuple(EntityId(*each) for each in did.entries),
    )


def asked_of_log(scene: Scene) -> list[Asked]:
    """Messages that name somebody or want a Quittung, orders and requests, as they were written."""
    found: list[Asked] = []
    for kind in LOG_KINDS:
        query = Query(kind, order="entered", descending=False, limit=LOG_MAX)
        for record in scene.context.reader.select(query):
            to = record.members("to")
            if not to and not record.flag("receipt_wanted"):
                continue
            writer = scene.staff(record.id.author)
            others = tuple(dict.fromkeys(map(scene.staff, to or sorted(scene.manned))))
            given = scene.written(record.id, record.time)
            found.append(
                Asked(
                    scene.context.directory.label(record),
                    title_of(record, scene.context),
                    plain(gist(record, scene.context)),
                    "",
                    scene.context.directory.name(record.id.author),
                    tuple(member for member in others if member != writer),
                    None,
                    given,
                    "geschrieben",
                    entries=(record.id,),
                    deadline=_deadline(record),
                )
            )
    return sorted(found, key=lambda each: (each.given or 0, each.nr))
