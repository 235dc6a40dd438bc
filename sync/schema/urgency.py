# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""How soon an operation has to be with the others, as its author's node was told."""

from __future__ import annotations

import enum


class Urgency(enum.IntEnum):
    """The smaller, the sooner. The numbers stand in logs on disk; nothing of it is on the air."""

    FLASH = 0
    IMMEDIATE = 1
    RECEIPT = 2  # somebody waits for it
    ROUTINE = 3
    READING = 4  # one of many, worth waiting for company

    @property
    def urgent(self) -> bool:
        """Whether it waits for nothing."""
        return self <= Urgency.IMMEDIATE
