# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a cell's colours mean, and which layers can be switched: names, no colours.

A renderer says *why* a cell is coloured; the screen decides how that looks in its theme. Roles
are small integers so that they fit into arrays; their order carries no meaning outside
``render``. ``Role.GROUND`` is zero: a cell without any reason for colour.
"""

from __future__ import annotations

import enum


class Role(enum.IntEnum):
    """Why a cell has its foreground or background colour."""

    GROUND = 0
    # lines
    NEIGHBOUR = 1
    BOUNDARY = 2
    ROAD = 3
    IMPORTED = 4
    WATER = 5
    COUNTY = 6
    # text
    LABEL = 7
    LABEL_FAINT = 8
    SCALE = 9
    # signs
    DANGER = 10
    MEASURE = 11
    WATER_SIGN = 12
    FIRE = 13
    THW = 14
    AID = 15
    POLICE = 16
    COMMAND = 17
    PLACE_SIGN = 18
    RADIO = 19
    # areas
    FLOODED = 20
    EVACUATED = 21
    CLOSED = 22
    POWERLESS = 23
    AREA = 24
    DRAFT = 25
    # attention
    CURSOR = 26
    SELECTED = 27
    # imported streets
    BUILDING = 28


class Layer(enum.Enum):
    """What can be shown or hidden."""

    NEIGHBOURS = "neighbours"
    BOUNDARIES = "boundaries"
    WATERS = "waters"
    PLACES = "places"
    STREETS = "streets"
    BUILDINGS = "buildings"
    IMPORTED = "imported"
    AREAS = "areas"
    INCIDENTS = "incidents"
    GAUGES = "gauges"
    UNITS = "units"
    SHELTERS = "shelters"
    RADIO = "radio"


ALL_LAYERS = frozenset(Layer)
