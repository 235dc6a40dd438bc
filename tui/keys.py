# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""One key after the other, however fast they come: the app's part that hands keys on.

Textual hands a key to what has the focus now and goes on to the next one. What the key does (Tab
moves the focus, F3 opens a form) may happen later, when the key has risen through all widgets; on
a slow computer the letters after it have then gone to the field before. So each key is followed
by a message that takes the same way; the next key is handed on when that message has come back.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from textual.events import Event, Key
from textual.message import Message
from textual.timer import Timer

AHEAD_MAX = 10_000
GUARD_S = 0.25
"""So long the message may take; it is lost where a screen closes under it."""


@dataclass
class Handled(Message):
    """The key of that number has been dealt with."""

    number: int


class OneKeyAtATime:
    """Mixed into the app, before Textual's own class."""

    if TYPE_CHECKING:
        focused: Any
        screen: Any
        set_timer: Any

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._ahead: deque[Key] = deque(maxlen=AHEAD_MAX)
        self._key_number = 0
        self._key_out = False
        self._guard: Timer | None = None

    @property
    def typed_ahead(self) -> bool:
        """Whether a key has not been dealt with yet."""
        return self._key_out

    @property
    def keys_handed_on(self) -> int:
        """How many there were."""
        return self._key_number

    async def on_event(self, event: Event) -> None:
        """Hand a key on, or keep it until the one before is done."""
        if not isinstance(event, Key) or event.is_forwarded:
            await super().on_event(event)  # type: ignore[misc]
        elif self._key_out:
            self._ahead.append(event)
        else:
            await self._hand_on(event)

    async def _hand_on(self, event: Key) -> None:
        self._key_out = True
        self._key_number += 1
        number = self._key_number
        target = self.focused or self.screen
        await super().on_event(event)  # type: ignore[misc]
        self._guard = self.set_timer(GUARD_S, lambda: self._next(number))
        if not target.post_message(Handled(number)):
            await self._next(number)

    async def on_handled(self, message: Handled) -> None:
        """The way is free for the next one."""
        await self._next(message.number)

    async def _next(self, number: int) -> None:
        if not self._key_out or number != self._key_number:
            return
        if self._guard is not None:
            self._guard.stop()
        self._key_out = False
        if self._ahead:
            await self._hand_on(self._ahead.popleft())
