# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What palette and the box of further lists offer beyond keys: forms, lists and looks."""

from __future__ import annotations

from lage.kinds.cards import CARDS
from lage.views.lists import LISTS
from tui import actions
from tui.actions import Action, Fill, Show, Wear
from tui.screens.main import MORE
from tui.theme import LOOKS
from tui.widgets.choices import Option

KEYED = ("gehe_report", "gehe_versorgung", "gehe_alarme")
"""Have a key, but no place in a narrow line of screens."""


def keyed_lists() -> list[Option]:
    """The views that the key for more leads to."""
    keyed = [actions.ACTIONS[name] for name in KEYED]
    return [
        *(
            Option(action.goal.view, action.title, action.shown_key)
            for action in keyed
            if isinstance(action.goal, Show)
        ),
        *(Option(kind, LISTS[kind].title) for kind in MORE),
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
    if looks:
        found += [
            Action("look", "", f"Farben {look.title}", "Wechselt die Farben.", "",
                   goal=Wear(look.name))
            for look in LOOKS.values()
        ]  # fmt: skip
    return found
