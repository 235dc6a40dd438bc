# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the pages can do with what people hand in, and nothing more; handed to them from outside.

The pages know no tables, no keys and no staff; ``lage.store.reception`` fulfils this.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from lage.kinds.outside import Told


class Entered(Protocol):
    """What is known of something that was handed in: that it is safe."""

    @property
    def number(self) -> int:
        """Running, of its kind."""

    @property
    def received(self) -> int:
        """Unix seconds."""

    @property
    def fetched(self) -> bool:
        """Whether the staff has it."""


class Window(Protocol):
    """Where things are handed in, and asked for by their ticket."""

    @property
    def ready(self) -> bool:
        """Whether it could ever be looked into; till then nothing else can be asked."""

    def look(self) -> object:
        """Look into it, which may take a while. Raises LageError."""

    @property
    def staff(self) -> str:
        """To whom everything goes. Raises LageError."""

    @property
    def exercise(self) -> bool:
        """Whether nothing here is real."""

    @property
    def secret(self) -> bytes:
        """What all processes of this place share, to know their own forms again. Raises
        LageError."""

    def now(self) -> float:
        """Unix seconds as the staff counts them."""

    def new_ticket(self) -> str:
        """A ticket for one form."""

    def hand_in(self, told: Told, ticket: str) -> Entered:
        """On the disk when it returns. Raises ValueError for no ticket, LageError."""

    def weigh(
        self,
        account: str,
        device: str,
        now: float,
        may: Callable[[int, int], bool] | None = None,
    ) -> tuple[int, int]:
        """How many that device handed in within this hour, and all within a minute, in whichever
        process of this place. Where ``may`` says so of the two, one more is noted, in the same
        step. ``device`` empty: one that is not counted. Raises LageError."""

    def spend(self, ticket: str) -> None:
        """The form of that ticket counts no more. Raises ValueError, LageError."""

    def is_spent(self, ticket: str) -> bool:
        """Whether the form of that ticket counts no more. Raises LageError."""

    def entered(self, ticket: str) -> Entered | None:
        """None for a ticket that was never given or is forgotten. Raises LageError."""

    def answer(self, ticket: str) -> Mapping[str, Any] | None:
        """The staff's latest word. Raises LageError."""

    def appeals(self) -> Sequence[Mapping[str, Any]]:
        """Who is called for where. Raises LageError."""

    def subscribing(self) -> Mapping[str, Any]:
        """By which ways people can be told of gauges: ``mail`` (bool), ``ntfy`` (servers),
        ``contact``; empty: not at all. Raises LageError."""

    def topic(self, ticket: str) -> str:
        """Where on an ntfy server the holder of a ticket listens. Raises ValueError."""

    def once(self, ticket: str, wish: str) -> str:
        """The ticket of a wish that is one however often it is sent. Raises ValueError."""

    def secret_of(self, ticket: str) -> bytes:
        """What the staff knows a ticket by. Raises ValueError."""
