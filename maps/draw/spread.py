# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Signs that would lie on each other, moved apart so that each can be read. Pure.

Pairs that stand too close push each other away by half of what is missing, some rounds long; where
that is not enough they still overlap a little. The same signs always end at the same places.
"""

from __future__ import annotations

import numpy as np

from maps.geo.features import Floats

ROUNDS = 60
_GOLDEN = 2.399963  # radians; signs at one point leave it in directions that do not repeat


def spread(points: Floats, apart: float, width: float, height: float, fixed: int = 0) -> Floats:
    """Points (rows of x, y) at least ``apart`` from each other where that is possible, on a sheet
    of that size; the first ``fixed`` stay. For a few hundred: every pair is looked at."""
    placed = points.astype(float).copy()
    if len(placed) < 2:
        return placed
    turns = np.arange(len(placed)) * _GOLDEN
    aside = np.column_stack([np.cos(turns), np.sin(turns)])
    half = apart / 2
    for _ in range(ROUNDS):
        apart_now = placed[:, None, :] - placed[None, :, :]
        distance = np.hypot(apart_now[..., 0], apart_now[..., 1])
        np.fill_diagonal(distance, np.inf)
        if distance.min() >= apart - 1e-6:
            break
        same = distance < 1e-9
        directions = np.where(
            same[..., None],
            aside[:, None, :] - aside[None, :, :],
            apart_now / np.maximum(distance, 1e-9)[..., None],
        )
        lacking = np.clip(apart - distance, 0.0, None)[..., None] / 2
        pushed = (directions * lacking).sum(axis=1)
        pushed[:fixed] = 0.0
        placed += pushed
        placed[fixed:, 0] = np.clip(placed[fixed:, 0], half, width - half)
        placed[fixed:, 1] = np.clip(placed[fixed:, 1], half, height - half)
    return placed
