# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every list of the product: its columns, its order, its filters. Screen and command line share it.

A column has a least width and a weight for the room that is left; columns with a high ``rank`` go
first when a terminal is narrow. Cells are plain text; whoever draws them must not interpret it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from lage.kinds.cards.message import RECEIPT_MINUTES
from lage.kinds.model import Query, Record, Where
from lage.kinds.reader import ViewContext
from lage.kinds.states import is_late, open_only
from lage.language.plain import plain
from lage.language.tactical import clock
from lage.views.gauges import doubtful
from lage.views.scale import places_of, with_places
from lage.views.sums import shelters_together, strength_of, units_together
from lage.views.words import short_value
from sync.schema.definition import EntityId


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a list."""

    title: str
    width: int  # least width in cells
    cell: Callable[[Record, ViewContext], str]
    weight: int = 0  # share of the room left
    rank: int = 0  # 0 always shown; higher goes first when narrow
    right: bool = False


@dataclass(frozen=True, slots=True)
class Filter:
    """A ready filter of a list."""

    key: str  # for the command line and the screen's state
    label: str
    where: Callable[[ViewContext], tuple[Where, ...]]


@dataclass(frozen=True, slots=True)
class ListView:
    """A list of one kind."""

    kind: str
    title: str
    columns: tuple[Column, ...]
    query: Query
    filters: tuple[Filter, ...] = ()
    summary: Callable[[Sequence[Record]], str] | None = None  # a line below the rows


@dataclass(frozen=True, slots=True)
class Delivery:
    """Who has an entry and who has confirmed it."""

    reached: tuple[int, ...]  # members known to hold it
    awaited: tuple[int, ...]  # addressees not known to hold it yet
    confirmed: tuple[tuple[int, str, int], ...]  # (member, person, time)
    open: tuple[int, ...]  # addressees whose Quittung is wanted and missing
    overdue: bool


def receipts_of(message: EntityId, context: ViewContext) -> list[Record]:
    """All Quittungen of a message, oldest first."""
    return context.reader.select(
        Query("receipt", (Where("message", "=", message),), descending=False)
    )


def delivery(record: Record, context: ViewContext) -> Delivery:
    """Who has received an entity's creating operation, and for messages who has confirmed it."""
    holders = context.reader.holders(*record.id) | {context.me}
    active = [staff.number for staff in context.directory.staffs if staff.active]
    to = record.values.get("to")
    heir = context.directory.heir
    named = [int(m) for m in to if isinstance(m, int)] if isinstance(to, tuple) else active
    away = {heir(record.id.author), *(staff.number for staff in context.directory.foreign)}
    addressees = [m for m in dict.fromkeys(map(heir, named)) if m not in away]
    confirmed: list[tuple[int, str, int]] = []
    if record.kind == "message":
        confirmed = [
            (row.id.author, str(row.values["person"]), row.event_time)
            for row in receipts_of(record.id, context)
        ]
    holders |= {member for member, _, _ in confirmed}  # nobody confirms what he lacks
    missing: list[int] = []
    overdue = False
    if record.values.get("receipt_wanted"):
        done = {heir(member) for member, _, _ in confirmed}
        missing = [member for member in addressees if member not in done]
        minutes = record.values.get("receipt_minutes")
        if not isinstance(minutes, int):
            minutes = RECEIPT_MINUTES[str(record.values["priority"])]
        overdue = bool(missing) and context.now - record.time > minutes * 60
    return Delivery(
        tuple(sorted(member for member in holders if member in active)),
        tuple(member for member in addressees if member not in holders),
        tuple(confirmed),
        tuple(missing),
        overdue,
    )


def _label(record: Record, context: ViewContext) -> str:
    return context.directory.label(record)


def _event(record: Record, context: ViewContext) -> str:
    return clock(record.event_time, context.now)


def _author(record: Record, context: ViewContext) -> str:
    return context.directory.name(record.id.author)


def _of(name: str) -> Callable[[Record, ViewContext], str]:
    def cell(record: Record, context: ViewContext) -> str:
        return short_value(record.kind, name, record.values.get(name), context)

    return cell


def _to(record: Record, context: ViewContext) -> str:
    to = record.values.get("to")
    if not isinstance(to, tuple):
        return "alle"
    return ", ".join(context.directory.name(int(m)) for m in to if isinstance(m, int))


def _receipt(record: Record, context: ViewContext) -> str:
    if not record.values.get("receipt_wanted"):
        return "-"
    state = delivery(record, context)
    wanted = len(state.open) + len({member for member, _, _ in state.confirmed})
    return f"{len(state.confirmed)}/{wanted}{' spät' if state.overdue else ''}"


def _reached(record: Record, context: ViewContext) -> str:
    state = delivery(record, context)
    total = sum(1 for staff in context.directory.staffs if staff.active)
    return f"{len(state.reached)}/{total}"


def _journal_text(record: Record, context: ViewContext) -> str:
    text = plain(str(record.values.get("text", "")))
    action = record.values.get("action")
    struck = context.reader.count(Query("journal", (Where("strikes", "=", record.id),), limit=1))
    corrects = record.values.get("strikes")
    if isinstance(corrects, EntityId):
        old = context.reader.get(corrects)
        text = f"Berichtigt {context.directory.label(old) if old else '?'}: {text}"
    mark = "[gestrichen] " if struck else ""
    return f"{mark}{text}" + (f" > {plain(str(action))}" if action else "")


def _harm(record: Record, context: ViewContext) -> str:
    """Betroffene/Verletzte/Vermisste/Tote; ``?`` is not known."""
    names = ("affected", "injured", "missing", "dead")
    if not any(name in record.values for name in names):
        return "?"
    return "/".join(str(record.values.get(name, "?")) for name in names)


def _incident_place(record: Record, context: ViewContext) -> str:
    place = record.values.get("place") or record.values.get("municipality")
    return plain(str(place)) if place else "-"


def _incident_status(record: Record, context: ViewContext) -> str:
    into = record.values.get("merged_into")
    if isinstance(into, EntityId):
        target = context.reader.get(into)
        return f"= {context.directory.label(target) if target else '?'}"
    return str(record.values["status"])


def _strength(record: Record, context: ViewContext) -> str:
    return str(strength_of(record))


def _due(record: Record, context: ViewContext) -> str:
    due = record.values.get("due")
    if not isinstance(due, int):
        return "-"
    late = "! " if is_late(record, context.now) else ""
    return late + clock(due, context.now)


def _reading(record: Record, context: ViewContext) -> str:
    value = record.values["value"]
    assert isinstance(value, int)
    return with_places(value, places_of(record, context)) + (
        "?" if doubtful(record, context) else ""
    )


def _open(kind: str, label: str = "offen") -> Filter:
    return Filter("offen", label, lambda _: open_only(kind))


def _status(status: str) -> Callable[[ViewContext], tuple[Where, ...]]:
    return lambda _: (Where("status", "=", status),)


_NR = Column("Nr.", 8, _label)
_TIME = Column("Zeit", 9, _event)
_BY = Column("Stelle", 12, _author, 1, rank=2)
_MINE = Filter("eigene", "eigene Stelle", lambda c: (Where("author", "in", c.ours),))

LISTS: Mapping[str, ListView] = {
    view.kind: view
    for view in (
        ListView(
            "journal",
            "Einsatztagebuch",
            (
                _NR,
                _TIME,
                Column("Stelle", 10, _author, 1, rank=1),
                Column("Inhalt > Maßnahme", 30, _journal_text, 6),
                Column("Von", 8, _of("sender"), 1, rank=3),
                Column("An", 8, _of("recipient"), 1, rank=3),
                Column("Weg", 7, _of("way"), 0, rank=4),
                Column("Zch", 4, _of("sign"), 0, rank=3),
            ),
            Query("journal", order="entered"),
            (_MINE,),
        ),
        ListView(
            "message",
            "Nachrichten",
            (
                _NR,
                _TIME,
                Column("Vorrang", 7, _of("priority")),
                Column("Von", 10, _author, 1),
                Column("An", 10, _to, 1, rank=1),
                Column("Inhalt", 20, _of("text"), 5),
                Column("empf.", 5, _reached, 0, rank=2, right=True),
                Column("Quittung", 8, _receipt, 1),
            ),
            Query("message", order="entered"),
            (
                Filter("ein", "Eingang", lambda c: (Where("author", "not in", c.ours),)),
                Filter("aus", "Ausgang", lambda c: (Where("author", "in", c.ours),)),
            ),
        ),
        ListView(
            "task",
            "Aufträge",
            (
                _NR,
                _TIME,
                Column("Status", 10, _of("status")),
                Column("Bis", 9, _due),
                Column("Von", 8, _author, 1, rank=2),
                Column("An", 8, _to, 1, rank=1),
                Column("Auftrag", 20, _of("text"), 5),
                Column("Rückmeldung", 10, _of("feedback"), 2, rank=3),
            ),
            Query("task", order="entered"),
            (_open("task"), _MINE),
        ),
        ListView(
            "incident",
            "Vorfälle",
            (
                _NR,
                _TIME,
                Column("Art", 13, _of("type")),
                Column("Status", 10, _incident_status),
                Column("Prio", 8, _of("priority"), 0, rank=1),
                Column("Ort", 10, _incident_place, 2),
                Column("Lage", 14, _of("text"), 4),
                Column("Betr/Verl/Verm/Tot", 9, _harm, 0, rank=2),
            ),
            Query("incident"),
            (_open("incident", "nicht erledigt"), _MINE),
        ),
        ListView(
            "unit",
            "Kräfte",
            (
                Column("Name", 14, _of("name"), 2),
                Column("Org.", 8, _of("organisation"), 0, rank=1),
                Column("Stärke", 12, _strength),
                Column("Status", 14, _of("status")),
                Column("Ort", 10, _of("place"), 2),
                Column("Ablösung", 9, _of("relief"), 0, rank=2),
                _BY,
            ),
            Query("unit", order="changed"),
            (
                Filter("bereit", "bereit", _status("Bereitstellung")),
                Filter("einsatz", "im Einsatz", _status("im Einsatz")),
                _MINE,
            ),
            units_together,
        ),
        ListView(
            "helper",
            "Helfer",
            (
                _NR,
                Column("Fähigkeiten", 16, _of("skills"), 3),
                Column("Pers.", 5, _of("count"), right=True),
                Column("Ort", 12, _of("place"), 1),
                Column("Ab", 9, _of("since"), 0, rank=1),
                Column("Std.", 4, _of("hours"), 0, rank=1, right=True),
                Column("Status", 10, _of("status")),
                _BY,
            ),
            Query("helper", order="changed"),
            (
                Filter("frei", "verfügbar", _status("gemeldet")),
                Filter("einsatz", "im Einsatz", _status("im Einsatz")),
                _MINE,
            ),
        ),
        ListView(
            "report",
            "Lagemeldungen",
            (
                _TIME,
                _BY,
                Column("An", 10, _to, 1),
                Column("Stand", 9, _of("until")),
                Column("Allgemeine Lage", 20, _of("general"), 4),
            ),
            Query("report", order="entered"),
            (_MINE,),
        ),
        ListView(
            "request",
            "Anforderungen",
            (
                _NR,
                _TIME,
                Column("Status", 10, _of("status")),
                Column("Was", 14, _of("item"), 2),
                Column("Menge", 6, _of("amount"), right=True),
                Column("Wohin", 10, _of("place"), 2),
                Column("Bis", 9, _due, 0, rank=1),
                Column("Begründung", 10, _of("text"), 3, rank=2),
                _BY,
            ),
            Query("request", order="entered"),
            (_open("request"), _MINE),
        ),
        ListView(
            "shelter",
            "Notunterkünfte",
            (
                Column("Name", 16, _of("name"), 3),
                Column("Gemeinde", 12, _of("municipality"), 1),
                Column("Belegt", 6, _of("occupied"), right=True),
                Column("Plätze", 6, _of("capacity"), right=True),
                Column("Status", 12, _of("status")),
                Column("Träger", 8, _of("operator"), 1, rank=1),
                _BY,
            ),
            Query("shelter", order="changed"),
            (_MINE,),
            shelters_together,
        ),
        ListView(
            "area",
            "Gebiete",
            (
                _TIME,
                Column("Art", 14, _of("type")),
                Column("Name", 14, _of("name"), 2),
                Column("Status", 10, _of("status")),
                Column("Bemerkung", 10, _of("note"), 2, rank=1),
                _BY,
            ),
            Query("area"),
            (_MINE,),
        ),
        ListView(
            "reading",
            "Messwerte",
            (
                _TIME,
                Column("Pegel", 14, _of("gauge"), 2),
                Column("Wert", 7, _reading, right=True),
                Column("Quelle", 10, _of("source")),
                Column("Bemerkung", 10, _of("note"), 2, rank=1),
                _BY,
            ),
            Query("reading"),
            (_MINE,),
        ),
        ListView(
            "stock_movement",
            "Bestandsbewegungen",
            (
                _TIME,
                Column("Material", 14, _of("item"), 2),
                Column("Ort", 10, _of("place"), 1),
                Column("Menge", 7, _of("amount"), right=True),
                Column("Nach", 10, _of("to_place"), 1, rank=1),
                Column("Grund", 10, _of("reason"), 2, rank=1),
                _BY,
            ),
            Query("stock_movement"),
            (_MINE,),
        ),
        ListView(
            "handover",
            "Schichtübergaben",
            (
                _TIME,
                _BY,
                Column("Von", 12, _of("from_person"), 1),
                Column("An", 12, _of("to_person"), 1),
                Column("Übergabe", 20, _of("text"), 4),
            ),
            Query("handover", order="entered"),
            (_MINE,),
        ),
        ListView(
            "contact",
            "Erreichbarkeiten",
            (
                Column("Stelle", 14, _author, 1),
                Column("Funktion", 11, _of("function")),
                Column("Erreichbar", 20, _of("text"), 3),
            ),
            Query("contact", order="nr", descending=False),
            (_MINE,),
        ),
        ListView(
            "group",
            "Verteiler",
            (Column("Name", 16, _of("name"), 1), Column("Stellen", 20, _of("members"), 3), _BY),
            Query("group", order="entered"),
            (_MINE,),
        ),
        ListView(
            "document",
            "Dokumente",
            (
                Column("Name", 24, _of("name"), 3),
                Column("Art", 10, _of("type")),
                Column("Bytes", 9, _of("size"), right=True),
                _BY,
            ),
            Query("document", order="entered"),
            (_MINE,),
        ),
    )
}
