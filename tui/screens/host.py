# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What screens may ask of the app that shows them, and no more.

The app is one of these; so may be a test's. Textual's own methods (the bell, the size)
are asked of ``Widget.app`` itself.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from textual.screen import Screen

from lage.views.alarm import Alarm
from lage.views.status import ReadMarks, StatusView
from sync.schema.definition import EntityId, Point
from tui.actions import Goal
from tui.bridge import Bridge
from tui.paint import Painter

if TYPE_CHECKING:
    from tui.forms.spec import FormSpec, Intent

Done = Callable[[], object]
Answered = Callable[[Any], Awaitable[None]]


class Sends(Protocol):
    """Writes what people wrote, and keeps what they have not sent yet."""

    @property
    def notice(self) -> str:
        """What is about to be written, and how to take it back; empty where nothing waits."""

    async def submit(
        self, intent: Intent, spec: FormSpec, typed: Mapping[str, str], done: Done
    ) -> None:
        """Write after a moment, or at once after a question where the intent asks one."""

    async def save_draft(self, spec: FormSpec, typed: Mapping[str, str]) -> None:
        """Keep what stands in a form."""

    async def drop_draft(self, spec: FormSpec) -> None:
        """Forget what stood in a form."""


class Remembers(Protocol):
    """Knows which messages somebody here has opened."""

    @property
    def marks(self) -> ReadMarks:
        """Which ones."""

    async def mark_read(self, entity: EntityId) -> None:
        """Somebody here has opened that message."""


class Host(Protocol):
    """The app as its screens see it."""

    bridge: Bridge
    painter: Painter
    marked: str
    said: tuple[str, str] | None  # a sentence for the line of keys, and its role
    token: tuple[int, int]  # of the state of the log that was read last

    @property
    def status(self) -> StatusView | None:
        """What the status bar shows."""

    @property
    def alarms(self) -> Sequence[Alarm]:
        """What nobody has taken yet."""

    @property
    def sending(self) -> Sends:
        """Writing."""

    @property
    def reading(self) -> Remembers:
        """What was read."""

    @property
    def doers(self) -> Sequence[object]:
        """Who has ``act_<id>`` methods beyond view and screen."""

    def fault(self, error: Exception) -> int:
        """Note what nobody expected; say so; its number."""

    async def attempt(self, deed: Callable[[], object]) -> None:
        """Do it; what goes wrong becomes a sentence."""

    async def push(self, box: Screen[Any], answered: Answered | None = None) -> None:
        """Open a box over the screen; do something with its answer."""

    def say(self, text: str, role: str = "alarm") -> None:
        """A sentence at the bottom of the screen."""

    async def confirm(self, question: str, yes: Callable[[], Awaitable[None]]) -> None:
        """Ask; do it on yes."""

    async def open_form(self, spec: FormSpec) -> None:
        """Open a form over what is there."""

    async def open_detail(self, entity: EntityId) -> None:
        """One entry over the whole screen."""

    async def note(self, alarm: Alarm, *, taken: bool = True) -> None:
        """Somebody has taken note of it; or it waits again."""

    async def go(self, name: str, *, search: str | None = None, anew: bool = False) -> None:
        """A view of the main screen; ``anew``: without the filter that it had."""

    async def show_on_map(self, point: Point) -> None:
        """The map with its cursor on a point."""

    async def reach(self, goal: Goal) -> None:
        """Open the form, show the view or wear the look that an action is for."""
