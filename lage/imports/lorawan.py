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
    # or from the bytes: bytes = [0, 2], vorzeichen = true   (big endian)

A gauge whose Kennung is the device's EUI needs no mapping if the decoded object has one of the
usual names.
"""

from __future__ import annotations

import base64
import binascii
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lage.imports.plan import ROWS_MAX, Plan, Problems, read_json, read_text
from lage.imports.series import Sample, log_time, number, reading_drafts
from lage.kinds.model import Draft, Query
from lage.kinds.reader import Reader
from lage.language.errors import ImportRefused, UsageError
from lage.write.parse import canonical_term
from sync.schema.vocabulary import TERMS

SOURCE = "Sensor"
USUAL_FIELDS = ("water_level", "waterlevel", "level", "distance", "value")
PAYLOAD_MAX = 256


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


def decode_uplink(data: object) -> Uplink:
    """An uplink of either network server. Raises UsageError saying what is missing."""
    if not isinstance(data, dict):
        raise UsageError("keine Nachricht eines Sensors.")
    if "deviceInfo" in data:
        return _chirpstack(data)
    if "end_device_ids" in data:
        return _things_stack(data)
    raise UsageError("weder ChirpStack (deviceInfo) noch The Things Stack (end_device_ids).")


def value_of(uplink: Uplink, sensor: Sensor) -> float:
    """The measured value in the gauge's unit. Raises UsageError."""
    if sensor.span is not None:
        first, size = sensor.span
        part = uplink.payload[first : first + size]
        if len(part) < size:
            raise UsageError(f"die Nutzdaten haben nur {len(uplink.payload)} Bytes.")
        raw: object = int.from_bytes(part, "big", signed=sensor.signed)
    elif sensor.path:
        raw = uplink.fields
        for step in sensor.path:
            raw = raw.get(step) if isinstance(raw, Mapping) else None
        if raw is None:
            raise UsageError(f"das Feld „{'.'.join(sensor.path)}“ fehlt.")
    else:
        found = [uplink.fields[name] for name in USUAL_FIELDS if name in uplink.fields]
        if not found:
            raise UsageError(f"keines der üblichen Felder ({', '.join(USUAL_FIELDS)}).")
        raw = found[0]
    return number(number(raw) * sensor.factor + sensor.offset)


def read_sensors(path: Path) -> dict[str, Sensor]:
    """Sensors by EUI from a TOML file. Raises ImportRefused."""
    try:
        data = tomllib.loads(read_text(path))
    except tomllib.TOMLDecodeError as error:
        raise ImportRefused(f"Die Zuordnung {path.name} ist kein TOML: {error}", ()) from error
    entries = data.get("sensor")
    problems = Problems()
    sensors: dict[str, Sensor] = {}
    for place, entry in enumerate(entries if isinstance(entries, list) else [], 1):
        try:
            sensors[_eui(entry.get("eui"))] = _sensor(entry)
        except (UsageError, AttributeError) as error:
            problems.add(place, str(error))
    problems.refuse(path.name)
    if not sensors:
        raise ImportRefused(f"In der Zuordnung {path.name} steht kein [[sensor]].", ())
    return sensors


def plan_uplinks(path: Path, sensors: Mapping[str, Sensor], reader: Reader) -> Plan:
    """What the uplinks of a file would write: one, a list, or one on each line.

    Raises ImportRefused naming every bad message.
    """
    data = read_json(read_text(path), path.name)
    messages: Sequence[object] = data if isinstance(data, list) else [data]
    if len(messages) > ROWS_MAX:
        raise ImportRefused(f"{path.name} hat mehr als {ROWS_MAX} Nachrichten.", ())
    known_by_gauge = {
        gauge.text("station").lower(): Sensor(gauge.text("name"))
        for gauge in reader.select(Query("gauge", limit=5000))
        if "station" in gauge.values
    }
    every = {**known_by_gauge, **sensors}
    problems = Problems()
    samples: dict[str, list[Sample]] = {}
    left_out: dict[str, int] = {}
    for place, message in enumerate(messages, 1):
        try:
            uplink = decode_uplink(message)
            sensor = every.get(uplink.eui)
            if sensor is None:
                left_out[uplink.eui] = left_out.get(uplink.eui, 0) + 1
                continue
            sample = Sample(uplink.time, value_of(uplink, sensor))
            samples.setdefault(sensor.gauge, []).append(sample)
        except UsageError as error:
            problems.add(place, str(error))
    problems.refuse(path.name)
    drafts: list[Draft] = []
    known = 0
    for gauge, found in sorted(samples.items()):
        written, there = reading_drafts(reader, gauge, found, SOURCE)
        drafts += written
        known += there
    notes = [f"Sensor {eui}: nicht zugeordnet." for eui in sorted(left_out)]
    return Plan(tuple(drafts), len(drafts), 0, known, sum(left_out.values()), tuple(notes))


def _chirpstack(data: Mapping[str, Any]) -> Uplink:
    info = data["deviceInfo"]
    if not isinstance(info, dict):
        raise UsageError("deviceInfo ist kein Objekt.")
    decoded = data.get("object")
    return Uplink(
        _eui(info.get("devEui")),
        str(info.get("deviceName", ""))[:60],
        log_time(data.get("time")),
        _port(data.get("fPort")),
        _payload(data.get("data")),
        decoded if isinstance(decoded, dict) else {},
    )


def _things_stack(data: Mapping[str, Any]) -> Uplink:
    ids, message = data["end_device_ids"], data.get("uplink_message")
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
    factor, offset = number(entry.get("faktor", 1)), number(entry.get("versatz", 0))
    return Sensor(gauge, path, place, entry.get("vorzeichen") is True, factor, offset)


def _is_size(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 64
