# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Spontanhelfende on the screen: taking them down with their private part, assigning, looking.

The private part goes to ``lage.volunteers.private`` alone: its fields are in no draft and in no
operation. The functions that take a ``Station`` run in the bridge's threads.
"""

from __future__ import annotations

from collections.abc import Mapping

from lage.kinds.card import FormField
from lage.kinds.cards import CARDS
from lage.kinds.model import Record
from lage.language.errors import KeysError, UsageError
from lage.language.plain import plain
from lage.station import Station
from lage.views.detail import title_of
from lage.volunteers import desk as volunteers
from lage.volunteers import envelope, private
from lage.write import commands
from lage.write.filled import about, values_of
from lage.write.parse import parse_number
from tui.forms.key import Does, FormKey, new, with_entry
from tui.forms.spec import FormSpec, Intent

HERE = "bleibt verschlüsselt auf diesem Rechner"
PERSON = (
    FormField("person", "Name", HERE),
    FormField("phone", "Telefon", HERE),
    FormField("address", "Adresse", HERE),
    FormField("born", "Jahrgang", f"z. B. 1985; {HERE}"),
    FormField("days", "Löschen nach", "Tagen; dann verschwinden Name bis Jahrgang von selbst",
              default=str(private.DELETE_AFTER_DAYS)),
)  # fmt: skip
DAYS_MAX = 3650


def register(initial: Mapping[str, str], key: FormKey | None = None) -> FormSpec:
    """A new helper: what all staffs see, then what stays here."""
    card = CARDS["helper"]

    def build(station: Station, typed: Mapping[str, str]) -> Intent:
        seen = {item.name: typed.get(item.name, "") for item in card.form}
        (draft,) = commands.enter("helper", seen, station.parse_context())
        person = _person(typed)
        days = _number(typed, "days") or private.DELETE_AFTER_DAYS
        if not 1 <= days <= DAYS_MAX:
            raise UsageError(f"Löschen nach: möglich sind 1 bis {DAYS_MAX} Tage.", field="days")

        def deed(station: Station) -> object:
            return volunteers.register(station, draft, person, days)

        return Intent(card.title, (draft,), deed=deed)

    return FormSpec(
        key or new("helper"),
        f"Neu: {card.title}",
        "helper",
        card.form + PERSON,
        build,
        initial,
        apart=frozenset(item.name for item in PERSON),
    )


def assign(station: Station, record: Record) -> FormSpec:
    """A helper to a staff. Raises UsageError where this staff may not."""
    volunteers.check_assignable(station, record)

    def build(station: Station, typed: Mapping[str, str]) -> Intent:
        now = station.reader.get(record.id) or record
        drafts = volunteers.assignment(station, now, typed)
        to = drafts[0].changes["to"]
        assert isinstance(to, int)
        return Intent(f"Zuweisung an {station.directory.name(to)}", tuple(drafts))

    return FormSpec(
        with_entry(Does.ASSIGN, record.id),
        f"Zuweisen: {title_of(record, station.context())}",
        "assignment",
        volunteers.ASSIGNMENT,
        build,
        verb="Zuweisen",
        about="Name bis Jahrgang erhält nur diese Stelle, sobald ihr Knoten antwortet.",
    )


def feedback(station: Station, record: Record) -> FormSpec:
    """What a helper is told, on the latest assignment. Raises UsageError where there is none."""
    volunteers.latest_assignment(station, record)
    fields = (FormField("feedback", "Text", "z. B. Danke, nicht mehr nötig", required=True),)

    def build(station: Station, typed: Mapping[str, str]) -> Intent:
        drafts = volunteers.feedback(station, record, typed["feedback"])
        return Intent("Rückmeldung", tuple(drafts))

    return FormSpec(
        with_entry(Does.FEEDBACK, record.id),
        f"Rückmeldung: {title_of(record, station.context())}",
        "assignment",
        fields,
        build,
    )


def dismiss(station: Station, record: Record) -> FormSpec:
    """Let a helper go, with the hours done. Raises UsageError where this staff may not."""
    volunteers.check_dismissible(station, record)
    fields = (FormField("worked", "Stunden", "geleistete Stunden; leer: nicht bekannt"),)

    def build(station: Station, typed: Mapping[str, str]) -> Intent:
        hours = values_of("helper", typed, station.parse_context(), inputs=fields).get("worked")
        now = station.reader.get(record.id) or record
        drafts = volunteers.dismiss(station, now, hours if isinstance(hours, int) else None)
        return Intent(f"Entlassung {title_of(now, station.context())}", tuple(drafts))

    return FormSpec(
        with_entry(Does.DISMISS, record.id),
        f"Entlassen: {title_of(record, station.context())}",
        "helper",
        fields,
        build,
        verb="Entlassen",
        about="Danach liest keine andere Stelle mehr den Namen.",
        quick=True,
    )


def erase(station: Station, record: Record) -> FormSpec:
    """Destroy the private part; asks first. Raises UsageError where this staff may not."""
    volunteers.check_erasable(station, record)
    title = title_of(record, station.context())

    def build(station: Station, typed: Mapping[str, str]) -> Intent:
        def deed(station: Station) -> object:
            volunteers.erase(station, station.reader.get(record.id) or record)
            return None

        return Intent(
            f"Löschung {title}", (), f"Name bis Jahrgang von {title} endgültig löschen?", deed=deed
        )

    return FormSpec(with_entry(Does.ERASE, record.id), title, "helper", (), build)


def person_fields(station: Station, record: Record) -> list[tuple[str, str]]:
    """The private part as fields of the detail, where this node may open it."""
    try:
        person = envelope.read(station, record)
    except KeysError as error:
        return [("Person", str(error))]
    if person is None:
        return [("Person", envelope.missing_words(station, record))]
    born = "" if person.born is None else str(person.born)
    parts = (("Name", person.name), ("Telefon", person.phone), ("Adresse", person.address),
             ("Jahrgang", born))  # fmt: skip
    return [(label, plain(text)) for label, text in parts if text]


def _person(typed: Mapping[str, str]) -> private.Person | None:
    """None where nothing of it was typed."""
    name, phone, address = (typed.get(n, "").strip() for n in ("person", "phone", "address"))
    born = _number(typed, "born")
    if not (name or phone or address or born is not None):
        return None
    return private.Person(name, phone, address, born).check()


def _number(typed: Mapping[str, str], name: str) -> int | None:
    text = typed.get(name, "").strip()
    with about(next(item for item in PERSON if item.name == name)):
        return parse_number(text) if text else None
