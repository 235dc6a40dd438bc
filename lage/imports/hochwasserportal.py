# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Hochwasserportal NRW: the Land's gauges, which PEGELONLINE does not know (Aa, Vechte, upper Ems).

The files from which the portal's own page is made: ``stations/stations.json`` lists the stations
with their Informationswerte; ``stations/{site_no}/{station_no}/S/week.json`` has one station's last
seven days. The portal's archive of all stations was seen hours behind these, so each station is
asked by itself, and the age of its newest value is always told. Licence dl-de/zero-2.0.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from lage.imports.plan import ROWS_MAX, LeftOut, Plan, read_json, read_text
from lage.imports.series import (
    Sample,
    counting,
    gauge_named,
    joined,
    log_time,
    reading_drafts,
)
from lage.imports.stations import Choice, Ours, described, point_of, told
from lage.kinds.reader import Reader
from lage.language.decimals import with_places
from lage.language.errors import ImportRefused, UsageError
from lage.language.spelling import clean_line
from lage.language.tactical import age, clock
from lage.write.quantity import Scale, factor, number, scale, stated, unit_of
from sync.schema.definition import Value

SOURCE = "Hochwasserportal"
ADDRESS = "https://www.hochwasserportal.nrw/data/internet"
STATIONS_MAX = 40
"""So many are asked one after the other."""
_NUMBER = re.compile(r"[0-9A-Za-z_-]{1,40}", re.ASCII)
_MARKS = {
    "LANUV_Info_1": "info1", "LANUV_Info_2": "info2", "LANUV_Info_3": "info3",
    "LANUV_MHW": "mhw", "LANUV_MNW": "mnw",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """A station that is ours."""

    name: str
    path: str  # of its series
    entry: dict[str, Any]


def read(path: Path) -> Any:
    """The document in a saved file. Raises ImportRefused."""
    return read_json(read_text(path), path.name)


def ask_portal(
    choice: Choice,
    reader: Reader,
    now: int,
    *,
    hours: int,
    spacing_s: int,
    address: str,
    timeout_s: float,
) -> Plan:
    """What the portal tells now of our stations: the newest value, and those of ``hours`` before.

    A station that cannot be read is passed over and named. Raises ServiceError, ImportRefused.
    """
    from lage.imports.service import Each, NoData, fetch_stations  # with it comes TLS

    root = f"{address.rstrip('/')}/stations"
    listed = fetch_stations(f"{root}/stations.json", SOURCE, timeout_s)
    wanted, left, missed = _wanted(listed, choice, reader)
    if len(wanted) > STATIONS_MAX:
        raise UsageError(
            f"Das sind {len(wanted)} Stationen, möglich sind {STATIONS_MAX}: bitte --pegel angeben."
        )
    series, plans = Each(SOURCE, timeout_s), list[Plan]()
    for station in wanted:
        read_it = partial(
            _plan, name=station.name, entry=station.entry, reader=reader, now=now,
            span_s=hours * 3600, spacing_s=spacing_s,
        )  # fmt: skip
        plans += series.plans(f"{root}/{station.path}/S/week.json", station.name, read_it)
    if not any(plan.new + plan.changed + plan.known for plan in plans):
        said = " ".join(note for plan in plans for note in plan.notes)
        raise NoData(f"{SOURCE}: nichts davon ist ein Messwert für uns; {said}")
    return joined([*plans, Plan((), 0, left_out=left.count, notes=(*missed, *left.notes()))])


def plan_week(data: object, title: str, reader: Reader, now: int, *, spacing_s: int) -> Plan:
    """What a saved ``week.json`` would write. Raises ImportRefused."""
    try:
        series = _series(data)
        called = _spelt(series.get("station_name"))
        name = Ours(Choice([called]), reader).name(called, str(series.get("station_no")), (), ())
        return _plan(data, name, series, reader, now, None, spacing_s)
    except UsageError as error:
        raise ImportRefused(
            f"{title} ist keine Reihe des Hochwasserportals: {error}", ()
        ) from error


def _wanted(
    listed: object, choice: Choice, reader: Reader
) -> tuple[list[Wanted], LeftOut, tuple[str, ...]]:
    """Our stations, what was passed over, and sentences on names that no station has."""
    if not isinstance(listed, list) or len(listed) > ROWS_MAX:
        raise ImportRefused(f"{SOURCE} gibt keine Liste von Stationen{told(listed)}.", ())
    ours, left, found = Ours(choice, reader), LeftOut(), dict[str, Wanted]()
    for entry in listed:
        if not isinstance(entry, dict):
            left.add("keine Station.")
            continue
        site, no = str(entry.get("site_no", "")), str(entry.get("station_no", ""))
        called = str(entry.get("station_name", ""))
        try:
            name = ours.name(_spelt(called), no, (called, no), (str(entry.get("WTO_OBJECT", "")),))
        except UsageError:
            continue  # of six hundred, some are no gauges
        if not name:
            continue
        if not (_NUMBER.fullmatch(site) and _NUMBER.fullmatch(no)):
            left.add(f"{name}: die Station hat keine brauchbare Nummer.")
            continue
        found.setdefault(name, Wanted(name, f"{site}/{no}", entry))
    if not found:
        left.refuse_all(SOURCE)
        raise ImportRefused(
            f"{SOURCE}: keine der {len(listed)} Stationen ist ausgewählt; bitte --pegel oder"
            f" --gewaesser angeben. {' '.join(ours.missed())}".rstrip(),
            (),
        )
    return list(found.values()), left, ours.missed()


def _plan(
    data: object,
    name: str,
    entry: dict[str, Any],
    reader: Reader,
    now: int,
    span_s: int | None,
    spacing_s: int,
) -> Plan:
    """One station: its description, and its newest value with those of the time before it."""
    series, left = _series(data), LeftOut()
    samples = list(_samples(series, left))
    if not samples:
        left.refuse_all(name)
        raise UsageError("die Reihe ist leer.")
    gauge, unit = gauge_named(reader, name), unit_of(series.get("ts_unitsymbol") or "cm")
    into = scale(gauge, name, unit)
    newest = max(counting(samples, into, now), key=lambda sample: sample.time, default=None)
    if newest is None:
        raise UsageError("kein Wert davon kann ein Wasserstand von jetzt sein.")
    first = newest.time - (span_s or 0)
    chosen = samples if span_s is None else [each for each in samples if each.time >= first]
    drafts = described(gauge, _values(name, entry, into, unit, left))
    there = gauge is not None and not drafts
    written, known = reading_drafts(
        reader, name, chosen, SOURCE, now, spacing_s=spacing_s, unit=unit
    )
    told_now = (
        f"{name}: {with_places(into.whole(newest.value), into.places)} {into.unit} von"
        f" {clock(newest.time, now)},"
        f" {age(newest.time, now)} alt."
    ).replace("gerade alt", "gerade eben")
    return Plan(
        (*drafts, *written),
        new=len(written),
        changed=0 if there or gauge is None else 1,
        known=known,
        left_out=left.count,
        notes=(told_now, *left.notes()),
    )


def _series(data: object) -> dict[str, Any]:
    """The series in a document: the portal lists one, a service may give it alone."""
    first = data[0] if isinstance(data, list) and data else data
    if not isinstance(first, dict) or not isinstance(first.get("data"), list):
        raise UsageError(f"keine Messreihe{told(first)}.")
    return first


def _samples(series: dict[str, Any], left: LeftOut) -> Iterator[Sample]:
    entries: Sequence[object] = series["data"][:ROWS_MAX]
    for entry in entries:
        try:
            if not isinstance(entry, list) or len(entry) < 2:
                raise UsageError("kein Messwert.")
            yield Sample(log_time(entry[0]), number(entry[1]))
        except UsageError as error:
            left.add(str(error))


def _spelt(name: object) -> str:
    """``Menden_1`` as people write it."""
    return clean_line(str(name or "").replace("_", " "))


def _values(
    name: str, entry: dict[str, Any], into: Scale, unit: str, left: LeftOut
) -> dict[str, Value]:
    """The Stammdaten of a station; the portal writes 0 and nothing for levels that it lacks.

    An odd one is named, and keeps nobody from the level.
    """
    values: dict[str, Value] = {"name": name, "quantity": "Wasserstand", "unit": into.unit}
    water = _spelt(entry.get("WTO_OBJECT"))
    if water:
        values["water"] = water[:40]
    if entry.get("station_no"):
        values["station"] = str(entry["station_no"])[:40]
    if into.places:
        values["decimals"] = into.places
    try:
        values |= point_of(entry.get("station_latitude"), entry.get("station_longitude"))
    except UsageError as error:
        left.add(f"{name}, Koordinate: {error}")
    for key, field in _MARKS.items():
        if entry.get(key) in (None, "", "-"):
            continue
        try:
            level, its_unit = stated(entry[key])
            if level:
                values[field] = into.whole(level * factor(its_unit, unit, name))
        except UsageError as error:
            left.add(f"{name}, {key}: {error}")
    return values
