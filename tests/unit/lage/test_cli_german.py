# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The command line speaks German even where click does the talking."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from lage.cli import cli

ENGLISH = ("Usage", "Options:", "Commands:", "Error", "Try ", "Show ", "Missing", "No such", "Got ")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--help"], "Aufruf:"),
        (["nachricht", "--hilfe"], "Diese Hilfe zeigen."),
        (["nachricht", "quatsch"], "Den Befehl quatsch gibt es hier nicht."),
        (["--quatsch"], "Die Angabe --quatsch gibt es hier nicht."),
        (["nachricht", "senden", "--an"], "Zur Angabe --an fehlt der Wert."),
        (["nachricht", "senden", "zwei", "Wörter"], "in Anführungszeichen"),
        (["knoten", "beitreten"], "Es fehlt 'DATEI'."),
    ],
)
def test_click_speaks_german(arguments: list[str], expected: str) -> None:
    """Help and complaints come in German, without an English word of click's."""
    result = CliRunner().invoke(cli, arguments)

    assert expected in result.output
    assert [word for word in ENGLISH if word in result.output] == []
