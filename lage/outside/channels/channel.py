# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""One way on which a staff writes to people outside, and how it says that it could not.

Refused   the service will never take this letter: wrong address
Later     not now: no connection, too much at once, a key that the staff has to put right; with the
          service's own word when again
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Letter:
    """What is sent to whom."""

    id: str  # the same letter keeps it when it is sent again
    to: str  # address, number, topic or room
    subject: str
    text: str
    leave: str = ""  # address at which whoever gets it wants no more (RFC 8058); empty: none
    language: str = ""  # BCP 47


class Refused(Exception):
    """It will not be taken, however often it is tried."""


class Later(Exception):
    """It was not taken this time."""

    def __init__(self, reason: str, after_s: float | None = None) -> None:
        super().__init__(reason)
        self.after_s = after_s


def sendable(**secrets: str) -> None:
    """Raises ValueError for a key or password that a protocol cannot carry."""
    for name, text in secrets.items():
        if not (text.isascii() and (text.isprintable() or not text)):
            raise ValueError(f"{name}: only ASCII letters, digits and signs")


class Channel(Protocol):
    """One way."""

    name: str

    def send(self, letter: Letter) -> None:
        """Hand a letter to the service. Raises Refused, Later."""
