# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a simulated exercise came to: who knew what when, how long it took, what it cost in airtime.

Nothing here depends on the computer or its clock: the same script, county and seed give the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lage.exercise.simulation.arrivals import Written
from lage.exercise.simulation.county import SimulatedCounty
from lage.exercise.simulation.lacking import lacking
from lage.exercise.simulation.playing import HOUR_MS, Playing
from lage.exercise.troupe import log_digest, picture_digest
from lage.kinds.cards import CARDS
from lage.views.cells import label
from mesh.link import FrameClass
from sync.schema.definition import EntityId

FLOODS = (FrameClass.FLASH, FrameClass.IMMEDIATE, FrameClass.RECEIPT, FrameClass.ROUTINE)


@dataclass(frozen=True, slots=True)
class Delivery:
    """How long operations took to their last receiver, in seconds."""

    count: int
    complete: int  # of them everywhere in the end
    half: float | None  # so long half of them took
    most: float | None  # 95 of 100
    longest: float | None


@dataclass(frozen=True, slots=True)
class Knowledge:
    """How far a staff was behind."""

    staff: str
    heard: int  # operations of others that it has in the end
    missing: int
    half_s: float | None
    most_s: float | None
    longest_s: float | None
    duty: float  # most of any hour that its radio sent


def as_data(playing: Playing, county: SimulatedCounty, begin_ms: int, *, end_ms: int) -> Any:
    """All figures, for programs; ``end_ms``: when the exercise itself was over."""
    arrivals = county.arrivals
    urgent, other = _by_urgency(arrivals)
    logs = {laptop.name: log_digest(laptop.station) for laptop in county.staffs}
    pictures = {laptop.name: picture_digest(laptop.station) for laptop in county.staffs}
    same = len(set(logs.values())) == len(set(pictures.values())) == 1
    script = playing.conductor.script
    doings = playing.conductor.state.doings
    expected = list(_expected(playing))
    return {
        "name": script.name,
        "saat": script.seed,
        "stellen": len(county.staffs),
        "stunden": round((end_ms - begin_ms) / HOUR_MS, 3),
        "eingespielt": sum(did.fired_s is not None for did in doings.values()),
        "abgelehnt": dict(playing.refused),
        "nicht_geschrieben": playing.unwritten(),
        "erfuellt": sum(each["nach_min"] is not None for each in expected),
        "mit_pruefung": len(expected),
        "eintraege": len(arrivals),
        "gleich": same and arrivals.complete,
        "warum_nicht": _reasons(playing, county, end_ms, begin_ms, pictures),
        "gleich_nach_min": round((county.now - end_ms) / 60_000, 1) if same else None,
        "zustellung_s": {"eilig": _delivery_data(urgent), "uebrige": _delivery_data(other)},
        "sendezeit_s": _airtime(county),
        "sendungen": county.ether.transmissions,
        "stellen_stand": [_knowledge_data(each) for each in knowledge(county)],
        "erwartet": expected,
        "wer_wusste_was_wann": list(_known(playing, county, begin_ms)),
        "lagebild_sha256": next(iter(set(pictures.values()))) if same else None,
    }


def _reasons(
    playing: Playing,
    county: SimulatedCounty,
    end_ms: int,
    begin_ms: int,
    pictures: Mapping[str, str],
) -> list[dict[str, Any]]:
    """Of each staff whose picture is another than that of the others, what it lacks and why."""
    minute = (end_ms - begin_ms) / 60_000
    open_still = [
        each
        for each in playing.conductor.script.outages
        if each.start <= minute and (each.end is None or each.end > minute)
    ]
    names = {laptop.number: laptop.name for laptop in county.staffs}
    hours = round((county.now - end_ms) / HOUR_MS, 1)
    found = [
        {"stelle": each.staff, "fehlt_von": dict(each.of), "warum": each.why}
        for each in lacking(county.arrivals, names, open_still, hours)
    ]
    lack = {each["stelle"] for each in found}
    usual = Counter(p for name, p in pictures.items() if name not in lack).most_common(1)
    found += [
        {"stelle": name, "fehlt_von": {}, "warum": "hat alles und zeigt doch ein anderes Bild"}
        for name, picture in pictures.items()
        if name not in lack and picture != usual[0][0]
    ]
    return found


def knowledge(county: SimulatedCounty) -> list[Knowledge]:
    """Of each staff in order, how far it was behind the others."""
    found = []
    for laptop in county.staffs:
        lags = [
            (each.there[laptop.number] - each.at) / 1000
            for each in county.arrivals
            if each.author != laptop.number and laptop.number in each.there
        ]
        duty = laptop.radio.ledger.peak_ms / HOUR_MS
        found.append(
            Knowledge(
                laptop.name,
                len(lags),
                county.arrivals.missing(laptop.number),
                share(lags, 0.5),
                share(lags, 0.95),
                max(lags, default=None),
                round(duty, 4),
            )
        )
    return found


def share(values: Iterable[float], part: float) -> float | None:
    """The value that so many of them do not exceed; None of nothing."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else None


def _by_urgency(operations: Iterable[Written]) -> tuple[Delivery, Delivery]:
    every = list(operations)
    return (
        _delivery([each for each in every if each.urgency.urgent]),
        _delivery([each for each in every if not each.urgency.urgent]),
    )


def _delivery(operations: Sequence[Written]) -> Delivery:
    count = max((len(each.there) for each in operations), default=0)
    whole = [each for each in operations if len(each.there) == count]
    took = [(max(each.there.values()) - each.at) / 1000 for each in whole]
    return Delivery(
        len(operations), len(whole), share(took, 0.5), share(took, 0.95), max(took, default=None)
    )


def _delivery_data(delivery: Delivery) -> dict[str, Any]:
    return {
        "eintraege": delivery.count,
        "ueberall": delivery.complete,
        "haelfte": delivery.half,
        "95_von_100": delivery.most,
        "laengste": delivery.longest,
    }


def _knowledge_data(each: Knowledge) -> dict[str, Any]:
    return {
        "stelle": each.staff,
        "erhalten": each.heard,
        "fehlen": each.missing,
        "rueckstand_haelfte_s": each.half_s,
        "rueckstand_95_s": each.most_s,
        "rueckstand_laengster_s": each.longest_s,
        "sendezeit_hoechste_stunde": each.duty,
    }


def _airtime(county: SimulatedCounty) -> dict[str, float]:
    spent = county.ether.airtime_ms
    return {
        "erstmals": sum(spent[each] for each in FLOODS) / 1000,
        "nachgeliefert": spent[FrameClass.REPAIR] / 1000,
        "abgleich": (spent[FrameClass.HAVE] + spent[FrameClass.WANT]) / 1000,
        "geraete_selbst": spent[None] / 1000,
    }


def _expected(playing: Playing) -> Iterable[dict[str, Any]]:
    """Of every inject that was given and says by what a machine sees its reaction."""
    conductor = playing.conductor
    for inject in conductor.script.injects:
        given = conductor.state.given_at(inject.nr)
        if given is None or not inject.checks:
            continue
        found = playing.expected.when_met(inject.nr)
        yield {
            "einlage": inject.nr,
            "an": list(inject.to),
            "minute": round(given / 60, 2),
            "nach_min": None if found is None else round((found - given) / 60, 2),
        }


def _known(playing: Playing, county: SimulatedCounty, begin_ms: int) -> Iterable[dict[str, Any]]:
    """Every entry that an inject wrote, with the minute of the exercise at which each had it."""
    names = {laptop.number: laptop.name for laptop in county.staffs}
    station = county.staffs[0].station
    for nr, did in playing.conductor.state.doings.items():
        for author, number in did.entries[:1]:
            written = county.arrivals.of(EntityId(author, number))
            record = station.reader.get(EntityId(author, number))
            if written is None:
                continue
            yield {
                "einlage": nr,
                "eintrag": label(record, station.context()) if record else None,
                "art": CARDS[record.kind].title if record else None,
                "von": names[author],
                "minute": _minute(written.at, begin_ms),
                "bei": {
                    names[staff]: _minute(at, begin_ms)
                    for staff, at in sorted(written.there.items())
                },
            }


def _minute(at: int, begin_ms: int) -> float:
    return round((at - begin_ms) / 60_000, 2)
