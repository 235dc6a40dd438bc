# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Virtual radios in a thread or a process of their own, and waiting for link events."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Any, Self, TypeVar

from hardware.radio_profile import RadioProfile
from lage.exercise.air import set_up
from lage.store.keys import Network
from mesh.link import Link, LinkEvent, RadioState
from mesh.radio.supervisor import MeshtasticLink
from mesh.radio.watch import WatchConfig
from mesh.virtual.network import FIRST_NUMBER, neighbourhood
from mesh.virtual.radio import VirtualRadioServer

ROOT = Path(__file__).parents[2]
DEADLINE_S = 60.0
QUICK = WatchConfig(backoff_first_ms=100, backoff_max_ms=500, quiet_ms=2_000)
HASTY = replace(QUICK, answer_ms=1_500)
"""For what is about answers that never come."""
NAMES = ("Krisenstab", "SAE Rheine")

T = TypeVar("T")


class RadioThread:
    """A server of virtual radios on an event loop in a thread."""

    def __init__(self, **options: Any) -> None:
        self.pty = options.pop("pty", False)
        self._scratch = tempfile.TemporaryDirectory()  # a terminal's own name may go to others
        self.folder = Path(self._scratch.name)
        self.names = options.pop("names", NAMES)
        self.network: Network | None = options.pop("network", None)
        self.placing = {
            name: options.pop(name)
            for name in ("factory_new", "board", "firmware", "shape", "memory")
            if name in options
        }
        self.options: dict[str, Any] = {"speed": 20.0, "restart_s": 0.5} | options
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.server: VirtualRadioServer

    def __enter__(self) -> Self:
        self.thread.start()
        self.plug_in()
        return self

    def __exit__(self, *_: object) -> None:
        self.pull_out()
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(5)
        self.loop.close()
        self._scratch.cleanup()

    def plug_in(self) -> None:
        """Serve the radios, under the same serial names as before."""
        self.ether, radios = neighbourhood(
            self.names, pty=self.pty, pty_folder=self.folder, **self.placing
        )
        self.server = VirtualRadioServer(self.ether, radios, **self.options)
        if self.network is not None:
            profile = RadioProfile(self.network.channel_name, self.network.channel_key)
            for radio in radios:
                set_up(self.server.phone(radio.number), profile)
        self.call(self.server.__aenter__())

    def pull_out(self) -> None:
        """Take all radios away."""
        self.call(self.server.__aexit__())

    def call(self, work: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine on the server's loop."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(DEADLINE_S)

    def do(self, action: Callable[[], T]) -> T:
        """Run a function on the server's loop."""

        async def run() -> T:
            return action()

        return self.call(run())

    def address(self, index: int) -> str:
        """Where to reach the radio of this index."""
        if self.pty:
            return f"serial:{self.server.devices[FIRST_NUMBER + index]}"
        return f"tcp:127.0.0.1:{self.server.ports[FIRST_NUMBER + index]}"


class RadioProcess:
    """The same in a process that can be killed."""

    def __init__(self, port: int = 0) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.contract.served_radios", str(port)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        self.ports: list[int] = json.loads(self.process.stdout.readline())

    def kill(self) -> None:
        """End it without any chance to say goodbye."""
        self.process.kill()
        self.process.wait(60)
        assert self.process.stdout is not None
        self.process.stdout.close()


class Watched:
    """A link whose events can be waited for."""

    def __init__(self, address: str, config: WatchConfig = QUICK) -> None:
        self.link: Link
        self.arrived = threading.Event()
        self.meshtastic = MeshtasticLink(address, config=config, on_events=self.arrived.set)
        self.link = self.meshtastic
        self.events: list[LinkEvent] = []
        self._read = 0

    def __enter__(self) -> Self:
        self.link.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.link.stop()

    def wait(self, wanted: Callable[[LinkEvent], bool], deadline_s: float = DEADLINE_S) -> Any:
        """The next event that fits, after the one waited for before; fails when none comes."""
        end = time.monotonic() + deadline_s
        while True:
            self.arrived.clear()
            self.events += self.link.take_events()
            while self._read < len(self.events):
                event = self.events[self._read]
                self._read += 1
                if wanted(event):
                    return event
            left = end - time.monotonic()
            assert left > 0, f"not seen; last events: {self.events[-5:]}"
            self.arrived.wait(left)

    def connected(self) -> RadioState:
        """Wait until the radio is there."""
        state = self.wait(lambda event: isinstance(event, RadioState) and event.connected)
        assert isinstance(state, RadioState)
        return state

    def lost(self) -> RadioState:
        """Wait until the radio is gone."""
        state = self.wait(lambda event: isinstance(event, RadioState) and not event.connected)
        assert isinstance(state, RadioState)
        return state


async def _serve(port: int) -> None:
    ether, radios = neighbourhood(NAMES, first_port=port)
    async with VirtualRadioServer(ether, radios, speed=20.0) as server:
        sys.stdout.write(json.dumps(list(server.ports.values())) + "\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1])))
