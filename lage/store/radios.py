# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the running node knows of the radios around it, kept for the other processes on this folder.

One record for each radio, the own among them (its number stands in ``NodeReport``). Reading is
total: what cannot be understood is not known.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import islice
from typing import Any

from lage.kinds.setting import Setting, exactly
from mesh.nodes import NEIGHBOURS_MAX, NODES_MAX, Measure, MeshNode, Place

_TEXTS = ("name", "short_name", "hardware", "role")
_WHOLES = ("heard", "hops", "battery_percent", "uptime_s", "measured_unix_s", "member")
_FIGURES = ("snr_db", "voltage", "channel_utilisation", "air_util_tx")
_MEASURES = {measure.value: measure for measure in Measure}


def _read(kept: Any) -> tuple[MeshNode, ...]:
    rows = [row for row in exactly(list)(kept) if isinstance(row, dict)][:NODES_MAX]
    return tuple(_node(row) for row in rows if type(row.get("number")) is int)


def _node(row: Mapping[str, Any]) -> MeshNode:
    values: dict[str, Any] = {n: row[n] for n in _TEXTS if type(row.get(n)) is str}
    values |= {n: row[n] for n in _WHOLES if type(row.get(n)) is int}
    values |= {n: float(row[n]) for n in _FIGURES if _figure(row.get(n))}
    if type(row.get("on_mains")) is bool:
        values["on_mains"] = row["on_mains"]
    measured = row.get("measured")
    if isinstance(measured, dict):
        values["measured"] = {
            _MEASURES[name]: float(value)
            for name, value in measured.items()
            if name in _MEASURES and _figure(value)
        }
    if isinstance(hears := row.get("hears"), dict):
        values["hears"] = {
            int(number): float(snr)
            for number, snr in islice(hears.items(), NEIGHBOURS_MAX)
            if number.isdecimal() and _figure(snr)
        }
    return MeshNode(row["number"], place=_place(row.get("place")), **values)


def _figure(value: object) -> bool:
    return type(value) in (int, float) and math.isfinite(value)  # type: ignore[arg-type]


def _place(kept: object) -> Place | None:
    if not isinstance(kept, list) or len(kept) != 6:
        return None
    latitude, longitude, altitude, gps, unix_s, satellites = kept
    if not (_figure(latitude) and _figure(longitude) and abs(latitude) <= 90):
        return None
    return Place(
        float(latitude),
        float(longitude),
        altitude if type(altitude) is int else None,
        gps is True,
        unix_s if type(unix_s) is int else 0,
        satellites if type(satellites) is int else None,
    )


def _kept(nodes: tuple[MeshNode, ...]) -> list[dict[str, Any]]:
    return [_row(node) for node in nodes]


def _row(node: MeshNode) -> dict[str, Any]:
    names = ("number", "on_mains", *_TEXTS, *_WHOLES, *_FIGURES)
    row = {name: value for name in names if (value := getattr(node, name)) is not None}
    if node.place is not None:
        place = node.place
        row["place"] = [
            *(place.latitude, place.longitude, place.altitude_m),
            *(place.gps, place.unix_s, place.satellites),
        ]
    if node.measured:
        row["measured"] = {measure.value: value for measure, value in node.measured.items()}
    if node.hears is not None:
        row["hears"] = {str(number): snr for number, snr in node.hears.items()}
    return row


RADIOS = Setting[tuple[MeshNode, ...]]("radios", (), _read, _kept)
"""The radios of which the node knows something."""
