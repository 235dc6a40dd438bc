# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which entries to us somebody here has opened: kept beside the log, for all screens on it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from lage.station import Station
from lage.views.status import READ, ReadMarks
from sync.schema.definition import EntityId
from tui.bridge import Bridge

News = Callable[[], Awaitable[None]]


class Reading:
    """The app's marks."""

    def __init__(self, bridge: Bridge, *, status: News, news: News) -> None:
        self._bridge = bridge
        self._status = status  # brings the count of what is unread up to date
        self._news = news  # reads again what is shown
        self.marks = ReadMarks()

    def join(self, kept: ReadMarks) -> None:
        """Add what other screens have marked; what was marked here counts as well."""
        self.marks = self.marks.joined(kept)

    async def mark_read(self, entity: EntityId) -> None:
        """Somebody here has opened that entry."""
        if self._bridge.read_only or entity in self.marks.single:
            return
        marks = self.marks

        def unread(station: Station) -> bool:
            record = station.reader.get(entity)
            return record is not None and marks.unread(record, station.context())

        if await self._bridge.look(unread):
            self.marks = self.marks.with_read(entity)
            await self._bridge.keep(READ, self.marks)
            await self._status()

    async def act_gelesen(self) -> None:
        """All that has come so far is read."""
        upto = await self._bridge.look(lambda station: station.newest())
        self.marks = ReadMarks(upto)
        await self._bridge.keep(READ, self.marks)
        await self._news()
