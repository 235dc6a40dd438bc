# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The Aushang on disk: what is public, in a folder that the public pages may read.

It is the only thing that passes from a node to those pages. The file is whole at any moment. Folder
and file may be read by everybody, since everybody may know it; nothing else of the node's is.
"""

from __future__ import annotations

import os
from pathlib import Path

from lage.kinds.setting import Setting, exactly
from lage.language.epoch import to_unix
from lage.language.errors import LageError, why
from lage.reports.public_chart import public_chart
from lage.station import Station
from lage.views import chart
from lage.views.board import FILE, Board, BoardError, Gauge, from_json, to_json
from lage.views.chart import FILE as CHART
from lage.views.public_water import gauges
from lage.views.released import items

FOLDER = Setting("aushang", "", exactly(str))
"""Where this node lays the Aushang; empty: nowhere."""


def board_of(station: Station, water: tuple[Gauge, ...] | None = None) -> Board:
    """All that is public now. ``water``: gauges as read before, since they take longer to read."""
    context = station.context()
    return Board(
        county=station.network_name,
        stand=to_unix(context.now),
        exercise=station.exercise,
        items=tuple(items(context)),
        gauges=gauges(context) if water is None else water,
    )


def check_alike(board: Board, folder: Path) -> None:
    """Raises LageError where the folder holds an Aushang of an exercise and this one is real, or
    the other way round: pages would show the one for the other."""
    try:
        other = from_json((folder / FILE).read_bytes())
    except (OSError, BoardError):
        return
    if other.exercise is not board.exercise:
        kind = "einer Übung" if other.exercise else "des Einsatzes"
        raise LageError(
            f"In {folder} liegt der Aushang {kind}: bitte mit „lage aushang ordner“ einen anderen"
            " Ordner nennen."
        )


def write_board(board: Board, folder: Path) -> Path:
    """Lay the Aushang into its folder. Raises LageError."""
    check_alike(board, folder)
    return _lay(folder, FILE, to_json(board))


def write_chart(station: Station, board: Board, folder: Path) -> Path:
    """Lay the map beside it; it changes only with the places on it. Raises LageError."""
    check_alike(board, folder)
    return _lay(folder, CHART, chart.to_json(public_chart(station, board)))


def _lay(folder: Path, name: str, content: bytes) -> Path:
    path, new = folder / name, folder / f".{name}.neu"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if os.name == "posix" and folder.stat().st_uid == os.geteuid():
            folder.chmod(0o755)
        new.write_bytes(content)
        new.chmod(0o644)
        os.replace(new, path)
    except OSError as error:
        raise LageError(
            f"Der Aushang kann nicht nach {folder} geschrieben werden ({why(error)}): bitte Platz"
            " und Rechte prüfen oder mit „lage aushang ordner“ einen anderen Ordner nennen."
        ) from error
    return path
