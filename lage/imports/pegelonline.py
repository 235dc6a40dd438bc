# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""PEGELONLINE (Wasserstraßen- und Schifffahrtsverwaltung des Bundes), REST v2.

``stations.json?includeTimeseries=true&includeCurrentMeasurement=true`` gives gauges with their
current value; ``stations/<uuid>/W/measurements.json?start=P2D`` one gauge's series. The documents
come from saved files, by stick or from whoever still has a network, or from the service itself.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from lage.imports.plan import ROWS_MAX, Plan, Problems, read_json, read_text
from lage.imports.series import Sample, gauge_named, joined, log_time, number, reading_drafts
from lage.kinds.model import Draft, Query, Record
from lage.kinds.reader import Reader
from lage.language.errors import ImportRefused, UsageError
from lage.language.folding import fold_text
from lage.write import commands
from lage.write.parse import canonical_term
from sync.schema.definition import Point, Value
from sync.schema.vocabulary import TERMS

SOURCE = "PEGELONLINE"
ADDRESS = "https://www.pegelonline.wsv.de/webservices/rest-api/v2"


@dataclass(frozen=True, slots=True)
class Choice:
    """Which stations are ours: by name, by water, or those that are gauges here already."""

    names: Collection[str] = ()
    water: str = ""


def read(path: Path) -> Any:
    """The document in a saved file. Raises ImportRefused."""
    return read_json(read_text(path), path.name)


def is_stations(data: object) -> bool:
    """Whether a document lists stations, not the values of one."""
    return isinstance(data, list) and any(
        isinstance(item, dict) and "shortname" in item for item in data[:ROWS_MAX]
    )


def plan_stations(data: object, title: str, choice: Choice, reader: Reader) -> Plan:
    """What a ``stations.json`` would write; ``title`` says where it is from.

    Raises ImportRefused.
    """
    if not isinstance(data, list) or len(data) > ROWS_MAX:
        raise ImportRefused(f"{title} ist keine Liste von PEGELONLINE-Stationen.", ())
    by_station = _by_station(reader)
    problems = Problems()
    drafts: list[Draft] = []
    new = changed = known = left_out = 0
    for place, station in enumerate(data, 1):
        try:
            name = _chosen(station, choice, by_station, reader)
            if name is None:
                left_out += 1
                continue
            written = _station_drafts(station, name, reader)
        except UsageError as error:
            problems.add(place, str(error))
            continue
        drafts.extend(written)
        if not written:
            known += 1
        elif gauge_named(reader, name):
            changed += 1
        else:
            new += 1
    problems.refuse(title)
    if not new + changed + known:
        raise ImportRefused(
            f"{title}: keine der {len(data)} Stationen ist ausgewählt; bitte --pegel oder"
            " --gewaesser angeben.",
            (),
        )
    return Plan(tuple(drafts), new, changed, known, left_out)


def plan_measurements(
    data: object, title: str, gauge: str, reader: Reader, *, spacing_s: int = 0
) -> Plan:
    """What a ``measurements.json`` of one gauge would write. Raises ImportRefused."""
    name = canonical_term(gauge.strip(), TERMS["gauge"])
    if not name:
        raise UsageError("Zu welchem Pegel gehören die Werte? Bitte --pegel angeben.")
    if not isinstance(data, list) or len(data) > ROWS_MAX:
        raise ImportRefused(f"{title} ist keine Liste von Messwerten.", ())
    problems = Problems()
    samples = []
    for place, entry in enumerate(data, 1):
        try:
            if not isinstance(entry, dict):
                raise UsageError("kein Messwert.")
            samples.append(Sample(log_time(entry.get("timestamp")), number(entry.get("value"))))
        except UsageError as error:
            problems.add(place, str(error))
    problems.refuse(title)
    drafts, known = reading_drafts(reader, name, samples, SOURCE, spacing_s=spacing_s)
    thinned = len(samples) - len(drafts) - known
    notes = (f"{thinned} Werte wegen des Abstands ausgelassen.",) if thinned else ()
    return Plan(tuple(drafts), len(drafts), 0, known, notes=notes)


def ask_service(
    choice: Choice, reader: Reader, *, hours: int, spacing_s: int, address: str, timeout_s: float
) -> Plan:
    """What the service itself tells now of our stations, with their last ``hours``.

    Raises ServiceError, ImportRefused.
    """
    from lage.imports.service import fetch_json  # with it comes TLS, which nobody else needs

    wanted = {
        "includeTimeseries": "true",
        "includeCurrentMeasurement": "true",
        "includeCharacteristicValues": "true",
    }
    if choice.water and not choice.names:
        wanted["waters"] = choice.water.upper()
    root = address.rstrip("/")
    stations = fetch_json(f"{root}/stations.json?{urlencode(wanted)}", SOURCE, timeout_s)
    plans = [plan_stations(stations, SOURCE, choice, reader)]
    by_station = _by_station(reader)
    for station in stations if hours else ():
        name = _chosen(station, choice, by_station, reader)
        if name is not None:
            place = f"stations/{quote(str(station.get('uuid', '')), safe='')}/W/measurements.json"
            series = fetch_json(f"{root}/{place}?start=PT{hours}H", SOURCE, timeout_s)
            plans.append(plan_measurements(series, name, name, reader, spacing_s=spacing_s))
    return joined(plans)


def _by_station(reader: Reader) -> dict[str, str]:
    """Our names of gauges by their PEGELONLINE number."""
    return {
        gauge.text("station"): gauge.text("name")
        for gauge in reader.select(Query("gauge", limit=5000))
        if "station" in gauge.values
    }


def _chosen(
    station: object, choice: Choice, by_station: dict[str, str], reader: Reader
) -> str | None:
    """Our name of a station, None if it is not ours."""
    if not isinstance(station, dict):
        raise UsageError("keine Station.")
    shortname, longname = str(station.get("shortname", "")), str(station.get("longname", ""))
    name = canonical_term(_spelt(shortname), TERMS["gauge"])
    if not name or len(name) > 60:
        raise UsageError("die Station hat keinen brauchbaren Namen (shortname).")
    known = by_station.get(str(station.get("number", "")))
    if known:
        return known
    asked = {fold_text(text.strip()) for text in choice.names}
    water = station.get("water")
    rivers = (
        [str(water.get(key, "")) for key in ("shortname", "longname")]
        if isinstance(water, dict)
        else []
    )
    if asked & {fold_text(shortname), fold_text(longname), fold_text(name)}:
        return name
    if choice.water and fold_text(choice.water) in map(fold_text, rivers):
        return name
    return name if gauge_named(reader, name) else None


def _spelt(shortname: str) -> str:
    """``RHEINE UNTERSCHLEUSE`` as people write it; mixed case stays."""
    return shortname.title() if shortname.isupper() else shortname


def _station_drafts(station: dict[str, object], name: str, reader: Reader) -> list[Draft]:
    values: dict[str, Value] = {"name": name, "quantity": "Wasserstand"}
    water = station.get("water")
    if isinstance(water, dict) and water.get("longname"):
        values["water"] = _spelt(str(water["longname"]))[:40]
    if station.get("number"):
        values["station"] = str(station["number"])[:40]
    lat, lon = station.get("latitude"), station.get("longitude")
    if lat is not None and lon is not None:
        values["point"] = Point(round(number(lat) * 10_000), round(number(lon) * 10_000))
    series = _level_series(station)
    if series is None:
        raise UsageError("die Station hat keine Zeitreihe W (Wasserstand).")
    values["unit"] = str(series.get("unit", "cm"))[:20]
    values |= _thresholds(series)
    drafts = _described(gauge_named(reader, name), values)
    current = series.get("currentMeasurement")
    if isinstance(current, dict):
        sample = Sample(log_time(current.get("timestamp")), number(current.get("value")))
        drafts += reading_drafts(reader, name, [sample], SOURCE)[0]
    return drafts


def _level_series(station: dict[str, object]) -> dict[str, object] | None:
    series = station.get("timeseries")
    for item in series if isinstance(series, list) else []:
        if isinstance(item, dict) and item.get("shortname") == "W":
            return item
    return None


def _thresholds(series: dict[str, object]) -> dict[str, Value]:
    """MHW and MNW, where the file has characteristic values."""
    found: dict[str, Value] = {}
    given = series.get("characteristicValues")
    for item in given if isinstance(given, list) else []:
        if isinstance(item, dict) and str(item.get("shortname")) in ("MHW", "MNW"):
            found[str(item["shortname"]).lower()] = round(number(item.get("value")))
    return found


def _described(gauge: Record | None, values: dict[str, Value]) -> list[Draft]:
    """Stammdaten to write: all for a new gauge, for a known one only what nobody has written."""
    if gauge is None:
        return commands.create("gauge", values, -1)
    missing = {name: value for name, value in values.items() if name not in gauge.values}
    return commands.change(gauge, missing) if missing else []
