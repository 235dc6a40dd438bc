# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What people read: each topic in every language, water compared and judged, the turning screen."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.public_board import EVIL, HOUR, NOON, board, lay

pytest.importorskip("starlette", reason="the extra [portal] is not installed")
from lage.kinds.cards import area, road_closure, shelter, supply_state
from lage.public.app import FILES
from lage.public.board_file import BoardFile
from lage.public.pictures import curve_svg
from lage.public.poster import Poster, poster, wlan_code
from lage.public.shelf import lay_out
from lage.public.site import Role, Site
from lage.public.water import file_name
from lage.public.words import LANGUAGES


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, bytes]:
    """All pages of an Infopunkt."""
    folder = tmp_path_factory.mktemp("aushang")
    lay(folder)
    site = Site(
        Role.INFOPUNKT, "Feuerwache", "http://infopunkt.lan", BoardFile(folder), lambda: NOON
    )
    found: dict[str, bytes] = {}
    for files in FILES[site.role]:
        found |= files(site)
    return found


def text(made: Mapping[str, bytes], name: str) -> str:
    """A page without its tags, on one line."""
    plain = re.sub(r"<[^>]+>", " ", made[name].decode())
    return re.sub(r"\s+", " ", plain)


def test_everything_is_said_with_its_time(made: Mapping[str, bytes]) -> None:
    """What, where, since when, until when, how many places; and how old it all is."""
    home = text(made, "de/index.html")

    assert "Stand 28.11. 12:00" in home
    assert "Rheine : Strom ausgefallen seit 28.11. 09:00, voraussichtlich bis 28.11. 17:00" in home
    assert "etwa 5000 Menschen betroffen" in home
    assert "Turnhalle Nord : geöffnet 50 von 80 Plätzen frei" in home
    assert "gilt bis 29.11. 08:00" in home
    assert "voll gesperrt (Überflutung)" in text(made, "de/strassen/index.html")


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_choice_has_words_in_every_language(code: str) -> None:
    """Services, states, reasons and sorts of areas: none is left German by an oversight."""
    words = LANGUAGES[code].board

    assert set(words["state_ausfall"]) == set(supply_state.STATES)
    assert set(words["state_unterkunft"]) == set(shelter.STATUS)
    assert set(words["state_strasse"]) == set(road_closure.EXTENTS)
    kinds = {*supply_state.SERVICES, *road_closure.REASONS, *area.TYPES}
    assert set(words["what"]) == kinds


def test_what_a_staff_wrote_is_text_and_said_to_be_german(made: Mapping[str, bytes]) -> None:
    """Markup is shown, never obeyed; other languages mark the German words as German."""
    for name, body in made.items():
        assert name.endswith(".csv") or b"<script" not in body, name
        assert not re.search(rb"(?:href|src|url)\W+https?://(?!infopunkt)", body), name
    arabic = made["ar/index.html"].decode()
    assert re.search('<bdi lang="de" dir="auto">Meiden Sie', arabic)


def test_levels_are_judged_compared_and_marked(made: Mapping[str, bytes]) -> None:
    """Words for the Informationswert, floods above and below, the band apart from measurements."""
    page = text(made, "de/wasser/index.html")

    assert "328 cm" not in page
    assert "330 cm steigt um 4 cm je Stunde" in page
    assert "Informationswert 1: Wasser kann stellenweise über die Ufer treten" in page
    assert "höher als das Hochwasser Januar 2024 (310 cm)" in page
    assert "282 cm unter dem Hochwasser August 2010 (612 cm)" in page
    assert "nicht gemessen und nicht amtlich" in page
    assert "330–350 cm" in page
    assert "1,25 m" in page
    assert "alter Wert" in page
    assert "DL-DE-&gt;Zero-2.0" in page
    assert "BKG" in page


def test_open_data_can_be_read_by_programs(made: Mapping[str, bytes]) -> None:
    """CSV as Excel opens it here, with no formula in it; GeoJSON with sources and times."""
    rows = list(
        csv.DictReader(io.StringIO(made["daten/pegel.csv"].decode("utf-8-sig")), delimiter=";")
    )
    assert [row["Messstelle"] for row in rows] == ["Rheine", f"Haus Langen {EVIL}", "'=Greven"]
    assert (rows[0]["Wert"], rows[1]["Wert"], rows[1]["alt"]) == ("330", "1,25", "ja")
    shown = json.loads(made["daten/pegel.geojson"])
    (feature,) = shown["features"]
    assert feature["geometry"] == {"type": "Point", "coordinates": [7.44, 52.28]}
    assert feature["properties"]["time"] == "2026-11-28T11:00:00Z"
    assert shown["attribution"][-1] == "BKG"


def test_pictures_are_well_formed(made: Mapping[str, bytes]) -> None:
    """The map carries the gauge's number; a gauge without values has an empty curve."""
    pictures = {
        name: ET.fromstring(body)  # noqa: S314 - made here
        for name, body in made.items()
        if name.endswith(".svg")
    }
    assert len(pictures) == 5
    assert b">1</text>" in made["daten/karte.svg"]
    assert len(pictures[f"daten/kurve/{file_name('=Greven')}.svg"]) == 0
    assert b"Info 1: 300" in made[f"daten/kurve/{file_name('Rheine')}.svg"]
    assert b"NaN" not in curve_svg(board().gauges[0], NOON + 500 * HOUR).encode()


def test_the_map_shows_where_people_go(made: Mapping[str, bytes]) -> None:
    """Shelters with free places, water and food, gauges; only what is on the board; the list says
    the same by the same letters, and so does every language; time and sources stand in it."""
    picture = made["daten/orte.svg"].decode()
    said = re.findall(r">([^<>]+)</text>", picture)
    assert said == ["Rheine", "1", "U1", "50/80", "W1", "Kreis Steinfurt, 28.11. 12:00", "BKG"]
    assert "M52 50L60 50" in picture, "its sign stands aside of its place"
    assert len(picture) < 200_000
    for code in LANGUAGES:
        page = made[f"{code}/hilfe/index.html"].decode()
        assert 'src="/daten/orte.svg"' in page
        assert f'alt="{LANGUAGES[code].board["map"]}"' in page
    page = text(made, "de/hilfe/index.html")
    assert "U1 Rheine : Turnhalle Nord : geöffnet" in page
    assert "W1 Rheine : Trinkwasser am Rathaus" in page
    assert "orte.svg" not in made["de/strassen/index.html"].decode()


def test_whatever_is_handed_on_of_an_exercise_says_so(tmp_path: Path) -> None:
    """Every page from title to foot, every picture, every row of open data."""
    lay(tmp_path, exercise=True)
    site = Site(Role.INFOPUNKT, "Wache", "http://infopunkt.lan", BoardFile(tmp_path), lambda: NOON)
    made = {name: body for files in FILES[site.role] for name, body in files(site).items()}
    for name, body in made.items():
        said = body.decode()
        if name.endswith(".html"):
            assert "<title>ÜBUNG: " in said, name
            assert said.count("ÜBUNG ÜBUNG ÜBUNG") >= 1 + (not name.startswith("anzeige")), name
        elif name.endswith(".svg"):
            assert "ÜBUNG" in said or "<text" not in said, name
        elif name.endswith((".csv", ".geojson")):
            assert "ja" in said.splitlines()[-1] or '"exercise": true' in said, name


def test_the_screen_turns_through_everything(made: Mapping[str, bytes]) -> None:
    """Following its pages from the first shows every item, and comes back."""
    place, seen, shown = "anzeige", set(), ""
    while place not in seen:
        seen.add(place)
        shown += text(made, f"{place}/index.html")
        match = re.search(rb'content="\d+;url=/(anzeige/\d+)/"', made[f"{place}/index.html"])
        assert match is not None
        place = match[1].decode()

    assert place == "anzeige/1"
    for item in board().items:
        assert item.words.split("<")[0].strip() in shown
    assert "Електрика" in shown


def test_pages_laid_out_are_whole_and_packed(tmp_path: Path, made: Mapping[str, bytes]) -> None:
    """Each beside its packed form; what is no longer made is taken away."""
    mask = os.umask(0o077)  # as ``lage`` has it: what it makes is its owner's, but not this
    try:
        lay_out(tmp_path, made)
    finally:
        os.umask(mask)
    modes = {path.stat().st_mode & 0o777 for path in tmp_path.rglob("*")}
    assert modes == {0o755, 0o644}, "nginx reads it under an account of its own"
    assert (tmp_path / "de/index.html").read_bytes() == made["de/index.html"]
    assert (tmp_path / "de/index.html.gz").stat().st_size < len(made["de/index.html"]) / 2
    lay_out(tmp_path, {"de/index.html": b"kurz"})

    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["index.html"]


def test_a_poster_has_codes_and_the_time() -> None:
    """One sheet in both sizes; odd names of networks are written as telephones expect."""
    assert wlan_code("Info;punkt", "") == r"WIFI:T:nopass;S:Info\;punkt;;"
    assert wlan_code("Info", 'a"b') == r"WIFI:T:WPA;S:Info;P:a\"b;;"
    said = Poster("Feuerwache ☂", "http://infopunkt.lan", "Info", "geheim12", "28.11.2026 13:00")
    pypdf = pytest.importorskip("pypdf")
    for size, width in (("a4", 595), ("a3", 842)):
        (page,) = pypdf.PdfReader(io.BytesIO(poster(said, size))).pages
        assert round(page.mediabox.width) == width
        assert "Gedruckt 28.11.2026 13:00" in page.extract_text()
