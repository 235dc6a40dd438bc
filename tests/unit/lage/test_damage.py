# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Damaged pages, lost parts, full and write-protected media: said in a sentence, nothing twice."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from lage.archive.rescue import rescue
from lage.cli import cli
from lage.cli.common import main_guard
from lage.kinds.model import Draft, Query
from lage.language.errors import KeysError, LageError, StoreError, UsageError
from lage.station import LOG_FILE, Station
from lage.store.carve import rows
from lage.store.damage import sentence_of
from lage.store.mark import MARK_FILE
from tests.fixtures import make_county, share
from tests.unit.lage.test_cli_reading import READING, walk

PAGE = 4096
ENTRIES = 25
ASKS = {("funk", "suchen")}
"""Reads, but not the log."""


def _journal(text: str) -> Draft:
    return Draft("journal", {"text": text})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """SAE Rheine's folder, closed: its own entries and some of SAE Greven's."""
    stations = make_county(tmp_path, ["SAE Rheine", "SAE Greven"])
    for name, station in stations.items():
        for number in range(ENTRIES):
            station.write([_journal(f"Eintrag {number} von {name} über den Deich")])
    share(*stations.values())
    for station in stations.values():
        station.close()
    return stations["SAE Rheine"].folder


def _damage(folder: Path, pages: list[int]) -> None:
    rng = random.Random(7)
    with (folder / LOG_FILE).open("r+b") as file:
        for page in pages:
            file.seek(page * PAGE)
            file.write(rng.randbytes(PAGE))


def _pages(folder: Path) -> int:
    return (folder / LOG_FILE).stat().st_size // PAGE


def _run(folder: Path, *arguments: str) -> Result:
    call = ["--daten", str(folder), *arguments]
    return CliRunner().invoke(cli, call, standalone_mode=False)


def test_every_command_answers_a_damaged_page_in_a_sentence(folder: Path, tmp_path: Path) -> None:
    """Whatever page is gone, lists and the check end with a result or a sentence of ours."""
    complained = 0
    for page in (1, 9, _pages(folder) // 2):
        copy = tmp_path / f"damaged{page}"
        shutil.copytree(folder, copy)
        _damage(copy, [page])
        for path in walk(cli):
            if path[-1] not in READING or path in ASKS:
                continue
            result = _run(copy, *path, *(["RHE-1"] if path[-1] == "zeigen" else []))
            trouble = result.exception
            if trouble is None or isinstance(trouble, LageError | click.UsageError):
                continue
            assert sentence_of(trouble) is not None, (page, path, repr(trouble))
            complained += 1
        checked = _run(copy, "pruefen")
        assert checked.exception is None
        assert "nicht in Ordnung" in checked.output
    assert complained


def test_the_guard_says_it_in_german(capsys: pytest.CaptureFixture[str]) -> None:
    """What no command caught ends as one sentence with exit code 1; our own faults name a line."""

    def broken() -> None:
        raise sqlite3.DatabaseError("database disk image is malformed")

    def ours() -> None:
        raise sqlite3.IntegrityError("UNIQUE constraint failed")

    assert main_guard(broken) == 1
    assert "lage retten" in capsys.readouterr().err
    assert main_guard(ours) == 1
    assert "bitte melden: IntegrityError: UNIQUE constraint failed (test_damage.py:" in (
        capsys.readouterr().err
    )


def test_rescue_takes_what_proves_itself(folder: Path, tmp_path: Path) -> None:
    """A quarter of the pages is gone, not the members: most comes over, nothing else does."""
    whole = Station.open(folder)
    written = {str(r.values["text"]) for r in whole.reader.select(Query("journal", limit=500))}
    whole.close()
    content = (folder / LOG_FILE).read_bytes()
    pages = [content[at : at + PAGE] for at in range(0, len(content), PAGE)]
    spared = {n for n, page in enumerate(pages) if b"SAE Greven" in page and page[0] == 0x0D}
    lost = random.Random(3).sample(sorted(set(range(1, len(pages))) - spared), len(pages) // 4)
    _damage(folder, lost)

    found = rescue(folder, tmp_path / "neu")

    assert ENTRIES // 2 < found.proved <= found.found
    station = Station.open(tmp_path / "neu")
    saved = {str(r.values["text"]) for r in station.reader.select(Query("journal", limit=500))}
    assert saved
    assert saved <= written
    station.close()
    checked = _run(tmp_path / "neu", "pruefen")
    assert "Alles in Ordnung" in checked.output, checked.output


def test_rescue_of_a_whole_folder_loses_nothing(folder: Path, tmp_path: Path) -> None:
    """Keys, log and mark come over; writing goes on under the same number."""
    found = rescue(folder, tmp_path / "neu")

    assert (found.proved, found.own_complete) == (2 * ENTRIES + 2, True)
    station = Station.open(tmp_path / "neu")
    station.write([_journal("weiter")])
    assert station.store.log.head(1) == ENTRIES + 1
    station.close()
    with pytest.raises(UsageError, match="nicht leer"):
        rescue(folder, tmp_path / "neu")


def test_rescue_without_own_entries_does_not_go_on(folder: Path, tmp_path: Path) -> None:
    """Where own entries are lost the feed is not continued."""
    db = sqlite3.connect(folder / LOG_FILE)
    with db:
        db.execute("DELETE FROM operation WHERE author = 1 AND number > 15")
    db.execute("VACUUM")
    db.close()

    found = rescue(folder, tmp_path / "neu")

    assert not found.own_complete
    station = Station.open(tmp_path / "neu")
    with pytest.raises(KeysError, match="nachfolge"):
        station.write([_journal("doppelt")])
    station.close()


def test_pages_give_the_rows_that_sqlite_gives(tmp_path: Path) -> None:
    """Integers of all sizes, reals, texts and long blobs over many pages, from file and WAL."""
    path = tmp_path / "some.db"
    values: list[tuple[object, ...]] = [
        (1 << bits, -(1 << bits), 0.5 * bits, "ä" * bits, bytes(range(256)) * bits)
        for bits in range(0, 60, 3)
    ]
    db = sqlite3.connect(path)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("CREATE TABLE t (a, b, c, d, e)")
    with db:
        db.executemany("INSERT INTO t VALUES (?, ?, ?, ?, ?)", values[:10])
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with db:
        db.executemany("INSERT INTO t VALUES (?, ?, ?, ?, ?)", values[10:12])
    wal = path.with_name("some.db-wal").read_bytes()
    file = path.read_bytes()
    found = [row for row in rows(file, wal) if len(row) == 5 and isinstance(row[4], bytes)]
    db.close()

    assert set(values[:10]) <= set(found)
    assert found


@pytest.mark.parametrize("seed", range(30))
def test_no_file_breaks_the_carver(seed: int) -> None:
    """Any bytes give rows or none."""
    rng = random.Random(seed)
    page = bytes([rng.choice((0x0D, 0x0A, 0x02))]) + rng.randbytes(PAGE - 1)

    for row in rows(rng.randbytes(100) + page * 3, rng.randbytes(56) + page):
        assert isinstance(row, tuple)


# --- numbers are not used twice -------------------------------------------------------------------


def _copy(folder: Path, target: Path, *, without: str) -> Path:
    shutil.copytree(folder, target, ignore=shutil.ignore_patterns(without, "*-shm"))
    return target


def test_a_lost_write_ahead_log_is_noticed(tmp_path: Path) -> None:
    """A copy without lage.db-wal holds fewer entries than the mark says: it is not continued."""
    station = make_county(tmp_path / "k", ["SAE Rheine"])["SAE Rheine"]
    station.write([_journal("eins")])
    station.store.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    station.write([_journal("zwei")])
    complete = _copy(station.folder, tmp_path / "ganz", without="nichts")
    partial = _copy(station.folder, tmp_path / "halb", without="*-wal")
    station.close()

    half = Station.open(partial)
    assert half.reader.count(Query("journal")) == 1
    with pytest.raises(KeysError, match="nachfolge"):
        half.write([_journal("noch einmal zwei")])
    half.close()
    whole = Station.open(complete)
    whole.write([_journal("drei")])
    whole.close()


def test_a_lone_log_is_not_continued(tmp_path: Path) -> None:
    """lage.db copied into a folder with the keys but without the mark."""
    station = make_county(tmp_path / "k", ["SAE Rheine"])["SAE Rheine"]
    station.write([_journal("eins")])
    station.close()
    lone = _copy(station.folder, tmp_path / "allein", without=MARK_FILE)

    station = Station.open(lone)
    with pytest.raises(KeysError, match="nachfolge"):
        station.write([_journal("zwei")])
    station.close()


def test_a_mark_that_lags_hinders_nobody(tmp_path: Path) -> None:
    """After a power cut the mark may be older than the log: writing goes on."""
    station = make_county(tmp_path / "k", ["SAE Rheine"])["SAE Rheine"]
    station.write([_journal("eins")])
    older = (station.folder / MARK_FILE).read_bytes()
    station.write([_journal("zwei")])
    (station.folder / MARK_FILE).write_bytes(older)
    station.write([_journal("weiter")])
    assert station.store.log.head(1) == 3
    station.close()


@pytest.mark.parametrize("content", [b"", b"\x00" * 49, b"garbage", b"1 2", b"1 7 zz"])
def test_a_mark_that_cannot_be_read_is_no_licence(tmp_path: Path, content: bytes) -> None:
    """An older log beside an emptied mark must not give a number twice."""
    station = make_county(tmp_path / "k", ["SAE Rheine"])["SAE Rheine"]
    station.write([_journal("eins")])
    (station.folder / MARK_FILE).write_bytes(content)
    with pytest.raises(KeysError, match="nachfolge"):
        station.write([_journal("zwei")])
    station.close()


# --- media that take no writing -------------------------------------------------------------------


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own of four megabytes."""
    place = tmp_path / "stick"
    place.mkdir()
    call = ["mount", "-t", "tmpfs", "-o", "size=4m,mode=0700", "tmpfs", str(place)]
    if os.name != "posix" or subprocess.run(call, capture_output=True).returncode:
        pytest.skip("no right to mount a file system here")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def _fill(path: Path) -> None:
    with path.open("wb", buffering=0) as rest, suppress(OSError):
        while True:
            rest.write(bytes(PAGE))


@pytest.mark.parametrize("trouble", ["voll", "schreibgeschützt"])
def test_the_picture_is_read_from_a_medium_without_room(
    folder: Path, small_disk: Path, trouble: str
) -> None:
    """Full or write-protected, with entries still in the write-ahead log: lists answer, a text
    that is to be written is refused in a sentence, and nothing is changed."""
    place = small_disk / "daten"
    shutil.copytree(folder, place)
    station = Station.open(place)
    station.write([_journal("steht nur im WAL")])
    kept = {path.name: path.read_bytes() for path in place.iterdir() if path.is_file()}
    station.close()
    for name, content in kept.items():
        (place / name).write_bytes(content)
    (place / f"{LOG_FILE}-shm").unlink(missing_ok=True)
    if trouble == "voll":
        _fill(small_disk / "rest")
    else:
        subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)

    result = _run(place, "tagebuch", "liste", "-n", "3")

    assert result.exception is None, result.output
    assert "steht nur im WAL" in result.output
    refused = _run(place, "tagebuch", "eintragen", "geht nicht")
    assert isinstance(refused.exception, StoreError), refused.output
    assert "voll oder schreibgeschützt" in str(refused.exception)
    assert (place / LOG_FILE).read_bytes() == kept[LOG_FILE]


def test_keys_of_another_number_write_nothing(tmp_path: Path) -> None:
    """A folder with another node's keys would write what nobody accepts: it refuses before."""
    rheine, greven = make_county(tmp_path, ["SAE Rheine", "SAE Greven"]).values()
    shutil.copy(greven.folder / "knoten.json", rheine.folder / "knoten.json")
    folder = rheine.folder
    rheine.close()
    greven.close()

    mixed = Station.open(folder)
    with pytest.raises(KeysError, match="gehören nicht zu Nummer 1"):
        mixed.write([_journal("von wem?")])
    assert mixed.store.log.head(1) == 0
    mixed.close()


def test_a_destroyed_header_names_the_way_out(folder: Path, tmp_path: Path) -> None:
    """No database any more for SQLite, and still every entry can be rescued."""
    with (folder / LOG_FILE).open("r+b") as file:
        file.write(random.Random(5).randbytes(900))

    result = _run(folder, "status")

    assert "lage retten" in str(result.exception)
    assert "file is not" not in str(result.exception)
    assert rescue(folder, tmp_path / "neu").proved >= 2 * ENTRIES
