# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A script gone through in memory, by the rules of the one door, before anybody plays it.

Each inject is entered or edited as its staff would do it, on what the earlier ones have said: what
would be refused in the exercise is refused when the script is read. What comes only under a
condition counts only for those that come under the same; so two branches may say what would
contradict each other, and nothing may build on what perhaps never comes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from lage.exercise.script.model import DIRECTION_ROLE, Cast, Entry, Inject
from lage.exercise.script.order import Needs
from lage.kinds.directory import Directory
from lage.kinds.model import Draft, Record
from lage.kinds.states import is_open
from lage.language.errors import NotFound, UsageError
from lage.language.folding import fold_text
from lage.store.ground import Ground
from lage.write import commands
from lage.write.gauges import measure_of
from lage.write.parse import Context
from lage.write.rights import check_all
from sync.schema.definition import Change, EntityId, SetChange


@dataclass(frozen=True, slots=True)
class _Said:
    """What an inject writes or changes."""

    needs: Needs
    nr: str
    entity: EntityId
    draft: Draft
    at: int  # log time
    place: int

    @property
    def about(self) -> EntityId:
        """The entry that it writes, changes or confirms."""
        message = self.draft.changes.get("message") if self.draft.kind == "receipt" else None
        return message if isinstance(message, EntityId) else self.entity


@dataclass(frozen=True, slots=True)
class Clash:
    """Two injects of which each can be given, and not both."""

    other: str  # nr of the one that comes first
    needs: Needs  # of that one
    reason: UsageError | None  # why the later one would be refused; None: the entry has ended


@dataclass
class _World:
    """What has been said where certain things have come true."""

    records: dict[EntityId, Record] = field(default_factory=dict)
    called: dict[str, EntityId] = field(default_factory=dict)

    def add(self, said: _Said) -> None:
        """One more inject has said its part."""
        entity, draft = said.entity, said.draft
        new = Record(entity, draft.kind, None, said.at, said.at, said.place)
        before = self.records.get(entity, new)
        changed: Mapping[str, Change] = {**before.values, **draft.changes}
        values = {
            name: value.add if isinstance(value, SetChange) else value
            for name, value in changed.items()
            if value is not None
        }
        self.called.setdefault(said.nr, entity)
        self.records[entity] = replace(before, changed=said.at, seq=said.place, values=values)

    def all(self, kind: str) -> list[Record]:
        """Every entry of a kind."""
        return [record for record in self.records.values() if record.kind == kind]

    def words(self, kind: str, name: str) -> list[str]:
        """What entries of a kind say in a field."""
        return [record.text(name) for record in self.all(kind)]


class Rehearsal:
    """The situation as the injects so far have made it."""

    def __init__(self, cast: Sequence[Cast], direction: str, begin: int) -> None:
        named = [(member.name, member.role) for member in cast]
        if direction not in [name for name, _ in named]:
            named.append((direction, DIRECTION_ROLE))
        self._staffs = [(n, name, role, True) for n, (name, role) in enumerate(named, 1)]
        self._begin = begin
        self._ground = Ground(None)
        self._always = _World()
        self._written: list[_Said] = []

    def play(self, inject: Inject, minute: float, needs: Needs) -> tuple[str, ...]:
        """Go through one inject; the staffs that its entry goes to by name.

        Raises UsageError where it would be refused.
        """
        if inject.entry is None:
            return ()
        world = self._world(needs)
        said = self._say(inject, minute, needs, world)
        self._written.append(said)
        if not needs.all:
            self._always.add(said)
        world.add(said)
        to = world.records[said.entity].members("to") or ()
        return tuple(name for n, name, *_ in self._staffs if n in to)

    def clash(self, inject: Inject, minute: float, needs: Needs) -> Clash | None:
        """What an inject contradicts among those that need not come and may, as far as choices
        decide it: one of them would be refused, or would change what has ended by then.

        ``inject`` as it has just been played.
        """
        entry = inject.entry
        if entry is None or entry.action == "create":
            return None
        *before, me = self._written
        mine = me.about
        ended = not is_open(_where(before, needs).records[mine])
        for other in before:
            both = None if other.needs.given(needs) else needs.beside(other.needs)
            if both is None or other.about != mine:
                continue
            world = _where(before, both)
            try:
                self._say(inject, minute, both, world)
            except UsageError as error:
                return Clash(other.nr, other.needs, error)
            if entry.action == "change" and not (ended or is_open(world.records[mine])):
                return Clash(other.nr, other.needs, None)
        return None

    def judge(self, entry: Entry, staff: str, minute: float) -> list[Draft]:
        """What an entry would say that comes at no time of its own. Raises UsageError."""
        me = next(n for n, name, *_ in self._staffs if name == staff)
        context = self._context(self._all_of_it(), minute, me)
        return commands.enter(entry.kind, entry.fields, context)

    def context(self, staff: str, minute: float) -> Context:
        """What a staff would type in, with all that anybody says in the exercise."""
        me = next(n for n, name, *_ in self._staffs if name == staff)
        return self._context(self._all_of_it(), minute, me)

    def _say(self, inject: Inject, minute: float, needs: Needs, world: _World) -> _Said:
        """What an inject's entry says there. Raises UsageError."""
        entry = inject.entry
        assert entry is not None
        me = next(n for n, name, *_ in self._staffs if name == inject.staff)
        context = self._context(world, minute, me)
        if entry.action == "create":
            drafts = commands.enter(entry.kind, entry.fields, context)
        elif entry.action == "change":
            drafts = commands.edit(self._of(world, entry.target), entry.fields, context)
        else:
            message = self._of(world, entry.target)
            receipts = [r for r in world.all("receipt") if r.ref("message") == message.id]
            drafts = commands.acknowledge(message, entry.fields["person"], context, receipts)
        check_all(drafts, world.records.get, context.directory)
        draft = drafts[0]
        entity = draft.entity if isinstance(draft.entity, EntityId) else EntityId(me, inject.place)
        return _Said(needs, inject.nr, entity, draft, context.now, inject.place)

    def _world(self, needs: Needs) -> _World:
        return _where(self._written, needs) if needs.all else self._always

    def _all_of_it(self) -> _World:
        return _where(self._written, None)

    def _context(self, world: _World, minute: float, me: int) -> Context:
        return Context(
            self._begin + round(minute * 60),
            Directory(self._staffs, me),
            lambda _, name: self._of(world, name).id,
            self._ground,
            terms=self._ground.words,
            measure=lambda gauge: _measure(world, gauge),
            measured=lambda gauge: gauge in world.words("reading", "gauge"),
            known=lambda vocabulary: _known(world, vocabulary),
            group=lambda name: _group(world, name),
        )

    def _of(self, world: _World, nr: str) -> Record:
        if nr in world.called:
            return world.records[world.called[nr]]
        if any(nr == each.nr for each in self._written):
            raise NotFound(
                f"„{nr}“ kommt nur unter einer Bedingung, ohne die es den Eintrag nicht gibt:"
                f" bitte „nur_wenn: {nr} eingespielt“ dazuschreiben."
            )
        raise NotFound(f"„{nr}“ gibt es dann nicht: es kommt erst später.")


def _where(written: Iterable[_Said], needs: Needs | None) -> _World:
    """What has been said where that has come true; None: where everything has."""
    world = _World()
    for each in written:
        if needs is None or each.needs.given(needs):
            world.add(each)
    return world


def _known(world: _World, vocabulary: str) -> list[str]:
    if vocabulary == "gauge":
        return [*world.words("gauge", "name"), *world.words("reading", "gauge")]
    return world.words("stock_movement", "item") if vocabulary == "item" else []


def _measure(world: _World, gauge: str) -> tuple[str, int] | None:
    found = (g for g in world.all("gauge") if g.text("name") == gauge)
    return next(map(measure_of, found), None)


def _group(world: _World, name: str) -> tuple[int, ...]:
    wanted = fold_text(name)
    found = (g for g in world.all("group") if fold_text(g.text("name")) == wanted)
    return next((group.members("members") or () for group in found), ())
