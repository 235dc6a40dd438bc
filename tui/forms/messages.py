# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is done with a message: answer, forward, distribute, acknowledge.

Runs in the bridge's threads.
"""

from __future__ import annotations

from collections.abc import Mapping

from lage.kinds.card import FormField
from lage.kinds.cards import CARDS
from lage.kinds.model import Record
from lage.kinds.setting import PERSON
from lage.language.errors import UsageError
from lage.station import Station
from lage.views.delivery import receipts_of
from lage.write import commands
from lage.write.filled import missing
from tui.forms.key import Does, with_entry
from tui.forms.spec import (
    ADDRESS,
    FormSpec,
    Intent,
    about,
    addressed,
    habits,
    signs_of,
)  # fmt: skip


def answer(station: Station, record: Record) -> FormSpec:
    """A message back."""
    context = station.context()
    asked = ("priority", "text", "receipt_wanted", "function", "sign")
    fields = tuple(item for item in CARDS["message"].form if item.name in asked)

    def build(station: Station, typed: Mapping[str, str]) -> Intent:
        drafts = commands.answer(record, typed, station.parse_context())
        return addressed(station, "Antwort", drafts, typed)

    return FormSpec(
        with_entry(Does.ANSWER, record.id),
        f"Antwort an {context.directory.name(record.id.author)}",
        "message",
        fields,
        build,
        {"priority": record.text("priority")},
        "Senden",
        about(station, record),
    )


def forward(station: Station, record: Record) -> FormSpec:
    """A message on to others."""
    fields = (
        ADDRESS,
        FormField("priority", "Vorrang", default=record.text("priority")),
    )

    def build(station: Station, typed: Mapping[str, str]) -> Intent:
        if not typed.get("to", "").strip():
            raise missing(ADDRESS)
        drafts = commands.forward(record, typed, station.parse_context())
        return addressed(station, "Weiterleitung", drafts, typed)

    return FormSpec(
        with_entry(Does.FORWARD, record.id),
        "Weiterleiten",
        "message",
        fields,
        build,
        {},
        "Senden",
        about(station, record),
    )


def distribute(station: Station, record: Record) -> FormSpec:
    """The Sichter's distribution."""

    def build(station: Station, typed: Mapping[str, str]) -> Intent:
        drafts = commands.distribute(record, typed, station.parse_context())
        functions = drafts[0].changes["functions"]
        assert isinstance(functions, tuple)
        title = f"Verteilung an {', '.join(map(str, functions))}"
        return Intent(title, tuple(drafts), "", signs_of(typed))

    return FormSpec(
        with_entry(Does.DISTRIBUTE, record.id),
        "Im Stab verteilen",
        "distribution",
        commands.DISTRIBUTION,
        build,
        habits(station, ("sign",)),
        about=about(station, record),
    )


def acknowledge(station: Station, record: Record) -> FormSpec:
    """Quittung by a named person."""
    context = station.context()
    receipts = receipts_of(record.id, context)
    commands.check_confirmable(record, context.directory, receipts)  # before anybody types

    def build(station: Station, typed: Mapping[str, str]) -> Intent:
        person, now = typed["person"].strip(), station.context()
        if not person:
            raise UsageError(
                "Das Feld „Name“ ist leer: bitte eintragen, wer quittiert.", field="person"
            )
        receipts = receipts_of(record.id, now)
        drafts = commands.acknowledge(record, person, station.parse_context(), receipts)
        return Intent(f"Quittung durch {person}", tuple(drafts), "", {PERSON: person})

    return FormSpec(
        with_entry(Does.ACKNOWLEDGE, record.id),
        "Quittieren",
        "receipt",
        commands.CONFIRMATION,
        build,
        {"person": station.setting(PERSON)},
        "Quittieren",
        about(station, record),
        quick=True,
    )
