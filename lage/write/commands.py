# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Intent to operations: every rule about who may write what, and how urgent it is. Pure.

Each function takes what a person means and gives the drafts that say it. Nothing is written here.
Raises UsageError with the sentence for the user.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from lage.kinds.cards import CARDS
from lage.kinds.model import Draft, Record
from lage.kinds.projection import fold_text
from lage.kinds.states import is_open
from lage.language.errors import UsageError
from lage.write.parse import Context, in_places, parse_input
from sync.schema.definition import Change, EntityId, SetChange, Value
from sync.schema.urgency import Urgency

URGENCY = {
    "einfach": Urgency.ROUTINE,
    "sofort": Urgency.IMMEDIATE,
    "blitz": Urgency.FLASH,
    "staatsnot": Urgency.FLASH,
}
"""By Vorrangstufe."""


def parse_form(kind: str, typed: Mapping[str, str], context: Context) -> dict[str, Value]:
    """Values of a filled form; empty and unknown fields are left out.

    Raises UsageError naming the first field that is wrong.
    """
    card = CARDS[kind]
    context = in_places(kind, typed, context)
    values: dict[str, Value] = dict(card.fixed)
    for field in card.form:
        text = typed.get(field.name, "") or field.default
        if field.name == "until" and fold_text(text.strip()) == "jetzt":
            values["until"] = context.now
            continue
        try:
            given = parse_input(kind, field.name, text, context)
        except UsageError as error:
            raise type(error)(f"{field.label}: {error}") from error
        known = {name: value for name, value in given.items() if value is not None}
        if field.required and not known:
            raise UsageError(f"{field.label} fehlt: bitte ausfüllen.")
        values |= known
    return values


def create(kind: str, values: Mapping[str, Value], me: int) -> list[Draft]:
    """Drafts that create one entity from checked values."""
    checked = dict(values)
    if kind == "message":
        _complete_message(checked, me)
    elif kind == "task":
        checked.setdefault("to", (me,))
    elif kind == "request" and not {"item", "text"} & checked.keys():
        raise UsageError("Was wird angefordert? Bitte „Was“ oder „Begründung“ ausfüllen.")
    elif kind == "stock_movement":
        _check_movement(checked)
    elif kind == "area" and len(_tuple(checked["outline"])) < 3:
        raise UsageError("Ein Gebiet braucht mindestens drei Eckpunkte.")
    return [Draft(kind, checked, None, urgency_of(kind, checked))]


def change(
    record: Record, changes: Mapping[str, Change], same: Sequence[Record] = ()
) -> list[Draft]:
    """Drafts that change registers of an entity; what stays the same is left out.

    ``same``: those that stand behind it; when it ends, they end with it.
    """
    real = {
        name: value
        for name, value in changes.items()
        if isinstance(value, SetChange) or record.values.get(name) != value
    }
    if not real:
        raise UsageError("Es ist nichts geändert worden.")
    merged: dict[str, Change] = {**record.values, **real}
    drafts = [Draft(record.kind, real, record.id, urgency_of(record.kind, merged), record.seq)]
    closed = CARDS[record.kind].closed
    if real.get("status") in closed:
        ends = {"status": real["status"]}
        drafts += [
            Draft(part.kind, ends, part.id, Urgency.ROUTINE, part.seq)
            for part in same
            if part.values.get("status") not in closed
        ]
    return drafts


def strike(entry: Record, ours: Collection[int], text: str, sign: str) -> list[Draft]:
    """Correct a journal entry: it stays, struck, and the new one refers to it.

    ``ours``: this staff's number, and those it had before.
    """
    if entry.id.author not in ours:
        raise UsageError("Nur die Stelle, die den Eintrag geschrieben hat, kann ihn berichtigen.")
    if not text.strip():
        raise UsageError(
            "Die Berichtigung braucht einen Text: was ist richtig, oder warum gestrichen."
        )
    values: dict[str, Change] = {"text": text.strip(), "strikes": entry.id}
    if sign.strip():
        values["sign"] = sign.strip()
    return [Draft("journal", values)]


def acknowledge(
    message: Record, ours: Collection[int], person: str, receipts: Sequence[Record]
) -> list[Draft]:
    """Quittung of a message by a named person of this staff, whose numbers are ``ours``."""
    name = person.strip()
    if not name:
        raise UsageError("Wer quittiert? Bitte den Namen angeben (--name).")
    if message.id.author in ours:
        raise UsageError("Eine eigene Nachricht kann nicht quittiert werden.")
    to = _tuple(message.values.get("to", ()))
    if to and not any(member in ours for member in to):
        raise UsageError("Diese Nachricht ist nicht an diese Stelle gerichtet.")
    if any(receipt.id.author in ours for receipt in receipts):
        raise UsageError("Diese Nachricht ist von dieser Stelle schon quittiert.")
    return [Draft("receipt", {"message": message.id, "person": name}, None, Urgency.RECEIPT)]


def answer(message: Record, me: int, values: Mapping[str, Value]) -> list[Draft]:
    """A message back to the sender of another."""
    return create("message", {"to": (message.id.author,), **values, "answers": message.id}, me)


def forward(
    message: Record, me: int, to: Sequence[int], values: Mapping[str, Value]
) -> list[Draft]:
    """A message sent on to others, with its text and priority unless given anew."""
    carried = {name: message.values[name] for name in ("text", "priority")}
    if to:
        carried["to"] = tuple(to)
    return create("message", {**carried, **values, "forwards": message.id}, me)


def distribute(message: Record, functions: Sequence[str], note: str, sign: str) -> list[Draft]:
    """The Sichter's distribution of a message within the staff."""
    if not functions:
        raise UsageError("An wen wird verteilt? Bitte Funktionen angeben, z. B. S2,S3.")
    values: dict[str, Change] = {"message": message.id, "functions": tuple(functions)}
    values |= {name: text for name, text in (("note", note), ("sign", sign)) if text}
    return [Draft("distribution", values)]


def merge_incidents(duplicate: Record, into: Record) -> list[Draft]:
    """Say that two incidents are one; undone by ``unmerge_incident``."""
    if duplicate.id == into.id:
        raise UsageError("Ein Vorfall kann nicht mit sich selbst zusammengeführt werden.")
    if duplicate.behind == into.id:
        raise UsageError("Diese Vorfälle sind schon zusammengeführt.")
    if into.behind is not None:
        raise UsageError("Der Zielvorfall ist selbst schon in einen anderen überführt.")
    if is_open(duplicate) and not is_open(into):
        raise UsageError(
            "Der Zielvorfall ist erledigt: ein offener Vorfall geht nur in einem offenen auf."
        )
    return [Draft("incident", {"merged_into": into.id}, duplicate.id, seen=duplicate.seq)]


def unmerge_incident(duplicate: Record) -> list[Draft]:
    """Take a merge back."""
    if duplicate.values.get("merged_into") is None:
        raise UsageError("Dieser Vorfall ist mit keinem anderen zusammengeführt.")
    return [Draft("incident", {"merged_into": None}, duplicate.id, seen=duplicate.seq)]


def group_members(
    group: EntityId | int, add: Sequence[int], remove: Mapping[int, Sequence[EntityId]]
) -> list[Draft]:
    """Change who is in a distribution list; ``remove`` names the additions that were seen.

    ``group`` may be the place of the draft that creates it.
    """
    gone = tuple((dot, member) for member, dots in remove.items() for dot in dots)
    return [Draft("group", {"members": SetChange(tuple(add), gone)}, group)]


def _complete_message(values: dict[str, Value], me: int) -> None:
    values.setdefault("priority", "einfach")
    to = _tuple(values.get("to", ()))
    if to == (me,):
        raise UsageError("Eine Nachricht an die eigene Stelle wird nicht gesendet.")
    if values["priority"] != "einfach":
        values.setdefault("receipt_wanted", True)


def _check_movement(values: dict[str, Value]) -> None:
    amount = values["amount"]
    assert isinstance(amount, int)
    if amount == 0:
        raise UsageError("Menge: 0 bewegt nichts; Zugang z. B. 500, Abgang z. B. -200.")
    if "to_place" in values and amount < 0:
        raise UsageError("Menge: bei einer Verlegung bitte ohne Minus angeben.")
    if values.get("to_place") == values["place"]:
        raise UsageError("Nach: eine Verlegung braucht zwei verschiedene Orte.")


def urgency_of(kind: str, values: Mapping[str, Change]) -> Urgency:
    """How soon an entry that says this has to be with the others."""
    if kind in ("sealed", "sealing_key"):
        return Urgency.RECEIPT
    if kind == "reading":
        return Urgency.READING
    if kind == "incident":
        urgent = values.get("priority") == "kritisch" or values.get("type") == "Person in Not"
        return Urgency.IMMEDIATE if urgent else Urgency.ROUTINE
    priority = values.get("priority")
    return URGENCY.get(priority, Urgency.ROUTINE) if isinstance(priority, str) else Urgency.ROUTINE


def _tuple(value: object) -> tuple[object, ...]:
    assert isinstance(value, tuple)
    return value
