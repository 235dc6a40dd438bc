# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Playing a script: one staff's injects, each written when its time has come.

Every staff plays its own part in its own process. An inject that refers to another staff's entry
waits until that entry has arrived over the radio, as people would.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from lage.exercise.script.model import Entry, Inject, Script
from lage.exercise.stage import folder_name
from lage.kinds.inputs import refers_to
from lage.kinds.model import Record
from lage.kinds.setting import Setting, exactly
from lage.language.errors import KeysError, LageError, NotFound, StoreError, UsageError
from lage.station import Station
from lage.views.delivery import receipts_of
from lage.write import commands
from lage.write.parse import is_unknown
from sync.schema.definition import EntityId

Outcome = EntityId | str
"""What came of an inject: the entry that it wrote or changed, or why it was refused."""


def _played(kept: Any) -> dict[int, Outcome]:
    return {
        int(place): came if isinstance(came, str) else EntityId(*map(exactly(int), came))
        for place, came in kept.items()
    }


def _kept(played: Mapping[int, Outcome]) -> dict[str, Any]:
    return {
        str(place): came if isinstance(came, str) else [came.author, came.number]
        for place, came in played.items()
    }


def _playing(kept: Any) -> tuple[int, int]:
    place, head = map(exactly(int), kept)
    return place, head


PLAYED = Setting[Mapping[int, Outcome]]("drehbuch", {}, _played, _kept)
"""What came of each inject by its place, so that a restarted node goes on, and so that whoever
refers to an entry finds the very one: running numbers shift with every refusal."""
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
    played_by: Callable[[str], Mapping[int, Outcome]] = lambda _: {}
    """What came of another staff's injects, as far as that is known by now."""
    _waiting: list[Inject] = field(default_factory=list)
    _played: dict[int, Outcome] = field(default_factory=dict)
    _own: set[int] = field(default_factory=set)
    _told: Progress | None = None

    def __post_init__(self) -> None:
        me = self.station.me
        assert me is not None
        played = self.station.setting(PLAYED)
        self._played = dict(played)
        place, head = self.station.setting(PLAYING)
        if place and place not in self._played and self._head() > head:
            self._played[place] = EntityId(me.number, head + 1)
        own = [
            inject
            for inject in self.script.injects
            if inject.staff == me.name and inject.entry and inject.minute is not None
        ]
        self._waiting = [inject for inject in own if inject.place not in self._played]
        self._own = {inject.place for inject in own}

    @property
    def done(self) -> int:
        """How many injects have been written."""
        return len(self._own & self._played.keys()) - len(self.failed)

    @property
    def failed(self) -> list[tuple[int, str]]:
        """The refused ones: place in the script and reason."""
        own = sorted(self._own & self._played.keys())
        return [(n, came) for n in own if isinstance(came := self._played[n], str)]

    @property
    def finished(self) -> bool:
        """Whether everything of this staff has been written or failed."""
        return not self._waiting

    def play(self) -> list[EntityId]:
        """Write what is due by the exercise's clock, in order.

        An inject whose target has not arrived yet stays; others go on. One whose target was
        refused is refused with it.
        """
        written: list[EntityId] = []
        later: list[Inject] = []
        elapsed = self.station.timebase.elapsed()
        for inject in self._waiting:
            try:
                assert inject.minute is not None
                if inject.minute * 60 > elapsed or not self._ready(_entry(inject)):
                    later.append(inject)
                    continue
                self._keep_played()
                self.station.keep(PLAYING, (inject.place, self._head()))
                entities = self._write(inject)
                self._played[inject.place] = entities[0]
                written += entities
            except LageError as error:
                self._played[inject.place] = str(error)
        if len(later) < len(self._waiting):
            self._keep_played()
        self._waiting = later
        self._tell()
        return written

    def _keep_played(self) -> None:
        own = {place: came for place, came in self._played.items() if place in self._own}
        self.station.keep(PLAYED, own)

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

    def _ready(self, entry: Entry) -> bool:
        references = [entry.target] if entry.target else []
        references += [entry.fields[name] for name in _references(entry)]
        return all(self._target(name) is not None for name in references)

    def _write(self, inject: Inject) -> list[EntityId]:
        station, entry = self.station, _entry(inject)
        context = replace(station.parse_context(), find=self._find)
        if entry.action == "receipt":
            message = self._target(entry.target)
            assert message is not None
            view = station.context()
            receipts = receipts_of(message.id, view)
            drafts = commands.acknowledge(message, entry.fields["person"], context, receipts)
        elif entry.action == "change":
            record = self._target(entry.target)
            assert record is not None
            drafts = commands.edit(record, entry.fields, context)
        else:
            drafts = commands.enter(entry.kind, entry.fields, context)
        return station.write(drafts)

    def _find(self, _: str, typed: str) -> EntityId:
        record = self._target(typed)
        assert record is not None  # ``_ready``
        return record.id

    def _target(self, name: str) -> Record | None:
        """The entry that a script calls by that name; None while it is not here.

        Raises UsageError where it was refused, so that it will never come.
        """
        inject = self.script.called(name)
        if inject is None:
            raise NotFound(f"Im Drehbuch gibt es keinen Eintrag „{name}“.")
        if inject.place not in self._played and inject.place not in self._own:
            self._played |= self.played_by(inject.staff)
        came = self._played.get(inject.place)
        if isinstance(came, str):
            raise UsageError(
                f"„{name}“ gibt es nicht: Einlage {inject.place} wurde nicht geschrieben."
            )
        return None if came is None else self.station.reader.get(came)


def played_beside(folder: Path, staff: str) -> Mapping[int, Outcome]:
    """What that staff, whose folder stands beside this one on the stage, has played by now."""
    other = folder.parent / folder_name(staff)
    if not other.is_dir():
        return {}
    try:
        with contextlib.closing(Station.open(other, read_only=True)) as station:
            return station.setting(PLAYED)
    except (StoreError, KeysError):
        return {}  # asked again at the next turn


def _entry(inject: Inject) -> Entry:
    entry = inject.entry
    assert entry is not None  # only those are a staff's own
    return entry


def _references(entry: Entry) -> Mapping[str, str]:
    """What it says of other entries, by the names that the script gave them."""
    said = {n: t for n, t in entry.fields.items() if t.strip() and not is_unknown(t)}
    return {n: t for n, t in said.items() if refers_to(entry.kind, n)}
