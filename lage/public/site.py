# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""One place for people: an Infopunkt in a local WLAN, or a portal on the internet. Same code."""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lage.language.errors import LageError
from lage.public.board_file import BoardFile
from lage.public.exchanging import Back
from lage.public.window import Window
from lage.public.words import LANGUAGES, Words


class Role(enum.Enum):
    """What kind of place it is; decides the menu."""

    INFOPUNKT = "infopunkt"  # local WLAN, captive page, kiosk, emergency calls with a helper
    PORTAL = "portal"  # internet, behind a reverse proxy


@dataclass(frozen=True, slots=True)
class Site:
    """What every page of a place needs."""

    role: Role
    name: str  # of the place as people know it, e.g. "Notfall-Infopunkt Feuerwache Rheine"
    base: str  # address under which phones reach it, without a slash at its end
    board: BoardFile
    clock: Callable[[], float]  # unix seconds
    window: Window | None = None  # where people hand things in; None: nothing can be handed in
    back: Back | None = None  # what a node on another computer may do; None: nothing
    hosts: frozenset[str] = frozenset()  # other names under which it may be called

    @property
    def exercise(self) -> bool:
        """Whether nothing here is real."""
        board = self.board.read()
        practised = self.window is not None and self.window.exercise
        return practised or (board is not None and board.exercise)

    def appeals(self) -> Sequence[Mapping[str, Any]]:
        """Where helpers are asked to come, and where not to; none where nothing is handed in. What
        has ended is left out even where no node says so any more."""
        try:
            found = () if self.window is None else self.window.appeals()
        except LageError:
            return ()
        now = self.clock()
        return [row for row in found if row.get("until") is None or row["until"] > now]

    def subscribing(self) -> Mapping[str, Any]:
        """By which ways people can be told of gauges, as ``Window`` says it; empty: not at all.

        Only on the internet: what is ordered at an Infopunkt would lead to pages that nobody
        reaches from elsewhere.
        """
        if self.role is not Role.PORTAL or self.window is None:
            return {}
        try:
            return self.window.subscribing()
        except LageError:
            return {}

    def words(self, language: str) -> Words:
        """The fixed texts of a language. KeyError for one that there is not."""
        return LANGUAGES[language]
