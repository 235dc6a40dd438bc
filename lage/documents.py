# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Plans, lists and sheets: known everywhere by their hash, there where somebody brought them.

Only name, hash and size travel over the radio. The content goes by stick or local network and is
taken in on each node by the same command; a node recognises by the hash that it is the document
everybody means. Text files are searched by their words; others by their name and note.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from lage import commands
from lage.errors import NotFound, UsageError, why
from lage.model import Query, Record, Where
from lage.projection import fold_text
from lage.station import Station
from sync.schema import Value

SIZE_MAX = 50_000_000
TEXT_ENDINGS = (".txt", ".md", ".csv", ".json", ".geojson", ".xml", ".log", ".toml", ".yaml")
AROUND = 40
"""Characters shown on each side of a word that was found."""


@dataclass(frozen=True, slots=True)
class Found:
    """A document that holds the words, with the place where."""

    record: Record
    here: bool
    excerpt: str  # folded text around the first word; empty where only name or note matched


def file_away(station: Station, path: Path, kind: str, note: str, name: str = "") -> Record:
    """Take in a document's content, and make it known if nobody has. Raises UsageError."""
    try:
        size = path.stat().st_size
        if not 0 < size <= SIZE_MAX:
            raise UsageError(f"{path.name}: {size} Bytes; möglich sind 1 bis {SIZE_MAX}.")
        content = path.read_bytes()
    except OSError as error:
        raise UsageError(f"Die Datei {path} ist nicht lesbar: {why(error)}.") from error
    digest = hashlib.blake2b(content, digest_size=32).digest()
    station.store.local.keep_document(digest, content, _words(path, content))
    known = station.reader.select(Query("document", (Where("hash", "=", digest),), limit=1))
    if known:
        return known[0]
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
    return record


def fetch(station: Station, document: Record, target: Path) -> int:
    """Write a document's content to a file; its size. Raises NotFound, UsageError."""
    digest = document.values["hash"]
    assert isinstance(digest, bytes)
    content = station.store.local.document(digest)
    if content is None:
        raise NotFound(
            f"Der Inhalt von „{document.values['name']!s}“ ist hier nicht vorhanden: bitte die"
            " Datei mit „lage dokument ablegen“ einlesen, wenn sie auf Stick oder Netz da ist."
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


def search(station: Station, text: str) -> list[Found]:
    """Documents whose text, name or note holds all these words."""
    words = fold_text(text).split()
    if not words:
        raise UsageError("Wonach soll gesucht werden?")
    held = station.store.local.documents_held()
    texts = dict(station.store.local.documents_with(words))
    found = []
    for record in station.reader.select(Query("document", order="entered", limit=5000)):
        digest = record.values["hash"]
        assert isinstance(digest, bytes)
        title = fold_text(f"{record.values['name']!s} {record.values.get('note', '')!s}")
        if digest in texts:
            found.append(Found(record, here=True, excerpt=_excerpt(texts[digest], words[0])))
        elif all(word in title for word in words):
            found.append(Found(record, digest in held, ""))
    return found


def _words(path: Path, content: bytes) -> str | None:
    """Folded text of a text file; None for anything else."""
    if path.suffix.lower() not in TEXT_ENDINGS:
        return None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    return fold_text(" ".join(text.split()))


def _excerpt(text: str, word: str) -> str:
    place = text.find(word)
    start, end = max(0, place - AROUND), place + len(word) + AROUND
    return f"{'…' if start else ''}{text[start:end]}{'…' if end < len(text) else ''}"
