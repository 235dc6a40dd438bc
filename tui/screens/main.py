# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The main screen: one view at a time, each built when it is first wanted and then kept."""

from __future__ import annotations

from importlib import import_module

from textual.timer import Timer

from lage.views.lists import LISTS
from tui import actions
from tui.actions import Action, Show
from tui.bridge import seconds
from tui.screens.base import LageScreen, View, carrier

VIEWS = {
    "lage": "overview:OverviewView",
    "journal": "journal:JournalView",
    "pegel": "gauges:GaugesView",
    "material": "tables:StockView",
    "versorgung": "services:ServicesView",
    "netz": "network:NetworkScreenView",
    "karte": "map:MapView",
    "suche": "search:SearchView",
    "report": "reports:ReportsView",
    "alarme": "alarms:AlarmsView",
    "neues": "news:NewsView",
    "leitung": "direction:DirectionDeskView",
    "document": "documents:DocumentsView",
    "aussen": "outside:OutsideView",
}
"""Module and class of every view that is no mere list; loaded when it is first wanted, so that the
first one is there soon."""
OFFER_S = 0.5
MORE = tuple(kind for kind in LISTS if f"gehe_{kind}" not in actions.ACTIONS)
"""Lists without a key of their own."""


FORGET_S = 30 * 60
"""So long a filter and the words of a search stay, where nobody comes back to them."""


class MainScreen(LageScreen):
    """The views."""

    def __init__(self) -> None:
        super().__init__()
        self._views: dict[str, View] = {}
        self._offering: Timer
        self.current = ""
        self._from = ""  # the view that a search in another one was begun from

    def on_mount(self) -> None:
        """A node that has just been started is waited for, ten seconds."""
        self._offering = self.set_interval(OFFER_S, self._offer, repeat=20)

    async def _offer(self) -> None:
        from tui.screens.radio import offer  # when the first screen is there

        if self.app.screen is self and await offer(self.lage):
            self._offering.stop()

    @property
    def view(self) -> View | None:
        """The one that is shown."""
        return self._views.get(self.current)

    @property
    def place(self) -> Action | None:
        """For the line of screens."""
        if self.current in MORE:
            return actions.ACTIONS["gehe_mehr"]
        return next(
            (a for a in actions.in_groups(actions.GO) if a.goal == Show(self.current)), None
        )

    async def show(self, name: str, *, search: str | None = None, anew: bool = False) -> None:
        """Bring a view to the front, read its data, give it the keys."""
        if self.view is not None:
            self.view.display = False
            self.view.left = seconds()
        self._from = self.current if search else ""
        self.current = name
        view = self._views.get(name)
        if view is None:
            view = self._views[name] = _made(name)
        self.share()  # before it is there: it is laid out once, in the width that it keeps
        if not view.is_attached:
            await self.query_one("#body").mount(view)
        view.display = True
        if anew or seconds() - view.left > FORGET_S or await view.opens_anew():
            view.forget()
        if search is not None:
            view.text = search
        view.start()
        await view.renew()
        self.show_frame()

    async def forget(self) -> None:
        """Nobody has been here for long: whoever comes next sees everything."""
        if self.view is not None and self.view.forget():
            await self.view.load(from_top=True)

    def offers(self) -> list[Action]:
        """Only what somebody can carry out."""
        return [a for a in super().offers() if carrier((self.view, self), self.lage, a) is not None]

    async def act_zurueck(self) -> None:
        """Out of a search, back to where it was begun, from any view back to the overview."""
        view = self.view
        if view is not None and view.aside:
            view.start()  # out of the detail beside the list
        elif view is not None and view.text:
            view.text = ""
            if self._from:
                await self.show(self._from)
            else:
                await view.load(from_top=True)
        elif self.current != self.lage.bridge.home:
            await self.show(self.lage.bridge.home)


def _made(name: str) -> View:
    """A view by its name, or the list of that kind."""
    if name not in VIEWS:
        from tui.screens.lists import KindView

        return KindView(name)
    module, _, made = VIEWS[name].partition(":")
    view: View = getattr(import_module(f"tui.screens.{module}"), made)()
    return view
