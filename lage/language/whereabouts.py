# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""German for what a map knows: where something is, who lives there, what can be shown.

Loads no map library by itself: it speaks about what it is handed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from maps.draw.people import PeopleEstimate
    from maps.draw.roles import Layer
    from maps.geo.projection import Position
    from maps.read.layers import Layers

NEARBY_M = 75
"""Closer than this to a reference, a direction means nothing: the wording is "bei"."""

DIRECTIONS = (
    "nördlich",
    "nordöstlich",
    "östlich",
    "südöstlich",
    "südlich",
    "südwestlich",
    "westlich",
    "nordwestlich",
)
OUTSIDE_MAP = "außerhalb der Karte"

METHODS = {
    "CELL_CENTRES": "Zensus-Gitter, Zellen mit Mitte in der Fläche",
    "CELL_SHARES": "Zensus-Gitter, Zellen nach Flächenanteil",
    "MUNICIPAL_SHARES": "geschätzt nach Flächenanteil der Gemeinden",
}
"""How a figure of people came about, by ``maps.draw.people.Method``."""

LAYERS = {
    "NEIGHBOURS": "Nachbargemeinden",
    "BOUNDARIES": "Gemeindegrenzen",
    "WATERS": "Gewässer",
    "PLACES": "Ortsnamen",
    "STREETS": "Straßen",
    "BUILDINGS": "Gebäude",
    "IMPORTED": "Eingelesene Karten",
    "AREAS": "Eigene Flächen",
    "INCIDENTS": "Vorfälle",
    "GAUGES": "Pegel",
    "UNITS": "Kräfte",
    "SHELTERS": "Unterkünfte und Stellen",
    "RADIO": "Funkknoten",
}
"""What can be shown or hidden, by ``maps.draw.roles.Layer``."""


def direction_word(bearing_deg: float) -> str:
    """One of eight words: 180 is "südlich"."""
    return DIRECTIONS[round(bearing_deg / 45.0) % 8]


def wording_of_distance(metres: float) -> str:
    """As exact as people speak: "450 m", "1,5 km", "23 km"."""
    if metres < 975:
        return f"{round(metres / 50) * 50} m"
    if metres < 9_950:
        return f"{metres / 1000:.1f} km".replace(".", ",")
    return f"{round(metres / 1000)} km"


def relative_wording(position: Position, reference: Position, name: str) -> str:
    """Where a position lies as seen from a named place: "500 m südlich von Gimbte"."""
    from maps.geo.places import bearing, distance

    metres = distance(reference, position)
    if metres < NEARBY_M:
        return f"bei {name}"
    word = direction_word(bearing(reference, position))
    return f"{wording_of_distance(metres)} {word} von {name}"


def owner(position: Position, layers: Layers) -> str:
    """The municipality, also of a neighbour."""
    town = layers.municipality_at(position)
    return (town.name if town else layers.neighbour_at(position)) or OUTSIDE_MAP


def describe(position: Position, layers: Layers) -> str:
    """A position in words: "Rheine, 1,5 km südlich von Mesum"."""
    town, place = owner(position, layers), layers.nearest_place(position)
    if place is None:
        return town
    wording = relative_wording(position, place.position, place.name)
    if town == OUTSIDE_MAP or wording == f"bei {town}":
        return wording
    return f"{town}, {wording}"


def people_words(estimate: PeopleEstimate) -> str:
    """Figure, method, and what is missing."""
    from maps.draw.people import LEAST_SAID

    few = 0 < estimate.people < LEAST_SAID
    figure = f"unter {LEAST_SAID}" if few else f"ca. {estimate.people}"
    parts = [f"{figure} Personen ({METHODS[estimate.method.name]})"]
    if estimate.secret_cells:
        noun = "Zelle" if estimate.secret_cells == 1 else "Zellen"
        parts.append(f"{estimate.secret_cells} {noun} ohne veröffentlichte Zahl")
    if estimate.outside_share >= 0.01:
        parts.append(f"{estimate.outside_share * 100:.0f} % der Fläche außerhalb des Kreises")
    return "; ".join(parts)


def layer_name(layer: Layer) -> str:
    """A layer as the list of layers calls it."""
    return LAYERS[layer.name]
