# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Trying the way to one other radio: how many packets are lost, how loud the answer is, how long.

Each probe is a small packet to that radio alone that asks for an acknowledgement, which every
Meshtastic radio gives by itself, with a laptop or without. It goes on a port of its own that no
engine reads. Our radio repeats a probe that is not acknowledged, so a round trip longer than the
first repetition says that the first copy, or its answer, was lost.

Pure: one probe after the other comes out, what the link says of them goes in.
Limits: ``COUNT_MAX`` probes of ``SIZE_MAX`` bytes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from mesh.firmware import DEFAULT_HOP_LIMIT, PROCESSING_MS
from mesh.link import Acknowledged, FrameClass, Packet, Refusal, Sent
from mesh.send.outgoing import Outgoing

TEST_APP = 257
"""The port after PRIVATE_APP: private too, and not the engine's."""

COUNT_MAX, SIZE_MAX = 50, 200
PATIENCE_MS = 60_000
"""Until then the radio has repeated a probe and given it up."""
EXPIRES_MS = 120_000
"""A probe that the budget of airtime or a dead cable holds back so long is not sent."""

_FOR_GOOD = frozenset({Refusal.NO_ROUTE, Refusal.TOO_LARGE})


@dataclass(frozen=True, slots=True)
class Order:
    """A test that somebody asks for."""

    id: int
    radio: int  # number of the radio to be reached
    count: int = 10  # 0: end the test that is running
    size: int = 20  # bytes of a probe
    pause_ms: int = 5_000  # between two
    distance_m: int | None = None  # as stated; None: by the positions of both radios


@dataclass(frozen=True, slots=True)
class Probe:
    """One packet of a test and what became of it."""

    at: int  # ms, when it was handed to the radio, or given up before
    answered_ms: int | None = None  # round trip; None: not answered
    first_try: bool = False  # no repetition can have been needed
    snr_db: float | None = None  # of the answer, as heard here
    rssi_dbm: int | None = None
    hops: int | None = None
    relayed: bool = False  # another radio was heard passing it on
    refusal: Refusal = Refusal.NONE  # why there is no answer
    distance_m: int | None = None

    @property
    def sent(self) -> bool:
        """Whether it went on the air."""
        return self.refusal in (Refusal.NONE, Refusal.MAX_RETRANSMIT)


class RangeTest:
    """One test."""

    def __init__(self, order: Order, now: int) -> None:
        self.order = order
        self.probes: list[Probe] = []  # those that are settled
        self.distance_m = order.distance_m  # kept up to date by whoever knows where both are
        self._put = 0
        self._next_at = now
        self._expires: int | None = None  # of a probe that waits for its turn
        self._out: Probe | None = None  # the one that is in the radio
        self._id = 0
        self._once_ms = 0

    @property
    def done(self) -> bool:
        """Whether all probes are settled."""
        return len(self.probes) >= self.order.count

    def advance(self, now: int) -> list[Outgoing]:
        """The next probe, when the one before is settled and the pause is over."""
        if self._out is not None and now >= self._out.at + PATIENCE_MS:
            self._settle(self._out, now)
        if self._expires is not None and now > self._expires:
            self._settle(Probe(now, refusal=Refusal.DISCONNECTED), now)
        waits = self._expires is not None or self._out is not None
        if waits or self._put >= self.order.count or now < self._next_at:
            return []
        self._put += 1
        self._expires = now + EXPIRES_MS
        return [
            Outgoing(
                bytes(self.order.size),
                FrameClass.ROUTINE,
                expires=self._expires,
                hop_limit=DEFAULT_HOP_LIMIT,
                destination=self.order.radio,
                want_ack=True,
                port=TEST_APP,
            )
        ]

    def handed(self, packet: Packet, once_ms: int, now: int) -> None:
        """The link gets the probe, which takes ``once_ms`` of air."""
        self._out, self._id, self._once_ms = Probe(now), packet.id, once_ms
        self._expires = None

    def on_status(self, sent: Sent, now: int) -> None:
        """The radio has taken a packet, or not; the outbox tries again where that can help."""
        refused = sent.refusal is not Refusal.NONE
        if self._out is None or sent.packet_id != self._id or not refused:
            return
        if sent.refusal in _FOR_GOOD:
            self._settle(replace(self._out, refusal=sent.refusal), now)
        else:
            self._out, self._expires = None, now + EXPIRES_MS

    def on_ack(self, ack: Acknowledged, now: int) -> None:
        """It was passed on, has arrived, or was given up."""
        if self._out is None or ack.packet_id != self._id:
            return
        if ack.refusal is not Refusal.NONE:
            self._settle(replace(self._out, refusal=ack.refusal), now)
        elif ack.implicit:
            self._out = replace(self._out, relayed=True)
        else:
            took = now - self._out.at
            again = 2 * self._once_ms + PROCESSING_MS
            self._settle(
                replace(
                    self._out,
                    answered_ms=took,
                    first_try=took < again,
                    snr_db=ack.snr_db,
                    rssi_dbm=ack.rssi_dbm,
                    hops=ack.hops,
                ),
                now,
            )

    def _settle(self, probe: Probe, now: int) -> None:
        if probe.answered_ms is None and probe.refusal is Refusal.NONE:
            probe = replace(probe, refusal=Refusal.MAX_RETRANSMIT)
        self.probes.append(replace(probe, distance_m=self.distance_m))
        self._out = self._expires = None
        self._next_at = now + self.order.pause_ms
