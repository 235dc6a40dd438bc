# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The Aushang: what a staff has released for everybody, as a document. Pure.

The node of a staff writes it, the public pages read it; nothing else passes between
them. It holds no ids of people, no names of writers and nothing that was not released. Times are
unix seconds. Words that somebody wrote are as released and not yet harmless to show; states,
services and topics are the German words of the cards, which pages translate.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

FILE = "aushang.json"
FORM = 1
"""Of the document; a reader refuses a newer one."""
ITEMS_MAX = 2000
GAUGES_MAX = 1000
READINGS_MAX = 400

TOPICS = ("warnung", "rat", "ausfall", "unterkunft", "ausgabe", "strasse")
"""What people look for, the most urgent first; levels of water stand by themselves."""


class BoardError(ValueError):
    """This is no Aushang, or one of a newer form."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that is public."""

    key: str  # of the release
    topic: str
    words: str  # as the staff released them
    place: str = ""  # municipality; empty: the whole county
    what: str = ""  # service that is out of order, or kind of danger: a word of its card
    state: str = ""  # a word of its card
    since: int | None = None
    until: int | None = None
    affected: int | None = None
    capacity: int | None = None
    free: int | None = None
    at: tuple[float, float] | None = None  # latitude, longitude
    changed: int = 0  # when anything of it last did


@dataclass(frozen=True, slots=True)
class Level:
    """One value of a gauge."""

    time: int
    value: float
    source: str = ""


@dataclass(frozen=True, slots=True)
class Expected:
    """What somebody or some formula expects of a gauge at a time: from low to high."""

    time: int
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Flood:
    """The highest level of a flood that people remember."""

    name: str
    value: float


@dataclass(frozen=True, slots=True)
class Gauge:
    """A gauge that is public."""

    key: str
    name: str
    water: str = ""
    unit: str = "cm"
    decimals: int = 0
    quantity: str = ""
    at: tuple[float, float] | None = None
    level: int = 0  # Informationswert that is reached, 0 for none
    thresholds: tuple[float | None, float | None, float | None] = (None, None, None)
    mean_high: float | None = None
    trend: float | None = None  # in an hour
    stale: bool = False
    readings: tuple[Level, ...] = ()  # newest first
    expected: tuple[Expected, ...] = ()  # soonest first
    expected_by: str = ""  # the authority that says so; empty: reckoned by Lage
    floods: tuple[Flood, ...] = ()


@dataclass(frozen=True, slots=True)
class Board:
    """All that is public, at one moment."""

    county: str
    stand: int  # when it was written
    exercise: bool = False
    items: tuple[Item, ...] = ()
    gauges: tuple[Gauge, ...] = ()


def to_json(board: Board) -> bytes:
    """The document as it lies in the folder."""
    content = {"form": FORM, **asdict(board)}
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def from_json(data: bytes) -> Board:
    """Read a document. Raises BoardError."""
    try:
        content = json.loads(data)
        if content.pop("form") != FORM:
            raise BoardError("Der Aushang ist von einer anderen Version: bitte Lage erneuern.")
        return _board(content)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        if isinstance(error, BoardError):
            raise
        raise BoardError("Der Aushang ist nicht lesbar.") from error


def _board(content: dict[str, Any]) -> Board:
    items = tuple(_item(each) for each in content["items"][:ITEMS_MAX])
    gauges = tuple(_gauge(each) for each in content["gauges"][:GAUGES_MAX])
    return Board(
        str(content["county"]), int(content["stand"]), content["exercise"] is True, items, gauges
    )


def _item(content: Mapping[str, Any]) -> Item:
    item = Item(**{**content, "at": _place(content.get("at"))})
    if item.topic not in TOPICS:
        raise BoardError("Der Aushang nennt ein Thema, das es nicht gibt.")
    return item


def _gauge(content: Mapping[str, Any]) -> Gauge:
    low, middle, high = content["thresholds"]
    return Gauge(
        **{
            **content,
            "at": _place(content.get("at")),
            "thresholds": (low, middle, high),
            "readings": tuple(Level(**each) for each in content["readings"][:READINGS_MAX]),
            "expected": tuple(Expected(**each) for each in content["expected"][:READINGS_MAX]),
            "floods": tuple(Flood(**each) for each in content["floods"]),
        }
    )


def _place(value: Any) -> tuple[float, float] | None:
    if value is None:
        return None
    latitude, longitude = value
    return float(latitude), float(longitude)
