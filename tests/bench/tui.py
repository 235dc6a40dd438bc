# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""How fluid the screen is: ``python -m tests.bench tui [--json] [--entries N] [--folder DIR]``.

Time to the first painted overview, time per key press in a short and in a long list (their ratio
should stay near 1, for a screen reads only the rows it shows), frames of the map, and processor
time of an idle screen per minute. There is no terminal: a press is counted from the key event until
all widgets have handled what follows from it and the whole screen is composed anew.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

os.environ.setdefault("TEXTUAL_ANIMATIONS", "none")  # as tui.terminal.prepare does

from textual.events import Key

from lage.model import Draft
from lage.station import Station
from tests.bench.start import fill
from tests.fixtures import FixedClock, make_station
from tui.app import LageApp
from tui.bridge import Bridge
from tui.terminal import Glyphs, Terminal

SIZE = (120, 40)
SHORT = 1000
ROUNDS = 12
IDLE_S = 10.0
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
    app = LageApp(bridge, folder, Terminal("256", Glyphs.FULL, light=False), exercise=False)
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
            await press("0")
            pans = [await press("right") for _ in range(ROUNDS)]
            result["map_frame_ms"] = round(statistics.median(pans), 1)
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
    options = parser.parse_args(list(argv))
    figures = measure(options.entries, options.folder)
    if options.json:
        print(json.dumps(figures))
    else:
        for name, value in figures.items():
            print(f"{name:26} {value}")
    return 0


if __name__ == "__main__":
    main()
