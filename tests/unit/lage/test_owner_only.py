# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A data folder is readable by its owner only, however its files came about."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from lage.station import Station
from lage.store.owner_only import put_right
from tests.fixtures import make_county

pytestmark = pytest.mark.skipif(os.name != "posix", reason="rights of POSIX")


def _open_to_others(folder: Path) -> list[str]:
    return [
        str(path.relative_to(folder))
        for path in (folder, *folder.rglob("*"))
        if stat.S_IMODE(path.lstat().st_mode) & 0o077
    ]


def test_a_copied_folder_is_put_right_when_it_is_opened(tmp_path: Path) -> None:
    """Unpacked by a careless hand: opening takes others' rights away, from log, keys and rooms."""
    station = make_county(tmp_path, ["SAE Rheine"])["SAE Rheine"]
    folder = station.folder
    station.close()
    (folder / "privat").mkdir()
    (folder / "privat" / "1-1.key").write_bytes(b"secret")
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o777 if path.is_dir() else 0o644)
    assert _open_to_others(folder)

    Station.open(folder).close()

    assert _open_to_others(folder) == []


def test_what_the_command_line_makes_is_private(tmp_path: Path) -> None:
    """A county, a request and a log made under the usual mask of 022 are 0600 and 0700."""
    code = "import os, sys; os.umask(0o022); from lage.cli import main; main()"
    words = {**os.environ, "LAGE_KENNWORT": "Zaun Nebel Ruder Kiste"}
    folder = tmp_path / "neu" / "tief"
    for arguments in (
        ["kreis", "anlegen", "--name", "Kreis"],
        ["knoten", "anlegen", "--name", "SAE Rheine", "--nach", str(tmp_path)],
        ["kreis", "aufnehmen", str(tmp_path / "sae-rheine.anfrage"), "--rolle", "sae", "--nach",
         str(tmp_path)],
    ):  # fmt: skip
        call = [sys.executable, "-c", code, "--daten", str(folder), *arguments]
        subprocess.run(call, env=words, check=True, capture_output=True)

    assert (tmp_path / "sae-rheine.einladung").exists()
    assert _open_to_others(tmp_path / "neu") == []
    assert stat.S_IMODE((tmp_path / "sae-rheine.einladung").stat().st_mode) == 0o600


def test_strangers_things_and_shared_folders_are_left_alone(tmp_path: Path) -> None:
    """A sticky folder stays shared, a link is not followed, other files keep their rights."""
    shared = tmp_path / "geteilt"
    shared.mkdir()
    shared.chmod(0o1777)
    other = shared / "urlaub.jpg"
    other.touch(mode=0o644)
    (shared / "netz.json").symlink_to(other)

    put_right(shared)

    assert stat.S_IMODE(shared.stat().st_mode) == 0o1777
    assert stat.S_IMODE(other.stat().st_mode) == 0o644
