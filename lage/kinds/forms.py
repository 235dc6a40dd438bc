# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The forms of a staff as data: which fields, what they are called, what may be typed.

Screen and command line make their input from these, so both ask for the same things in the same
words. A field is required here if a person must fill it; the schema may fill in the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from lage.kinds.ops import SCHEMA
from sync.schema.definition import (
    Choice,
    Flag,
    Many,
    Member,
    Moment,
    Number,
    Position,
    Term,
    Text,
    Value,
)

Input = Literal["line", "text", "choice", "flag", "number", "time", "point", "staff", "term"]


@dataclass(frozen=True, slots=True)
class FormField:
    """One input."""

    name: str  # of the schema's field, or of several (``parts_of``)
    label: str
    hint: str = ""
    required: bool = False
    default: str = ""
    option: str = ""  # name on the command line, when it differs from the label


@dataclass(frozen=True, slots=True)
class Form:
    """What a person fills in to create an entity of a kind."""

    kind: str
    title: str
    plural: str
    fields: tuple[FormField, ...]
    fixed: Mapping[str, Value]  # values the form sets by itself

    def field(self, name: str) -> FormField:
        """The input of that name."""
        return next(item for item in self.fields if item.name == name)


_PARTS: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("unit", "strength"): ("leaders", "subleaders", "helpers"),
}


def parts_of(kind: str, name: str) -> tuple[str, ...]:
    """The fields of the schema that one input fills; empty for an input of no schema."""
    if name in SCHEMA.by_name[kind].by_name:
        return (name,)
    return _PARTS.get((kind, name), ())


def input_of(kind: str, name: str) -> Input:
    """What sort of input suits a field."""
    if name not in SCHEMA.by_name[kind].by_name:
        return "line"
    item = SCHEMA.by_name[kind].by_name[name].type
    inner = item.item if isinstance(item, Many) else item
    match inner:
        case Choice():
            return "line" if isinstance(item, Many) else "choice"
        case Flag():
            return "flag"
        case Number():
            return "number"
        case Moment():
            return "time"
        case Position():
            return "point"
        case Member():
            return "staff"
        case Term():
            return "term"
        case Text(max_chars=limit):
            return "text" if limit >= 200 else "line"
    return "line"


def choices_of(kind: str, name: str) -> tuple[str, ...]:
    """The values a choice field offers; empty for other fields."""
    if name not in SCHEMA.by_name[kind].by_name:
        return ()
    item = SCHEMA.by_name[kind].by_name[name].type
    inner = item.item if isinstance(item, Many) else item
    return inner.values if isinstance(inner, Choice) else ()


def vocabulary_of(kind: str, name: str) -> str:
    """Name of the word list from which a field suggests; empty for none."""
    if name not in SCHEMA.by_name[kind].by_name:
        return ""
    item = SCHEMA.by_name[kind].by_name[name].type
    inner = item.item if isinstance(item, Many) else item
    return inner.vocabulary if isinstance(inner, Term) else ""


_F = FormField
_WHEN = _F("at", "Ereigniszeit", "leer: jetzt; z. B. 1530, 241530nov26, vor 20 min", option="zeit")
_SIGN = _F("sign", "Zeichen", "Kürzel der schreibenden Person")

FORMS: tuple[Form, ...] = (
    Form(
        "journal",
        "Tagebucheintrag",
        "Einsatztagebuch",
        (
            _F("text", "Inhalt", required=True),
            _F("action", "Maßnahme", "veranlasste Maßnahme", option="massnahme"),
            _F("sender", "Von"),
            _F("recipient", "An"),
            _F("way", "Weg"),
            _WHEN,
            _SIGN,
        ),
        {},
    ),
    Form(
        "message",
        "Nachricht",
        "Nachrichten",
        (
            _F("to", "An", "Stellen mit Komma, oder „alle“", default="alle"),
            _F("priority", "Vorrang", default="einfach"),
            _F("text", "Inhalt", required=True),
            _F("receipt_wanted", "Quittung", "ja/nein; ab „sofort“ von selbst"),
            _F("function", "Funktion", "des Absenders, z. B. S3"),
            _SIGN,
            _F("external_sender", "Für", "wer sie aufgab, wenn keine Stelle mit Lage"),
            _F("way", "Weg"),
            _F("at", "Abfassungszeit", "leer: jetzt", option="zeit"),
        ),
        {},
    ),
    Form(
        "incident",
        "Vorfall",
        "Vorfälle",
        (
            _F("type", "Art", required=True),
            _F("text", "Lage", required=True),
            _F("place", "Ort", "z. B. 500 m südl. Emsbrücke Gimbte"),
            _F("point", "Koordinate", "UTMREF, UTM32 oder Grad"),
            _F("municipality", "Gemeinde", "leer: aus der Koordinate"),
            _F("priority", "Priorität", default="mittel", option="prioritaet"),
            _F("affected", "Betroffene", "leer oder ?: nicht bekannt"),
            _F("injured", "Verletzte"),
            _F("missing", "Vermisste"),
            _F("dead", "Tote"),
            _F("responsible", "Zuständig", option="zustaendig"),
            _F("units", "Kräfte", "eingesetzte Kräfte", option="kraefte"),
            _WHEN,
        ),
        {"status": "offen"},
    ),
    Form(
        "task",
        "Auftrag",
        "Aufträge",
        (
            _F("to", "An", "Stellen mit Komma; leer: eigene Stelle"),
            _F("text", "Auftrag", "was ist zu tun", required=True, option="text"),
            _F("assignee", "Ausführung", "Einheit oder Person", option="ausfuehrung"),
            _F("place", "Ort"),
            _F("due", "Bis", "bis wann"),
            _F("priority", "Vorrang", default="einfach"),
            _F("origin", "Anlass", "Nummer des Vorfalls, z. B. RHE-12"),
        ),
        {"status": "offen"},
    ),
    Form(
        "reading",
        "Messwert",
        "Messwerte",
        (
            _F("gauge", "Pegel", required=True),
            _F("value", "Wert", "in cm oder der Einheit der Messstelle", required=True),
            _F("at", "Zeit", "leer: jetzt"),
            _F("source", "Quelle", default="Ablesung"),
            _F("note", "Bemerkung"),
        ),
        {},
    ),
    Form(
        "gauge",
        "Messstelle",
        "Messstellen",
        (
            _F("name", "Name", required=True),
            _F("water", "Gewässer", option="gewaesser"),
            _F("quantity", "Größe", default="Wasserstand", option="groesse"),
            _F("unit", "Einheit", default="cm"),
            _F("point", "Koordinate"),
            _F("info1", "Informationswert 1", option="info1"),
            _F("info2", "Informationswert 2", option="info2"),
            _F("info3", "Informationswert 3", option="info3"),
            _F("mhw", "MHW"),
            _F("mnw", "MNW"),
            _F("minimum", "Kleinster glaubhafter Wert", option="von"),
            _F("maximum", "Größter glaubhafter Wert", option="bis"),
            _F(
                "interval", "Abstand in Minuten", "erwartete Zeit zwischen Werten", option="abstand"
            ),
            _F("decimals", "Nachkommastellen", option="nachkomma"),
            _F("station", "Kennung", "PEGELONLINE-Nummer oder DevEUI"),
        ),
        {},
    ),
    Form(
        "unit",
        "Einheit",
        "Kräfte",
        (
            _F("name", "Name", required=True),
            _F("organisation", "Organisation"),
            _F("strength", "Stärke", "Führer/Unterführer/Helfer//gesamt, z. B. 1/3/12//16"),
            _F("status", "Status", default="Bereitstellung"),
            _F("place", "Ort"),
            _F("point", "Koordinate"),
            _F("relief", "Ablösung", "bis wann", option="abloesung"),
            _F("incident", "Vorfall", "Nummer, z. B. RHE-12"),
            _F("task", "Auftrag", "Nummer, z. B. RHE-A4"),
            _F("note", "Bemerkung"),
        ),
        {},
    ),
    Form(
        "stock_movement",
        "Bestandsbewegung",
        "Bestandsbewegungen",
        (
            _F("item", "Material", required=True),
            _F("place", "Ort", required=True),
            _F("amount", "Menge", "Zugang 500, Abgang -200", required=True),
            _F("to_place", "Nach", "nur bei Verlegung: Zielort"),
            _F("reason", "Grund"),
            _F("request", "Anforderung", "Nummer, z. B. RHE-F1"),
            _WHEN,
        ),
        {},
    ),
    Form(
        "supply",
        "Material",
        "Material",
        (
            _F("item", "Material", required=True),
            _F("place", "Ort", required=True),
            _F("unit", "Einheit", default="Stück"),
            _F("minimum", "Mindestbestand", option="minimum"),
        ),
        {},
    ),
    Form(
        "request",
        "Anforderung",
        "Anforderungen",
        (
            _F("item", "Was", option="was"),
            _F("amount", "Menge"),
            _F("unit", "Einheit"),
            _F("place", "Wohin"),
            _F("due", "Bis"),
            _F("text", "Begründung", option="text"),
            _F("to", "An", "leer: an alle"),
            _F("priority", "Vorrang", default="einfach"),
        ),
        {"status": "offen"},
    ),
    Form(
        "helper",
        "Helfer",
        "Spontanhelfende",
        (
            _F("skills", "Fähigkeiten", "mit Komma", required=True, option="kann"),
            _F("place", "Ort", required=True),
            _F("since", "Ab", "leer: sofort"),
            _F("hours", "Stunden", "wie lange"),
            _F("count", "Personen", default="1"),
            _F("equipment", "Ausstattung"),
        ),
        {"status": "gemeldet"},
    ),
    Form(
        "shelter",
        "Notunterkunft",
        "Notunterkünfte",
        (
            _F("name", "Name", required=True),
            _F("municipality", "Gemeinde"),
            _F("capacity", "Kapazität", option="kapazitaet"),
            _F("occupied", "Belegt"),
            _F("operator", "Träger", option="traeger"),
            _F("status", "Status", default="in Betrieb"),
            _F("point", "Koordinate"),
            _F("note", "Bemerkung"),
        ),
        {},
    ),
    Form(
        "supply_state",
        "Versorgungslage",
        "Versorgungslage",
        (
            _F("municipality", "Gemeinde", required=True),
            _F("service", "Bereich", required=True),
            _F("state", "Zustand", required=True),
            _F("since", "Seit"),
            _F("affected", "Betroffene"),
            _F("until", "Voraussichtlich bis", option="bis"),
            _F("note", "Bemerkung"),
        ),
        {},
    ),
    Form(
        "report",
        "Lagemeldung",
        "Lagemeldungen",
        (
            _F("to", "An", default="alle"),
            _F("general", "Allgemeine Lage", option="allgemein"),
            _F("measures", "Maßnahmen", option="massnahmen"),
            _F("weather", "Wetter"),
            _F("intent", "Absicht"),
            _F("reachability", "Erreichbarkeit"),
            _F("until", "Stand", default="jetzt"),
            _SIGN,
        ),
        {},
    ),
    Form(
        "area",
        "Gebiet",
        "Gebiete",
        (
            _F("type", "Art", required=True),
            _F("name", "Name"),
            _F("outline", "Eckpunkte", "Koordinaten mit Semikolon", required=True),
            _F("note", "Bemerkung"),
        ),
        {"status": "aktiv"},
    ),
    Form(
        "handover",
        "Schichtübergabe",
        "Schichtübergaben",
        (
            _F("from_person", "Von", required=True),
            _F("to_person", "An", required=True),
            _F("text", "Übergabe", required=True, option="text"),
        ),
        {},
    ),
    Form(
        "group",
        "Verteiler",
        "Verteiler",
        (_F("name", "Name", required=True),),
        {},
    ),
    Form(
        "contact",
        "Erreichbarkeit",
        "Erreichbarkeiten",
        (
            _F("function", "Funktion", required=True),
            _F("text", "Erreichbar", "z. B. Telefon, Funkrufname, Raum", required=True),
        ),
        {},
    ),
)

BY_KIND: Mapping[str, Form] = {form.kind: form for form in FORMS}
