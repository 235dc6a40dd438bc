# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What stands in the menu of each kind of place."""

from __future__ import annotations

from typing import NamedTuple

from lage.public.site import Role, Site
from lage.public.words import Words


class Entry(NamedTuple):
    """One line of the menu."""

    path: str  # below the language
    topic: str  # of the words that hold its title
    key: str


_INFORMATION = (
    Entry("", "page", "home"),
    Entry("warnungen/", "page", "warnungen"),
    Entry("ausfaelle/", "page", "ausfaelle"),
    Entry("hilfe/", "page", "hilfe"),
    Entry("strassen/", "page", "strassen"),
    Entry("wasser/", "water", "title"),
)

_CALL = Entry("notruf/", "call", "title")
_HELP = Entry("helfen/", "help", "title")
_RECEIPT = Entry("beleg/", "receipt", "title")

MENU: dict[Role, tuple[Entry, ...]] = {
    Role.INFOPUNKT: (*_INFORMATION, _CALL, _HELP, _RECEIPT),
    Role.PORTAL: (*_INFORMATION, _HELP, _RECEIPT),
}
HANDED_IN = frozenset({_CALL, _HELP, _RECEIPT})
"""Lines that stand there only where something can be handed in."""


def menu(site: Site, words: Words) -> list[tuple[str, str]]:
    """(address below the language, title) of each line, in a language."""
    entries = [e for e in MENU[site.role] if site.window is not None or e not in HANDED_IN]
    return [(entry.path, words.topics[entry.topic][entry.key]) for entry in entries]
