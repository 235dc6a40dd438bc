# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is public: nothing by itself, words as released, figures as they are, and back at once."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from lage.kinds.cards import CARDS
from lage.kinds.model import Record
from lage.language.errors import LageError, UsageError
from lage.node.board import LOOK_MS, ROUND_MS, SLICE, BoardKeeper
from lage.reports.board import FOLDER, board_of, write_board
from lage.station import Station
from lage.views import chart
from lage.views.board import FILE, Board, BoardError, Item, from_json, to_json
from lage.views.public_water import remembered
from lage.views.released import released, releases_of
from lage.write import commands
from lage.write.release import release, withdraw
from sync.schema.definition import EntityId
from tests.fixtures import FixedClock, replicate


@pytest.fixture
def rheine(county: list[Station]) -> Station:
    """The second of them."""
    return county[1]


def deliver(county: list[Station]) -> None:
    """Krisenstab and Rheine hear everything of each other."""
    steinfurt, rheine = county[:2]
    replicate(steinfurt.store.log, rheine.store.log)
    replicate(rheine.store.log, steinfurt.store.log)


def enter(station: Station, kind: str, **typed: str) -> Record:
    """A new entry."""
    (entity, *_) = station.write(commands.enter(kind, typed, station.parse_context()))
    record = station.reader.get(entity)
    assert record is not None
    return record


def edit(station: Station, record: Record, **typed: str) -> None:
    """A changed entry."""
    station.write(commands.edit(record, typed, station.parse_context()))


def shown(station: Station) -> list[Item]:
    """What the board shows."""
    return list(board_of(station).items)


def test_nothing_is_public_by_itself(rheine: Station) -> None:
    """Whatever is entered, the board stays empty until somebody releases it."""
    enter(rheine, "shelter", name="Turnhalle", capacity="80", occupied="30")
    enter(rheine, "supply_state", municipality="Rheine", service="Strom", state="ausgefallen")
    enter(rheine, "gauge", name="Rheine")

    assert (board_of(rheine).items, board_of(rheine).gauges) == ((), ())


def test_words_stay_as_released_and_figures_follow(rheine: Station, clock: FixedClock) -> None:
    """A later name or remark does not get out by itself; free places do."""
    hall = enter(rheine, "shelter", name="Turnhalle", capacity="80", occupied="30")
    rheine.write(release(hall))
    clock.advance(60)
    edit(rheine, hall, name="Turnhalle bei Frau Meyer", occupied="75", note="Herr Kern ist krank")
    (item,) = shown(rheine)
    (standing,) = released(rheine.reader, rheine.now())

    assert (item.words, item.free, item.capacity) == ("Turnhalle", 5, 80)
    assert standing.reworded
    assert b"Meyer" not in to_json(board_of(rheine))
    assert b"Kern" not in to_json(board_of(rheine))


def test_taking_back_works_on_every_node(county: list[Station]) -> None:
    """Any staff may take back; the other's board shows it no longer as soon as it has heard."""
    steinfurt, rheine, _ = county
    hall = enter(rheine, "shelter", name="Turnhalle", capacity="80", occupied="30")
    (draft,) = release(hall)
    rheine.write([draft])
    deliver(county)
    assert [item.words for item in shown(steinfurt)] == ["Turnhalle"]
    standing = releases_of(steinfurt.reader, hall, steinfurt.now())
    (back,) = withdraw([each.notice for each in standing])
    steinfurt.write([back])
    deliver(county)

    assert back.urgency.urgent
    assert shown(steinfurt) == shown(rheine) == []
    with pytest.raises(UsageError):
        withdraw([])


def test_two_staffs_release_the_same(county: list[Station], clock: FixedClock) -> None:
    """It is shown once, in the newest words; taken back it is gone, not back in the older ones."""
    steinfurt, rheine, _ = county
    hall = enter(rheine, "shelter", name="Turnhalle")
    deliver(county)
    rheine.write(release(hall))
    clock.advance(60)
    steinfurt.write(release(hall, "Turnhalle der Realschule"))
    deliver(county)
    assert [item.words for item in shown(rheine)] == ["Turnhalle der Realschule"]
    standing = releases_of(rheine.reader, hall, rheine.now())
    rheine.write(withdraw([each.notice for each in standing]))

    assert shown(rheine) == []


def test_an_outage_is_public_until_it_is_over(rheine: Station, clock: FixedClock) -> None:
    """The next report on the same town and service is shown without another release."""
    out = enter(rheine, "supply_state", municipality="Rheine", service="Strom", state="ausgefallen")
    rheine.write(release(out))
    assert [(i.what, i.state, i.place) for i in shown(rheine)] == [
        ("Strom", "ausgefallen", "Rheine")
    ]
    clock.advance(3600)
    enter(rheine, "supply_state", municipality="Rheine", service="Strom", state="in Betrieb")
    enter(rheine, "supply_state", municipality="Rheine", service="Wasser", state="ausgefallen")
    assert [(i.what, i.state) for i in shown(rheine)] == [("Strom", "in Betrieb")]
    clock.advance(25 * 3600)

    assert shown(rheine) == []


def test_what_has_ended_is_gone(rheine: Station, clock: FixedClock) -> None:
    """A road that is open again, a notice whose time is over."""
    road = enter(rheine, "road_closure", road="B 475", municipality="Rheine")
    rheine.write(release(road))
    enter(rheine, "notice", text="Fenster schließen", topic="Warnung", until="in 1 h")
    assert [item.topic for item in shown(rheine)] == ["warnung", "strasse"]
    edit(rheine, road, status="freigegeben")
    clock.advance(2 * 3600)

    assert shown(rheine) == []
    with pytest.raises(UsageError):
        release(rheine.find_record("road_closure", "RHE-S1"))


NEVER = sorted(CARDS.keys() - {"area", "gauge", "road_closure", "shelter", "supply_state"})


@pytest.mark.parametrize("kind", NEVER)
def test_kinds_about_people_cannot_be_released(kind: str) -> None:
    """Helpers, messages, incidents, the Tagebuch: there is no way to make one public."""
    record = Record(EntityId(2, 1), kind, 1, 0, 0, 0, {"text": "x"})
    with pytest.raises(UsageError):
        release(record)


def test_public_gauges_are_compared_and_judged(rheine: Station, clock: FixedClock) -> None:
    """Level, source and remembered floods; what is doubtful stays with the staff."""
    gauge = enter(rheine, "gauge", name="Rheine", water="Ems", info1="300", maximum="900",
                  floods="August 2010: 612; Quatsch; Januar 2024: 548,5")  # fmt: skip
    enter(rheine, "gauge", name="Geheim")
    enter(rheine, "reading", gauge="Rheine", value="320")
    clock.advance(600)
    enter(rheine, "reading", gauge="Rheine", value="9000")
    rheine.write(release(gauge))
    (shown_gauge,) = board_of(rheine).gauges

    assert [(r.value, r.source) for r in shown_gauge.readings] == [(320, "Ablesung")]
    assert (shown_gauge.level, shown_gauge.water) == (1, "Ems")
    assert [(f.name, f.value) for f in shown_gauge.floods] == [
        ("August 2010", 612),
        ("Januar 2024", 548.5),
    ]
    assert remembered("") == remembered(";;:") == ()


def test_the_document_reads_back(rheine: Station) -> None:
    """What is written is what is read; anything else is refused in words, whatever it is."""
    enter(rheine, "notice", text="Trinkwasser", topic="Ausgabestelle", point="52.28 7.44")
    gauge = enter(rheine, "gauge", name="Rheine", info1="300")
    enter(rheine, "reading", gauge="Rheine", value="250")
    rheine.write(release(gauge))
    board = board_of(rheine)

    assert from_json(to_json(board)) == board
    assert {field.name for field in fields(Board)} == {
        "county",
        "stand",
        "exercise",
        "items",
        "gauges",
    }
    for damaged in (b"", b"[]", b"{}", b'{"form":2}', b'{"form":1,"items":3}', b"[" * 100_000):
        with pytest.raises(BoardError):
            from_json(damaged)


def test_the_node_writes_at_once_and_every_minute(
    rheine: Station, tmp_path: Path, clock: FixedClock
) -> None:
    """A release and a withdrawal within two seconds; else a sign of life each minute."""
    folder = tmp_path / "aushang"
    keeper = BoardKeeper(rheine)
    keeper.turn(0)
    assert not folder.exists()
    rheine.keep(FOLDER, str(folder))
    keeper.turn(LOOK_MS)
    enter(rheine, "notice", text="Fenster zu", topic="Warnung", point="52.1, 7.4")
    water = enter(rheine, "notice", text="Wasser", topic="Ausgabestelle", point="52.28, 7.44")
    keeper.turn(2 * LOOK_MS)
    read = from_json((folder / FILE).read_bytes())
    assert {item.words for item in read.items} == {"Fenster zu", "Wasser"}

    def mapped() -> list[str]:
        return [spot.key for spot in chart.from_json((folder / chart.FILE).read_bytes()).spots]

    assert mapped() == [f"{water.id.author}-{water.id.number}"]
    rheine.write(withdraw([water]))
    keeper.turn(3 * LOOK_MS)
    assert mapped() == [], "what is taken back is gone from the map as well"
    clock.advance(60)
    keeper.turn(LOOK_MS + ROUND_MS)

    assert from_json((folder / FILE).read_bytes()).stand == read.stand + 60
    assert (folder / FILE).stat().st_mode & 0o777 == 0o644


def test_many_gauges_are_read_a_few_at_a_time(
    rheine: Station, tmp_path: Path, clock: FixedClock
) -> None:
    """The radio waits for no more than a few; a gauge that is taken back is gone at once."""
    keeper, folder = BoardKeeper(rheine), tmp_path / "aushang"
    rheine.keep(FOLDER, str(folder))
    found = [enter(rheine, "gauge", name=f"Pegel {n}") for n in range(SLICE + 1)]
    rheine.write([draft for gauge in found for draft in release(gauge)])

    def shown() -> tuple[int, int]:
        board = from_json((folder / FILE).read_bytes())
        return len(board.gauges), board.stand

    keeper.turn(0)
    assert shown()[0] == SLICE
    keeper.turn(LOOK_MS)
    assert shown()[0] == SLICE + 1
    clock.advance(60)
    keeper.turn(ROUND_MS)
    keeper.turn(ROUND_MS + LOOK_MS)
    assert shown() == (SLICE + 1, int(clock.unix))
    standing = releases_of(rheine.reader, found[0], rheine.now())
    rheine.write(withdraw([each.notice for each in standing]))
    keeper.turn(ROUND_MS + 2 * LOOK_MS)

    assert shown()[0] == SLICE


def test_a_folder_that_cannot_be_written_is_said(rheine: Station, tmp_path: Path) -> None:
    """With what to do; nothing half is left."""
    (tmp_path / "datei").write_text("x")
    with pytest.raises(LageError, match="aushang ordner"):
        write_board(board_of(rheine), tmp_path / "datei")
