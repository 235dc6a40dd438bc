# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who hears whom among served radios; what outlives restarts of a radio and of the simulator."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest
from meshtastic.protobuf import admin_pb2, config_pb2, mesh_pb2

from lage.exercise.air import AirPlan, build, cut_off
from lage.exercise.sites import read_sites
from lage.language.errors import ImportRefused, UsageError
from mesh.link import BROADCAST
from mesh.virtual.network import FIRST_NUMBER, Shape, Site, neighbourhood
from mesh.virtual.radio import VirtualRadioServer
from tests.unit.mesh.test_virtual_server import Client

NAMES = ("Krisenstab", "SAE Rheine", "SAE Greven", "SAE Emsdetten")


def hears(shape: Shape) -> set[tuple[int, int]]:
    """Pairs of indices that hear each other."""
    ether, _ = neighbourhood(NAMES, shape=shape)
    pairs = [(a, b) for a in range(4) for b in range(a + 1, 4)]
    return {(a, b) for a, b in pairs if ether.snr_db(FIRST_NUMBER + a, FIRST_NUMBER + b) > 0}


def test_in_a_chain_only_neighbours_in_a_star_only_the_first_is_heard() -> None:
    """On the circle everybody."""
    assert hears(Shape.CHAIN) == {(0, 1), (1, 2), (2, 3)}
    assert hears(Shape.STAR) == {(0, 1), (0, 2), (0, 3)}
    assert len(hears(Shape.CIRCLE)) == 6


def test_a_route_is_traced_across_the_relays_of_a_chain() -> None:
    """From one end to the other and back, each relay by name, a signal for every hop."""

    async def run() -> mesh_pb2.RouteDiscovery:
        radios = neighbourhood(NAMES[:3], shape=Shape.CHAIN)
        async with VirtualRadioServer(*radios, speed=30) as server:
            client = await Client.connect(server)
            packet = mesh_pb2.MeshPacket(id=7, to=FIRST_NUMBER + 2, hop_limit=3)
            packet.decoded.portnum, packet.decoded.want_response = 70, True
            client.say(packet=packet)
            while True:
                got = (await client.until("packet")).packet
                if (got.decoded.portnum, got.decoded.request_id) == (70, 7):
                    return mesh_pb2.RouteDiscovery.FromString(got.decoded.payload)

    route = asyncio.run(run())
    assert list(route.route) == list(route.route_back) == [FIRST_NUMBER + 1]
    assert (len(route.snr_towards), len(route.snr_back)) == (2, 2)


def test_fresh_simulated_radios_learn_each_other_across_a_relay() -> None:
    """All three announced at once, before any has a region, as the official smoke test does."""

    async def run() -> list[set[int]]:
        radios = neighbourhood(NAMES[:3], shape=Shape.CHAIN, factory_new=True, board="nativ")
        known: list[set[int]] = [set(), set(), set()]
        async with VirtualRadioServer(*radios, speed=60) as server:
            clients = [await Client.connect(server, n) for n in range(3)]
            for n, client in enumerate(clients):
                packet = mesh_pb2.MeshPacket(id=7 + n, to=BROADCAST, hop_limit=3)
                packet.decoded.portnum, packet.decoded.want_response = 4, True
                user = mesh_pb2.User(id=f"!{FIRST_NUMBER + n:08x}", long_name=NAMES[n])
                packet.decoded.payload = user.SerializeToString()
                client.say(packet=packet)
            for n, client in enumerate(clients):
                while len(known[n]) < 2:
                    known[n].add((await client.until("node_info")).node_info.num)
        return known

    everybody = {FIRST_NUMBER + n for n in range(3)}
    assert asyncio.run(run()) == [everybody - {FIRST_NUMBER + n} for n in range(3)]


def test_sites_come_from_a_table_and_height_decides(tmp_path: Path) -> None:
    """Twelve kilometres: out of reach on the ground, in reach of a tower."""
    table = tmp_path / "orte.csv"
    table.write_text(
        "Name;Lage;Höhe\nSteinfurt;52.1474, 7.3446;30\nRheine;52.2550, 7.3446;2\n"
        "Turm;52.2550, 7.3446;80,5 m\nVorgabe;52.2550, 7.3446;\n",
        "utf8",
    )
    sites = read_sites(table)
    assert [site.height_m for site in sites] == [30, 2, 80.5, 10]
    ether, _ = neighbourhood([site.name for site in sites], sites=sites)
    ground, tower = (ether.snr_db(FIRST_NUMBER, FIRST_NUMBER + n) for n in (1, 2))
    assert ground < ether.modem.sensitivity_dbm - ether.modem.noise_dbm < tower


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (";52.1, 7.3;2", "Name fehlt"),
        ("Rheine;irgendwo;2", "Schreibweise"),
        ("Rheine;52.1, 7.3;hoch", "keine Zahl in Metern"),
        ("Rheine;52.1, 7.3;0", "1 bis 300 m"),
    ],
)
def test_a_wrong_site_is_named_with_its_line(tmp_path: Path, line: str, said: str) -> None:
    """And nothing is simulated."""
    table = tmp_path / "orte.csv"
    table.write_text(f"Name;Lage;Höhe\n{line}\n", "utf8")
    with pytest.raises(ImportRefused) as refused:
        read_sites(table)
    assert said in str(refused.value.problems)


def test_a_table_without_sites_is_refused(tmp_path: Path) -> None:
    """With the columns that it should have."""
    table = tmp_path / "orte.csv"
    table.write_text("Name;Lage;Höhe\n", "utf8")
    with pytest.raises(UsageError, match="Name, Lage, Höhe"):
        read_sites(table)


def test_settings_outlive_the_simulator(tmp_path: Path) -> None:
    """What a client has set is there when the radios are simulated anew, and tunes them."""
    sites = [Site(name, 0.0, 0.0) for name in NAMES[:2]]
    plan = AirPlan(NAMES[:2], sites=sites, memory=tmp_path)

    async def change() -> None:
        async with build(plan) as server:
            client = await Client.connect(server)
            packet = mesh_pb2.MeshPacket(id=7, to=FIRST_NUMBER, want_ack=True)
            packet.decoded.portnum = 6
            request = admin_pb2.AdminMessage()
            request.set_config.lora.CopyFrom(server.phone(FIRST_NUMBER).settings.lora)
            request.set_config.lora.region = config_pb2.Config.LoRaConfig.US
            packet.decoded.payload = request.SerializeToString()
            client.say(packet=packet)
            await client.until("packet")

    async def look() -> None:
        async with build(plan) as server:
            region = server.phone(FIRST_NUMBER).settings.lora.region
            assert region == config_pb2.Config.LoRaConfig.US
            groups = [server._by_number(FIRST_NUMBER + n).radio.air.group for n in (0, 1)]
            assert groups[0] < 0 == groups[1]

    asyncio.run(change())
    asyncio.run(look())


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals on Windows")
def test_figures_are_told_while_a_serial_radio_restarts(tmp_path: Path) -> None:
    """Its device is away and called as before; with and without a stable name."""

    async def run(folder: Path | None) -> None:
        radios = neighbourhood(NAMES[:1], pty=True, pty_folder=folder)
        async with VirtualRadioServer(*radios, restart_s=0.05) as server:
            before = server.statistics()["radios"][0]["device"]
            work = asyncio.create_task(server.restart(FIRST_NUMBER))
            await asyncio.sleep(0.02)
            assert server.statistics()["radios"][0]["device"] == before
            await work
            assert Path(server.statistics()["radios"][0]["device"]).exists()
            assert server.statistics()["radios"][0]["restarts"] == 1

    asyncio.run(run(None))
    asyncio.run(run(tmp_path))


def test_radios_that_are_cut_off_are_alone_until_that_ends(tmp_path: Path) -> None:
    """As the direction of an exercise wants it, by places in a file that may be nonsense."""
    ether, radios = neighbourhood(NAMES)
    server = VirtualRadioServer(ether, radios)
    groups = [radio.air for radio in radios]
    server.cut_off([FIRST_NUMBER + 1, FIRST_NUMBER + 3])
    assert len({air.group for air in groups}) == 3
    assert groups[0].group == groups[2].group
    server.cut_off([])
    assert {air.group for air in groups} == {0}

    path = tmp_path / "getrennt.json"
    for said, places in (("[2, 4]", {2, 4}), ("[2", set()), ("{}", set()), ('["2"]', set())):
        path.write_text(said, "utf8")
        assert cut_off(path) == places
    assert cut_off(tmp_path / "fehlt.json") == frozenset()
