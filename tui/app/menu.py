# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the palette offers beyond keys: forms, lists and looks."""

from __future__ import annotations

from lage.kinds.forms import BY_KIND
from lage.views.lists import LISTS
from tui import actions
from tui.actions import Action
from tui.screens.main import MORE
from tui.theme import LOOKS


def more_actions(*, looks: bool) -> list[Action]:
    """Forms, lists and looks that have no key."""
    found = [
        Action(
            f"form:{form.kind}",
            "",
            f"Neu: {form.title}",
            f"Öffnet das Formular „{form.title}“.",
            "",
            writes=True,
        )
        for form in BY_KIND.values()
        if f"neu_{form.kind}" not in actions.ACTIONS
    ]
    found += [
        Action(
            f"list:{kind}",
            "",
            f"{LISTS[kind].title} zeigen",
            f"Zeigt die Liste „{LISTS[kind].title}“.",
            "",
        )
        for kind in MORE
    ]
    if looks:
        found += [
            Action(f"look:{look.name}", "", f"Farben {look.title}", "Wechselt die Farben.", "")
            for look in LOOKS.values()
        ]
    return found
