# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Reading what stands in a file by the declarations: every value of its sort, every fault named."""

from __future__ import annotations

import re
from typing import Any

from lage.exercise.script.faults import Faults
from lage.exercise.script.plain import Block, Row, Said, Word, left_over
from lage.exercise.script.shapes import (
    Checks,
    Curve,
    Fields,
    One,
    Rows,
    Several,
    Shape,
    Sort,
    Table,
)
from lage.exercise.script.times import duration
from lage.language.errors import UsageError
from lage.language.folding import fold_text
from lage.write.parse import parse_choice

WHOLE_DIGITS = 9
_NUMBER = re.compile(r"[+-]?\d{1,9}(?:[.,]\d{1,6})?", re.ASCII)


def walk(table: Table, said: Said, faults: Faults) -> dict[str, Any]:
    """What a table says by its keys; what is wrong is left out and named.

    Texts and times stay ``Word``; numbers, shares and durations are float, yes and no bool.
    """
    if not isinstance(said, Block):
        faults.add(said, f"hier gehört eine Tabelle hin: {table.title} mit "
                   f"{_names(table, needed=True)}.")  # fmt: skip
        return {}
    values: dict[str, Any] = {}
    for key, value in said.marked():
        declared = table.key(key)
        if declared is None:
            faults.add(key, left_over(key, value) or _unknown(table, key))
            continue
        shape = declared.shape
        try:
            found = (
                walk(shape, value, faults)
                if isinstance(shape, Table)
                else _value(shape, value, faults, key)
            )
        except UsageError as error:
            faults.add(value if isinstance(value, Word) else key, f"„{key}“: {error}")
            continue
        if found is not None:
            values[key] = found
    for declared in table.keys:
        if declared.needed and declared.name not in said:
            faults.add(said, f"{table.title}: es fehlt „{declared.name}“ ({declared.says}).")
    return values


def _value(shape: Shape, said: Said, faults: Faults, key: Word) -> Any:
    match shape:
        case One():
            if not isinstance(said, Word):
                raise UsageError("hier steht ein einzelner Wert, keine Liste oder Tabelle.")
            return one(shape, said)
        case Several(of, most):
            items = said if isinstance(said, Row) else [said]
            if isinstance(said, Word) and of.sort is Sort.STAFF and "," in said:
                raise UsageError("mehrere Stellen stehen in eckigen Klammern: [A, B].")
            _count(items, most)
            found = []
            for item in items:
                if not isinstance(item, Word):
                    faults.add(item, f"„{key}“: hier steht ein Text, keine Liste oder Tabelle.")
                    continue
                try:
                    found.append(one(of, item))
                except UsageError as error:
                    faults.add(item, f"„{key}“: {error}")
            return [each for each in found if each is not None]
        case Rows(_, most) | Checks(_, most):
            if not isinstance(said, Row):
                raise UsageError("hier gehört eine Liste hin, jeder Teil mit „- “ davor.")
            _count(said, most)
            return said
        case Curve(most):
            if not isinstance(said, Block):
                raise UsageError("hier stehen Zeiten und Werte: {X+00: 431, X+06:00: 510}.")
            _count(said, most)
            return said
        case Fields():
            if not isinstance(said, Block):
                raise UsageError("hier stehen Angaben wie im Formular: {Angabe: Text, …}.")
            return said


def one(shape: One, text: Word) -> Any:
    """A single value of its sort; None for an empty one. Raises UsageError."""
    if not text:
        return None
    if shape.choices:
        return parse_choice(text, shape.choices)
    if len(text) > shape.longest:
        raise UsageError(f"der Text ist {len(text)} Zeichen lang, möglich sind {shape.longest}.")
    match shape.sort:
        case Sort.NUMBER:
            return number(text)
        case Sort.WHOLE:
            if not text.isdecimal():
                raise UsageError(f"„{text}“ ist keine ganze Zahl.")
            if len(text) > WHOLE_DIGITS:
                raise UsageError(f"„{text}“ ist zu groß: möglich sind {WHOLE_DIGITS} Ziffern.")
            return int(text)
        case Sort.PERCENT:
            return _share(text)
        case Sort.DURATION:
            return duration(text)
        case Sort.YES_NO:
            if fold_text(text) not in ("ja", "nein"):
                raise UsageError(f"„{text}“ ist weder ja noch nein.")
            return fold_text(text) == "ja"
        case Sort.LINE:
            if not text.isprintable():
                raise UsageError("hier steht nur eine Zeile, ohne Tabulator.")
    return text


def number(text: str) -> float:
    """A number with point or comma. Raises UsageError."""
    if not _NUMBER.fullmatch(text):
        raise UsageError(f"„{text}“ ist keine Zahl.")
    return float(text.replace(",", "."))


def _share(text: str) -> float:
    share = number(text.removesuffix("%").strip()) / 100
    if not text.endswith("%"):
        raise UsageError(f"„{text}“: bitte mit Prozentzeichen schreiben, z. B. 30 %.")
    if not 0 <= share <= 1:
        raise UsageError(f"„{text}“: möglich sind 0 bis 100 %.")
    return share


def _count(items: Any, most: int) -> None:
    if len(items) > most:
        raise UsageError(f"{len(items)} sind zu viele, möglich sind {most}.")


def _unknown(table: Table, key: str) -> str:
    folded = fold_text(key)
    same = next((each.name for each in table.keys if fold_text(each.name) == folded), "")
    if same:
        return f"die Angabe „{key}“ gibt es hier nicht; gemeint ist wohl „{same}“."
    return f"die Angabe „{key}“ gibt es hier nicht; möglich: {_names(table)}."


def _names(table: Table, *, needed: bool = False) -> str:
    return ", ".join(key.name for key in table.keys if key.needed or not needed) or table.title
