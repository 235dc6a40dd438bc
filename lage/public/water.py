# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Levels of water in words: trend, Informationswert, comparison with floods, what is expected."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from lage.language.folding import fold_text
from lage.public.words import Words
from lage.views.board import Board, Expected, Gauge, Level
from lage.views.chart import Chart

Clock = Callable[[float], str]
STEADY = 1.0
"""A change in an hour below which a level is called steady."""
LICENCES = {
    "PEGELONLINE": (
        "PEGELONLINE, Wasserstraßen- und Schifffahrtsverwaltung des Bundes (DL-DE->Zero-2.0)"
    ),
    "Hochwasserportal": "Hochwasserportal NRW, LANUK (DL-DE->Zero-2.0)",
}
"""What the sources of readings ask to be said; readings of our own staffs ask nothing."""


class Shown(NamedTuple):
    """A gauge as a row of the table."""

    gauge: Gauge
    name: str  # of its curve's file
    latest: Level | None
    trend: str
    meaning: str
    compared: tuple[str, ...]
    expected: tuple[str, ...]
    by: str


def file_names(gauges: Sequence[Gauge]) -> list[str]:
    """A name for each in addresses: readable, and the same whatever other gauges there are."""
    return [file_name(gauge.key) for gauge in gauges]


def file_name(key: str) -> str:
    """Letters and digits of the key, and a mark that tells apart what then looks the same."""
    plain = re.sub(r"[^a-z0-9]+", "-", fold_text(key)).strip("-")[:40]
    mark = hashlib.blake2b(key.encode(), digest_size=2).hexdigest()
    return f"{plain or 'pegel'}-{mark}"


def rows(board: Board, words: Words, clock: Clock) -> list[Shown]:
    """The table in a language. ``clock``: writes a time."""
    names = file_names(board.gauges)
    return [
        _row(gauge, name, words, clock) for gauge, name in zip(board.gauges, names, strict=True)
    ]


def _row(gauge: Gauge, name: str, words: Words, clock: Clock) -> Shown:
    latest = gauge.readings[0] if gauge.readings else None
    known = any(value is not None for value in gauge.thresholds)
    meaning = words.water["info"][str(gauge.level) if known else "unknown"]
    expected = [
        words.water["expected"].format(
            time=clock(point.time), range=_range(point, gauge), unit=gauge.unit
        )
        for point in _some(gauge)
    ]  # fmt: skip
    by = ""
    if gauge.expected:
        official = words.water["official"].format(source=gauge.expected_by)
        by = official if gauge.expected_by else words.water["reckoned"]
    compared = () if latest is None else _compared(gauge, latest.value, words)
    return Shown(gauge, name, latest, _trend(gauge, words), meaning, compared, tuple(expected), by)


def _range(point: Expected, gauge: Gauge) -> str:
    low, high = number(point.low, gauge), number(point.high, gauge)
    return low if low == high else f"{low}–{high}"


def _some(gauge: Gauge) -> Sequence[Expected]:
    """A few of what is expected: the next, the highest, the last."""
    points = gauge.expected
    if not points:
        return ()
    chosen = {points[0], max(points, key=lambda point: point.high), points[-1]}
    return sorted(chosen, key=lambda point: point.time)


def _trend(gauge: Gauge, words: Words) -> str:
    if gauge.trend is None:
        return str(words.water["trend_unknown"])
    least = STEADY / 10**gauge.decimals
    if abs(gauge.trend) < least:
        return str(words.water["steady"])
    said = words.water["rising" if gauge.trend > 0 else "falling"]
    return str(said.format(rate=number(abs(gauge.trend), gauge), unit=gauge.unit))


def _compared(gauge: Gauge, value: float, words: Words) -> tuple[str, ...]:
    """With the highest remembered flood below it, and the lowest above it."""
    said = []
    passed = [flood for flood in gauge.floods if value >= flood.value]
    ahead = [flood for flood in gauge.floods if value < flood.value]
    if passed:
        said.append(
            words.water["higher"].format(
                flood=passed[0].name, value=number(passed[0].value, gauge), unit=gauge.unit
            )
        )
    if ahead:
        next_one = ahead[-1]
        said.append(
            words.water["below"].format(
                left=number(next_one.value - value, gauge), flood=next_one.name,
                value=number(next_one.value, gauge), unit=gauge.unit,
            )
        )  # fmt: skip
    return tuple(said)


def number(value: float, gauge: Gauge) -> str:
    """A value in the gauge's decimals, with a comma as here."""
    return f"{value:.{gauge.decimals}f}".replace(".", ",")


def mark_words(mark: str, own: str, unit: str, words: Words) -> str:
    """``Informationswert 2``, or ``eigener Wert 480 cm`` for a value of somebody's own."""
    title = str(words.gauge[mark])
    return f"{title} {own.replace('.', ',')} {unit}" if own else title


def sources(board: Board, chart: Chart | None) -> list[str]:
    """Who has to be named."""
    used = {reading.source for gauge in board.gauges for reading in gauge.readings[:50]}
    said = [LICENCES[name] for name in LICENCES if name in used]
    return [*said, *(chart.sources if chart is not None else ())]
