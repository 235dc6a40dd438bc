# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Small airs for tests: radios with explicit path losses, and a record of who sent when."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from mesh.air.ether import Ether, EtherConfig, RadioConfig
from mesh.firmware import Frame
from mesh.link import Packet

GOOD_DB = 110.0
"""Path loss with which everything is decoded at high SNR (22 dBm - 110 dB = -88 dBm)."""

CALM = EtherConfig(shadowing_db=0.0, fading_db=0.0, clutter_db=0.0)


@dataclass(frozen=True)
class OnAir:
    """One transmission."""

    at: int
    radio: int
    frame: Frame


class RecordedEther(Ether):
    """An ether that writes down every transmission."""

    def __init__(self, seed: int = 1, config: EtherConfig = CALM) -> None:
        super().__init__(random.Random(seed), config)
        self.log: list[OnAir] = []

    def transmit(self, num: int, frame: Frame, now: int) -> None:
        """As every ether, but noted."""
        self.log.append(OnAir(now, num, frame))
        super().transmit(num, frame, now)

    def senders(self, packet_id: int) -> list[int]:
        """Who sent the packet, in order."""
        return [entry.radio for entry in self.log if entry.frame.id == packet_id]


def air(
    links: Mapping[tuple[int, int], float],
    *,
    seed: int = 1,
    config: EtherConfig = CALM,
    **radios: Any,
) -> RecordedEther:
    """Radios 1..n joined by the given losses; ``r2={...}`` changes settings of radio 2."""
    ether = RecordedEther(seed, config)
    for num in sorted({num for pair in links for num in pair}):
        ether.add_radio(replace(RadioConfig(num), **radios.get(f"r{num}", {})))
    for (a, b), loss_db in links.items():
        ether.set_link(a, b, loss_db)
    return ether


def chain(length: int, **options: Any) -> RecordedEther:
    """Radios 1..length, each hearing only the next ones."""
    return air({(num, num + 1): GOOD_DB for num in range(1, length)}, **options)


def packet(packet_id: int = 1, length: int = 50, **fields: Any) -> Packet:
    """A broadcast of that many bytes."""
    return Packet(bytes(length), packet_id, **fields)
