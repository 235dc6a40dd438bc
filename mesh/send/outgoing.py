# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""One payload to be sent some time: how urgent, how far, and until when it is worth its air."""

from __future__ import annotations

from dataclasses import dataclass

from mesh.airtime import PRIVATE_APP
from mesh.firmware import DEFAULT_HOP_LIMIT
from mesh.link import BROADCAST, FrameClass

FLOOD_HOP_LIMIT = 6
"""For what shall reach everybody. A county of 60 km is four radios wide, but a flood that lost its
shortest way goes a longer one: two hops more cost 1.5 % of air, as radios that heard a frame before
do not relay it, and the slowest deliveries come in half the time (docs/developer/ether.md)."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One payload to be sent some time."""

    payload: bytes
    urgency: FrameClass
    key: str | None = None  # replaces a waiting one with the same key
    expires: int | None = None  # ms; not worth sending afterwards
    hop_limit: int = DEFAULT_HOP_LIMIT
    destination: int = BROADCAST
    want_ack: bool = False
    channel: int = 0
    port: int = PRIVATE_APP
    token: object = None  # the owner's mark, handed back when a radio has taken the payload
    paced: bool = False  # its sender spaces such frames himself: a busy channel holds them up later


def to_all(
    payload: bytes,
    urgency: FrameClass,
    key: str | None = None,
    expires: int | None = None,
    token: object = None,
) -> Outgoing:
    """A flood. One that no radio relays is lost for all: ours repeats it until it hears one."""
    return Outgoing(payload, urgency, key, expires, FLOOD_HOP_LIMIT, want_ack=True, token=token)


def to_relayed(
    payload: bytes,
    urgency: FrameClass,
    key: str | None = None,
    expires: int | None = None,
    token: object = None,
) -> Outgoing:
    """For whoever hears our radio, or one that relays it: a tower, mostly."""
    return Outgoing(payload, urgency, key, expires, 1, want_ack=True, token=token, paced=True)


def to_neighbours(
    payload: bytes,
    urgency: FrameClass,
    key: str | None = None,
    expires: int | None = None,
    token: object = None,
) -> Outgoing:
    """For whoever hears our radio itself."""
    return Outgoing(payload, urgency, key, expires, hop_limit=0, token=token)


REACHES = {"neighbours": to_neighbours, "relayed": to_relayed, "mesh": to_all}
"""By the reach that a frame of the engine asks for (``sync.replica.events.Reach``)."""
