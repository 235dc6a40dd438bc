# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The tables of ``docs/drehbuch.md``, written from the keys by which scripts are read."""

from __future__ import annotations

import re
from pathlib import Path

from lage.exercise.script.keys import KIND_NAMES, TABLES
from lage.exercise.script.model import State
from lage.exercise.script.shapes import (
    Checks,
    Curve,
    Fields,
    Key,
    One,
    Rows,
    Several,
    Shape,
    Table,
)
from lage.kinds.cards import CARDS
from lage.kinds.inputs import changeable, choices_of, parts_of
from lage.views.words import label_of

PAGE = Path(__file__).resolve().parent.parent / "docs" / "drehbuch.md"
_MARKED = re.compile(r"(<!-- Tabelle: (.+?) -->\n).*?(<!-- Ende -->)", re.DOTALL)


def write_into(text: str) -> str:
    """The page with its tables as the program has them."""
    return _MARKED.sub(lambda match: f"{match[1]}\n{_part(match[2])}\n{match[3]}", text)


def _part(name: str) -> str:
    if name == "Einträge":
        return _kinds()
    if name == "Zustände":
        return "\n".join(f"- `{state}`" for state in State) + "\n"
    return _keys(next(table for table in TABLES if table.title == name))


def _keys(table: Table) -> str:
    lines = ["| Schlüssel | Wert | Bedeutung | wenn er fehlt |", "| --- | --- | --- | --- |"]
    for key in table.keys:
        if key.name not in KIND_NAMES:
            lines.append(_key(key))
        elif key.name == next(iter(KIND_NAMES)):
            lines.append("| *Art eines Eintrags* | Tabelle | ein Eintrag, siehe „Einträge“ | – |")
    return "\n".join(lines) + "\n"


def _key(key: Key) -> str:
    missing = "**nötig**" if key.needed else key.default or "–"
    return f"| `{key.name}` | {_value(key.shape)} | {_cell(key.says)} | {_cell(missing)} |"


def _value(shape: Shape | Table) -> str:
    match shape:
        case Table():
            return f"Tabelle „{shape.title}“"
        case One():
            return _one(shape)
        case Several(of):
            return f"{_one(of)}, oder mehrere: `[…, …]`"
        case Rows(of):
            return f"Liste von „{of.title}“"
        case Checks(of):
            return f"Liste: Satz oder „{of.title}“"
        case Curve():
            return "Zeiten und Zahlen"
        case Fields():
            return "Angaben"


def _one(one: One) -> str:
    if one.choices and one.choices == tuple(KIND_NAMES):
        return "eine Art, siehe „Einträge“"
    return ", ".join(f"`{choice}`" for choice in one.choices) or one.sort.value


def _kinds() -> str:
    lines = ["| Art | Eintrag | Angaben |", "| --- | --- | --- |"]
    for word, kind in KIND_NAMES.items():
        card = CARDS[kind]
        names = [field.name for field in card.form]
        beside = [n for n in card.kind.by_name if n not in names and n not in _parts(kind)]
        later = [label_of(kind, n) for n in beside if changeable(kind, n)]
        said = ", ".join(_input(kind, name) for name in names)
        if later:
            said += f"; außerdem: {', '.join(later)}"
        lines.append(f"| `{word}` | {card.title} | {_cell(said)} |")
    return "\n".join(lines) + "\n"


def _parts(kind: str) -> set[str]:
    names = [field.name for field in CARDS[kind].form]
    return {part for name in names for part in parts_of(kind, name)}


def _input(kind: str, name: str) -> str:
    field = next(field for field in CARDS[kind].form if field.name == name)
    values = choices_of(kind, name)
    label = f"**{field.label}**" if field.required else field.label
    return f"{label} ({' / '.join(values)})" if values else label


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
