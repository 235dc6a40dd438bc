# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""An old and a new version of Lage in one network, each in processes of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from lage.exercise.troupe import heads, log_digest
from lage.kinds.model import Query
from lage.station import Station
from tests.e2e.conftest import EMPTY_SCRIPT, TIMEOUT_S, make_troupe, wait_for


def newer(*arguments: str) -> str:
    """Run the later version; its output."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.e2e.newer", *arguments],
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_old_and_new_version_in_one_network(tmp_path: Path) -> None:
    """An old node stores and relays what it cannot read, and reads it after an upgrade."""
    with make_troupe(tmp_path, EMPTY_SCRIPT) as troupe:
        old, new = (troupe.folders[member.name] for member in troupe.script.cast)
        replaced = troupe.nodes["SAE Rheine"]
        replaced.terminate()
        replaced.wait()
        assert isinstance(replaced.args, list)
        with (tmp_path / "newer.log").open("ab") as output:
            troupe.nodes["SAE Rheine"] = subprocess.Popen(
                [sys.executable, "-m", "tests.e2e.newer", *replaced.args[3:]],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
        newer("write", str(new))
        station = Station.open(old)
        author = 2
        wait_for(lambda: heads(station).get(author) == 2)
        troupe.check_alive()

        (entry,) = station.reader.select(Query("journal"))
        assert entry.values == {"text": "Keller Emsufer 3 unter Wasser"}
        assert station.store.situation.unreadable_count() == 1
        before = log_digest(station)
        station.close()

    assert json.loads(newer("read", str(old))) == {
        "journal": [140],
        "rumour": ["Talsperre soll brechen"],
        "unreadable": [0],
    }
    station = Station.open(old)
    assert log_digest(station) == before
    (entry,) = station.reader.select(Query("journal"))
    assert entry.values == {"text": "Keller Emsufer 3 unter Wasser"}
    station.close()
