# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Why staffs of a simulated county have not everything in the end, each in a sentence. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lage.exercise.script.model import Broken, Outage
from lage.exercise.script.times import said
from lage.exercise.simulation.arrivals import Arrivals

_MEANS = {Broken.LAPTOP: "Laptop aus", Broken.RADIO: "Funk ausgefallen"}


@dataclass(frozen=True, slots=True)
class Lacking:
    """What a staff lacks."""

    staff: str
    of: Mapping[str, int]  # author -> how many of its entries
    why: str


def lacking(
    arrivals: Arrivals, names: Mapping[int, str], outages: Sequence[Outage], hours: float
) -> list[Lacking]:
    """Those that lack something. ``outages``: that were never mended; ``hours``: so long after the
    end was waited."""
    found = []
    for number, staff in names.items():
        missing = Counter(names[op.author] for op in arrivals if number not in op.there)
        if missing:
            alone = not any(number in op.there for op in arrivals if op.author != number)
            why = _why(staff, list(missing), outages, hours, arrivals, names, alone=alone)
            found.append(Lacking(staff, missing, why))
    return found


def _why(
    staff: str,
    authors: Sequence[str],
    outages: Sequence[Outage],
    hours: float,
    arrivals: Arrivals,
    names: Mapping[int, str],
    *,
    alone: bool,
) -> str:
    if out := _out(staff, outages):
        return f"{out}, bis zum Ende nicht behoben"
    if alone:
        return (
            "hört keine andere Stelle: Antenne zu weit weg oder zu niedrig, oder ein Relais fehlt"
        )
    told = [f"bei {author} {out}" for author in authors if (out := _out(author, outages))]
    unheard = [
        author
        for author in authors
        if not _out(author, outages)
        and all(len(op.there) == 1 for op in arrivals if names[op.author] == author)
    ]
    told += [f"{author} wird von niemandem gehört" for author in unheard]
    if not told:
        relays = [each for each in outages if each.what is Broken.RELAY]
        told = [
            f"{', '.join(each.whom) or 'alle Relais'} ausgefallen seit {said(each.start)}"
            for each in relays
        ]
    return ", ".join(told) or f"in {hours:g} h nach dem Ende nicht nachgeholt"


def _out(staff: str, outages: Sequence[Outage]) -> str:
    """What keeps a staff from everybody; empty for nothing."""
    for each in outages:
        if each.what in _MEANS and (not each.whom or staff in each.whom):
            remark = f" ({each.remark})" if each.remark else ""
            return f"{_MEANS[each.what]} seit {said(each.start)}{remark}"
    return ""
