# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The sender's policy in figures; product, simulation and bench all read them here."""

from __future__ import annotations

from dataclasses import dataclass

from mesh.airtime import LONG_FAST, Preset
from mesh.ledger import EU_868_LIMIT_PPM, DutyLedger

RESERVE_PPM = 20_000
"""Two of the ten per cent are kept for blitz and sofort."""


def new_account() -> DutyLedger:
    """The account of airtime of every node: the lawful limit, part of it kept for the urgent."""
    return DutyLedger(EU_868_LIMIT_PPM, RESERVE_PPM)


@dataclass(frozen=True, slots=True)
class OutboxConfig:
    """Policy of the sender; times in ms, channel use in percent."""

    preset: Preset = LONG_FAST
    signing: bool = False  # the radio runs firmware 2.8 and signs
    in_radio_max: int = 3
    waiting_max: int = 512
    ageing_ms: int = 600_000
    slack_ms: int = 60_000
    # HAVE waits above this; at 25 % the firmware's own chatter pauses ("polite", airtime.h),
    control_pause_percent: float = 30.0
    # all else that is not urgent above this, where the firmware's periodic modules stop.
    routine_pause_percent: float = 40.0
    # What is spaced by its sender, after a partition, fills much of the channel by itself.
    paced_pause_percent: float = 60.0
    channel_valid_ms: int = 120_000  # a report of channel use older than this says nothing
