# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Berichte: all Lagemeldungen, and the one of this moment as a file."""

from __future__ import annotations

from lage.language.errors import LageError
from lage.station import Station
from tui.screens.dialogs import Choose
from tui.screens.lists import KindView
from tui.widgets.choices import Option

FILES = (
    Option("pdf", "PDF zum Drucken", "Lagemeldung von jetzt, mit Unterschriftszeile"),
    Option("funk", "Kurzform für den Funk", "Lagemeldung von jetzt als Text"),
    Option("tabelle", "Tabelle (CSV)", "alle Lagemeldungen"),
    Option("tagebuch", "Einsatztagebuch (PDF)", "ganz, mit Prüfzeile"),
)


class ReportsView(KindView):
    """The list of Lagemeldungen."""

    def __init__(self) -> None:
        super().__init__("report", "Berichte")

    async def act_datei(self) -> None:
        """Choose the form, write in the background, say where it lies."""
        self.lage.bridge.may_write()

        async def chosen(form: str | None) -> None:
            if form is None:
                return

            def write(station: Station) -> str:
                from lage.reports.files import write_report

                return str(write_report(station, form).relative_to(station.folder))

            self.lage.say("Bericht wird geschrieben …", "key")
            try:
                path = await self.lage.bridge.work(write)
            except LageError as error:
                self.lage.say(str(error))
                return
            self.lage.say(f"Geschrieben: {path} im Datenordner.", "ok")

        await self.lage.push(Choose("Bericht als Datei", FILES), chosen)
