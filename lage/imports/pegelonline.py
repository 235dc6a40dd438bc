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

from lage.imports.plan import ROWS_MAX, LeftOut, Plan, read_json, read_text
from lage.imports.quantity import Scale, number, scale, unit_of
from lage.imports.series import Sample, gauge_named, joined, log_time, reading_drafts
from lage.kinds.model import Draft, Query, Record
from lage.kinds.reader import Reader
from lage.language.errors import ImportRefused, UsageError
from lage.language.folding import fold_text
from lage.language.spelling import clean_line
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
    items = data[:ROWS_MAX] if isinstance(data, list) else [data]
    return any(isinstance(item, dict) and "shortname" in item for item in items)


def plan_stations(data: object, title: str, choice: Choice, reader: Reader) -> Plan:
    """What a ``stations.json`` would write; ``title`` says where it is from.

    A station that cannot be read is passed over and named. Raises ImportRefused.
    """
    if isinstance(data, dict) and "shortname" in data:
        data = [data]  # one station, as the service gives it by its number
    if not isinstance(data, list) or len(data) > ROWS_MAX:
        raise ImportRefused(f"{title} ist keine Liste von PEGELONLINE-Stationen{_told(data)}.", ())
    by_station = _by_station(reader)
    left = LeftOut()
    drafts: list[Draft] = []
    new = changed = known = others = 0
    for station in data:
        try:
            name = _chosen(station, choice, by_station, reader)
            if name is None:
                others += 1
                continue
            written = _station_drafts(station, name, reader)
        except UsageError as error:
            left.add(str(error))
            continue
        drafts.extend(written)
        if not written:
            known += 1
        elif gauge_named(reader, name):
            changed += 1
        else:
            new += 1
    if not new + changed + known:
        left.refuse_all(title)
        raise ImportRefused(
            f"{title}: keine der {len(data)} Stationen ist ausgewählt; bitte --pegel oder"
            " --gewaesser angeben.",
            (),
        )
    return Plan(tuple(drafts), new, changed, known, others + left.count, left.notes())


def plan_measurements(
    data: object, title: str, gauge: str, reader: Reader, *, spacing_s: int = 0
) -> Plan:
    """What a ``measurements.json`` of one gauge would write, or its current value alone.

    Forecasts and estimates of the service are no measurements. Raises ImportRefused.
    """
    name = canonical_term(clean_line(gauge), TERMS["gauge"])
    if not name:
        raise UsageError("Zu welchem Pegel gehören die Werte? Bitte --pegel angeben.")
    if isinstance(data, dict) and "timestamp" in data:
        data = [data]  # currentmeasurement.json
    if not isinstance(data, list) or len(data) > ROWS_MAX:
        raise ImportRefused(f"{title} ist keine Liste von Messwerten{_told(data)}.", ())
    left = LeftOut()
    samples = []
    for entry in data:
        try:
            samples.append(_sample(entry))
        except UsageError as error:
            left.add(str(error))
    if not samples:
        left.refuse_all(title)
    drafts, known = reading_drafts(reader, name, samples, SOURCE, spacing_s=spacing_s)
    thinned = len(samples) - len(drafts) - known
    notes = (f"{thinned} Werte wegen des Abstands ausgelassen.",) if thinned else ()
    return Plan(tuple(drafts), len(drafts), 0, known, left.count, (*notes, *left.notes()))


def _sample(entry: object) -> Sample:
    if not isinstance(entry, dict):
        raise UsageError("kein Messwert.")
    if entry.get("type", "measurement") != "measurement":
        raise UsageError("Vorhersage oder Schätzung des Dienstes, kein Messwert.")
    return Sample(log_time(entry.get("timestamp")), number(entry.get("value")))


def _told(data: object) -> str:
    """What a service says instead of data."""
    if isinstance(data, dict):
        for key in ("message", "error", "detail"):
            if isinstance(data.get(key), str):
                return f": „{data[key][:100]}“"
    return ""


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
        try:
            name = _chosen(station, choice, by_station, reader)
        except UsageError:
            continue  # named by the plan of the stations
        if name is not None and _level_series(station):
            place = f"stations/{quote(str(station.get('uuid', '')), safe='')}/W/measurements.json"
            plans.append(
                _series(f"{root}/{place}?start=PT{hours}H", name, reader, timeout_s, spacing_s)
            )
    return joined(plans)


def _series(address: str, name: str, reader: Reader, timeout_s: float, spacing_s: int) -> Plan:
    """One gauge's last hours; a gauge of which there are none does not hinder the others."""
    from lage.imports.service import NoSuchData, fetch_json

    try:
        series = fetch_json(address, SOURCE, timeout_s)
        return plan_measurements(series, name, name, reader, spacing_s=spacing_s)
    except (NoSuchData, ImportRefused) as error:
        return Plan((), 0, left_out=1, notes=(f"{name}: {error}",))


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
    gauge, unit = gauge_named(reader, name), unit_of(series.get("unit", "cm"))
    into = scale(gauge, name, unit)
    values["unit"] = into.unit
    if into.places:
        values["decimals"] = into.places
    values |= _thresholds(series, into)
    drafts = _described(gauge, values)
    current = series.get("currentMeasurement")
    if isinstance(current, dict):
        sample = Sample(log_time(current.get("timestamp")), number(current.get("value")))
        drafts += reading_drafts(reader, name, [sample], SOURCE, unit=unit)[0]
    return drafts


def _level_series(station: dict[str, object]) -> dict[str, object] | None:
    series = station.get("timeseries")
    for item in series if isinstance(series, list) else []:
        if isinstance(item, dict) and item.get("shortname") == "W":
            return item
    return None


def _thresholds(series: dict[str, object], into: Scale) -> dict[str, Value]:
    """MHW and MNW in the gauge's decimals, where the file has characteristic values."""
    found: dict[str, Value] = {}
    given = series.get("characteristicValues")
    for item in given if isinstance(given, list) else []:
        if isinstance(item, dict) and str(item.get("shortname")) in ("MHW", "MNW"):
            found[str(item["shortname"]).lower()] = into.whole(number(item.get("value")))
    return found


def _described(gauge: Record | None, values: dict[str, Value]) -> list[Draft]:
    """Stammdaten to write: all for a new gauge, for a known one only what nobody has written."""
    if gauge is None:
        return commands.create("gauge", values, -1)
    missing = {name: value for name, value in values.items() if name not in gauge.values}
    return commands.change(gauge, missing) if missing else []
