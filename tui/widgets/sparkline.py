# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A series in a few cells of one row."""

from __future__ import annotations

from collections.abc import Sequence

from tui.terminal import Glyphs

_STEPS = {Glyphs.FULL: "▁▂▃▄▅▆▇█", Glyphs.PLAIN: "_.-=*#", Glyphs.ASCII: "_.-=*#"}


def sparkline(values: Sequence[float], width: int, glyphs: Glyphs) -> str:
    """The last ``width`` values, lowest to highest of them; flat is the lowest step."""
    shown = list(values)[-width:]
    if not shown:
        return ""
    steps = _STEPS[glyphs]
    low, high = min(shown), max(shown)
    span = (high - low) or 1
    return "".join(steps[int((value - low) / span * (len(steps) - 1))] for value in shown)
