# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""How fluid the screen is: ``python -m tests.bench tui [--json] [--entries N] [--folder DIR]``.

Time to the first painted overview, time per key press in a short and in a long list (their ratio
should stay near 1, for a screen reads only the rows it shows), the same while another process
writes ten operations a second, frames of the map (a step of the cursor, and zooming, where every
row is new), and processor time of an idle screen per minute. There is no terminal: a press is
counted from the key event until all widgets have handled what follows from it and the whole screen
is composed anew. ``map_zoom_cpu_ms`` is processor time, for machines that do other things as well.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

os.environ.setdefault("TEXTUAL_ANIMATIONS", "none")  # as tui.terminal.prepare does

from textual.events import Key

from lage.kinds.model import Draft
from lage.station import Station
from tests.bench.start import fill
from tests.fixtures import FixedClock, make_station
from tui.app.app import LageApp
from tui.bridge import Bridge
from tui.terminal import Glyphs, Terminal
from tui.widgets.map_area import MapArea

SIZE = (120, 40)
SHORT = 1000
ROUNDS = 12
IDLE_S = 10.0
LIVE_PER_S = 10
LIVE_PRESSES = 60
LIVE_PACE_S = 0.15
WALK = ("down", "pagedown", "end", "up", "pageup", "home")


def build(folder: Path, entries: int) -> None:
    """A log with so many entries, 16 of 20 in the journal, and ``SHORT`` messages."""
    station = make_station(folder, clock=FixedClock())
    fill(station, entries)
    texts = [f"Meldung {number}: keine besonderen Vorkommnisse" for number in range(SHORT)]
    drafts = [Draft("message", {"priority": "einfach", "text": text}) for text in texts]
    for first in range(0, SHORT, 500):
        station.write(drafts[first : first + 500])
    station.close()


def measure(entries: int = 100_000, folder: Path | None = None) -> dict[str, Any]:
    """All figures; a given folder with a log from an earlier run is used again."""
    if folder is not None:
        if not (folder / "1").exists():
            build(folder, entries)
        return asyncio.run(_measure(folder / "1", entries))
    with tempfile.TemporaryDirectory() as name:
        build(Path(name), entries)
        return asyncio.run(_measure(Path(name) / "1", entries))


async def _measure(folder: Path, entries: int) -> dict[str, Any]:
    started = time.perf_counter()
    bridge = Bridge(folder, clock=FixedClock(), battery=lambda: None)
    bridge.open()
    opened = time.perf_counter()
    app = LageApp(bridge, folder, Terminal("256", Glyphs.FULL, light=False), marked="", undo_s=0)
    result: dict[str, Any] = {"entries": entries, "size": "x".join(map(str, SIZE))}
    try:
        async with app.run_test(size=SIZE) as pilot:
            await pilot.pause()
            result["open_ms"] = round((opened - started) * 1000, 1)
            result["first_screen_ms"] = round((time.perf_counter() - started) * 1000, 1)

            async def press(key: str) -> float:
                await pilot.pause()
                begun = time.perf_counter()
                app.post_message(Key(key, key if len(key) == 1 else None))
                await pilot._wait_for_screen()
                app.screen._compositor.render_strips()
                return (time.perf_counter() - begun) * 1000

            await press("3")
            short = await _walk(press)
            await press("2")
            long = await _walk(press)
            for key in WALK:
                result[f"key_{key}_short_ms"] = round(short[key], 1)
                result[f"key_{key}_long_ms"] = round(long[key], 1)
            ratio = statistics.median(long.values()) / statistics.median(short.values())
            result["long_to_short"] = round(ratio, 2)
            result |= await _map(app, pilot, press)
            await press("2")
            result |= await _live(folder, press)
            await press("1")
            result["news_ms"] = round(await _news(folder, app), 1)
            result["idle_cpu_s_per_min"] = round(await _idle(), 3)
    finally:
        bridge.close()
    return result


async def _walk(press: Any) -> dict[str, float]:
    """Median per key."""
    times: dict[str, list[float]] = {key: [] for key in WALK}
    for _ in range(ROUNDS):
        for key in WALK:
            times[key].append(await press(key))
    return {key: statistics.median(values) for key, values in times.items()}


async def _map(app: LageApp, pilot: Any, press: Any) -> dict[str, float]:
    """A step of the cursor paints two rows, a zoom all of them; counted until they are painted."""
    await press("0")
    while not any(area.rows for area in app.screen.query(MapArea)):
        await asyncio.sleep(0.01)
    area = app.screen.query_one(MapArea)

    async def frame(key: str) -> float:
        await pilot.pause()
        begun, rows = time.perf_counter(), area.rows
        app.post_message(Key(key, None))
        while area.rows is rows:
            await asyncio.sleep(0)
        await pilot._wait_for_screen()
        app.screen._compositor.render_strips()
        return (time.perf_counter() - begun) * 1000

    steps = [await frame("right") for _ in range(ROUNDS)]
    before = time.process_time()
    # No picture comes again soon enough to be kept.
    zooms = [await frame(key) for key in [*["plus"] * 8, *["minus"] * 8] * 3]
    spent = (time.process_time() - before) * 1000 / len(zooms)
    return {
        "map_step_ms": round(statistics.median(steps), 1),
        "map_zoom_ms": round(statistics.median(zooms), 1),
        "map_zoom_p95_ms": round(_p95(zooms), 1),
        "map_zoom_cpu_ms": round(spent, 1),
    }


async def _live(folder: Path, press: Any) -> dict[str, float]:
    """Keys in the long list at a person's pace, without and with news ten times a second."""
    quiet = await _paced(press)
    with _writer(folder):
        live = await _paced(press)
    return {
        "paced_key_ms": round(statistics.median(quiet), 1),
        "paced_key_p95_ms": round(_p95(quiet), 1),
        "live_key_ms": round(statistics.median(live), 1),
        "live_key_p95_ms": round(_p95(live), 1),
        "live_to_quiet": round(statistics.median(live) / statistics.median(quiet), 2),
    }


async def _paced(press: Any) -> list[float]:
    times = []
    for number in range(LIVE_PRESSES):
        times.append(await press(WALK[number % 2]))
        await asyncio.sleep(LIVE_PACE_S)
    return times


@contextmanager
def _writer(folder: Path) -> Iterator[None]:
    """Another process that writes all the while, as a node does that hears the county."""
    command = [sys.executable, "-m", "tests.bench.tui", "--write-into", str(folder)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()  # the first operation is written
    try:
        yield
    finally:
        process.communicate()  # its input ends, and so does it


def _write_on(folder: Path) -> None:
    """Operations at ``LIVE_PER_S`` until nobody reads any more."""
    import select

    station = Station.open(folder, clock=FixedClock())
    kinds = (
        Draft("journal", {"text": "Deichwache meldet keine Veränderung"}),
        Draft("reading", {"gauge": "Greven", "value": 431}),
        Draft("message", {"priority": "einfach", "text": "Pumpe 3 läuft"}),
    )
    number = 0
    while not select.select([sys.stdin], [], [], 1 / LIVE_PER_S)[0]:
        station.write([kinds[number % len(kinds)]])
        number += 1
        if number == 1:
            print("begun", flush=True)
    station.close()


def _p95(times: Sequence[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


async def _news(folder: Path, app: LageApp) -> float:
    """Milliseconds from a write by another process's station until the screen is up to date."""
    station = Station.open(folder, clock=FixedClock())
    begun = time.perf_counter()
    station.write([Draft("journal", {"text": "Neu"})])
    await app.refresh_if_changed()
    station.close()
    return (time.perf_counter() - begun) * 1000


async def _idle() -> float:
    """Processor seconds per minute with nobody at the keyboard and no news."""
    await asyncio.sleep(1)
    before = time.process_time()
    with suppress(asyncio.CancelledError):
        await asyncio.sleep(IDLE_S)
    return (time.process_time() - before) * 60 / IDLE_S


def main(argv: Sequence[str] = ()) -> int:
    """Print the figures, one a line or as JSON."""
    parser = argparse.ArgumentParser(prog="tests.bench tui")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--entries", type=int, default=100_000)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--write-into", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args(list(argv))
    if options.write_into is not None:
        _write_on(options.write_into)
        return 0
    figures = measure(options.entries, options.folder)
    if options.json:
        print(json.dumps(figures))
    else:
        for name, value in figures.items():
            print(f"{name:26} {value}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
