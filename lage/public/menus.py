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
)

MENU: dict[Role, tuple[Entry, ...]] = {
    Role.INFOPUNKT: _INFORMATION,
    Role.PORTAL: _INFORMATION,
}


def menu(site: Site, words: Words) -> list[tuple[str, str]]:
    """(address below the language, title) of each line, in a language."""
    return [(entry.path, words.topics[entry.topic][entry.key]) for entry in MENU[site.role]]
