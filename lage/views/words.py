# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Values as German text, and text from the network made harmless for terminals and paper."""

from __future__ import annotations

from collections.abc import Mapping

from lage.kinds.cards import CARDS
from lage.kinds.reader import ViewContext
from lage.kinds.schema import SCHEMA
from lage.language.decimals import with_places
from lage.language.plain import plain
from lage.language.tactical import clock, tactical
from lage.views.called import said_of
from sync.schema.definition import (
    EntityId,
    Flag,
    Many,
    Member,
    Moment,
    Point,
    Ref,
    Scalar,
    ScalarType,
    Value,
)

UNKNOWN = "unbekannt"
KIND_NAMES: Mapping[str, str] = {card.word: kind for kind, card in CARDS.items() if card.word}
"""What scripts and searches call the kinds."""


def label_of(kind: str, name: str) -> str:
    """The German name of a field."""
    return CARDS[kind].label(name)


def degrees(point: Point) -> str:
    """Decimal degrees, latitude first, as exact as the log keeps them."""
    return f"{point.lat_e4 / 10_000:.4f}, {point.lon_e4 / 10_000:.4f}"


def point_words(point: Point) -> str:
    """A place on the ground in the three notations; degrees alone outside of their area."""
    from maps.geo.places import OutsideAreaError, Position, format_utm32, format_utmref

    position = Position(point.lat_e4 / 10_000, point.lon_e4 / 10_000)
    try:
        grids = f"{format_utmref(position)}; {format_utm32(position)}; "
    except OutsideAreaError:
        grids = ""
    return grids + degrees(point)


def long_value(
    kind: str, name: str, value: Value | None, context: ViewContext, places: int = 0
) -> str:
    """A value in full, for details and paper; ``places``: decimals of the measuring point."""
    if places and isinstance(value, int) and name in CARDS[kind].scaled:
        return with_places(value, places)
    return _show(kind, name, value, context, long=True)


def short_value(kind: str, name: str, value: Value | None, context: ViewContext) -> str:
    """A value for a list's cell; ``-`` for none."""
    return _show(kind, name, value, context, long=False)


def _show(kind: str, name: str, value: Value | None, context: ViewContext, *, long: bool) -> str:
    item = SCHEMA.by_name[kind].by_name[name].type
    if value is None:
        return "-" if not long else "entfällt" if isinstance(item, Ref) else UNKNOWN
    if isinstance(item, Many):
        assert isinstance(value, tuple)
        return ", ".join(_scalar(item.item, part, context, long=long) for part in value)
    return _scalar(item, value, context, long=long)


def _scalar(kind: ScalarType, value: Scalar | Value, context: ViewContext, *, long: bool) -> str:
    if isinstance(value, Point):
        return point_words(value) if long else degrees(value)
    if isinstance(value, EntityId):
        record = context.reader.get(value)
        return said_of(record, context) if record else "noch nicht empfangen"
    if isinstance(kind, Member) and isinstance(value, int):
        return context.directory.name(value)
    if isinstance(kind, Moment) and isinstance(value, int):
        return tactical(value) if long else clock(value, context.now)
    if isinstance(kind, Flag):
        return "ja"
    if isinstance(value, bytes):
        return value.hex()
    return plain(str(value))
