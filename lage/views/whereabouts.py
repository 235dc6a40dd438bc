# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What stands below the map: where the cursor is, what is near, what is being drawn. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from lage.language.errors import NotFound, UsageError
from lage.language.folding import fold_text
from lage.language.map_errors import position_sentence
from lage.language.plain import plain
from lage.language.whereabouts import describe, owner, people_words
from maps.draw.people import people_in
from maps.draw.scene import Area, Hit, Marker
from maps.geo.places import (
    Position,
    PositionError,
    UnknownNotationError,
    format_decimal,
    format_utm32,
    format_utmref,
    parse_position,
)
from maps.read.layers import Layers

WIDE, NARROW, TINY = 110, 70, 56
NEAR_MAX = 4


def position_line(cursor: Position, layers: Layers, width: int) -> str:
    """Three notations (narrow: two or one), then the municipality; wide with the place."""
    notations = [format_utmref(cursor), format_decimal(cursor, 4)]
    if width >= NARROW:
        notations.insert(1, format_utm32(cursor))
    if width < TINY:
        del notations[1:]
    where = describe(cursor, layers) if width >= WIDE else owner(cursor, layers)
    return f"{' | '.join(notations)}  {plain(where)}"


def near_line(cursor: Position, layers: Layers, hits: Sequence[Hit], width: int) -> str:
    """What lies near; where nothing does, and the line above is short of room, the next place."""
    names = [plain(hit.item.wording) for hit in hits if isinstance(hit.item, Marker | Area)]
    if names:
        more = f" und {len(names) - NEAR_MAX} weitere" if len(names) > NEAR_MAX else ""
        return f"hier: {', '.join(names[:NEAR_MAX])}{more}"
    return plain(describe(cursor, layers)) if width < WIDE else ""


def drawing_line(corners: Sequence[Position], layers: Layers) -> str:
    """The area being drawn: corners, size, who lives there; then the keys."""
    count = f"{len(corners)} Ecke{'' if len(corners) == 1 else 'n'}"
    if len(corners) < 3:
        closing = "g: Rechteck dazwischen" if len(corners) == 2 else "g: Umkreis in Metern"
        return f"Gebiet: {count}   Enter setzt eine Ecke, {closing}, Esc bricht ab"
    people = people_in(corners, layers)
    size = f"{people.area_km2:.1f}".replace(".", ",")
    return f"Gebiet: {count}, {size} km², {people_words(people)}   g schließt ab"


def place_of(text: str, layers: Layers) -> Position:
    """Where somebody wants to go: a coordinate in any notation, else a town or place by name.

    Raises UsageError for a coordinate that cannot be, NotFound for a name that is not on the map.
    """
    try:
        return parse_position(text, layers.centre).position
    except UnknownNotationError:
        pass  # then it is a name
    except PositionError as error:
        raise UsageError(position_sentence(error)) from error
    wanted = fold_text(text.strip())
    named = [(town.name, town.centre) for town in layers.municipalities]
    named += [(place.name, place.position) for place in layers.places]
    for fits in (str.__eq__, str.startswith, str.__contains__):
        for name, position in named:
            if fits(fold_text(name), wanted):
                return position
    raise NotFound(f"„{text.strip()}“ ist weder Koordinate noch ein Ort auf der Karte.")
