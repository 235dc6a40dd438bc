# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""How the other nodes are, when and by which way they were last there; and this one's fuel.

The running node keeps it for the other processes on this folder. Reading is total: what cannot be
understood is not known.
"""

from __future__ import annotations

import enum
import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from lage.kinds.setting import Setting, exactly
from sync.wire.heartbeat import PAGE_BITS, Heartbeat, heartbeat_of

LIVES_MAX = 1024
SAMPLES_MAX = 12
"""Of one battery."""
BATTERIES_MAX = 256
GAPS_MAX = 16
"""Silences of one node, the last ones."""
OWN_BATTERY = 0
"""In place of a radio's number: this computer's."""


class Way(enum.Enum):
    """By what a node was last there."""

    RADIO = "funk"
    CABLE = "kabel"
    BROKER = "vermittler"


@dataclass(frozen=True, slots=True)
class Life:
    """A member's node; times are unix seconds."""

    pages: tuple[int, ...] = ()  # of its last heartbeat; none: it has told nothing yet
    told: int = 0  # when it said so
    way: Way = Way.RADIO
    there: int = 0  # 0: not known
    gaps: tuple[int, ...] = ()  # seconds that it was silent, where that was long

    @property
    def beat(self) -> Heartbeat | None:
        """What it last told."""
        return heartbeat_of(self.pages) if self.pages else None


@dataclass(frozen=True, slots=True)
class Fuel:
    """How long the generator's fuel lasts, as somebody entered it."""

    hours: float
    since: int  # unix seconds

    def left(self, unix: float) -> float:
        """Hours from then on."""
        return max(0.0, self.hours - max(0.0, unix - self.since) / 3600)


Samples = tuple[tuple[int, int], ...]
"""(unix seconds, percent) of one battery, while it falls."""


def _lives(kept: Any) -> dict[int, Life]:
    rows = exactly(dict)(kept).items()
    return {int(name): _life(row) for name, row in islice(rows, LIVES_MAX) if name.isdecimal()}


def _life(row: Mapping[str, Any]) -> Life:
    pages = tuple(n for n in row.get("pages", ()) if type(n) is int and 0 <= n < 1 << PAGE_BITS)
    gaps = tuple(n for n in row.get("gaps", ()) if type(n) is int and n >= 0)[-GAPS_MAX:]
    told, there = (n if type(n := row.get(key)) is int else 0 for key in ("told", "there"))
    known = {way.value: way for way in Way}
    return Life(pages, told, known.get(str(row.get("way")), Way.RADIO), there, gaps)


def _kept_lives(lives: Mapping[int, Life]) -> dict[str, Any]:
    return {
        str(member): {
            "pages": list(life.pages),
            "told": life.told,
            "way": life.way.value,
            "there": life.there,
            "gaps": list(life.gaps),
        }
        for member, life in lives.items()
    }


def _fuel(kept: Any) -> Fuel | None:
    hours, since = kept
    found = Fuel(float(hours), exactly(int)(since))
    return found if math.isfinite(found.hours) and found.hours >= 0 else None


def _batteries(kept: Any) -> dict[int, Samples]:
    rows = exactly(dict)(kept).items()
    return {
        int(number): tuple((exactly(int)(at), exactly(int)(percent)) for at, percent in row)
        for number, row in islice(rows, BATTERIES_MAX)
    }


LIVES = Setting[dict[int, Life]]("lebenszeichen", {}, _lives, _kept_lives)
"""By member."""
FUEL = Setting[Fuel | None](
    "kraftstoff", None, _fuel, lambda fuel: None if fuel is None else [fuel.hours, fuel.since]
)
"""None: no generator, or nobody has said."""
BATTERIES = Setting[dict[int, Samples]](
    "akkus",
    {},
    _batteries,
    lambda found: {str(n): [list(each) for each in samples] for n, samples in found.items()},
)
"""By the radio's number, and this computer's."""


def hours_left(samples: Samples, unix: float) -> float | None:
    """How long a battery lasts at the rate at which it fell; None while that cannot be told."""
    if len(samples) < 2:
        return None
    (first, full), (last, percent) = samples[0], samples[-1]
    fell, took = full - percent, last - first
    if fell < FELL_LEAST or took < TOOK_LEAST_S:
        return None
    return max(0.0, percent * took / fell / 3600 - max(0.0, unix - last) / 3600)


FELL_LEAST = 2
"""Percent: a reading may be off by one."""
TOOK_LEAST_S = 15 * 60
WINDOW_S = 12 * 3600
"""What a battery did before tells little of now."""
APART_S = 5 * 60


def sampled(samples: Samples, unix: int, percent: int, *, fed: bool) -> Samples:
    """With one more reading; a battery that is fed or rises begins anew."""
    if fed or (samples and percent > samples[-1][1]):
        return () if fed else ((unix, percent),)
    if samples and (unix - samples[-1][0] < APART_S or percent == samples[-1][1]):
        return samples
    kept = [*(each for each in samples if unix - each[0] < WINDOW_S), (unix, percent)]
    if len(kept) > SAMPLES_MAX:
        del kept[1:-1:2]  # first and last stay: the longer the span, the better the rate
    return tuple(kept)
