# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A table as exercise staffs keep their Einlagen, turned into a Drehbuch that people go on with.

The columns are called in many ways, and cells are written for people. What has a clear meaning is
taken, and where that is another than what stands there it is said; what has none stays as a remark
of its inject, and is said: nothing that stood in the table is lost. A table that Lage has written
comes back whole: in rows of their own, whose time is „Rahmen“, stands what is no inject.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from lage.exercise.script.cells import Dumper, content_of, lines_of, read_line
from lage.exercise.script.columns import COLUMNS, Line, line_of
from lage.exercise.script.conditions import ON_CALL, Language
from lage.exercise.script.foreign import NAME_MAX, Taken, people_of, time_of, way_of
from lage.exercise.script.keys import INJECT, MANNED, PLAYED, SCRIPT
from lage.exercise.script.model import DIRECTION, At, Way
from lage.exercise.script.shapes import One, Rows
from lage.exercise.script.times import Times
from lage.imports.rows import read_rows
from lage.language.errors import UsageError
from lage.language.folding import fold_text
from lage.language.tactical import local, parse_time

_ROLES = (
    ("krisenstab", ("krisenstab", "kreis ")),
    ("leitstelle", ("leitstelle", "ils")),
    ("einsatzleitung", ("einsatzleitung", "fuehrungsstab", "tel ", "el ")),
    ("sae", ("sae", "stab", "stadt", "gemeinde")),
)
_LETTERS = [a + b for b in ("", *"abcdefghijklmnopqrstuvwxyz") for a in "bcdefghijklmnopqrstuvwxyz"]
_NUMBER_MAX, _LINE_MAX, _TEXT_MAX = 20, 200, 4000
_TEXTS = {"titel": _LINE_MAX, "inhalt": _TEXT_MAX, "erwartet": _TEXT_MAX, "bewertung": _TEXT_MAX,
          "bemerkung": _TEXT_MAX}  # fmt: skip
_AS_IT_IS = ("id", "vorrang", "wahrscheinlichkeit", "streuung")


@dataclass
class Intake:
    """A script made from a table, and what has to be said about it."""

    script: dict[str, Any]
    notes: list[str] = field(default_factory=list)


def from_table(path: Path, name: str | None, begin: str | None) -> Intake:
    """Turn a table into a script; ``name``: else that in the table, else the file's; ``begin`` as
    in scripts, else that in the table, else the first date.

    Raises UsageError.
    """
    found = read_rows(path, [title for titles in COLUMNS.values() for title in titles])
    if not found.rows:
        raise UsageError(f"{path.name} hat unter der Kopfzeile keine Zeilen.")
    notes = list(found.notes)
    rows = [line_of(row) for row in found.rows]
    frame = _frame([row for row in rows if row.is_frame], notes)
    rows = [row for row in rows if not row.is_frame]
    start = begin or frame.get("beginn") or _first_date(rows)
    if start is None:
        raise UsageError(
            "Wann beginnt die Übung? In der Tabelle steht kein Datum: bitte angeben mit"
            ' --beginn "24.11.2026 18:00".'
        )
    table = _Table(frame, parse_time(start, 0), notes)
    steps = table.steps(rows)
    if not steps:
        raise UsageError(f"{path.name} hat keine Zeile mit einem Inhalt{_unread(rows)}.")
    said = {**frame, "name": (name or frame.get("name") or path.stem)[:80], "beginn": start,
            "stellen": table.staffs(steps), "ablauf": steps}  # fmt: skip
    notes += [*table.taken.sentences(), *_seats(said["stellen"], frame)]
    unknown = sorted({column for row in rows for column in row.strange})
    if unknown:
        notes.append(f"Als Bemerkung übernommene Spalten: {', '.join(unknown)}.")
    return Intake({key.name: said[key.name] for key in SCRIPT.keys if key.name in said}, notes)


def as_yaml(script: Mapping[str, Any]) -> str:
    """The script as people go on with it: blocks, long texts over several lines."""
    return yaml.dump(script, Dumper=Dumper, allow_unicode=True, sort_keys=False, width=100)


def _unread(rows: Iterable[Line]) -> str:
    """Which columns are there instead, as the end of a sentence: one of them may be meant."""
    strange = sorted({column for row in rows for column in row.strange})
    if not strange:
        return ""
    return (
        f": keine Spalte heißt wie {', '.join(COLUMNS['inhalt'][1:4])}, und nicht zu verstehen"
        f" sind {', '.join(f'„{column:.30}“' for column in strange[:8])}"
    )


def _frame(rows: Iterable[Line], notes: list[str]) -> dict[str, Any]:
    """What stands in the rows of the frame: all of a script but its injects."""
    frame: dict[str, Any] = {}
    for row in rows:
        key, text = row.texts.get("nr", ""), row.texts.get("inhalt", "")
        declared = SCRIPT.key(key)
        if declared is None or key == "ablauf":
            notes.append(f"Zeile {row.row.line} ausgelassen: „{key}“ gibt es im Rahmen nicht.")
            continue
        if isinstance(declared.shape, One):
            frame[key] = text
            continue
        try:
            value = read_line(text) if isinstance(declared.shape, Rows) else text
        except UsageError as error:
            notes.append(f"Zeile {row.row.line} ausgelassen: {error}")
            continue
        frame.setdefault(key, []).append(value)
    return frame


def _seats(staffs: Sequence[Mapping[str, Any]], frame: Mapping[str, Any]) -> list[str]:
    """Who is taken for a staff, and whether people sit there."""
    new = staffs[len(frame.get("stellen", [])) :]
    said = []
    for seat, how in ((MANNED, "sitzen Menschen an"), (PLAYED, "spielt das Drehbuch")):
        if names := [staff["name"] for staff in new if staff["besetzung"] == seat]:
            said.append(f"Nach „Von“ und „An“ {how}: {', '.join(names)}.")
    return said


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


class _Table:
    """The rows of injects on their way to a script."""

    def __init__(self, frame: Mapping[str, Any], begin: int, notes: list[str]) -> None:
        self.taken = Taken()
        self._frame, self._begin, self._notes = frame, begin, notes
        named = [staff.get("name", "") for staff in frame.get("stellen", [])]
        self._known = tuple(str(name) for name in named if name)
        self._phases = [phase.get("name") for phase in frame.get("phasen", [])]
        self._numbers: set[str] = set()
        self._remarks: list[str] = []

    def steps(self, rows: Iterable[Line]) -> list[dict[str, Any]]:
        """The injects."""
        steps = []
        before = "X+00:00"
        for row in rows:
            if "inhalt" not in row.texts:
                said = "; ".join(row.texts.values()) or "; ".join(row.rest)
                self._notes.append(f"Zeile {row.row.line} ohne Inhalt ausgelassen: {said[:80]}")
                continue
            self._remarks = [row.texts["bemerkung"]] if "bemerkung" in row.texts else []
            step = self._step(row, before)
            if step["zeit"] != ON_CALL:
                before = step["zeit"]
            steps.append((row, step))
        language = self._language([step for _, step in steps])
        for row, step in steps:
            self._judge_condition(row.row.line, step, language)
        return [_in_order(step) for _, step in steps]

    def _step(self, row: Line, before: str) -> dict[str, Any]:
        line, texts = row.row.line, row.texts
        step: dict[str, Any] = {"nr": self._number(texts.get("nr", ""), line)}
        step["zeit"] = self._time(texts, line, before)
        content = content_of(texts["inhalt"])
        way = self._way(texts.get("weg", ""), line)
        step |= self._people(texts, way, line, spoken="inhalt" in content)
        step["weg"] = str(way)
        step |= content
        step |= {key: texts[key] for key in _TEXTS if key in texts and key != "inhalt"}
        step |= {key: texts[key] for key in _AS_IT_IS if key in texts}
        self._parts(step, texts, line)
        step["bemerkung"] = "\n".join([*self._remarks, *row.rest])
        for key, most in _TEXTS.items():
            self._shorten(step, key, most, line)
        return {key: value for key, value in step.items() if value != ""}

    def _shorten(self, step: dict[str, Any], key: str, most: int, line: int) -> None:
        text = step.get(key, "")
        if len(text) > most:
            step[key] = text[:most]
            self._notes.append(
                f"Zeile {line}: „{key}“ hat {len(text)} Zeichen; genommen sind die ersten {most}."
            )

    def _number(self, said: str, line: int) -> str:
        """The number of an inject; that of its line in the table where it has none of its own."""
        number = "".join(said.split())[:_NUMBER_MAX] or f"Z{line}"
        change = f"wird {number}, unter einem Wort wird sie genannt" if said else f"nun {number}"
        if number != said:
            self.taken.add(line, "die Nummer", said, change)
        if fold_text(number) in self._numbers:
            stem = number[: _NUMBER_MAX - 2]
            fresh = next(f"{stem}{letter}" for letter in _LETTERS
                         if fold_text(f"{stem}{letter}") not in self._numbers)  # fmt: skip
            self._notes.append(f"Zeile {line}: die Nummer {number} steht zweimal da; nun {fresh}.")
            number = fresh
        self._numbers.add(fold_text(number))
        return number

    def _time(self, texts: Mapping[str, str], line: int, before: str) -> str:
        said = texts.get("zeit", "")
        if not said:
            self.taken.add(line, "die Zeit", "", f"genommen ist die davor, {before}")
            return before
        found = time_of(said, texts.get("datum", ""), self._begin)
        if found is None:
            self._remarks.append(f"Zeit: {said}")
            self.taken.add(line, "die Zeit", said, f"ist keine; genommen ist die davor, {before}")
            return before
        if found.change:
            self.taken.add(line, "die Zeit", said, found.change)
        if found.kept:
            self._remarks.append(f"Zeit: {said}")
        return found.text

    def _way(self, said: str, line: int) -> Way:
        way = way_of(said) if said else None
        if way is None:
            if said:
                self._remarks.append(f"Weg: {said}")
            self.taken.add(line, "der Weg", said,
                           f"ist nicht bekannt; genommen ist {Way.PHONE}" if said
                           else f"genommen ist {Way.PHONE}")  # fmt: skip
            return Way.PHONE
        if fold_text(said) != fold_text(way):
            self.taken.add(line, "der Weg", said, f"wird {way}")
        return way

    def _people(
        self, texts: Mapping[str, str], way: Way, line: int, *, spoken: bool
    ) -> dict[str, Any]:
        """From whom and to whom."""
        sender = " ".join(texts.get("von", "").split())
        to = self._to(texts.get("an", ""), line)
        from_staff = _is_staff(sender) or sender in self._known
        if way is Way.OWN and to and not from_staff:
            self.taken.add(line, "bei einer eigenen Handlung „Von“", sender,
                           f"entfällt; es handelt {to[0]}")  # fmt: skip
            return {"von": to[0]}
        said: dict[str, Any] = {"von": sender[:_LINE_MAX]} if sender else {}
        if not to and (way is Way.OWN or not spoken):
            return said
        if not to:
            self.taken.add(line, "„An“", "", "sie geht an alle")
        everybody = not to or any(fold_text(each).startswith("alle") for each in to)
        if everybody and to and [fold_text(each) for each in to] != ["alle"]:
            self.taken.add(line, "„An“", texts["an"], "heißt: an alle")
        return {**said, "an": "alle" if everybody else to[0] if len(to) == 1 else to}

    def _to(self, said: str, line: int) -> list[str]:
        if said.startswith("["):
            try:
                return [str(each) for each in read_line(said)]
            except UsageError:
                pass  # no list of ours
        found = people_of(said, self._known)
        if len(found) > 1 and ", ".join(found) != " ".join(said.split()):
            self.taken.add(line, "„An“", said, f"sind {len(found)} Stellen: {', '.join(found)}")
        for name in found:
            if len(name) > NAME_MAX:
                self.taken.add(line, "„An“", name, f"ist zu lang; genommen ist {name[:NAME_MAX]}")
        return [name[:NAME_MAX] for name in found]

    def _parts(self, step: dict[str, Any], texts: Mapping[str, str], line: int) -> None:
        """Cells of tables that Lage wrote; what others write in them stays as a remark."""
        for key in ("erfuellt", "nur_wenn", "stoerung", "phase"):
            text = texts.get(key, "")
            try:
                if text:
                    step[key] = self._part(key, text)
            except UsageError:
                title = COLUMNS[key][0]
                self._remarks.append(f"{title}: {text}")
                self.taken.add(line, f"„{title}“", text, "ist nun eine Bemerkung")

    def _part(self, key: str, text: str) -> Any:
        """What such a cell says. Raises UsageError."""
        if key == "phase":
            if text not in self._phases:
                raise UsageError("Diese Phase gibt es nicht.")
            return text
        if key == "stoerung":
            if not text.startswith("{"):
                raise UsageError("Das ist keine Störung.")
            return read_line(text)
        return lines_of(text)

    def _language(self, steps: Sequence[Mapping[str, Any]]) -> Language:
        names = {fold_text(step[key]): step["nr"] for step in steps for key in ("nr", "id")
                 if key in step}  # fmt: skip
        staffs = tuple(dict.fromkeys((*(staff["name"] for staff in self.staffs(steps)), DIRECTION)))
        return Language(Times(self._begin), staffs, names, {})

    def _judge_condition(self, line: int, step: dict[str, Any], language: Language) -> None:
        """A time in words that no script understands is one for people: given by hand."""
        said = step["zeit"]
        try:
            if isinstance(language.when(said), At):
                return
        except UsageError:
            if not re.match(r"wenn\s|.*\bnach(?:dem)?\s", said, re.IGNORECASE):
                return  # a moment, which is judged with the script
            step["zeit"] = ON_CALL
            remark = step.get("bemerkung", "")
            step["bemerkung"] = f"{remark}\nZeit: {said}".strip()
            self.taken.add(line, "die Zeit", said, f"ist nicht zu verstehen; nun „{ON_CALL}“")

    def staffs(self, steps: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Those of the frame. Who is written to besides sits there as people; staffs that only
        write are played."""
        manned: dict[str, None] = {}
        for step in steps:
            own = step.get("von", "") if step["weg"] == Way.OWN else None
            to = step.get("an", own if own is not None else "alle")
            manned |= dict.fromkeys([to] if isinstance(to, str) else to)
        played = {step.get("von", ""): None for step in steps if _is_staff(step.get("von", ""))}
        found = list(self._frame.get("stellen", []))
        known = {fold_text(str(staff.get("name", ""))) for staff in found}
        for name in {**manned, **played}:
            if fold_text(name) in ("alle", "", fold_text(DIRECTION), *known):
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


def _in_order(step: Mapping[str, Any]) -> dict[str, Any]:
    return {key.name: step[key.name] for key in INJECT.keys if key.name in step}
