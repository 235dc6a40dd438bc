# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the logs show of what conditions wait for: who has received, opened, confirmed, done what.

Looked at are the logs that are at this computer: the direction's own, where all arrives in time,
and those of the staffs that are here. Whether somebody has opened an entry only its own computer
knows, so of staffs at other computers that is never seen.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lage.exercise.direction import events as e
from lage.exercise.direction.conductor import Conductor
from lage.exercise.direction.expected import Expected
from lage.exercise.patterns import matches
from lage.exercise.script import model as m
from lage.exercise.script.dice import falls
from lage.kinds.model import Query, Record
from lage.station import Station
from lage.views.delivery import delivery, receipts_of
from lage.views.status import READ
from sync.schema.definition import EntityId

_OTHERS = (m.State.FIRED, m.State.MET)  # the journal itself knows, and ``Expected``
NEW_MAX = 200
"""Entries that are looked at in one turn for answers to them."""


class Observer:
    """Looks for one exercise; ``stations`` by staff, the direction's among them."""

    def __init__(self, conductor: Conductor, stations: Mapping[str, Station]) -> None:
        self._conductor, self._stations = conductor, stations
        self._wanted = wanted(conductor.script)
        self.expected = Expected(conductor, stations)
        self._seen = dict.fromkeys(stations, 0)  # arrival number up to which answers were found

    def look(self, s: int) -> list[e.Event]:
        """What is new at that second of the exercise."""
        found: list[e.Event] = []
        for nr, state in self._wanted:
            did = self._conductor.state.doing(nr)
            if not did.entries:
                continue
            known = self._conductor.state.facts
            staffs = dict.fromkeys(self._holders(EntityId(*did.entries[0]), state))
            found += [
                e.Seen(nr, state.value, staff, s)
                for staff in staffs
                if (nr, state.value, staff) not in known
            ]
        for member in self._conductor.script.cast:
            if member.answers and self._conductor.played(member.name):
                found += self._answers(member, s)
        return [*found, *self.expected.look(s)]

    def _holders(self, entity: EntityId, state: m.State) -> Iterator[str]:
        """Staffs of whom the log shows it."""
        direction = self._stations[self._conductor.script.direction]
        record = direction.reader.get(entity)
        names = direction.directory.name
        if state is m.State.RECEIVED or state is m.State.OPENED:
            yield from self._local(entity, state)
        if record is None:
            return
        context = direction.context()
        author = names(entity.author)
        if state is m.State.RECEIVED:
            yield from (
                name for n in delivery(record, context).reached if (name := names(n)) != author
            )
        elif state is m.State.ACKNOWLEDGED and record.kind == "message":
            yield from (names(row.id.author) for row in receipts_of(entity, context))
        elif state not in m.BY_EACH:
            yield from _set(record, state, direction)

    def _local(self, entity: EntityId, state: m.State) -> Iterator[str]:
        for name, station in self._stations.items():
            if name == self._conductor.script.direction or station.network_keys.author in (
                None,
                entity.author,
            ):
                continue
            record = station.reader.get(entity)
            if record is None:
                continue
            opened = not station.setting(READ).new(entity, record.seq)
            if state is m.State.RECEIVED or opened:
                yield name

    def _answers(self, member: m.Cast, s: int) -> Iterator[e.Event]:
        """Entries of others that reached a staff without people, to which it has an answer."""
        station = self._stations.get(member.name)
        if station is None:
            return
        newest = station.newest()
        upto = self._seen[member.name]
        if newest == upto:
            return
        state = self._conductor.state
        most = min(NEW_MAX, newest - upto)
        for place, answer in enumerate(member.answers):
            query = Query(answer.to.kind, order="arrival", limit=most)
            fresh = [row for row in station.reader.select(query) if row.seq > upto]
            for record in sorted(fresh, key=lambda row: row.seq):
                context = station.context()
                if record.id.author in context.ours or not context.concerns(record):
                    continue
                if not matches(record, answer.to, context):
                    continue
                key = f">{member.name}/{place + 1}/{record.id.author}.{record.id.number}"
                first = f">{member.name}/{place + 1}/"
                if key in state.reached:
                    continue
                if answer.once and any(known.startswith(first) for known in state.reached):
                    continue
                if falls(answer.chance, self._conductor.script.seed, "answer", key):
                    entry = (record.id.author, record.id.number)
                    yield e.Reached(key, member.name, place, entry, s + round(answer.delay * 60))
                    if answer.once:
                        break
        self._seen[member.name] = newest


def wanted(script: m.Script) -> list[tuple[str, m.State]]:
    """What the conditions of a script wait for, each once."""
    found: dict[tuple[str, m.State], None] = {}
    for inject in script.injects:
        conditions: list[object] = [guard.what for guard in inject.only_if]
        conditions += [check.what for check in inject.checks]
        if isinstance(inject.when, m.After | m.Unless):
            conditions.append(inject.when.condition)
        for condition in conditions:
            if isinstance(condition, m.Condition) and condition.state not in _OTHERS:
                found[condition.inject, condition.state] = None
    return list(found)


def _set(record: Record, state: m.State, station: Station) -> Iterator[str]:
    """Who has given an entry that status, also where it has another by now."""
    for step in station.reader.history(record.id):
        if step.valid and not step.creates and step.changes.get("status") == state.value:
            yield station.directory.name(step.id.author)
