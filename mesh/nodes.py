# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""One radio of the mesh as it tells of itself: name, place, power, what its sensors measure.

The own radio and the others alike, with a laptop or without. What a radio says comes in pieces,
each a ``MeshNode`` that knows little; ``merged`` puts them together, so that there is one record to
show, to keep and to pass on. Nothing of it is proved: whoever has the channel key can say it.

Pure. Limits: ``NODES_MAX`` radios in a ``NodeBook``; those of no staff go first, as
anybody can invent them, and of them those silent for longest.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace

NODES_MAX = 256
NEIGHBOURS_MAX = 16
"""Of one radio; the firmware lists ten."""
NAME_MAX = 40
"""Characters of a name; the firmware keeps 39 bytes."""


class Measure(enum.Enum):
    """What a sensor on a radio measures; the value is the same in every version."""

    TEMPERATURE = "temperature"  # degrees Celsius
    HUMIDITY = "humidity"  # percent
    PRESSURE = "pressure"  # hPa
    DISTANCE = "distance"  # mm, from an ultrasonic sensor to what is before it
    RAIN_1H = "rain 1h"  # mm
    RAIN_24H = "rain 24h"  # mm
    SOIL_MOISTURE = "soil moisture"  # percent
    SOIL_TEMPERATURE = "soil temperature"
    WIND_SPEED = "wind speed"  # m/s
    WIND_GUST = "wind gust"  # m/s
    WIND_DIRECTION = "wind direction"  # degrees
    LIGHT = "light"  # lux
    WEIGHT = "weight"  # kg
    RADIATION = "radiation"  # µR/h
    BATTERY = "battery"  # percent
    VOLTAGE = "voltage"  # V
    DETECTION = "detection"  # 1: the detection sensor has found something


@dataclass(frozen=True, slots=True)
class Place:
    """Where a radio says it stands; WGS 84, degrees."""

    latitude: float
    longitude: float
    altitude_m: int | None = None
    gps: bool = False  # by a receiver; else entered by hand or not said
    unix_s: int = 0  # time of the receiver's solution; 0: not said
    satellites: int | None = None


@dataclass(frozen=True, slots=True)
class MeshNode:
    """What is known of one radio; None: it has not said."""

    number: int
    heard: int | None = None  # unix seconds of this computer; None: only others have told of it
    snr_db: float | None = None
    hops: int | None = None
    name: str | None = None
    short_name: str | None = None
    hardware: str | None = None
    role: str | None = None
    place: Place | None = None
    battery_percent: int | None = None
    on_mains: bool | None = None
    voltage: float | None = None
    uptime_s: int | None = None
    channel_utilisation: float | None = None  # percent of the last minute
    air_util_tx: float | None = None  # percent of the last hour
    measured: Mapping[Measure, float] = field(default_factory=dict)
    measured_unix_s: int | None = None  # when the values of ``measured`` came
    member: int | None = None  # the staff whose frames it sends
    hears: Mapping[int, float] | None = None  # numbers of its neighbours -> dB, as it lists them
    # of a piece only, not of the record:
    radio_unix_s: int = 0  # the attached radio's clock when it came; 0: it has no time, or late
    late: bool = False  # the radio had kept it for an absent client: of some time before

    @property
    def id(self) -> str:
        """As Meshtastic writes it: ``!`` and eight hex digits."""
        return f"!{self.number:08x}"

    @property
    def called(self) -> str:
        """Its name, else its id."""
        return self.name or self.id


_OF_A_PIECE = frozenset({"measured", "radio_unix_s", "late"})


def merged(before: MeshNode, news: MeshNode) -> MeshNode:
    """What is known with the news; what they don't tell stays."""
    told = {
        item.name: value
        for item in fields(news)
        if item.name not in _OF_A_PIECE and (value := getattr(news, item.name)) is not None
    }
    return replace(before, **told, measured={**before.measured, **news.measured})


def _worth(node: MeshNode) -> tuple[bool, int, int]:
    """The least goes first."""
    return node.member is not None, node.heard or 0, node.number


class NodeBook:
    """All radios of which something is known, by number."""

    def __init__(self, known: Iterable[MeshNode] = ()) -> None:
        self._nodes: dict[int, MeshNode] = {}
        for node in known:
            self.learn(node)

    def learn(self, news: MeshNode) -> bool:
        """Take in a piece; whether more than the time of hearing is new."""
        before = self._nodes.get(news.number, MeshNode(news.number))
        after = merged(before, news)
        self._nodes[news.number] = after
        if len(self._nodes) > NODES_MAX:
            oldest = min(
                self._nodes.values(), key=lambda n: (n.member is not None, n.heard or 0, n.number)
            )
            del self._nodes[oldest.number]
        return replace(after, heard=None) != replace(before, heard=None)

    def get(self, number: int | None) -> MeshNode | None:
        """What is known of a radio."""
        return None if number is None else self._nodes.get(number)

    def all(self) -> tuple[MeshNode, ...]:
        """Every radio, by number."""
        return tuple(self._nodes[number] for number in sorted(self._nodes))
