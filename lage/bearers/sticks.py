# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Courier files on sticks that are plugged in, and which of them were not taken in yet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from hardware import printing
from lage.bearers.courier_file import ENDING, opened
from lage.bearers.sealed_file import NotSealedFile, read_header
from lage.bearers.taking import TAKEN
from lage.language.errors import LageError
from lage.station import Station
from lage.store.keys import network_mark

FILES_MAX = 200
"""Files of a stick that are looked at; courier files lie at its top or in a folder there."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A courier file of our network."""

    path: Path
    maker: str
    made: int  # log time
    mark: str  # tells one packing from another


def plugged_in() -> list[Path]:
    """Folders of sticks that can be written to."""
    return printing.sticks()


def offers(station: Station, sticks: Iterable[Path] | None = None) -> list[Offer]:
    """What lies on the sticks and is new here, the newest first. A bad stick offers nothing."""
    found = []
    taken: list[str] = station.setting(TAKEN)
    known = set(taken)
    for stick in plugged_in() if sticks is None else sticks:
        for path in _courier_files(stick):
            try:
                with opened(path) as stream:
                    header = read_header(stream)
            except (LageError, NotSealedFile, OSError):
                continue
            mark = header.hash.hex()
            ours = header.mark == network_mark(station.network_keys.network_id)
            own = header.maker == station.network_keys.author
            if ours and not own and mark not in known:
                maker = station.directory.name(header.maker)
                found.append(Offer(path, maker, header.made, mark))
    return sorted(found, key=lambda offer: -offer.made)


def free_name(folder: Path, code: str) -> Path:
    """Where a new courier file goes on a stick: one that was packed here before is taken again."""
    return folder / f"lage-{code.lower()}{ENDING}"


def _courier_files(stick: Path) -> list[Path]:
    found: list[Path] = []
    try:
        for pattern in (f"*{ENDING}", f"*/*{ENDING}"):
            for path in stick.glob(pattern):
                if len(found) >= FILES_MAX:
                    return found
                if path.is_file() and not path.is_symlink():
                    found.append(path)
    except OSError:
        pass  # it was pulled
    return found
