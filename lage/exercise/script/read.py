# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A Drehbuch (MSEL) as a YAML file, read and checked as a whole before anything is played.

    name: Hochwasser
    beginn: 24.11.2026 05:30
    stellen: [{name: Krisenstab Steinfurt, rolle: krisenstab}, {name: SAE Rheine, rolle: sae}]
    ablauf:
      - {zeit: X+04, stelle: SAE Rheine, id: keller, vorfall: {Art: Überflutung, Lage: …}}
      - {zeit: X+09, stelle: SAE Rheine, aendern: {vorfall: keller, Status: in Arbeit}}
      - {zeit: X+10, stelle: Krisenstab Steinfurt, quittung: {Nachricht: m1, Name: Meyer}}

Fields are called as in the forms. ``nr``, ``weg``, ``erwartet`` and ``bewertung`` are the
trainer's own and are kept as notes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from lage.exercise.script.model import At, Cast, Entry, Inject, Script
from lage.exercise.script.rehearsal import Rehearsal
from lage.kinds.cards import CARDS
from lage.kinds.directory import ROLES
from lage.kinds.inputs import changeable, refers_to
from lage.language.errors import ImportRefused, UsageError, why
from lage.language.folding import fold_text
from lage.language.tactical import parse_time
from lage.views.words import label_of
from lage.write.parse import is_unknown
from lage.write.quantity import number
from maps.read.files import read_regular
from sync.schema.definition import Ref

KIND_NAMES = {card.word: kind for kind, card in CARDS.items() if card.word and card.form}
_NOTES = ("nr", "weg", "erwartet", "bewertung")
STEPS_MAX = 5000


SCRIPT_BYTES_MAX = 4_000_000
DEPTH_MAX = 20


class NotPlain(yaml.MarkedYAMLError):
    """What YAML allows and scripts do not; its problem is in German."""


def _german(error: yaml.YAMLError) -> str:
    return str(error.problem) if isinstance(error, NotPlain) else why(error)


class PlainLoader(yaml.BaseLoader):
    """YAML as scripts use it: no anchors, which could multiply, and no endless nesting.

    Every scalar is the text that was typed: YAML itself would take 15:30 for 930 and 010 for 8.
    """

    _depth = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        """One node; raises YAMLError for an alias or too deep a nesting."""
        event = self.peek_event()  # type: ignore[no-untyped-call]
        mark = event.start_mark
        if isinstance(event, yaml.AliasEvent):
            raise NotPlain(problem="Verweise (*) gibt es hier nicht", problem_mark=mark)
        self._depth += 1
        if self._depth > DEPTH_MAX:
            raise NotPlain(problem="zu tief verschachtelt", problem_mark=mark)
        node = super().compose_node(parent, index)
        self._depth -= 1
        return node


def built_in() -> Path:
    """The script that the demo plays."""
    return Path(__file__).parent.with_name("hochwasser.yaml")


def read_script(path: Path) -> Script:
    """Read a script and go through it. Raises ImportRefused naming every bad inject's line."""
    data, lines = _parsed(path)
    problems: list[tuple[int, str]] = []
    if not isinstance(data, dict) or not isinstance(data.get("ablauf"), list):
        raise ImportRefused(f"Im Drehbuch {path} fehlt der „ablauf“.", ())
    cast = _cast(data.get("stellen"), problems)
    injects = []
    names: dict[str, str] = {}
    for place, raw in enumerate(data["ablauf"][:STEPS_MAX], 1):
        try:
            inject = _inject(place, raw, {member.name for member in cast}, names)
        except ValueError as error:
            problems.append((lines[place - 1], f"Einlage {place}: {error}"))
            continue
        if isinstance(raw, dict) and raw.get("id") and inject.entry:
            names[inject.nr] = inject.entry.kind
        injects.append(inject)
    begin = _begin(data, problems)
    injects.sort(key=lambda inject: (inject.minute or 0, inject.place))
    rehearsal = Rehearsal(cast, begin)
    for inject in injects if cast and begin else ():
        try:
            rehearsal.play(inject)
        except UsageError as error:
            problems.append((lines[inject.place - 1], f"Einlage {inject.place}: {error}"))
    if problems:
        fault = "einen Fehler" if len(problems) == 1 else f"{len(problems)} Fehler"
        raise ImportRefused(f"Das Drehbuch {path} hat {fault}:", sorted(problems))
    return Script(str(data.get("name", path.stem)), begin, tuple(cast), tuple(injects))


def _parsed(path: Path) -> tuple[Any, list[int]]:
    """What the file says, and on which line each of its injects begins. Raises ImportRefused."""
    try:
        loader = PlainLoader(read_regular(path, SCRIPT_BYTES_MAX).decode())
        root = loader.get_single_node()
        data = None if root is None else loader.construct_document(root)
    except (OSError, UnicodeDecodeError, RecursionError) as error:
        raise ImportRefused(f"Das Drehbuch {path} ist nicht lesbar: {why(error)}.", ()) from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        raise ImportRefused(
            f"Das Drehbuch {path} ist kein gültiges YAML.", [(line, _german(error))]
        ) from error
    parts = root.value if isinstance(root, yaml.MappingNode) else ()
    steps = next((node.value for key, node in reversed(parts) if key.value == "ablauf"), ())
    nodes = [node for node in steps if isinstance(node, yaml.Node)]
    return data, [node.start_mark.line + 1 for node in nodes]


def _begin(data: Mapping[str, Any], problems: list[tuple[int, str]]) -> int:
    try:
        return parse_time(str(data.get("beginn", "")), 0)
    except UsageError as error:
        problems.append((1, f"beginn: {error}"))
        return 0


def _cast(raw: Any, problems: list[tuple[int, str]]) -> list[Cast]:
    cast = []
    for item in raw if isinstance(raw, list) else []:
        if not isinstance(item, dict) or not item.get("name"):
            problems.append((0, f"Stelle ohne Namen: {item!r}"))
            continue
        role = str(item.get("rolle", "sae"))
        if role not in ROLES:
            problems.append((0, f"Rolle „{role}“ gibt es nicht; möglich: {', '.join(ROLES)}"))
        cast.append(Cast(str(item["name"]), role))
    if not cast:
        problems.append((0, "es fehlen die „stellen“"))
    return cast


def _inject(place: int, raw: Any, staffs: set[str], names: Mapping[str, str]) -> Inject:
    if not isinstance(raw, dict):
        raise ValueError("keine Einlage")
    match = re.fullmatch(r"X\s*\+\s*(\d+(?:[.,]\d+)?)", str(raw.get("zeit", "")).strip())
    if match is None:
        raise ValueError("„zeit“ fehlt oder ist nicht wie X+05 geschrieben")
    minute = number(match[1])
    staff = str(raw.get("stelle", ""))
    if staff not in staffs:
        raise ValueError(f"die Stelle „{staff}“ steht nicht unter „stellen“")
    actions = [k for k in raw if k in KIND_NAMES or k in ("aendern", "quittung")]
    unknown = set(raw) - set(actions) - {"zeit", "stelle", "id", *_NOTES}
    if unknown:
        raise ValueError(f"unbekannte Angabe {', '.join(sorted(map(str, unknown)))}")
    if len(actions) != 1 or not isinstance(raw[actions[0]], dict):
        raise ValueError("es muss genau eine Handlung mit Angaben geben")
    action, given = actions[0], dict(raw[actions[0]])
    odd = [f"„{label}“" for label, text in given.items() if not isinstance(text, str)]
    if odd:
        raise ValueError(f"{', '.join(odd)}: hier steht ein Text, keine Liste oder Tabelle")
    name = str(raw.get("id", ""))
    if name in names:
        raise ValueError(f"die id „{name}“ hat schon eine frühere Einlage")
    if action == "quittung":
        target = given.get("Nachricht", "")
        if names.get(target) != "message":
            raise ValueError(f"keine frühere Nachricht heißt „{target}“")
        fields = {"person": given.get("Name", "")}
        entry = Entry("receipt", "receipt", fields, target)
    elif action == "aendern":
        entry = _change(given, names)
    else:
        kind = KIND_NAMES[action]
        entry = Entry("create", kind, _fields(kind, given, names))
    return Inject(place, name or str(place), At(minute), staff, entry)


def _change(given: dict[str, str], names: Mapping[str, str]) -> Entry:
    keys = [key for key in given if key in KIND_NAMES]
    if len(keys) != 1:
        raise ValueError("„aendern“ muss genau einen früheren Eintrag nennen, z. B. vorfall: v1")
    kind, target = KIND_NAMES[keys[0]], given.pop(keys[0])
    if names.get(target) != kind:
        raise ValueError(f"kein früherer Eintrag dieser Art heißt „{target}“")
    fields = _fields(kind, given, names)
    fixed = [name for name in fields if not changeable(kind, name)]
    if fixed:
        raise ValueError(
            f"{', '.join(label_of(kind, f) for f in fixed)} kann nicht geändert werden"
        )
    return Entry("change", kind, fields, target)


def _fields(kind: str, given: Mapping[str, str], names: Mapping[str, str]) -> dict[str, str]:
    """What was typed by schema field; what names another entry, names an earlier inject."""
    fields: dict[str, str] = {}
    for label, text in given.items():
        name = _field(kind, label)
        if name in fields:
            raise ValueError(f"die Angabe „{label}“ steht zweimal da")
        fields[name] = text
        if not refers_to(kind, name) or not text.strip() or is_unknown(text):
            continue
        target = CARDS[kind].kind.by_name[name].type
        of_any = isinstance(target, Ref) and not target.kind
        if text not in names or not (of_any or names[text] == refers_to(kind, name)):
            raise ValueError(f"{label}: keine frühere Einlage dieser Art hat die id „{text}“")
    return fields


def _field(kind: str, label: str) -> str:
    wanted, card = fold_text(label), CARDS[kind]
    for name in [*(item.name for item in card.form), *card.kind.by_name]:
        if wanted in (fold_text(card.label(name)), name):
            return name
    known = ", ".join(field.label for field in card.form)
    raise ValueError(f"die Angabe „{label}“ gibt es hier nicht; möglich: {known}")
