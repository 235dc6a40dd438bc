# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What all imports share: the plan, the list of bad lines, reading files and tables."""

from __future__ import annotations

import errno
import gzip
import io
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from lage.imports.encoding import decoded
from lage.kinds.inputs import changeable
from lage.kinds.model import Draft, Progress, Record
from lage.language.errors import ImportRefused, NothingChanged, UsageError, why
from lage.language.folding import fold_text
from lage.language.spelling import clean
from lage.write import commands
from lage.write.parse import Context
from maps.read.files import load_json, load_toml, read_regular, regular_size

FILE_BYTES_MAX = 50_000_000
TOML_BYTES_MAX = 1_000_000
"""People write these by hand."""
ROWS_MAX = 50_000
PROBLEMS_MAX = 200
REASONS_MAX = 8


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import would write, and what it leaves alone."""

    drafts: tuple[Draft, ...]
    new: int
    changed: int = 0
    known: int = 0  # there already, nothing to do
    left_out: int = 0  # not ours: another river, another sensor
    notes: tuple[str, ...] = ()  # sentences for the user


@dataclass(frozen=True, slots=True)
class TableRow:
    """One line of a table: its number in the file, and its cells by folded column name."""

    line: int
    cells: Mapping[str, str]
    twice: frozenset[str] = frozenset()  # folded names of columns that there are several of
    fault: str = ""  # why the line cannot be read as a row at all
    heading: int = 1  # line of the names of the columns

    def get(self, column: str) -> str:
        """A cell by column name, umlauts and case either way; empty if it is not there.

        Raises UsageError where several columns have that name.
        """
        name = fold_text(column.strip())
        if name in self.twice:
            raise UsageError(
                f"die Spalte „{column}“ gibt es mehrmals: bitte in der Datei eindeutig benennen."
            )
        return self.cells.get(name, "").strip()


_BAD = {
    "Zeile": ("fehlerhafte Zeile", "fehlerhafte Zeilen"),
    "Objekt": ("fehlerhaftes Objekt", "fehlerhafte Objekte"),
}


@dataclass
class Problems:
    """Bad lines, collected so that all can be mended in one go."""

    found: list[tuple[int, str]] = field(default_factory=list)
    noun: str = "Zeile"  # what the numbers count: Zeile, or Objekt of a GeoJSON file

    def add(self, line: int, reason: str) -> None:
        """One more bad line."""
        self.found.append((line, reason))

    def refuse(self, name: str, columns: str = "", heading: int = 1) -> None:
        """Raise ImportRefused if there was any; ``columns``: as the file calls them, and where."""
        if self.found:
            count = len(self.found)
            shown = sorted(self.found)[:PROBLEMS_MAX]
            if columns and len({reason for _, reason in shown}) == 1 < count:
                shown = [(shown[0][0], f"{shown[0][1]} So in allen {count}.")]
            if columns:
                shown.insert(0, (heading, f"die Spalten heißen: {columns}"))
            word = _BAD[self.noun][count > 1]
            raise ImportRefused(
                f"{name} hat {count} {word}, nichts wurde übernommen:",
                shown,
                self.noun,
            )


@dataclass
class LeftOut:
    """What a service or a network server sends that is no measured value of ours.

    A feed is not a form: its odd elements are passed over, counted and named, for nobody here can
    mend them, and a true level beside them must not wait.
    """

    reasons: Counter[str] = field(default_factory=Counter)

    def add(self, reason: str) -> None:
        """One more; the same reasons are counted together."""
        self.reasons[reason.rstrip(".")] += 1

    @property
    def count(self) -> int:
        """How many elements were passed over."""
        return self.reasons.total()

    def notes(self) -> tuple[str, ...]:
        """A sentence for each reason, the most frequent first."""
        return tuple(
            f"{count} ausgelassen: {reason}."
            for reason, count in self.reasons.most_common(REASONS_MAX)
        )

    def refuse_all(self, name: str) -> None:
        """Raise ImportRefused with the reasons; for a feed of which nothing could be used."""
        if self.reasons:
            raise ImportRefused(
                f"{name}: nichts davon ist ein Messwert für uns; {self.notes()[0]}", ()
            )


def each_row(
    rows: Sequence[TableRow],
    problems: Problems,
    take: Callable[[TableRow], None],
    progress: Progress | None = None,
) -> None:
    """Take every row; a UsageError of one becomes its problem and the next is tried."""
    for count, row in enumerate(rows, 1):
        if progress and (count % 500 == 0 or count == len(rows)):
            progress(count, len(rows))
        if row.fault:
            problems.add(row.line, row.fault)
            continue
        try:
            take(row)
        except UsageError as error:
            problems.add(row.line, str(error))


_NO_TEXT = {
    b"PK\x03\x04": "eine Arbeitsmappe (.xlsx, .ods) oder ein Archiv, keine Texttabelle",
    b"\xd0\xcf\x11\xe0": "eine Arbeitsmappe von altem Excel (.xls), keine Texttabelle",
    b"%PDF": "ein PDF, keine Tabelle",
}
_AS_CSV = "bitte in der Tabellenkalkulation als „CSV UTF-8“ speichern und diese Datei einlesen."


_WEB = (b"<!doctype", b"<html", b"<?xml", b"<svg", b"{\\rtf", b"%!ps")


def read_text(path: Path) -> str:
    """A file's text: UTF-8, UTF-16, or else Windows' Western European. Raises ImportRefused."""
    return read_noted(path)[0]


def read_noted(path: Path) -> tuple[str, tuple[str, ...]]:
    """The same with a note where the encoding had to be guessed. Raises ImportRefused."""
    try:
        size = regular_size(path)
        if size > FILE_BYTES_MAX:
            raise ImportRefused(
                f"{path.name} ist mit {size} Bytes zu groß, möglich sind {FILE_BYTES_MAX}.", ()
            )
        data = unpacked(read_regular(path, FILE_BYTES_MAX))
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise ImportRefused(f"{path.name} ist unvollständig gepackt (gzip).", ()) from error
    except OSError as error:
        raise ImportRefused(f"{path} ist nicht lesbar: {why(error)}.", ()) from error
    for begins, what in _NO_TEXT.items():
        if data.startswith(begins):
            raise ImportRefused(f"{path.name} ist {what}: {_AS_CSV}", ())
    if data[:100].lstrip(b"\xef\xbb\xbf \r\n\t").lower().startswith(_WEB):
        raise ImportRefused(f"{path.name} ist ein Dokument oder eine Webseite, keine Tabelle.", ())
    found = decoded(data)
    if found is None:
        raise ImportRefused(f"{path.name} ist keine Tabelle und kein Text.", ())
    return found


def unpacked(data: bytes) -> bytes:
    """What is in it where it is packed with gzip, as services send; OSError for too much."""
    if not data.startswith(b"\x1f\x8b"):
        return data
    with gzip.GzipFile(fileobj=io.BytesIO(data)) as packed:
        content = packed.read(FILE_BYTES_MAX + 1)
    if len(content) > FILE_BYTES_MAX:
        raise OSError(errno.EFBIG, "too large")
    return content


def read_json(text: str, name: str) -> Any:
    """A JSON document, or a list of the documents of a file with one on each line.

    Raises ImportRefused.
    """
    problems = Problems()
    documents = _documents(text, name, problems)
    problems.refuse(name)
    return documents


def read_feed(text: str, name: str, left: LeftOut) -> list[Any]:
    """The elements of a feed. Raises ImportRefused where it is no JSON at all.

    A line that cannot be read, as the last one of a connection that broke, is left out and named.
    """
    problems = Problems()
    documents = _documents(text, name, problems)
    for line, reason in problems.found:
        left.add(f"Zeile {line}: {reason}")
    return documents if isinstance(documents, list) else [documents]


def _documents(text: str, name: str, problems: Problems) -> Any:
    try:
        return cleaned(load_json(text))
    except (ValueError, RecursionError) as error:
        lines = [(n, line) for n, line in enumerate(text.splitlines(), 1) if line.strip()]
        if len(lines) < 2 or not lines[0][1].lstrip().startswith("{"):
            raise ImportRefused(f"{name} ist kein JSON: {why(error)}.", ()) from error
    documents = []
    for number, line in lines[:ROWS_MAX]:
        try:
            documents.append(cleaned(load_json(line)))
        except (ValueError, RecursionError) as error:
            problems.add(number, f"kein JSON: {why(error)}")
    return documents


def read_toml(path: Path) -> dict[str, Any]:
    """A TOML document. Raises ImportRefused."""
    try:
        return load_toml(read_regular(path, TOML_BYTES_MAX).decode("utf-8-sig"))
    except OSError as error:
        raise ImportRefused(f"{path} ist nicht lesbar: {why(error)}.", ()) from error
    except (ValueError, RecursionError) as error:
        raise ImportRefused(
            f"{path.name} ist kein TOML: {why(error)}. Texte, und Namen mit Umlauten oder"
            " Leerzeichen, gehören in Anführungszeichen.",
            (),
        ) from error


def cleaned(value: Any) -> Any:
    """A JSON value with all its texts in the one spelling."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [cleaned(item) for item in value]
    if isinstance(value, dict):
        return {cleaned(key): cleaned(item) for key, item in value.items()}
    return value


def take_all(
    rows: Sequence[TableRow],
    name: str,
    take: Callable[[TableRow], None],
    progress: Progress | None = None,
    noun: str = "Zeile",
) -> None:
    """Take every row of a file. Raises ImportRefused naming every bad line.

    Where all are bad, it says what the columns are called: the heading is the likely fault.
    """
    problems = Problems(noun=noun)
    each_row(rows, problems, take, progress)
    all_bad = len(problems.found) == len(rows)
    columns = ", ".join(rows[0].cells) if rows else "keine"
    problems.refuse(name, columns if all_bad else "", rows[0].heading if rows else 1)


def rewrite(
    record: Record, typed: Mapping[str, str], context: Context, drafts: list[Draft]
) -> Literal["changed", "known"]:
    """Write a line's values over those of an entry; which of the plan's counts that is.

    What the line says nothing of, and what cannot be changed, is left alone; ``?`` sets to unknown,
    as in every other change. Raises UsageError.
    """
    said = {
        name: text for name, text in typed.items() if text.strip() and changeable(record.kind, name)
    }
    try:
        drafts.extend(commands.edit(record, said, context))
    except NothingChanged:
        return "known"
    return "changed"


def unused_columns(rows: Sequence[TableRow], used: Iterable[str]) -> tuple[str, ...]:
    """A note on the columns that an import leaves alone; nothing where it takes all."""
    known = {fold_text(column) for column in used}
    left = [column for column in (rows[0].cells if rows else ()) if column and column not in known]
    return (f"Nicht übernommene Spalten: {', '.join(left)}.",) if left else ()
