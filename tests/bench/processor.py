# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What replication costs the laptop: verifying and storing, memory, and doing nothing.

    python -m tests.bench processor --json [--operations 4000] [--log 100000]

Rates stand beside bare SQLite inserts of the same bytes and bare Ed25519 checks of the same
signatures, in the same run. Needs Linux (``/proc``).
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from lage.kinds.model import Draft
from lage.kinds.schema import SCHEMA
from lage.node.loop import Loop
from lage.reports.board import FOLDER
from lage.write.release import release
from sync.codec import versions as codec
from sync.feed import chain as feed
from sync.feed.log import VerifiedRun
from sync.replica.engine import Engine
from sync.replica.events import HeardFrame
from sync.schema.op import Operation
from sync.wire.packet import encode_runs
from tests.bench.floods import flood
from tests.e2e.conftest import EMPTY_SCRIPT, make_troupe
from tests.fixtures import make_county, make_network, make_station, seed

RUN = 3  # operations in a frame
IDLE_S = 15.0
GAUGES_S = 60.0


def operations(count: int) -> list[bytes]:
    """Journal entries and readings as they are coded."""
    rng = random.Random(1)
    made = []
    for number in range(1, count + 1):
        if number % 3:
            changes: dict[str, Any] = {"gauge": "Greven", "value": rng.randint(100, 500)}
            operation = Operation(28_000_000 + number, "reading", changes)
        else:
            text = f"Keller Nr. {number} in der Emsstraße läuft voll"
            operation = Operation(28_000_000 + number, "journal", {"text": text})
        made.append(codec.encode(operation, SCHEMA, 1, number))
    return made


def replication(count: int) -> dict[str, Any]:
    """Operations per second through the real engine and store, and the two bare rates."""
    with tempfile.TemporaryDirectory() as folder:
        stations = make_county(Path(folder), ["Krisenstab", "SAE Rheine"])
        receiver = stations["SAE Rheine"]
        network, _ = make_network("Kreis Steinfurt")
        member = receiver.roster.members[1]
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        key = Ed25519PrivateKey.from_private_bytes(seed("Kreis Steinfurt", "Krisenstab", "sign"))
        chain, runs, frames = member.origin, list[VerifiedRun](), list[bytes]()
        data = operations(count)
        for first in range(0, count, RUN):
            part = data[first : first + RUN]
            run = feed.make_run(key, network.network_id, 1, first + 1, chain, part)
            chain = run.chains[-1]
            runs.append(run)
            plain = feed.Run(1, run.first, run.operations, run.signature)
            frames.append(encode_runs((plain,), original=True))
        engine = Engine(
            receiver.store.log,
            network_id=network.network_id,
            network_key=network.network_key,
            root_public=network.root_public,
            author=2,
            rng=random.Random(1),
            now=0,
        )
        started = time.perf_counter()
        for number, frame in enumerate(frames):
            engine.receive(HeardFrame(frame, 5.0, 0), number * 1000)
        ours = time.perf_counter() - started
        assert receiver.store.log.head(1) == count
        started = time.perf_counter()
        for run in runs:
            public = member.sign_key
            assert feed.verify(
                public, network.network_id, 1, run.last, run.chains[-1], run.signature
            )
        bare_check = time.perf_counter() - started
        bare_insert = _bare_inserts(Path(folder) / "bare.db", data)
        for station in stations.values():
            station.close()
    return {
        "operations": count,
        "per_second": round(count / ours),
        "ratio_to_bare_insert": round(ours / bare_insert, 2),
        "ratio_to_bare_ed25519": round(ours / bare_check, 2),
        "bare_insert_per_second": round(count / bare_insert),
        "bare_ed25519_per_second": round(len(runs) / bare_check),
    }


def _bare_inserts(path: Path, data: list[bytes]) -> float:
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    db.execute("CREATE TABLE operation (number INTEGER PRIMARY KEY, bytes BLOB)")
    started = time.perf_counter()
    for first in range(0, len(data), RUN):
        db.execute("BEGIN IMMEDIATE")
        for number, item in enumerate(data[first : first + RUN], first + 1):
            db.execute("INSERT INTO operation VALUES (?, ?)", (number, item))
        db.execute("COMMIT")
    taken = time.perf_counter() - started
    db.close()
    return taken


_MEMORY = """
import random, sys
from pathlib import Path
from lage.station import Station
from sync.replica.engine import Engine
station = Station.open(Path(sys.argv[1]))
network = station.network_keys
engine = Engine(station.store.log, network_id=network.network_id, network_key=network.network_key,
                root_public=network.root_public, author=1, rng=random.Random(1), now=0)
engine.advance(10_000_000)
assert station.store.situation.operation_count() >= int(sys.argv[2])
print(open("/proc/self/status").read())
"""


def memory(count: int) -> dict[str, Any]:
    """Resident memory of a node's log and engine with that many operations, in MB."""
    with tempfile.TemporaryDirectory() as folder:
        station = make_county(Path(folder), ["SAE Rheine"])["SAE Rheine"]
        for first in range(0, count, 2000):
            station.write(
                [
                    Draft("reading", {"gauge": "Greven", "value": number % 500})
                    for number in range(first, min(first + 2000, count))
                ]
            )
        size = (station.folder / "lage.db").stat().st_size
        station.close()
        used = subprocess.run(
            [sys.executable, "-c", _MEMORY, str(station.folder), str(count)],
            capture_output=True,
            text=True,
            check=True,
        )
        bare = subprocess.run(
            [sys.executable, "-c", "print(open('/proc/self/status').read())"],
            capture_output=True,
            text=True,
            check=True,
        )
    return {
        "operations": count,
        "resident_mb": _resident_mb(used.stdout),
        "bare_interpreter_mb": _resident_mb(bare.stdout),
        "file_mb": round(size / 2**20, 1),
    }


def _resident_mb(status: str) -> float:
    """Peak resident memory in the text of ``/proc/self/status``."""
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return round(int(line.split()[1]) / 1024, 1)


def idle() -> dict[str, Any]:
    """Processor seconds per minute of a node with a connected radio and nothing to do."""
    with (
        tempfile.TemporaryDirectory() as folder,
        make_troupe(Path(folder), EMPTY_SCRIPT, speed=1.0) as troupe,
    ):
        node = next(iter(troupe.nodes.values()))
        time.sleep(10)
        before = _cpu_s(node.pid)
        time.sleep(IDLE_S)
        spent = _cpu_s(node.pid) - before
        os.kill(node.pid, signal.SIGTERM)
    return {"cpu_s_per_minute": round(spent * 60 / IDLE_S, 2), "observed_s": IDLE_S}


def public_gauges(seconds: float = GAUGES_S) -> dict[str, Any]:
    """How long a node's loop is away from its radio at most, while six public gauges of ten days
    at five minutes are reckoned beside it; and what the process that does that costs."""
    winter = dict(flood("winter"))
    names = ["Rheine", "Greven", *(f"Pegel {n}" for n in range(4))]
    with tempfile.TemporaryDirectory() as name:
        station = make_station(Path(name) / "kreis", clock=time.time)
        start = station.now() // 3600 * 3600 - 242 * 3600
        drafts = [Draft("gauge", {"name": each, "unit": "cm"}) for each in names]
        for each in names:
            levels = winter.get(each, winter["Greven"])
            drafts += [
                Draft("reading", {"gauge": each, "value": levels[50 + n // 12],
                                  "at": start + 300 * n})
                for n in range(241 * 12)
            ]  # fmt: skip
        station.write(drafts)
        for each in names:
            station.write(release(station.find_record("gauge", each)))
        station.keep(FOLDER, str(Path(name) / "aushang"))
        loop = Loop(station, None, random.Random(1))
        loop._published = station.store.log.head(1)  # else all of it is cut into runs at once
        turns, end = list[float](), time.monotonic() + seconds
        while time.monotonic() < end:
            began = time.perf_counter()
            wait = loop.turn()
            turns.append(time.perf_counter() - began)
            time.sleep(min(wait, 0.05))
        pid = loop._workers.pids()["aushang"]
        cost = {"worker_mb": _resident_mb(Path(f"/proc/{pid}/status").read_text("utf8")),
                "worker_cpu_s": round(_cpu_s(pid), 1)}  # fmt: skip
        loop.close()
        station.close()
    longest = [round(1000 * each) for each in sorted(turns)[-3:]]
    return {"observed_s": seconds, "longest_turns_ms": longest, **cost}


def _cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text("utf8").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(count: int = 4000, log: int = 100_000) -> dict[str, Any]:
    """All of it."""
    return {
        "replication": replication(count),
        "memory": memory(log),
        "idle_node": idle(),
        "public_gauges": public_gauges(),
    }


def main(argv: list[str] | None = None) -> int:
    """Command line of the bench."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench processor")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--operations", type=int, default=4000)
    parser.add_argument("--log", type=int, default=100_000)
    options = parser.parse_args(argv)
    result = measure(options.operations, options.log)
    print(json.dumps(result, indent=2) if options.json else result)
    return 0


if __name__ == "__main__":
    sys.exit(main())
