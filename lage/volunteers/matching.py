# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who fits a need, and why: skill or equipment, way, time, number of people, said in words. Pure.

Helpers of the log and offers that nobody has taken over yet are judged alike (``Candidate``).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TypeAlias

from lage.kinds.model import Query, Record, Where
from lage.kinds.reader import ViewContext
from lage.kinds.states import open_only
from lage.language.folding import fold_text
from lage.language.tactical import clock
from sync.schema.definition import Point

Spot: TypeAlias = Callable[[str], Point | None]
LOOKED_AT_MAX = 5000
RADIUS_KM = 20
"""Of somebody who has not said how far."""
SOON_S = 24 * 3600
"""Who is there so much later still fits a need that says no end."""


@dataclass(frozen=True, slots=True)
class Need:
    """What is needed where and when."""

    skills: tuple[str, ...] = ()  # words, each of which somebody in a group should be able to
    place: str = ""
    at: int | None = None  # log time; None: at once
    hours: int | None = None
    count: int | None = None  # people
    latest: int | None = None  # log time at which helpers may still come; None: ``at``


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who would help."""

    skills: tuple[str, ...]
    place: str
    since: int  # log time
    hours: int | None = None
    count: int = 1
    radius: int = RADIUS_KM
    equipment: str = ""


@dataclass(frozen=True, slots=True)
class Fit:
    """That somebody fits, better with more points."""

    points: int
    reasons: tuple[str, ...]

    @property
    def why(self) -> str:
        """In one line."""
        return "; ".join(self.reasons)


@dataclass(frozen=True, slots=True)
class Match:
    """A helper who fits."""

    helper: Record
    fit: Fit


def candidate_of(helper: Record) -> Candidate:
    """A helper of the log."""
    since = helper.moment("since")
    return Candidate(
        helper.texts("skills"),
        helper.text("place"),
        helper.time if since is None else since,
        helper.whole("hours"),
        helper.whole("count") or 1,
        helper.whole("radius") or RADIUS_KM,
        helper.text("equipment"),
    )


def needs(context: ViewContext) -> list[tuple[Record, Need]]:
    """The appeals of all staffs that ask for helpers now and have not got enough, our own first."""
    query = Query("appeal", open_only("appeal"), order="entered", descending=False,
                  limit=LOOKED_AT_MAX)  # fmt: skip
    rows = [record for record in context.reader.select(query) if _asks(record, context.now)]
    rows.sort(key=lambda record: record.id.author not in context.ours)
    return [(record, need_of(record, context.now)) for record in rows]


def need_of(appeal: Record, now: int) -> Need:
    """What an appeal asks for."""
    return Need(
        appeal.texts("skills"),
        appeal.text("place"),
        count=appeal.whole("count"),
        latest=appeal.moment("until") or now + SOON_S,
    )


def _asks(appeal: Record, now: int) -> bool:
    until = appeal.moment("until")
    ended = until is not None and until <= now
    return asks_to_come(appeal) and appeal.whole("count") != 0 and not ended


def asks_to_come(appeal: Record) -> bool:
    """Whether it does not end, or keep people away."""
    return appeal.text("status") == "bitte kommen"


def matching(context: ViewContext, need: Need) -> list[Match]:
    """Free helpers who can do some of it and would come, the best first, the nearer before."""
    query = Query("helper", (Where("status", "=", "gemeldet"),), order="entered",
                  descending=False, limit=LOOKED_AT_MAX)  # fmt: skip
    spot = cache(context.county.spot)
    found = [
        Match(helper, fit)
        for helper in context.reader.select(query)
        if (fit := fitting(candidate_of(helper), need, context.now, spot)) is not None
    ]
    return sorted(found, key=lambda each: -each.fit.points)


def fitting(who: Candidate, need: Need, now: int, spot: Spot) -> Fit | None:
    """Whether somebody fits a need, and why. ``spot``: where a place is; asked often, so kept."""
    points, reasons = 0, []
    wanted = [fold_text(word.strip()) for word in need.skills if word.strip()]
    can = [skill for skill in who.skills if any(word in fold_text(skill) for word in wanted)]
    brings = any(word in fold_text(who.equipment) for word in wanted)
    if wanted and not can and not brings:
        return None
    if can:
        points += 100 * len(can)
        reasons.append(f"kann {', '.join(can)}")
    if brings:
        points += 80
        reasons.append(f"bringt mit: {who.equipment}")
    for part in (_way(who, need, spot), _time(who, need, now)):
        if part is None:
            return None
        points += part[0]
        reasons.append(part[1])
    if who.count > 1 or need.count is not None:
        points += min(who.count, need.count or who.count, 20)
        people = "1 Person" if who.count == 1 else f"{who.count} Personen"
        reasons.append(people if need.count is None else f"{people}, gesucht {need.count}")
    return Fit(points, tuple(reasons))


def _way(who: Candidate, need: Need, spot: Spot) -> tuple[int, str] | None:
    """Points and words for the way; None where it is farther than somebody would come."""
    if not need.place:
        return 0, who.place
    if fold_text(who.place) == fold_text(need.place):
        return 60, f"aus {who.place}"
    here, there = spot(who.place), spot(need.place)
    if here is None or there is None:
        return 0, f"aus {who.place}, Weg nicht bekannt"
    kilometres = distance_km(here, there)
    if kilometres > who.radius:
        return None
    said = f"aus {who.place}, {round(kilometres)} km, kommt bis {who.radius} km"
    return max(0, 50 - round(kilometres)), said


def _time(who: Candidate, need: Need, now: int) -> tuple[int, str] | None:
    """Points and words for the time; None where somebody is not there then."""
    at = now if need.at is None else need.at
    if who.since > at:
        if need.latest is None or who.since > need.latest:
            return None
        return 0, f"erst ab {clock(who.since, now)}"
    if who.hours is None:
        return 10, "Zeit offen"
    ends = who.since + who.hours * 3600
    if ends <= at:
        return None
    enough = need.hours is None or ends >= at + need.hours * 3600
    return (20 if enough else 5), f"da bis {clock(ends, now)}"


def distance_km(one: Point, other: Point) -> float:
    """As the crow flies."""
    middle = math.radians((one.lat_e4 + other.lat_e4) / 20_000)
    north = (one.lat_e4 - other.lat_e4) / 10_000 * 111.2
    east = (one.lon_e4 - other.lon_e4) / 10_000 * 111.2 * math.cos(middle)
    return math.hypot(north, east)
