# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""How fast the water rises, and from when on that is an alarm. Pure.

A small river is over its banks before any Informationswert has a time to be looked up; the pace
tells first. What is fast differs from river to river, so where nobody has set a limit the gauge's
own past does: hardly ever has it risen so fast.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lage.views.judged import Reading

BASE_S = 45 * 60
"""The rise is measured over about an hour: against the newest reading at least so much older …"""
BASE_LEAST_S = 15 * 60  # … or else at least so much; two glances at a staff gauge are no rise
BASE_MOST_S = 3 * 3600  # … and never older than this
USUAL = 0.99  # of its own rises a gauge stays below its limit in so many
USUAL_LEAST = 48  # rises that must be known before they say what is usual
FLOOR_CM = 10  # an hour; slower is no alarm, however calm a gauge has been
UNKNOWN_CM = 20  # an hour, for a gauge without enough past
PRESENT_S = 12 * 3600  # what may belong to the present flood says nothing about the usual
SET, PAST, UNKNOWN = "gesetzte Grenze", "Grenze aus seinem Verlauf", "Grenze ohne Verlauf"
_PER_CM = {"mm": 10.0, "cm": 1.0, "dm": 0.1, "m": 0.01, "m ü. NN": 0.01, "m ü. NHN": 0.01}


@dataclass(frozen=True, slots=True)
class Rise:
    """A rise that wants a person; in the gauge's decimals, an hour."""

    rate: float
    limit: float
    since: int  # log time of the first reading that was too fast, without a break until now
    basis: str  # where the limit is from, in German


def floor_of(unit: str, places: int) -> float | None:
    """The slowest rise that may be an alarm by itself; None for what is no height of water."""
    scale = _PER_CM.get(unit)
    return None if scale is None else float(FLOOR_CM * scale * 10**places)


def rise_rate(newest_first: Sequence[Reading], place: int = 0) -> float | None:
    """Rise in an hour up to the reading at that place; None where there is nothing to compare."""
    if place >= len(newest_first):
        return None
    end = newest_first[place]
    base: Reading | None = None
    for reading in newest_first[place + 1 :]:
        apart = end.time - reading.time
        if apart > BASE_MOST_S:
            break
        if apart >= BASE_LEAST_S:
            base = reading
        if apart >= BASE_S:
            break
    if base is None:
        return None
    return (end.value - base.value) * 3600 / (end.time - base.time)


def usual_limit(newest_first: Sequence[Reading], floor: float) -> tuple[float, str]:
    """The limit of a gauge for which nobody has set one, and where it is from."""
    if not newest_first:
        return floor * UNKNOWN_CM / FLOOR_CM, UNKNOWN
    past = newest_first[0].time - PRESENT_S
    rates = [
        rate
        for place, reading in enumerate(newest_first)
        if reading.time <= past and (rate := rise_rate(newest_first, place)) is not None
    ]
    if len(rates) < USUAL_LEAST:
        return floor * UNKNOWN_CM / FLOOR_CM, UNKNOWN
    return max(floor, sorted(rates)[int(USUAL * (len(rates) - 1))]), PAST


def rise_of(
    newest_first: Sequence[Reading], limit: float | None, floor: float | None
) -> Rise | None:
    """The present rise where it is faster than the limit: the set one, or that of the past."""
    if limit is None and floor is None:
        return None
    most, basis = (limit, SET) if limit is not None else usual_limit(newest_first, floor or 0)
    rate = rise_rate(newest_first)
    if rate is None or rate < most:
        return None
    since = newest_first[0].time
    for place, reading in enumerate(newest_first):
        before = rise_rate(newest_first, place)
        if before is None or before < most:
            break
        since = reading.time
    return Rise(rate, most, since, basis)
