# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The schema of the log: every kind of entity a staff writes, with its fields.

Kind, field and choice numbers are what stands on the air and in every archive. They are never
reused and never reordered; new fields go at the end with ``since`` raised, new choices at the end
of their list. Choices are German because they are the official words (DV 100, FwDV 100, BHKG).

Gauges, supplies and the supply situation are keyed by name ("Pegel Rheine"), not by reference, so
that two staffs who start writing about the same thing without having heard of each other agree.
"""

from __future__ import annotations

from collections.abc import Mapping

from sync.schema.definition import (
    Blob,
    Choice,
    Field,
    FieldType,
    Flag,
    Kind,
    Many,
    Member,
    Merge,
    Moment,
    Number,
    Position,
    Ref,
    Schema,
    Term,
    Text,
)

PRIORITIES = ("einfach", "sofort", "blitz", "staatsnot")
RECEIPT_MINUTES = {"einfach": 120, "sofort": 30, "blitz": 10, "staatsnot": 5}
"""After how long a wanted Quittung counts as overdue, unless the message says otherwise."""

WAYS = ("Funk", "Telefon", "Melder", "Mesh", "persönlich", "E-Mail", "Fax", "Beobachtung")
FUNCTIONS = ("Leiter", "S1", "S2", "S3", "S4", "S5", "S6", "Fachberater", "ETB", "Sichter")
INCIDENT_TYPES = (
    "Überflutung",
    "Stromausfall",
    "Person in Not",
    "Deichschaden",
    "Straßensperre",
    "Gefahrgut",
    "Infrastruktur",
    "Betreuung",
    "Sturmschaden",
    "Brand",
    "Verkehrsunfall",
    "Erkrankung",
    "Vermisste Person",
    "Tiere",
    "Trinkwasser",
    "Sonstiges",
)
INCIDENT_STATUS = ("offen", "in Arbeit", "unter Kontrolle", "erledigt")
INCIDENT_PRIORITIES = ("mittel", "hoch", "kritisch", "niedrig")
TASK_STATUS = ("offen", "angenommen", "in Arbeit", "erledigt", "abgelehnt")
READING_SOURCES = ("Ablesung", "Sensor", "PEGELONLINE", "Schätzung", "Meldung")
QUANTITIES = (
    "Wasserstand",
    "Grundwasser",
    "Bodenfeuchte",
    "Niederschlag",
    "Abfluss",
    "Temperatur",
    "Sonstige",
)
UNIT_STATUS = ("im Einsatz", "Bereitstellung", "in Ruhe", "außer Dienst")
REQUEST_STATUS = ("offen", "angenommen", "unterwegs", "erfüllt", "abgelehnt", "zurückgezogen")
HELPER_STATUS = ("gemeldet", "eingeplant", "im Einsatz", "entlassen")
SHELTER_STATUS = ("in Betrieb", "in Vorbereitung", "voll", "geschlossen")
SERVICES = ("Strom", "Wasser", "Mobilfunk", "Festnetz", "Heizung", "Kraftstoff")
SERVICE_STATES = ("ausgefallen", "eingeschränkt", "in Betrieb", "unbekannt")
AREA_KINDS = ("überflutet", "evakuiert", "Gefahrenbereich", "gesperrt", "Einsatzabschnitt")
AREA_STATUS = ("aktiv", "aufgehoben")
DOCUMENT_KINDS = ("Plan", "Liste", "Alarmplan", "Gefahrgut", "Karte", "Bericht", "Sonstiges")

_REGISTER, _ONCE, _SET, _APPEND = Merge.REGISTER, Merge.ONCE, Merge.SET, Merge.APPEND
TEXT_MAX = 4000
"""Characters a user may write in one field; more than one operation holds continues in the next."""


def _once(number: int, name: str, kind: FieldType, *, required: bool = False) -> Field:
    return Field(number, name, kind, _ONCE, required)


def _register(number: int, name: str, kind: FieldType, *, required: bool = False) -> Field:
    return Field(number, name, kind, _REGISTER, required)


def _prose(number: int, name: str, *, required: bool = False) -> Field:
    """Text that continues in the author's next operations where it is too long for one."""
    return Field(number, name, Text(400), _APPEND, required)


JOURNAL = Kind(
    1,
    "journal",
    (
        _prose(0, "text", required=True),
        _once(1, "at", Moment()),  # event time, when it differs from the entry's
        _once(2, "sender", Text(60)),
        _once(3, "recipient", Text(60)),
        _once(4, "way", Choice(WAYS)),
        _prose(5, "action"),  # veranlasste Maßnahme
        _once(6, "sign", Text(12)),  # Zeichen
        _once(7, "about", Ref()),
        _once(8, "strikes", Ref("journal")),  # the entry that this one corrects
    ),
)
MESSAGE = Kind(
    2,
    "message",
    (
        _once(0, "priority", Choice(PRIORITIES, room=4), required=True),
        _once(1, "to", Many(Member(), 25)),  # absent: an alle
        _prose(2, "text", required=True),
        _once(3, "receipt_wanted", Flag()),
        _once(4, "receipt_minutes", Number(typical=32)),  # absent: by priority
        _once(5, "function", Choice(FUNCTIONS)),  # of the sender
        _once(6, "sign", Text(12)),
        _once(7, "answers", Ref("message")),
        _once(8, "forwards", Ref("message")),
        _once(9, "at", Moment()),  # Abfassungszeit, when it differs
        _once(10, "external_sender", Text(60)),  # taken down for somebody without Lage
        _once(11, "way", Choice(WAYS)),
        _once(12, "group", Ref("group")),
    ),
)
RECEIPT = Kind(
    3,
    "receipt",
    (
        _once(0, "message", Ref("message"), required=True),
        _once(1, "person", Text(40), required=True),
        _once(2, "at", Moment()),
    ),
)
DISTRIBUTION = Kind(
    4,
    "distribution",
    (
        _once(0, "message", Ref("message"), required=True),
        _once(1, "functions", Many(Choice(FUNCTIONS), 10), required=True),
        _once(2, "note", Text(200)),
        _once(3, "sign", Text(12)),
    ),
)
TASK = Kind(
    5,
    "task",
    (
        _prose(0, "text", required=True),
        _once(1, "to", Many(Member(), 25)),
        _register(2, "assignee", Text(60)),  # unit or person
        _register(3, "place", Text(80)),
        _register(4, "due", Moment()),
        _register(5, "status", Choice(TASK_STATUS, room=8)),
        _register(6, "feedback", Text(300)),  # last Rückmeldung; earlier ones in the history
        _once(7, "origin", Ref()),
        _register(8, "priority", Choice(PRIORITIES, room=4)),
        _register(9, "progress", Number(typical=100, maximum=100)),  # percent
    ),
)
INCIDENT = Kind(
    6,
    "incident",
    (
        _register(0, "type", Choice(INCIDENT_TYPES, room=32), required=True),
        _register(1, "text", Text(400)),
        _register(2, "place", Text(80)),
        _register(3, "point", Position()),
        _register(4, "municipality", Term("place")),
        _register(5, "status", Choice(INCIDENT_STATUS, room=8), required=True),
        _register(6, "priority", Choice(INCIDENT_PRIORITIES, room=4)),
        _register(7, "affected", Number(typical=64)),
        _register(8, "injured", Number(typical=8)),
        _register(9, "missing", Number(typical=4)),
        _register(10, "dead", Number(typical=4)),
        _register(11, "responsible", Member()),
        _register(12, "units", Text(120)),
        _register(13, "merged_into", Ref("incident")),
        _once(14, "at", Moment()),
        _once(15, "external_id", Text(40)),  # number of the Leitstelle
    ),
)
GAUGE = Kind(
    7,
    "gauge",
    (
        _once(0, "name", Term("gauge"), required=True),
        _register(1, "water", Text(40)),
        _register(2, "point", Position()),
        _register(3, "quantity", Choice(QUANTITIES)),
        _register(4, "unit", Term("unit_of_measure")),
        _register(5, "info1", Number(signed=True, typical=512)),
        _register(6, "info2", Number(signed=True, typical=512)),
        _register(7, "info3", Number(signed=True, typical=512)),
        _register(8, "mhw", Number(signed=True, typical=512)),
        _register(9, "mnw", Number(signed=True, typical=512)),
        _register(10, "minimum", Number(signed=True, typical=512)),  # plausible range
        _register(11, "maximum", Number(signed=True, typical=512)),
        _register(12, "interval", Number(typical=64)),  # expected minutes between readings
        _register(13, "decimals", Number(typical=4, maximum=4)),  # of value and thresholds
        _register(14, "station", Text(40)),  # PEGELONLINE number, DevEUI
    ),
)
READING = Kind(
    8,
    "reading",
    (
        _once(0, "gauge", Term("gauge"), required=True),
        _once(1, "value", Number(signed=True, typical=512), required=True),
        _once(2, "at", Moment()),
        _once(3, "source", Choice(READING_SOURCES, room=8)),
        _once(4, "note", Text(120)),
    ),
)
UNIT = Kind(
    9,
    "unit",
    (
        _register(0, "name", Text(60), required=True),
        _register(1, "organisation", Term("organisation")),
        _register(2, "leaders", Number(typical=4)),
        _register(3, "subleaders", Number(typical=8)),
        _register(4, "helpers", Number(typical=32)),
        _register(5, "status", Choice(UNIT_STATUS, room=8)),
        _register(6, "place", Text(80)),
        _register(7, "point", Position()),
        _register(8, "task", Ref("task")),
        _register(9, "relief", Moment()),
        _register(10, "incident", Ref("incident")),
        _register(11, "note", Text(200)),
    ),
)
SUPPLY = Kind(
    10,
    "supply",
    (
        _once(0, "item", Term("item"), required=True),
        _once(1, "place", Term("place"), required=True),
        _register(2, "unit", Term("unit_of_measure")),
        _register(3, "minimum", Number(typical=512)),
    ),
)
STOCK_MOVEMENT = Kind(
    11,
    "stock_movement",
    (
        _once(0, "item", Term("item"), required=True),
        _once(1, "place", Term("place"), required=True),
        _once(2, "amount", Number(signed=True, typical=128), required=True),
        _once(3, "to_place", Term("place")),  # Verlegung: leaves place, arrives here
        _once(4, "reason", Text(120)),
        _once(5, "at", Moment()),
        _once(6, "request", Ref("request")),
    ),
)
REQUEST = Kind(
    12,
    "request",
    (
        _prose(0, "text"),
        _once(1, "item", Term("item")),
        _register(2, "amount", Number(typical=64)),
        _register(3, "unit", Term("unit_of_measure")),
        _register(4, "place", Text(80)),
        _register(5, "due", Moment()),
        _register(6, "status", Choice(REQUEST_STATUS, room=8)),
        _once(7, "to", Many(Member(), 25)),
        _once(8, "origin", Ref()),
        _register(9, "priority", Choice(PRIORITIES, room=4)),
        _register(10, "feedback", Text(200)),
    ),
)
HELPER = Kind(
    13,
    "helper",
    (
        _register(0, "skills", Many(Term("skill"), 12), required=True),
        _register(1, "place", Term("place"), required=True),
        _register(2, "since", Moment()),  # available from
        _register(3, "hours", Number(typical=12)),  # for how long
        _register(4, "count", Number(typical=4)),  # group size, absent: 1
        _register(5, "equipment", Text(120)),
        _register(6, "status", Choice(HELPER_STATUS, room=8)),
        _register(7, "worked", Number(typical=16)),  # hours done
        _register(8, "delete_at", Moment()),
        _register(9, "erased", Flag()),  # the private part's key was destroyed
    ),
)
ASSIGNMENT = Kind(
    14,
    "assignment",
    (
        _once(0, "helper", Ref("helper"), required=True),
        _once(1, "to", Member(), required=True),
        _once(2, "meeting_point", Text(100)),
        _once(3, "at", Moment()),
        _once(4, "task", Ref("task")),
        _register(5, "feedback", Text(200)),  # text to the helper
        _register(6, "cancelled", Flag()),
    ),
)
SEALED = Kind(
    15,
    "sealed",  # private part of a helper, for the receiving staff only
    (
        _once(0, "assignment", Ref("assignment"), required=True),
        _once(1, "part", Number(typical=2, maximum=15), required=True),
        _once(2, "content", Blob(120), required=True),
        Field(3, "key", Ref("sealing_key"), _ONCE, since=2),
    ),
)
SHELTER = Kind(
    16,
    "shelter",
    (
        _register(0, "name", Text(80), required=True),
        _register(1, "municipality", Term("place")),
        _register(2, "point", Position()),
        _register(3, "capacity", Number(typical=256)),
        _register(4, "occupied", Number(typical=128)),
        _register(5, "operator", Text(60)),
        _register(6, "status", Choice(SHELTER_STATUS, room=8)),
        _register(7, "note", Text(200)),
    ),
)
SUPPLY_STATE = Kind(
    17,
    "supply_state",  # Versorgungslage of one municipality and service
    (
        _once(0, "municipality", Term("place"), required=True),
        _once(1, "service", Choice(SERVICES, room=8), required=True),
        _once(2, "state", Choice(SERVICE_STATES, room=4), required=True),
        _once(3, "since", Moment()),
        _once(4, "affected", Number(typical=8192)),
        _once(5, "until", Moment()),  # expected restoration
        _once(6, "note", Text(120)),
    ),
)
REPORT = Kind(
    18,
    "report",  # Lagemeldung: the free parts; figures come from the situation
    (
        _once(0, "until", Moment(), required=True),  # state of the situation
        _once(1, "to", Many(Member(), 25)),
        _prose(2, "general"),
        _prose(3, "measures"),
        _prose(4, "weather"),
        _prose(5, "intent"),
        _prose(6, "reachability"),
        _prose(7, "summary"),  # the radio short form
        _once(8, "sign", Text(12)),
    ),
)
DOCUMENT = Kind(
    19,
    "document",
    (
        _register(0, "name", Text(120), required=True),
        _once(1, "hash", Blob(32), required=True),  # BLAKE2b-256
        _once(2, "size", Number(typical=65536), required=True),
        _register(3, "type", Choice(DOCUMENT_KINDS)),
        _register(4, "note", Text(200)),
    ),
)
AREA = Kind(
    20,
    "area",
    (
        _register(0, "type", Choice(AREA_KINDS), required=True),
        _register(1, "name", Text(60)),
        _once(2, "outline", Many(Position(), 24), required=True),
        _register(3, "status", Choice(AREA_STATUS, room=4)),
        _register(4, "note", Text(120)),
    ),
)
HANDOVER = Kind(
    21,
    "handover",
    (
        _once(0, "from_person", Text(40), required=True),
        _once(1, "to_person", Text(40), required=True),
        _prose(2, "text", required=True),
    ),
)
GROUP = Kind(
    22,
    "group",
    (
        _register(0, "name", Text(40), required=True),
        Field(1, "members", Many(Member(), 25), _SET),
    ),
)
CONTACT = Kind(
    23,
    "contact",  # how a staff can be reached: Erreichbarkeit
    (
        _register(0, "function", Choice(FUNCTIONS), required=True),
        _register(1, "text", Text(160), required=True),
    ),
)
SEALING_KEY = Kind(
    24,
    "sealing_key",  # of the receiving staff, for one assignment alone
    (
        _once(0, "assignment", Ref("assignment"), required=True),
        _once(1, "key", Blob(32), required=True),  # X25519, public half
        _register(2, "destroyed", Flag()),  # the secret half
    ),
)

SCALED: Mapping[str, tuple[str, ...]] = {
    "gauge": ("info1", "info2", "info3", "mhw", "mnw", "minimum", "maximum"),
    "reading": ("value",),
}
"""Fields whose whole numbers count in the decimals of their gauge: 385 may mean 38,5."""

SCHEMA = Schema(
    (
        JOURNAL,
        MESSAGE,
        RECEIPT,
        DISTRIBUTION,
        TASK,
        INCIDENT,
        GAUGE,
        READING,
        UNIT,
        SUPPLY,
        STOCK_MOVEMENT,
        REQUEST,
        HELPER,
        ASSIGNMENT,
        SEALED,
        SHELTER,
        SUPPLY_STATE,
        REPORT,
        DOCUMENT,
        AREA,
        HANDOVER,
        GROUP,
        CONTACT,
        SEALING_KEY,
    )
)
"""What this version of Lage can read and write."""
