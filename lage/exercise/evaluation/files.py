# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""An evaluation as files: a PDF, a table of each kind, and the figures to compare with."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from lage.exercise.evaluation.evaluate import Evaluation
from lage.exercise.evaluation.tables import Last, LastPlace, Table, all_tables, since
from lage.exercise.evaluation.world import Step
from lage.language.epoch import from_unix, to_unix
from lage.language.errors import StoreError, why
from lage.language.guard import guarded
from lage.language.plain import plain_lines
from lage.language.tactical import tactical
from lage.reports import EXERCISE
from lage.reports.files import write_whole
from maps.read.files import load_json, read_regular

FOLDER = "auswertung"
FIGURES_FILE = "auswertung.json"
BYTES_MAX = 50_000_000


def write_all(
    folder: Path, papers: Mapping[str, bytes], evaluation: Evaluation, last: Last | None, made: int
) -> list[Path]:
    """Write everything there; what lies there of an earlier evaluation is replaced. ``papers``:
    documents by their names."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"In {folder} kann nicht geschrieben werden: {why(error)}.") from error
    said = json.dumps(as_values(evaluation, last, made), ensure_ascii=False, indent=1).encode()
    files = {
        **papers,
        FIGURES_FILE: said,
        **{
            f"{table.name}.csv": csv_of(table, exercise=evaluation.world.exercise)
            for table in all_tables(evaluation, last)
        },
    }
    for name, content in files.items():
        write_whole(folder / name, content)
    return [folder / name for name in files]


def csv_of(table: Table, *, exercise: bool) -> bytes:
    """As German Excel opens it; a cell that begins like a formula is not calculated."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    if exercise:
        writer.writerow([EXERCISE])
    writer.writerow(table.columns)
    writer.writerows([guarded(plain_lines(cell)) for cell in row] for row in table.rows)
    if exercise:
        writer.writerow([EXERCISE])
    return out.getvalue().encode("utf-8-sig")


def as_values(evaluation: Evaluation, last: Last | None, made: int) -> dict[str, Any]:
    """For programs, and for comparing the next exercise with this one."""
    world = evaluation.world
    names = {place.number: place.name for place in world.places}
    return {
        "titel": world.title,
        "drehbuch": world.script,
        "uebung": world.exercise,
        "beginn": tactical(world.begin),
        "ende": tactical(world.end),
        "beendet": world.ended,
        "erstellt": made,
        "gehalten": None if world.played is None else to_unix(world.played),
        "zahlen": evaluation.figures(),
        "verglichen_mit": None if last is None else {"ordner": last.path, "wann": last.when},
        "zahlen_zuletzt": None if last is None else dict(last.figures),
        "einlagen": [
            {
                "nr": line.asked.nr,
                "geplant": since(world.begin, line.asked.planned),
                "gegeben": since(world.begin, line.asked.given),
                "stand": line.asked.standing,
                "von": line.asked.sender,
                "weg": line.asked.way,
                "inhalt": line.asked.text,
                "erwartet": line.asked.expected,
                "bewertung": line.asked.hint,
                "stellen": [
                    {
                        "stelle": names.get(cell.staff, ""),
                        "sekunden": _waits(line.asked.given, cell.times),
                        "empfangen_spaetestens": cell.latest,
                        "frist_versaeumt": cell.late,
                        "stand": cell.verdict.value,
                        "tat": [f"{since(world.begin, at)} {words}" for at, words in cell.did],
                        "tat_nur_danach": cell.nearby,
                    }
                    for cell in line.cells
                ],
            }
            for line in evaluation.lines
        ],
        "tabellen": {
            table.name: [dict(zip(table.columns, row, strict=True)) for row in table.rows]
            for table in all_tables(evaluation, None)
            if table.name not in ("ueberblick", "erwartet", "zeiten", "vergleich")
        },
    }


def _waits(given: int | None, times: Mapping[Step, int]) -> dict[str, int]:
    if given is None:
        return {}
    return {step.value: max(0, at - given) for step, at in times.items()}


def read_before(path: Path) -> Last:
    """An evaluation's folder or its file of figures. Raises StoreError."""
    file = path
    for inside in (path / FIGURES_FILE, path / FOLDER / FIGURES_FILE):
        if inside.is_file():
            file = inside
    try:
        said = load_json(read_regular(file, BYTES_MAX).decode())
        figures = {
            str(name): None if value is None else float(value)
            for name, value in said["zahlen"].items()
        }
        held = said.get("gehalten")
        made = int(said["erstellt"] if held is None else held)
        when = str(said["beginn"]) if held is None else tactical(from_unix(made))
        return Last(str(file.parent), when, made, figures, _places(said["einlagen"]))
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise StoreError(
            f"Unter {path} liegt keine Auswertung zum Vergleichen ({why(error)}): bitte jene Übung"
            " zuerst auswerten."
        ) from error


def _places(injects: Any) -> dict[tuple[str, str], LastPlace]:
    """What became of each inject; raises what a file gives that is none of ours."""
    compared = ("quittiert", "entschieden", "erledigt")
    return {
        (str(each["nr"]), str(place["stelle"])): LastPlace(
            {step: int(s) for step, s in place["sekunden"].items() if step in compared},
            str(place["stand"]),
        )
        for each in injects
        for place in each["stellen"]
    }


def last_before(folder: Path, script: str, held: int) -> Last | None:
    """Of the exercises of that script in the folders beside this one the last that was held before
    this one."""
    found = [each for each in _beside(folder, script) if each.made < held]
    return max(found, key=lambda each: each.made, default=None)


def _beside(folder: Path, script: str) -> Iterator[Last]:
    if not script:
        return
    here = folder.resolve()
    for path in sorted(here.parent.glob(f"*/{FOLDER}/{FIGURES_FILE}")):
        if path.parent.parent == here:
            continue
        try:
            said = load_json(read_regular(path, BYTES_MAX).decode())
            if said["drehbuch"] == script:
                yield read_before(path)
        except (OSError, ValueError, TypeError, KeyError, RecursionError, StoreError):
            continue  # somebody else's file of that name
