# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Printers as CUPS names them, handing it a file, and sticks that are plugged in."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from hardware import printing

LPSTAT = """#!/bin/sh
[ "$1" = -e ] && printf 'Flur\nStab\n'
[ "$1" = -d ] && echo 'system default destination: Stab'
exit 0
"""
LP = """#!/bin/sh
[ "$2" = Flur ] && { echo 'lp: The printer is not responding.' >&2; exit 1; }
cat "$6" > "$(dirname "$0")/printed"
"""


@pytest.fixture
def cups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two printers, of which one does not answer."""
    for name, script in (("lpstat", LPSTAT), ("lp", LP)):
        (tmp_path / name).write_text(script)
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    return tmp_path


def test_the_usual_printer_comes_first(cups: Path) -> None:
    """By what CUPS says."""
    assert printing.printers() == ["Stab", "Flur"]


def test_a_file_is_handed_on_and_a_refusal_said(cups: Path, tmp_path: Path) -> None:
    """Whole, and with CUPS's own words where it refuses."""
    path = tmp_path / "-a b.pdf"
    path.write_bytes(b"%PDF")
    printing.print_file(path, "Stab")

    assert (cups / "printed").read_bytes() == b"%PDF"
    with pytest.raises(printing.PrintFailed, match="not responding"):
        printing.print_file(path, "Flur")


def test_without_cups_there_is_no_printer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No program, no names, no error."""
    monkeypatch.setenv("PATH", str(tmp_path))

    assert printing.printers() == []


def test_sticks_are_mounted_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In /media or /media/USER; an empty mount point is none."""
    for name in ("me/STAB", "me/leer", "KARTE"):
        (tmp_path / name).mkdir(parents=True)
    mounted = {tmp_path / "me" / "STAB", tmp_path / "KARTE"}
    monkeypatch.setattr(os.path, "ismount", lambda path: Path(path) in mounted)

    assert printing.sticks((tmp_path, tmp_path / "fehlt")) == sorted(mounted, key=lambda p: p.name)
