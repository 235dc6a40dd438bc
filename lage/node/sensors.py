# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the sensors of a radio measure becomes readings of a gauge, if a staff has said so.

A gauge of ours whose Kennung names a radio (``!a1b2c3d4 Temperatur``; without the measure that of
the gauge's quantity) takes its values. Only the node of the staff that made the gauge writes them,
so that of all who hear the radio one does. Every reading costs everybody's air: one for each
interval of the gauge, and at once where an Informationswert is reached.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from lage.kinds.model import Query, Record, Where
from lage.language.errors import LageError, UsageError
from lage.language.sensing import SENSES, measure_named
from lage.write import commands
from lage.write.quantity import number, scale
from mesh.nodes import Measure, MeshNode
from sync.schema.definition import Value

if TYPE_CHECKING:
    from lage.station import Station

LOGGER = logging.getLogger("lage.node")
INTERVAL_MIN = 30
"""Minutes between readings where the gauge states none."""
GAUGES_MAX = 500

_BY_QUANTITY = {
    "Temperatur": Measure.TEMPERATURE,
    "Bodenfeuchte": Measure.SOIL_MOISTURE,
    "Niederschlag": Measure.RAIN_1H,
}


class Source(NamedTuple):
    """What a gauge's Kennung names."""

    radio: str  # ``!a1b2c3d4``
    measure: Measure
    height: float | None = None  # of the sensor above the gauge's zero: it measures downwards


def source_of(gauge: Record) -> Source | None:
    """The sensor that a gauge's Kennung names; None where it names none that can be meant.

    What measures the distance to the water gives falling numbers while the water rises: it is the
    level of a gauge only with the sensor's height above the gauge's zero, in the gauge's unit.
    """
    radio, _, said = gauge.text("station").strip().partition(" ")
    if not radio.startswith("!"):
        return None
    words = said.split()
    height = None
    if len(words) > 1 and measure_named(words[0]) is Measure.DISTANCE:
        try:
            height, said = number(words[1]), words[0]
        except UsageError:
            return None
    measure = measure_named(said) if said else _BY_QUANTITY.get(gauge.text("quantity"))
    level = gauge.text("quantity") in ("Wasserstand", "Grundwasser")
    if measure is None or (level and measure is Measure.DISTANCE and height is None):
        return None
    return Source(radio.lower(), measure, height)


class Sensors:
    """Writes readings for the gauges of this staff that name a radio."""

    def __init__(self, station: Station) -> None:
        self._station = station
        self._refused: set[str] = set()  # told once

    def take(self, news: MeshNode) -> None:
        """A radio told what it measures; what it had kept is of an unknown time and left out."""
        if not news.measured or news.late:
            return
        context = self._station.context()
        query = Query("gauge", (Where("station", "known"),), limit=GAUGES_MAX)
        for gauge in context.reader.select(query):
            source = source_of(gauge)
            if source is None or gauge.id.author not in context.ours or source.radio != news.id:
                continue
            if source.measure in news.measured:
                self._write(gauge, source, news.measured[source.measure])

    def _write(self, gauge: Record, source: Source, value: float) -> None:
        name = gauge.text("name")
        try:
            into = scale(gauge, name, SENSES[source.measure].unit)
            whole = into.whole(value)
            if source.height is not None:
                whole = replace(into, factor=1.0).whole(source.height) - whole
            if self._due(gauge, whole):
                now = self._station.now()
                values: dict[str, Value] = {
                    "gauge": name,
                    "value": whole,
                    "at": now,
                    "source": "Sensor",
                }
                self._station.write(commands.create("reading", values, -1))
                self._refused.discard(name)
        except LageError as error:
            if name not in self._refused:
                self._refused.add(name)
                LOGGER.error("could not write what a radio measures: %s", error)

    def _due(self, gauge: Record, whole: int) -> bool:
        query = Query("reading", (Where("gauge", "=", gauge.text("name")),), limit=1)
        last = next(iter(self._station.reader.select(query)), None)
        if last is None:
            return True
        before = last.whole("value")
        marks = (gauge.whole(mark) for mark in ("info1", "info2", "info3"))
        if before is not None and any(m is not None and before < m <= whole for m in marks):
            return True
        spacing = (gauge.whole("interval") or INTERVAL_MIN) * 60
        return self._station.now() - last.event_time >= spacing
