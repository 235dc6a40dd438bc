# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a station says of itself."""

from __future__ import annotations

from lage.kinds.model import Draft
from lage.station import Station


def test_unsent_counts_without_a_radio_too(station: Station) -> None:
    """Where no node has ever run, own entries count as unsent: nobody else has them."""
    station.write([Draft("journal", {"text": "eins"}), Draft("journal", {"text": "zwei"})])

    view = station.radio()

    assert not view.running
    assert view.unsent == 2
