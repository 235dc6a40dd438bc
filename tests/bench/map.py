# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""How long a picture of the county takes: ``python -m tests.bench.map [--json]``.

The target is a frame under 30 ms at 120 x 40. Times are wall clock in milliseconds on this machine;
processor time is given beside it, for machines that do other things as well.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from dataclasses import replace

from maps.draw.render import Style, render
from maps.draw.scene import Area, AreaKind, Marker, Scene
from maps.draw.signs import SIGNS
from maps.draw.viewport import Viewport
from maps.geo.places import Position
from maps.read.layers import Layers, load_layers

FRAMES = 40


def measure() -> dict[str, float]:
    """By name, in ms: median, 95th percentile, and the median of processor time."""
    started = time.perf_counter()
    layers = load_layers()
    result = {"load_ms": round((time.perf_counter() - started) * 1000, 2)}
    bare, busy = Scene(layers), _busy(layers)
    for name, scene, columns, rows in (
        ("county_80x24", busy, 80, 24),
        ("county_120x40_bare", bare, 120, 40),
        ("county_120x40", busy, 120, 40),
        ("county_240x70", busy, 240, 70),
    ):
        view = Viewport.fit(layers.bounds, columns, rows)
        result |= _timed(name, view, scene)
    view = Viewport.fit(layers.bounds, 120, 40)
    result |= _timed("county_120x40_ascii", view, busy, Style.ASCII)
    near = view.zoom(20, Position(52.279, 7.44))
    return result | _timed("town_120x40", near, busy) | _timed("step_120x40", near, busy, pan=0)


def _busy(layers: Layers) -> Scene:
    """A bad day: 100 markers, six areas, a cursor."""
    keys = sorted(SIGNS)
    markers = tuple(
        Marker(
            str(n),
            keys[n % len(keys)],
            Position(52.0 + n * 7 % 100 / 220, 7.1 + n * 13 % 100 / 110),
            f"Stelle {n}",
            priority=n % 5,
        )
        for n in range(100)
    )
    areas = tuple(
        Area(
            f"f{n}",
            list(AreaKind)[n % len(AreaKind)],
            tuple(
                Position(52.05 + n * 0.07 + y, 7.2 + n * 0.12 + x)
                for x, y in ((0, 0), (0.1, 0.01), (0.12, 0.06), (0.03, 0.07))
            ),
            f"Fläche {n}",
        )
        for n in range(6)
    )
    return Scene(layers, markers, areas, cursor=Position(52.2, 7.6), selected="7")


def _timed(
    name: str, view: Viewport, scene: Scene, style: Style = Style.BRAILLE, *, pan: int = 1
) -> dict[str, float]:
    """Frames of a map that is panned, so that every one is drawn anew; 0 moves the cursor only."""
    times, spent = [], []
    for number in range(FRAMES):
        cursor = Position(52.2, 7.6 + number / 1000)
        moved = replace(scene, cursor=cursor)
        started, before = time.perf_counter(), time.process_time()
        render(view.pan(number * pan, 0), moved, style=style)
        times.append((time.perf_counter() - started) * 1000)
        spent.append((time.process_time() - before) * 1000)
    return {
        f"{name}_median_ms": round(statistics.median(times), 2),
        f"{name}_p95_ms": round(statistics.quantiles(times, n=20)[-1], 2),
        f"{name}_cpu_ms": round(statistics.median(spent), 2),
    }


def main() -> None:
    """Print the figures, one a line or as JSON."""
    figures = measure()
    if "--json" in sys.argv[1:]:
        print(json.dumps(figures))
    else:
        for name, value in figures.items():
            print(f"{name:32} {value:8.2f}")


if __name__ == "__main__":
    main()
