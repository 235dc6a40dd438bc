# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who of many goes first, where all would say much the same and one is enough."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random


def backoff(rate: float, rng: random.Random) -> float:
    """From 0 to 1, and seldom near 0: of exp(``rate``) draws only a few are.

    The truncated exponential of NORM (RFC 5401, RandomBackoff), whose rate for a group of n is
    log(n) + 1.
    """
    return math.log1p(rng.random() * math.expm1(rate)) / rate
