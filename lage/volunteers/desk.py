# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a staff does with Spontanhelfende: register, assign, dismiss, erase, disclose.

Only the staff that registered a helper assigns, for only it has the private part; others ask it
by message. Rules about words alone live in ``lage.write.commands``; these here also move private
parts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lage.kinds.card import FormField
from lage.kinds.model import Draft, Record
from lage.kinds.states import is_open
from lage.language.errors import UsageError
from lage.station import Station
from lage.volunteers import envelope, private
from lage.volunteers.view import assignments
from lage.write import commands
from sync.schema.definition import Change

DAY_S = 86_400
ASSIGNMENT = (
    FormField("to", "An", "Stelle, die sie einsetzt", required=True),
    FormField("meeting_point", "Treffpunkt", "wo sie sich melden"),
    FormField("at", "Zeit", "wann sie sich melden"),
    FormField("contact", "Kontakt", "nach wem sie dort fragen"),
    FormField("task", "Auftrag", "Nummer, z. B. RHE-A4"),
)
"""What is asked when a helper is sent somewhere."""


@dataclass(frozen=True, slots=True)
class Disclosure:
    """Everything this node stores about one helper."""

    record: Record
    person: private.Person | None
    delete_at: int | None  # log time
    assignments: tuple[Record, ...]
    sealed_to: tuple[tuple[int, bool], ...]  # who was sent the private part, and has destroyed it


def register(station: Station, draft: Draft, person: private.Person | None, days: int) -> str:
    """Take a helper down; the label that everybody sees. Raises UsageError before writing."""
    return station.directory.label(registered(station, draft, person, days))


def registered(station: Station, draft: Draft, person: private.Person | None, days: int) -> Record:
    """Take a helper down. Raises UsageError before writing."""
    delete_at = station.now() + days * DAY_S
    if person is not None:
        person.check()
        draft = commands.with_more(draft, {"delete_at": delete_at})
    (entity,) = station.write([draft])
    if person is not None:
        private.keep(station, entity, person, delete_at)
    record = station.reader.get(entity)
    assert record is not None
    return record


def assign(station: Station, helper: Record, typed: Mapping[str, str]) -> bool:
    """Send a helper to a staff; whether a private part will follow (``envelope``)."""
    drafts = assignment(station, helper, typed)
    station.write(drafts)
    elsewhere = drafts[0].changes["to"] != station.network_keys.author
    return elsewhere and private.read_own(station, helper) is not None


def assignment(station: Station, helper: Record, typed: Mapping[str, str]) -> list[Draft]:
    """What sending a helper to a staff writes. Raises UsageError where this staff may not."""
    check_assignable(station, helper)
    drafts = commands.enter(
        "assignment", typed, station.parse_context(), {"helper": helper.id}, inputs=ASSIGNMENT
    )
    return [*drafts, Draft("helper", {"status": "im Einsatz"}, helper.id)]


def check_assignable(station: Station, helper: Record) -> None:
    """Raises UsageError where this staff cannot assign that helper."""
    _check_own(station, helper, "zuweisen")
    if not is_open(helper):
        raise UsageError("Diese Helfer sind schon entlassen.")


def feedback(station: Station, helper: Record, text: str) -> list[Draft]:
    """A text to the helper, on the latest assignment."""
    sent = latest_assignment(station, helper)
    if not text.strip():
        raise UsageError("Die Rückmeldung braucht einen Text.", field="feedback")
    return commands.edit(sent, {"feedback": text}, station.parse_context())


def latest_assignment(station: Station, helper: Record) -> Record:
    """Where a helper was sent last. Raises UsageError where nowhere."""
    found = assignments(station.context(), helper)
    if not found:
        raise UsageError("Diese Helfer sind noch niemandem zugewiesen.")
    return found[0]


def dismiss(station: Station, helper: Record, hours: int | None) -> list[Draft]:
    """Let a helper go; running assignments are cancelled, and no other staff reads the name.

    Raises UsageError where another staff registered the helper.
    """
    check_dismissible(station, helper)
    changes: dict[str, Change] = {"status": "entlassen"}
    if hours is not None:
        changes["worked"] = hours
    drafts = commands.change(helper, changes)
    context = station.context()
    ours = context.ours
    for assignment in assignments(context, helper):
        if assignment.id.author in ours and is_open(assignment):
            drafts.append(Draft("assignment", {"cancelled": True}, assignment.id))
    return drafts


def check_dismissible(station: Station, helper: Record) -> None:
    """Raises UsageError where this staff cannot let that helper go."""
    _check_own(station, helper, "entlassen")


def erase(station: Station, helper: Record) -> None:
    """Destroy the private part, and let every staff know that it is gone."""
    check_erasable(station, helper)
    private.destroy(station, helper.id)
    station.write([Draft("helper", {"erased": True}, helper.id)])


def check_erasable(station: Station, helper: Record) -> None:
    """Raises UsageError where this staff cannot erase that helper."""
    _check_own(station, helper, "löschen")
    if helper.flag("erased"):
        raise UsageError("Die persönlichen Angaben sind schon gelöscht.")


def everything_about(station: Station, helper: Record) -> Disclosure:
    """What a person may ask to be told."""
    sent = assignments(station.context(), helper)
    person = envelope.read(station, helper)
    ends = helper.moment("delete_at")
    states = [(row.whole("to") or 0, *envelope.sealed_to(station, row)) for row in sent]
    return Disclosure(
        helper,
        person,
        ends if person is not None else None,
        tuple(sent),
        tuple((to, destroyed) for to, was_sealed, destroyed in states if was_sealed),
    )


def _check_own(station: Station, helper: Record, verb: str) -> None:
    me = station.network_keys.author
    if me is None or helper.id.author not in station.directory.line(me):
        name = station.directory.name(helper.id.author)
        raise UsageError(
            f"Diese Helfer hat {name} aufgenommen: nur dort kann man sie {verb}, bitte dort"
            " per Nachricht anfordern."
        )
