# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The log in SQLite: what it keeps, what it refuses, and the picture that follows it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lage.archive.audit import check
from lage.kinds.model import Draft, Query, Where
from lage.kinds.setting import PERSON
from lage.language.errors import StoreError, UsageError
from lage.station import Station
from lage.store import Peer, Store
from sync.feed import chain as feed
from sync.feed.log import ForkProof, VerifiedRun
from sync.schema.definition import EntityId, SetChange
from sync.wire.statement import Statement
from tests.fixtures import FixedClock, cut_run, make_county, picture, replicate, share


def run_of(station: Station, first: int, last: int) -> VerifiedRun:
    """Own operations of a station as a run."""
    me = station.network_keys.author
    assert me is not None
    run = cut_run(station.store.log, me, first, last)
    assert run is not None
    return run


def notes(station: Station, *texts: str) -> list[EntityId]:
    """Journal entries, one operation each."""
    return [station.write([Draft("journal", {"text": text})])[0] for text in texts]


def test_append_is_durable_and_numbered(station: Station) -> None:
    """What was written is there for another process at once, with running numbers."""
    ids = notes(station, "eins", "zwei")
    other = Store.open(station.folder / "lage.db")
    found = other.situation.select(Query("journal", order="nr", descending=False))
    other.close()
    assert ids == [EntityId(2, 1), EntityId(2, 2)]
    assert [(r.nr, r.values["text"]) for r in found] == [(1, "eins"), (2, "zwei")]


def test_append_signs_a_verifiable_chain(station: Station) -> None:
    """Every own operation carries a signature over the chain that members can verify."""
    notes(station, "eins", "zwei")
    member = station.roster.members[2]
    chain = member.origin
    for number, data in enumerate(station.store.log.operations(2, 1, 9), 1):
        chain = feed.next_chain(chain, data)
        (point,) = station.store.log.signatures(2, number, number)
        network = station.network_keys.network_id
        assert feed.verify(member.sign_key, network, 2, number, chain, point.signature)


def test_append_is_all_or_nothing(station: Station) -> None:
    """A draft that cannot be coded takes the whole batch back."""
    good, bad = Draft("journal", {"text": "gut"}), Draft("journal", {"text": ""})
    with pytest.raises(UsageError, match="Inhalt"):
        station.write([good, bad])
    assert station.store.log.head(2) == 0
    assert station.reader.count(Query("journal")) == 0


def test_batch_refers_to_its_own_entities(station: Station) -> None:
    """A draft may change what another draft of the same batch creates."""
    created = Draft("incident", {"type": "Brand", "status": "offen"})
    entity = station.write([created, Draft("incident", {"status": "erledigt"}, 0)])[0]
    record = station.reader.get(entity)
    assert record is not None
    assert record.values["status"] == "erledigt"


def test_island_is_visible_without_a_number(county: list[Station]) -> None:
    """An urgent run beyond a gap is shown at once; its running number waits for the gap."""
    _, rheine, greven = county
    notes(rheine, "a", "b", "c")
    greven.store.log.store([run_of(rheine, 3, 3)])
    assert greven.store.log.islands(2) == [(3, 3)]
    assert greven.store.log.head(2) == 0
    (seen,) = greven.reader.select(Query("journal"))
    assert (seen.values["text"], seen.nr) == ("c", None)
    greven.store.log.store([run_of(rheine, 1, 2)])
    assert greven.store.log.head(2) == 3
    assert greven.store.log.islands(2) == []
    numbers = {r.values["text"]: r.nr for r in greven.reader.select(Query("journal"))}
    assert numbers == {"a": 1, "b": 2, "c": 3}


def test_duplicates_change_nothing(county: list[Station]) -> None:
    """The same run a second time leaves log and picture as they are."""
    _, rheine, greven = county
    notes(rheine, "a", "b")
    greven.store.log.store([run_of(rheine, 1, 2)])
    before = picture(greven.store, arrival=True)
    greven.store.log.store([run_of(rheine, 1, 2), run_of(rheine, 2, 2)])
    assert picture(greven.store, arrival=True) == before


def test_quarantine_hides_and_lifting_shows_again(county: list[Station]) -> None:
    """Beyond a revocation nothing is shown, later arrivals included, until it is lifted."""
    _, rheine, greven = county
    notes(rheine, "gut", "böse")
    message = Draft("message", {"text": "falsch", "priority": "einfach", "to": (3,)})
    rheine.write([message])
    greven.store.log.store([run_of(rheine, 1, 2)])
    greven.store.log.quarantine(2, 1)
    greven.store.log.store([run_of(rheine, 3, 3)])
    assert [r.values["text"] for r in greven.reader.select(Query("journal"))] == ["gut"]
    assert greven.reader.count(Query("message")) == 0
    assert not greven.reader.search("boese")
    steps = greven.reader.history(EntityId(2, 2))
    assert [step.valid for step in steps] == [False]
    greven.store.log.quarantine(2, None)
    assert greven.reader.count(Query("journal")) == 2
    assert greven.reader.incoming_number(EntityId(2, 3)) == 1


def test_quarantine_leaves_what_a_rebuild_gives(county: list[Station]) -> None:
    """Addressees and words of hidden messages are gone from every table."""
    _, rheine, greven = county
    message = Draft("message", {"text": "falsch", "priority": "einfach", "to": (3,)})
    rheine.write([message])
    share(rheine, greven)
    greven.store.log.quarantine(2, 0)
    hidden = picture(greven.store)
    greven.store.rebuild()
    assert picture(greven.store) == hidden


def test_set_aside_makes_room_for_the_decided_branch(county: list[Station]) -> None:
    """Where the root decides for the other branch, the first is kept aside, not lost."""
    _, rheine, greven = county
    notes(rheine, "gemeinsam", "Zweig A")
    share(rheine, greven)
    log = greven.store.log
    branch = run_of(rheine, 2, 2)
    log.set_aside(2, 1)
    assert log.head(2) == 1
    assert [r.values["text"] for r in greven.reader.select(Query("journal"))] == ["gemeinsam"]
    kept = greven.store.connection.execute("SELECT number, bytes FROM branch").fetchall()
    assert [tuple(row) for row in kept] == [(2, branch.operations[0])]
    log.store([branch])
    assert [r.nr for r in greven.reader.select(Query("journal", order="nr"))] == [2, 1]


def test_fork_proof_is_kept_with_both_sides(station: Station) -> None:
    """A proof comes back as it was stored, its branch is kept beside the log."""
    proof = ForkProof(3, 1, b"a" * 16, b"s" * 64, b"b" * 16, b"t" * 64, (b"\x01\x02",), ())
    run = VerifiedRun(3, 1, (b"\x01\x02",), (b"b" * 16,), b"t" * 64)
    station.store.log.store_fork(proof, run)
    station.store.log.store_fork(proof, run)
    assert station.store.log.forks() == [proof]
    (fork,) = station.network().forks
    assert (fork.name, fork.number, fork.decided, fork.void) == ("SAE Greven", 1, False, 1)


def test_unknown_operations_are_kept_and_counted(county: list[Station]) -> None:
    """Bytes of a newer codec are stored and given on unchanged, and counted as unreadable."""
    _, rheine, greven = county
    newer = bytes((4, 7 << 5)) + b"neu"
    origin = rheine.roster.members[2].origin
    signer = rheine.signer()
    chain = feed.next_chain(origin, newer)
    run = VerifiedRun(2, 1, (newer,), (chain,), signer.sign(1, chain))
    greven.store.log.store([run])
    assert greven.store.log.operations(2, 1, 1) == [newer]
    assert greven.network().unreadable == 1


def test_rebuild_equals_incremental(county: list[Station]) -> None:
    """A projection thrown away and folded anew is the same, byte for byte."""
    krisenstab, rheine, greven = county
    (incident,) = rheine.write([Draft("incident", {"type": "Überflutung", "status": "offen"})])
    share(*county)
    greven.write([Draft("incident", {"status": "in Arbeit", "affected": 3}, incident)])
    krisenstab.write([Draft("incident", {"status": "erledigt"}, incident)])
    (group,) = greven.write([Draft("group", {"name": "Ems"})])
    greven.write([Draft("group", {"members": SetChange((1, 2))}, group)])
    long = "Wort " * 120
    rheine.write([Draft("message", {"text": long, "priority": "sofort", "to": (1, 3)})])
    share(*county)
    for each in county:
        before = picture(each.store, arrival=True)
        each.store.rebuild()
        assert picture(each.store, arrival=True) == before
    assert picture(krisenstab.store) == picture(greven.store)


def test_rebuild_reports_progress(station: Station) -> None:
    """The last call says that all is done."""
    notes(station, "a", "b", "c")
    calls: list[tuple[int, int]] = []
    station.store.rebuild(lambda done, total: calls.append((done, total)))
    assert calls[-1][0] == calls[-1][1] == station.store.situation.operation_count()


def test_incoming_numbers_survive_a_rebuild(county: list[Station]) -> None:
    """The Eingangsnachweisung is this node's own and is never renumbered."""
    _, rheine, greven = county
    for text in ("eins", "zwei"):
        rheine.write([Draft("message", {"text": text, "priority": "einfach", "to": (3,)})])
    rheine.write([Draft("message", {"text": "nicht an uns", "priority": "einfach", "to": (1,)})])
    share(rheine, greven)
    before = [greven.reader.incoming_number(EntityId(2, n)) for n in (1, 2, 3)]
    greven.store.rebuild()
    assert before == [greven.reader.incoming_number(EntityId(2, n)) for n in (1, 2, 3)]
    assert before == [1, 2, None]


def test_wrong_file_is_refused_in_words(tmp_path: Path) -> None:
    """A file that is no log gives a StoreError that names the way out."""
    path = tmp_path / "lage.db"
    path.write_bytes(b"kein SQLite" * 100)
    with pytest.raises(StoreError, match="wiederherstellen"):
        Store.open(path)


def test_newer_log_is_refused(tmp_path: Path) -> None:
    """A log that a newer version wrote is left alone."""
    path = tmp_path / "lage.db"
    Store.open(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 999")
    with pytest.raises(StoreError, match="neueren Version"):
        Store.open(path)


def test_locked_log_is_a_store_error(station: Station, monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot be written is said, and nothing half is left behind."""
    station.store.connection.execute("PRAGMA busy_timeout = 1")
    blocker = sqlite3.connect(station.folder / "lage.db", isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="sperrt"):
        notes(station, "x")
    blocker.execute("ROLLBACK")
    blocker.close()
    assert notes(station, "y") == [EntityId(2, 1)]


def test_two_counties_with_equal_names_differ(tmp_path: Path, clock: FixedClock) -> None:
    """Signatures of one network mean nothing in another (exercise and reality)."""
    real = make_county(tmp_path / "a", ["SAE Rheine"], clock=clock)["SAE Rheine"]
    play = make_county(tmp_path / "b", ["SAE Rheine"], clock=clock, county="Übung", exercise=True)
    exercise = play["SAE Rheine"]
    notes(exercise, "ÜBUNG")
    (point,) = exercise.store.log.signatures(1, 1, 1)
    chain = exercise.store.log.chain(1, 1)
    assert chain is not None
    key = exercise.roster.members[1].sign_key
    assert feed.verify(key, exercise.network_keys.network_id, 1, 1, chain, point.signature)
    assert not feed.verify(key, real.network_keys.network_id, 1, 1, chain, point.signature)
    real.close()
    exercise.close()


def test_to_member_filter(county: list[Station]) -> None:
    """Messages to a member are those that name it and those to all."""
    krisenstab, *_ = county
    for to in ((2,), (3,), None):
        values: dict[str, Any] = {"text": str(to), "priority": "einfach"}
        krisenstab.write([Draft("message", values | ({"to": to} if to else {}))])
    found = krisenstab.reader.select(Query("message", to=(2,), descending=False))
    assert [r.values["text"] for r in found] == ["(2,)", "None"]


def test_search_finds_umlauts_either_way(station: Station) -> None:
    """ä and ae, ß and ss are the same word; the syntax of the index is not obeyed."""
    notes(station, "Straße überflutet", 'mit "Zeichen" AND (Klammer')
    for text in ("strasse ueberfl", "STRASSE", "Überflutet"):
        assert len(station.reader.search(text)) == 1
    assert len(station.reader.search('"Zeichen" AND (')) == 1
    assert station.reader.search("") == []


def test_where_operators(station: Station) -> None:
    """Unknown is not zero: a missing value is neither equal nor unequal by accident."""
    for affected in (None, 0, 5):
        values: dict[str, Any] = {"type": "Brand", "status": "offen"}
        station.write(
            [Draft("incident", values | ({"affected": affected} if affected is not None else {}))]
        )

    def count(*where: Where) -> int:
        return station.reader.count(Query("incident", where))

    assert count(Where("affected", "unknown")) == 1
    assert count(Where("affected", "known")) == 2
    assert count(Where("affected", "=", 0)) == 1
    assert count(Where("affected", "!=", 0)) == 2
    assert count(Where("affected", "in", (0, 5))) == 2


def test_times_ahead_are_flagged(county: list[Station], clock: FixedClock) -> None:
    """An operation stamped far ahead of the receiver's clock is shown as doubtful."""
    _, rheine, greven = county
    clock.advance(3600)
    (entity,) = notes(rheine, "aus der Zukunft")
    clock.advance(-3600)
    replicate(rheine.store.log, greven.store.log)
    assert [step.time_doubtful for step in greven.reader.history(entity)] == [True]


def test_full_disk_is_said_and_leaves_the_log_whole(station: Station) -> None:
    """Where nothing more fits, every way of writing says so; what was there stays and is sound."""
    notes(station, "vorher")
    connection = station.store.connection
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages}")
    ways: list[Callable[[], object]] = [
        lambda: notes(station, *(f"voll {number}" for number in range(400))),
        lambda: station.keep(PERSON, "x" * 100_000),
        lambda: station.store.local.save_peers([Peer(n, 0, 1.0, 0) for n in range(9999)], {}),
    ]
    for way in ways:
        with pytest.raises(StoreError, match="kein Platz"):
            way()

    assert not connection.in_transaction
    connection.execute("PRAGMA max_page_count = 1000000")
    head = station.store.log.head(2)
    assert len(station.reader.select(Query("journal", limit=1000))) == head
    assert notes(station, "nachher") == [EntityId(2, head + 1)]


def test_what_a_node_is_believed_to_hold_can_become_less(station: Station) -> None:
    """As the running node says; what a stick brings only adds, until the node has judged it."""
    local = station.store.local
    local.save_peers([], {5: {1: 9, 3: 2}})
    assert local.holders(1, 9) == {1, 5}
    local.save_peers([], {5: {1: 4, 3: 0}})
    assert (local.holders(1, 4), local.holders(1, 5), local.holders(3, 1)) == ({1, 5}, {1}, {3})
    local.keep_statement(Statement(5, 7, {1: 3, 8: 1}, radio=True, data=b"said"))
    assert local.vectors()[5] == {1: 4, 3: 0, 8: 1}


def test_log_out_of_reach_is_not_called_damaged(tmp_path: Path) -> None:
    """Nobody is told to restore a backup because a folder is missing or a disk is full."""
    with pytest.raises(StoreError, match="nicht zugänglich") as refused:
        Store.open(tmp_path / "weg" / "lage.db")
    assert "wiederherstellen" not in str(refused.value)


def test_writing_goes_on_from_what_another_process_wrote_meanwhile(
    station: Station, clock: FixedClock
) -> None:
    """Coded for a number that is taken by then, entries are coded anew, references included."""
    other = Station.open(station.folder, clock=clock)
    drafts = [
        Draft("incident", {"type": "Brand", "status": "offen"}),
        Draft("incident", {"status": "erledigt"}, 0),
    ]
    before = iter([True, False])

    def now() -> int:
        if next(before):
            other.write([Draft("journal", {"text": "dazwischen"})])
        return station.now()

    first, second = station.store.log.append(drafts, station.signer(), now)
    assert first == second == EntityId(2, 2)
    found = station.reader.get(first)
    assert found is not None
    assert found.values["status"] == "erledigt"
    assert station.store.log.head(2) == 3
    assert check(station).problems == []
    other.close()
