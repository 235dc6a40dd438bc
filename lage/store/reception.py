# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the pages for people outside may do with an inbox: hand in, and ask by a ticket.

They hold one of these and nothing else of ours: no key that opens a box, no log, no other way to
the tables.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from lage.kinds.outside import Told
from lage.language.errors import StoreError
from lage.store.inbox import Entered, Inbox
from lage.store.recipient import SHEET, Recipient
from lage.store.tally import May, device_number
from lage.store.ticket import NoTicket, Ticket

APPEALS, CLOCK, SUBSCRIBING = "aufrufe", "uhr", "abos"
"""Sheets: who is called for where; by how many seconds an exercise's clock goes otherwise; by which
ways people can be told of gauges."""


class Reception:
    """The window between the pages and an inbox; may be used from any thread."""

    def __init__(self, inbox: Inbox, clock: Callable[[], float] = time.time) -> None:
        """Raises KeysError where no staff has connected the inbox yet."""
        self._inbox = inbox
        self._clock = clock
        self._recipient = Recipient.from_json(inbox.laid_out(SHEET) or b"")
        self.secret = inbox.shared_secret("formulare")
        self._ahead = 0.0

    @classmethod
    def open(cls, address: str) -> Reception:
        """By the inbox's address. Raises StoreError, KeysError."""
        return cls(Inbox.open(address))

    @property
    def staff(self) -> str:
        """To whom everything goes."""
        return self._recipient.staff

    @property
    def exercise(self) -> bool:
        """Whether nothing here is real."""
        return self._recipient.exercise

    def now(self) -> float:
        """Unix seconds as the staff counts them: an exercise has a time of its own."""
        if self.exercise:
            with suppress(StoreError):  # then as it was last
                self._ahead = float(self._inbox.laid_out(CLOCK) or 0)
        return self._clock() + self._ahead

    def new_ticket(self) -> str:
        """A ticket for one form."""
        return str(Ticket.new())

    def hand_in(self, told: Told, ticket: str) -> Entered:
        """Seal and keep; on the disk when it returns. Raises NoTicket, InboxFull, StoreError,
        KeysError."""
        known = Ticket.parse(ticket)
        # anew each time: what is sealed to a key that the staff has replaced nobody might open
        self._recipient = Recipient.from_json(self._inbox.laid_out(SHEET) or b"")
        sealed = self._recipient.close(told, known)
        return self._inbox.put(known.id, told.KIND, sealed, int(self.now()))

    def weigh(
        self, account: str, device: str, now: float, may: May | None = None
    ) -> tuple[int, int]:
        """What that device, and all, handed in lately; where ``may`` says so, one more."""
        number = device_number(device, now, self.secret)
        return self._inbox.tally.weigh(account, number, int(now), may)

    def spend(self, ticket: str) -> None:
        """The form of that ticket counts no more. Raises NoTicket, StoreError."""
        self._inbox.tally.spend(Ticket.parse(ticket).id)

    def is_spent(self, ticket: str) -> bool:
        """Whether the form of that ticket counts no more."""
        known = _parsed(ticket)
        return known is None or self._inbox.tally.is_spent(known.id)

    def entered(self, ticket: str) -> Entered | None:
        """What is known of a ticket; None for one that was never given or is forgotten."""
        known = _parsed(ticket)
        return None if known is None else self._inbox.entered(known.id)

    def answer(self, ticket: str) -> Mapping[str, Any] | None:
        """The staff's latest word to the holder of a ticket."""
        known = _parsed(ticket)
        sealed = None if known is None else self._inbox.answered(known.id)
        opened = None if known is None or sealed is None else known.open(sealed)
        return None if opened is None else dict(json.loads(opened))

    def appeals(self) -> list[Mapping[str, Any]]:
        """Who is called for where."""
        return list(json.loads(self._inbox.laid_out(APPEALS) or b"[]"))

    def subscribing(self) -> Mapping[str, Any]:
        """By which ways people can be told of gauges; empty: not at all."""
        return dict(json.loads(self._inbox.laid_out(SUBSCRIBING) or b"{}"))

    def topic(self, ticket: str) -> str:
        """Where on an ntfy server the holder of a ticket listens. Raises NoTicket."""
        return Ticket.parse(ticket).topic

    def once(self, ticket: str, wish: str) -> str:
        """The ticket of a wish that is one however often it is sent. Raises NoTicket."""
        return str(Ticket.parse(ticket).once(wish))

    def secret_of(self, ticket: str) -> bytes:
        """What the staff knows a ticket by. Raises NoTicket."""
        return Ticket.parse(ticket).secret


def _parsed(ticket: str) -> Ticket | None:
    try:
        return Ticket.parse(ticket)
    except NoTicket:
        return None
