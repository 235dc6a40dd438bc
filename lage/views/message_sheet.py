# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the Nachrichtenvordruck says of a message, field by field as a Fernmelder knows it. Pure.

Aufnahmevermerk: how and when it came in and who took it. Annahmevermerk: when the author gave it
up. Beförderungsvermerk: how it went out and when the other side confirmed it, by whom. What nobody
has noted stays empty, to be filled in by hand.
"""

from __future__ import annotations

from dataclasses import dataclass

from lage.kinds.model import Query, Record, Where
from lage.kinds.reader import ViewContext
from lage.language.epoch import from_unix
from lage.language.plain import plain, plain_lines
from lage.language.tactical import tactical
from lage.views.cells import addressees
from lage.views.delivery import Delivery, delivery
from lage.views.detail import title_of

SPOKEN = ("Telefon", "persönlich")
"""Ways on which an author speaks himself: a Gesprächsnotiz, unless he took it down for another."""
NOTES_MAX = 12


@dataclass(frozen=True, slots=True)
class Note:
    """One Vermerk: how, when, who; empty where nobody said."""

    way: str = ""
    time: str = ""
    sign: str = ""


@dataclass(frozen=True, slots=True)
class Sorting:
    """What this staff's Sichter decided at one time."""

    functions: tuple[str, ...]
    by: str  # Zeichen and time
    note: str


@dataclass(frozen=True, slots=True)
class MessageSheet:
    """The whole form."""

    direction: str  # Eingang, Ausgang, Abschrift
    register: str  # number in the Nachweisung
    taken: Note  # Aufnahmevermerk
    accepted: Note  # Annahmevermerk
    carried: tuple[tuple[str, Note], ...]  # Beförderungsvermerk by addressee
    way: str
    call: str  # of the sending station
    number: str  # Spruchnummer
    priority: str
    spoken: bool  # Gesprächsnotiz
    to: str
    text: str
    written: str  # Abfassungszeit
    sender: str
    function: str
    sign: str
    receipts: tuple[tuple[str, str, str], ...]  # staff, person, time
    sortings: tuple[Sorting, ...]
    remarks: tuple[str, ...]  # what was done about it


def message_sheet(message: Record, context: ViewContext) -> MessageSheet:
    """The form of one message as this staff knows it."""
    names, state = context.directory, delivery(message, context)
    incoming = context.reader.incoming_number(message.id)
    ours = message.id.author in context.ours
    outside, way = plain(message.text("external_sender")), message.text("way", "Mesh")
    sender = names.name(message.id.author)
    register = f"Ausgang {message.nr}" if ours and message.nr is not None else ""
    if incoming is not None:
        register = f"Eingang {incoming}"
    direction = "Eingang" if incoming is not None else "Ausgang" if ours else "Abschrift"
    return MessageSheet(
        direction,
        register,
        _taken(message, state, context, incoming=incoming is not None),
        Note("", tactical(message.time), plain(message.text("sign"))) if ours else Note(),
        tuple(_carried(state, context)) if incoming is None else (),
        way,
        names.code(message.id.author),
        names.label(message),
        message.text("priority"),
        way in SPOKEN and not outside,
        addressees(message, context),
        plain_lines(message.text("text")),
        tactical(message.event_time),
        f"{outside} (aufgenommen von {sender})" if outside else sender,
        message.text("function"),
        plain(message.text("sign")),
        tuple(_receipts(state, context)),
        tuple(_sortings(message, context)),
        tuple(_remarks(message, context)),
    )


def _taken(message: Record, state: Delivery, context: ViewContext, *, incoming: bool) -> Note:
    """How it came to this staff: over the network, or to whoever took it down."""
    if incoming:
        arrived = from_unix(context.reader.history(message.id)[0].received)
        ours = (person for member, person, _ in state.confirmed if member in context.ours)
        return Note("Mesh", tactical(arrived), plain(next(ours, "")))
    if message.text("external_sender"):
        sign = plain(message.text("sign"))
        return Note(message.text("way"), tactical(message.event_time), sign)
    return Note()


def _carried(state: Delivery, context: ViewContext) -> list[tuple[str, Note]]:
    """To each addressee: the other side's word, else that its node has it, else nothing yet."""
    name = context.directory.name
    found = [
        (name(member), Note("Mesh", tactical(at), plain(person)))
        for member, person, at in state.confirmed
    ]
    done = {member for member, _, _ in state.confirmed}
    waiting = [member for member in state.open if member not in done]
    held = [m for m in waiting if m not in state.awaited]
    found += [(name(member), Note("Mesh", "liegt vor")) for member in held]
    found += [(name(member), Note()) for member in state.awaited if member not in done]
    return found


def _receipts(state: Delivery, context: ViewContext) -> list[tuple[str, str, str]]:
    name = context.directory.name
    found = [(name(m), plain(person), tactical(at)) for m, person, at in state.confirmed]
    return found + [(name(member), "offen", "") for member in state.open]


def _sortings(message: Record, context: ViewContext) -> list[Sorting]:
    where = (Where("message", "=", message.id), Where("author", "in", context.ours))
    found = []
    for row in context.reader.select(Query("distribution", where, descending=False)):
        sign = plain(row.text("sign", "ohne Zeichen"))
        note = plain(row.text("note"))
        found.append(Sorting(row.texts("functions"), f"{sign}, {tactical(row.time)}", note))
    return found


def _remarks(message: Record, context: ViewContext) -> list[str]:
    """Orders and entries that came of it, and answers to it."""
    remarks = []
    for kind, field in (("task", "origin"), ("journal", "about"), ("message", "answers")):
        query = Query(kind, (Where(field, "=", message.id),), descending=False, limit=NOTES_MAX)
        for row in context.reader.select(query):
            said = f"{title_of(row, context)}: {plain(row.text('text'))}"
            remarks.append(f"{tactical(row.time)} {said}")
    return remarks
