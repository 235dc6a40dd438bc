# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Uplinks of LoRaWAN sensors: ChirpStack v4 and The Things Stack v3, as JSON.

Both network servers wrap the same thing: which device, when, on which port, which bytes, and what
their own decoder made of these. ``decode_uplink`` gives one form for both. A mapping says which
value of which device is which gauge (TOML):

    [[sensor]]
    eui = "a84041000181c061"
    pegel = "Greven"
    feld = "water_level"         # path in the decoded object, dots between
    faktor = 0.1                  # value * faktor + versatz, in the gauge's unit
    versatz = 0.0
    # a sensor that measures the distance down to the water: its height above the gauge's zero
    sensorhoehe = 512             # level = sensorhoehe - value * faktor
    # or from the bytes: bytes = [0, 2], vorzeichen = true   (big endian)

A gauge whose Kennung is the device's EUI needs no mapping if the decoded object has one of the
usual names of a level. A distance is no level: it falls while the water rises, so it is never taken
without the sensor's height. What else the servers send (joins, status, acknowledgements) is passed
over and counted.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lage.imports.plan import ROWS_MAX, LeftOut, Plan, Problems, read_feed, read_text, read_toml
from lage.imports.series import Sample, gauge_named, log_time, reading_drafts
from lage.kinds.model import Draft, Query
from lage.kinds.reader import Reader
from lage.language.errors import ImportRefused, UsageError
from lage.write.parse import canonical_term
from lage.write.quantity import MISSING, described, factor, number, stated, unit_of
from sync.schema.vocabulary import TERMS

SOURCE = "Sensor"
USUAL_FIELDS = ("water_level", "waterlevel", "level")
DISTANCES = ("distance", "abstand", "range", "ultrasonic")
PAYLOAD_MAX = 256
_KEYS = {"eui", "pegel", "feld", "bytes", "vorzeichen", "faktor", "versatz", "sensorhoehe"}


@dataclass(frozen=True, slots=True)
class Uplink:
    """One message of a sensor."""

    eui: str  # 16 hex digits, lower case
    name: str
    time: int  # log time
    port: int
    payload: bytes
    fields: Mapping[str, Any] = field(default_factory=dict)  # decoded by the network server


@dataclass(frozen=True, slots=True)
class Sensor:
    """How a device's message becomes a value of a gauge."""

    gauge: str
    path: tuple[str, ...] = ()  # in the decoded object; empty: the usual names
    span: tuple[int, int] | None = None  # first byte, number of bytes
    signed: bool = False
    factor: float = 1.0
    offset: float = 0.0
    height: float | None = None  # of a distance sensor above the gauge's zero


def decode_uplink(data: object) -> Uplink:
    """An uplink of either network server, however it was wrapped on its way.

    The Things Stack's console wraps it as ``{"name": "as.up.data.forward", "data": …}``, its
    storage API as ``{"result": …}``. Raises UsageError saying what is missing.
    """
    for key in ("data", "result"):
        if isinstance(data, dict) and isinstance(data.get(key), dict):
            data = data[key]
    if not isinstance(data, dict):
        raise UsageError("keine Nachricht eines Sensors.")
    if "deviceInfo" in data:
        return _chirpstack(data)
    if "end_device_ids" in data:
        return _things_stack(data)
    raise UsageError("weder ChirpStack (deviceInfo) noch The Things Stack (end_device_ids).")


def value_of(uplink: Uplink, sensor: Sensor, unit: str = "") -> float:
    """The measured value in ``unit``, the gauge's. Raises UsageError.

    A unit that stands with the value is converted, unless the mapping has a factor for it. What
    sensors write for no value is left out before a height or a factor makes a level of it.
    """
    if sensor.span is not None:
        first, size = sensor.span
        part = uplink.payload[first : first + size]
        if len(part) < size:
            raise UsageError(f"die Nutzdaten haben nur {len(uplink.payload)} Bytes.")
        raw: object = int.from_bytes(part, "big", signed=sensor.signed)
        beside = ""
    elif sensor.path:
        raw, beside = uplink.fields, ""
        for step in sensor.path:
            beside = _unit_beside(raw, step)
            raw = raw.get(step) if isinstance(raw, Mapping) else None
        if raw is None:
            raise UsageError(f"das Feld „{'.'.join(sensor.path)}“ fehlt.")
    else:
        usual = {_folded(name): name for name in uplink.fields}
        found = [usual[name] for name in map(_folded, USUAL_FIELDS) if name in usual]
        distance = next(filter(_is_distance, uplink.fields), None)
        if not found and distance:
            raise UsageError(_no_level(distance))
        if not found:
            raise UsageError(f"keines der üblichen Felder ({', '.join(USUAL_FIELDS)}).")
        raw, beside = uplink.fields[found[0]], _unit_beside(uplink.fields, found[0])
    measured, its_unit = stated(raw)
    its_unit = its_unit or beside
    if measured in MISSING:
        raise UsageError(f"{measured:g} ist ein Zeichen für einen fehlenden Wert.")
    times = (
        sensor.factor if sensor.factor != 1 else factor(its_unit, unit or its_unit, sensor.gauge)
    )
    value = measured * times
    if sensor.height is not None:
        if value <= 0:
            raise UsageError(f"{measured:g} ist kein Abstand zum Wasser.")
        return number(sensor.height - value)
    if sensor.path and _is_distance(sensor.path[-1]) and sensor.factor > 0:
        raise UsageError(_no_level(sensor.path[-1]))
    return number(value + sensor.offset)


def _unit_beside(fields: object, name: str) -> str:
    """The unit that a decoder writes beside a value: ``{"level": 2.1, "unit": "m"}``."""
    if not isinstance(fields, Mapping):
        return ""
    spelt = {_folded(str(key)): value for key, value in fields.items()}
    for key in (f"{_folded(name)}unit", "unit", "units", "einheit"):
        if isinstance(spelt.get(key), str):
            return unit_of(spelt[key])
    return ""


def _folded(name: str) -> str:
    """A field's name however a decoder spells it: ``waterLevel``, ``Water_Level``."""
    return name.casefold().replace("_", "").replace("-", "").replace(" ", "")


def _is_distance(name: str) -> bool:
    return any(word in _folded(name) for word in DISTANCES)


def _no_level(name: str) -> str:
    return (
        f"„{name}“ ist ein Abstand, kein Wasserstand: bitte in der Zuordnung „sensorhoehe“ angeben"
        " (Höhe des Sensors über dem Pegelnull) oder einen negativen „faktor“ mit „versatz“."
    )


def read_sensors(path: Path) -> dict[str, Sensor]:
    """Sensors by EUI from a TOML file. Raises ImportRefused."""
    entries = read_toml(path).get("sensor")
    problems = Problems(noun="Objekt")
    sensors: dict[str, Sensor] = {}
    for place, entry in enumerate(entries if isinstance(entries, list) else [], 1):
        try:
            eui = _eui(entry.get("eui"))
            if eui in sensors:
                raise UsageError(f"die EUI {eui} steht schon weiter oben.")
            sensors[eui] = _sensor(entry)
        except (UsageError, AttributeError) as error:
            problems.add(place, str(error))
    problems.refuse(path.name)
    if not sensors:
        raise ImportRefused(f"In der Zuordnung {path.name} steht kein [[sensor]].", ())
    return sensors


def plan_uplinks(path: Path, sensors: Mapping[str, Sensor], reader: Reader, now: int) -> Plan:
    """What the uplinks of a file would write: one, a list, or one on each line.

    Raises ImportRefused where none of them is a value for a gauge of ours.
    """
    left = LeftOut()
    messages = read_feed(read_text(path), path.name, left)
    if len(messages) > ROWS_MAX:
        raise ImportRefused(f"{path.name} hat mehr als {ROWS_MAX} Nachrichten.", ())
    known_by_gauge = {
        gauge.text("station").lower(): Sensor(gauge.text("name"))
        for gauge in reader.select(Query("gauge", limit=5000))
        if "station" in gauge.values
    }
    every = {**known_by_gauge, **sensors}
    strangers: dict[str, int] = {}
    samples: dict[str, list[Sample]] = {}
    for message in messages:
        try:
            uplink = decode_uplink(message)
            sensor = every.get(uplink.eui)
            if sensor is None:
                strangers[uplink.eui] = strangers.get(uplink.eui, 0) + 1
                continue
            gauge = described(gauge_named(reader, sensor.gauge), sensor.gauge)
            unit = unit_of(gauge.text("unit", "cm"))
            sample = Sample(uplink.time, value_of(uplink, sensor, unit))
            samples.setdefault(sensor.gauge, []).append(sample)
        except UsageError as error:
            left.add(str(error))
    if not samples and not strangers:
        left.refuse_all(path.name)
    drafts: list[Draft] = []
    known = 0
    for name, found in sorted(samples.items()):
        written, there = reading_drafts(reader, name, found, SOURCE, now)
        drafts += written
        known += there
    notes = [f"Sensor {eui}: nicht zugeordnet." for eui in sorted(strangers)]
    passed_over = sum(strangers.values()) + left.count
    return Plan(tuple(drafts), len(drafts), 0, known, passed_over, (*notes, *left.notes()))


def _chirpstack(data: Mapping[str, Any]) -> Uplink:
    info = data["deviceInfo"]
    if not isinstance(info, dict):
        raise UsageError("deviceInfo ist kein Objekt.")
    decoded = data.get("object")
    if "data" not in data and not isinstance(decoded, dict):
        raise UsageError("kein Messwert, sondern ein anderes Ereignis (join, status, ack).")
    return Uplink(
        _eui(info.get("devEui")),
        str(info.get("deviceName", ""))[:60],
        log_time(data.get("time") or _gateway_time(data.get("rxInfo"))),
        _port(data.get("fPort")),
        _payload(data.get("data")),
        decoded if isinstance(decoded, dict) else {},
    )


def _things_stack(data: Mapping[str, Any]) -> Uplink:
    ids, message = data["end_device_ids"], data.get("uplink_message")
    if isinstance(ids, dict) and message is None:
        raise UsageError("kein Messwert, sondern ein anderes Ereignis (join, status, ack).")
    if not isinstance(ids, dict) or not isinstance(message, dict):
        raise UsageError("end_device_ids oder uplink_message fehlt.")
    decoded = message.get("decoded_payload")
    return Uplink(
        _eui(ids.get("dev_eui")),
        str(ids.get("device_id", ""))[:60],
        log_time(message.get("received_at") or data.get("received_at")),
        _port(message.get("f_port")),
        _payload(message.get("frm_payload")),
        decoded if isinstance(decoded, dict) else {},
    )


def _gateway_time(gateways: object) -> object:
    """When the first gateway that knows the time heard it."""
    for each in gateways if isinstance(gateways, list) else []:
        if isinstance(each, dict) and (stamp := each.get("nsTime") or each.get("time")):
            return stamp
    return None


def _eui(value: object) -> str:
    text = str(value or "").lower().replace("-", "").replace(":", "")
    if len(text) != 16 or any(letter not in "0123456789abcdef" for letter in text):
        raise UsageError("die EUI des Geräts fehlt oder hat nicht 16 Hexziffern.")
    return text


def _port(value: object) -> int:
    return value if isinstance(value, int) and 0 <= value <= 255 else 0


def _payload(value: object) -> bytes:
    if value is None:
        return b""
    try:
        data = base64.b64decode(str(value), validate=True)
    except (binascii.Error, ValueError) as error:
        raise UsageError("die Nutzdaten sind kein Base64.") from error
    if len(data) > PAYLOAD_MAX:
        raise UsageError("die Nutzdaten sind länger, als ein LoRaWAN-Paket sein kann.")
    return data


def _sensor(entry: Mapping[str, Any]) -> Sensor:
    if strange := sorted(set(entry) - _KEYS):
        raise UsageError(f"„{strange[0]}“ gibt es nicht; möglich: {', '.join(sorted(_KEYS))}.")
    gauge = canonical_term(str(entry.get("pegel", "")).strip(), TERMS["gauge"])
    if not gauge:
        raise UsageError("„pegel“ fehlt.")
    span = entry.get("bytes")
    place: tuple[int, int] | None = None
    if span is not None:
        if not isinstance(span, list) or len(span) != 2 or not all(_is_size(n) for n in span):
            raise UsageError("„bytes“ muss [Anfang, Anzahl] sein, z. B. [0, 2].")
        place = (span[0], span[1])
    path = tuple(part for part in str(entry.get("feld", "")).split(".") if part)
    times, offset = number(entry.get("faktor", 1)), number(entry.get("versatz", 0))
    height = number(entry["sensorhoehe"]) if "sensorhoehe" in entry else None
    return Sensor(gauge, path, place, entry.get("vorzeichen") is True, times, offset, height)


def _is_size(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 64
