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
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from lage.kinds.cards import CARDS
from lage.kinds.directory import ROLES
from lage.kinds.inputs import changeable
from lage.language.errors import ImportRefused, why
from lage.language.folding import fold_text
from lage.language.tactical import parse_time
from lage.views.words import label_of
from maps.read.files import read_regular

KIND_NAMES = {card.word: kind for kind, card in CARDS.items() if card.word and card.form}
_NOTES = ("nr", "weg", "erwartet", "bewertung")
STEPS_MAX = 5000


@dataclass(frozen=True, slots=True)
class Cast:
    """A staff that takes part."""

    name: str
    role: str


@dataclass(frozen=True, slots=True)
class Inject:
    """One Einlage: who does what at which minute."""

    place: int  # position in the file from 1, for messages to the trainer
    minute: float
    staff: str
    action: str  # "create", "change", "receipt"
    kind: str
    fields: Mapping[str, str]  # schema field -> text as typed
    name: str = ""  # for later injects to refer to
    target: str = ""  # what is changed or acknowledged
    notes: Mapping[str, str] = None  # type: ignore[assignment]


@dataclass(frozen=True, slots=True)
class Script:
    """A whole exercise."""

    name: str
    begin: int  # log time of X+00
    cast: tuple[Cast, ...]
    injects: tuple[Inject, ...]


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
    return Path(__file__).with_name("hochwasser.yaml")


def read_script(path: Path) -> Script:
    """Read and check a script. Raises ImportRefused naming every bad inject."""
    try:
        text = read_regular(path, SCRIPT_BYTES_MAX).decode()
        data = yaml.load(text, PlainLoader)  # noqa: S506 - only texts, lists and tables, no bombs
    except (OSError, UnicodeDecodeError, RecursionError) as error:
        raise ImportRefused(f"Das Drehbuch {path} ist nicht lesbar: {why(error)}.", ()) from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        raise ImportRefused(
            f"Das Drehbuch {path} ist kein gültiges YAML.", [(line, _german(error))]
        ) from error
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
            problems.append((place, str(error)))
            continue
        if inject.name:
            names[inject.name] = inject.kind
        injects.append(inject)
    if problems:
        raise ImportRefused(
            f"Das Drehbuch {path} hat {len(problems)} Fehler (Einlage, Grund):", problems
        )
    begin = parse_time(str(data.get("beginn", "0000")), 0)
    injects.sort(key=lambda inject: (inject.minute, inject.place))
    return Script(str(data.get("name", path.stem)), begin, tuple(cast), tuple(injects))


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
    minute = float(match[1].replace(",", "."))
    staff = str(raw.get("stelle", ""))
    if staff not in staffs:
        raise ValueError(f"die Stelle „{staff}“ steht nicht unter „stellen“")
    notes = {key: str(raw[key]) for key in _NOTES if key in raw}
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
    if action == "quittung":
        target = given.get("Nachricht", "")
        if names.get(target) != "message":
            raise ValueError(f"keine frühere Nachricht heißt „{target}“")
        fields = {"person": given.get("Name", "")}
        return Inject(place, minute, staff, "receipt", "receipt", fields, name, target, notes)
    if action == "aendern":
        return _change(place, minute, staff, given, names, notes)
    kind = KIND_NAMES[action]
    fields = {_field(kind, label): text for label, text in given.items()}
    return Inject(place, minute, staff, "create", kind, fields, name, "", notes)


def _change(
    place: int,
    minute: float,
    staff: str,
    given: dict[str, str],
    names: Mapping[str, str],
    notes: Mapping[str, str],
) -> Inject:
    keys = [key for key in given if key in KIND_NAMES]
    if len(keys) != 1:
        raise ValueError("„aendern“ muss genau einen früheren Eintrag nennen, z. B. vorfall: v1")
    kind, target = KIND_NAMES[keys[0]], given.pop(keys[0])
    if names.get(target) != kind:
        raise ValueError(f"kein früherer Eintrag dieser Art heißt „{target}“")
    fields = {_field(kind, label): text for label, text in given.items()}
    fixed = [name for name in fields if not changeable(kind, name)]
    if fixed:
        raise ValueError(
            f"{', '.join(label_of(kind, f) for f in fixed)} kann nicht geändert werden"
        )
    return Inject(place, minute, staff, "change", kind, fields, "", target, notes)


def _field(kind: str, label: str) -> str:
    wanted, card = fold_text(label), CARDS[kind]
    for name in [*(item.name for item in card.form), *card.kind.by_name]:
        if wanted in (fold_text(card.label(name)), name):
            return name
    known = ", ".join(field.label for field in card.form)
    raise ValueError(f"die Angabe „{label}“ gibt es hier nicht; möglich: {known}")
