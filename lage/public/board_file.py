# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The Aushang in its folder, read anew whenever the node has written it."""

from __future__ import annotations

from pathlib import Path

from lage.views import chart
from lage.views.board import FILE, Board, BoardError, from_json
from lage.views.chart import Chart, ChartError

SIZE_MAX = 32 * 2**20


class BoardFile:
    """Gives the newest Aushang that can be read; a damaged one changes nothing."""

    def __init__(self, folder: Path, *, exercise: bool | None = None) -> None:
        """``exercise``: only one of an exercise, or only one of reality; None: either."""
        self.folder = folder
        self._exercise = exercise
        self._path = folder / FILE
        self._chart = folder / chart.FILE
        self._seen: tuple[int, int, int] | None = None
        self._board: Board | None = None

    def only(self, *, exercise: bool) -> None:
        """From now on only one of an exercise, or only one of reality."""
        self._exercise = exercise
        if self._board is not None and self._board.exercise is not exercise:
            self._board = None

    def read(self) -> Board | None:
        """The newest; None where none was ever there. Whoever shows it says how old it is."""
        try:
            status = self._path.stat()
            seen = (status.st_mtime_ns, status.st_size, status.st_ino)
            if seen != self._seen and status.st_size <= SIZE_MAX:
                self._seen, found = seen, from_json(self._path.read_bytes())
                if self._exercise in (None, found.exercise):
                    self._board = found
        except (OSError, BoardError):
            return self._board
        return self._board

    def chart(self) -> Chart | None:
        """The map; None where there is none that can be read."""
        try:
            if self._chart.stat().st_size > SIZE_MAX or self.read() is None:
                return None
            return chart.from_json(self._chart.read_bytes())
        except (OSError, ChartError):
            return None
