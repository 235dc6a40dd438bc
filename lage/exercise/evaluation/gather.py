# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What an evaluation goes by, read from a folder: that of an exercise, or of a single staff.

An exercise's folder holds a folder for each staff, perhaps brought together from several laptops,
and where it was directed the direction's journal and its script. Nothing in it is changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path

from lage.exercise.direction.events import Manning
from lage.exercise.direction.record import SCRIPT_FILE, Record, digest_of, read_record
from lage.exercise.evaluation.asked import Scene, asked_of_log, asked_of_script
from lage.exercise.evaluation.deeds import deeds_about, entries_of, persons_of
from lage.exercise.evaluation.world import Note, Place, World
from lage.exercise.on_air import carried
from lage.exercise.player import PLAYED
from lage.exercise.script.model import DIRECTION_ROLE, Script
from lage.exercise.script.read import read_script
from lage.language.epoch import from_unix
from lage.language.errors import KeysError, StoreError, UsageError
from lage.station import LOG_FILE, Station
from lage.store.comings import Coming, comings
from lage.store.direction import DIRECTION_FILE
from lage.store.report import REPORT
from sync.schema.definition import EntityId


@dataclass
class _Logs:
    """All logs at hand, and what they say together."""

    stations: dict[int, Station] = field(default_factory=dict)
    came: dict[int, dict[EntityId, int]] = field(default_factory=dict)
    written: dict[EntityId, tuple[int, int]] = field(default_factory=dict)
    size: dict[int, int] = field(default_factory=dict)  # author -> bytes
    doubtful: set[EntityId] = field(default_factory=set)
    unread: list[str] = field(default_factory=list)
    end: int = 0

    def take(self, station: Station) -> None:
        """One more."""
        author = station.network_keys.author
        if author is None:
            return
        rows = [each for each in comings(station.store.connection) if each.entity is not None]
        self.stations[author] = station
        self.came[author] = {each.id: each.arrived for each in rows}
        for each in rows:
            self._add(each)

    def _add(self, each: Coming) -> None:
        author = each.id.author
        known = self.written.get(each.id)
        if known is None:
            self.size[author] = self.size.get(author, 0) + each.size
        if known is None or each.written < known[0]:
            self.written[each.id] = (each.written, author)
        if each.doubtful:
            self.doubtful.add(each.id)
        self.end = max(self.end, each.arrived, each.written)

    @property
    def fullest(self) -> Station:
        """The one that says most."""
        return max(self.stations.values(), key=lambda each: each.store.situation.operation_count())


def gather(folder: Path, script: Path | None = None) -> World:
    """Everything about what happened there. Raises UsageError where no log lies there or another
    script was played, and what reading logs, journal and script raises."""
    with ExitStack() as opened:
        logs = _Logs()
        for path in _folders(folder):
            try:
                logs.take(opened.enter_context(closing(Station.open(path, read_only=True))))
            except (StoreError, KeysError) as error:
                logs.unread.append(str(error))
        if not logs.stations and logs.unread:
            raise StoreError(logs.unread[0])
        if not logs.stations:
            raise UsageError(
                f"In {folder} liegt kein Lagebuch: bitte den Ordner der Übung angeben, oder den"
                " Datenordner einer Stelle."
            )
        record = read_record(folder) if (folder / DIRECTION_FILE).is_file() else None
        said = None if script is None else _played_by(script, record, logs)
        if said is None and record is not None and record.script.is_file():
            said = read_script(record.script)
        return _world(folder, logs, record, said)


def _played_by(file: Path, record: Record | None, logs: _Logs) -> Script:
    """The script that somebody names. Another than was played would judge by injects that nobody
    gave: raises UsageError where that is certain."""
    script = read_script(file)
    if record is not None:
        if digest_of(file) != record.digest:
            raise UsageError(
                f"{file} ist nicht das Drehbuch, nach dem diese Übung geleitet wurde: bitte ohne"
                f" --drehbuch auswerten, das geleitete liegt als {SCRIPT_FILE} bei der Übung."
            )
        return script
    staffs = {staff.name for staff in logs.fullest.directory.staffs}
    strangers = [member.name for member in script.cast if member.name not in staffs]
    lacking = _played(logs).keys() - {inject.place for inject in script.injects}
    if lacking or len(strangers) == len(script.cast):
        raise UsageError(
            f"{file} ist nicht das Drehbuch dieser Übung: Stellen oder Einlagen passen nicht zum"
            " Lagebuch. Bitte das gespielte angeben."
        )
    return script


def _folders(folder: Path) -> Iterator[Path]:
    if (folder / LOG_FILE).is_file():
        yield folder
    elif folder.is_dir():
        yield from (path for path in sorted(folder.iterdir()) if (path / LOG_FILE).is_file())


def _world(folder: Path, logs: _Logs, record: Record | None, script: Script | None) -> World:
    station = logs.fullest
    context = station.context()
    staffs = {staff.name: staff.number for staff in context.directory.staffs if staff.active}
    begin = record.begin if record else script.begin if script else _first(logs)
    manned = _manned(record, script)
    places = tuple(
        Place(
            staff.number,
            staff.name,
            staff.role,
            manned.get(staff.name, True),
            staff.number in logs.stations,
            logs.size.get(staff.number, 0),
            _airtime(logs.stations.get(staff.number)),
        )
        for staff in context.directory.staffs
        if staff.active
    )
    people = {place.number for place in places if place.manned}
    trained = {place.number for place in places if place.manned and place.role != DIRECTION_ROLE}
    times = {operation: at for operation, (at, _) in logs.written.items()}
    scene = Scene(context, staffs, trained, any(manned.values()), begin, times)
    if script is not None or record is not None:
        asked = asked_of_script(scene, script, record, _played(logs))
    else:
        asked = asked_of_log(scene)
    about = {entry for each in asked for entry in each.entries}
    air = carried(folder)
    return World(
        title=(record.title if record else "") or (script.name if script else station.network_name),
        network=station.network_name,
        exercise=station.exercise,
        script=script.name if script else "",
        begin=begin,
        end=max(logs.end, begin, _ended(record)),
        ended=None if record is None else record.ended,
        places=places,
        asked=tuple(asked),
        deeds=tuple(deeds_about(scene, about)),
        entries=tuple(entries_of(scene)),
        came=logs.came,
        written=logs.written,
        doubtful=len(logs.doubtful),
        facts={} if record is None else {k: begin + s for k, s in record.facts.items()},
        persons=tuple(each for each in persons_of(scene) if each.staff in people),
        notes=_notes(record),
        wash=() if record is None else tuple((each.text, each.done) for each in record.wash),
        packets=None if air is None else air.packets,
        airtime_ms=None if air is None else air.airtime_ms,
        outages=_outages(record),
        played=None if record is None or not record.marks else from_unix(record.marks[0][0] / 1000),
        unread=tuple(logs.unread),
    )


def _first(logs: _Logs) -> int:
    return min((at for at, _ in logs.written.values()), default=0)


def _manned(record: Record | None, script: Script | None) -> Mapping[str, bool]:
    if record is not None:
        return {name: how is not Manning.PLAYED for name, how in record.manning.items()}
    if script is not None and any(member.manned for member in script.cast):
        return {member.name: member.manned for member in script.cast}
    return {}


def _played(logs: _Logs) -> dict[int, EntityId | str]:
    """What came of each inject, by its place, where every staff played its own part."""
    found: dict[int, EntityId | str] = {}
    for station in logs.stations.values():
        played = station.setting(PLAYED)
        found.update(played)
    return found


def _notes(record: Record | None) -> tuple[Note, ...]:
    if record is None:
        return ()
    return tuple(
        Note(record.begin + each.s, each.staff, each.text, each.by, each.key)
        for each in record.notes
    )


def _ended(record: Record | None) -> int:
    """When the direction ended it; 0 where it did not."""
    if record is None or not record.ended or not record.marks:
        return 0
    ms, clock = record.marks[-1]
    return record.begin + clock.passed(ms) // 1000


def _outages(record: Record | None) -> tuple[tuple[int, str, str, bool], ...]:
    if record is None:
        return ()
    return tuple(
        (record.begin + record.exercise_s(ms), name, what, begins)
        for ms, name, what, begins in record.outages
    )


def _airtime(station: Station | None) -> int | None:
    report = None if station is None else station.setting(REPORT)
    return None if report is None else report.airtime_hour_ms
