# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Intent to operations: what an entry must say, and how urgent it is. Pure.

Each function takes what a person means and gives the drafts that say it. Nothing is written here.
Raises UsageError with the sentence for the user. What was typed comes in by ``enter`` and ``edit``,
whoever the shell is; who may do what says ``lage.kinds.rights``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from lage.kinds.card import SIGN, FormField
from lage.kinds.cards import CARDS
from lage.kinds.directory import Directory
from lage.kinds.model import Draft, Record
from lage.kinds.states import is_open
from lage.language.errors import NotAllowed, NothingChanged, UsageError
from lage.write import rights
from lage.write.filled import changes_of, values_of
from lage.write.parse import Context
from lage.write.places import locate
from sync.schema.definition import Change, EntityId, SetChange, Value
from sync.schema.urgency import Urgency

URGENCY = {
    "einfach": Urgency.ROUTINE,
    "sofort": Urgency.IMMEDIATE,
    "blitz": Urgency.FLASH,
    "staatsnot": Urgency.FLASH,
}
"""By Vorrangstufe."""
CONFIRMATION = (FormField("person", "Name", "wer den Empfang bestätigt", required=True),)
CORRECTION = (
    FormField("text", "Richtig ist", "was ist richtig, oder warum gestrichen", required=True),
    FormField("sign", "Zeichen"),
)
DISTRIBUTION = (
    FormField("functions", "An", "Funktionen mit Komma, z. B. S2, S3", required=True),
    FormField("note", "Vermerk"),
    SIGN,
)
"""What is asked when a message is confirmed, a journal entry corrected, a message distributed."""

NOTHING: Mapping[str, Value] = MappingProxyType({})


def enter(
    kind: str,
    typed: Mapping[str, str],
    context: Context,
    more: Mapping[str, Value] = NOTHING,
    *,
    inputs: Sequence[FormField] | None = None,
    needed: Collection[str] | None = None,
) -> list[Draft]:
    """Drafts of a new entry from what was typed, by whatever shell.

    ``more``: values that the shell knows without asking; ``inputs``: what it asked for, where
    that is not the kind's form; ``needed``: what must be there, where that is not what the form
    says. Raises UsageError naming the first input that is wrong.
    """
    values = values_of(kind, typed, context, inputs=inputs, given=more.keys(), needed=needed)
    values |= more
    locate(kind, values, context.county)
    me = context.directory.me
    return create(kind, values, -1 if me is None else me)


def edit(
    record: Record,
    typed: Mapping[str, str],
    context: Context,
    inputs: Sequence[FormField] | None = None,
) -> list[Draft]:
    """Drafts that change an entry to what was typed, by whatever shell; ``?`` sets to unknown.

    Raises UsageError naming the first input that is wrong, NotAllowed where only another staff
    may, NothingChanged.
    """
    changes = changes_of(record, typed, context, inputs)
    locate(record.kind, changes, context.county, record.values)
    drafts = change(record, changes, context.same(record))
    rights.check(record, drafts[0].changes, context.directory)
    return drafts


def with_more(draft: Draft, more: Mapping[str, Value]) -> Draft:
    """The draft with values that only the rest of it could tell."""
    return replace(draft, changes={**draft.changes, **more})


def create(kind: str, values: Mapping[str, Value], me: int) -> list[Draft]:
    """Drafts that create one entity from checked values."""
    checked = dict(values)
    if kind == "message":
        _complete_message(checked, me)
    elif kind == "task":
        checked.setdefault("to", (me,))
    elif kind == "request" and not {"item", "text"} & checked.keys():
        raise UsageError(
            "Was wird angefordert? Bitte „Was“ oder „Begründung“ ausfüllen.", field="item"
        )
    elif kind == "stock_movement":
        _check_movement(checked)
    elif kind == "area" and len(_tuple(checked["outline"])) < 3:
        raise UsageError("Ein Gebiet braucht mindestens drei Eckpunkte.", field="outline")
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
        raise NothingChanged("Es ist nichts geändert worden.")
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


def strike(entry: Record, typed: Mapping[str, str], context: Context) -> list[Draft]:
    """Correct a journal entry: it stays, struck, and the new one refers to it."""
    check_correctable(entry, context.directory)
    if not typed.get("text", "").strip():
        raise UsageError(
            "Die Berichtigung braucht einen Text: was ist richtig, oder warum gestrichen.",
            field="text",
        )
    return enter("journal", typed, context, {"strikes": entry.id}, inputs=CORRECTION)


def check_correctable(entry: Record, directory: Directory) -> None:
    """Raises NotAllowed where another staff has written the entry."""
    if entry.id.author not in directory.ours:
        raise NotAllowed("Nur die Stelle, die den Eintrag geschrieben hat, kann ihn berichtigen.")


def acknowledge(
    message: Record, person: str, context: Context, receipts: Sequence[Record]
) -> list[Draft]:
    """Quittung of a message by a named person of this staff; ``receipts``: those there are."""
    if not person.strip():
        raise UsageError("Wer quittiert? Bitte den Namen angeben (--name).", field="person")
    check_confirmable(message, context.directory, receipts)
    more: dict[str, Value] = {"message": message.id}
    return enter("receipt", {"person": person}, context, more, inputs=CONFIRMATION)


def check_confirmable(message: Record, directory: Directory, receipts: Sequence[Record]) -> None:
    """Raises UsageError where this staff cannot confirm that message."""
    ours = directory.ours
    if message.id.author in ours:
        raise UsageError("Eine eigene Nachricht kann nicht quittiert werden.")
    to = message.members("to")
    if to and not any(member in ours for member in to):
        raise UsageError("Diese Nachricht ist nicht an diese Stelle gerichtet.")
    if any(receipt.id.author in ours for receipt in receipts):
        raise UsageError("Diese Nachricht ist von dieser Stelle schon quittiert.")


def answer(message: Record, typed: Mapping[str, str], context: Context) -> list[Draft]:
    """A message back to the sender of another, or to who goes on for it."""
    back: dict[str, Value] = {"to": (context.directory.heir(message.id.author),)}
    return enter("message", typed, context, {**back, "answers": message.id})


def forward(message: Record, typed: Mapping[str, str], context: Context) -> list[Draft]:
    """A message sent on to others, with its text, and with its priority unless given anew."""
    carried: dict[str, Value] = {"text": message.values["text"], "forwards": message.id}
    if not typed.get("priority", "").strip():
        carried["priority"] = message.values["priority"]
    return enter("message", typed, context, carried)


def distribute(message: Record, typed: Mapping[str, str], context: Context) -> list[Draft]:
    """The Sichter's distribution of a message within the staff."""
    return enter("distribution", typed, context, {"message": message.id}, inputs=DISTRIBUTION)


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
        raise UsageError("Eine Nachricht an die eigene Stelle wird nicht gesendet.", field="to")
    if values["priority"] != "einfach":
        values.setdefault("receipt_wanted", True)


def _check_movement(values: dict[str, Value]) -> None:
    amount = values["amount"]
    assert isinstance(amount, int)
    if amount == 0:
        raise UsageError(
            "Menge: 0 bewegt nichts; Zugang z. B. 500, Abgang z. B. -200.", field="amount"
        )
    if "to_place" in values and amount < 0:
        raise UsageError("Menge: bei einer Verlegung bitte ohne Minus angeben.", field="amount")
    if values.get("to_place") == values["place"]:
        raise UsageError("Nach: eine Verlegung braucht zwei verschiedene Orte.", field="to_place")


def urgency_of(kind: str, values: Mapping[str, Change]) -> Urgency:
    """How soon an entry that says this has to be with the others."""
    card, priority = CARDS[kind], values.get("priority")
    if any(values.get(name) in pressing for name, pressing in card.pressing.items()):
        return Urgency.IMMEDIATE
    return URGENCY.get(priority, card.urgency) if isinstance(priority, str) else card.urgency


def _tuple(value: object) -> tuple[object, ...]:
    assert isinstance(value, tuple)
    return value
