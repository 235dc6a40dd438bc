# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who fits a need, and why: skill, way, time and number of people, each said in words. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass

from lage.kinds.model import Query, Record, Where
from lage.kinds.reader import ViewContext
from lage.language.folding import fold_text
from lage.language.tactical import clock
from sync.schema.definition import Point

LOOKED_AT_MAX = 5000
RADIUS_KM = 20
"""Of somebody who has not said how far."""


@dataclass(frozen=True, slots=True)
class Need:
    """What is needed where and when."""

    skills: tuple[str, ...] = ()  # words, each of which somebody in a group should be able to
    place: str = ""
    at: int | None = None  # log time; None: at once
    hours: int | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """A helper who fits, better with more points."""

    helper: Record
    points: int
    reasons: tuple[str, ...]

    @property
    def why(self) -> str:
        """In one line."""
        return "; ".join(self.reasons)


def matching(context: ViewContext, need: Need) -> list[Match]:
    """Free helpers who can do some of it and would come, the best first, the nearer before."""
    query = Query("helper", (Where("status", "=", "gemeldet"),), order="entered",
                  descending=False, limit=LOOKED_AT_MAX)  # fmt: skip
    there = context.county.spot(need.place) if need.place else None
    found = [_match(context, helper, need, there) for helper in context.reader.select(query)]
    return sorted((each for each in found if each is not None), key=lambda each: -each.points)


def _match(context: ViewContext, helper: Record, need: Need, there: Point | None) -> Match | None:
    wanted = [word for word in need.skills if word.strip()]
    can = [skill for skill in helper.texts("skills")
           if any(fold_text(word.strip()) in fold_text(skill) for word in wanted)]  # fmt: skip
    if wanted and not can:
        return None
    points, reasons = 100 * len(can), [f"kann {', '.join(can)}"] if can else []
    way = _way(context, helper, need, there)
    if way is None:
        return None
    points += way[0]
    reasons.append(way[1])
    time = _time(context, helper, need)
    if time is None:
        return None
    points += time[0]
    reasons.append(time[1])
    count = helper.whole("count") or 1
    if count > 1:
        points += min(count, 20)
        reasons.append(f"{count} Personen")
    return Match(helper, points, tuple(reasons))


def _way(
    context: ViewContext, helper: Record, need: Need, there: Point | None
) -> tuple[int, str] | None:
    """Points and words for the way; None where it is farther than somebody would come."""
    home = helper.text("place")
    if not need.place:
        return 0, home
    if fold_text(home) == fold_text(need.place):
        return 60, f"aus {home}"
    here = context.county.spot(home)
    if here is None or there is None:
        return 0, f"aus {home}, Weg nicht bekannt"
    kilometres = distance_km(here, there)
    radius = helper.whole("radius") or RADIUS_KM
    if kilometres > radius:
        return None
    return max(
        0, 50 - round(kilometres)
    ), f"aus {home}, {round(kilometres)} km, kommt bis {radius} km"


def _time(context: ViewContext, helper: Record, need: Need) -> tuple[int, str] | None:
    """Points and words for the time; None where somebody is not there then."""
    at = context.now if need.at is None else need.at
    since, hours = helper.moment("since"), helper.whole("hours")
    since = helper.time if since is None else since
    if since > at:
        return None
    if hours is None:
        return 10, "Zeit offen"
    ends = since + hours * 3600
    if ends <= at:
        return None
    enough = need.hours is None or ends >= at + need.hours * 3600
    return (20 if enough else 5), f"da bis {clock(ends, context.now)}"


def distance_km(one: Point, other: Point) -> float:
    """As the crow flies."""
    middle = math.radians((one.lat_e4 + other.lat_e4) / 20_000)
    north = (one.lat_e4 - other.lat_e4) / 10_000 * 111.2
    east = (one.lon_e4 - other.lon_e4) / 10_000 * 111.2 * math.cos(middle)
    return math.hypot(north, east)
