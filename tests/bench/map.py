# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""How long a picture of the county takes: ``python -m tests.bench.map [--json]``.

The target is a frame under 30 ms at 120 x 40. Times are wall clock in milliseconds on this machine.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable

from maps.geo import Position
from maps.layers import Layers, load_layers
from maps.render import Style, render
from maps.scene import Area, AreaKind, Marker, Scene
from maps.signs import SIGNS
from maps.viewport import Viewport

FRAMES = 40


def measure() -> dict[str, float]:
    """Medians and maxima by name, in ms."""
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
        result |= _timed(name, lambda view=view, scene=scene: render(view, scene))  # type: ignore[misc]
    view = Viewport.fit(layers.bounds, 120, 40)
    result |= _timed("county_120x40_ascii", lambda: render(view, busy, style=Style.ASCII))
    near = view.zoom(20, Position(52.279, 7.44))
    result |= _timed("town_120x40", lambda: render(near, busy))
    return result


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


def _timed(name: str, frame: Callable[[], object]) -> dict[str, float]:
    times = []
    for _ in range(FRAMES):
        started = time.perf_counter()
        frame()
        times.append((time.perf_counter() - started) * 1000)
    return {
        f"{name}_median_ms": round(statistics.median(times), 2),
        f"{name}_max_ms": round(max(times), 2),
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
