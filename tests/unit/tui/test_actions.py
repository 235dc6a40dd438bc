# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

import pytest

from tui import actions
from tui.actions import ACTIONS, key_name, key_table

ROOT = Path(__file__).resolve().parents[3]
PLACES = {
    "main": (actions.EVERYWHERE, actions.GO, actions.LIST, actions.ENTRY),
    "map": (actions.EVERYWHERE, actions.GO, actions.MAP),
    "overview": (actions.EVERYWHERE, actions.GO, actions.BOARD, actions.ENTRY),
    "network": (actions.EVERYWHERE, actions.GO, actions.RADIO),
    "form": (actions.EVERYWHERE, actions.FORM),
    "past": (actions.EVERYWHERE, actions.GO, actions.LIST, actions.ENTRY, actions.PAST),
    "direction": (
        actions.EVERYWHERE, actions.GO, actions.LIST, actions.LEAD, actions.DIRECTION,
    ),
    "past map": (actions.EVERYWHERE, actions.GO, actions.MAP, actions.PAST),
}  # fmt: skip


@pytest.mark.parametrize("place", PLACES)
def test_no_key_means_two_things_in_one_place(place: str) -> None:
    """Keys are unique among the actions that one place offers."""
    found = actions.in_groups(*PLACES[place])
    keys = [key for action in found for key in (action.key, *action.aliases) if key]

    assert sorted(keys) == sorted(set(keys))


def test_keys_are_on_every_keyboard_and_in_every_terminal() -> None:
    """Letters, digits, F1 to F10, named keys, Ctrl with a letter other than C, H, I, J, M."""
    allowed = re.compile(
        r"[a-z0-9]|f([1-9]|10)|ctrl\+(?![chijm])[a-z]"
        r"|space|comma|full_stop|semicolon|colon|less_than_sign|greater_than_sign"
        r"|enter|escape|slash|plus|minus|home|backspace|exclamation_mark|number_sign|(shift\+)?tab"
    )
    keys = [key for action in ACTIONS.values() for key in (action.key, *action.aliases)]

    assert [key for key in keys if not allowed.fullmatch(key)] == []


def test_every_action_has_a_doer() -> None:
    """Some view, screen or part of the app has the method ``act_<id>``, or it has a goal."""
    from tui.app.alarming import Alarming
    from tui.app.app import LageApp
    from tui.app.menu import Menus
    from tui.app.playing import Playing
    from tui.app.reading import Reading
    from tui.app.sending import Sending
    from tui.screens.base import LageScreen
    from tui.screens.form import FormScreen
    from tui.screens.main import VIEWS, MainScreen

    views = [value.split(":") for value in VIEWS.values()]
    modules = [import_module(f"tui.screens.{module}") for module, _ in views]
    classes = [
        LageApp,
        Sending,
        Playing,
        Reading,
        Menus,
        Alarming,
        LageScreen,
        MainScreen,
        FormScreen,
        *(c for m in modules for c in vars(m).values() if isinstance(c, type)),
    ]
    missing = [
        action.id
        for action in ACTIONS.values()
        if action.goal is None and not any(hasattr(c, f"act_{action.id}") for c in classes)
    ]

    assert missing == []


def test_keys_are_written_as_germans_call_them() -> None:
    """Strg, Bild, Pos1."""
    assert [key_name(k) for k in ("ctrl+p", "f2", "home", "escape", "q")] == [
        "Strg+P", "F2", "Pos1", "Esc", "q",
    ]  # fmt: skip


def test_the_manual_holds_the_key_table_as_it_is() -> None:
    """docs/bedienung.md between its marks equals what the registry says."""
    text = (ROOT / "docs" / "bedienung.md").read_text("utf8")
    inside = text.split("<!-- tasten -->\n")[1].split("<!-- /tasten -->")[0]

    assert inside == key_table()
