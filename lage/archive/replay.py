# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A folder that shows past moments of a log, read-only, with its clock standing there.

It is a copy: the log that it was made from is only read, whatever state it is in. It holds no keys
of a node, so nothing can be written or sent from it, and every command and screen says what it is
(``lage.store.standstill``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path

from lage.county.roster_feed import roster_of
from lage.kinds.directory import directory_of
from lage.kinds.model import Progress
from lage.language.epoch import from_unix, to_unix
from lage.language.errors import KeysError, StoreError, UsageError, why
from lage.language.tactical import Lean, parse_time, tactical
from lage.station import LOG_FILE, Station
from lage.store import Store, keys
from lage.store.copying import copy_log
from lage.store.log import SqliteLog
from lage.store.reel import Cut, Moved, Question, Reel
from lage.store.standstill import STANDSTILL_FILE, Standstill, write_standstill
from lage.store.timebase import Timebase, read_timebase
from lage.views.difference import Difference, difference, standings
from sync.feed.settle import settle


class Eyes(Enum):
    """Whose knowledge of a moment is shown."""

    THEN = "damals"  # what this log held
    TODAY = "heute"  # what had been written by then, as is known today
    LEAST = "mindestens"  # what another staff must have held
    MOST = "höchstens"  # what it can have held: nothing that had not been written


_QUESTIONS = {
    Eyes.THEN: Question.HELD,
    Eyes.TODAY: Question.WRITTEN,
    Eyes.LEAST: Question.PROVED,
    Eyes.MOST: Question.WRITTEN,
}


@dataclass(frozen=True, slots=True)
class Shown:
    """What a folder shows now."""

    moment: int
    title: str
    operations: int  # in it
    later: int  # left out
    doubtful: int  # of those in it that were written or taken in under a wrong clock
    moved: Moved


class Replay:
    """A folder under way through a log's past; it stays in the thread that opened it."""

    def __init__(
        self,
        folder: Path,
        store: Store,
        reel: Reel,
        network: keys.Network,
        *,
        today: int,
        who: str,
        foreign: bool,
    ) -> None:
        self.folder = folder
        self._store, self._reel = store, reel
        self._who, self._foreign = who, foreign  # whose view it is, and whether not this log's
        first, last = reel.span()
        self.today = max(today, last)  # whatever this computer's clock says by now
        self.first, self.last = first, max(first, last)
        self._station = Station(  # reads what is shown, also before others see it
            folder, store, network, None, lambda: float(to_unix(self.at)), Timebase()
        )
        self.eyes = Eyes.LEAST if foreign else Eyes.THEN
        self.at = self.last  # the moment that is shown
        self.mark, self.end = self.last, self.last  # to compare with, and where playing stops

    @classmethod
    def of(
        cls,
        source: Path,
        target: Path,
        *,
        seen_by: str = "",
        now: int | None = None,
        progress: Progress | None = None,
    ) -> Replay:
        """Copy a folder's log to where it can be played. ``seen_by``: with the eyes of that staff,
        by its own log where that lies beside this one, as in an exercise on one computer.

        Raises UsageError where ``target`` holds something or nobody is called so, StoreError,
        KeysError.
        """
        network = keys.load_network(source)
        today = from_unix(read_timebase(source, exercise=network.exercise).unix())
        try:
            target.mkdir(parents=True, exist_ok=True)
            if any(target.iterdir()):
                raise UsageError(f"{target} ist nicht leer: bitte einen neuen Ordner nehmen.")
        except OSError as error:
            raise StoreError(f"In {target} kann nicht geschrieben werden: {why(error)}.") from error
        copy_log(source / LOG_FILE, target / LOG_FILE, progress)
        today = today if now is None else now
        store = Store.open(target / LOG_FILE, clock=lambda: to_unix(today), progress=progress)
        try:
            roster = roster_of(store.log, network)
            directory = directory_of(roster, network.author, exercise=network.exercise)
            staff = directory.find(seen_by) if seen_by else None
            if staff is not None and staff.number == network.author:
                staff = None  # that is what this log knows for certain
            elif staff is not None and (own := _own_log(source, network, staff.number)):
                store.close()
                for path in target.iterdir():
                    path.unlink()
                return cls.of(own, target, now=today, progress=progress)
            reel = Reel(store, lambda log: _settled(log, network))
            if staff is None:
                reel.wind()
            else:
                reel.wind(sorted(directory.line(staff.number)), staff.number)
                network = replace(network, author=staff.number)
            keys.save_network(target, network)
            who = "dieser Knoten" if network.author is None else directory.name(network.author)
            foreign = staff is not None
            return cls(target, store, reel, network, today=today, who=who, foreign=foreign)
        except BaseException:
            store.close()
            raise

    def close(self) -> None:
        """Close the copy."""
        self._store.close()

    def moment(self, typed: str, *, near: int | None = None, before: int | None = None) -> int:
        """A moment as people write it: of a time without its day the one next to ``near``, or the
        last one before ``before`` (today). Raises UsageError, also for one that is to come."""
        if near is not None:
            moment = parse_time(typed, near)
        else:
            moment = parse_time(typed, self.today if before is None else before, Lean.PAST)
        if moment > self.today:
            raise UsageError(f"{tactical(moment)} liegt in der Zukunft: bitte eine frühere Zeit.")
        return moment

    def show(self, moment: int, eyes: Eyes | None = None) -> Shown:
        """Show that moment, within what the log spans."""
        if eyes is not None:
            self.eyes = eyes
        cut = Cut(_QUESTIONS[self.eyes], max(0, min(moment, self.today)))
        moved = self._reel.show(cut, self._words())
        self.at, self._standing = cut.moment, Standstill(cut.moment, self._words())
        if not (self.folder / STANDSTILL_FILE).exists():
            write_standstill(self.folder, self._standing)
        return Shown(
            cut.moment,
            self._standing.title,
            moved.shown,
            moved.hidden,
            sum(self._reel.doubtful().values()),
            moved,
        )

    def difference(self, at: int, eyes: Eyes, until: int, other: Eyes) -> Difference:
        """What lies between a moment in these eyes and another in those.

        In one transaction that ends where it began: no reader sees the moments that are compared.
        """
        here = self.at, self.eyes
        try:
            with self._store.log.transaction():
                self.show(until, other)
                entities = self.show(at, eyes).moved.entities
                before = standings(entities, self._station.context())
                self.show(until, other)
                after = standings(entities, self._station.context())
                self.show(*here)
        finally:
            self.at, self.eyes = here
        return difference(before, after, self._reel.doubtful_entities() & entities)

    def entry_beside(self, moment: int, *, back: bool = False) -> int | None:
        """The next moment at which something comes, or the one before."""
        return self._reel.next_from(Cut(_QUESTIONS[self.eyes], moment), back=back)

    def fold_anew(self) -> None:
        """Fold all that is shown anew: it gives the same."""
        self._store.rebuild()

    def all_eyes(self) -> Sequence[Eyes]:
        """Whose knowledge can be chosen between."""
        return (Eyes.LEAST, Eyes.MOST) if self._foreign else (Eyes.THEN, Eyes.TODAY)

    def eyes_for(self, *, today: bool = False, most: bool = False) -> Eyes:
        """Whose knowledge is meant; of our own staff more is certain than least and most."""
        if self._foreign:
            return Eyes.MOST if most else Eyes.LEAST
        return Eyes.TODAY if today else Eyes.THEN

    def keep(self) -> None:
        """Leave a folder that shows this moment for good, without what came later."""
        self._reel.cut_off()
        write_standstill(self.folder, self._standing)

    def _words(self) -> str:
        match self.eyes:
            case Eyes.LEAST:
                return f"was {self._who} mindestens wusste (belegt)"
            case Eyes.MOST:
                return f"was {self._who} höchstens wissen konnte"
            case Eyes.TODAY:
                return "nach heutigem Stand"
            case Eyes.THEN:
                return f"wie {self._who} es wusste"


def _own_log(beside: Path, network: keys.Network, staff: int) -> Path | None:
    """The folder of that staff of the same network, where it lies in the same place."""
    for path in sorted(beside.resolve().parent.iterdir()):
        if not (path / LOG_FILE).is_file():
            continue
        try:
            other = keys.load_network(path)
        except KeysError:
            continue  # locked, damaged, or somebody else's
        if (other.network_id, other.author) == (network.network_id, staff):
            return path
    return None


def _settled(log: SqliteLog, network: keys.Network) -> None:
    settle(log, roster_of(log, network))
