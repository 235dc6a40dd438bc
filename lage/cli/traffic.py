# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""``lage funk protokoll``: everything that passed between node and radio."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from lage.cli.common import folder_of, json_option, open_station, say
from lage.language.epoch import from_unix
from lage.language.errors import LageError, UsageError, why
from lage.language.plain import plain
from lage.language.tactical import local
from lage.node.recorder import NEWER, entries_of, recorded
from lage.station import Station
from lage.store.keys import load_node
from lage.store.radios import RADIOS
from lage.views.traffic import Describer
from maps.read.files import check_replaceable
from mesh.record import Entry, RecordError, from_line, to_line
from sync.wire.frames import Seal

POLL_S = 0.3


@click.command("protokoll")
@click.option("--letzte", default=50, show_default=True, help="So viele Zeilen; 0: alle.")
@click.option("--folgen", is_flag=True, help="Weiter anzeigen, was dazukommt, bis Strg+C.")
@click.option(
    "--von", type=click.Path(path_type=Path), help="Ein Protokoll aus dieser Datei zeigen."
)
@click.option(
    "--nach", type=click.Path(path_type=Path), help="Alles in diese Datei schreiben, zum Abspielen."
)
@json_option
@click.pass_context
def record(
    ctx: click.Context,
    letzte: int,
    folgen: bool,
    von: Path | None,
    nach: Path | None,
    machine: bool,
) -> None:
    """Zeigen, was zwischen Knoten und Funkgerät hin und her ging.

    Der laufende Knoten schreibt jedes Paket mit. Mit --json ist jede Zeile ein Eintrag, wie ihn
    „lage funk simulieren --protokoll“ wieder abspielt.
    """
    if letzte < 0:
        raise UsageError("Die Zahl der Zeilen kann nicht kleiner als 0 sein.")
    entries = entries_in(von) if von else recorded(folder_of(ctx))
    if nach is not None:
        say(f"{_copy(entries, nach)} Einträge geschrieben: {nach}")
        return
    with open_station(ctx) as station:
        shown = deque(entries, maxlen=letzte or None)
        describer = None if machine else _describer(station)
        if not shown and not folgen:
            raise LageError(
                "Es ist noch nichts aufgezeichnet: erst muss der Knoten mit einem Funkgerät laufen."
            )
        for entry in shown:
            _show(entry, describer)
        if folgen and von is None:
            for entry in _coming(folder_of(ctx)):
                _show(entry, describer)


def _show(entry: Entry, describer: Describer | None) -> None:
    if describer is None:
        say(to_line(entry))  # ASCII, so that nothing in it is changed
        return
    at = local(from_unix(entry.time // 1000))
    say(f"{at:%d.%m. %H:%M:%S},{entry.time % 1000 // 100} {plain(describer.words(entry.what))}")


def _describer(station: Station) -> Describer:
    names = {node.number: node.called for node in station.setting(RADIOS)}
    return Describer(station.directory, _seal(station), names)


def _seal(station: Station) -> Seal:
    """The keys with which control frames are read: all that this node has."""
    from lage.county.rekey import Keyring
    from lage.kinds.setting import KEY_EPOCH

    network = station.network_keys
    seal = Seal(network.network_id, network.network_key)
    if network.author is not None:
        ring = Keyring(network, load_node(station.folder).seal, station.setting(KEY_EPOCH))
        plan = ring.plan(station.roster, station.now(), convinced=False)
        seal.change(plan.epoch, plan.network_keys)
    return seal


def entries_in(path: Path) -> Iterator[Entry]:
    """The entries of a record that somebody names. Raises UsageError."""
    if not path.is_file():
        raise UsageError(f"Die Datei {path} gibt es nicht.")
    try:
        found = list(entries_of(path))
    except OSError as error:
        raise UsageError(f"Die Datei {path} ist nicht lesbar ({why(error)}).") from error
    if not found:
        raise UsageError(f"{path} ist kein Protokoll von „lage funk protokoll --nach“.")
    return iter(found)


def _copy(entries: Iterable[Entry], path: Path) -> int:
    count = 0
    try:
        check_replaceable(path)
        with path.open("w", encoding="utf8") as file:
            for count, entry in enumerate(entries, 1):  # noqa: B007
                file.write(to_line(entry) + "\n")
    except OSError as error:
        raise LageError(f"{path} kann nicht geschrieben werden ({why(error)}).") from error
    return count


def _coming(folder: Path) -> Iterator[Entry]:
    """What is recorded from now on, until the user has seen enough."""
    path = folder / NEWER
    at, rest = path.stat().st_size if path.is_file() else 0, b""
    try:
        while True:
            size = path.stat().st_size if path.is_file() else 0
            if size < at:  # the other file's turn
                at, rest = 0, b""
            if size > at:
                with path.open("rb") as file:
                    file.seek(at)
                    rest += file.read(size - at)
                at = size
                *lines, rest = rest.split(b"\n")
                yield from _understood(lines)
            time.sleep(POLL_S)
    except KeyboardInterrupt:
        return


def _understood(lines: Iterable[bytes]) -> Iterator[Entry]:
    for line in lines:
        try:
            yield from_line(line.decode("utf8"))
        except (RecordError, UnicodeDecodeError):
            continue
