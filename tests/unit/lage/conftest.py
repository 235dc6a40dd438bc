# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Stations on a clock that stands still."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from lage.cli import cli
from lage.language.errors import LageError
from lage.station import Station
from lage.store.timebase import Timebase
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


class Terminal:
    """The command line at one staff's folder, on the test's clock."""

    def __init__(self, station: Station) -> None:
        self.folder = station.folder

    def __call__(self, *arguments: str) -> str:
        """What a successful call prints."""
        result = CliRunner().invoke(cli, ["--daten", str(self.folder), *arguments])
        assert result.exit_code == 0, (result.output, result.exception)
        return result.output

    def json(self, *arguments: str) -> Any:
        """What a successful call gives as JSON."""
        return json.loads(self(*arguments, "--json"))

    def refusal(self, *arguments: str) -> LageError:
        """The error of a refused call."""
        result = CliRunner().invoke(cli, ["--daten", str(self.folder), *arguments])
        assert isinstance(result.exception, LageError), (result.output, result.exception)
        return result.exception


@pytest.fixture
def terminals(
    county: list[Station], clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> list[Terminal]:
    """A command line for each of ``county``."""
    monkeypatch.setattr(Timebase, "unix", lambda _: clock())
    return [Terminal(station) for station in county]


@pytest.fixture
def lage(terminals: list[Terminal]) -> Terminal:
    """The command line of ``station``."""
    return terminals[1]
