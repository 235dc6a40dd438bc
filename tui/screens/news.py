# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Neues: what others have written and changed since somebody here last looked at this view.

What it shows stays while it is shown; with the next visit begins what is new from then on.
"""

from __future__ import annotations

from lage.language.tactical import clock
from lage.station import Station
from lage.views.news import LOOKED, Look, News, news
from lage.views.pages import Page, Row
from sync.schema.definition import EntityId
from tui.actions import Action
from tui.screens.lists import TableView
from tui.screens.tables import matches, share
from tui.widgets.log_table import Head

HOURS = {"12": 12, "24": 24}


class NewsView(TableView):
    """The list of what is new."""

    title = "Neues"

    def __init__(self) -> None:
        super().__init__()
        self.filters = [("", "seit dem letzten Blick"), ("12", "12 h"), ("24", "24 h")]
        self._visit = -1.0  # as ``left``: which visit the look below is of
        self._look: Look = (0, 0)  # before this visit
        self._kinds: dict[EntityId, str] = {}

    def heads(self) -> tuple[Head, ...]:
        """When it came, from whom, what was and is."""
        staff, text = share(self.table_width() - 10, 10, (2, 7))
        return Head("Zeit", 9), Head("Stelle", staff), Head("Was", text)

    async def fetch(self, offset: int, limit: int) -> Page:
        """Read anew; a new visit begins at what the last one has seen."""
        text, hours = self.text, HOURS.get(self.filter_key())
        before = None if self._visit != self.left else self._look

        def read(station: Station) -> tuple[list[News], Look, Look]:
            now = station.now()
            look = before or station.setting(LOOKED)
            found = news(station.context(), look if hours is None else (0, now - hours * 3600))
            shown = [each for each in found if matches(text, f"{each.who} {each.text}")]
            return shown, look, (station.newest(), now)

        found, self._look, now = await self.lage.bridge.work(read)
        self._kinds = {each.entity: each.kind for each in found}
        if before is None:
            self._visit = self.left
            if not self.lage.bridge.read_only:
                await self.lage.bridge.keep(LOOKED, now)
        rows = [
            Row(each.entity, (clock(each.came, now[1]), each.who, each.text))
            for each in found[offset : offset + limit]
        ]
        return Page(len(found), offset, tuple(rows))

    def empty_text(self) -> str:
        """Nothing came, or nothing that holds these words."""
        if self.text:
            return "nichts gefunden; Esc zeigt wieder alles"
        if self.filter_key():
            return "in dieser Zeit hat niemand etwas geschrieben"
        return "nichts Neues seit dem letzten Blick; f zeigt mehr"

    def selected_kind(self) -> str:
        """Kind of the entry."""
        entity = self.selected()
        return self._kinds.get(entity, "-") if entity is not None else "-"

    def can(self, action: Action) -> bool:
        """Nothing new to write here."""
        return action.id != "neu" and super().can(action)
