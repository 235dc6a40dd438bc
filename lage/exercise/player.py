# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Playing a script: one staff's injects, each written when its time has come.

Every staff plays its own part in its own process. An inject that refers to another staff's entry
waits until that entry has arrived over the radio, as people would.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from lage.exercise.script import Inject, Script
from lage.kinds.inputs import refers_to
from lage.kinds.model import Query, Record, Where
from lage.kinds.setting import Setting, exactly
from lage.language.errors import LageError, StoreError
from lage.station import Station
from lage.views.delivery import receipts_of
from lage.write import commands
from sync.schema.definition import EntityId


def _places(kept: Any) -> tuple[int, ...]:
    return tuple(map(exactly(int), kept))


def _playing(kept: Any) -> tuple[int, int]:
    place, head = _places(kept)
    return place, head


PLAYED = Setting[tuple[int, ...]]("drehbuch", (), _places, list)
"""Places of the injects that were played, so that a restarted node goes on."""
PLAYING = Setting[tuple[int, int]]("drehbuch_jetzt", (0, 0), _playing, list)
"""The inject being written and the own feed's end before it. If the feed has grown when the node
starts again, a crash came after the entry and before its note."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a staff's part has been played."""

    done: int = 0
    finished: bool = False
    failed: tuple[tuple[int, str], ...] = ()  # place in the script and reason


def _progress(kept: Any) -> Progress:
    failed = tuple((int(place), str(reason)) for place, reason in kept["failed"])
    return Progress(int(kept["done"]), bool(kept["finished"]), failed)


PROGRESS = Setting("script", Progress(), _progress, asdict)
"""How far the part has been played, for the trainer's process."""


@dataclass
class Part:
    """One staff's part of a script, and how far it has been played."""

    script: Script
    station: Station
    done: int = 0
    failed: list[tuple[int, str]] = field(default_factory=list)
    _waiting: list[Inject] = field(default_factory=list)
    _played: set[int] = field(default_factory=set)
    _told: Progress | None = None

    def __post_init__(self) -> None:
        me = self.station.me
        assert me is not None
        played = self.station.setting(PLAYED)
        self._played = set(played)
        place, head = self.station.setting(PLAYING)
        if place and self._head() > head:
            self._played.add(place)
        own = [inject for inject in self.script.injects if inject.staff == me.name]
        self._waiting = [inject for inject in own if inject.place not in self._played]
        self.done = len(own) - len(self._waiting)

    @property
    def finished(self) -> bool:
        """Whether everything of this staff has been written or failed."""
        return not self._waiting

    def play(self) -> list[EntityId]:
        """Write what is due by the exercise's clock, in order.

        An inject whose target has not arrived yet stays, and so does everything behind it that
        refers to it; others go on.
        """
        written: list[EntityId] = []
        later: list[Inject] = []
        blocked: set[str] = set()
        elapsed = self.station.timebase.elapsed()
        for inject in self._waiting:
            due = inject.minute * 60 <= elapsed
            if not due or inject.target in blocked or not self._ready(inject):
                later.append(inject)
                blocked.update({inject.name} - {""})
                continue
            try:
                self.station.keep(PLAYED, tuple(sorted(self._played)))
                self.station.keep(PLAYING, (inject.place, self._head()))
                written += self._write(inject)
                self.done += 1
            except LageError as error:
                self.failed.append((inject.place, str(error)))
            self._played.add(inject.place)
        if len(later) < len(self._waiting):
            self.station.keep(PLAYED, tuple(sorted(self._played)))
        self._waiting = later
        self._tell()
        return written

    def _tell(self) -> None:
        """Let the trainer's process know; where the disk is full, at the next turn."""
        progress = Progress(self.done, self.finished, tuple(self.failed))
        if progress == self._told:
            return
        with contextlib.suppress(StoreError):
            self.station.keep(PROGRESS, progress)
            self._told = progress

    def _head(self) -> int:
        author = self.station.network_keys.author
        return 0 if author is None else self.station.store.log.head(author)

    def _ready(self, inject: Inject) -> bool:
        references = [inject.target] if inject.target else []
        references += [inject.fields[name] for name in _references(inject)]
        return all(self._target(name) is not None for name in references)

    def _write(self, inject: Inject) -> list[EntityId]:
        station = self.station
        context = replace(station.parse_context(), find=self._find)
        if inject.action == "receipt":
            message = self._target(inject.target)
            assert message is not None
            view = station.context()
            receipts = receipts_of(message.id, view)
            drafts = commands.acknowledge(message, inject.fields["person"], context, receipts)
        elif inject.action == "change":
            record = self._target(inject.target)
            assert record is not None
            drafts = commands.edit(record, inject.fields, context)
        else:
            drafts = commands.enter(inject.kind, inject.fields, context)
        return station.write(drafts)

    def _find(self, kind: str, typed: str) -> EntityId:
        record = self._target(typed)
        return record.id if record else self.station.find(kind, typed)

    def _target(self, name: str) -> Record | None:
        """The entry that a script calls by that name, found by who wrote it and what it says."""
        inject = next((i for i in self.script.injects if i.name == name), None)
        if inject is None:
            return None
        author = self.station.directory.find(inject.staff).number
        same = [
            i
            for i in self.script.injects
            if i.staff == inject.staff and i.kind == inject.kind and i.action == "create"
        ]
        rows = self.station.reader.select(
            Query(
                inject.kind,
                (Where("author", "=", author), Where("nr", "=", same.index(inject) + 1)),
            )
        )
        return rows[0] if rows else None


def _references(inject: Inject) -> Mapping[str, str]:
    """What it says of other entries, by the names that the script gave them."""
    return {n: t for n, t in inject.fields.items() if refers_to(inject.kind, n)}
