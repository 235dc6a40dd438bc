# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A staff's maps: imported packs, radio nodes, words about a place, who lives in an area."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from lage.cli import cli
from lage.language.errors import LageError, NotFound, UsageError
from lage.language.whereabouts import describe
from lage.station import Station
from lage.store.charts import dwellers, layers_of, packs_of
from lage.views import scene, whereabouts
from lage.views.network import NetworkView, NodeRow, RadioView
from lage.write.commands import enter
from maps.draw.scene import Scene, nearest
from maps.draw.signs import Mark
from maps.geo.places import Position
from maps.read.layers import Layers
from sync.schema.definition import EntityId

CENSUS = "GITTER_ID_100m;x_mp_100m;y_mp_100m;Einwohner\n"
RHEINE = Position(52.28, 7.44)


def run(folder: Path, *arguments: str) -> Result:
    """``lage`` on that folder."""
    return CliRunner().invoke(cli, ["--daten", str(folder), *arguments])


@pytest.fixture
def census(tmp_path: Path) -> Path:
    """One square kilometre of Rheine with five people in each cell."""
    path = tmp_path / "zensus.csv"
    cells = [
        (x, y)
        for x in range(4_128_050, 4_129_050, 100)
        for y in range(3_245_050, 3_246_050, 100)
    ]  # fmt: skip
    rows = [f"CRS3035RES100mN{y - 50}E{x - 50};{x};{y};5\n" for x, y in cells]
    path.write_text(CENSUS + "".join(rows), "utf8")
    return path


def draw(station: Station, outline: str) -> EntityId:
    """An area as somebody types it."""
    typed = {"type": "überflutet", "name": "Aue", "outline": outline}
    return station.write(enter("area", typed, station.parse_context()))[0]


def test_an_imported_map_is_seen_without_a_restart(station: Station, census: Path) -> None:
    """Layers are kept while nothing changes, and read again when a pack came or went."""
    folder = station.folder
    before = layers_of(folder)
    assert layers_of(folder) is before
    assert before.census is None

    assert run(folder, "karte", "importieren", str(census)).exit_code == 0
    assert layers_of(folder).census is not None
    assert run(folder, "karte", "entfernen", "zensus").exit_code == 0

    assert layers_of(folder).census is None


def test_people_in_an_area_are_told_where_it_is_read(station: Station, census: Path) -> None:
    """By municipal shares without a census grid, by cells with one, in text and JSON."""
    entity = draw(station, "52.30, 7.40; 52.30, 7.48; 52.26, 7.48; 52.26, 7.40")
    record = station.reader.get(entity)
    assert record is not None
    assert "geschätzt nach Flächenanteil der Gemeinden" in dwellers(station.folder, record)

    run(station.folder, "karte", "importieren", str(census))

    shown = run(station.folder, "gebiet", "zeigen", "Aue")
    assert "Darin wohnen" in shown.stdout
    assert "Zensus-Gitter" in shown.stdout
    as_json = json.loads(run(station.folder, "gebiet", "zeigen", "Aue", "--json").stdout)
    assert "Personen (Zensus-Gitter" in as_json["darin wohnen"]


def test_a_damaged_pack_is_named(station: Station) -> None:
    """Not left out: a map that lacks a layer would be believed."""
    packs = packs_of(station.folder)
    packs.mkdir()
    (packs / "hq100.lagekarte").write_bytes(b"kaputt")

    with pytest.raises(LageError, match=r"hq100.lagekarte ist beschädigt"):
        layers_of(station.folder)
    for command in (("liste",), ("koordinate", "52,28", "7,44"), ("zeigen",)):
        result = run(station.folder, "karte", *command)
        assert isinstance(result.exception, LageError)
    entity = draw(station, "52.30, 7.40; 52.30, 7.48; 52.26, 7.48")
    record = station.reader.get(entity)
    assert record is not None
    assert dwellers(station.folder, record).startswith("unbekannt: Die Karte hq100")


def test_imported_maps_are_listed_with_their_source(station: Station, census: Path) -> None:
    """Title, content and notice; an unknown title says which there are."""
    folder = station.folder
    run(folder, "karte", "importieren", str(census), "--quelle", "© Statistisches Bundesamt")

    assert json.loads(run(folder, "karte", "liste", "--json").stdout) == [
        {"titel": "zensus", "inhalt": {"zellen": 100}, "quelle": "© Statistisches Bundesamt"}
    ]
    assert "© Statistisches Bundesamt" in run(folder, "karte", "zeigen").stdout
    wrong = run(folder, "karte", "entfernen", "hq100")
    assert isinstance(wrong.exception, NotFound)
    assert "vorhanden: zensus" in str(wrong.exception)
    shutil.rmtree(packs_of(folder))
    assert "mitgelieferte Karte" in run(folder, "karte", "liste").stdout


def test_features_are_what_the_user_says_they_are(station: Station, tmp_path: Path) -> None:
    """Lines as waters replace the shipped waters."""
    line = {"type": "LineString", "coordinates": [[7.4, 52.2], [7.5, 52.3]]}
    path = tmp_path / "baeche.geojson"
    feature = {"type": "Feature", "properties": {"name": "Elte"}, "geometry": line}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), "utf8")

    run(station.folder, "karte", "importieren", str(path), "--als", "gewaesser")

    assert [water.name for water in layers_of(station.folder).waters] == ["Elte"]


def test_radio_nodes_stand_at_the_towns_of_their_staffs(county: list[Station]) -> None:
    """Own node by its radio, others by when they were heard; staffs of no town are left out."""
    station = county[1]
    context, towns = station.context(), layers_of().municipalities
    now = context.now

    def node(number: int, heard: int | None) -> NodeRow:
        return NodeRow(number, "", "", "", True, heard, None, None, None, 0)

    def marks(*rows: NodeRow) -> dict[str, Mark]:
        radio = RadioView(running=True, connected=True)
        network = NetworkView(radio, rows, 0, 0, 0, (), ())
        return {m.label: m.mark for m in scene.radio_nodes(network, context, towns)}

    assert marks(node(1, now - 60), node(3, None)) == {
        "KST": Mark.NONE,
        "RHE": Mark.NONE,
        "GRE": Mark.SUSPECTED,
    }
    assert marks(node(1, now - 3 * 3600))["KST"] is Mark.FAILED


def test_a_relay_is_a_unit_on_the_radio_layer(station: Station) -> None:
    """Nodes that belong to no town are entered by hand."""
    typed = {"name": "Relais Dörenthe", "organisation": "Relais", "point": "52.21, 7.66"}
    station.write(enter("unit", typed, station.parse_context()))

    assert [marker.sign for marker in scene.markers(station.context())] == ["funkknoten"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("32U LC 9366 9315", "Rheine"),
        ("52,2351 7,5591", "Rheine"),
        ("steinfurt", "Steinfurt"),
        ("Westerkap", "Westerkappeln"),
        ("ibbenb", "Ibbenbüren"),
    ],
)
def test_somebody_names_a_coordinate_or_a_place(text: str, expected: str) -> None:
    """Any notation, any beginning or part of a name."""
    layers = layers_of()

    assert whereabouts.owner(whereabouts.place_of(text, layers), layers) == expected


def test_what_is_no_place_is_said() -> None:
    """A name that is not there, and a coordinate that cannot be."""
    with pytest.raises(NotFound, match="weder Koordinate noch ein Ort"):
        whereabouts.place_of("Entenhausen", layers_of())
    with pytest.raises(UsageError, match="außerhalb Mitteleuropas"):
        whereabouts.place_of("12.5, 7.4", layers_of())


def test_the_municipality_stands_below_the_map_at_every_width() -> None:
    """Three notations from 70 columns on, the town always, the next place where there is room."""
    layers: Layers = layers_of()
    lines = {width: whereabouts.position_line(RHEINE, layers, width) for width in (40, 60, 80, 120)}

    assert lines[40] == "32U LC 9357 9332  Rheine"
    assert lines[60] == "32U LC 9357 9332 | 52.2800, 7.4400  Rheine"
    assert lines[80] == "32U LC 9357 9332 | 32U 393577 5793327 | 52.2800, 7.4400  Rheine"
    assert lines[120].startswith(lines[80])
    assert whereabouts.near_line(RHEINE, layers, [], 80) == describe(RHEINE, layers)
    assert whereabouts.near_line(RHEINE, layers, [], 120) == ""


def test_what_is_near_is_told_by_its_words(station: Station) -> None:
    """An area with its kind, at most four names."""
    draw(station, "52.30, 7.40; 52.30, 7.48; 52.26, 7.48; 52.26, 7.40")
    shown = scene.areas(station.context())
    hits = nearest(Scene(layers_of(), areas=shown), RHEINE, 10.0)

    assert whereabouts.near_line(RHEINE, layers_of(), hits, 80) == "hier: Aue (überflutet)"
