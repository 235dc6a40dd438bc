# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Where the antennas of a simulated county stand, as far as the script does not say.

A staff stands in the middle of the municipality whose name stands in its own, the county's staffs
at the Kreishaus. A script without relays gets three on the county's hills: without them hardly any
two towns hear each other.
"""

from __future__ import annotations

from collections.abc import Sequence

from lage.exercise.script.model import DIRECTION_ROLE, Cast, Script, Site
from lage.language.errors import UsageError
from lage.language.folding import fold_text
from maps.geo.places import Position, to_grid
from maps.read.towns import Town, shipped_towns

HEIGHT_M, HILL_M = 10.0, 80.0
KREISHAUS = Position(52.1497, 7.3405)
HILLS = {
    "Relais Schafberg": Position(52.300, 7.770),
    "Relais Tecklenburg": Position(52.222, 7.812),
    "Relais Buchenberg": Position(52.148, 7.360),
}
APART_M = 40.0
"""Between staffs in the same place."""
COUNTY_STAFF = "Krisenstab Steinfurt"


def cast_of(script: Script, staffs: int | None) -> list[Cast]:
    """Who takes part: the script's staffs, its direction, and towns that only listen and relay
    until there are so many staffs. Raises UsageError."""
    cast = list(script.cast)
    if script.member(script.direction) is None:
        cast.append(Cast(script.direction, DIRECTION_ROLE))
    named = [member for member in cast if member.role != DIRECTION_ROLE]
    if staffs is None:
        return cast
    if staffs < len(named):
        raise UsageError(f"Im Drehbuch stehen {len(named)} Stellen: weniger Knoten geht nicht.")
    known = {fold_text(member.name) for member in cast}
    others = [Cast(COUNTY_STAFF, "krisenstab")]
    others += [Cast(f"SAE {town.name}", "sae") for town in shipped_towns()]
    more = [member for member in others if fold_text(member.name) not in known]
    if len(named) + len(more) < staffs:
        most = len(named) + len(more)
        raise UsageError(f"Der Kreis hat {most} Stellen: mehr Knoten gibt es nicht.")
    return [*cast, *more[: staffs - len(named)]]


def sites_of(cast: Sequence[Cast]) -> list[tuple[Cast, Site]]:
    """Each with the place of its antenna."""
    found = []
    for place, member in enumerate(cast):
        town = _town(member.name)
        position = KREISHAUS if town is None else Position(town.lat, town.lon)
        if member.role == "krisenstab":
            position = KREISHAUS
        grid = to_grid(position)
        site = member.site or Site(
            member.name, grid.east + APART_M * (place % 7), grid.north, HEIGHT_M
        )
        found.append((member, site))
    return found


def relays_of(script: Script) -> tuple[Site, ...]:
    """The script's, else those on the hills."""
    if script.relays:
        return script.relays
    grids = {name: to_grid(position) for name, position in HILLS.items()}
    return tuple(Site(name, grid.east, grid.north, HILL_M) for name, grid in grids.items())


def _town(name: str) -> Town | None:
    words = f" {fold_text(name)} "
    return next((t for t in shipped_towns() if f" {fold_text(t.name)} " in words), None)
