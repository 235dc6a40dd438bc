# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Ways besides the radio: how fast a newcomer has everything, and how much air they spare.

    python -m tests.bench bearers --json [--operations 10000] [--seed N ...] [--no-air] [--no-bulk]

Joining by stick, cable and broker (a real Mosquitto, where there is one) stands beside bare checks
of the same Ed25519 signatures and a bare copy of the same file, in the same run. The air of a
county's day is taken twice, with a third of the staffs on a cable and with none; and what the
heartbeat takes of it, on a busy day and on one on which the same entries take 24 hours.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from lage.bearers.packing import pack
from lage.bearers.taking import take_in
from lage.kinds.model import Draft
from lage.kinds.setting import LAN
from lage.station import Station
from lage.store.broker_login import keep_broker
from sync.feed import chain as feed
from tests.bench import county as air
from tests.bench import workload
from tests.bench.heartbeat import heartbeat
from tests.fixtures import make_county
from tests.nodes import Cabled, free_port, wait_for
from tests.simulation.cables import CabledCounty
from tests.simulation.county import TOWERS, Plan

PATIENCE_S = 900.0
QUIET_H = 24.0


def fill(station: Station, count: int) -> None:
    """Entries with texts as staffs write them."""
    texts = [f"Keller Nr. {n} in der Emsstraße läuft voll, Pumpe angefordert" for n in range(count)]
    for first in range(0, count, 500):
        station.write([Draft("journal", {"text": text}) for text in texts[first : first + 500]])


def timed(work: Callable[[], object]) -> float:
    """Seconds that it takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def bulk(count: int) -> dict[str, Any]:
    """Seconds until a newcomer holds so many operations, by each way, and the bare parts."""
    found: dict[str, Any] = {"operations": count, "load": os.getloadavg()[0]}
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        names = ["Krisenstab", "SAE Rheine", "SAE Greven", "SAE Emsdetten"]
        stations = list(make_county(folder / "kreis", names).values())
        for station in stations:
            stack.callback(station.close)
        source, by_stick, by_cable, by_broker = stations
        fill(source, count)
        stick = folder / "stick.kurier"
        found["pack_s"] = timed(lambda: pack(source, stick, everything=True))
        found["stick_bytes"] = stick.stat().st_size
        found["bare_copy_s"] = timed(lambda: _copy(stick, folder / "copy"))
        found["bare_ed25519_s"] = timed(lambda: _verify(source))
        found["stick_s"] = timed(lambda: take_in(by_stick, stick))
        by_stick.store.log.reading.rest()
        found["cable_s"] = _by_cable(source, by_cable, count)
        found["broker_s"] = _by_broker(source, by_broker, folder, count)
    for way in ("stick", "cable", "broker"):
        if found[f"{way}_s"] is not None:
            found[f"{way}_per_second"] = round(count / found[f"{way}_s"])
            found[f"{way}_to_bare_ed25519"] = round(found[f"{way}_s"] / found["bare_ed25519_s"], 1)
    return {k: round(v, 3) if isinstance(v, float) else v for k, v in found.items()}


def _copy(source: Path, target: Path) -> None:
    shutil.copyfile(source, target)
    with target.open("rb+") as file:
        os.fsync(file.fileno())


def _verify(station: Station) -> None:
    """Every signature of the feed that the stick carries."""
    log, network = station.store.log, station.network_keys.network_id
    key, head = station.roster.members[1].sign_key, log.head(1)
    for point in log.signatures(1, 1, head)[::4]:  # about as many as runs in frames have
        chain = log.chain(1, point.number)
        assert chain is not None
        assert feed.verify(key, network, 1, point.number, chain, point.signature)


def _by_cable(source: Station, target: Station, count: int) -> float:
    port = free_port()
    source.keep(LAN, {"listen": f"127.0.0.1:{port}"})
    target.keep(LAN, {"listen": f"127.0.0.1:{free_port()}", "addresses": [f"127.0.0.1:{port}"]})
    return _joined(source, target, count)


def _by_broker(source: Station, target: Station, folder: Path, count: int) -> float | None:
    from tests.unit.lage.test_broker import MOSQUITTO, Mosquitto

    if MOSQUITTO is None:
        return None
    source.keep(LAN, {})
    broker = Mosquitto(folder)
    broker.start()
    try:
        for station in (source, target):
            keep_broker(station.folder, broker.address, "")
        return _joined(source, target, count)
    finally:
        broker.kill()


def _joined(source: Station, target: Station, count: int) -> float:
    """From the start of both nodes on."""
    nodes = [Cabled(source), Cabled(target)]
    started = time.perf_counter()
    for node in nodes:
        node.start()
    wait_for(lambda: target.store.log.head(1) == count, PATIENCE_S)
    taken = time.perf_counter() - started
    for node in nodes:
        node.stop()
    return taken


def day(seed: int, cabled: Sequence[int], nodes: int = 25, count: int = 200) -> dict[str, Any]:
    """Figures of a county's day with these staffs on a cable."""
    plan = Plan(seed)
    towers = [air.metres(place) for place in TOWERS.values()]
    made = CabledCounty(cabled, air.positions(nodes, seed), plan, towers=towers)
    air.run_day(made, list(workload.lines(None, seed, count, nodes)), air.PATIENCE_MS)
    return air.figures(made) | {"received_known_share": round(made.received_known_share(), 4)}


def main(argv: list[str]) -> int:
    """Command line of the bench."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench bearers")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--operations", type=int, default=10_000)
    parser.add_argument("--seed", type=int, nargs="*", default=[1])
    parser.add_argument("--no-air", action="store_true")
    parser.add_argument("--no-bulk", action="store_true")
    options = parser.parse_args(argv)
    result: dict[str, Any] = {} if options.no_bulk else {"bulk": bulk(options.operations)}
    if not options.no_air:
        result["air"] = {
            seed: {"none": day(seed, ()), "a_third": day(seed, range(1, 25, 3))}
            for seed in options.seed
        }
        result["heartbeat"] = {
            seed: {"busy": heartbeat(seed, hours=None), "quiet": heartbeat(seed, hours=QUIET_H)}
            for seed in options.seed
        }
    print(json.dumps(result, indent=2, ensure_ascii=False))
    return 0
