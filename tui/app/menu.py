# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What palette and the box of further lists offer beyond keys: forms, lists and looks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from textual.screen import Screen

from lage.kinds.cards import CARDS
from lage.views.lists import LISTS
from tui import actions
from tui.actions import Action, Fill, Show, Wear
from tui.screens.base import LageScreen
from tui.screens.dialogs import Choose
from tui.screens.host import Host
from tui.screens.main import MORE
from tui.theme import LOOKS
from tui.widgets.choices import Option

KEYED = ("gehe_aussen", "gehe_report", "gehe_versorgung", "gehe_alarme", "gehe_neues")
"""Have no place in a narrow line of screens."""


def keyed_lists() -> list[Option]:
    """The views that the key for more leads to."""
    keyed = [actions.ACTIONS[name] for name in KEYED]
    return [  # those without a key first: here a letter has to find them
        *(Option(kind, LISTS[kind].title) for kind in MORE),
        *(
            Option(action.goal.view, action.title, action.shown_key)
            for action in keyed
            if isinstance(action.goal, Show)
        ),
    ]


def more_actions(*, looks: bool) -> list[Action]:
    """Forms, lists and looks that have no key."""
    with_key = {action.goal for action in actions.ACTIONS.values()}
    found = [
        Action("form", "", f"Neu: {card.title}", f"Öffnet das Formular „{card.title}“.", "",
               writes=True, goal=Fill(card.name))
        for card in CARDS.values()
        if card.form and Fill(card.name) not in with_key
    ]  # fmt: skip
    for kind in MORE:
        title = LISTS[kind].title
        about = f"Zeigt die Liste „{title}“."
        found.append(Action("list", "", f"{title} zeigen", about, "", goal=Show(kind)))
    found.append(
        Action("mitteilung", "", "Mitteilung einlesen", "Liest eine .mitteilung des Kreises ein:"
               " neue Mitglieder, Widerrufe, Entscheidungen.", "", writes=True)
    )  # fmt: skip
    found.append(
        Action("einlesen", "", "Datei einlesen", "Liest Vorfälle, Sperren, Material, Kräfte oder"
               " Pegel aus einer Datei ein; vorher ein Probelauf.", "", writes=True)
    )  # fmt: skip
    found += [
        Action("kurier_einlesen", "", "Kurier einlesen", "Liest eine Kurierdatei von einem Stick"
               " ein: was andere schrieben und hier fehlt.", "", writes=True),
        Action("kurier_packen", "", "Kurier packen", "Schreibt auf einen Stick, was andere noch"
               " nicht haben.", "", writes=True),
    ]  # fmt: skip
    if looks:
        found += [
            Action("look", "", f"Farben {look.title}", "Wechselt die Farben.", "",
                   goal=Wear(look.name))
            for look in LOOKS.values()
        ]  # fmt: skip
    return found


class Menus:
    """The app's boxes to choose from."""

    def __init__(self, host: Host, screen: Callable[[], Screen[Any]], *, looks: bool) -> None:
        self._host = host
        self._screen = screen  # the topmost
        self._looks = looks

    async def act_gehe_mehr(self) -> None:
        """Lists without a key of their own."""

        async def chosen(view: str | None) -> None:
            if view:
                await self._host.go(view)

        await self._host.push(Choose("Weitere Listen", keyed_lists()), chosen)

    async def act_hilfe(self) -> None:
        """Keys of this screen."""
        from tui.screens.help import Help

        screen = self._screen()
        if isinstance(screen, LageScreen):
            title = screen.view.title if screen.view else "Formular"
            await self._host.push(Help(title, screen.offers()))

    async def act_palette(self) -> None:
        """All actions that are possible now."""
        from tui.screens.palette import Palette

        screen = self._screen()
        if not isinstance(screen, LageScreen):
            return
        first = actions.PAST, actions.DIRECTION
        groups = actions.in_groups(*first, actions.EVERYWHERE, actions.GO)
        found = [*screen.offers(), *(a for a in groups if a.id != "palette")]
        found += more_actions(looks=self._looks)

        async def chosen(action: Action | None) -> None:
            if action is not None:
                await screen.act(action)

        await self._host.push(Palette([a for a in found if screen.allows(a)]), chosen)

    async def act_beobachten(self) -> None:
        """An observation, wherever somebody is: of which staff, and what."""
        from tui.screens.direction import observe

        await observe(self._host)
