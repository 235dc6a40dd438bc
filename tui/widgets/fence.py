# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""One fence round everything that our widgets and screens do when a message reaches them.

Textual ends the app when a handler raises. Here the fault is noted under a number and said in one
line; the widget goes on with its next message.
"""

from __future__ import annotations

from typing import Protocol, cast

from textual.css.query import NoMatches
from textual.message import Message
from textual.message_pump import CallbackError, MessagePump

from lage.language.errors import LageError


class Tells(Protocol):
    """The app as the fence sees it."""

    def fault(self, error: Exception) -> int:
        """Note it, say so, and give its number."""

    def say(self, text: str, role: str = "alarm") -> None:
        """A sentence at the bottom of the screen."""


class Fenced(MessagePump):
    """First among the bases of every widget, screen and app of ours."""

    async def _dispatch_message(self, message: Message) -> None:
        """Textual's way of handing a message to its handlers."""
        try:
            await super()._dispatch_message(message)
        except Exception as error:  # noqa: BLE001  # the fence
            cause = error.__context__ if isinstance(error, CallbackError) else error  # of a timer
            if isinstance(cause, NoMatches) and not self.is_attached:
                return  # taken down while the message was on its way: nobody sees it any more
            if isinstance(cause, LageError):
                cast(Tells, self.app).say(str(cause))
            else:
                cast(Tells, self.app).fault(error)
