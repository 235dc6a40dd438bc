# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Faults under a number, in a file that stays small and holds no values."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from lage.store import faults
from lage.store.faults import FAULTS_FILE, Faults


def _fault(text: str = "x", line: int = 0) -> Exception:
    """An error from one of two places."""
    secret = "05971 4711"  # at hand where it happens, not to be written down
    try:
        if line:
            raise ValueError(text)
        raise KeyError(text, secret[:0])
    except (ValueError, KeyError) as error:
        return error


def test_the_same_fault_has_one_number(tmp_path: Path) -> None:
    """However often it comes; another one has the next."""
    log = Faults(tmp_path, lambda: 1_700_000_000.0)

    assert [log.note(_fault()), log.note(_fault()), log.note(_fault(line=1))] == [1, 1, 2]
    assert log.noted == 2
    assert (tmp_path / FAULTS_FILE).read_text("utf8").count("Traceback") == 2


def test_numbers_go_on_where_another_process_has_ended(tmp_path: Path) -> None:
    """The file remembers; it is its owner's alone and names moment, process and place."""
    Faults(tmp_path, lambda: 1_700_000_000.0).note(_fault())

    assert Faults(tmp_path).note(_fault()) == 2
    text = (tmp_path / FAULTS_FILE).read_text("utf8")
    assert text.startswith(f"Vermerk 1 2023-11-14T22:13:20Z Prozess {os.getpid()}\n")
    assert "in _fault" in text
    assert "4711" not in text.replace('"05971 4711"', "")
    assert stat.S_IMODE((tmp_path / FAULTS_FILE).stat().st_mode) == 0o600


def test_the_file_stays_small_and_keeps_the_newest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A storm of faults costs no more than its limit, and numbers still rise."""
    monkeypatch.setattr(faults, "FILE_MAX", 4000)
    numbers = [Faults(tmp_path).note(_fault(f"Nummer {n}")) for n in range(60)]

    text = (tmp_path / FAULTS_FILE).read_text("utf8")
    assert numbers == list(range(1, 61))
    assert len(text) <= 4000
    assert "Nummer 59" in text
    assert "Nummer 3'" not in text


def test_control_characters_are_not_written(tmp_path: Path) -> None:
    """Who reads the file in a terminal is not commanded by it."""
    Faults(tmp_path).note(_fault("\x1b]52;c;aGFsbG8=\x07"))

    assert "\x1b" not in (tmp_path / FAULTS_FILE).read_text("utf8")


def test_a_folder_that_takes_nothing_changes_nothing(tmp_path: Path) -> None:
    """The number is told all the same."""
    log = Faults(tmp_path / "gone")

    assert [log.note(_fault()), log.note(_fault(line=1))] == [1, 2]
