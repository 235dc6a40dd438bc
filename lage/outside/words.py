# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What came from outside, in German: the same for command line, screen and paper."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lage.kinds.outside import CALL, CHANGE, OFFER, ORDER, Offer
from lage.language.epoch import from_unix
from lage.language.plain import plain
from lage.language.tactical import clock
from lage.outside import calls
from lage.outside.desk import Opened
from lage.station import Station
from lage.store.arrived import NEW, PUT_ASIDE, Arrived
from lage.store.opening import Reason

EMPTY = "nicht angegeben"


def state_words(box: Arrived) -> str:
    """How far a call is, in two or three words."""
    if box.state == NEW:
        return "zu prüfen"
    if box.state == PUT_ASIDE:
        return "abgelegt"
    for step, words in (
        (calls.CONFIRMED, "quittiert"),
        (calls.ARRIVED, "angekommen"),
        (calls.SENT, "gesendet"),
    ):
        if step in box.steps:
            return words
    return "geprüft"


def is_waiting(box: Arrived) -> bool:
    """Whether nobody has decided yet."""
    return box.state == NEW


def call_sentences(found: Opened, now: int) -> list[str]:
    """A call, line by line."""
    call, box = calls.call_of(found), found.box
    lines = [
        f"Notruf {box.nr} ({plain(box.source)})",
        f"Was: {call.what}",
        f"Wo: {plain(' '.join(filter(None, (call.place, call.point))))}",
        f"Beschreibung: {plain(call.text) or EMPTY}",
        f"Betroffene: {_number(call.people)}, Verletzte: {_number(call.injured)}",
        f"Name: {plain(call.name) or EMPTY}",
        f"Rückruf: {plain(call.back) or EMPTY}",
    ]
    return [*lines, *step_sentences(box.received, box.steps, now)]


def step_sentences(received: int, steps: Mapping[str, Any], now: int) -> list[str]:
    """What is true of a call by now, with the time of each step."""

    def at(step: str) -> str:
        return clock(from_unix(steps[step][0]), now)

    lines = [f"{clock(from_unix(received), now)} aufgenommen"]
    if calls.CHECKED in steps:
        lines.append(f"{at(calls.CHECKED)} geprüft und weitergegeben")
    if calls.SENT in steps:
        lines.append(f"{at(calls.SENT)} gesendet")
    if calls.ARRIVED in steps:
        lines.append(f"{at(calls.ARRIVED)} angekommen bei {plain(steps[calls.ARRIVED][1])}")
    if calls.CONFIRMED in steps:
        lines.append(f"{at(calls.CONFIRMED)} quittiert von {plain(steps[calls.CONFIRMED][1])}")
    if calls.ASIDE in steps:
        lines.append(f"{at(calls.ASIDE)} abgelegt: {plain(steps[calls.ASIDE][1])}")
    return lines


def _number(value: int | None) -> str:
    return "nicht bekannt" if value is None else str(value)


def hours_words(hours: int) -> str:
    """``1 Stunde``."""
    return "1 Stunde" if hours == 1 else f"{hours} Stunden"


KINDS = {CALL: "Notruf", OFFER: "Angebot", CHANGE: "Änderung eines Angebots", ORDER: "Bestellung"}
CLOSED: Mapping[Reason, tuple[str, str]] = {
    Reason.KEY: (
        "fremder Schlüssel oder beschädigt",
        (
            "Wurde dieser Rechner ersetzt oder der Schlüssel erneuert: „knoten-alt-….json“ aus der"
            " Sicherung in den Datenordner legen, dann „lage eingang holen“. Sonst am Infopunkt"
            " nach dem Beleg mit dieser Nummer fragen und alles noch einmal aufnehmen."
        ),
    ),
    Reason.MIXED: (
        "Übung und Wirklichkeit gemischt",
        (
            "Der Eingang wurde für eine Übung und für den Einsatz benutzt: diese Meldung gehört zum"
            " anderen. Für beide je einen eigenen Eingang anlegen."
        ),
    ),
    Reason.CONTENT: (
        "Inhalt nicht verstanden",
        (
            "Seiten und Knoten sind vermutlich verschieden alt: beide auf dieselbe Version bringen,"
            " dann „lage eingang holen“. Sonst am Infopunkt nach dem Beleg mit dieser Nummer"
            " fragen."
        ),
    ),
}
"""Why a box stays closed, and what to do."""


def closed_sentences(box: Arrived, reason: Reason, now: int) -> list[str]:
    """A box that cannot be opened, line by line."""
    why, help_ = CLOSED[reason]
    return [
        f"{KINDS.get(box.kind, 'Meldung')} {box.nr} ({plain(box.source)})",
        f"{clock(from_unix(box.received), now)} aufgenommen, lässt sich hier nicht öffnen: {why}",
        help_,
    ]


def offer_state(station: Station, box: Arrived) -> str:
    """How far an offer is."""
    if box.state == NEW:
        return "wartet"
    if box.state == PUT_ASIDE:
        return "abgelegt"
    record = None if box.entity is None else station.reader.get(box.entity)
    label = "" if record is None else station.directory.label(record)
    return f"{label}, da" if "da" in box.steps else label


def offer_sentences(station: Station, found: Opened) -> list[str]:
    """An offer, line by line."""
    offer, box = found.told, found.box
    assert isinstance(offer, Offer)
    now = station.now()
    since = "sofort" if offer.since is None else clock(offer.since, now)
    hours = "" if offer.hours is None else f", {hours_words(offer.hours)}"
    lines = [
        f"Angebot {box.nr} ({plain(box.source)}): {offer_state(station, box)}",
        f"Kann: {plain(', '.join(offer.skills))}",
        f"Ort: {plain(offer.place)}, kommt bis {offer.radius} km",
        f"Zeit: ab {since}{hours}",
        f"Personen: {offer.count}",
        f"Ausstattung: {plain(offer.equipment) or EMPTY}",
        f"Name: {plain(offer.name)}",
        f"Telefon: {plain(offer.phone) or EMPTY}",
        f"E-Mail: {plain(offer.mail) or EMPTY}",
        f"Anschrift: {plain(offer.address) or EMPTY}",
        f"Jahrgang: {offer.born or EMPTY}",
    ]
    if box.until is not None:
        lines.append(f"Wird gelöscht: {clock(from_unix(box.until), now)}")
    return lines
