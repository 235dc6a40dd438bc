# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every command that reads a file meets files that nobody should be given: pipes, devices, bombs.

They run in a process with little memory to spare and an alarm that ends it: each must come to an
end by itself, with a sentence and an exit code of ours, and must have written nothing.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from lage.kinds.model import Query
from lage.kinds.schema import SCHEMA
from lage.station import Station
from tests.fixtures import make_county

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="limits as Linux has them")

COMMANDS = [
    ["import", "vorfaelle", "FILE"],
    ["import", "kraefte", "FILE"],
    ["import", "material", "FILE"],
    ["import", "pegelonline", "FILE"],
    ["import", "lorawan", "FILE"],
    ["import", "vorfaelle", "LEER", "--zuordnung", "FILE"],
    ["import", "lorawan", "LEER", "--zuordnung", "FILE"],
    ["karte", "importieren", "FILE"],
    ["dokument", "ablegen", "FILE", "--titel", "Plan"],
    ["uebung", "pruefen", "FILE"],
    ["bericht", "melden", "--teile", "FILE"],
    ["bericht", "lagemeldung", "--teile", "FILE"],
    ["pruefen", "--ausdruck", "FILE"],
    ["knoten", "beitreten", "FILE"],
    ["kreis", "aufnehmen", "FILE", "--rolle", "sae"],
    ["kreis", "verbuenden", "FILE"],
]

HARMLESS = {("bericht", "leer.csv")}
"""An empty file of free parts is one without any."""

_RUNNER = """
import json, resource, signal, sys
from lage.cli import cli
from lage.cli.common import main_guard
import shapely, pyproj, numpy  # what a map import loads anyway
import maps.read.imports, lage.imports.plan, lage.reports.printout, lage.exercise.script.read
used = int(open('/proc/self/statm').read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (used + 600_000_000,) * 2)
calls = json.loads(sys.argv[1])
ends = []
for call in calls:
    signal.alarm(60)
    ends.append(main_guard(lambda: cli.main(args=call, standalone_mode=False)))
print('ENDS', json.dumps(ends), file=sys.stderr)
"""


def _geopackage(path: Path) -> None:
    """Tables as views that count to infinity: with rows, without, and while sorting."""
    with closing(sqlite3.connect(path)) as db:
        db.executescript(
            """
            CREATE TABLE gpkg_spatial_ref_sys (
                srs_id INTEGER, organization TEXT, organization_coordsys_id INTEGER);
            INSERT INTO gpkg_spatial_ref_sys VALUES (25832, 'EPSG', 25832);
            CREATE TABLE gpkg_contents (table_name TEXT, data_type TEXT, srs_id INTEGER);
            INSERT INTO gpkg_contents VALUES ('endlos', 'features', 25832);
            CREATE TABLE gpkg_geometry_columns (
                table_name TEXT, column_name TEXT, srs_id INTEGER);
            INSERT INTO gpkg_geometry_columns VALUES ('endlos', 'geom', 25832);
            CREATE VIEW endlos AS WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c)
                SELECT zeroblob(10) AS geom, n AS name FROM c WHERE n < 0;
            """
        )
        db.commit()


def _mbtiles(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.executescript(
            """
            CREATE TABLE metadata (name TEXT, value TEXT);
            INSERT INTO metadata VALUES ('format', 'pbf');
            CREATE VIEW tiles AS WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c)
                SELECT 9 AS zoom_level, n AS tile_column, n AS tile_row, x'00' AS tile_data FROM c
                ORDER BY n DESC;
            """
        )
        db.commit()


def _bomb() -> str:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    return "\n".join([*lines, "ablauf: *a11"])


def _hostile(folder: Path) -> list[Path]:
    """The files, by endings that the commands know."""
    folder.mkdir()
    texts = {
        "tief.json": "[" * 200_000,
        "tief.yaml": "a: " + "[" * 5_000,
        "bombe.yaml": _bomb(),
        "leer.csv": "",
        "frage.csv": "Art;Ort;Beschreibung;Zeit;Artikel;Menge;Name;Stärke\n" + "?;" * 7 + "?\n",
        "zeiten.csv": "Art;Beschreibung;Zeit\nBrand;x;31.02.2026 25:61\nBrand;x;0001-01-01\n"
        "Brand;x;99.99.9999\nBrand;x;١٢:٣٠\n",
        "halb.geojson": json.dumps(
            {"type": "FeatureCollection", "features": [{
                "type": "Feature", "geometry": {"type": "Point", "coordinates": [1e308, "x"]},
                "properties": {"art": "\ud800", "name": "\ud800", "beschreibung": None}}]}
        ),
        "halb.json": '[{"uuid": "\\ud800", "shortname": "\\ud800", "value": 1e400}]',
        "tief.toml": "a = " + "[" * 50_000,
        "ziffern.toml": "ziel = " + "9" * 900_000,
        "sechzehn.toml": "[felder]\nziel = 0x" + "f" * 900_000,
        "pfad.toml": "a." * 400_000 + "a = 1",
        "teile.toml": 'a = "' + "\\u0000" * 10 + '"\n' + "[" * 3_000,
    }  # fmt: skip
    for name, text in texts.items():
        (folder / name).write_text(text, "utf8")
    (folder / "zufall.bin").write_bytes(os.urandom(5_000))
    _geopackage(folder / "endlos.gpkg")
    _mbtiles(folder / "endlos.mbtiles")
    for ending in ("csv", "json", "geojson", "gpkg", "yaml"):
        os.mkfifo(folder / f"rohr.{ending}")
        (folder / f"nullen.{ending}").symlink_to("/dev/zero")
    (folder / "ordner.csv").mkdir()
    return sorted(folder.iterdir())


def _run(calls: list[list[str]]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", _RUNNER, json.dumps(calls)],
        capture_output=True, text=True, errors="replace",
        env={**os.environ, "LAGE_KENNWORT": "Zaun Nebel Ruder Kiste"},
    )  # fmt: skip


def test_no_file_holds_a_command(tmp_path: Path) -> None:
    """Every command meets every file: each ends with 0, 1 or 2, and the log is as before."""
    station = make_county(tmp_path, ["SAE Rheine"])["SAE Rheine"]
    head = station.store.log.head(1)
    station.close()
    files = _hostile(tmp_path / "dateien")
    paths = {"FILE": "{}", "LEER": str(tmp_path / "dateien" / "leer.csv")}
    calls = [
        ["--daten", str(station.folder), *(paths.get(w, w).format(file) for w in command)]
        for file in files
        for command in COMMANDS
        if (command[0], file.name) not in HARMLESS
    ]

    run = _run(calls)

    assert "ENDS" in run.stderr, (run.returncode, run.stderr[-3000:])
    assert "Traceback" not in run.stderr
    ends = json.loads(run.stderr.rpartition("ENDS ")[2])
    assert len(ends) == len(calls)
    assert set(ends) <= {0, 1, 2}
    assert ends.count(0) < len(ends) // 10
    opened = Station.open(station.folder)
    written = {kind.name: opened.reader.count(Query(kind.name)) for kind in SCHEMA.kinds}
    assert {name: count for name, count in written.items() if count and name != "document"} == {}
    assert opened.store.log.head(1) - head == written.get("document", 0)
    opened.close()


OURS = [
    "knoten.json", "netz.json", "stand.txt", "uhr.json", "fehler.log", "begleiter.json",
    "lage.db", "knoten.lock", "karten/kreis.lagekarte", "berichte",
]  # fmt: skip


@pytest.mark.parametrize("deep", [False, True])
def test_no_file_of_ours_that_is_a_pipe_or_a_depth_holds_a_command(
    tmp_path: Path, *, deep: bool
) -> None:
    """Each ends, in a sentence where it cannot go on; none is a fault of the program."""
    station = make_county(tmp_path, ["SAE Rheine"])["SAE Rheine"]
    station.close()
    calls = []
    for name in OURS:
        folder = tmp_path / f"mit {name.replace('/', ' ')}"
        shutil.copytree(station.folder, folder)
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.unlink(missing_ok=True)
        if deep:
            path.write_text("[" * 50_000, "utf8")
        else:
            os.mkfifo(path)
        calls += [
            ["--daten", str(folder), *command]
            for command in (
                ["status"],
                ["tagebuch", "eintragen", "x"],
                ["karte", "liste"],
                ["pruefen"],
                ["sichern", str(tmp_path / f"{len(calls)}.db")],
                ["retten", str(tmp_path / f"{len(calls)}.neu")],
            )
        ]

    run = _run(calls)

    assert "ENDS" in run.stderr, (run.returncode, run.stderr[-3000:])
    assert "Traceback" not in run.stderr
    assert "Fehler im Programm" not in run.stderr
    assert "ein Teil ist nicht lesbar" not in run.stderr  # rescuing leaves a pipe behind
    assert set(json.loads(run.stderr.rpartition("ENDS ")[2])) <= {0, 1, 2}


def test_no_command_writes_over_a_pipe_or_a_device(tmp_path: Path) -> None:
    """What is there is no file, so it is not replaced by one; a sentence says so."""
    station = make_county(tmp_path, ["SAE Rheine"])["SAE Rheine"]
    station.close()
    pipe, null, beside = (tmp_path / name for name in ("rohr.csv", "null.csv", "frei.csv"))
    os.mkfifo(pipe)
    null.symlink_to("/dev/null")
    os.mkfifo(tmp_path / "frei.csv.neu")
    calls = [
        ["--daten", str(station.folder), *command, str(path)]
        for path in (pipe, null, beside)
        for command in (
            ["bericht", "entwurf"],
            ["bericht", "daten", "vorfaelle"],
            ["sichern"],
        )
    ]

    run = _run(calls[:-1])

    assert "ENDS" in run.stderr, (run.returncode, run.stderr[-3000:])
    assert set(json.loads(run.stderr.rpartition("ENDS ")[2])) <= {1, 2}
    assert run.stderr.count("keine gewöhnliche Datei") >= 6
    assert pipe.is_fifo()
    assert null.is_symlink()
    assert not beside.exists()
