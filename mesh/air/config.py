# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A simulated radio as data: where it stands, how it is set, and what it did so far."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from mesh.firmware import Role
from mesh.ledger import EU_868_LIMIT_PPM


@dataclass(frozen=True, slots=True)
class RadioConfig:
    """A radio and where it stands."""

    num: int  # 1..2**32-2
    position: tuple[float, float] | None = None  # metres east, north; None: explicit links only
    antenna_height_m: float = 10.0
    role: Role = Role.CLIENT
    tx_dbm: float = 22.0  # radiated, antenna gain included
    name: str = ""
    duty_limit_ppm: int = EU_868_LIMIT_PPM
    duty_gate: Literal["strict", "firmware"] = "strict"
    firmware: Literal["2.7", "2.8"] = "2.7"
    channels: frozenset[int] | None = None  # whose packets the client gets; None: all
    node_info_ms: int = 0  # interval of own node info (firmware: 3 h); 0: none
    telemetry_ms: int = 0  # interval of own telemetry (firmware: 30 min); 0: none


@dataclass(slots=True)
class AirCounters:
    """What a radio did so far; times in ms of air."""

    tx_own_ms: int = 0
    tx_relayed_ms: int = 0
    rx_ms: int = 0  # good and bad
    tx_own: int = 0
    tx_relayed: int = 0
    rx_good: int = 0
    rx_bad: int = 0  # spoiled by a collision, own sending or loss
    duplicates: int = 0
    relays_cancelled: int = 0
    relays_refused: int = 0  # over the duty cycle or queue full
    client_duplicates: int = 0
    client_lost: int = 0  # packets or notices that nobody fetched in time
