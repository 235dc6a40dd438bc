# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Plans, lists and sheets: known everywhere by their hash, there where somebody brought them.

Only name, hash and size travel over the radio. The content goes by stick or local network and is
taken in on each node by the same command; a node recognises by the hash that it is the document
everybody means. Text files are searched by their words; others by their name and note.

A document is meant by its name or by the beginning of its hash; the hash also tells two editions
of one name apart. Names come from the network: they are shown and never used as a path.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from lage.kinds.model import Query, Record, Where
from lage.language.errors import NotFound, StoreError, UsageError, why
from lage.language.folding import file_stem, fold_text
from lage.language.plain import plain
from lage.station import Station
from lage.write import commands
from maps.read.files import read_regular, regular_size
from sync.schema.definition import Value

SIZE_MAX = 50_000_000
FOLDER = "dokumente"
"""In the data folder: copies for other programs."""

TEXT_ENDINGS = (".txt", ".md", ".csv", ".json", ".geojson", ".xml", ".log", ".toml", ".yaml")
HASH_SHOWN = 8
"""Hex digits of a hash that people see and type."""

FILES_MAX = 10_000
"""Files of a folder that are looked at."""

AROUND = 40
"""Characters shown on each side of a word that was found."""


@dataclass(frozen=True, slots=True)
class Found:
    """A document that holds the words, with the place where."""

    record: Record
    here: bool
    excerpt: str  # folded text around the first word; empty where only name or note matched


@dataclass(frozen=True, slots=True)
class Filed:
    """What came of taking in a file."""

    record: Record
    new: bool  # nobody had made it known before


def short_hash(document: Record) -> str:
    """The beginning of a document's hash, to compare by eye or telephone."""
    return document.data("hash").hex()[:HASH_SHOWN]


def find(station: Station, typed: str) -> Record:
    """The document meant by its name, a part of it, or the beginning of its hash.

    Raises NotFound, and UsageError where several are meant.
    """
    wanted = fold_text(typed.strip())
    rows = station.reader.select(Query("document", order="entered", limit=5000))
    named = [(row, fold_text(row.text("name"))) for row in rows]
    by_hash = [
        row for row in rows if len(wanted) >= 6 and row.data("hash").hex().startswith(wanted)
    ]
    exact = by_hash or [row for row, name in named if name == wanted]
    found = exact or [row for row, name in named if wanted and wanted in name]
    if not found:
        raise NotFound(f"„{typed}“ gibt es nicht: siehe „lage dokument liste“.")
    if len(found) > 1:
        choice = ", ".join(f"{name_of(row)} ({short_hash(row)})" for row in found[:5])
        raise UsageError(
            f"„{typed}“ ist nicht eindeutig: {choice}; bitte die Prüfsumme in Klammern angeben."
        )
    return found[0]


def file_away(
    station: Station,
    path: Path,
    kind: str = "",
    note: str = "",
    name: str = "",
    expected: Record | None = None,
) -> Filed:
    """Take in a document's content, and make it known if nobody has.

    ``expected``: the file must be that document. Raises UsageError.
    """
    content = _read(path)
    digest = hashlib.blake2b(content, digest_size=32).digest()
    if expected is not None and expected.data("hash") != digest:
        raise UsageError(
            f"{path.name} ist nicht „{name_of(expected)}“: Prüfsumme"
            f" {digest.hex()[:HASH_SHOWN]} statt {short_hash(expected)}; beschädigt oder eine"
            " andere Fassung."
        )
    station.store.local.keep_document(digest, content, _words(path, content))
    known = station.reader.select(Query("document", (Where("hash", "=", digest),), limit=1))
    if known:
        return Filed(known[0], new=False)
    values: dict[str, Value] = {
        "name": (name or path.name)[:120],
        "hash": digest,
        "size": len(content),
    }
    if kind:
        values["type"] = kind
    if note:
        values["note"] = note[:200]
    (entity,) = station.write(commands.create("document", values, -1))
    record = station.reader.get(entity)
    assert record is not None
    return Filed(record, new=True)


def take_in(station: Station, folder: Path) -> list[Record]:
    """Take in what a folder (a stick) holds of documents known but not here; makes nothing known.

    Raises UsageError.
    """
    if not folder.is_dir():
        raise UsageError(f"Den Ordner {folder} gibt es nicht.")
    held = station.store.local.documents_held()
    rows = station.reader.select(Query("document", order="entered", limit=5000))
    lacking = {row.data("hash"): row for row in rows if row.data("hash") not in held}
    sizes = {row.values["size"] for row in lacking.values()}
    found = []
    for path in islice(sorted(folder.rglob("*")), FILES_MAX):
        if not lacking or path.is_symlink() or not path.is_file():
            continue
        if path.stat().st_size not in sizes:
            continue
        content = _read(path)
        record = lacking.pop(hashlib.blake2b(content, digest_size=32).digest(), None)
        if record is not None:
            station.store.local.keep_document(record.data("hash"), content, _words(path, content))
            found.append(record)
    return found


def known_documents(station: Station) -> set[bytes]:
    """Hashes of the documents that everybody knows of and whose content is here."""
    rows = station.reader.select(Query("document", order="entered", limit=5000))
    return {row.data("hash") for row in rows} & station.store.local.documents_held()


def keep_content(station: Station, digest: bytes, content: bytes) -> str | None:
    """Keep the content of a document that is made known; its name, None where nobody has."""
    known = station.reader.select(Query("document", (Where("hash", "=", digest),), limit=1))
    if not known:
        return None
    words = _words(Path(known[0].text("name")), content)
    station.store.local.keep_document(digest, content, words)
    return name_of(known[0])


def fetch(station: Station, document: Record, target: Path) -> int:
    """Write a document's content to a file; its size. Raises NotFound, UsageError."""
    content = station.store.local.document(document.data("hash"))
    if content is None:
        raise NotFound(
            f"Der Inhalt von „{name_of(document)}“ ist hier nicht vorhanden: bitte einen Stick mit"
            " der Datei einlesen („lage dokument aufnehmen ORDNER“)."
        )
    if hashlib.blake2b(content, digest_size=32).digest() != document.data("hash"):
        raise StoreError(
            f"Der Inhalt von „{name_of(document)}“ ist hier beschädigt: bitte die Datei von"
            " einer anderen Stelle holen."
        )
    try:
        with target.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError:
        raise UsageError(f"Die Datei {target} gibt es schon: bitte anders nennen.") from None
    except OSError as error:
        raise UsageError(
            f"Die Datei {target} kann nicht geschrieben werden: {why(error)}."
        ) from error
    return len(content)


def text_of(station: Station, document: Record) -> str | None:
    """What stands in it, to be read; None where it is not here, or no text."""
    content = station.store.local.document(document.data("hash"))
    if content is None or Path(document.text("name")).suffix.lower() not in TEXT_ENDINGS:
        return None
    return "\n".join(map(plain, _decoded(content).splitlines()))


def copy_out(station: Station, document: Record) -> Path:
    """Write its content to the data folder; where it lies. Raises NotFound, UsageError."""
    name = Path(name_of(document))
    folder = station.folder / FOLDER
    folder.mkdir(exist_ok=True)
    target = folder / f"{file_stem(name.stem)}.{file_stem(name.suffix or '.bin')}"
    fetch(station, document, target)
    return target


def search(station: Station, text: str) -> list[Found]:
    """Documents whose text, name or note holds all these words."""
    words = fold_text(text).split()
    if not words:
        raise UsageError("Wonach soll gesucht werden?")
    held = station.store.local.documents_held()
    texts = dict(station.store.local.documents_with(words))
    found = []
    for record in station.reader.select(Query("document", order="entered", limit=5000)):
        digest = record.data("hash")
        title = fold_text(f"{record.text('name')} {record.text('note')}")
        if digest in texts:
            found.append(Found(record, here=True, excerpt=_excerpt(texts[digest], words[0])))
        elif all(word in title for word in words):
            found.append(Found(record, digest in held, ""))
    return found


def name_of(document: Record) -> str:
    """Harmless to show."""
    return plain(document.text("name"))


def _read(path: Path) -> bytes:
    try:
        size = regular_size(path)
        if not 0 < size <= SIZE_MAX:
            raise UsageError(f"{path.name}: {size} Bytes; möglich sind 1 bis {SIZE_MAX}.")
        return read_regular(path, SIZE_MAX)
    except OSError as error:
        raise UsageError(f"Die Datei {path} ist nicht lesbar: {why(error)}.") from error


def _words(path: Path, content: bytes) -> str | None:
    """Folded text of a text file; None for anything else."""
    if path.suffix.lower() not in TEXT_ENDINGS:
        return None
    return fold_text(" ".join(_decoded(content).split()))


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _excerpt(text: str, word: str) -> str:
    place = text.find(word)
    start, end = max(0, place - AROUND), place + len(word) + AROUND
    return f"{'…' if start else ''}{text[start:end]}{'…' if end < len(text) else ''}"
