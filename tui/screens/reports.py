# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Berichte: all Lagemeldungen, and the one of this moment as a file."""

from __future__ import annotations

from pathlib import Path

from lage.station import Station
from tui.screens.dialogs import Choose
from tui.screens.lists import KindView
from tui.screens.printing import to_paper
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

            def write(station: Station) -> Path:
                from lage.reports.files import write_report

                return write_report(station, form)

            await self.lage.attempt(lambda: to_paper(self.lage, write))

        await self.lage.push(Choose("Welcher Bericht?", FILES), chosen)
