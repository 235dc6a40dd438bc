# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A script gone through in memory, by the rules of the one door, before anybody plays it.

Each inject is entered or edited as its staff would do it, on what the earlier ones have said: what
would be refused in the exercise is refused when the script is read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lage.exercise.script.model import Cast, Inject
from lage.kinds.directory import Directory
from lage.kinds.model import Draft, Record
from lage.language.errors import NotFound
from lage.language.folding import fold_text
from lage.store.ground import Ground
from lage.write import commands
from lage.write.gauges import measure_of
from lage.write.parse import Context
from lage.write.rights import check_all
from sync.schema.definition import Change, EntityId, SetChange


class Rehearsal:
    """The situation as the injects so far have made it."""

    def __init__(self, cast: Sequence[Cast], begin: int) -> None:
        self._staffs = [(n, member.name, member.role, True) for n, member in enumerate(cast, 1)]
        self._begin = begin
        self._ground = Ground(None)
        self._records: dict[EntityId, Record] = {}
        self._called: dict[str, EntityId] = {}

    def play(self, inject: Inject) -> None:
        """Go through one inject. Raises UsageError where it would be refused."""
        me = next(n for n, name, *_ in self._staffs if name == inject.staff)
        context = self._context(inject, Directory(self._staffs, me))
        entry = inject.entry
        if entry is None:
            return
        if entry.action == "create":
            drafts = commands.enter(entry.kind, entry.fields, context)
        elif entry.action == "change":
            drafts = commands.edit(self._of(entry.target), entry.fields, context)
        else:
            message = self._of(entry.target)
            receipts = [r for r in self._all("receipt") if r.ref("message") == message.id]
            drafts = commands.acknowledge(message, entry.fields["person"], context, receipts)
        check_all(drafts, self._records.get, context.directory)
        self._write(drafts[0], inject, me, context.now)

    def _write(self, draft: Draft, inject: Inject, me: int, now: int) -> None:
        entity, seq = draft.entity, inject.place
        if isinstance(entity, EntityId):
            before = self._records[entity]
        else:
            entity = EntityId(me, seq)
            before = Record(entity, draft.kind, None, now, now, seq)
            self._called[inject.nr] = entity
        said: dict[str, Change] = {**before.values, **draft.changes}
        values = {
            name: value.add if isinstance(value, SetChange) else value
            for name, value in said.items()
            if value is not None
        }
        self._records[entity] = replace(before, changed=now, seq=seq, values=values)

    def _context(self, inject: Inject, directory: Directory) -> Context:
        return Context(
            self._begin + round((inject.minute or 0) * 60),
            directory,
            lambda _, name: self._of(name).id,
            self._ground,
            terms=self._ground.words,
            measure=self._measure,
            measured=lambda gauge: gauge in self._words("reading", "gauge"),
            known=self._known,
            group=self._group,
        )

    def _of(self, name: str) -> Record:
        if name not in self._called:
            raise NotFound(
                f"„{name}“ gibt es dann nicht: noch nicht geschrieben oder selbst fehlerhaft."
            )
        return self._records[self._called[name]]

    def _all(self, kind: str) -> list[Record]:
        return [record for record in self._records.values() if record.kind == kind]

    def _words(self, kind: str, name: str) -> list[str]:
        return [record.text(name) for record in self._all(kind)]

    def _known(self, vocabulary: str) -> list[str]:
        if vocabulary == "gauge":
            return [*self._words("gauge", "name"), *self._words("reading", "gauge")]
        return self._words("stock_movement", "item") if vocabulary == "item" else []

    def _measure(self, gauge: str) -> tuple[str, int] | None:
        found = (g for g in self._all("gauge") if g.text("name") == gauge)
        return next(map(measure_of, found), None)

    def _group(self, name: str) -> tuple[int, ...]:
        wanted = fold_text(name)
        found = (g for g in self._all("group") if fold_text(g.text("name")) == wanted)
        return next((group.members("members") or () for group in found), ())
