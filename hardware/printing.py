# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Paper and sticks: which printers there are, handing a file to one, where a stick is plugged in.

CUPS (``lp``, ``lpstat``) on Linux, the program that opens PDF files on Windows. Whoever asks gets
an answer in seconds or a reason; nothing here waits for a printer.
"""

from __future__ import annotations

import os
import shutil
import string
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

ANSWER_S = 10.0
FOUND_MAX = 20
MOUNTS = (Path("/media"), Path("/run/media"))
DEFAULT = "Standarddrucker"
_REMOVABLE = 2  # GetDriveTypeW: DRIVE_REMOVABLE


class PrintFailed(Exception):
    """The system did not take the file; the argument is what it said, maybe empty."""


def printers() -> list[str]:
    """Names of the printers, the usual one first; empty where there is none or nobody can tell."""
    if sys.platform == "win32":
        return [DEFAULT]
    if shutil.which("lp") is None:
        return []
    names = [line.split()[0] for line in _said("lpstat", "-e").splitlines() if line.strip()]
    usual = _said("lpstat", "-d").rpartition(":")[2].strip()
    return sorted(names, key=lambda name: name != usual)[:FOUND_MAX]


def print_file(path: Path, printer: str) -> None:
    """Hand a PDF to a printer. Raises PrintFailed."""
    if sys.platform == "win32":
        try:
            os.startfile(path, "print")  # noqa: S606  # what opens PDF files prints it
        except OSError as error:
            raise PrintFailed(error.strerror or "") from error
        return
    command = ["lp", "-d", printer, "-t", path.name, "--", str(path)]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=ANSWER_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise PrintFailed("CUPS: Timeout") from error
    if done.returncode:
        raise PrintFailed(done.stderr.strip())


def sticks(mounts: Iterable[Path] = MOUNTS) -> list[Path]:
    """Folders of sticks and cards that can be written to."""
    if sys.platform == "win32":
        return _drives()
    inside = [each for mount in mounts for each in _folders(mount)]
    inside += [each for user in inside for each in _folders(user)]  # /media/USER/STICK
    found = (each for each in inside if os.path.ismount(each) and os.access(each, os.W_OK))
    return list(found)[:FOUND_MAX]


def _folders(folder: Path) -> list[Path]:
    try:
        return sorted(each for each in folder.iterdir() if each.is_dir())[:FOUND_MAX]
    except OSError:
        return []


def _drives() -> list[Path]:
    if sys.platform != "win32":
        return []
    import ctypes

    kinds = ((f"{letter}:\\", letter) for letter in string.ascii_uppercase)
    return [
        Path(root) for root, _ in kinds if ctypes.windll.kernel32.GetDriveTypeW(root) == _REMOVABLE
    ]


def _said(*command: str) -> str:
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=ANSWER_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout
