# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Signs on one place stand apart, on the sheet, and always alike."""

from __future__ import annotations

import numpy as np

from maps.draw.spread import spread


def test_signs_leave_each_other_and_stay_on_the_sheet() -> None:
    """Twelve at one point in a corner and one beside; what is fixed does not move."""
    points = np.array([(3.0, 3.0)] * 12 + [(60.0, 60.0)])
    placed = spread(points, 8.0, 200.0, 160.0, fixed=1)
    gaps = np.hypot(*(placed[:, None, :] - placed[None, :, :]).transpose(2, 0, 1))
    np.fill_diagonal(gaps, np.inf)
    assert gaps.min() > 6.0
    assert placed[0].tolist() == [3.0, 3.0]
    assert placed[-1].tolist() == [60.0, 60.0], "far from all others"
    assert (placed[1:] >= 4.0).all()
    assert placed.tolist() == spread(points, 8.0, 200.0, 160.0, fixed=1).tolist()
