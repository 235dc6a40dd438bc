# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""One Mosquitto and the nodes of eighteen counties: how long until all have heard, and its cost.

    python -m tests.bench broker --json [--nodes 450] [--minutes 1] [--per-minute 30]

Every node is a real client with the subscriptions and messages of ours, sealed, on loopback; only
the logs are left out. The clients share this computer with the broker, so the delays are an upper
bound, and the broker's own processor time stands beside them.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import random
import tempfile
import threading
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lage.bearers.broker.address import parse_broker
from lage.bearers.broker.sealed import Envelope
from lage.bearers.broker.service import Broker, Heard, Up
from sync.bulk.assembly import STATE_EACH_MS, STATE_MS
from tests.simulation.county import percentile
from tests.unit.lage.test_broker import MOSQUITTO, Mosquitto

NEWS_BYTES = 300
"""A run with its signature, packed."""
SHARE = 150
"""Nodes in a process."""
JOIN_S, SETTLE_S = 30.0, 20.0


class Crowd:
    """All clients, and when which of them heard what."""

    def __init__(self, address: str, first: int, last: int) -> None:
        self.envelope = Envelope()
        self.envelope.use(0, {0: bytes(32)})
        self.heard: dict[int, list[float]] = {}
        self.bytes = 0
        self._wake = threading.Event()
        where = parse_broker(address)
        self.clients = [
            Broker(where, "", "bench", n, self._wake.set) for n in range(first, last + 1)
        ]
        self.up: set[int] = set()

    def start(self, patience_s: float) -> float:
        """Connect all; seconds until the last is there."""
        started = time.perf_counter()
        for client in self.clients:
            client.start()
        while len(self.up) < len(self.clients):
            self.look(0.05)
            assert time.perf_counter() - started < patience_s, f"{len(self.up)} are there"
        return time.perf_counter() - started

    def look(self, wait_s: float) -> None:
        """Take what the clients have heard."""
        self._wake.wait(wait_s)
        self._wake.clear()
        now = time.perf_counter()
        for place, client in enumerate(self.clients):
            for event in client.take_events():
                if isinstance(event, Up):
                    self.up.add(place)
                elif isinstance(event, Heard):
                    self.bytes += len(event.content)
                    if event.topic == "neu":
                        opened = self.envelope.open(event.topic, event.content)
                        assert opened is not None
                        number = int.from_bytes(opened[:4], "big")
                        self.heard.setdefault(number, []).append(now)


@dataclass(frozen=True, slots=True)
class Part:
    """What some of the nodes said and heard; times of the computer's common clock."""

    joined_s: float
    said: dict[int, float]
    heard: dict[int, tuple[int, float]]  # number -> (how many heard it, when the last)
    bytes: int


def part(address: str, first: int, last: int, nodes: int, start: float, end: float,
         per_minute: float) -> Part:  # fmt: skip
    """Nodes first..last of all, in a process of their own: paho sees at most 1024 files."""
    rng = random.Random(first)
    crowd = Crowd(address, first, last)
    joined = crowd.start(start - time.perf_counter())
    mine = len(crowd.clients)
    pause = 60 / (per_minute * mine / nodes)
    said: dict[int, float] = {}
    state_s = (STATE_MS + STATE_EACH_MS * nodes) / 1000
    news_at = start + rng.uniform(0, pause)
    states = sorted((start + rng.uniform(0, state_s), place) for place in range(mine))
    while (now := time.perf_counter()) < end + SETTLE_S:
        if news_at <= now < end:
            news_at += pause
            number = first * 100_000 + len(said)
            content = number.to_bytes(4, "big") + rng.randbytes(NEWS_BYTES)
            said[number] = now
            rng.choice(crowd.clients).publish("neu", crowd.envelope.seal("neu", content))
        while states[0][0] <= now < end:
            _, place = states.pop(0)
            topic = f"stand/{first + place}"
            sealed = crowd.envelope.seal(topic, rng.randbytes(64 + 4 * nodes))
            crowd.clients[place].publish(topic, sealed, retain=True)
            states.append((now + state_s, place))
        crowd.look(0.02)
    for client in crowd.clients:
        client.stop()
    heard = {number: (len(times), max(times)) for number, times in crowd.heard.items()}
    return Part(joined, said, heard, crowd.bytes)


def measure(nodes: int, minutes: float, per_minute: float) -> dict[str, Any]:
    """Figures of a while of news and statements."""
    with tempfile.TemporaryDirectory() as folder:
        broker = Mosquitto(Path(folder))
        broker.settings += "max_inflight_messages 20\nmax_queued_messages 1000\n"
        broker.start()
        try:
            before, begun = _cpu_s(broker.pid), time.perf_counter()
            start = begun + JOIN_S
            end = start + 60 * minutes
            shares = [(n, min(n + SHARE, nodes + 1) - 1) for n in range(1, nodes + 1, SHARE)]
            context = multiprocessing.get_context("spawn")
            with ProcessPoolExecutor(len(shares), context) as pool:
                work = [
                    pool.submit(part, broker.address, *share, nodes, start, end, per_minute)
                    for share in shares
                ]
                parts = [each.result() for each in work]
            spent, lasted = _cpu_s(broker.pid) - before, time.perf_counter() - begun
        finally:
            broker.kill()
    said = {number: at for each in parts for number, at in each.said.items()}
    heard = {
        number: [each.heard[number] for each in parts if number in each.heard] for number in said
    }
    whole = [n for n, by in heard.items() if sum(count for count, _ in by) >= nodes]
    last = [max(at for _, at in heard[n]) - said[n] for n in whole]
    return {
        "nodes": nodes,
        "load": round(os.getloadavg()[0], 1),
        "joined_s": round(max(each.joined_s for each in parts), 1),
        "news": len(said),
        "news_at_all": len(whole),
        "seconds_to_the_last": {
            "p50": _rounded(percentile(last, 0.5)),
            "p95": _rounded(percentile(last, 0.95)),
        },
        "delivered_mb_per_minute": round(sum(each.bytes for each in parts) / 1e6 / minutes, 1),
        "broker_cpu_share": round(spent / lasted, 3),
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)


def _cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text("utf8").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main(argv: list[str]) -> int:
    """Command line of the bench."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench broker")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--nodes", type=int, default=450)
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--per-minute", type=float, default=30.0)
    options = parser.parse_args(argv)
    if MOSQUITTO is None:
        print("no Mosquitto here")
        return 1
    print(json.dumps(measure(options.nodes, options.minutes, options.per_minute), indent=2))
    return 0
