# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a person may want of the attached radio."""

from __future__ import annotations

import enum


class Wish(enum.Enum):
    """What the node shall do with a radio."""

    CONNECT = "connect"  # to that address, and judge
    SET_UP = "set up"
    UNDO = "undo"  # back to the saved copy
