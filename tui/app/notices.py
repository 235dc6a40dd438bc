# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Reading a ``.mitteilung``: what the county has decided, from a stick."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING

from tui.screens.dialogs import TypeIn

if TYPE_CHECKING:
    from lage.station import Station
    from tui.screens.host import Host


class Notices:
    """The app's way to such a file."""

    def __init__(self, host: Host, news: Callable[[], Awaitable[None]]) -> None:
        self._host = host
        self._news = news  # reads again what is shown

    async def act_mitteilung(self) -> None:
        """Ask for the file, take it in, say what came of it."""
        self._host.bridge.may_write()
        await self._host.push(TypeIn("Mitteilung des Kreises einlesen: welche Datei?"), self._typed)

    async def _typed(self, typed: str | None) -> None:
        if not typed or not typed.strip():
            return
        path = Path(typed.strip()).expanduser()
        self._host.say(await self._host.bridge.work(lambda station: _take(station, path)), "ok")
        await self._news()


def _take(station: Station, path: Path) -> str:
    from lage.archive.notice import take_file, what_came

    return what_came(take_file(station, path))
