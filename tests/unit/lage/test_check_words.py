# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Request and admission say the same words, and another request says others."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path

import pytest
from click.testing import CliRunner

from lage.cli import cli
from lage.language.check_words import WORDS, check_words


def _steps(one: str, other: str) -> int:
    """Letters to change, add or leave out (Levenshtein)."""
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        before, row[0] = row[0], i
        for j, b in enumerate(other, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (a != b))
    return row[-1]


def test_every_byte_has_a_word_of_its_own() -> None:
    """256 words, no two of which differ by one letter only."""
    assert len(set(WORDS)) == 256
    close = [pair for pair in combinations(map(str.lower, WORDS), 2) if _steps(*pair) < 2]
    assert close == []
    assert check_words(b"\x00\xff").split() == [WORDS[0], WORDS[255]]


def test_both_sides_say_the_same_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """``knoten anlegen`` and ``kreis aufnehmen`` print them; an exchanged request shows."""
    monkeypatch.setenv("LAGE_KENNWORT", "Zaun Nebel Ruder Kiste")
    runner = CliRunner()

    def words(folder: str, *arguments: str) -> list[str]:
        call = ["--daten", str(tmp_path / folder), *arguments, "--nach", str(tmp_path / folder)]
        result = runner.invoke(cli, call)
        assert result.exit_code == 0, (result.output, result.exception)
        return re.findall(r"Prüfwörter[^:]*: (.+)", result.output)

    runner.invoke(cli, ["--daten", str(tmp_path / "k"), "kreis", "anlegen", "--name", "Kreis"])
    said = {
        name: words(name, "knoten", "anlegen", "--name", "SAE Rheine")
        for name in ("echt", "falsch")
    }
    request = str(tmp_path / "falsch" / "sae-rheine.anfrage")
    heard = words("k", "kreis", "aufnehmen", request, "--rolle", "sae")

    assert heard == said["falsch"] != said["echt"]
    assert len(heard[0].split()) == 5
