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
        """Raises KeysError where no staff has connected the inbox yet; one that cannot be reached
        now is asked again when it is needed."""
        self._inbox = inbox
        self._clock = clock
        self._recipient: Recipient | None = None
        self._secret = b""
        self._ahead = 0.0
        with suppress(StoreError):
            self.look()

    @classmethod
    def open(cls, address: str) -> Reception:
        """By the inbox's address. Raises StoreError, KeysError."""
        return cls(Inbox.open(address))

    def look(self) -> Recipient:
        """Whose inbox it is now. Raises StoreError, KeysError."""
        # anew each time: what is sealed to a key that the staff has replaced nobody might open
        self._recipient = Recipient.from_json(self._inbox.laid_out(SHEET) or b"")
        self._secret = self._secret or self._inbox.shared_secret("formulare")
        return self._recipient

    @property
    def ready(self) -> bool:
        """Whether ``look`` ever found it."""
        return self._recipient is not None

    @property
    def secret(self) -> bytes:
        """What all processes of this place share. Raises StoreError."""
        self._check_ready()
        return self._secret

    @property
    def staff(self) -> str:
        """To whom everything goes. Raises StoreError."""
        return self._check_ready().staff

    def _check_ready(self) -> Recipient:
        """Without asking: nobody who reads waits for a database that is away."""
        if self._recipient is None:
            raise StoreError("Der Eingang ist noch nicht zu erreichen.")
        return self._recipient

    @property
    def exercise(self) -> bool:
        """Whether nothing here is real, as far as that could be learnt yet."""
        return self._recipient is not None and self._recipient.exercise

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
        sealed = self.look().close(told, known)
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
