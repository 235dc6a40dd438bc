# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The first screen: everything that counts at a glance, and from each row to its source."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding

from lage.station import Station
from lage.views.alarm import Alarm
from lage.views.alarms import TAKEN
from lage.views.overview import overview
from sync.schema.definition import EntityId
from tui import actions
from tui.actions import Action
from tui.forms.key import FormKey
from tui.screens.base import LageScreen, bindings
from tui.screens.dialogs import Choose
from tui.screens.entry import EntryView
from tui.widgets import panels
from tui.widgets.board import Board
from tui.widgets.choices import Option
from tui.widgets.panel import Panel
from tui.widgets.placing import WIDE

KINDS = {"nachrichten": "message", "vorfaelle": "incident", "auftraege": "task"}


class OverviewView(EntryView):
    """The overview."""

    BINDINGS = [
        *bindings(actions.ENTRY, actions.BOARD),
        Binding("enter", "screen.act('oeffnen')", show=False),
    ]
    groups = (actions.ENTRY, actions.BOARD)
    title = "Lage"

    def compose(self) -> ComposeResult:
        """The board."""
        yield Board()

    def start(self) -> None:
        """Arrows move on the board."""
        self.screen.set_focus(self.query_one(Board))

    async def refresh_data(self) -> None:
        """Compute the situation anew; in the background, for it may take a while."""
        glyphs, marks = self.lage.painter.glyphs, self.lage.reading.marks
        width, rows = self.across.view, max(6, self.app.size.height // 2)
        boxed = self.app.size.width >= WIDE

        def read(station: Station) -> tuple[Panel, ...]:
            context = station.context()
            drafts = _open_drafts(station)
            view = overview(context, rows, station.around(), station.setting(TAKEN))
            return panels.panels(
                view, station.network(), context, marks, drafts, glyphs, width, boxed=boxed
            )

        found = await self.lage.bridge.work(read)
        if self.ready:
            self.query_one(Board).show(found)

    @on(Board.Moved)
    async def _moved(self) -> None:
        """The keys are those of the row under the cursor."""
        if self.ready and isinstance(self.screen, LageScreen):
            self.screen.show_keys()
            await self.screen.point_out(self.selected())

    async def on_resize(self) -> None:
        """Rows have more or less room."""
        if self.ready:
            await self.refresh_data()

    def selected(self) -> EntityId | None:
        """The entity of the row under the cursor."""
        current = self.query_one(Board).current if self.ready else None
        return current[1].entity if current and current[1] else None

    def selected_kind(self) -> str:
        """By the panel it stands in."""
        current = self.query_one(Board).current
        if current is None or current[1] is None:
            return "-"
        return current[1].kind or KINDS.get(current[0].key, "-")

    def offers(self) -> list[Action]:
        """Opening, and what the entry allows."""
        found = super().offers()
        confirm = actions.ACTIONS["bestaetigen"]
        if self._alarm is not None and confirm not in found:
            found.insert(0, confirm)
        return [actions.ACTIONS["oeffnen"], *found]

    @property
    def _alarm(self) -> Alarm | None:
        current = self.query_one(Board).current if self.ready else None
        return current[1].alarm if current and current[1] else None

    async def waiting(self) -> Alarm | None:
        """The row itself, where it is one of what is to be done."""
        return self._alarm or await super().waiting()

    def act_tafel(self) -> None:
        """To the next panel."""
        self.query_one(Board).next_panel(1)

    def act_tafel_davor(self) -> None:
        """To the previous panel."""
        self.query_one(Board).next_panel(-1)

    async def act_oeffnen(self) -> None:
        """The entry, or the screen where the row comes from."""
        current = self.query_one(Board).current
        if current is None:
            return
        panel, row = current
        if row is not None and row.draft is not None:
            await self._open_a_draft(row.draft)
        elif row is not None and row.entity is not None:
            await self.lage.open_detail(row.entity)
        else:
            await self.lage.go(row.go if row is not None and row.go else panel.go, anew=True)

    async def _open_a_draft(self, newest: FormKey) -> None:
        """The one there is, or one of them."""
        from tui.forms.drafts import form_of

        async def chosen(key: FormKey | None) -> None:
            if key is not None:
                await self.lage.open_form(await self.lage.bridge.look(lambda s: form_of(s, key)))

        drafts = await self.lage.bridge.look(_open_drafts)
        if len(drafts) > 1:
            options = [Option(key, name) for key, name in drafts]
            await self.lage.push(Choose("Entwürfe, nicht gesendet", options), chosen)
        else:
            await chosen(newest)


def _open_drafts(station: Station) -> list[tuple[FormKey, str]]:
    """Forms are loaded where there is a draft of one."""
    if not station.drafts():
        return []
    from tui.forms.drafts import open_drafts

    return open_drafts(station)
