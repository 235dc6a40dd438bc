# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Nodes on one cable: real sockets on loopback, real TLS, no radio."""

from __future__ import annotations

import contextlib
import os
import random
import socket
import time
from contextlib import ExitStack
from pathlib import Path

import msgpack
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from lage.bearers.bearer import Arrived, Closed, Opened
from lage.bearers.lan.address import Address, parse_address
from lage.bearers.lan.discovery import Finder
from lage.bearers.lan.service import SHAKING_MAX
from lage.bearers.lan.tls import contexts
from lage.kinds.setting import LAN
from lage.language.errors import UsageError
from lage.node.beside import lan_of
from lage.node.gather import Gatherer
from lage.node.ways import STRANGERS_MAX
from lage.station import Station
from lage.store.keys import load_node
from sync.feed import chain as feed
from sync.feed.chain import NUMBER_MAX, Run
from sync.feed.records import Reason, Revocation
from sync.feed.roster import ROOT
from sync.schema.urgency import Urgency
from sync.wire import bundle
from sync.wire.statement import state
from tests.fixtures import make_county, make_network, picture, replicate
from tests.nodes import Cabled, cabled, report, same, wait_for
from tests.unit.lage.conftest import Terminal


def test_a_chain_of_cables_makes_one_log(tmp_path: Path) -> None:
    """What was written before and what is written now reaches both ends; all know who has it."""
    names = ["Krisenstab Steinfurt", "SAE Rheine", "SAE Greven"]
    stations = list(make_county(tmp_path, names, clock=None).values())
    for number in range(40):
        report(stations[0], f"Keller {number}")
    with cabled(stations, [(1, 0), (2, 1)]) as nodes:
        wait_for(lambda: stations[2].store.log.head(1) == 40)
        report(stations[2], "Deich", Urgency.IMMEDIATE)
        wait_for(lambda: same(stations))
        wait_for(lambda: nodes[2].loop.engine.holders(3, 1) == {1, 2, 3})  # type: ignore[union-attr]
        wait_for(lambda: stations[2].unsent() == 0)
    pictures = [picture(station.store) for station in stations]
    assert pictures[0] == pictures[1] == pictures[2]


def test_both_dial_and_one_connection_stays(tmp_path: Path) -> None:
    """Each has the other once."""
    stations = list(make_county(tmp_path, ["Krisenstab Steinfurt", "SAE Rheine"]).values())
    with cabled(stations, [(1, 0)]) as nodes:
        lan = nodes[0].loop._beside.ways.bearers[0]  # type: ignore[union-attr]
        lan.dial(Address("127.0.0.1", nodes[1].port or 0))  # type: ignore[attr-defined]
        wait_for(lambda: nodes[0].members == [2] and nodes[1].members == [1])
        report(stations[0], "eins")
        wait_for(lambda: same(stations))
        assert nodes[0].members == [2]


def test_strangers_stay_outside(tmp_path: Path) -> None:
    """Another county, an exercise, a browser: none gets a word, the node goes on."""
    ours = list(make_county(tmp_path / "a", ["Krisenstab Steinfurt", "SAE Rheine"]).values())
    drill = list(
        make_county(tmp_path / "u", ["Krisenstab Steinfurt", "SAE Rheine"], exercise=True).values()
    )
    report(ours[0], "geheim")
    with cabled([ours[0], drill[1]], [(1, 0)]) as nodes:
        with socket.create_connection(("127.0.0.1", nodes[0].port or 0)) as browser:
            browser.sendall(b"GET / HTTP/1.1\r\n\r\n")
            browser.settimeout(10)
            assert b"geheim" not in browser.recv(1000)
        wait_for(lambda: bool(nodes[1].loop._beside.ways.troubles))  # type: ignore[union-attr]
        (sentence,) = nodes[1].loop._beside.ways.troubles.values()  # type: ignore[union-attr]
        assert "gehört nicht zu diesem Netz" in sentence
        assert nodes[0].members == nodes[1].members == []
    assert drill[1].store.log.head(1) == 0


def test_two_branches_are_found_over_the_cable(tmp_path: Path) -> None:
    """A copied folder wrote as well: both staffs freeze that feed, and both keep the proof."""
    names = ["Krisenstab Steinfurt", "SAE Rheine", "SAE Greven"]
    stations = list(make_county(tmp_path / "a", names).values())
    twins = list(make_county(tmp_path / "b", names).values())
    report(stations[2], "so")
    report(stations[2], "und weiter")
    report(twins[2], "anders")
    report(twins[2], "und noch")
    replicate(stations[2].store.log, stations[0].store.log)
    replicate(twins[2].store.log, stations[1].store.log)
    with cabled(stations[:2], [(1, 0)]):
        report(stations[0], "eins")
        wait_for(lambda: stations[0].store.log.head(1) == stations[1].store.log.head(1) == 1)
        replicate(stations[2].store.log, stations[0].store.log)
        report(stations[2], "drittens")
        replicate(stations[2].store.log, stations[0].store.log)
        wait_for(lambda: all(station.store.log.forks() for station in stations[:2]))


def test_addresses_as_people_write_them() -> None:
    """Names, both kinds of IP, a port or none; anything else is a sentence."""
    assert parse_address("192.0.2.7") == Address("192.0.2.7", 4411)
    assert parse_address("stab-rheine.lan:5000") == Address("stab-rheine.lan", 5000)
    assert parse_address("[fd00::7]:5000") == Address("fd00::7", 5000)
    assert parse_address("fd00::7") == Address("fd00::7", 4411)
    assert str(Address("fd00::7", 1)) == "[fd00::7]:1"
    for typed in ("", "a b", "192.0.2", "300.1.1.1", "x:0", "x:99999", "[nix]:1", "http://x", "-x"):
        with pytest.raises(UsageError, match="keine Adresse"):
            parse_address(typed)


def test_commands(lage: Terminal, station: Station) -> None:
    """Switching on, adding and forgetting addresses, as people type them."""
    assert "ausgeschaltet" in lage("netz", "zeigen")
    lage("netz", "verbinden", "stab-greven.lan")
    assert "wird schon angewählt" in str(lage.refusal("netz", "verbinden", "stab-greven.lan:4411"))
    told = lage.json("netz", "zeigen")
    assert told["adressen"] == ["stab-greven.lan:4411"]
    assert told["eingeschaltet"]
    assert not told["knoten_laeuft"]
    assert "Knoten läuft nicht" in lage("netz", "zeigen")
    assert lan_of(station.setting(LAN)) == (
        Address("", 4411),
        (Address("stab-greven.lan", 4411),),
    )
    lage("netz", "trennen", "stab-greven.lan")
    assert "nicht angewählt" in str(lage.refusal("netz", "trennen", "stab-greven.lan"))
    lage("netz", "einschalten", "--auf", "[::1]:5000")
    assert lan_of(station.setting(LAN))[0] == Address("::1", 5000)
    lage("netz", "ausschalten")
    assert lan_of(station.setting(LAN)) == (None, ())


def test_who_is_revoked_is_cut_off(tmp_path: Path) -> None:
    """The roster says so over another way; the cable is closed within a turn."""
    stations = list(make_county(tmp_path, ["Krisenstab Steinfurt", "SAE Rheine"]).values())
    _, root = make_network("Kreis Steinfurt")
    with cabled(stations, [(1, 0)]) as nodes:
        wait_for(lambda: nodes[0].members == [2])
        network, log = stations[0].network_keys, stations[0].store.log
        record = Revocation(2, 0, bytes(16), Reason.LOST).encode()
        origin = feed.root_origin(network.network_id, network.root_public)
        feed.append(log, root, network.network_id, ROOT, origin, [record])
        wait_for(lambda: nodes[0].members == [])
        report(stations[0], "geheim")
        time.sleep(1.0)
        assert nodes[0].members == []
    assert stations[1].store.log.head(1) == 0


def test_a_member_that_sends_nonsense_is_let_go(tmp_path: Path) -> None:
    """Any bytes behind the handshake cost the connection and nothing else."""
    stations = list(make_county(tmp_path, ["Krisenstab Steinfurt", "SAE Rheine"]).values())
    sign = load_node(stations[1].folder).sign
    _, dialling = contexts(tmp_path, sign, stations[1].network_keys.network_id)
    rng = random.Random(7)
    with cabled([stations[0]], []) as nodes:
        for size in (1, 3, 40, 5_000, 262_144, 300_000, 2**32 - 1):
            plain = socket.create_connection(("127.0.0.1", nodes[0].port or 0))
            with plain, dialling.wrap_socket(plain) as member:
                wait_for(lambda: nodes[0].members == [2])
                with contextlib.suppress(OSError):
                    member.sendall(size.to_bytes(4, "big") + rng.randbytes(min(size, 400_000)))
                if size > 40:
                    wait_for(lambda: nodes[0].members == [])
            wait_for(lambda: nodes[0].members == [])
        assert nodes[0].loop is not None
        assert nodes[0].loop._reporter.faults == 0


class Member:
    """A member's keys in the hands of somebody with a program of his own."""

    def __init__(self, station: Station, port: int | None, folder: Path) -> None:
        self.sign, self.network = load_node(station.folder).sign, station.network_keys.network_id
        _, dialling = contexts(folder, self.sign, self.network)
        self._socket = dialling.wrap_socket(socket.create_connection(("127.0.0.1", port or 0)))

    def say(self, piece: bytes) -> None:
        """Send a message."""
        self._socket.sendall(len(piece).to_bytes(4, "big") + piece)

    def close(self) -> None:
        """Hang up."""
        self._socket.close()


def test_a_member_that_lies_costs_nobody_else(tmp_path: Path) -> None:
    """Signatures that are none, our own feed as nobody can send it, more of it than exists: no
    error, no endless count, no "empfangen" of what is yet to be written."""
    stations = list(make_county(tmp_path, ["Krisenstab Steinfurt", "SAE Rheine"]).values())
    report(stations[0], "eins")
    with cabled([stations[0]], []) as nodes:
        member = Member(stations[1], nodes[0].port, tmp_path)
        wait_for(lambda: nodes[0].members == [2])
        body = msgpack.packb([2, 5, {1: 3}, True])
        member.say(bundle.encode(bundle.StatementPiece(msgpack.packb([body, 5]))))
        for count, size in ((40, 10), (20, 140)):
            run = Run(1, 1, (bytes([size - 1]) * size,) * count, bytes(64))
            member.say(bundle.encode(bundle.RunsPiece((run,))))
        lie = state(member.sign, member.network, 2, 9, {1: NUMBER_MAX, 2: 7}, radio=True)
        member.say(bundle.encode(bundle.StatementPiece(lie.data)))
        loop = nodes[0].loop
        assert loop is not None
        wait_for(lambda: loop.engine.holders(1, 1) == {1, 2})
        report(stations[0], "zwei")
        wait_for(lambda: loop.engine.head(1) == 2)
        assert loop.engine.holders(1, 2) == {1}
        assert nodes[0].faults == 0
        member.close()


def test_a_fault_costs_one_message(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever goes wrong with one message, who comes and goes in the same turn is noticed."""
    stations = list(make_county(tmp_path, ["Krisenstab Steinfurt", "SAE Rheine"]).values())
    with cabled([stations[0]], []) as nodes:
        loop = nodes[0].loop
        assert loop is not None
        monkeypatch.setattr(Gatherer, "statement", _fail)
        ways = loop._beside.ways
        (bearer,) = ways.bearers
        key = load_node(stations[1].folder).sign.public_key().public_bytes_raw()
        said = bundle.encode(bundle.StatementPiece(b"x"))
        events = [Opened(90, key, "a", False), Arrived(90, said), Closed(90)]
        events += [Opened(91, key, "b", False)]
        monkeypatch.setattr(bearer, "take_events", lambda: [events.pop(0) for _ in events[:]])
        wait_for(lambda: [each.where for each in ways.reached] == ["b"])
        assert nodes[0].faults == 1


def _fail(_gatherer: Gatherer, _data: bytes) -> None:
    raise RuntimeError("disk")


def open_files() -> int:
    """How many this process has open; 0 where nobody can tell."""
    return len(os.listdir("/proc/self/fd")) if Path("/proc/self/fd").is_dir() else 0


def test_who_never_shakes_hands_keeps_nobody_out(tmp_path: Path) -> None:
    """Nor do those who know the network's id and are no members; they get no word of members."""
    names = ["Krisenstab Steinfurt", "SAE Rheine"]
    stations = list(make_county(tmp_path, names).values())
    network_id = stations[0].network_keys.network_id
    with cabled([stations[0]], []) as nodes, ExitStack() as stack:
        began = open_files()
        for _ in range(60):
            silent = socket.create_connection(("127.0.0.1", nodes[0].port or 0))
            stack.enter_context(silent)
        _, dialling = contexts(tmp_path, Ed25519PrivateKey.generate(), network_id)
        for _ in range(20):
            plain = socket.create_connection(("127.0.0.1", nodes[0].port or 0))
            stack.enter_context(dialling.wrap_socket(plain))
        member = Member(stations[1], nodes[0].port, tmp_path)
        stack.callback(member.close)
        wait_for(lambda: nodes[0].members == [2])
        loop = nodes[0].loop
        assert loop is not None
        assert len(loop._beside.ways._peers) <= 17
        ours = 60 + 20 + 1  # the other ends of these are here, too
        assert open_files() - began < ours + SHAKING_MAX + STRANGERS_MAX + 8
        assert nodes[0].faults == 0


def test_a_port_that_becomes_free_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So is an address that comes later, such as a VPN's; our own is dialled only once."""
    monkeypatch.setattr("lage.bearers.lan.service.AGAIN_S", (0.1, 0.1))
    (station,) = make_county(tmp_path, ["Krisenstab Steinfurt"]).values()
    with socket.create_server(("127.0.0.1", 0)) as other:
        address = f"127.0.0.1:{other.getsockname()[1]}"
        station.keep(LAN, {"listen": address, "addresses": [address]})
        node = Cabled(station)
        node.start()
        try:
            wait_for(lambda: node.loop is not None)
            assert node.loop is not None
            ways = node.loop._beside.ways
            wait_for(lambda: "schon belegt" in ways.troubles.get(address, ""))
            other.close()
            wait_for(lambda: ways.listening == address)
            wait_for(lambda: "dieser Rechner selbst" in ways.troubles.get(address, ""))
            time.sleep(0.5)
            assert list(ways.troubles) == [address]
        finally:
            node.stop()


def test_nodes_on_one_cable_find_each_other() -> None:
    """Of one network each other, of another nobody; who goes is forgotten."""
    told: list[tuple[str, str, Address]] = []
    finders = [
        Finder(mark, member, ["127.0.0.1"]) for mark, member in (("aa", 1), ("aa", 2), ("bb", 3))
    ]
    for place, finder in enumerate(finders):
        name = "abc"[place]
        finder.start(
            5000 + place,
            lambda address, name=name: told.append((name, "+", address)),
            lambda address, name=name: told.append((name, "-", address)),
        )
    first, second = (Address("127.0.0.1", port) for port in (5000, 5001))
    wait_for(lambda: {("a", "+", second), ("b", "+", first)} <= set(told))
    finders[1].stop()
    wait_for(lambda: ("a", "-", second) in told)
    finders[0].stop()
    finders[2].stop()
    assert not [each for each in told if each[0] == "c" or each[2].port == 5002]
