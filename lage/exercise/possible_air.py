# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which air can be simulated: judged before anything is written or started for it."""

from __future__ import annotations

from hardware.wanted import PRESETS as LAWFUL
from lage.language.errors import UsageError
from mesh.airtime import PRESETS

RADIOS_MAX = 100


def check(
    radios: int, *, preset: str, loss: float, speed: float = 1.0, set_up: bool = True
) -> None:
    """Raises UsageError for an air that cannot be, before any process is started for it; radios
    that are ``set_up`` for a network take only settings that are lawful here."""
    if preset not in PRESETS or (set_up and preset not in LAWFUL):
        known = ", ".join(LAWFUL if set_up else PRESETS)
        raise UsageError(f"Die Einstellung „{preset}“ gibt es nicht; möglich: {known}.")
    if not 1 <= radios <= RADIOS_MAX:
        raise UsageError(f"Möglich sind 1 bis {RADIOS_MAX} Funkgeräte.")
    if not 0 <= loss < 1:
        raise UsageError("Der Verlust muss zwischen 0 und 1 liegen, z. B. 0.1.")
    if speed <= 0:
        raise UsageError("Das Tempo muss größer als 0 sein, z. B. --tempo 60.")
