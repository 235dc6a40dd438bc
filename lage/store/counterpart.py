# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The portal's side of an exchange with a node on another computer (``lage.kinds.exchange``)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from lage.kinds.exchange import BOXES, Ask, Reply, Waiting, digest
from lage.language.errors import KeysError, UsageError
from lage.store.inbox import Inbox
from lage.store.reception import APPEALS, CLOCK, SUBSCRIBING
from lage.store.recipient import SHEET, Recipient
from maps.read.files import load_json

KEY = "knoten"
"""Sheet: the public key of the node's link."""
SHEETS = (SHEET, APPEALS, CLOCK, SUBSCRIBING)
"""What a node lays out for the pages."""


@dataclass(frozen=True, slots=True)
class Introduction:
    """What a portal has to know of a node before they talk: whose boxes it takes, by which key.

    All of it may be known by anybody.
    """

    recipient: Recipient
    key: bytes  # Ed25519, public, of this link alone
    numbers: Mapping[str, int]  # after which each kind counts

    @property
    def keys(self) -> bytes:
        """What two people compare, each at one computer: names can be copied, these cannot."""
        return self.recipient.seal + self.key

    def to_json(self) -> bytes:
        """As a file that is carried to the portal."""
        told = {
            "empfaenger": json.loads(self.recipient.to_json()),
            "schluessel": self.key.hex(),
            "nummern": dict(self.numbers),
        }
        return json.dumps(told, ensure_ascii=False, indent=1).encode()

    @classmethod
    def from_json(cls, data: bytes) -> Introduction:
        """Inverse of ``to_json``. Raises KeysError."""
        try:
            told = load_json(data.decode())
            recipient = Recipient.from_json(json.dumps(told["empfaenger"]).encode())
            key = bytes.fromhex(told["schluessel"])
            if len(key) != 32:
                raise ValueError("no key")
            numbers = {str(kind): int(number) for kind, number in told["nummern"].items()}
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise KeysError(
                "Das ist keine Verbindungsdatei: bitte die nehmen, die „lage portal verbinden“ an"
                " der Stelle geschrieben hat."
            ) from error
        return cls(recipient, key, numbers)


def introduce(inbox: Inbox, told: Introduction) -> None:
    """Let a portal's inbox know its node. Raises UsageError where it is another staff's."""
    known = inbox.laid_out(SHEET)
    if known is not None and Recipient.from_json(known).staff != told.recipient.staff:
        raise UsageError(
            f"Dieser Eingang gehört schon zu {Recipient.from_json(known).staff}: bitte einen"
            " anderen nehmen."
        )
    inbox.lay_out(SHEET, told.recipient.to_json())
    inbox.lay_out(KEY, told.key)
    _count_on(inbox, told.numbers)


class Counterpart:
    """What a node may do with the inbox of a portal; from any thread."""

    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox

    @property
    def key(self) -> bytes:
        """Of the node; empty: none is connected. Raises StoreError."""
        return self._inbox.laid_out(KEY) or b""

    def newer(self, number: int) -> int | None:
        """Accept the number of a question; the last one where it is not greater.

        Raises StoreError.
        """
        return self._inbox.raise_counter("abgleich", number)

    def take(self, ask: Ask, unix: int, files: Mapping[str, bytes]) -> Reply:
        """Do what the node says, each part durable before it is answered. Raises StoreError.

        ``files``: digests of the Aushang that is there.
        """
        inbox = self._inbox
        for box_id, sealed, until in ask.answers:
            if sealed:
                inbox.answer(box_id, sealed, until)
            else:
                inbox.unanswer(box_id)
        for box_id in ask.forget:
            inbox.forget(box_id)
        if ask.fetched:
            inbox.fetched(ask.fetched)
        _count_on(inbox, ask.numbers)
        for name in SHEETS:
            if name in ask.sheets:
                inbox.lay_out(name, ask.sheets[name])
        boxes = tuple(
            Waiting(box.id, box.kind, box.number, box.received, box.sealed)
            for box in inbox.waiting(limit=BOXES)
        )
        sheets = {name: digest(body) for name in SHEETS if (body := inbox.laid_out(name))}
        place = digest(inbox.shared_secret("abgleich"))
        return Reply(place, unix, boxes, sheets, files)


def _count_on(inbox: Inbox, numbers: Mapping[str, int]) -> None:
    """Give no number again: this inbox may be new, or an older copy of itself."""
    for kind, number in numbers.items():
        inbox.begin((kind,), number)
    inbox.count_on(numbers.items())
