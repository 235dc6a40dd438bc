# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Dokumente: filing a file away, reading what is text, and a copy of anything else."""

from __future__ import annotations

from pathlib import Path

from lage.documents import library
from lage.station import Station
from tui.actions import Action
from tui.forms.spec import record_of
from tui.paint import Line, wrap
from tui.screens.dialogs import Tell, TypeIn
from tui.screens.lists import KindView


class DocumentsView(KindView):
    """The list of documents."""

    new_word = "Datei ablegen"

    def __init__(self) -> None:
        super().__init__("document")

    def can(self, action: Action) -> bool:
        """No form, but a file is filed away all the same."""
        return action.id == "neu" or super().can(action)

    async def act_neu(self) -> None:
        """Which file?"""
        self.lage.bridge.may_write()
        await self.lage.push(TypeIn("Welche Datei soll abgelegt werden?"), self._file_away)

    async def _file_away(self, typed: str | None) -> None:
        if not typed or not typed.strip():
            return
        path = Path(typed.strip()).expanduser()
        filed = await self.lage.bridge.work(lambda station: library.file_away(station, path))
        known = "" if filed.new else " (war schon bekannt)"
        self.lage.say(
            f"„{library.name_of(filed.record)}“ liegt hier vor{known}; alle erfahren Name und"
            " Prüfsumme.", "ok",
        )  # fmt: skip
        await self.refresh_data()

    async def act_oeffnen(self) -> None:
        """Its text, where it is one and lies here; else the entry."""
        entity = self.selected()
        if entity is None:
            return

        def read(station: Station) -> tuple[str, str | None]:
            record = record_of(station, entity)
            return library.name_of(record), library.text_of(station, record)

        title, text = await self.lage.bridge.look(read)
        if text is None:
            await self.lage.open_detail(entity)
            return
        width, glyphs = min(76, self.app.size.width - 12), self.lage.painter.glyphs
        lines: list[Line] = []
        for paragraph in text.splitlines():
            lines += [((part, "text"),) for part in wrap(paragraph, width, glyphs)] or [()]
        await self.lage.push(Tell(title, lines))

    async def act_datei(self) -> None:
        """A copy in the data folder, for another program."""
        entity = self.selected()
        if entity is None:
            return
        self.lage.bridge.may_write()

        def fetch(station: Station) -> str:
            record = record_of(station, entity)
            return str(library.copy_out(station, record).relative_to(station.folder))

        self.lage.say(f"Geschrieben: {await self.lage.bridge.work(fetch)} im Datenordner.", "ok")
