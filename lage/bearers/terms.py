# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What every way says of itself: what it carries, to whom, how fast, at what cost.

The style is that of a convergence layer (delay-tolerant networking, RFC 9171): above it the same
signed bytes, below it whatever still works. Who is reached by several ways gets everything by the
cheapest; what waits for another turn waits the longer the slower the way is.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Protocol

from mesh.airtime import Preset, payload_airtime_ms
from mesh.link import PAYLOAD_MAX
from sync.wire.bundle import FILL

_SHARE = 20
"""Word of what is held takes at most one part in so many of a way."""
_PIECE_S = 30
"""A piece holds a slow way for so long at most: what is urgent goes between two."""


class Carries(enum.Enum):
    """What a way takes."""

    FRAMES = "Rahmen"  # up to 231 bytes, unconfirmed: the engine repairs
    BUNDLES = "Bündel"  # pieces of ``sync.wire.bundle``, in order and whole


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms a way carries."""

    carries: Carries
    to_all: bool  # one speaks and all hear; else one peer is at the other end
    bits_per_second: int
    cost: int  # of a byte, compared with the others; 0: none

    def pause_ms(self, size: int) -> int:
        """So long nothing of that size is said again that can wait."""
        return 8_000 * size * _SHARE // self.bits_per_second

    @property
    def fill(self) -> int:
        """Bytes of runs in a piece."""
        return max(PAYLOAD_MAX, min(FILL, self.bits_per_second * _PIECE_S // 8))


class Way(Protocol):
    """Any way: ``Bearer`` and the broker in ``lage.bearers``, a ``Link`` in ``lage.node.attached``.

    What happened and how it is sent differs by ``terms.carries`` and ``terms.to_all``.
    """

    @property
    def terms(self) -> Terms:
        """On what terms it carries."""

    def start(self) -> None:
        """Begin; returns at once, and goes on trying."""

    def stop(self) -> None:
        """End; safe to call twice."""


CABLE = Terms(Carries.BUNDLES, to_all=False, bits_per_second=10_000_000, cost=0)
BROKER = Terms(Carries.BUNDLES, to_all=True, bits_per_second=1_000_000, cost=1)
COURIER = Terms(Carries.BUNDLES, to_all=True, bits_per_second=1_000, cost=10)  # legs and petrol


def radio_terms(preset: Preset) -> Terms:
    """Of a LoRa radio: the air is everybody's, so a byte of it is the dearest."""
    bits = 8_000 * PAYLOAD_MAX // payload_airtime_ms(preset, PAYLOAD_MAX)
    return Terms(Carries.FRAMES, to_all=True, bits_per_second=bits, cost=100)
