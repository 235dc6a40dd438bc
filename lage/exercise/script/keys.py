# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every key of a Drehbuch: what it is called, what may stand there, what it means."""

from __future__ import annotations

from lage.exercise.script.model import RELAY_BATTERY, STAFF_BATTERY, Broken, Falsehood, Way
from lage.exercise.script.shapes import (
    Checks,
    Curve,
    Fields,
    Key,
    One,
    Rows,
    Several,
    Sort,
    Table,
)
from lage.exercise.script.times import lasting
from lage.kinds.card import PRIORITIES
from lage.kinds.cards import CARDS
from lage.kinds.directory import ROLES

KIND_NAMES = {card.word: kind for kind, card in CARDS.items() if card.word and card.form}
"""Word of an entry in a script -> its kind."""
MANNED, PLAYED = "Menschen", "Drehbuch"
CURVES = ("linear", "stufen", "glatt")

_LINE, _TEXT = One(Sort.LINE), One(Sort.TEXT, longest=4000)
_STAFF, _STAFFS = One(Sort.STAFF), Several(One(Sort.STAFF))
_DURATION, _TIME, _PERCENT = One(Sort.DURATION), One(Sort.TIME), One(Sort.PERCENT)
_HEIGHT = Key("hoehe", One(Sort.NUMBER), "Höhe der Antenne über Grund in Metern", default="10")
_POINT = One(Sort.POINT)


def _battery(minutes: float) -> Key:
    says = "so lange läuft es ohne Netzstrom, mit Akku oder Aggregat"
    return Key("akku", _DURATION, says, default=lasting(minutes))


_PATTERN = (
    Key("eintrag", One(Sort.LINE, tuple(KIND_NAMES)), "Art des Eintrags", needed=True),
    Key("von", _STAFFS, "eine dieser Stellen schreibt ihn"),
    Key("an", _STAFFS, "er geht an eine dieser Stellen"),
    Key("enthaelt", Several(_LINE), "diese Wörter stehen alle darin, groß oder klein"),
    Key("felder", Fields(), "Angaben wie im Formular, die er haben muss"),
    Key(
        "geaendert",
        One(Sort.YES_NO),
        "nein: neu geschrieben; ja: dahin geändert, wer ihn auch schrieb",
        default="nein",
    ),
)
PATTERN = Table("Muster", _PATTERN)
CHECK = Table(
    "Prüfung",
    (*_PATTERN, Key("binnen", _DURATION, "so bald nach der Einlage", default="bis zum Ende")),
)
_ENTRIES = tuple(
    Key(word, Fields(kind), f"Eintrag {CARDS[kind].title} mit den Angaben des Formulars")
    for word, kind in KIND_NAMES.items()
)
ANSWER = Table(
    "Antwort",
    (
        Key("auf", PATTERN, "was die Stelle erreicht", needed=True),
        Key("nach", _DURATION, "so lange wartet sie", default="5 min"),
        Key("einmal", One(Sort.YES_NO), "nur beim ersten Mal", default="nein"),
        Key("wahrscheinlichkeit", _PERCENT, "so oft antwortet sie", default="100 %"),
        Key(
            "quittung",
            Fields("receipt", given=("Name",)),
            "quittiert die Nachricht: {Name: …}",
        ),
        Key("antwort", Fields("message"), "schreibt eine Nachricht zurück, ohne „An“"),
        Key("aendern", Fields(), "ändert den Eintrag, z. B. {Status: angenommen}"),
        *_ENTRIES,
    ),
    deeds=("quittung", "antwort", "aendern", *KIND_NAMES),
    deed_needed=True,
)
STAFF = Table(
    "Stelle",
    (
        Key("name", One(Sort.LINE, longest=60), "wie sie im Netz heißt", needed=True),
        Key("rolle", One(Sort.LINE, ROLES), "was sie ist", default="sae"),
        Key(
            "besetzung",
            One(Sort.LINE, (MANNED, PLAYED)),
            "ob dort Menschen sitzen oder das Drehbuch sie spielt",
            default=PLAYED,
        ),
        Key("koordinate", _POINT, "wo ihre Antenne steht (für die simulierte Luft)"),
        _HEIGHT,
        _battery(STAFF_BATTERY),
        Key("antworten", Rows(ANSWER, 200), "was sie unbesetzt auf Einträge anderer tut"),
    ),
)
RELAY = Table(
    "Relais",
    (
        Key("name", One(Sort.LINE, longest=60), "wie es heißt", needed=True),
        Key("koordinate", _POINT, "wo seine Antenne steht", needed=True),
        _HEIGHT,
        _battery(RELAY_BATTERY),
    ),
)
PHASE = Table(
    "Phase",
    (
        Key("name", One(Sort.LINE, longest=60), "wie sie heißt", needed=True),
        Key("ab", _TIME, "wann sie beginnt; sie dauert bis zur nächsten", needed=True),
        Key("ziel", _TEXT, "was in ihr geübt wird"),
    ),
)
BRANCH = Table(
    "Zweig",
    (
        Key("name", One(Sort.LINE, longest=40), "wie Einlagen ihn nennen", needed=True),
        Key("frage", _LINE, "was die Übungsleitung entscheidet", needed=True),
        Key("moeglich", Several(_LINE, 10), "die Möglichkeiten, mindestens zwei", needed=True),
        Key("sonst", _LINE, "was gilt, solange nichts gewählt ist", needed=True),
        Key("bis", _TIME, "bis wann zu wählen ist"),
    ),
)
FALSEHOOD = Table(
    "Störung",
    (
        Key("art", One(Sort.LINE, tuple(Falsehood)), "was daran nicht stimmt", needed=True),
        Key("zu", One(Sort.INJECT), "welche Einlage sie wiederholt oder bestreitet"),
        Key("wahr", _TEXT, "was wirklich ist, für die Übungsleitung"),
    ),
)
INJECT = Table(
    "Einlage",
    (
        Key("nr", One(Sort.LINE, longest=20), "Nummer, unter der andere sie nennen",
            default="id, sonst ihr Platz in der Liste (5; E5, wo eine andere 5 heißt)"),
        Key("id", One(Sort.LINE, longest=40), "Name neben der Nummer, auch damit wird sie genannt"),
        Key("zeit", One(Sort.WHEN), "wann sie kommt", needed=True),
        Key("titel", _LINE, "Stichwort für Listen und Karten"),
        Key("phase", _LINE, "Phase", default="nach der Zeit"),
        Key("von", _LINE, "Stelle, oder wer in der Lage spricht", default="Übungsleitung"),
        Key("stelle", _STAFF, "ältere Schreibweise von „von“, nur für Stellen"),
        Key("an", _STAFFS, "Stellen, an die sie geht, oder alle"),
        Key("weg", One(Sort.LINE, tuple(Way)), "wie sie kommt",
            default="eigene Handlung, von außen Funk"),
        Key("inhalt", _TEXT, "was gesprochen oder geschrieben wird"),
        Key("vorrang", One(Sort.LINE, PRIORITIES), "von „inhalt“ über Funk", default="einfach"),
        *_ENTRIES,
        Key("aendern", Fields(refers=True), "ändert, was eine frühere Einlage schrieb: "
            "{auftrag: 12, Status: erledigt}"),
        Key("quittung", Fields("receipt", given=("Nachricht", "Name")),
            "quittiert eine frühere Nachricht: {Nachricht: 12, Name: Meyer}"),
        Key("erwartet", _TEXT, "erwartete Reaktion"),
        Key("erfuellt", Checks(CHECK), "woran ein Rechner sieht, dass sie kam"),
        Key("bewertung", _TEXT, "Hinweis für die Auswertung"),
        Key("bemerkung", _TEXT, "Notiz der Übungsleitung"),
        Key("nur_wenn", Several(One(Sort.HAPPENING), 10),
            "sonst entfällt sie; auch „SAE Rheine unbesetzt“: was eine Stelle ohne Menschen tut"),
        Key("stoerung", FALSEHOOD, "was daran absichtlich nicht stimmt"),
        Key("wahrscheinlichkeit", _PERCENT, "so oft kommt sie, nach „saat“", default="100 %"),
        Key("streuung", _DURATION, "höchstens so viel früher oder später, nach „saat“"),
    ),
    deeds=("inhalt", *KIND_NAMES, "aendern", "quittung"),
    deed_needed=True,
)  # fmt: skip
SERIES = Table(
    "Messreihe",
    (
        Key("pegel", _LINE, "Name der Messstelle; mit „zahl“ steht * für ihre Nummer",
            needed=True),
        Key("zahl", One(Sort.WHOLE), "so viele Messstellen auf einmal", default="1"),
        Key("stelle", _STAFF, "wessen Messwerte es sind", needed=True),
        Key("alle", _DURATION, "Abstand der Messwerte", needed=True),
        Key("punkte", Curve(), "Zeiten und Werte: {X+00: 431, X+06:00: 510}", needed=True),
        Key("verlauf", One(Sort.LINE, CURVES), "zwischen den Punkten", default="linear"),
        Key("quelle", _LINE, "wie im Formular", default="Sensor"),
        Key("schwankung", One(Sort.NUMBER), "höchstens so viel mehr oder weniger, nach „saat“"),
        Key("luecken", _PERCENT, "so viele Werte fehlen, nach „saat“"),
    ),
)  # fmt: skip
OUTAGE = Table(
    "Ausfall",
    (
        Key("was", One(Sort.LINE, tuple(Broken)), "was ausfällt", needed=True),
        Key(
            "wen",
            Several(_LINE),
            "Stellen; bei Relais deren Namen, bei Strom beides",
            default="alle",
        ),
        Key("von", _TIME, "Beginn", needed=True),
        Key("bis", _TIME, "Ende", default="Ende der Übung"),
        Key("bemerkung", _TEXT, "Notiz der Übungsleitung"),
    ),
)
SCRIPT = Table(
    "Drehbuch",
    (
        Key("name", One(Sort.LINE, longest=80), "wie die Übung heißt", needed=True),
        Key("beginn", One(Sort.MOMENT), "Zeit der Lage bei X+00, mit Datum", needed=True),
        Key("ende", _TIME, "wann die Übung endet", default="nach dem Letzten, das kommt"),
        Key("ausgangslage", One(Sort.TEXT, longest=20_000), "was alle vor Beginn wissen"),
        Key("ziele", Several(_TEXT, 30), "was geübt wird"),
        Key("hinweise", One(Sort.TEXT, longest=20_000), "für die Übungsleitung"),
        Key("saat", One(Sort.WHOLE), "Zufall: gleiche Saat, gleicher Ablauf", default="1"),
        Key("stellen", Rows(STAFF, 200), "wer mitspielt", needed=True),
        Key("relais", Rows(RELAY, 50), "Funkgeräte ohne Stelle"),
        Key("phasen", Rows(PHASE, 50), "Abschnitte der Übung"),
        Key("zweige", Rows(BRANCH, 50), "was die Übungsleitung entscheidet"),
        Key("ablauf", Rows(INJECT, 2000), "die Einlagen", needed=True),
        Key("messreihen", Rows(SERIES, 200), "Messwerte nach einer Kurve"),
        Key("ausfaelle", Rows(OUTAGE, 200), "was für eine Weile nicht geht"),
    ),
)
TABLES = (SCRIPT, STAFF, ANSWER, PATTERN, RELAY, PHASE, BRANCH, INJECT, CHECK, FALSEHOOD, SERIES,
          OUTAGE)  # fmt: skip
"""In the order of the manual."""
