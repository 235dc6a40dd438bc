# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""German for what a radio's sensors measure: name and unit of each measure."""

from __future__ import annotations

from typing import NamedTuple

from lage.language.folding import fold_text
from mesh.nodes import Measure


class Sense(NamedTuple):
    """How a measure is called, in which unit it comes, and with how many decimals it is shown."""

    name: str
    unit: str
    decimals: int = 0


SENSES: dict[Measure, Sense] = {
    Measure.TEMPERATURE: Sense("Temperatur", "°C", 1),
    Measure.HUMIDITY: Sense("Luftfeuchte", "%"),
    Measure.PRESSURE: Sense("Luftdruck", "hPa"),
    Measure.DISTANCE: Sense("Abstand", "mm"),
    Measure.RAIN_1H: Sense("Regen 1 h", "mm", 1),
    Measure.RAIN_24H: Sense("Regen 24 h", "mm", 1),
    Measure.SOIL_MOISTURE: Sense("Bodenfeuchte", "%"),
    Measure.SOIL_TEMPERATURE: Sense("Bodentemperatur", "°C", 1),
    Measure.WIND_SPEED: Sense("Wind", "m/s", 1),
    Measure.WIND_GUST: Sense("Böen", "m/s", 1),
    Measure.WIND_DIRECTION: Sense("Windrichtung", "°"),
    Measure.LIGHT: Sense("Licht", "lx"),
    Measure.WEIGHT: Sense("Gewicht", "kg", 1),
    Measure.RADIATION: Sense("Strahlung", "µR/h"),
    Measure.BATTERY: Sense("Akku", "%"),
    Measure.VOLTAGE: Sense("Spannung", "V", 2),
    Measure.DETECTION: Sense("Melder", ""),
}
"""Every measure of a radio's sensors."""

_BY_NAME = {fold_text(sense.name): measure for measure, sense in SENSES.items()}


def measured_words(measure: Measure, value: float) -> str:
    """``4,3 °C``; of a detection sensor only that it has detected something."""
    sense = SENSES[measure]
    if measure is Measure.DETECTION:
        return "hat ausgelöst" if value else "ruhig"
    return f"{value:.{sense.decimals}f} {sense.unit}".replace(".", ",")


def measure_named(typed: str) -> Measure | None:
    """The measure of that name, however it is spelt."""
    return _BY_NAME.get(fold_text(typed.strip()))
