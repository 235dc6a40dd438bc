# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Past moments in a folder of their own: what was held, what was written, what another knew."""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import signal
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from lage.archive.replay import Eyes, Replay
from lage.cli.replay import ending_tidily
from lage.county.roster_feed import roster_of
from lage.kinds.model import Draft, Query
from lage.language.errors import KeysError
from lage.node.process import Node
from lage.station import Station
from lage.store.arrivals import Stamped, believed, placed
from lage.store.lock import FolderLock
from lage.store.passing import passing_folder
from lage.write import commands
from sync.feed.chain import append, root_origin
from sync.feed.records import Revocation
from sync.feed.roster import ROOT
from sync.feed.settle import settle
from tests.fixtures import START, FixedClock, make_network, picture, share
from tests.unit.lage.conftest import Terminal


def fire(station: Station, text: str) -> None:
    """An incident."""
    station.write([Draft("incident", {"type": "Brand", "text": text, "status": "offen"})])


def texts(folder: Path) -> list[str]:
    """Texts of the incidents that a folder shows, oldest first."""
    station = Station.open(folder)
    rows = station.reader.select(Query("incident", descending=False))
    station.close()
    return [row.text("text") for row in rows]


def replay_of(station: Station, target: Path, seen_by: str = "") -> Replay:
    """Its log, to be played."""
    return Replay.of(station.folder, target, seen_by=seen_by, now=station.now())


@pytest.fixture
def night(county: list[Station], clock: FixedClock) -> list[Station]:
    """15:30 Greven writes, 15:40 Rheine, at 16:00 they hear each other, 16:10 Rheine once more."""
    _, rhe, gre = county
    fire(gre, "Greven 15:30")
    clock.advance(600)
    fire(rhe, "Rheine 15:40")
    clock.advance(1200)
    share(*county)
    clock.advance(600)
    fire(rhe, "Rheine 16:10")
    clock.advance(600)
    return county


def test_any_moment_in_any_order(night: list[Station], tmp_path: Path) -> None:
    """Minutes before 16:20, as Rheine knew it and as it is known today, forwards and back."""
    rhe = night[1]
    target = tmp_path / "damals"
    with closing(replay_of(rhe, target)) as replay:
        for ago, eyes, shown in (
            (35, Eyes.THEN, ["Rheine 15:40"]),
            (35, Eyes.TODAY, ["Greven 15:30", "Rheine 15:40"]),
            (45, Eyes.THEN, []),
            (15, Eyes.THEN, ["Greven 15:30", "Rheine 15:40"]),
            (0, Eyes.THEN, ["Greven 15:30", "Rheine 15:40", "Rheine 16:10"]),
            (35, Eyes.THEN, ["Rheine 15:40"]),
        ):
            found = replay.show(rhe.now() - 60 * ago, eyes)
            assert texts(target) == shown
            assert found.operations + found.later == rhe.store.situation.operation_count()
        replay.show(rhe.now())
        with closing(Station.open(target)) as past:
            assert picture(past.store, arrival=True) == picture(rhe.store, arrival=True)
            assert past.now() == rhe.now()


def test_nothing_is_written_and_nothing_touched(night: list[Station], tmp_path: Path) -> None:
    """No keys, no draft, a clock that stands; every file of the folder it came from is as before,
    also where a crash left something in the write-ahead log."""
    rhe = night[1]
    before = files(rhe.folder)
    assert before["lage.db-wal"] != hashlib.blake2b(b"").hexdigest()
    target = tmp_path / "damals"
    with closing(replay_of(rhe, target)) as replay:
        replay.show(rhe.now() - 900)
        with closing(Station.open(target)) as past:
            assert past.now() == rhe.now() - 900
            assert str(past.past) == "WIEDERGABE 241605nov26, wie SAE Rheine es wusste"
            with pytest.raises(KeysError):
                fire(past, "von heute")
    assert not (target / "knoten.json").exists()
    assert files(rhe.folder) == before
    rhe.close()
    before = files(rhe.folder)
    with closing(Replay.of(rhe.folder, tmp_path / "nochmals")):
        assert files(rhe.folder) == before
    assert files(rhe.folder) == before


def files(folder: Path) -> dict[str, str]:
    """What stands in each file of a folder; SQLite's index of readers says nothing of the log."""
    return {
        path.name: hashlib.blake2b(path.read_bytes()).hexdigest()
        for path in folder.iterdir()
        if path.is_file() and not path.name.endswith("-shm")
    }


def test_what_another_knew_at_least_and_at_most(
    county: list[Station], tmp_path: Path, clock: FixedClock
) -> None:
    """Greven confirmed a message: so it had that one and what came before it. What it never spoke
    of it may have had; and it is Greven that is looked at, with its Eingang. Where its own log lies
    beside this one, nobody has to guess."""
    kst, _, gre = county
    fire(kst, "davor")
    typed = {"text": "Wie ist die Lage?", "to": "Greven", "receipt_wanted": "ja"}
    (message,) = kst.write(commands.enter("message", typed, kst.parse_context()))
    share(*county)
    record = gre.reader.get(message)
    assert record is not None
    gre.write(commands.acknowledge(record, "Berger", gre.parse_context(), []))
    clock.advance(600)
    fire(kst, "danach")
    share(*county)
    with closing(replay_of(kst, tmp_path / "eigenes", "SAE Greven")) as replay:
        assert replay.show(kst.now()).title.endswith("wie SAE Greven es wusste")  # by its own log
        assert texts(tmp_path / "eigenes") == ["davor", "danach"]
    alone = tmp_path / "allein" / "1"
    shutil.copytree(kst.folder, alone)
    target = tmp_path / "sicht"
    with closing(Replay.of(alone, target, seen_by="Greven", now=kst.now())) as replay:
        found = replay.show(kst.now())
        assert "was SAE Greven mindestens wusste" in found.title
        assert texts(target) == ["davor"]
        with closing(Station.open(target)) as past:
            assert past.me is not None
            assert past.me.name == "SAE Greven"
            assert [nr for nr, *_ in past.reader.register()] == [1]
        replay.show(kst.now(), Eyes.MOST)
        assert texts(target) == ["davor", "danach"]


def test_the_way_to_a_moment_does_not_matter(
    county: list[Station], tmp_path: Path, clock: FixedClock
) -> None:
    """Entries, changes and gaps, heard late and out of order: whatever moments are shown one after
    the other, each picture is the one that folding all of it anew gives."""
    dice = random.Random(17)
    for _ in range(30):
        station = dice.choice(county)
        clock.advance(dice.randrange(5, 200))
        known = station.reader.select(Query("incident"))
        if known and dice.random() < 0.5:
            change = Draft("incident", {"text": f"nun {clock.unix}"}, dice.choice(known).id)
            station.write([change])
        else:
            fire(station, f"neu {clock.unix}")
        if dice.random() < 0.25:
            share(*dice.sample(county, 2))
    rhe = county[1]
    with closing(replay_of(rhe, tmp_path / "damals")) as replay:
        for _ in range(12):
            moment = dice.randrange(replay.first, replay.last + 1)
            replay.show(moment, dice.choice((Eyes.THEN, Eyes.TODAY)))
            with closing(Station.open(tmp_path / "damals")) as past:
                shown = picture(past.store, arrival=True)
            replay.fold_anew()
            with closing(Station.open(tmp_path / "damals")) as past:
                assert picture(past.store, arrival=True) == shown


def test_what_wrong_clocks_say(county: list[Station], tmp_path: Path, clock: FixedClock) -> None:
    """A staff three days ahead stands where its entry came, and is counted as doubtful."""
    _, rhe, gre = county
    fire(rhe, "vorher")
    clock.advance(3 * 86400)
    fire(gre, "drei Tage vor")
    clock.advance(600 - 3 * 86400)
    share(*county)
    with closing(replay_of(rhe, tmp_path / "damals")) as replay:
        found = replay.show(rhe.now(), Eyes.TODAY)
        assert texts(tmp_path / "damals") == ["vorher", "drei Tage vor"]
        assert found.doubtful == 1
        replay.show(rhe.now() - 60)
        assert texts(tmp_path / "damals") == ["vorher"]


def test_where_our_own_clock_was_wrong() -> None:
    """The longest part that agrees with the order of arrival counts; what does not is marked."""
    assert believed([10, 20, 30]) == [10, 20, 30]
    assert believed([10, 20, 900, 30, 40]) == [10, 20, 20, 30, 40]
    assert believed([500, 510, 0, 520]) == [500, 510, 510, 520]
    entries = [Stamped(1, n, (), None, at) for n, at in enumerate([5000, 5005, 0, 5010], 1)]
    assert [(each.arrived, each.doubtful) for each in placed(entries)] == [
        (5000, False), (5005, False), (5005, True), (5010, False),
    ]  # fmt: skip


def test_what_speaks_of_another_came_after_it() -> None:
    """A change whose clock says that it was made before the entry stands with the entry."""
    entries = [
        Stamped(1, 1, (), 9000, 9000),
        Stamped(2, 1, ((1, 1),), 100, 9600),
        Stamped(2, 2, (), 130, 9700),  # what its author wrote next is no older
        Stamped(3, 1, (), 99_000, 9800),  # from the future: nobody knows when, up to its coming
        Stamped(3, 2, (), 9500, 9900),
    ]
    assert [(each.written, each.doubtful) for each in placed(entries)] == [
        (9000, False), (9000, True), (9000, True), (9800, True), (9500, False),
    ]  # fmt: skip


def test_a_clock_that_was_behind_all_the_time() -> None:
    """Its entries came as they were written, each a day old: they stand when they came. What waited
    a day for a way stands when it was written, however long the bringing took."""
    day, hour = 86_400, 3600
    slow = [Stamped(1, n, (), n * hour, day + n * hour + 60 * n) for n in range(1, 6)]
    late = [Stamped(2, n, (), 9 * hour + n * hour, day + 9 * hour + n * 60) for n in range(1, 9)]
    found = placed([*slow, *late])
    assert [each.written - day for each in found[:5]] == [n * hour + 60 for n in range(1, 6)]
    assert all(each.doubtful for each in found[:5])
    assert [each.written for each in found[5:]] == [each.time for each in late]
    assert not any(each.doubtful for each in found[5:])


def test_nobody_knew_what_had_not_been_written(county: list[Station], tmp_path: Path) -> None:
    """A staff whose clock was a day behind confirms a message: by its own time before that was
    written. It is proved to have known it from when it was there, not from that time on."""
    _, rhe, gre = county
    gre.close()
    behind = Station.open(gre.folder, clock=FixedClock(START - 86_400))
    fire(behind, "vor allem anderen")
    rhe.write([Draft("message", {"text": "Pumpen?", "to": (3,), "priority": "einfach"})])
    share(rhe, behind)
    (asked,) = behind.reader.select(Query("message"))
    behind.write(commands.acknowledge(asked, "Ott", behind.parse_context(), []))
    share(rhe, behind)
    behind.close()
    shutil.move(gre.folder, tmp_path / "anderswo")  # its own log would say it better

    replay = replay_of(rhe, tmp_path / "augenblick", "SAE Greven")
    written = rhe.reader.select(Query("message"))[0].time
    for at, knew in ((written - 3600, 0), (written + 60, 1)):
        replay.show(at, Eyes.LEAST)
        with closing(Station.open(replay.folder)) as seen:
            assert seen.reader.count(Query("message")) == knew
            assert seen.reader.count(Query("receipt")) == knew
    replay.close()


def test_commands(lage: Terminal, night: list[Station], tmp_path: Path) -> None:
    """Into a folder that every command reads, marked everywhere; mistakes are sentences."""
    target = str(tmp_path / "damals")
    said = lage.json("wiedergabe", "--bis", "241545nov26", "--ordner", target)
    assert (said["eintraege"], said["spaeter"]) == (4, 2)
    assert "nicht leer" in str(lage.refusal("wiedergabe", "--bis", "15:45", "--ordner", target))
    for words, *asked in (
        ("Zukunft", "--bis", "16:45", "--json"),
        ("entweder", "--bis", "15:45", "--sicht", "Greven", "--stand", "heute"),
        ("--sicht dazu", "--bis", "15:45", "--hoechstens"),
        ("Welcher Zeitpunkt", "--json"),
        ("tauschen", "--von", "16:10", "--bis", "15:45", "--json"),
        ("keine Stelle", "--bis", "15:45", "--sicht", "Gronau", "--json"),
    ):
        assert words in str(lage.refusal("wiedergabe", *asked))
    past = Terminal(night[1])
    past.folder = Path(target)
    shown = past("vorfall", "liste")
    assert "WIEDERGABE 241545nov26" in shown
    assert "Rheine 15:40" in shown
    assert "Greven 15:30" not in shown
    assert isinstance(past.refusal("tagebuch", "eintragen", "x"), KeysError)
    with pytest.raises(KeysError, match="nur zum Lesen"):
        Node(past.folder, None)  # not only once it has said that it runs


def test_what_lies_between_two_moments(
    lage: Terminal, night: list[Station], clock: FixedClock
) -> None:
    """What came, was changed and was closed, by command and as JSON; and what had been written
    somewhere and was not known here."""
    rhe = night[1]
    _, second, third = reversed(rhe.reader.select(Query("incident")))
    rhe.write([Draft("incident", {"status": "erledigt"}, second.id)])
    rhe.write([Draft("incident", {"text": "doch größer"}, third.id)])
    (told,) = (each.id for each in rhe.reader.select(Query("incident")) if each.id.author != 2)
    clock.advance(30)
    rhe.write([Draft("incident", {"place": "Emsdeich"}, told)])
    clock.advance(30)
    between = ("wiedergabe", "--unterschied", "--von", "15:45")
    said = lage.json(*between, "--bis", "16:21")
    assert [(each["was"], each["eintrag"]) for each in said["aenderungen"]] == [
        ("neu", "Vorfall GRE-1"),
        ("neu", "Vorfall RHE-2"),
        ("erledigt", "Vorfall RHE-1"),
    ]
    assert said["aenderungen"][2]["felder"] == [
        {"feld": "Status", "vorher": "offen", "jetzt": "erledigt"}
    ]
    pairs = [(each["stelle"], each["zeit"]) for each in said["aenderungen"]]
    assert pairs == [
        ("SAE Greven", "241530nov26"),
        ("SAE Rheine", "241610nov26"),
        ("SAE Rheine", "241620nov26"),
    ]
    (added,) = lage.json("wiedergabe", "--unterschied", "--von", "16:15", "--bis", "16:21",
                         )["aenderungen"][-1:]  # fmt: skip
    assert (added["eintrag"], added["stelle"], added["zeit"]) == (
        "Vorfall GRE-1", "SAE Rheine", "241620nov26"
    )  # fmt: skip
    assert "2 neu, 1 erledigt." in lage(*between, "--bis", "16:21")
    over = lage("wiedergabe", "--unterschied", "--von", "15:31", "--bis", "16:21")
    assert "3 neu (davon 1 schon erledigt)." in over
    assert "Rheine 15:40 (schon erledigt)" in " ".join(over.split())
    late = lage("wiedergabe", "--unterschied", "--von", "16:15", "--bis", "16:21")
    assert "Vorfall RHE-2: Lage Rheine 16:10 → doch größer" in " ".join(late.split())
    lacking = lage("wiedergabe", "--unterschied", "--bis", "15:45")
    assert "nicht bekannt oder nicht belegt: 1 neu." in " ".join(lacking.split())
    assert "GRE-1" in lacking


def test_who_belonged_then(county: list[Station], tmp_path: Path, clock: FixedClock) -> None:
    """Before a revocation what the member wrote counted; from it on it does not, whichever way the
    moments are reached."""
    _, rhe, gre = county
    for text in ("vorher", "gestohlen"):
        fire(gre, text)
    share(*county)
    clock.advance(600)
    network, root = make_network("Kreis Steinfurt")
    chain = rhe.store.log.chain(3, 1)
    assert chain is not None
    origin = root_origin(network.network_id, network.root_public)
    record = Revocation(3, 1, chain).encode()
    append(rhe.store.log, root, network.network_id, ROOT, origin, [record])
    settle(rhe.store.log, roster_of(rhe.store.log, rhe.network_keys))
    clock.advance(600)
    target = tmp_path / "damals"
    with closing(replay_of(rhe, target)) as replay:
        for _ in range(2):
            replay.show(rhe.now() - 900)
            assert texts(target) == ["vorher", "gestohlen"]
            replay.show(rhe.now())
            assert texts(target) == ["vorher"]


def test_a_window_that_closes_leaves_no_copy() -> None:
    """Being told to stop ends it as an error would, so that what stands around it is cleared."""
    with pytest.raises(SystemExit), ending_tidily():
        signal.raise_signal(signal.SIGTERM)
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


def test_what_a_killed_process_left_is_cleared_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not what a process still holds, was made this minute, or only is a link to a folder."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    left, held, fresh, elsewhere = folders = [
        tmp_path / name for name in ("lage-x-alt", "lage-x-dort", "lage-x-neu", "anderes")
    ]
    for folder in folders:
        folder.mkdir(mode=0o700)
        (folder / "lage.db").write_bytes(b"key")
        if folder is not fresh:
            os.utime(folder, (START, START))
    link = tmp_path / "lage-x-link"
    link.symlink_to(elsewhere, target_is_directory=True)
    lock = FolderLock(held)
    assert lock.take()
    os.utime(held, (START, START))

    with passing_folder("lage-x-") as mine:
        assert mine.stat().st_mode & 0o077 == 0 or os.name == "nt"
        assert {path.name for path in tmp_path.iterdir()} == {
            held.name, fresh.name, elsewhere.name, link.name, mine.name,
        }  # fmt: skip
    lock.release()
    assert not left.exists()
    assert not mine.exists()
    assert (elsewhere / "lage.db").exists()


def test_where_there_is_no_room_the_copy_is_named_and_nothing_stays(
    lage: Terminal, night: list[Station], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The log is not at fault; and another attempt finds no half folder in its way."""
    connect = sqlite3.connect
    target = tmp_path / "damals"

    def full(address: Any, **how: Any) -> sqlite3.Connection:
        db = connect(address, **how)
        if str(address).startswith(str(target)):
            db.execute("PRAGMA max_page_count = 2")
        return db

    monkeypatch.setattr(sqlite3, "connect", full)
    said = str(lage.refusal("wiedergabe", "--bis", "15:45", "--ordner", str(target)))
    assert f"Die Kopie {target}" in said
    assert str(night[1].folder) not in said
    assert not target.exists()
