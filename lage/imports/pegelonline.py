# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""PEGELONLINE (Wasserstraßen- und Schifffahrtsverwaltung des Bundes), REST v2.

``stations.json?includeTimeseries=true&includeCurrentMeasurement=true`` gives gauges with their
current value; ``stations/<uuid>/W/measurements.json?start=P2D`` one gauge's series. The documents
come from saved files, by stick or from whoever still has a network, or from the service itself.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from lage.imports.forecasts import Announced, forecast_drafts
from lage.imports.plan import ROWS_MAX, LeftOut, Plan, read_json, read_text
from lage.imports.series import Sample, gauge_named, joined, log_time, reading_drafts
from lage.imports.stations import Choice, Ours, described, point_of, told
from lage.imports.table import read_table
from lage.kinds.model import Draft
from lage.kinds.reader import Reader
from lage.language.errors import ImportRefused, UsageError
from lage.language.spelling import clean_line
from lage.write.parse import canonical_term
from lage.write.quantity import Scale, number, scale, unit_of
from sync.schema.definition import Value
from sync.schema.vocabulary import TERMS

SOURCE = "PEGELONLINE"
ADDRESS = "https://www.pegelonline.wsv.de/webservices/rest-api/v2"
_NAMES = ("shortname", "longname")
_COLUMNS = ("timestamp", "value")


def read(path: Path) -> Any:
    """The document in a saved file; also a ``measurements.csv``. Raises ImportRefused."""
    text = read_text(path)
    if text.lstrip()[:1] in ("{", "["):
        return read_json(text, path.name)
    return [dict(row.cells) for row in read_table(text, path.name, _COLUMNS)]


def is_stations(data: object) -> bool:
    """Whether a document lists stations, not the values of one."""
    items = data[:ROWS_MAX] if isinstance(data, list) else [data]
    return any(isinstance(item, dict) and "shortname" in item for item in items)


def plan_stations(data: object, title: str, choice: Choice, reader: Reader, now: int) -> Plan:
    """What a ``stations.json`` would write; ``title`` says where it is from.

    A station that cannot be read is passed over and named. Raises ImportRefused.
    """
    if isinstance(data, dict) and "shortname" in data:
        data = [data]  # one station, as the service gives it by its number
    if not isinstance(data, list) or len(data) > ROWS_MAX:
        raise ImportRefused(f"{title} ist keine Liste von PEGELONLINE-Stationen{told(data)}.", ())
    ours = Ours(choice, reader)
    left = LeftOut()
    drafts: list[Draft] = []
    new = changed = known = others = 0
    for station in data:
        name = ""
        try:
            name = _chosen(station, ours)
            if not name:
                others += 1
                continue
            written = _station_drafts(station, name, reader, now, left)
        except UsageError as error:
            left.add(f"{name}: {error}" if name else str(error))
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
            f" --gewaesser angeben. {' '.join(ours.missed())}".rstrip(),
            (),
        )
    notes = (*ours.missed(), *left.notes())
    return Plan(tuple(drafts), new, changed, known, others + left.count, notes)


def plan_measurements(
    data: object,
    title: str,
    gauge: str,
    reader: Reader,
    now: int,
    *,
    spacing_s: int = 0,
    unit: str = "",
) -> Plan:
    """What a ``measurements.json`` of one gauge would write, or its current value alone.

    ``unit``: what the list of stations says of the series, which does not say it itself. Forecasts
    and estimates of the service are no measurements: they become Vorhersagen.
    Raises ImportRefused.
    """
    if isinstance(data, dict) and "timestamp" in data:
        data = [data]  # currentmeasurement.json
    if not isinstance(data, list) or len(data) > ROWS_MAX:
        raise ImportRefused(f"{title} ist keine Liste von Messwerten{told(data)}.", ())
    name = canonical_term(clean_line(gauge), TERMS["gauge"])
    if not name:
        raise UsageError("Zu welchem Pegel gehören die Werte? Bitte --pegel angeben.")
    left = LeftOut()
    samples, announced = [], []
    for entry in data:
        try:
            sample, kind = _sample(entry), entry.get("type", "measurement")
            if kind == "measurement":
                samples.append(sample)
            elif kind in ("forecast", "estimate"):
                announced.append(Announced(sample, _initialized(entry), kind == "estimate"))
            else:
                raise UsageError(f"weder Messwert noch Vorhersage („{kind!s:.20}“).")
        except UsageError as error:
            left.add(str(error))
    if not samples and not announced:
        left.refuse_all(title)
    drafts, known = reading_drafts(
        reader, name, samples, SOURCE, now, spacing_s=spacing_s, unit=unit
    )
    thinned = len(samples) - len(drafts) - known
    notes = (f"{thinned} Werte wegen des Abstands ausgelassen.",) if thinned else ()
    expected, before = forecast_drafts(reader, name, announced, SOURCE, unit=unit)
    if announced:
        notes = (*notes, f"{name}: Vorhersage mit {len(expected) + before} Werten übernommen.")
    return Plan(
        (*drafts, *expected),
        len(drafts) + len(expected),
        0,
        known + before,
        left.count,
        (*notes, *left.notes()),
    )


def _sample(entry: object) -> Sample:
    if not isinstance(entry, dict):
        raise UsageError("kein Messwert.")
    return Sample(log_time(entry.get("timestamp")), number(entry.get("value")))


def _initialized(entry: dict[str, object]) -> int | None:
    stamp = entry.get("initialized")
    return None if stamp is None else log_time(stamp)


def ask_service(
    choice: Choice,
    reader: Reader,
    now: int,
    *,
    hours: int,
    spacing_s: int,
    address: str,
    timeout_s: float,
) -> Plan:
    """What the service itself tells now of our stations, with their last ``hours``.

    Raises ServiceError, ImportRefused.
    """
    from lage.imports.service import (  # with it comes TLS, which nobody else needs
        Each,
        fetch_stations,
    )

    wanted = {
        "includeTimeseries": "true",
        "includeCurrentMeasurement": "true",
        "includeCharacteristicValues": "true",
    }
    if choice.water and not choice.names:
        wanted["waters"] = choice.water.upper()
    root = address.rstrip("/")
    stations = fetch_stations(f"{root}/stations.json?{urlencode(wanted)}", SOURCE, timeout_s)
    plans = [plan_stations(stations, SOURCE, choice, reader, now)]
    ours, series = Ours(choice, reader), Each(SOURCE, timeout_s)
    for station in stations:
        try:
            name = _chosen(station, ours)
        except UsageError:
            continue  # named by the plan of the stations
        if not name:
            continue
        place = f"{root}/stations/{quote(str(station.get('uuid', '')), safe='')}"
        asked = {"W": f"W/measurements.json?start=PT{hours}H"} if hours else {}
        for kind, path in {**asked, "WV": "WV/measurements.json"}.items():
            if listed := _level_series(station, kind):
                unit = unit_of(listed.get("unit", "cm"))
                read_it = partial(
                    plan_measurements, title=name, gauge=name, reader=reader, now=now,
                    spacing_s=spacing_s, unit=unit,
                )  # fmt: skip
                plans += series.plans(f"{place}/{path}", name, read_it)
    return joined(plans)


def _chosen(station: object, ours: Ours) -> str:
    """Our name of a station, empty if it is not ours."""
    if not isinstance(station, dict):
        raise UsageError("keine Station.")
    called = [str(station.get(key, "")) for key in _NAMES]
    water = station.get("water")
    waters = [str(water.get(key, "")) for key in _NAMES] if isinstance(water, dict) else []
    return ours.name(_spelt(called[0]), str(station.get("number", "")), called, waters)


def _spelt(shortname: str) -> str:
    """``RHEINE UNTERSCHLEUSE`` as people write it; mixed case stays."""
    return shortname.title() if shortname.isupper() else shortname


def _station_drafts(
    station: dict[str, object], name: str, reader: Reader, now: int, left: LeftOut
) -> list[Draft]:
    """What is new of a station; what is odd of it is named, and hinders nothing else of it."""
    values: dict[str, Value] = {"name": name, "quantity": "Wasserstand"}
    water = station.get("water")
    if isinstance(water, dict) and water.get("longname"):
        values["water"] = _spelt(str(water["longname"]))[:40]
    if station.get("number"):
        values["station"] = str(station["number"])[:40]
    try:
        values |= point_of(station.get("latitude"), station.get("longitude"))
    except UsageError as error:
        left.add(f"{name}, Koordinate: {error}")
    series = _level_series(station)
    if series is None:
        raise UsageError("die Station hat keine Zeitreihe W (Wasserstand).")
    gauge, unit = gauge_named(reader, name), unit_of(series.get("unit", "cm"))
    into = scale(gauge, name, unit)
    values["unit"] = into.unit
    if into.places:
        values["decimals"] = into.places
    values |= _thresholds(series, into, name, left)
    drafts = described(gauge, values)
    current = series.get("currentMeasurement")
    if isinstance(current, dict):
        try:
            sample = Sample(log_time(current.get("timestamp")), number(current.get("value")))
            drafts += reading_drafts(reader, name, [sample], SOURCE, now, unit=unit)[0]
        except UsageError as error:
            left.add(f"{name}: {error}")
    return drafts


def _level_series(station: dict[str, object], name: str = "W") -> dict[str, object] | None:
    """Its levels (W), or what is expected of them (WV)."""
    series = station.get("timeseries")
    for item in series if isinstance(series, list) else []:
        if isinstance(item, dict) and item.get("shortname") == name:
            return item
    return None


def _thresholds(
    series: dict[str, object], into: Scale, name: str, left: LeftOut
) -> dict[str, Value]:
    """MHW and MNW in the gauge's decimals, where the file has characteristic values."""
    found: dict[str, Value] = {}
    given = series.get("characteristicValues")
    for item in given if isinstance(given, list) else []:
        if isinstance(item, dict) and (mark := str(item.get("shortname"))) in ("MHW", "MNW"):
            try:
                found[mark.lower()] = into.whole(number(item.get("value")))
            except UsageError as error:
                left.add(f"{name}, {mark}: {error}")
    return found
