# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The JSON schema of a Drehbuch, made from the declarations by which it is read (``keys``).

Editors complete and check by it while somebody writes. It says what a single value must look like;
what values mean together (numbers that are referred to, circles, times) only the reading knows.
Scalars may be numbers as well: editors take ``Wert: 431`` for one, where reading takes texts.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lage.exercise.script.keys import SCRIPT
from lage.exercise.script.shapes import (
    Checks,
    Curve,
    Fields,
    Key,
    One,
    Rows,
    Several,
    Shape,
    Sort,
    Table,
)
from lage.kinds.cards import CARDS
from lage.kinds.inputs import choices_of
from lage.views.words import label_of
from sync.schema.definition import Many

SCHEMA_FILE = Path(__file__).parent.with_name("drehbuch.schema.json")
_TYPED = {"type": ["string", "number"]}
_PATTERNS = {
    Sort.PERCENT: r"^\d+([.,]\d+)? ?%$",
    Sort.DURATION: r"^(\d+([.,]\d+)?|\d+:\d\d) ?(min|Minuten?|h|Std|Stunden?|Tage?)\.?$",
}
_CURVE_KEY = r"^(X( ?\+ ?\d|$)|\d)"


def schema() -> dict[str, Any]:
    """The whole schema."""
    definitions: dict[str, Any] = {}
    root = _table(SCRIPT, definitions)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Drehbuch einer Übung von Lage",
        **root,
        "$defs": dict(sorted(definitions.items())),
    }


def schema_text() -> str:
    """The schema as the shipped file has it."""
    return json.dumps(schema(), ensure_ascii=False, indent=1) + "\n"


def _table(table: Table, definitions: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "type": "object",
        "properties": {key.name: _key(key, definitions) for key in table.keys},
        "additionalProperties": False,
    }
    if needed := [key.name for key in table.keys if key.needed]:
        found["required"] = needed
    if table.deeds:
        found["oneOf"] = [{"required": [deed]} for deed in table.deeds]
    return found


def _key(key: Key, definitions: dict[str, Any]) -> dict[str, Any]:
    says = f"{key.says}; sonst: {key.default}" if key.default else key.says
    return {"description": says, **_shape(key.shape, definitions)}


def _shape(shape: Shape | Table, definitions: dict[str, Any]) -> dict[str, Any]:
    match shape:
        case Table():
            return _defined(shape, definitions)
        case One():
            return _one(shape)
        case Several(of, most):
            return {"anyOf": [_one(of), {"type": "array", "items": _one(of), "maxItems": most}]}
        case Rows(of, most):
            return {"type": "array", "items": _defined(of, definitions), "maxItems": most}
        case Checks(of, most):
            sentence = {"type": "string", "minLength": 1}
            items = {"anyOf": [sentence, _defined(of, definitions)]}
            return {"type": "array", "items": items, "maxItems": most}
        case Curve(most):
            return {
                "type": "object",
                "propertyNames": {"pattern": _CURVE_KEY},
                "additionalProperties": _one(One(Sort.NUMBER)),
                "minProperties": 1,
                "maxProperties": most,
            }
        case Fields():
            return _fields(shape, definitions)


def _defined(table: Table, definitions: dict[str, Any]) -> dict[str, Any]:
    if table.title not in definitions:
        definitions[table.title] = {}
        definitions[table.title] = _table(table, definitions)
    return {"$ref": f"#/$defs/{table.title}"}


def _one(one: One) -> dict[str, Any]:
    if one.choices:
        return {"enum": list(map(str, one.choices))}
    match one.sort:
        case Sort.YES_NO:
            return {"enum": ["ja", "nein"]}
        case Sort.NUMBER:
            return _number({"type": "number"}, r"^[+-]?\d+([.,]\d+)?$")
        case Sort.WHOLE:
            return _number({"type": "integer", "minimum": 0}, r"^\d+$")
        case Sort.PERCENT | Sort.DURATION:
            return {"type": "string", "pattern": _PATTERNS[one.sort]}
        case Sort.TIME | Sort.WHEN | Sort.HAPPENING | Sort.MOMENT:
            return {"type": "string", "minLength": 1}
    return {**_TYPED, "maxLength": one.longest}


def _number(number: dict[str, Any], as_text: str) -> dict[str, Any]:
    return {"anyOf": [number, {"type": "string", "pattern": as_text}]}


def _fields(shape: Fields, definitions: dict[str, Any]) -> dict[str, Any]:
    if shape.given:
        named = {name: dict(_TYPED) for name in shape.given}
        return {"type": "object", "properties": named, "additionalProperties": False,
                "required": list(shape.given)}  # fmt: skip
    if not shape.kind:
        return {"type": "object", "additionalProperties": dict(_TYPED), "minProperties": 1}
    name = f"Angaben {CARDS[shape.kind].title}"
    definitions.setdefault(name, {
        "type": "object",
        "properties": dict(_inputs(shape.kind)),
        "additionalProperties": False,
    })  # fmt: skip
    return {"$ref": f"#/$defs/{name.replace(' ', '%20')}"}


def _inputs(kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every label of a form and of the fields beside it, with what may be typed."""
    card = CARDS[kind]
    hints = {field.name: field.hint for field in card.form}
    for name in dict.fromkeys((*hints, *card.kind.by_name)):
        values = choices_of(kind, name)
        said: dict[str, Any] = {"enum": [*values, "?"]} if values else dict(_TYPED)
        field = card.kind.by_name.get(name)
        if values and field is not None and isinstance(field.type, Many):
            said = dict(_TYPED)
        if hints.get(name):
            said["description"] = hints[name]
        yield label_of(kind, name), said
