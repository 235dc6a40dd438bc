# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Cells as exercise staffs write them, in the words of scripts: times, ways, people. Pure.

Whatever becomes something else than what stands there is kept in ``Taken``, for the sentences that
the import ends with.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lage.exercise.script.conditions import ON_CALL
from lage.exercise.script.model import Way
from lage.language.errors import UsageError
from lage.language.folding import fold_text
from lage.language.tactical import local, parse_time

_WAYS = (
    (Way.PHONE, ("tel", "anruf", "notruf", "handy", "fon", "phon")),
    (Way.FAX, ("fax", "mail", "brief", "schrift", "papier", "post")),
    (Way.RADIO, ("funk", "tetra", "bos", "lage", "mesh", "nachricht")),
    (Way.RUNNER, ("melder", "bote", "pers", "muendlich", "direkt", "face", "vortrag")),
    (Way.OWN, ("eigen", "selbst", "intern")),
)
_BY_HAND = re.compile(
    r"(?:je )?(?:nach|bei|auf) (?:bedarf|lage|abruf|zuruf|anweisung|weisung|ansage|gelegenheit)\b.*"
    r"|von hand|manuell|situativ|flexibel|optional|variabel|spontan|reserve|joker"
)
_X = re.compile(
    r"(?P<how>[xhtü]\s*\+?|\+)\s*(\d{1,4})(?::(\d{2}))?(?::\d{2})?\s*(?:min|h|std)?\.?",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"(\d{1,2})[:.](\d{2})(?::\d{2})?(?:\s*(?:uhr|h))?", re.IGNORECASE)
_ABOUT = re.compile(r"(?:ca\.?|circa|etwa|gegen|um|ab|ungefähr|~)\s*(?=[\dx+])", re.IGNORECASE)
_SPAN = re.compile(r"\s*(?:-|–|—|\bbis\b)\s*", re.IGNORECASE)
_WAITS = re.compile(r"wenn\s.+|.*\bnach(?:dem)?\s.+", re.IGNORECASE)
_PARTED = re.compile(r"[,;/\n]|\s+und\s+|\s+&\s+")
NAME_MAX = 60
LINES_SHOWN = 8


@dataclass
class Taken:
    """What was made of cells that say it otherwise: each once, with its lines."""

    _found: dict[tuple[str, str, str], list[int]] = field(default_factory=dict)

    def add(self, line: int, column: str, said: str, taken: str) -> None:
        """One more; ``taken``: the end of a sentence."""
        self._found.setdefault((column, said, taken), []).append(line)

    def sentences(self) -> list[str]:
        """One for each, in the order of the table."""
        return [
            f"{_lines(lines)}: {column} „{_brief(said)}“ {taken}."
            if said
            else f"{_lines(lines)}: {column} fehlt; {taken}."
            for (column, said, taken), lines in self._found.items()
        ]


def _lines(lines: list[int]) -> str:
    shown = ", ".join(map(str, lines[:LINES_SHOWN]))
    more = f" und {len(lines) - LINES_SHOWN} weitere" if len(lines) > LINES_SHOWN else ""
    return f"Zeile {shown}{more}" if len(lines) == 1 else f"Zeilen {shown}{more}"


def _brief(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 60 else f"{line[:59]}…"


@dataclass(frozen=True, slots=True)
class When:
    """A time as scripts write it, and how that differs from what stood there."""

    text: str
    change: str = ""  # a sentence's end; empty: it is what stood there
    kept: bool = False  # whether what stood there says more, and has to stay as a remark


def time_of(said: str, day: str, begin: int) -> When | None:
    """The time that a cell means; ``day``: that of a column beside it. None: it means none."""
    text = " ".join(said.split())
    if _BY_HAND.fullmatch(fold_text(text)):
        change = "" if fold_text(text) == fold_text(ON_CALL) else f"wird „{ON_CALL}“: von Hand"
        return When(ON_CALL, change, kept=bool(change))
    if _WAITS.fullmatch(text):
        return When(text)
    about = _ABOUT.match(text)
    text = text[about.end() :] if about else text
    found = _moment(text, day, begin)
    if found is not None:
        if about:
            return When(found.text, f"wird {found.text}", kept=True)
        return found
    for edge in _SPAN.finditer(text):
        first = _moment(text[: edge.start()].strip(), day, begin)
        if first is not None and text[edge.end() :].strip():
            return When(first.text, f"ist eine Spanne; genommen ist ihr Anfang {first.text}",
                        kept=True)  # fmt: skip
    return None


def _moment(text: str, day: str, begin: int) -> When | None:
    """One moment; an end of a span may lack what its beginning says."""
    if match := _X.fullmatch(text):
        minutes = f":{match[3]}" if match[3] else ""
        found = f"X+{int(match[2]):02}{minutes}"
        ours = match["how"].lower().startswith("x")
        return When(found, "" if ours else f"wird {found}")
    if match := _CLOCK.fullmatch(text):
        clock = f"{int(match[1]):02}:{match[2]}"
        return When(f"{day} {clock}" if re.match(r"\d{1,2}\.\d", day) else clock)
    try:
        return When(f"{local(parse_time(text, begin)):%d.%m.%Y %H:%M}")
    except UsageError:
        return None


def way_of(said: str) -> Way | None:
    """The way that a word means; None where it means none."""
    folded = fold_text(said)
    exact = next((way for way in Way if fold_text(way) == folded), None)
    return exact or next(
        (way for way, words in _WAYS if any(word in folded for word in words)), None
    )


def people_of(said: str, known: tuple[str, ...]) -> list[str]:
    """Several staffs in one cell; the names that are ``known`` are not parted."""
    if fold_text(said) in map(fold_text, known):
        return [said]
    parts = [" ".join(each.split()) for each in _PARTED.split(said)]
    return list(dict.fromkeys(each for each in parts if each))
