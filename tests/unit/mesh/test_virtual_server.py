# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The server of virtual radios: lines, restarts, figures."""

from __future__ import annotations

import asyncio
import json
import socket
from dataclasses import replace

import pytest
from meshtastic.protobuf import mesh_pb2

from mesh.virtual.framing import WAKE, FrameReader, frame
from mesh.virtual.network import FIRST_NUMBER, neighbourhood
from mesh.virtual.radio import VirtualRadioServer

NAMES = ("Krisenstab", "SAE Rheine", "SAE Greven")


class Client:
    """A bare TCP client."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer, self.frames = reader, writer, FrameReader()
        self.got: list[mesh_pb2.FromRadio] = []

    @classmethod
    async def connect(cls, server: VirtualRadioServer, index: int = 0) -> Client:
        """Connect as the library does, with wake bytes and noise first, and shake hands."""
        port = server.ports[FIRST_NUMBER + index]
        client = cls(*await asyncio.open_connection("127.0.0.1", port))
        client.writer.write(WAKE + b"noise\x94\xc3\xff\xff")
        client.say(want_config_id=7)
        await client.until("config_complete_id")
        return client

    def say(self, **fields: object) -> None:
        """Send one ToRadio."""
        self.writer.write(frame(mesh_pb2.ToRadio(**fields).SerializeToString()))

    async def until(self, kind: str) -> mesh_pb2.FromRadio:
        """The next message of a kind."""
        async with asyncio.timeout(20):
            while True:
                while self.got:
                    message = self.got.pop(0)
                    if message.WhichOneof("payload_variant") == kind:
                        return message
                data = await self.reader.read(4096)
                if not data:
                    raise ConnectionResetError
                self.got += map(mesh_pb2.FromRadio.FromString, self.frames.feed(data))


def text(packet_id: int) -> mesh_pb2.MeshPacket:
    """A broadcast on our port."""
    packet = mesh_pb2.MeshPacket(id=packet_id, to=0xFFFFFFFF, hop_limit=3)
    packet.decoded.portnum, packet.decoded.payload = 256, b"hallo"
    return packet


def test_second_client_closes_the_first() -> None:
    """The newer one is served, the older one sees the end."""

    async def run() -> None:
        async with VirtualRadioServer(*neighbourhood(NAMES)) as server:
            first = await Client.connect(server)
            second = await Client.connect(server)
            with pytest.raises(ConnectionError):
                await first.until("queueStatus")
            second.say(heartbeat=mesh_pb2.Heartbeat())
            assert (await second.until("queueStatus")).queueStatus.free == 16

    asyncio.run(run())


def test_packets_cross_the_air_and_are_counted() -> None:
    """What one client sends another gets; figures are JSON and count packets and airtime."""

    async def run() -> None:
        async with VirtualRadioServer(*neighbourhood(NAMES), speed=30) as server:
            sender, hearer = await Client.connect(server), await Client.connect(server, 1)
            for packet_id in range(1, 9):  # a collision with node info may cost one
                sender.say(packet=text(packet_id))
                await sender.until("queueStatus")
            while (got := (await hearer.until("packet")).packet).decoded.portnum != 256:
                continue
            assert getattr(got, "from") == FIRST_NUMBER
            figures = json.loads(json.dumps(server.statistics()))
        assert figures["packets"] == sum(r["packets_sent"] for r in figures["radios"]) > 0
        assert figures["airtime_ms"] == sum(r["airtime_ms"] for r in figures["radios"]) > 0
        assert [r["client"] for r in figures["radios"]] == [True, True, False]

    asyncio.run(run())


def test_restart_closes_the_port_for_a_while_and_keeps_its_number() -> None:
    """The client is cut off, connecting is refused, then the same port serves again."""

    async def run() -> None:
        async with VirtualRadioServer(*neighbourhood(NAMES), restart_s=0.3) as server:
            client = await Client.connect(server)
            port = server.ports[FIRST_NUMBER]
            work = asyncio.create_task(server.restart(FIRST_NUMBER))
            with pytest.raises(ConnectionError):
                await client.until("rebooted")
            with pytest.raises(OSError, match="onnect"):
                await asyncio.open_connection("127.0.0.1", port)
            await work
            assert server.ports[FIRST_NUMBER] == port
            await Client.connect(server)

    asyncio.run(run())


def test_radio_on_another_preset_is_off_the_common_air() -> None:
    """It neither hears nor reaches the others until it is set back."""

    async def run() -> None:
        ether, radios = neighbourhood(NAMES)
        async with VirtualRadioServer(ether, radios) as server:
            phone = server.phone(FIRST_NUMBER)
            for preset, apart in ((4, True), (0, False)):
                phone.settings.lora.modem_preset = preset
                phone.air_changed = True
                server._run()
                assert (radios[0].air.group != radios[1].air.group) is apart

    asyncio.run(run())


def test_taken_port_is_an_error_and_leaves_nothing_open() -> None:
    """The second radio's port is taken: OSError, and the first one's is closed again."""

    async def run() -> None:
        ether, radios = neighbourhood(NAMES[:2])
        with socket.create_server(("127.0.0.1", 0)) as taken:
            second = replace(radios[1], tcp_port=taken.getsockname()[1])
            server = VirtualRadioServer(ether, [radios[0], second])
            with pytest.raises(OSError, match="ddress"):
                await server.__aenter__()
        with pytest.raises(OSError, match="onnect"):
            await asyncio.open_connection("127.0.0.1", server.ports[FIRST_NUMBER])

    asyncio.run(run())


def test_impossible_neighbourhoods_are_refused() -> None:
    """Unknown preset, too many radios, an impossible loss."""
    with pytest.raises(ValueError, match="preset"):
        neighbourhood(NAMES, preset="LONG_WAVE")
    with pytest.raises(ValueError, match="450"):
        neighbourhood(["x"] * 451)
    with pytest.raises(ValueError, match="loss"):
        neighbourhood(NAMES, loss=1.5)


def test_all_in_a_neighbourhood_hear_each_other() -> None:
    """Even 24 radios on the circle are well above the noise."""
    ether, radios = neighbourhood([f"Funk {n}" for n in range(24)])
    numbers = [radio.number for radio in radios]
    worst = min(ether.snr_db(a, b) for a in numbers for b in numbers if a != b)
    assert worst > 0
