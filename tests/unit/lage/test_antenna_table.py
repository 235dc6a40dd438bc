# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Tables of antennas as other people make them: nothing of them is lost without a word."""

from __future__ import annotations

from pathlib import Path

import pytest

from lage.imports.antennas import read_antennas
from lage.kinds.directory import Directory
from lage.language.errors import ImportRefused, UsageError
from lage.store.ground import Ground
from lage.views.relay_plan import Antenna, By, PlanRow, Stand, far_pairs, plan, stands
from maps.geo.places import Position
from mesh.airtime import LONG_FAST
from mesh.nodes import MeshNode, Place

HERE = (52.28, 7.44)
GEOJSON = (
    '{"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": {"type": "Point",'
    ' "coordinates": [7.44, 52.28]}, "properties": {"Name": "Turm", "Höhe": 80}}]}'
)


@pytest.mark.parametrize(
    "text",
    [
        "\ufeffName;Lage;Höhe\r\nTurm;52,28 7,44;80 m\r\n",
        "Name;Breite;Länge;Höhe (m)\nTurm;52,28;7,44;80\n",
        "name;koordinate;hoehe [m]\nTurm;52.28, 7.44;80 Meter\n",
        "Name;Lage;Höhe in m\nTurm;52° 16,8' N 7° 26,4' O;80,0\n",
        GEOJSON,
    ],
)
def test_position_and_height_are_found_however_they_are_headed(tmp_path: Path, text: str) -> None:
    """Two columns, a unit in the heading or behind the number, what a map program exports."""
    path = tmp_path / "antennen"
    path.write_text(text, "utf8")
    table = read_antennas(path)
    (turm,) = table.antennas
    assert turm.position is not None
    assert (turm.position.lat, turm.position.lon) == pytest.approx(HERE, abs=1e-4)
    assert (turm.height_m, table.notes) == (80, ())


def test_a_column_that_is_not_read_is_named(tmp_path: Path) -> None:
    """A height that nobody saw would make a roof of a tower."""
    path = tmp_path / "antennen.csv"
    path.write_text("Name;Lage;Mast;Höhe\nTurm;?;80;unbekannt\n", "utf8")
    table = read_antennas(path)
    assert table.antennas == (Antenna("Turm"),)
    assert table.notes == ("Nicht übernommene Spalten: mast.",)
    path.write_text("Name;Höhe;Höhe (m)\nTurm;40;80\n", "utf8")
    table = read_antennas(path)
    assert (table.antennas[0].height_m, len(table.notes)) == (40, 1)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("Turm;52.28;;;80", "von Breite und Länge fehlt eines"),
        ("Turm;;7.44;;80", "von Breite und Länge fehlt eines"),
        ("Turm;;;;1.080", "1 bis 300 m"),
        ("Turm;;;;0,001", "1 bis 300 m"),
        ("Turm;;;;80 ft", "keine Zahl in Metern"),
        ("Turm;;;;nan", "keine Zahl in Metern"),
        ("T" * 61 + ";;;;80", "mehr als 60 Zeichen"),
    ],
)
def test_what_cannot_be_meant_is_refused(tmp_path: Path, row: str, said: str) -> None:
    """With its line; and the headings only where every row is wrong."""
    path = tmp_path / "antennen.csv"
    head = "Name;Breite;Länge;Lage;Höhe\n"
    path.write_text(f"{head}Gut;;;;80\n{row}\n", "utf8")
    with pytest.raises(ImportRefused) as refused:
        read_antennas(path)
    ((line, reason),) = refused.value.problems
    assert (line, said in reason) == (3, True)


def county(*names: str) -> Directory:
    """Staffs by number."""
    return Directory([(n, name, "sae", True) for n, name in enumerate(names, 1)], 1)


def called(*rows: str) -> dict[str, str]:
    """How the table calls each of two staffs and a relay that was heard."""
    radios = [MeshNode(0xC, heard=9, role="ROUTER", name="Turm Schafberg")]
    table = [Antenna(name) for name in rows]
    staffs = county("SAE Altenberge", "SAE Rheine")
    return {each.name: each.listed for each in stands(staffs, radios, None, Ground(None), table)}


def test_a_row_is_of_the_radio_whose_name_has_its_words() -> None:
    """By name, code or whole words, of relays too; else it is another radio."""
    found = called("Rheine", "Schafberg", "Berg")
    assert found == {
        "SAE Altenberge": "",
        "SAE Rheine": "Rheine",
        "Turm Schafberg": "Schafberg",
        "Berg": "Berg",
    }
    assert called("RHE")["SAE Rheine"] == "RHE"
    assert list(called("Turm Nord", "Nord"))[3:] == ["Turm Nord", "Nord"]


@pytest.mark.parametrize("rows", [("Rheine", "SAE Rheine"), ("Neu", "Neu"), ("sae",)])
def test_rows_that_contradict_or_may_mean_several_are_refused(rows: tuple[str, ...]) -> None:
    """The last would win, and nobody would know."""
    with pytest.raises(UsageError, match=r"zweimal|nicht eindeutig"):
        called(*rows)


def test_a_relay_that_fell_silent_is_not_counted_on() -> None:
    """Unless the table says that it is there; two radios of one name are two."""
    place = Place(*HERE)
    radios = [
        MeshNode(0xA, heard=100, role="ROUTER", name="Turm", place=place),
        MeshNode(0xB, heard=900, role="ROUTER", name="Turm", place=place),
        MeshNode(0xC, role="ROUTER", name="Fern", place=place),
    ]

    def planned(*table: Antenna) -> tuple[list[str], list[str]]:
        placed = stands(county("SAE Rheine"), radios, None, Ground(None), table, gone_before=500)
        found = plan(placed, [], 1_000, LONG_FAST)
        return [row.stand.name for row in found.rows], [each.name for each in found.left_out]

    assert planned() == (["SAE Rheine", "Turm"], ["Turm", "Fern"])
    assert planned(Antenna("Fern")) == (["SAE Rheine", "Turm", "Fern"], ["Turm"])


def test_ways_that_the_plan_makes_too_long_are_told() -> None:
    """Ten in a row, and three that make every third hear the next third but do not relay."""
    pairs = {(n, n + 1) for n in range(1, 10)} | {(1, 11), (11, 4), (4, 12), (12, 7), (7, 13)}
    pairs |= {(13, 10)}
    within = {
        n: frozenset(b if a == n else a for a, b in pairs if n in (a, b)) for n in range(1, 14)
    }
    rows = tuple(PlanRow(Stand(str(n)), n <= 10, 0, 1) for n in within)
    assert far_pairs(rows, within, range(1, 11)) == (
        (rows[0], rows[8]),
        (rows[0], rows[9]),
        (rows[1], rows[9]),
    )
    assert far_pairs(rows, within, within.keys()) == ()


def test_parts_that_do_not_hear_each_other_are_told_apart() -> None:
    """A wrong letter of the grid makes an island; of whom nothing is known, nothing is said."""
    staffs = county("SAE Rheine", "SAE Neuenkirchen", "SAE Greven", "Stab Nord")
    table = [Antenna("SAE Greven", Position(53.5, 7.4))]
    found = plan(stands(staffs, [], None, Ground(None), table), [], 0, LONG_FAST)
    assert [[row.stand.name for row in part] for part in found.parts] == [
        ["SAE Rheine", "SAE Neuenkirchen"],
        ["SAE Greven"],
    ]
    north = found.rows[3]
    assert (north.stand.by, north.judged, north.relays) == (By.NOTHING, False, True)
