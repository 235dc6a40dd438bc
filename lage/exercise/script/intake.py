# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A table as exercise staffs keep their Einlagen, turned into a Drehbuch that people go on with.

The columns are called in many ways, and cells are written for people. What has a clear meaning is
taken; what has not stays as a remark of its inject, and is said: nothing that stood in the table is
lost. The script is then read like any other, so what is still wrong with it is known at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from lage.exercise.script.columns import COLUMNS, Line, line_of
from lage.exercise.script.keys import MANNED, PLAYED
from lage.exercise.script.model import DIRECTION, Way
from lage.imports.rows import read_rows
from lage.language.errors import UsageError
from lage.language.folding import fold_text
from lage.language.tactical import local, parse_time

_WAYS = (
    (Way.PHONE, ("tel", "anruf", "notruf", "handy", "fon")),
    (Way.FAX, ("fax", "mail", "brief", "schrift", "papier", "post")),
    (Way.RADIO, ("funk", "tetra", "bos", "lage", "mesh", "nachricht")),
    (Way.RUNNER, ("melder", "bote", "persoenlich", "muendlich", "direkt", "face", "vortrag")),
    (Way.OWN, ("eigen", "selbst", "intern")),
)
_ROLES = (
    ("krisenstab", ("krisenstab", "kreis ")),
    ("leitstelle", ("leitstelle", "ils")),
    ("einsatzleitung", ("einsatzleitung", "fuehrungsstab", "tel ", "el ")),
    ("sae", ("sae", "stab", "stadt", "gemeinde")),
)
_PARTED = re.compile(r"[,;/\n]|\s+und\s+|\s+&\s+")
_X = re.compile(
    r"(?:[xhtü]\s*\+?|\+)\s*(\d{1,4})(?::(\d{2}))?(?::\d{2})?\s*(?:min|h|std)?\.?", re.IGNORECASE
)
_CLOCK = re.compile(r"(\d{1,2})[:.](\d{2})(?::\d{2})?(?:\s*uhr)?", re.IGNORECASE)
_WAITS = re.compile(r"wenn\s.+|.*\bnach(?:dem)?\s.+", re.IGNORECASE)
_LETTERS = [a + b for b in ("", *"abcdefghijklmnopqrstuvwxyz") for a in "bcdefghijklmnopqrstuvwxyz"]
_NAME_MAX, _LINE_MAX, _TEXT_MAX = 60, 200, 4000


@dataclass
class Intake:
    """A script made from a table, and what has to be said about it."""

    script: dict[str, Any]
    notes: list[str] = field(default_factory=list)


def from_table(path: Path, name: str, begin: str | None) -> Intake:
    """Turn a table into a script; ``begin`` as in scripts, else the first date of the table.

    Raises UsageError.
    """
    found = read_rows(path, [title for titles in COLUMNS.values() for title in titles])
    if not found.rows:
        raise UsageError(f"{path.name} hat unter der Kopfzeile keine Zeilen.")
    rows = [line_of(row) for row in found.rows]
    start = begin or _first_date(rows)
    if start is None:
        raise UsageError(
            "Wann beginnt die Übung? In der Tabelle steht kein Datum: bitte angeben mit"
            ' --beginn "24.11.2026 18:00".'
        )
    intake = Intake({"name": name[:80], "beginn": start}, list(found.notes))
    steps = _steps(rows, parse_time(start, 0), intake.notes)
    intake.script["stellen"] = _staffs(steps)
    intake.script["ablauf"] = steps
    unknown = sorted({column for row in rows for column in row.strange})
    if unknown:
        intake.notes.append(f"Als Bemerkung übernommene Spalten: {', '.join(unknown)}.")
    if not steps:
        raise UsageError(f"{path.name} hat keine Zeile mit einem Inhalt.")
    return intake


def as_yaml(script: Mapping[str, Any]) -> str:
    """The script as people go on with it: blocks, long texts over several lines."""
    return yaml.dump(script, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=100)


class _Dumper(yaml.SafeDumper):
    """Without references; several lines stay lines."""

    def ignore_aliases(self, data: Any) -> bool:
        """Never a reference: scripts know none."""
        return True


def _represent(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _represent)


def _first_date(rows: Iterable[Line]) -> str | None:
    """The earliest moment with its day and year that the table names."""
    moments = []
    for row in rows:
        text = " ".join(row.texts.get(key, "") for key in ("datum", "zeit")).strip()
        if re.search(r"\d{1,2}\.\d{1,2}\.\d{2,4}|\d{6}[a-z]{3}\d{2}|\d{4}-\d{2}-\d{2}", text):
            try:
                moments.append(parse_time(text, 0))
            except UsageError:
                continue
    return f"{local(min(moments)):%d.%m.%Y %H:%M}" if moments else None


def _steps(rows: Sequence[Line], begin: int, notes: list[str]) -> list[dict[str, Any]]:
    steps: list[dict[str, Any]] = []
    numbers: set[str] = set()
    before = "X+00:00"
    for row in rows:
        line, texts = row.row.line, row.texts
        if "inhalt" not in texts:
            said = "; ".join(texts.values()) or "; ".join(row.rest)
            notes.append(f"Zeile {line} ohne Inhalt ausgelassen: {said[:80]}")
            continue
        remarks = [texts["bemerkung"]] if "bemerkung" in texts else []
        step: dict[str, Any] = {"nr": _number(texts.get("nr", ""), line, numbers, notes)}
        time, odd = _time(texts, begin)
        if odd:
            remarks.append(f"Zeit: {odd}")
            notes.append(f"Zeile {line}: „{odd}“ ist keine Zeit; genommen ist die davor.")
        before = step["zeit"] = time or before
        way, odd = _way(texts.get("weg", ""))
        if odd:
            remarks.append(f"Weg: {odd}")
            notes.append(f"Zeile {line}: der Weg „{odd}“ ist nicht bekannt; genommen ist {way}.")
        step |= _people(texts, way)
        step["weg"] = str(way)
        if "titel" in texts:
            step["titel"] = texts["titel"][:_LINE_MAX]
        step["inhalt"] = texts["inhalt"][:_TEXT_MAX]
        step |= {key: texts[key][:_TEXT_MAX] for key in ("erwartet", "bewertung") if key in texts}
        if remark := "\n".join([*remarks, *row.rest]):
            step["bemerkung"] = remark[:_TEXT_MAX]
        steps.append(step)
    return steps


def _number(said: str, line: int, taken: set[str], notes: list[str]) -> str:
    """The number of an inject; that of its line in the table where it has none of its own."""
    number = said[:18] or f"Z{line}"
    if fold_text(number) in taken:
        fresh = next(f"{number}{letter}" for letter in _LETTERS
                     if fold_text(f"{number}{letter}") not in taken)  # fmt: skip
        notes.append(f"Zeile {line}: die Nummer {number} steht zweimal da; nun {fresh}.")
        number = fresh
    taken.add(fold_text(number))
    return number


def _time(texts: Mapping[str, str], begin: int) -> tuple[str, str]:
    """A time as scripts write it, or what cannot be understood."""
    text = re.sub(r"^(?:ca\.?|etwa|gegen|um)\s+", "", texts.get("zeit", ""), flags=re.IGNORECASE)
    if _WAITS.fullmatch(text):
        return text, ""
    text = re.split(r"\s+(?:-|–|bis)\s+|(?<=\d)[-–](?=\d{1,2}:)", text)[0].strip()
    if not text:
        return "", ""
    if match := _X.fullmatch(text):
        if match[2]:
            return f"X+{int(match[1]):02}:{match[2]}", ""
        return f"X+{int(match[1]):02}", ""
    if match := _CLOCK.fullmatch(text):
        clock = f"{int(match[1]):02}:{match[2]}"
        day = texts.get("datum", "")
        return (f"{day} {clock}" if re.match(r"\d{1,2}\.\d", day) else clock), ""
    try:
        return f"{local(parse_time(text, begin)):%d.%m.%Y %H:%M}", ""
    except UsageError:
        return "", text


def _way(text: str) -> tuple[Way, str]:
    """The way that a word means; the phone, and the word, where it means none."""
    folded = fold_text(text)
    for way, words in _WAYS:
        if any(word in folded for word in words):
            return way, ""
    return Way.PHONE, text


def _people(texts: Mapping[str, str], way: Way) -> dict[str, Any]:
    """From whom and to whom."""
    sender = " ".join(texts.get("von", "").split())[:_LINE_MAX]
    to = [" ".join(each.split())[:_NAME_MAX] for each in _PARTED.split(texts.get("an", ""))]
    to = list(dict.fromkeys(each for each in to if each))
    if way is Way.OWN:
        return {"von": to[0] if to else sender}
    said: dict[str, Any] = {"von": sender} if sender else {}
    everybody = not to or any(fold_text(each).startswith("alle") for each in to)
    return {**said, "an": "alle" if everybody else to[0] if len(to) == 1 else to}


def _staffs(steps: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Who is written to sits there as people; staffs that only write are played."""
    manned: dict[str, None] = {}
    for step in steps:
        to = step.get("an", step["von"] if step["weg"] == Way.OWN else "alle")
        manned |= dict.fromkeys(each for each in ([to] if isinstance(to, str) else to))
    played = {step.get("von", ""): None for step in steps if _is_staff(step.get("von", ""))}
    found = []
    for name in {**manned, **played}:
        if fold_text(name) in ("alle", "", fold_text(DIRECTION)):
            continue
        role = next(
            (role for role, words in _ROLES if fold_text(f"{name} ").startswith(words)),
            "organisation",
        )
        seat = MANNED if name in manned else PLAYED
        found.append({"name": name, "rolle": role, "besetzung": seat})
    return found or [{"name": "SAE", "rolle": "sae", "besetzung": MANNED}]


def _is_staff(name: str) -> bool:
    return fold_text(name).startswith(("sae ", "krisenstab"))
