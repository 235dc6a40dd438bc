# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Features of GeoJSON files as rows of a table, with one place for each.

An entry has one point, a feature may be a line, an area or several points: then a point that lies
on the shape stands for it, and it is said how often. A feature without a place is an entry without
one, as on a form; one whose place cannot be read is a bad row.
"""

from __future__ import annotations

from collections import Counter

from lage.imports.plan import ROWS_MAX, TableRow, cleaned
from lage.language.errors import ImportRefused
from lage.language.folding import fold_text
from lage.language.map_errors import flaw_words, refusal_sentence
from maps.geo.errors import Fault, Flaw, ImportRefusedError

COLUMN_OF_POINT = "koordinate"
_WORDS = {
    "MultiPoint": "mehrere Punkte",
    "LineString": "eine Linie",
    "MultiLineString": "mehrere Linien",
    "Polygon": "eine Fläche",
    "MultiPolygon": "mehrere Flächen",
    "GeometryCollection": "eine Sammlung von Formen",
}


def read_features(text: str, name: str) -> tuple[list[TableRow], tuple[str, ...]]:
    """Rows with the column Koordinate, and sentences on places that stand for a whole shape.

    Raises ImportRefused.
    """
    from maps.read.collect import place_of
    from maps.read.geojson import read_geojson

    shapes: Counter[str] = Counter()
    rows = []
    try:
        epsg, features = read_geojson(text)
        if len(features) > ROWS_MAX:
            raise ImportRefused(f"{name} hat mehr als {ROWS_MAX} Objekte.", ())
        for number, (geometry, properties) in enumerate(features, 1):
            cells = {fold_text(str(key)): cell(v) for key, v in cleaned(properties).items()}
            place, fault = place_of(geometry, epsg), ""
            if not isinstance(place, Flaw):
                cells.setdefault(COLUMN_OF_POINT, f"{place.lat:.6f}, {place.lon:.6f}")
                if not isinstance(geometry, Flaw) and geometry.geom_type != "Point":
                    shapes[geometry.geom_type] += 1
            elif place.fault not in (Fault.NO_GEOMETRY, Fault.EMPTY):
                fault = f"Koordinate: {flaw_words(place)}."
            rows.append(TableRow(number, cells, fault=fault))
    except ImportRefusedError as error:
        error.file = name
        raise ImportRefused(refusal_sentence(error), ()) from error
    return rows, tuple(
        f"{count}-mal ist der Ort {_WORDS[shape]}: eingetragen ist ein Punkt darauf."
        for shape, count in shapes.most_common()
    )


def cell(value: object) -> str:
    """A property as somebody would write it into a table: 3.0 is a count of 3."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nein"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
