# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who hears whom by which way, as far as this node got to know without asking.

The running node keeps it for the other processes on this folder. Reading is total: what cannot be
understood is not known.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from itertools import islice
from typing import Any

from lage.kinds.setting import Setting, exactly
from lage.store.lives import Way

HEARD_MAX = 2_000
FRESH_S = 6 * 3600
"""Older than that it says nothing of now."""


class Source(enum.Enum):
    """How it is known."""

    HERE = "hier"  # this node heard it itself
    TOLD = "gesagt"  # the hearer's own announcement or question names whom it hears
    LINKED = "verbunden"  # the hearer told over a cable whom it is connected with
    RADIO = "funkgeraet"  # the hearer's radio lists its neighbours


@dataclass(frozen=True, slots=True)
class Heard:
    """One direction between two members."""

    hearer: int
    heard: int
    way: Way
    at: int  # unix seconds
    source: Source
    snr_db: float | None = None


def _read(kept: Any) -> tuple[Heard, ...]:
    ways, sources = {way.value: way for way in Way}, {each.value: each for each in Source}
    whole = exactly(int)
    return tuple(
        Heard(
            whole(hearer),
            whole(heard),
            ways[way],
            whole(at),
            sources[source],
            float(snr) if type(snr) in (int, float) else None,
        )
        for hearer, heard, way, at, source, snr in islice(exactly(list)(kept), HEARD_MAX)
        if way in ways and source in sources
    )


def _kept(found: tuple[Heard, ...]) -> list[list[Any]]:
    return [
        [each.hearer, each.heard, each.way.value, each.at, each.source.value, each.snr_db]
        for each in found
    ]


HEARING = Setting[tuple[Heard, ...]]("wer_hoert_wen", (), _read, _kept)
"""The newest of each pair, way and source."""
