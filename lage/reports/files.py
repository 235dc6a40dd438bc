# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Reports as files: what command line and screen share, and the screen's own folder for them.

A file is finished and durable, or not there. The screen has no shell: it writes to ``berichte`` in
the data folder, the Lagemeldung of this moment with the free parts of the latest one, and never
over a file; the next one of the same minute has a number behind its name.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

from lage.kinds.model import Query, Record
from lage.language.errors import NotFound, StoreError, why
from lage.language.folding import fold_text
from lage.language.tactical import tactical
from lage.reports import EXERCISE, Head, tables
from lage.station import Station
from lage.views.lists import ListView
from lage.views.situation import SituationReport, latest_free_parts, situation_report
from maps.read.files import check_replaceable

FOLDER = "berichte"


def head_of(station: Station, title: str) -> Head:
    """What stands on every page of a staff's paper. Raises NotFound where there is no staff."""
    me = station.me
    if me is None:
        raise NotFound("Dieser Ordner gehört keiner Stelle: Berichte schreibt nur ein Knoten.")
    return Head(title, me.name, station.network_name, station.now(), station.exercise)


def radio_text(station: Station, report: SituationReport) -> str:
    """The short form as it is read out; an exercise's begins and ends with its mark."""
    return f"{EXERCISE} {report.short} {EXERCISE}" if station.exercise else report.short


def write_whole(path: Path, content: bytes) -> None:
    """A finished file, or none; what was there before is replaced only then. Raises StoreError."""
    partial = path.with_name(path.name + ".neu")
    try:
        check_replaceable(path)
        check_replaceable(partial)
        with partial.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(partial, path)
    except OSError as error:
        raise StoreError(
            f"Die Datei {path} kann nicht geschrieben werden: {why(error)}."
        ) from error


def write_report(station: Station, form: str) -> Path:
    """Write one of ``FORMS`` to the folder for reports; where it lies.

    Raises NotFound, StoreError.
    """
    ending, make = FORMS[form]
    stem = {"tabelle": "lagemeldungen", "tagebuch": "tagebuch"}.get(form, "lagemeldung")
    return _write_new(station, stem, ending, make(station))


def write_message(station: Station, message: Record) -> Path:
    """Write a message's Vordruck to the folder for reports; where it lies. Raises as above."""
    from lage.reports.message_form import message_pdf
    from lage.views.message_sheet import message_sheet

    label = station.directory.label(message)
    head = head_of(station, f"Nachrichtenvordruck {label}")
    content = message_pdf(message_sheet(message, station.context()), head)
    safe = "".join(letter if letter.isalnum() or letter == "-" else "_" for letter in label)
    return _write_new(station, f"nachricht_{safe}", ".pdf", content)


def write_list(station: Station, view: ListView, query: Query, shown: str) -> Path:
    """Write a list to the folder for reports; where it lies. Raises as above."""
    from lage.reports.list_pdf import list_pdf

    content = list_pdf(view, query, shown, head_of(station, view.title), station.context())
    return _write_new(station, f"liste_{fold_text(view.title).replace(' ', '_')}", ".pdf", content)


def write_paper(station: Station, stem: str, content: bytes, target: Path | None = None) -> Path:
    """Write a PDF to that file, or to the folder for reports; where it lies. Raises StoreError."""
    if target is None:
        return _write_new(station, stem, ".pdf", content)
    write_whole(target, content)
    return target


def _write_new(station: Station, stem: str, ending: str, content: bytes) -> Path:
    mark = "uebung_" if station.exercise else ""
    folder, name = station.folder / FOLDER, f"{mark}{stem}_{tactical(station.now())}"
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"Der Ordner {folder} kann nicht angelegt werden: {why(error)}."
        ) from error
    path, number = folder / f"{name}{ending}", 1
    while path.exists():
        number += 1
        path = folder / f"{name}_{number}{ending}"
    write_whole(path, content)
    return path


def _report(station: Station) -> SituationReport:
    context = station.context()
    return situation_report(context, latest_free_parts(context))


def _pdf(station: Station) -> bytes:
    from lage.reports.documents import situation_pdf
    from lage.reports.situation_map import situation_map

    head = head_of(station, "Lagemeldung")
    return situation_pdf(_report(station), head, "", situation_map(station))


def _radio(station: Station) -> bytes:
    return f"{radio_text(station, _report(station))}\n".encode()


def _csv(station: Station) -> bytes:
    context = station.context()
    records = tables.all_records(context, "report")
    return tables.csv_of("report", records, context, exercise=station.exercise)


def _journal(station: Station) -> bytes:
    from lage.reports.printout import journal_pdf
    from lage.views.journal_line import Period

    return journal_pdf(station, head_of(station, "Einsatztagebuch"), Period())


FORMS: Mapping[str, tuple[str, Callable[[Station], bytes]]] = {
    "pdf": (".pdf", _pdf),
    "funk": (".txt", _radio),
    "tabelle": (".csv", _csv),
    "tagebuch": (".pdf", _journal),
}
"""Lagemeldung on paper, its short form for the radio, all Lagemeldungen as a table; Tagebuch."""
