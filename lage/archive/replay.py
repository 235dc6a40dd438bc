# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A folder that shows a past moment: the log as it was, read-only, with its clock standing there.

It holds no keys of a node, so nothing can be written or sent from it, and every command and screen
says what it is (``lage.store.standstill``).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lage.county.roster_feed import roster_of
from lage.kinds.model import Progress
from lage.language.epoch import to_unix
from lage.language.errors import StoreError, UsageError, why
from lage.language.tactical import tactical
from lage.station import LOG_FILE, Station
from lage.store import Store, keys
from lage.store.moment import copy_at, copy_of
from lage.store.standstill import Standstill, write_standstill
from sync.feed.settle import settle


@dataclass(frozen=True, slots=True)
class Replayed:
    """What the folder shows."""

    title: str
    operations: int  # in it
    later: int  # left out


def replay(
    station: Station,
    target: Path,
    moment: int,
    *,
    known_today: bool = False,
    member: int | None = None,
    progress: Progress | None = None,
) -> Replayed:
    """Make a folder that shows that moment (log time).

    As this node knew it then; with ``known_today`` as it is known today what had been written by
    then; with ``member`` what that staff must have known, since its own entries speak of it. Raises
    UsageError where ``target`` holds something or the moment is still to come, StoreError.
    """
    if moment > station.now():
        raise UsageError(f"{tactical(moment)} liegt in der Zukunft: bitte eine frühere Zeit.")
    if member == station.network_keys.author:
        member = None  # that is what this log knows for certain
    title = f"WIEDERGABE {tactical(moment)}, {_words(station, known_today, member)}"
    try:
        target.mkdir(parents=True, exist_ok=True)
        if any(target.iterdir()):
            raise UsageError(f"{target} ist nicht leer: bitte einen neuen Ordner nehmen.")
    except OSError as error:
        raise StoreError(f"In {target} kann nicht geschrieben werden: {why(error)}.") from error
    log = target / LOG_FILE
    unix = to_unix(moment)
    if member is not None:
        copy_of(station.store, log, member, moment, progress)
    else:
        question = "written" if known_today else "held"
        copy_at(station.store, log, question, unix, moment, progress)
    keys.save_network(target, station.network_keys)
    store = Store.open(log, clock=lambda: unix, progress=progress)
    try:
        settle(store.log, roster_of(store.log, station.network_keys))
        count = store.situation.operation_count()
    finally:
        store.close()
    write_standstill(target, Standstill(unix, title))
    return Replayed(title, count, station.store.situation.operation_count() - count)


def _words(station: Station, known_today: bool, member: int | None) -> str:
    if member is not None:
        return f"was {station.directory.name(member)} mindestens wusste"
    if known_today:
        return "nach heutigem Stand"
    me = station.me
    return f"wie {me.name if me else 'dieser Knoten'} es wusste"
