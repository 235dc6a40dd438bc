# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Stations on a clock that stands still."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from lage.station import Station
from tests.fixtures import FixedClock, make_county


@pytest.fixture
def clock() -> FixedClock:
    """241530nov26, until a test lets time pass."""
    return FixedClock()


@pytest.fixture
def county(tmp_path: Path, clock: FixedClock) -> Iterator[list[Station]]:
    """Krisenstab (1), Rheine (2) and Greven (3), each with its own log."""
    names = ["Krisenstab Steinfurt", "SAE Rheine", "SAE Greven"]
    stations = list(make_county(tmp_path / "kreis", names, clock=clock).values())
    yield stations
    for station in stations:
        station.close()


@pytest.fixture
def station(county: list[Station]) -> Station:
    """SAE Rheine."""
    return county[1]
