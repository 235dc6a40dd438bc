# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Boxes from outside: numbers that never repeat, decided once, shown where they stay closed."""

from __future__ import annotations

import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from lage.kinds.model import Query
from lage.kinds.outside import Call, Offer
from lage.language import running
from lage.language.errors import LageError
from lage.node.outside import Outside
from lage.outside import calls, desk, offers
from lage.outside.desk import SOURCES, Source, boxes_of, disconnect
from lage.outside.tending import Seen, tend
from lage.station import Station
from lage.store.arrived import CLOSED, NEW, TAKEN
from lage.store.inbox import Inbox
from lage.store.reception import Reception
from lage.store.recipient import SHEET, Recipient
from lage.views.alarm import Sort
from lage.volunteers.private import read_own
from tests.fixtures import make_county
from tests.unit.lage.conftest import Terminal
from tests.unit.lage.test_offers import Portal, portal

__all__ = ["portal"]

CALL = Call("Brand", "Rheine", "Rauch aus dem Keller")
OFFER = Offer(("Küche",), "Rheine", "Anne Beispiel", phone="0171 555", consent=True)


@given(st.integers(1, 400 * running.SERIES).filter(lambda number: number % running.SERIES))
def test_a_number_is_read_as_it_is_shown(number: int) -> None:
    """In any case; figures alone are the first series."""
    assert running.read(f" {running.shown(number).lower()} ") == number
    assert [running.shown(n) for n in (14, 1_000_014, 22_000_001)] == ["14", "B14", "BA1"]
    assert [running.read(typed) for typed in ("RHE-14", "", "B", "1234567", "²")] == [None] * 5


def test_no_number_is_given_twice(station: Station, lage: Terminal, tmp_path: Path) -> None:
    """Not by two inboxes, one that is made anew under its old name, or an older copy of one."""
    address = tmp_path / "punkt" / "eingang.db"
    given: list[str] = []

    def hand_in(where: Path, count: int) -> None:
        inbox = Inbox.open(str(where))
        window = Reception(inbox)
        for _ in range(count):
            ticket = window.new_ticket()
            window.hand_in(CALL, ticket)
            entered = window.entered(ticket)
            assert entered is not None
            given.append(running.shown(entered.number))
        inbox.close()

    def connect(where: Path, name: str) -> None:
        lage("eingang", "verbinden", str(where), "--name", name)

    connect(address, "Punkt")
    hand_in(address, 2)
    older = address.read_bytes()
    hand_in(address, 3)
    tend(station)
    connect(tmp_path / "portal.db", "Portal")
    hand_in(tmp_path / "portal.db", 2)
    address.write_bytes(older)  # restored from a copy
    for name in ("eingang.db-wal", "eingang.db-shm"):
        (address.parent / name).unlink(missing_ok=True)
    tend(station)
    hand_in(address, 1)
    for path in address.parent.iterdir():
        path.unlink()
    assert "neu angelegt" in str(lage.refusal("eingang", "holen"))
    connect(address, "Punkt")
    hand_in(address, 2)
    tend(station)
    assert given == ["1", "2", "3", "4", "5", "B1", "B2", "6", "C1", "C2"]
    assert lage.json("notruf", "zeigen", "c2")["nummer"] == "C2"
    lage("notruf", "vorfall", "b1")
    assert lage.json("vorfall", "liste")[0]["text"].startswith("Notruf B1 (Portal)")


KILLED = """
import os, sys
from pathlib import Path
from lage.outside import calls, desk, offers
from lage.station import Station
from lage.store import arrived
from lage.volunteers import private

folder, deed, where = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
station = Station.open(folder)
die = lambda *_: os._exit(77)  # as kill -9: nothing is closed or taken back
if where == "person":
    private.write_secret = die
else:
    update = arrived._update
    arrived._update = lambda run, box: die() if box.state == arrived.TAKEN else update(run, box)
with desk.boxes_of(station) as boxes:
    if deed == "angebot":
        offers.take_over(station, boxes, offers.find(station, boxes, "1"))
    else:
        calls.as_incident(station, boxes, calls.find(station, boxes, "1"))
"""


@pytest.mark.parametrize(("deed", "where"), [("notruf", "kasten"), ("angebot", "person")])
def test_killed_between_log_and_queue(
    deed: str, where: str, station: Station, lage: Terminal, tmp_path: Path
) -> None:
    """The entry is there and the box says nothing: the next round, or the next key, finishes."""
    address = str(tmp_path / "eingang.db")
    lage("eingang", "verbinden", address, "--name", "Punkt")
    Reception.open(address).hand_in(CALL if deed == "notruf" else OFFER, "0000000000000001")
    seen: Seen = {}
    tend(station, seen)
    done = subprocess.run([sys.executable, "-c", KILLED, str(station.folder), deed, where],
                          capture_output=True, text=True)  # fmt: skip
    assert done.returncode == 77, done.stderr
    kind = "incident" if deed == "notruf" else "helper"
    (record,) = station.reader.select(Query(kind))
    with boxes_of(station) as boxes:
        (box,) = boxes.select(deed, (NEW, TAKEN))
        assert box.state == NEW, "nothing says so yet"
        if deed == "notruf":
            found = calls.find(station, boxes, "1")
            with pytest.raises(LageError, match="ist schon übernommen"):
                calls.as_message(station, boxes, found)
        else:
            tend(station, seen)
        (box,) = boxes.select(deed, (TAKEN,))
        assert box.entity == record.id
        if deed == "angebot":
            person = read_own(station, record)
            assert person is not None
            assert person.name == OFFER.name
            with pytest.raises(LageError, match="schon entschieden"):
                offers.take_over(station, boxes, offers.find(station, boxes, "1"))
    assert len(station.reader.select(Query(kind))) == 1
    assert station.reader.select(Query("message")) == []


def test_nothing_that_was_decided_is_overwritten(
    station: Station, lage: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A round that read a call before somebody decided does not put it back."""
    address = str(tmp_path / "eingang.db")
    lage("eingang", "verbinden", address, "--name", "Punkt")
    Reception.open(address).hand_in(CALL, "0000000000000001")
    word = calls.word

    def meanwhile(found: desk.Opened) -> object:
        if found.box.state == NEW:
            lage("notruf", "vorfall", "1")
        return word(found)

    monkeypatch.setattr(calls, "word", meanwhile)
    tend(station)
    assert [row["stand"] for row in lage.json("notruf", "liste", "--alle")] == ["angenommen"]


def test_what_stays_closed_is_shown(station: Station, lage: Terminal, tmp_path: Path) -> None:
    """Where from, why and what to do; it counts as no call, and opens once its key is back."""
    address = str(tmp_path / "eingang.db")
    lage("eingang", "verbinden", address, "--name", "Punkt Süd")
    inbox = Inbox.open(address)
    ours = Recipient.from_json(inbox.laid_out(SHEET) or b"")
    old = X25519PrivateKey.generate()
    inbox.lay_out(SHEET, replace(ours, seal=old.public_key().public_bytes_raw()).to_json())
    window = Reception(inbox)
    window.hand_in(CALL, window.new_ticket())
    inbox.lay_out(SHEET, replace(ours, exercise=True).to_json())
    window.hand_in(OFFER, window.new_ticket())
    inbox.lay_out(SHEET, ours.to_json())
    seen: Seen = {}
    assert tend(station, seen).unreadable == 2
    assert tend(station, seen).unreadable == 2
    (alarm,) = (each for each in station.queue() if each.sort in (Sort.CALL, Sort.CLOSED))
    assert alarm.text == "2 Meldungen lassen sich nicht öffnen (von Punkt Süd)"
    assert [(row["art"], row["nummer"], row["grund"])
            for row in lage.json("eingang", "verschlossen")] == [
        ("notruf", "1", "schluessel"), ("angebot", "1", "uebung"),
    ]  # fmt: skip
    assert "knoten-alt-" in lage("eingang", "verschlossen")
    assert lage.json("eingang", "liste")[0]["verschlossen"] == 2
    lage("eingang", "verschlossen", "--verwerfen", "angebot 1")
    (station.folder / "knoten-alt-1.json").write_text(
        (station.folder / "knoten.json").read_text().replace(
            ours_seal(station), old.private_bytes_raw().hex()
        )
    )  # fmt: skip
    assert lage.json("eingang", "holen")["fremd"] == 0
    assert [row["nummer"] for row in lage.json("notruf", "liste")] == ["1"]
    with boxes_of(station) as boxes:
        assert boxes.select("notruf", (CLOSED,)) == []
    inbox.close()


def ours_seal(station: Station) -> str:
    """The secret sealing key as the folder keeps it."""
    from lage.store.keys import load_node

    return load_node(station.folder).seal.private_bytes_raw().hex()


def test_an_inbox_is_of_exercise_or_reality(station: Station, tmp_path: Path) -> None:
    """The same staff's, of the same name, refuses the other's in both directions."""
    (practised,) = make_county(tmp_path / "u", ["SAE Rheine"], exercise=True).values()
    for first, then, said in (
        (practised, station, "gehört zu einer Übung"),
        (station, practised, "nimmt echte Meldungen"),
    ):
        address = str(tmp_path / f"{said[:4]}.db")
        desk.connect(first, Source(address, "Punkt"))
        before = Inbox.open(address).laid_out(SHEET)
        with pytest.raises(LageError, match=said):
            desk.connect(then, Source(address, "Punkt"))
        assert Inbox.open(address).laid_out(SHEET) == before
        then.keep(desk.SOURCES, (Source(address, "Punkt"),))  # an older Lage let it
        assert said in tend(then).troubles[0]
        for each in (first, then):
            each.keep(desk.SOURCES, ())
    practised.close()


def test_what_came_is_tended_after_the_last_inbox_is_gone(portal: Portal) -> None:
    """Its day of deletion comes, and letters still wait: the node goes on."""
    portal.offer()
    disconnect(portal.station, portal.station.setting(SOURCES)[0].name)
    outside = Outside(portal.station.folder, lambda: None)
    outside.tend(portal.station)
    names = {thread.name for thread in threading.enumerate()}
    outside.close()
    assert {"lage-aussen", "lage-briefe"} <= names
    portal.clock.advance(400 * 86_400)
    tend(portal.station)
    with boxes_of(portal.station) as boxes:
        assert boxes.highest() == []
