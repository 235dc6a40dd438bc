# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The entities of SensorThings and how they hang together: one of each for every public gauge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lage.public.open_data import iso
from lage.public.water import file_name
from lage.views.board import Board, Gauge, Level

MEASUREMENT = "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement"
GEOJSON = "application/geo+json"
Entity = Mapping[str, Any]

SETS = (
    "Things", "Locations", "HistoricalLocations", "Datastreams", "Sensors", "ObservedProperties",
    "Observations", "FeaturesOfInterest",
)  # fmt: skip
LINKS: Mapping[str, Mapping[str, str]] = {
    "Things": {"Locations": "Locations", "Datastreams": "Datastreams",
               "HistoricalLocations": "HistoricalLocations"},
    "Locations": {"Things": "Things", "HistoricalLocations": "HistoricalLocations"},
    "HistoricalLocations": {"Thing": "Things", "Locations": "Locations"},
    "Datastreams": {"Thing": "Things", "Sensor": "Sensors", "Observations": "Observations",
                    "ObservedProperty": "ObservedProperties"},
    "Sensors": {"Datastreams": "Datastreams"},
    "ObservedProperties": {"Datastreams": "Datastreams"},
    "Observations": {"Datastream": "Datastreams", "FeatureOfInterest": "FeaturesOfInterest"},
    "FeaturesOfInterest": {"Observations": "Observations"},
}  # fmt: skip
"""From each set: what leads on, and to which set; a plural leads to several."""


@dataclass(slots=True)
class Model:
    """All entities, and for each what its links lead to."""

    sets: dict[str, dict[str, Entity]] = field(default_factory=lambda: {name: {} for name in SETS})
    links: dict[tuple[str, str, str], list[str]] = field(default_factory=dict)

    def add(self, name: str, key: str, content: Entity, **links: str) -> None:
        """An entity; a link is written in both directions."""
        self.sets[name].setdefault(key, content)
        for link, other in links.items():
            self._lead(name, key, link, other)
            target = LINKS[name][link]
            back = next((n for n, to in LINKS[target].items() if to == name), None)
            if back is not None:
                self._lead(target, other, back, key)

    def _lead(self, name: str, key: str, link: str, other: str) -> None:
        led = self.links.setdefault((name, key, link), [])
        if not led or led[-1] != other:
            led.append(other)

    def linked(self, name: str, key: str, link: str) -> list[str]:
        """Keys that a link of an entity leads to."""
        return self.links.get((name, key, link), [])


def model_of(board: Board) -> Model:
    """The entities of an Aushang."""
    model = Model()
    for gauge in board.gauges:
        _add(model, gauge, file_name(gauge.key), exercise=board.exercise)
    return model


def _add(model: Model, gauge: Gauge, key: str, *, exercise: bool) -> None:
    about = {"water": gauge.water, "exercise": exercise}
    described = f"Messstelle {gauge.name}"
    thing = {"name": gauge.name, "description": described, "properties": about}
    model.add("Things", key, thing)
    if gauge.at is not None:
        place = {
            "name": gauge.name,
            "description": f"Ort der {described}",
            "encodingType": GEOJSON,
        }
        point = {"type": "Point", "coordinates": [gauge.at[1], gauge.at[0]]}
        model.add("Locations", key, {**place, "location": point}, Things=key)
        model.add("FeaturesOfInterest", key, {**place, "feature": point})
    quantity = file_name(gauge.quantity)
    measured = {
        "name": gauge.quantity,
        "definition": f"urn:lage:groesse:{quantity}",
        "description": gauge.quantity,
    }
    model.add("ObservedProperties", quantity, measured)
    sources = sorted({reading.source for reading in gauge.readings if reading.source})
    sensor = {
        "name": f"Messung {gauge.name}",
        "description": f"Quellen: {', '.join(sources) or 'unbekannt'}",
        "encodingType": "text/plain",
        "metadata": ", ".join(sources),
    }
    model.add("Sensors", key, sensor)
    stream: dict[str, Any] = {
        "name": f"{gauge.quantity} {gauge.name}",
        "description": f"{gauge.quantity} der {described}, ohne zweifelhafte Werte",
        "observationType": MEASUREMENT,
        "unitOfMeasurement": {"name": gauge.unit, "symbol": gauge.unit, "definition": ""},
        "properties": {"information_level": gauge.level, "thresholds": list(gauge.thresholds)},
    }
    if gauge.readings:
        stream["phenomenonTime"] = f"{iso(gauge.readings[-1].time)}/{iso(gauge.readings[0].time)}"
    model.add("Datastreams", key, stream, Thing=key, Sensor=key, ObservedProperty=quantity)
    for reading in gauge.readings:
        _observe(model, key, reading, placed=gauge.at is not None)


def _observe(model: Model, key: str, reading: Level, *, placed: bool) -> None:
    time = iso(reading.time)
    observation = {
        "phenomenonTime": time,
        "resultTime": None,
        "result": reading.value,
        "parameters": {"source": reading.source},
    }
    links = {"Datastream": key, **({"FeatureOfInterest": key} if placed else {})}
    model.add("Observations", f"{key}-{reading.time}", observation, **links)
