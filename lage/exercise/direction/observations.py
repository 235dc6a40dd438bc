# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Observations as files: what an observer at another computer notes reaches the direction so.

Not as entries of the exercise's log, where the staffs that are observed would read them, and would
pay airtime for it. Each line is one observation and carries the mark of its exercise; a file may be
handed over again and again, every line counts once.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from lage.exercise.direction import events as e
from lage.exercise.direction.state import State
from lage.language.errors import StoreError, UsageError, why
from lage.language.plain import plain
from maps.read.files import read_regular

FOLDER = "beobachtungen"
SUFFIX = ".beobachtung"
FILE_MAX = 4_000_000
TEXT_MAX = 2000
LINES_MAX = 10_000


@dataclass(frozen=True, slots=True)
class Observed:
    """One line of such a file."""

    uebung: str  # mark of the exercise's network
    id: str  # of observer and line
    unix_ms: int
    stelle: str
    text: str
    von: str
    einlage: str = ""


def append(path: Path, observed: Observed) -> None:
    """One more line, durable when it returns. Raises StoreError."""
    line = json.dumps(asdict(observed), ensure_ascii=False) + "\n"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf8") as stream:
            stream.write(line)
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        raise StoreError(f"Die Beobachtung ist nicht gespeichert: {why(error)}.") from error


def read(path: Path, mark: str) -> list[Observed]:
    """The observations of a file of this exercise; a torn or damaged line is passed over.

    Raises UsageError for a file of another exercise or of none.
    """
    try:
        text = read_regular(path, FILE_MAX).decode("utf8", "replace")
    except (OSError, ValueError) as error:
        raise UsageError(f"Die Datei {path} ist nicht lesbar: {why(error)}.") from error
    found = list(filter(None, map(_line, text.splitlines()[:LINES_MAX])))
    if not found:
        raise UsageError(f"Die Datei {path} enthält keine Beobachtungen einer Übung.")
    if any(each.uebung != mark for each in found):
        raise UsageError(
            f"Die Datei {path} gehört zu einer anderen Übung: bitte die Beobachtungen dieser Übung"
            " einlesen."
        )
    return found


def fresh(found: Iterable[Observed], known: Iterable[str]) -> list[Observed]:
    """Those whose id is not known yet, each once."""
    before = set(known)
    return [each for each in {one.id: one for one in found}.values() if each.id not in before]


def as_events(found: Iterable[Observed], state: State) -> list[e.Event]:
    """For the journal, at the time of the exercise at which they were made."""
    return [
        e.Noted(o.id, state.passed_at(o.unix_ms), o.stelle, o.text, o.von, o.einlage) for o in found
    ]


def _line(text: str) -> Observed | None:
    try:
        said = json.loads(text)
        values = {field.name: said[field.name] for field in fields(Observed) if field.name in said}
        observed = Observed(**values)
    except (ValueError, TypeError, RecursionError):
        return None
    texts = (observed.uebung, observed.id, observed.stelle, observed.von, observed.einlage)
    sound = all(type(one) is str and len(one) <= 100 for one in texts)
    if not sound or type(observed.unix_ms) is not int or type(observed.text) is not str:
        return None
    cleaned = plain(observed.text).strip()[:TEXT_MAX]
    return (
        Observed(*texts[:2], observed.unix_ms, texts[2], cleaned, *texts[3:]) if cleaned else None
    )
