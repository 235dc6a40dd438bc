# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""``lage kurier``: the log on a stick that somebody carries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from lage.bearers.packing import Packed, pack
from lage.bearers.taking import Taken, take_in
from lage.bearers.told import packed_sentence, taken_lines, warnings_of
from lage.cli.common import Group, as_json, json_option, note, open_station, say, show_progress
from lage.kinds.reader import ViewContext
from lage.language.errors import LageError, UsageError
from lage.language.tactical import tactical

courier = Group("kurier", help="Einträge auf einem Stick weitertragen, wo kein Funk hinreicht.")


@courier.command("packen")
@click.argument("datei", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--fuer", "receiver", default="", help="Nur, was dieser Stelle noch fehlt.")
@click.option("--alles", "everything", is_flag=True, help="Das ganze Lagebuch.")
@click.option("--dokumente", "documents", is_flag=True, help="Auch die Dokumente, die hier liegen.")
@json_option
@click.pass_context
def pack_file(
    ctx: click.Context,
    datei: Path,
    receiver: str,
    everything: bool,
    documents: bool,
    machine: bool,
) -> None:
    """Eine Kurierdatei schreiben; eine, die es schon gibt, wird erst eingelesen und ergänzt.

    Ohne Angabe enthält sie, was nicht von allen Stellen als empfangen bekannt ist. Lesen kann sie
    jedes Mitglied des Kreises, sonst niemand.
    """
    if receiver and everything:
        raise UsageError("Bitte entweder --fuer oder --alles angeben.")
    with open_station(ctx) as station:
        member = station.directory.find(receiver).number if receiver else None
        packed, taken = pack(
            station,
            datei,
            member,
            everything=everything,
            documents=documents,
            progress=show_progress("Kurierdatei wird gepackt"),
        )
        context = station.context()
        if machine:
            before = _taken_json(datei, taken, context) if taken else None
            as_json({**_packed_json(datei, packed), "vorher_eingelesen": before})
            return
        if taken is not None:
            for line in taken_lines(datei, taken):
                note(line)
        say(packed_sentence(datei, packed))


@courier.command("einlesen")
@click.argument("dateien", nargs=-1, required=True, type=click.Path(dir_okay=False, path_type=Path))
@json_option
@click.pass_context
def take_files(ctx: click.Context, dateien: tuple[Path, ...], machine: bool) -> None:
    """Kurierdateien einlesen: Neues wird geprüft und übernommen, Bekanntes bleibt.

    Eine abgerissene Datei wird gelesen, so weit sie reicht; zweimal lesen schadet nicht.
    """
    with open_station(ctx) as station:
        results = [_outcome(station, path) for path in dateien]
        context = station.context()
        if machine:
            as_json([each.as_json(context) for each in results])
        else:
            for each in results:
                for line in each.lines(context):
                    say(line)
    failed = next((each.error for each in results if each.error), None)
    if failed is not None:
        raise failed


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What came of one of several files."""

    path: Path
    taken: Taken | None = None
    error: LageError | None = None

    def lines(self, context: ViewContext) -> Iterable[str]:
        return taken_lines(self.path, self.taken) if self.taken else ()

    def as_json(self, context: ViewContext) -> dict[str, Any]:
        if self.taken is None:
            return {"datei": str(self.path), "fehler": str(self.error)}
        return _taken_json(self.path, self.taken, context)


def _outcome(station: Any, path: Path) -> _Outcome:
    progress = show_progress(f"{path.name} wird eingelesen")
    try:
        return _Outcome(path, take_in(station, path, progress))
    except LageError as error:
        return _Outcome(path, error=error)


def _packed_json(path: Path, packed: Packed) -> dict[str, Any]:
    return {
        "datei": str(path.resolve()),
        "eintraege": packed.operations,
        "staende": packed.statements,
        "dokumente": packed.documents,
        "bytes": packed.size,
        "leser": packed.readers,
    }


def _taken_json(path: Path, taken: Taken, context: ViewContext) -> dict[str, Any]:
    return {
        "datei": str(path),
        "von": taken.maker,
        "gepackt": tactical(taken.made),
        "neu": taken.new,
        "bekannt": taken.known,
        "neu_von": dict(taken.of),
        "staende": taken.statements,
        "dokumente": taken.documents,
        "vollstaendig": not taken.torn and not taken.damaged,
        "hinweise": list(warnings_of(taken)),
    }
