# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Backups of a node's log, restoring them, and going on as a successor.

A backup is one file: the log, copied while node and screen go on writing, and what is needed to
join the network's picture again. The node's own keys are not in it, nor are the keys of helpers'
private parts: those must be destroyable. A restored log never continues its feed, because the
numbers after the backup may have been used; the node gets new keys and is admitted as successor.
"""

from __future__ import annotations

import os
from pathlib import Path

from lage.kinds.model import Progress
from lage.kinds.setting import RESTORED
from lage.language.errors import KeysError, StoreError, UsageError, why
from lage.station import LOG_FILE, Station
from lage.store import audit, keys
from lage.store.lock import FolderLock
from maps.read.files import read_regular, regular_size

NETWORK_BYTES_MAX = 100_000
_SIDE_FILES = ("-wal", "-shm")


def back_up(station: Station, target: Path, progress: Progress | None = None) -> int:
    """Write a backup; its size in bytes. Raises UsageError if the file is there, StoreError."""
    if target.exists():
        raise UsageError(f"Die Datei {target} gibt es schon: bitte einen anderen Namen nehmen.")
    partial = target.with_name(target.name + ".neu")
    partial.unlink(missing_ok=True)
    try:
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        os.close(descriptor)
        network = read_regular(station.folder / keys.NETWORK_FILE, NETWORK_BYTES_MAX)
        audit.write_backup(
            station.store.connection, partial, {keys.NETWORK_FILE: network}, progress
        )
        _sync(partial)
        os.replace(partial, target)
    except OSError as error:
        raise StoreError(
            f"Die Sicherung {target} kann nicht geschrieben werden: {why(error)}."
        ) from error
    finally:
        partial.unlink(missing_ok=True)
    return target.stat().st_size


def restore(
    folder: Path, source: Path, *, replace: bool = False, progress: Progress | None = None
) -> Path | None:
    """Put a backup's log in a folder; where the log that was there before is kept now.

    Raises UsageError where there is a log and ``replace`` was not said, StoreError for a bad file,
    KeysError where a node of another network lives in the folder.
    """
    log = folder / LOG_FILE
    if log.exists() and not replace:
        raise UsageError(
            f"In {folder} liegt schon ein Lagebuch: mit --ersetzen wird es beiseitegelegt und"
            " die Sicherung eingespielt."
        )
    try:
        regular_size(source)
    except FileNotFoundError:
        raise UsageError(f"Die Sicherung {source} gibt es nicht.") from None
    except OSError as error:
        raise UsageError(f"Die Sicherung {source} ist nicht lesbar: {why(error)}.") from error
    folder.mkdir(parents=True, exist_ok=True)
    lock = FolderLock(folder)
    if not lock.take():
        raise UsageError("Der Knoten läuft noch: bitte erst beenden, dann wiederherstellen.")
    partial = folder / f"{LOG_FILE}.neu"
    try:
        if log.exists() and audit.in_use(log):
            raise UsageError(
                "Das Lagebuch ist noch geöffnet: bitte Bildschirm und andere Programme beenden."
            )
        partial.unlink(missing_ok=True)
        files = audit.read_backup(source, partial, progress)
        _check_network(folder, files)
        _sync(partial)
        kept = _set_aside(log)
        os.replace(partial, log)
        if not keys.has_network(folder):
            keys.save_network(folder, keys.parse_network(files[keys.NETWORK_FILE]))
    except OSError as error:
        raise StoreError(f"In {folder} kann nicht geschrieben werden: {why(error)}.") from error
    finally:
        partial.unlink(missing_ok=True)
        lock.release()
    return kept


def successor_request(folder: Path) -> str:
    """New keys for a restored node; the text of the request to be admitted as successor.

    Raises UsageError where the log may still be continued, KeysError without keys.
    """
    station = Station.open(folder)
    try:
        member = station.me
        may_write = not station.setting(RESTORED)
    finally:
        station.close()
    if may_write and (member is None or member.active):
        raise UsageError(
            "Dieser Knoten kann weiterschreiben: einen Nachfolger braucht nur, wer aus einer"
            " Sicherung wiederhergestellt oder widerrufen wurde."
        )
    if (folder / keys.NODE_FILE).exists():
        return keys.write_request(keys.replace_node(folder))
    name = member.name if member else keys.load_network(folder).name
    return keys.write_request(keys.make_node(folder, name))


def _check_network(folder: Path, files: dict[str, bytes]) -> None:
    if keys.NETWORK_FILE not in files:
        raise StoreError("Der Sicherung fehlen die Angaben zum Netz: sie ist unvollständig.")
    if keys.has_network(folder):
        here = keys.load_network(folder)
        there = keys.parse_network(files[keys.NETWORK_FILE])
        if (here.network_id, here.author) != (there.network_id, there.author):
            raise KeysError(
                f"Die Sicherung gehört zu „{there.name}“, Nummer {there.author}; in diesem Ordner"
                f" ist „{here.name}“, Nummer {here.author}."
            )


def _set_aside(log: Path) -> Path | None:
    """Rename the log that is there, with what SQLite keeps beside it."""
    if not log.exists():
        return None
    number = 1
    while (kept := log.with_name(f"{log.name}.alt{number}")).exists():
        number += 1
    os.replace(log, kept)
    for ending in _SIDE_FILES:
        side = log.with_name(log.name + ending)
        if side.exists():
            os.replace(side, kept.with_name(kept.name + ending))
    return kept


def _sync(path: Path) -> None:
    with path.open("r+b") as file:
        os.fsync(file.fileno())
