# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The parts of a script beside staffs and injects: phases, branches, series, outages.

A phase or branch with a fault is one all the same: who names it makes no further fault.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from lage.exercise.script.content import Frame
from lage.exercise.script.faults import Faults
from lage.exercise.script.keys import BRANCH, OUTAGE, PHASE, SERIES
from lage.exercise.script.model import Branch, Broken, Outage, Phase, Series, Site
from lage.exercise.script.plain import Block, Row, Said, Word
from lage.exercise.script.times import Times
from lage.exercise.script.walk import number, walk
from lage.language.errors import UsageError
from lage.language.folding import fold_text

GAUGES_MAX = 500
SAMPLES_MAX = 50_000
"""Values of one series."""


def phases_of(rows: Row, times: Times, faults: Faults) -> tuple[Phase, ...]:
    """The phases in their order."""
    phases: list[Phase] = []
    for said in rows:
        values = walk(PHASE, said, faults)
        start = _minute(values, "ab", times, faults)
        if "name" not in values:
            continue
        if values["name"] in [phase.name for phase in phases]:
            faults.add(values["name"], f"die Phase „{values['name']}“ steht zweimal da.")
            continue
        before = phases[-1].start if phases else 0.0
        if start is not None and phases and start <= before:
            faults.add(values["ab"], "Phasen stehen in der Reihe ihrer Zeiten, jede später.")
        start = before if start is None else max(start, before)
        phases.append(Phase(values["name"], start, values.get("ziel", "")))
    return tuple(phases)


def branches_of(rows: Row, times: Times, faults: Faults) -> tuple[Branch, ...]:
    """What the direction decides."""
    branches: list[Branch] = []
    for said in rows:
        values = walk(BRANCH, said, faults)
        if not {"name", "moeglich"} <= values.keys():
            continue
        name, options = values["name"], tuple(map(str, values["moeglich"]))
        default = values.get("sonst", "")
        if name in [branch.name for branch in branches]:
            faults.add(name, f"der Zweig „{name}“ steht zweimal da.")
            continue
        if len(set(options)) < 2 or len(set(options)) < len(options):
            faults.add(name, f"der Zweig „{name}“ braucht zwei verschiedene Möglichkeiten.")
        elif default and default not in options:
            faults.add(default, f"„sonst“ ist keine Möglichkeit: {', '.join(options)}.")
        elif any("=" in each for each in (name, *options)):
            faults.add(name, "„=“ kann hier nicht stehen.")
        until = _minute(values, "bis", times, faults)
        branches.append(Branch(name, values.get("frage", ""), options, default, until))
    return tuple(branches)


def series_of(rows: Row, frame: Frame, faults: Faults) -> tuple[Series, ...]:
    """Curves of measured values."""
    found: list[Series] = []
    for said in rows:
        series = _series(said, frame, faults)
        if series is None:
            continue
        for each in found:
            both = set(each.gauges) & set(series.gauges)
            start = max(each.points[0][0], series.points[0][0])
            if both and start <= min(each.points[-1][0], series.points[-1][0]):
                faults.add(
                    said,
                    f"{min(both)} hat zur selben Zeit schon eine Kurve (Zeile {each.line}): bitte"
                    " zu einer machen.",
                )
                break
        found.append(series)
    return tuple(found)


def _series(said: Said, frame: Frame, faults: Faults) -> Series | None:
    values = walk(SERIES, said, faults)
    if not {"pegel", "stelle", "alle", "punkte"} <= values.keys():
        return None
    (staff, *_) = frame.staffs_of([values["stelle"]], faults) or ("",)
    points = _points(values["punkte"], frame.language.times, faults)
    every: float = values["alle"]
    gauges = _gauges(values, faults)
    if every <= 0 or (
        points and (points[-1][0] - points[0][0]) / every > SAMPLES_MAX / len(gauges)
    ):
        faults.add(said, f"„alle“: das wären mehr als {SAMPLES_MAX} Messwerte.")
        return None
    if not points or not staff:
        return None
    return Series(
        gauges,
        staff,
        points,
        every,
        values.get("verlauf", "linear"),
        values.get("quelle", "Sensor"),
        values.get("schwankung", 0.0),
        values.get("luecken", 0.0),
        max(len(text.replace(",", ".").partition(".")[2]) for text in _texts(values["punkte"])),
        said.line,
    )


def _texts(said: Block) -> list[str]:
    return [text for text in said.values() if isinstance(text, Word)]


def _gauges(values: Mapping[str, Any], faults: Faults) -> tuple[str, ...]:
    name: Word = values["pegel"]
    count = values.get("zahl", 1)
    if not 1 <= count <= GAUGES_MAX:
        faults.add(name, f"„zahl“: möglich sind 1 bis {GAUGES_MAX} Messstellen.")
        return (name,)
    if (count > 1) != ("*" in name):
        faults.add(name, "„zahl“ und ein * im Namen gehören zusammen: „Sensor *“ wird Sensor 1 …")
    return tuple(name.replace("*", str(n)) for n in range(1, count + 1))


def _points(said: Block, times: Times, faults: Faults) -> tuple[tuple[float, float], ...]:
    points = []
    for key, text in said.marked():
        try:
            if not isinstance(text, Word):
                raise UsageError("hier steht eine Zahl.")
            points.append((times.minute(key), number(text)))
        except UsageError as error:
            faults.add(key, f"„punkte“: {error}")
    if any(after[0] <= before[0] for before, after in pairwise(points)):
        faults.add(said, "„punkte“: die Zeiten stehen in ihrer Reihe, jede später.")
    if not said:
        faults.add(said, "„punkte“: es fehlen Zeiten und Werte.")
    return tuple(points)


def outages_of(
    rows: Row, frame: Frame, relays: tuple[Site, ...], faults: Faults
) -> tuple[Outage, ...]:
    """What does not work for a while."""
    found: list[Outage] = []
    for said in rows:
        values = walk(OUTAGE, said, faults)
        start = _minute(values, "von", frame.language.times, faults)
        end = _minute(values, "bis", frame.language.times, faults)
        if start is None or "was" not in values:
            continue
        if end is not None and end <= start:
            faults.add(values["bis"], "„bis“ liegt nicht nach „von“.")
        what = Broken(values["was"])
        whom = _whom(values.get("wen", []), what, frame, relays, faults)
        outage = Outage(what, whom, start, end, values.get("bemerkung", ""), said.line)
        if twice := next((each for each in found if _overlap(each, outage)), None):
            faults.add(
                said,
                f"{what} fällt hier aus, während es nach Zeile {twice.line} schon ausgefallen ist:"
                " bitte zu einem Ausfall machen.",
            )
        found.append(outage)
    return tuple(found)


def _overlap(a: Outage, b: Outage) -> bool:
    """Whether the same fails twice at a time."""
    same = not a.whom or not b.whom or not set(a.whom).isdisjoint(b.whom)
    ends = [math.inf if each.end is None else each.end for each in (a, b)]
    return a.what is b.what and same and max(a.start, b.start) < min(ends)


def _whom(
    said: list[Word], what: Broken, frame: Frame, relays: tuple[Site, ...], faults: Faults
) -> tuple[str, ...]:
    names = [relay.name for relay in relays]
    if what is Broken.MAINS:
        staffs = [each for each in said if each not in names]
        found = frame.staffs_of(staffs, faults) if staffs else ()
        return (*found, *(str(each) for each in said if each in names))
    if what is not Broken.RELAY:
        return frame.staffs_of(said, faults)
    if [fold_text(each) for each in said] == ["alle"]:
        return ()
    for each in said:
        if each not in names:
            faults.add(each, f"das Relais „{each}“ steht nicht unter „relais“.")
    return tuple(str(each) for each in said)


def _minute(values: Mapping[str, Any], key: str, times: Times, faults: Faults) -> float | None:
    if key not in values:
        return None
    try:
        return times.minute(values[key])
    except UsageError as error:
        faults.add(values[key], f"„{key}“: {error}")
        return None
