# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Virtual Meshtastic radios: the client API of many simulated radios on TCP and pseudo-terminals.

The official client library, the official command line and our node can't tell them from real
ones. All radios of a server share one ether, which runs on the server's clock: real time times
``speed``. This module is the thin shell; what a radio answers is decided in ``virtual_phone``,
what crosses the air in ``ether``. It sleeps until a client speaks or the next deadline is due.

    async with VirtualRadioServer(ether, radios, speed=1.0) as server:
        print(server.ports)

Limits: one client per radio; restarts take ``restart_s`` of real time.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Self

from meshtastic.protobuf import config_pb2

from mesh.air.ether import Ether, SimRadio
from mesh.firmware import Role
from mesh.link import Received
from mesh.record import Entry
from mesh.virtual.boards import BOARDS, USUAL
from mesh.virtual.clock import LOOK_S, Clock, Steady
from mesh.virtual.framing import FrameReader, frame
from mesh.virtual.lines import Line, PtyLine, TcpLine, opened
from mesh.virtual.manifest import Manifest
from mesh.virtual.memory import keep, recall
from mesh.virtual.phone import VirtualPhone
from mesh.virtual.settings import VirtualSettings, modem_preset, node_id

FIRMWARE = {"2.7": "2.7.26.54e0d8d", "2.8": "2.8.0.7754068"}
"""Version strings of the two generations that are imitated."""

ANSWER_S = 0.1
"""So long before a radio goes down the answer to the request still goes out."""

LoRa = config_pb2.Config.LoRaConfig
_ROLES = {
    role: config_pb2.Config.DeviceConfig.Role.Value(role.name)
    for role in (Role.CLIENT, Role.CLIENT_MUTE, Role.ROUTER)
}

IDLE_TIMEOUT_S = 900.0
"""A silent TCP client is dropped after 15 minutes (firmware ServerAPI.cpp)."""


@dataclass(frozen=True, slots=True)
class VirtualRadio:
    """One radio to serve: where it is on the air and where clients plug in."""

    air: SimRadio
    name: str
    short_name: str  # at most four characters
    tcp_port: int | None = 0  # None: no TCP; 0: any free port
    pty: bool = False
    pty_link: Path | None = None  # a stable name for the terminal
    factory_new: bool = False  # no region set: does not send
    board: str = USUAL  # of mesh.virtual.boards
    memory: Path | None = None  # file that keeps the settings; None: gone with the server

    @property
    def number(self) -> int:
        """Its node number."""
        return self.air.num


class _Station:
    """A served radio: its phone side, its lines and who speaks at the moment."""

    def __init__(self, radio: VirtualRadio, phone: VirtualPhone) -> None:
        self.radio = radio
        self.phone = phone
        self.lines: list[TcpLine | PtyLine] = []
        self.speaker: Line | None = None
        self.reader = FrameReader()
        self.greet_serial = False
        self.doomed: asyncio.TimerHandle | None = None  # a restart or an end is due
        self.down: asyncio.Task[None] | None = None
        self.restarts = 0


class VirtualRadioServer:
    """Serves virtual radios until closed; use it as an asynchronous context manager."""

    def __init__(
        self,
        ether: Ether,
        radios: Sequence[VirtualRadio],
        *,
        speed: float = 1.0,
        host: str = "127.0.0.1",
        seed: int = 0,
        idle_timeout_s: float = IDLE_TIMEOUT_S,
        restart_s: float = 3.0,
        clock: Clock | None = None,
    ) -> None:
        """``speed`` is how many seconds pass on the air in a real one (> 0); or a ``clock``, which
        may be set while the air runs."""
        if speed <= 0:
            raise ValueError("speed must be positive")
        self._ether, self._speed, self._host = ether, speed, host
        self._clock = clock or Steady(speed)
        self._wait_max_s = LOOK_S if clock is not None else float("inf")
        self._idle_timeout_s, self._restart_s = idle_timeout_s, restart_s
        self._manifest = Manifest()
        self._rng = random.Random(seed)
        self._unix_s = int(time.time())
        self._started = 0
        self._timer: asyncio.TimerHandle | None = None
        self._stations = [self._station(radio) for radio in radios]

    def _station(self, radio: VirtualRadio) -> _Station:
        firmware = FIRMWARE[radio.air.config.firmware]
        settings = VirtualSettings(
            *(radio.number, radio.name, radio.short_name, firmware, radio.factory_new),
            BOARDS[radio.board],
        )
        settings.config["device"].device.role = _ROLES[radio.air.config.role]
        settings.lora.modem_preset = LoRa.ModemPreset.Value(self._ether.config.preset.name)
        settings.take_role(radio.air.config.role)
        if radio.memory is not None and radio.memory.exists():
            recall(settings, radio.memory.read_bytes())
        rng = random.Random(self._rng.getrandbits(64))
        phone = VirtualPhone(settings, radio.air, self._manifest, rng, self._unix_s)
        radio.air.address = settings.number
        radio.air.rewrite = phone.hearing.rewrite
        phone.air_changed = radio.memory is not None  # it may be tuned otherwise
        return _Station(radio, phone)

    # -- life ----------------------------------------------------------------------------------

    async def __aenter__(self) -> Self:
        """Open all lines; the air starts at time 0."""
        self._started = self._clock.monotonic_ms()
        for station in self._stations:
            station.lines = self._lines(station)
        try:
            for station in self._stations:
                for line in station.lines:
                    await line.open()
        except BaseException:
            await self._close_lines()
            raise
        self._run()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close all lines and stop the air."""
        if self._timer is not None:
            self._timer.cancel()
        for station in self._stations:
            if station.doomed is not None:
                station.doomed.cancel()
            if station.down is not None:
                station.down.cancel()
        await self._close_lines()

    async def _close_lines(self) -> None:
        for station in self._stations:
            for line in station.lines:
                await line.close()

    def _lines(self, station: _Station) -> list[TcpLine | PtyLine]:
        def on_data(line: Line, data: bytes) -> None:
            self._on_data(station, line, data)

        def on_gone(line: Line) -> None:
            if station.speaker is line:
                station.speaker = None
                station.phone.detach()

        lines: list[TcpLine | PtyLine] = []
        if station.radio.tcp_port is not None:
            port = station.radio.tcp_port
            lines.append(TcpLine(self._host, port, on_data, on_gone, self._idle_timeout_s))
        if station.radio.pty:
            lines.append(PtyLine(station.radio.pty_link, on_data, on_gone))
        return lines

    # -- what tests and command lines ask ------------------------------------------------------

    @property
    def ports(self) -> dict[int, int]:
        """Radio number -> TCP port, of the radios that have one."""
        return {
            station.radio.number: line.port
            for station in self._stations
            for line in station.lines
            if isinstance(line, TcpLine)
        }

    @property
    def devices(self) -> dict[int, str]:
        """Radio number -> serial device, of the radios that have one."""
        return {
            station.radio.number: line.device
            for station in self._stations
            for line in station.lines
            if isinstance(line, PtyLine)
        }

    def phone(self, number: int) -> VirtualPhone:
        """The client side of a radio; KeyError if it is not served here."""
        return self._by_number(number).phone

    def now(self) -> int:
        """The clock of the air in ms."""
        return self._clock.monotonic_ms() - self._started

    async def restart(self, number: int) -> None:
        """Switch a radio off and on again, as a LoRa change does up to firmware 2.7."""
        station = self._by_number(number)
        if station.down is None:
            station.down = asyncio.get_running_loop().create_task(self._go_down(station, back=True))
        await asyncio.shield(station.down)

    def disconnect(self, number: int) -> None:
        """Cut the client of a radio off, as a pulled cable does."""
        for line in self._by_number(number).lines:
            line.hang_up()

    def hear(self, number: int, received: Received) -> None:
        """Let a radio hear on its first channel what no radio here has sent."""
        phone = self.phone(number)
        key = phone.settings.channel_key(0)
        if key is not None:
            phone.heard([replace(received, channel=key)], self.now())
            self._run()

    def cut_off(self, numbers: Iterable[int]) -> None:
        """These radios alone hear nobody and are heard by nobody; all others hear each other."""
        self._advance()
        self._ether.partition([number] for number in numbers)

    async def play(self, number: int, entries: Iterable[Entry]) -> None:
        """Let a radio hear a record, in its distances and at this air's speed."""
        begun, first = self.now(), None
        for entry in entries:
            if isinstance(entry.what, Received):
                first = entry.time if first is None else first
                wait_ms = entry.time - first - (self.now() - begun)
                await asyncio.sleep(self._clock.real_seconds(max(0, wait_ms)))
                self.hear(number, entry.what)

    def statistics(self) -> dict[str, Any]:
        """Counters of all radios and their sums, ready for JSON."""
        radios = list(map(self._statistics, self._stations))
        return {
            "now_ms": self.now(),
            "speed": self._speed,
            "radios": radios,
            "packets": sum(radio["packets_sent"] for radio in radios),
            "airtime_ms": sum(radio["airtime_ms"] for radio in radios),
        }

    def _statistics(self, station: _Station) -> dict[str, Any]:
        air, phone = station.radio.air, station.phone
        counters = asdict(air.airtime)
        return {
            "number": air.num,
            "id": node_id(air.num),
            "name": phone.settings.own.user.long_name,
            "port": self.ports.get(air.num),
            "device": self.devices.get(air.num),
            "client": phone.attached,
            "restarts": station.restarts,
            "packets_sent": counters["tx_own"] + counters["tx_relayed"],
            "airtime_ms": counters["tx_own_ms"] + counters["tx_relayed_ms"],
            "channel_utilisation": round(air.channel_utilisation(self._ether.now), 2),
            "air_util_tx": round(air.air_util_tx(self._ether.now), 3),
            "counters": counters,
        }

    def _by_number(self, number: int) -> _Station:
        for station in self._stations:
            if station.radio.number == number:
                return station
        raise KeyError(number)

    # -- the loop ------------------------------------------------------------------------------

    def _on_data(self, station: _Station, line: Line, data: bytes) -> None:
        if station.speaker is not line:
            if station.speaker is not None:
                station.speaker.hang_up()
            station.speaker = line
            station.phone.detach()
            station.reader = FrameReader()
            if station.greet_serial and line.is_serial:
                station.greet_serial = False
                station.phone.greet()
        now = self._advance()
        for body in station.reader.feed(data):
            station.phone.receive(body, now)
        if station.phone.hung_up:
            station.phone.hung_up = False
            line.hang_up()
        self._run()

    def _advance(self) -> int:
        """Bring the air and all radios up to the present; the present in ms."""
        now = self.now()
        self._ether.advance(now)
        for station in self._stations:
            received, notices = station.radio.air.take_received(), station.radio.air.take_notices()
            if station.down is None:
                station.phone.heard(received, now)
                station.phone.noticed(notices, now)
                station.phone.advance(now)
        return now

    def _run(self) -> None:
        """One turn: advance, deliver, act on wishes, sleep until the next deadline."""
        if self._timer is not None:
            self._timer.cancel()
        now = self._advance()
        deadlines = []
        for station in self._stations:
            bodies = station.phone.take_frames()
            if station.speaker is not None:
                for body in bodies:
                    station.speaker.write(frame(body))
            self._act(station)
            if station.down is None:
                deadlines.append(station.phone.next_deadline())
        due = self._ether.next_deadline()
        if due is not None:
            deadlines.append(due)
        if deadlines:
            delay_s = max(0.0, self._clock.real_seconds(min(deadlines) - now))
            delay_s = min(delay_s, self._wait_max_s)
            self._timer = asyncio.get_running_loop().call_later(delay_s + 0.0005, self._run)

    def _act(self, station: _Station) -> None:
        phone = station.phone
        if phone.changed:
            phone.changed = False
            keep(station.phone.settings, station.radio.memory)
        if phone.air_changed:
            phone.air_changed = False
            self._tune(station)
        wanted = phone.restart_in_s is not None or phone.shutdown_wanted
        if wanted and station.down is None and station.doomed is None:
            wait_s = ANSWER_S + self._clock.real_seconds((phone.restart_in_s or 0) * 1000)
            loop = asyncio.get_running_loop()
            station.doomed = loop.call_later(wait_s, self._begin_down, station)

    def _begin_down(self, station: _Station) -> None:
        station.doomed = None
        if station.down is None:
            back = not station.phone.shutdown_wanted
            station.down = asyncio.get_running_loop().create_task(self._go_down(station, back=back))

    def _tune(self, station: _Station) -> None:
        """A radio whose settings differ from the ether's hears and reaches only its like.

        To one that simulates its LoRa the settings mean nothing.
        """
        station.radio.air.take_role(station.phone.settings.air_role)
        lora = station.phone.settings.lora
        if BOARDS[station.radio.board].simulated:
            return
        ours = lora.use_preset and lora.region == LoRa.RegionCode.EU_868
        if ours and modem_preset(lora.modem_preset) == self._ether.config.preset.name:
            station.radio.air.group = max(0, station.radio.air.group)
        else:
            station.radio.air.group = -1 - (lora.region << 8 | lora.modem_preset)

    async def _go_down(self, station: _Station, *, back: bool) -> None:
        """Vanish from the line and the air; come back after ``restart_s`` unless switched off."""
        for line in station.lines:
            await line.close()
        station.speaker = None
        station.phone.reboot(self.now())
        station.radio.air.power_off(self.now())
        if not back:
            return
        await asyncio.sleep(self._restart_s)
        station.radio.air.address = station.phone.settings.number
        keep(station.phone.settings, station.radio.memory)
        station.radio.air.power_on(self.now())
        for line in station.lines:
            while not await opened(line):  # somebody else took the port meanwhile
                await asyncio.sleep(self._restart_s)
        station.greet_serial = True
        station.restarts += 1
        station.down = None
        self._run()
