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


HOPS = {"neighbours": 0, "relayed": 1, "mesh": FLOOD_HOP_LIMIT}
"""By reach (``sync.replica.events.Reach``): whoever hears our radio, or one that relays it, a tower
mostly, or everybody."""


def outgoing(
    payload: bytes,
    urgency: FrameClass,
    reach: str = "mesh",
    key: str | None = None,
    expires: int | None = None,
    token: object = None,
    *,
    insist: bool = True,
) -> Outgoing:
    """A payload that goes as far as ``reach``. One that no radio relays is lost for all: ours
    repeats it until it hears one, unless it is not worth that (``insist``).

    What goes over one relay is spaced by its sender, and so are receipts for neighbours: in a roll
    call (``sync.replica.compare.rollcall``) each has its turn.
    """
    hops = HOPS[reach]
    return Outgoing(
        payload,
        urgency,
        key,
        expires,
        hops,
        want_ack=insist and hops > 0,
        token=token,
        paced=reach == "relayed" or (reach == "neighbours" and urgency is FrameClass.RECEIPT),
    )
