# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Reasons of a revocation on the command line."""

from __future__ import annotations

from click.testing import CliRunner

from lage.cli import cli
from lage.cli.decrees import REASONS
from sync.feed.records import Reason


def test_every_reason_has_a_german_name() -> None:
    """Each reason that the roster knows can be given, and no other."""
    assert sorted(REASONS.values()) == sorted(Reason.__members__)


def test_unknown_reason_is_refused_with_the_possible_ones() -> None:
    """A reason that does not exist ends with the list of those that do."""
    result = CliRunner().invoke(cli, ["kreis", "widerrufen", "SAE Rheine", "--grund", "weg"])

    assert result.exit_code == 2
    assert "weg gibt es nicht, möglich: 'verloren'" in result.output
