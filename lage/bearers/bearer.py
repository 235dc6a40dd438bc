# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the node needs of a way that carries bundles: peers come and go, messages pass.

A bearer knows sockets and threads, and nothing of operations: it carries bytes between members and
proves who is at the other end. A message is one piece of ``sync.wire.bundle``. Everything here is
called from the node's thread only; what a bearer's own threads find out waits until it is taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from lage.bearers.terms import Way

MESSAGE_MAX = 256 * 1024
"""Bytes of a message."""


@dataclass(frozen=True, slots=True)
class Opened:
    """Somebody who proved a signing key is at the other end."""

    peer: int  # counts up; never used twice by one bearer
    sign_key: bytes  # 32 bytes, Ed25519
    where: str  # for people
    dialled: bool  # by us


@dataclass(frozen=True, slots=True)
class Arrived:
    """A message of that peer."""

    peer: int
    message: bytes


@dataclass(frozen=True, slots=True)
class Closed:
    """That peer is gone."""

    peer: int


@dataclass(frozen=True, slots=True)
class Troubled:
    """Nobody could be reached there, or who answered is none of us; in German; empty: no more."""

    where: str
    sentence: str


BearerEvent = Opened | Arrived | Closed | Troubled


class Bearer(Way, Protocol):
    """A way that carries bundles to single peers."""

    @property
    def listening(self) -> str:
        """Where others reach us, for people; empty: nowhere."""

    def take_events(self) -> Sequence[BearerEvent]:
        """What happened since the last call, oldest first."""

    def room(self, peer: int) -> bool:
        """Whether that peer can take a message now."""

    def send(self, peer: int, message: bytes) -> None:
        """Carry a message; to somebody who is gone it is lost."""

    def close(self, peer: int) -> None:
        """Let go of that peer."""
