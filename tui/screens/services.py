# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The Versorgungslage: every municipality of the county by services, reported or not."""

from __future__ import annotations

from lage.kinds.cards.supply_state import SERVICES
from lage.kinds.reader import ViewContext
from lage.language.errors import UsageError
from lage.language.plain import plain
from lage.language.tactical import clock
from lage.station import Station
from lage.views.clocks import probable_now
from lage.views.overview import ServiceRow, service_rows
from lage.views.pages import Page, Row
from lage.views.words import label_of, long_value
from sync.schema.definition import EntityId
from tui import actions
from tui.actions import Action
from tui.forms.new import create
from tui.paint import Line, wrap
from tui.screens.dialogs import Choose
from tui.screens.lists import TableView
from tui.screens.tables import matches
from tui.terminal import Glyphs
from tui.widgets.choices import Option
from tui.widgets.log_table import Head

SERVICE_WORDS = {
    "ausgefallen": "AUS",
    "eingeschränkt": "teils",
    "in Betrieb": "ok",
    "unbekannt": "?",
    None: "-",
}

SHORT = {"Mobilfunk": "Mobil", "Festnetz": "Fest", "Kraftstoff": "Sprit"}
"""Headings where the columns are narrow."""


class ServicesView(TableView):
    """Versorgungslage: municipalities by services."""

    title = "Versorgung"
    kind = "supply_state"
    new_word = "Melden"

    def __init__(self) -> None:
        super().__init__()
        self.filters += [("aus", "mit Ausfall"), ("stumm", "ohne Meldung")]

    def heads(self) -> tuple[Head, ...]:
        """A column for each service."""
        width, affected = self.table_width(), 6
        least = min(11, max(4, (width - 12 - affected - 1) // len(SERVICES) - 1))
        name = max(8, width - affected - 1 - len(SERVICES) * (least + 1))
        return (
            Head("Gemeinde", min(name, 24)),
            *(Head(_heading(service, least), least) for service in SERVICES),
            Head("betr.", affected, right=True),
        )

    async def fetch(self, offset: int, limit: int) -> Page:
        """The latest reports; municipalities that have reported nothing as well."""
        text, key = self.text, self.filter_key()

        def read(station: Station) -> Page:
            rows = [
                Row(
                    row.municipality,
                    (
                        plain(row.municipality),
                        *(SERVICE_WORDS.get(state, "?") for state in row.states),
                        _affected(row),
                    ),
                    "warn" if "ausgefallen" in row.states else "",
                )
                for row in service_rows(station.context(), tuple(station.county.towns()))
                if matches(text, row.municipality) and _passes(key, row)
            ]
            return Page(len(rows), offset, tuple(rows[offset : offset + limit]))

        return await self.lage.bridge.look(read)

    async def lines_of(self, row: Row, width: int) -> list[Line]:
        """Every report that counts there: state, since when, until when, by whom."""
        town = str(row.key)

        def read(station: Station) -> list[Line]:
            return service_lines(town, station.context(), width, glyphs)

        glyphs = self.lage.painter.glyphs
        return await self.lage.bridge.look(read)

    def offers(self) -> list[Action]:
        """A row is no entry, but what was reported of it can be made public."""
        return [*super().offers(), actions.ACTIONS["freigeben"]]

    async def act_freigeben(self) -> None:
        """One of what is reported of the municipality under the cursor."""
        row = self.table.row
        if row is None:
            raise UsageError(self.why_nothing())
        town = str(row.key)

        def read(station: Station) -> list[Option]:
            context = station.context()
            states = context.reader.service_states(probable_now(context))
            return [
                Option(state.id, f"{state.text('service')}: {state.text('state')}")
                for state in states
                if state.text("municipality") == town
            ]

        options = await self.lage.bridge.look(read)
        if not options:
            raise UsageError(f"Aus {plain(town)} ist nichts gemeldet: n meldet etwas.")

        async def chosen(entity: EntityId | None) -> None:
            if entity is not None:
                await self.publish(entity)

        await self.lage.push(Choose(f"{plain(town)}: öffentlich zeigen", options), chosen)

    async def act_neu(self) -> None:
        """A new report, for the municipality under the cursor."""
        row = self.table.row
        initial = {"municipality": row.cells[0]} if row is not None else {}
        await self.lage.open_form(create("supply_state", initial))


def _heading(service: str, width: int) -> str:
    return service if len(service) <= width else SHORT.get(service, service)


def _affected(row: ServiceRow) -> str:
    if row.affected is not None:
        return str(row.affected)
    return "?" if row.at_most is None else f"<{row.at_most}"


def _passes(key: str, row: ServiceRow) -> bool:
    if key == "aus":
        return "ausgefallen" in row.states
    return key != "stumm" or not any(row.states)


def service_lines(town: str, context: ViewContext, width: int, glyphs: Glyphs) -> list[Line]:
    """The latest report on each service of a municipality, in full."""
    lines: list[Line] = [((town, "title"),)]
    found = {
        record.text("service"): record
        for record in context.reader.service_states(probable_now(context))
        if record.text("municipality") == town
    }
    for service in SERVICES:
        record = found.get(service)
        lines.append(())
        if record is None:
            lines.append(((f"{service}: ", "bold"), ("nichts gemeldet", "dim")))
            continue
        state = record.text("state")
        role = "warn" if state == "ausgefallen" else "text"
        lines.append(((f"{service}: ", "bold"), (state, role)))
        for name in ("since", "until", "affected", "note"):
            if name in record.values:
                value = long_value("supply_state", name, record.values[name], context)
                text = f"{label_of('supply_state', name)}: {value}"
                lines += [((f"  {part}", "text"),) for part in wrap(text, width - 2, glyphs)]
        by = f"gemeldet {clock(record.event_time, context.now)} von "
        by += plain(context.directory.name(record.id.author))
        lines += [((f"  {part}", "dim"),) for part in wrap(by, width - 2, glyphs)]
    return lines
