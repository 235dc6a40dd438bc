# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""``lage versorgung`` from the keyboard to the table."""

from __future__ import annotations

import json

from click.testing import CliRunner

from lage.cli import cli
from lage.station import Station


def _lage(station: Station, *arguments: str) -> str:
    result = CliRunner().invoke(cli, ["--daten", str(station.folder), *arguments])
    assert result.exit_code == 0, result.output
    return result.output


def test_a_reported_service_stands_in_list_and_json(station: Station) -> None:
    """What is reported comes back; what is not reported is not called working."""
    report = ["--gemeinde", "Rheine", "--bereich", "Strom", "--zustand", "ausgefallen"]
    _lage(station, "versorgung", "melden", *report, "--betroffene", "31000")

    table = _lage(station, "versorgung", "liste")
    (entry,) = json.loads(_lage(station, "versorgung", "liste", "--json"))

    assert max(len(line) for line in table.splitlines()) <= 80
    assert "Rheine" in table
    assert "31000" in table
    assert (entry["municipality"], entry["service"], entry["state"]) == (
        "Rheine",
        "Strom",
        "ausgefallen",
    )


def test_an_empty_list_says_so(station: Station) -> None:
    """Nothing reported is a sentence, not an empty screen."""
    assert "keine Einträge" in _lage(station, "versorgung", "liste")
