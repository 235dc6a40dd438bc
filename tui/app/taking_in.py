# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Reading a file of others on the screen: what it is, a trial, and on yes all of it or nothing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from lage.kinds.cards import CARDS
from tui.app.notices import Notices
from tui.screens.dialogs import Choose, TypeIn
from tui.widgets.choices import Option

if TYPE_CHECKING:
    from lage.imports.plan import Plan
    from lage.station import Station

NOTES_MAX = 4


class TakingIn(Notices):
    """The app's way to files: of others, and the county's notices."""

    async def act_einlesen(self) -> None:
        """What is in the file?"""
        from lage.imports.entries import KINDS
        from lage.imports.named import KINDS as NAMED

        self._host.bridge.may_write()
        options = [
            *(Option(kind, CARDS[kind].plural) for kind in KINDS),
            Option("supply", "Material"),
            *(Option(kind, CARDS[kind].plural) for kind in NAMED),
            Option("gauge", "Pegel", "gespeicherte stations.json von PEGELONLINE"),
        ]
        await self._host.push(Choose("Datei einlesen: was steht darin?", options), self._chosen)

    async def _chosen(self, kind: str | None) -> None:
        if kind is None:
            return

        async def typed(path: str | None) -> None:
            if path and path.strip():
                await self._try(kind, Path(path.strip()).expanduser())

        await self._host.push(TypeIn("Welche Datei? Zuerst wird nur geprüft."), typed)

    async def _try(self, kind: str, path: Path) -> None:
        """Say what would happen; then do it or leave it."""
        plan = await self._host.bridge.work(lambda station: plan_of(kind, path, station))
        told = f"Probelauf: {plan.new} neu, {plan.changed} geändert, {plan.known} schon bekannt."
        if plan.left_out:
            told += f" {plan.left_out} ausgelassen."
        told = " ".join((told, *plan.notes[:NOTES_MAX]))
        if not plan.drafts:
            self._host.say(f"{told} Nichts zu übernehmen.", "key")
            return

        async def yes() -> None:
            await self._host.bridge.write(plan.drafts)
            self._host.say(f"{path.name} übernommen: {len(plan.drafts)} Einträge.", "ok")
            await self._news()

        await self._host.confirm(f"{told} Alles übernehmen?", yes)


def plan_of(kind: str, path: Path, station: Station) -> Plan:
    """What reading the file would write, with what a form would have asked; runs in the bridge."""
    from lage.imports.checked import checked

    return checked(_plan_of(kind, path, station), station.parse_context())


def _plan_of(kind: str, path: Path, station: Station) -> Plan:
    from lage.imports import entries, named, pegelonline, resources
    from lage.imports.stations import Choice

    context, reader = station.parse_context(), station.reader
    if kind == "supply":
        return resources.plan_supplies(path, context, reader)
    if kind in named.KINDS:
        return named.plan_named(path, kind, context, reader, update=kind == "unit")
    if kind == "gauge":
        return pegelonline.plan_stations(
            pegelonline.read(path), path.name, Choice([], ""), reader, station.now()
        )
    return entries.plan_entries(path, entries.default_mapping(kind), context, reader)
