# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A data folder is its owner's: folders 0700, files 0600, however they came about.

New files get these rights by the process's file mask (``lage.cli.main``); what was copied from a
stick, unpacked or made by an older version is put right when the folder is opened. On Windows the
user's profile has such rights already, and nothing is done."""

from __future__ import annotations

import os
import stat
from pathlib import Path

OURS = (
    "lage.db*",
    "aussen.db*",
    "kanaele.toml",
    "*.json",
    "*.neu",
    "*.log",
    "kennwort.txt",
    "stand.txt",
    "knoten.lock",
)
"""Files of ours in a data folder."""
ROOMS = ("privat", "karten", "berichte", "portale")
"""Folders of ours in a data folder, with all that lies in them."""
_OTHERS = 0o077


def put_right(folder: Path) -> None:
    """Take others' rights from a data folder and from the files of ours in it.

    Leaves alone what belongs to somebody else, shared folders (sticky) and symbolic links; a file
    system without rights (FAT sticks) refuses, which changes nothing.
    """
    if os.name != "posix":
        return
    _tighten(folder, shared=True)
    for pattern in OURS:
        for path in folder.glob(pattern):
            _tighten(path)
    for room in (folder / name for name in ROOMS):
        if room.is_dir() and not room.is_symlink():
            _tighten(room)
            for path in room.iterdir():
                _tighten(path)


def _tighten(path: Path, *, shared: bool = False) -> None:
    try:
        status = os.lstat(path)
        mode = stat.S_IMODE(status.st_mode)
        plain = stat.S_ISREG(status.st_mode) or stat.S_ISDIR(status.st_mode)
        skipped = shared and mode & stat.S_ISVTX
        if plain and mode & _OTHERS and status.st_uid == os.geteuid() and not skipped:
            os.chmod(path, mode & ~_OTHERS)
    except OSError:
        return  # gone meanwhile, or a medium without rights
