# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What an entry says, in the labels of the forms; and the patterns by which entries are known."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from lage.exercise.script.conditions import Language
from lage.exercise.script.faults import Faults
from lage.exercise.script.keys import KIND_NAMES
from lage.exercise.script.model import Entry, Pattern
from lage.exercise.script.plain import Block, Word, left_over, word
from lage.kinds.cards import CARDS
from lage.kinds.inputs import changeable, refers_to
from lage.language.errors import UsageError
from lage.language.folding import fold_text
from lage.views.words import label_of
from lage.write.parse import is_unknown
from sync.schema.definition import Ref

ALL = "alle"
_LIKE = 0.85
"""How alike a name must be to that of a staff to be a slip."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What everything in a script may refer to."""

    language: Language
    staffs: tuple[str, ...]  # of the cast
    direction: str
    kinds: Mapping[str, str]  # nr -> kind of the entry that is created

    def staff(self, text: str) -> str | None:
        """A staff of the cast in its own spelling."""
        wanted = fold_text(text)
        return next((name for name in self.staffs if fold_text(name) == wanted), None)

    def staffs_of(self, said: list[Word], faults: Faults) -> tuple[str, ...]:
        """Several staffs, the direction among them; ``alle`` alone is nobody by name."""
        if [fold_text(each) for each in said] == [ALL]:
            return ()
        found = []
        for each in said:
            name = self.direction if each == self.direction else self.staff(each)
            if name is None:
                like = meant_staff(each, self.staffs)
                faults.add(each, f"die Stelle „{each}“ steht nicht unter „stellen“{like}.")
            else:
                found.append(name)
        return tuple(dict.fromkeys(found))

    def number(self, text: str) -> str | None:
        """The inject that a number or id means."""
        return self.language.numbers.get(fold_text(text))


def meant_staff(text: str, staffs: Iterable[str]) -> str:
    """Which staff a name is meant for, as the end of a sentence; empty for none."""
    names = {fold_text(name): name for name in staffs}
    alike = difflib.get_close_matches(fold_text(text), list(names), 1, _LIKE)
    return f"; gemeint ist wohl „{names[alike[0]]}“" if alike else ""


def fields_of(kind: str, given: Block, frame: Frame, faults: Faults) -> dict[str, str]:
    """What was typed by schema field; what names another entry, names its inject by number.

    The texts keep their places in the file, for what the one door has to say about them.
    """
    fields: dict[str, str] = {}
    for label, text in given.marked():
        try:
            name = field_name(kind, label)
        except UsageError as error:
            faults.add(label, left_over(label, text) or str(error))
            continue
        if not isinstance(text, Word):
            faults.add(text, f"„{label}“: hier steht ein Text, keine Liste oder Tabelle.")
        elif name in fields:
            faults.add(label, f"die Angabe „{label}“ steht zweimal da.")
        elif refers_to(kind, name) and text and not is_unknown(text):
            if (number := _reference(kind, name, text, frame)) is None:
                faults.add(text, f"{label}: keine Einlage dieser Art heißt „{text}“.")
            else:
                fields[name] = word(number, text.line, text.column)
        else:
            fields[name] = text
    return fields


def _reference(kind: str, name: str, text: str, frame: Frame) -> str | None:
    number = frame.number(text)
    if number is None or number not in frame.kinds:
        return None
    target = CARDS[kind].kind.by_name[name].type
    of_any = isinstance(target, Ref) and not target.kind
    return number if of_any or frame.kinds[number] == refers_to(kind, name) else None


def field_name(kind: str, label: str) -> str:
    """The input or field that a label of the forms means. Raises UsageError."""
    wanted, card = fold_text(label), CARDS[kind]
    for name in [*(item.name for item in card.form), *card.kind.by_name]:
        if wanted in (fold_text(card.label(name)), name):
            return name
    known = ", ".join(field.label for field in card.form)
    raise UsageError(f"die Angabe „{label}“ gibt es hier nicht; möglich: {known}.")


def change_of(given: Block, frame: Frame, faults: Faults) -> Entry | None:
    """What changes the entry of another inject: ``{vorfall: 7, Status: erledigt}``."""
    keys = [key for key in given if key in KIND_NAMES]
    if len(keys) != 1:
        faults.add(
            given,
            "„aendern“ muss genau einen früheren Eintrag nennen, z. B. vorfall: 7.",
        )
        return None
    kind, target = KIND_NAMES[keys[0]], given[keys[0]]
    number = frame.number(target) if isinstance(target, Word) else None
    if number is None or frame.kinds.get(number) != kind:
        faults.add(target, f"kein Eintrag dieser Art heißt „{_shown(target)}“.")
        return None
    rest = Block({key: text for key, text in given.marked() if key != keys[0]})
    fields = changes_of(kind, rest, frame, faults)
    return Entry("change", kind, fields, word(number, given.line, given.column))


def changes_of(kind: str, given: Block, frame: Frame, faults: Faults) -> dict[str, str]:
    """Fields of an entry that is there, all of which can be changed."""
    fields = fields_of(kind, given, frame, faults)
    for name, text in fields.items():
        if not changeable(kind, name):
            assert isinstance(text, Word)
            faults.add(text, f"{label_of(kind, name)} kann nicht geändert werden.")
    return fields


def receipt_of(given: Block, frame: Frame, faults: Faults) -> Entry | None:
    """A Quittung of a message: ``{Nachricht: 12, Name: Meyer}``."""
    odd = [key for key, _ in given.marked() if fold_text(key) not in ("nachricht", "name")]
    for key in odd:
        faults.add(key, f"die Angabe „{key}“ gibt es hier nicht; möglich: Nachricht, Name.")
    target = given.text("Nachricht") or word("", given.line, given.column)
    number = frame.number(target)
    if number is None or frame.kinds.get(number) != "message":
        faults.add(target, f"keine Nachricht heißt „{target}“.")
        return None
    return Entry("receipt", "receipt", {"person": name_of(given)}, number)


def name_of(given: Block) -> str:
    """Who confirms."""
    return given.text("Name") or ""


def pattern_of(values: dict[str, Any], frame: Frame, faults: Faults) -> Pattern | None:
    """A pattern from what ``walk`` has read."""
    if "eintrag" not in values:
        return None
    kind = KIND_NAMES[values["eintrag"]]
    return Pattern(
        kind,
        frame.staffs_of(values.get("von", []), faults),
        frame.staffs_of(values.get("an", []), faults),
        tuple(values.get("enthaelt", ())),
        fields_of(kind, values.get("felder", Block()), frame, faults),
        "change" if values.get("geaendert") else "create",
    )


def pattern_sentence(pattern: Pattern, *, each: bool = False) -> str:
    """A pattern in words, for people: ``Auftrag von SAE Greven mit „Sandsäcke“``; ``each``: every
    one of its staffs is meant, not any."""
    card = CARDS[pattern.kind]
    parts = [card.title, "geändert" if pattern.action == "change" else ""]
    parts += [f"von {(' und ' if each else ' oder ').join(pattern.by)}" if pattern.by else ""]
    parts += [f"an {' oder '.join(pattern.to)}" if pattern.to else ""]
    said = [f"„{text}“" for text in pattern.contains]
    said += [f"{card.label(name)} {text}" for name, text in pattern.fields.items()]
    parts += [f"mit {', '.join(said)}" if said else ""]
    return " ".join(part for part in parts if part)


def _shown(said: object) -> str:
    return said if isinstance(said, str) else "…"
