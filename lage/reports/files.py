# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The Lagemeldung of this moment as a file in the data folder, for screens without a shell.

Free parts come from the latest Lagemeldung. A file is never overwritten: the next one of the same
minute has a number behind its name.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

from lage.errors import NotFound, StoreError
from lage.reports import tables
from lage.station import Station
from lage.tactical import tactical
from lage.views.situation import SituationReport, latest_free_parts, situation_report

FOLDER = "berichte"
EXERCISE = "ÜBUNG ÜBUNG ÜBUNG"


def write_report(station: Station, form: str) -> Path:
    """Write one of ``FORMS``; where it lies. Raises NotFound, StoreError."""
    if station.me is None:
        raise NotFound("Dieser Ordner gehört keiner Stelle: Berichte schreibt nur ein Knoten.")
    ending, make = FORMS[form]
    return _write_new(station.folder / FOLDER, _name(station, form), ending, make(station))


def _report(station: Station) -> SituationReport:
    from maps.layers import load_layers

    context = station.context()
    towns = {town.name: town.population for town in load_layers().municipalities}
    return situation_report(context, latest_free_parts(context), towns.get, ())


def _pdf(station: Station) -> bytes:
    from lage.reports.documents import situation_pdf
    from lage.reports.paper import Head

    assert station.me is not None
    head = Head(
        "Lagemeldung", station.me.name, station.network_name, station.now(), station.exercise
    )
    return situation_pdf(_report(station), head, "")


def _radio(station: Station) -> bytes:
    short = _report(station).short
    text = f"{EXERCISE} {short} {EXERCISE}" if station.exercise else short
    return f"{text}\n".encode()


def _csv(station: Station) -> bytes:
    context = station.context()
    records = tables.all_records(context, "report")
    return tables.csv_of("report", records, context, exercise=station.exercise)


FORMS: Mapping[str, tuple[str, Callable[[Station], bytes]]] = {
    "pdf": (".pdf", _pdf),
    "funk": (".txt", _radio),
    "tabelle": (".csv", _csv),
}
"""Lagemeldung on paper, its short form for the radio, all Lagemeldungen as a table."""


def _name(station: Station, form: str) -> str:
    stem = "lagemeldungen" if form == "tabelle" else "lagemeldung"
    mark = "uebung_" if station.exercise else ""
    return f"{mark}{stem}_{tactical(station.now())}"


def _write_new(folder: Path, name: str, ending: str, content: bytes) -> Path:
    """A new file, finished and durable, or none."""
    try:
        folder.mkdir(exist_ok=True)
        path, number = folder / f"{name}{ending}", 1
        while path.exists():
            number += 1
            path = folder / f"{name}_{number}{ending}"
        partial = path.with_name(path.name + ".neu")
        with partial.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(partial, path)
    except OSError as error:
        raise StoreError(
            f"Der Bericht kann nicht nach {folder} geschrieben werden ({error}): Platz und Rechte"
            " prüfen."
        ) from error
    return path
