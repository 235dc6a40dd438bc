# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Streets that a map brought are offered while typing, and fill in where an entry is."""

from __future__ import annotations

import json

import pytest

from lage.kinds.reader import County
from lage.store.charts import packs_of
from lage.store.ground import Ground
from lage.write.places import locate
from maps.geo.features import FeatureLayer
from maps.read.imports import import_file
from maps.read.layers import load_layers

LINES = {
    "Alte Bahnhofstraße": [[7.478, 52.239], [7.482, 52.241]],
    "Bahnhofstraße": [[7.435, 52.275], [7.440, 52.277]],
    "Bahnhofstr.": [[7.608, 52.090], [7.612, 52.092]],  # the one in Greven
}


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> County:
    """A ground with three streets from an extract."""
    folder = tmp_path_factory.mktemp("streets")
    path = folder / "strassen.geojson"
    features = [
        {"type": "Feature", "properties": {"name": name},
         "geometry": {"type": "LineString", "coordinates": line}}
        for name, line in LINES.items()
    ]  # fmt: skip
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf8")
    import_file(path, packs_of(folder), layer=FeatureLayer.ROAD)
    return Ground(folder)


def test_streets_are_offered_by_their_beginning_then_by_what_they_hold(county: County) -> None:
    """However the street is spelt, with a number, narrowed by the municipality."""
    assert county.streets("bahnhofstr") == [
        "Bahnhofstr., Greven", "Bahnhofstraße, Rheine", "Alte Bahnhofstraße, Rheine"
    ]  # fmt: skip
    assert county.streets("Bahnhofstr. 12, Gr") == ["Bahnhofstr., Greven"]
    assert county.streets("B") == []


def test_an_address_tells_municipality_and_point(county: County) -> None:
    """Of a street there are two of, only with its municipality; else nothing is guessed."""
    town, point = county.address("Mesum, Alte Bahnhofstr. 12a")
    assert town == "Rheine"
    assert point is not None
    assert county.at(point) == "Rheine"
    assert county.address("Bahnhofstraße 3") == (None, None)
    assert county.address("Bahnhofstraße 3, Greven")[0] == "Greven"
    assert county.address("Deich bei Greven") == ("Greven", None)
    assert county.address("zwischen Greven und Rheine") == (None, None)


def test_what_somebody_entered_stays(county: County) -> None:
    """An address fills in what is empty, of a new entry only."""
    told = {"place": "Alte Bahnhofstraße", "municipality": "Greven"}
    locate("incident", told, county)
    assert told["municipality"] == "Greven"
    changed = {"place": "Alte Bahnhofstraße"}
    locate("incident", changed, county, {"municipality": "Greven"})
    assert changed == {"place": "Alte Bahnhofstraße"}
    new = {"place": "Alte Bahnhofstraße"}
    locate("incident", new, county)
    assert new["municipality"] == "Rheine"
    assert "point" in new


def test_without_a_pack_no_street_is_known() -> None:
    """The shipped ground has none; municipalities are named all the same."""
    assert len(load_layers().streets) == 0
    assert Ground(None).address("Rheine, Bahnhofstraße") == ("Rheine", None)
