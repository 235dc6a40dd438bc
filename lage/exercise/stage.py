# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Setting the stage: an exercise network of its own keys, one folder for each staff of a script.

Demo and exercises use it. The keys are new each time, so what an exercise sends can never enter a
real log.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from pathlib import Path

from lage.county import membership
from lage.exercise.script.model import Script
from lage.language.epoch import to_unix
from lage.language.folding import file_stem
from lage.store.timebase import Timebase, write_timebase


def folder_name(staff: str) -> str:
    """Folder of a staff: its name in letters that every file system takes."""
    return file_stem(staff)


def set_stage(
    folder: Path, script: Script, speed: float, now: Callable[[], float]
) -> tuple[dict[str, Path], Timebase]:
    """Make county, nodes and clock; the folder of each staff, and the clock they share."""
    begin = float(to_unix(script.begin))
    passphrase = secrets.token_urlsafe(16)
    folders = {member.name: folder / folder_name(member.name) for member in script.cast}
    holder = folders[script.cast[0].name]
    membership.found_county(holder, script.name[:40], passphrase, exercise=True)
    secret = folder / "kennwort.txt"
    secret.touch(mode=0o600)
    secret.write_text(passphrase + "\n", "utf8")
    for member in script.cast:
        asking = membership.request(folders[member.name], member.name)
        membership.admit(holder, asking, member.role, passphrase, clock=lambda: begin)
    for number in range(1, len(script.cast) + 1):  # anew: the first did not know of the last
        admitted, invitation = membership.invite_again(holder, number, clock=lambda: begin)
        membership.join(folders[admitted.name], invitation, clock=lambda: begin)
    timebase = Timebase(now(), begin, speed)
    for path in folders.values():
        write_timebase(path, timebase)
    return folders, timebase
