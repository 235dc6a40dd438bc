# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is sent next: by class and age, within the lawful airtime, a few packets at a time.

The radio's own queue cannot be re-ordered, so the outbox keeps everything back that the radio
doesn't need at once: at most ``in_radio_max`` packets are handed over before the radio is known,
or by their airtime presumed, to have sent them. An urgent packet is thus never behind many others.

Order: class (``mesh.link.FrameClass``), then age. A routine packet or receipt that has waited
``ageing_ms`` enters the class IMMEDIATE, behind what waits there, though it may not spend the
reserve of the budget. On a busy channel the lower classes pause (docs/developer/ether.md).

Budget: a packet is handed over only if the last hour, what is still in the radio and the packet
itself (every transmission it may take) fit the limit. The account is entered when a packet is known
or presumed to have left the radio, and kept ``slack_ms`` longer than an hour for those presumed too
early: it errs towards silence.

So that no crash makes it forget, whoever stores it books some airtime ahead (``booked``); only that
much is handed over until it is stored again.

Pure: ``put`` and ``on_status`` in, ``advance(now)`` decides, ``take_frames`` hands out packets, and
``take_events`` the tokens of those that the radio has taken.
Limits: ``waiting_max`` packets; when full, the one that would be sent last is dropped.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mesh.airtime import FRAME_MAX, frame_len, time_on_air_ms
from mesh.firmware import RELIABLE_SENDS
from mesh.ledger import HOUR_MS, DutyLedger
from mesh.link import BROADCAST, Acknowledged, FrameClass, Packet, QueueStatus, Refusal, Sent
from mesh.send.handed import HandedOver
from mesh.send.outgoing import Outgoing
from mesh.send.policy import OutboxConfig

if TYPE_CHECKING:
    from random import Random

_HOLDS_MS = {
    Refusal.DUTY_CYCLE_LIMIT: 60_000,
    Refusal.QUEUE_FULL: 5_000,
    Refusal.RATE_LIMIT_EXCEEDED: 2_000,
    Refusal.DISABLED: 10_000,
    Refusal.OTHER: 10_000,
    Refusal.DISCONNECTED: 10_000,
}
"""Refusals after which a packet waits again, and how long nothing is handed over then. What a radio
refuses for reasons that somebody can mend is kept until it has expired."""

TOKENS_MAX = 64

_AGEING = frozenset({FrameClass.RECEIPT, FrameClass.ROUTINE})


@dataclass(slots=True, eq=False)
class _Waiting:
    item: Outgoing
    since: int
    cost_ms: int  # of all transmissions that the radio may make of it
    serial: int
    sent_as: int | None = None  # the id under which a radio may have sent it already


class Outbox:
    """Everything one node has to send, and its account of airtime."""

    def __init__(self, config: OutboxConfig, ledger: DutyLedger, rng: Random) -> None:
        """``rng`` draws the first packet id; ids then count up. The ledger becomes the outbox's."""
        self._config = config
        self.ledger = ledger
        ledger.slack_ms = config.slack_ms
        self.dropped = 0  # for lack of room or refused for good
        self.expired = 0
        self._waiting: list[_Waiting] = []
        self._handed: HandedOver[_Waiting] = HandedOver(ledger.record)
        self._frames: list[Packet] = []
        self._tokens: OrderedDict[int, object] = OrderedDict()  # by packet id
        self._taken: list[object] = []
        self._lapsed: list[str] = []
        self._next_id = rng.randrange(1, 1 << 32)
        self._serial = 0
        self._hold_until = 0
        self._deadline: int | None = None
        self._channel: tuple[int, float] | None = None
        self.credit_ms: int | None = None  # may go out until the account is stored again; None: all
        self._short = False  # whether that holds the next packet back
        self.shut = False  # a radio that could not carry them gets no packets; they stay here

    # -- the five methods ----------------------------------------------------------------------

    def put(self, item: Outgoing, now: int) -> bool:
        """Take a payload; False if there is no room and everything that waits goes before it.

        ValueError for a payload that no radio takes or one that may never be sent for its length.
        """
        cost = self._checked_cost_ms(item)
        since = now
        if item.key is not None:
            replaced = self.withdraw(item.key)
            since = now if replaced is None else min(now, replaced)
        self._serial += 1
        entry = _Waiting(item, since, cost, self._serial)
        if len(self._waiting) >= self.config.waiting_max:
            last = max(self._waiting, key=lambda other: self._order(other, now))
            self.dropped += 1
            if self._order(last, now) <= self._order(entry, now):
                return False
            self._waiting.remove(last)
        self._waiting.append(entry)
        self._deadline = now
        return True

    def advance(self, now: int) -> None:
        """Hand over what may go now; afterwards ``next_deadline`` is later than ``now``."""
        self._drop_expired(now)
        self._handed.advance(now)
        ready = not self.shut and now >= self._hold_until
        while ready and self.in_radio < self.config.in_radio_max:
            entry = self._choose(now)
            if entry is None:
                break
            self._waiting.remove(entry)
            self._hand_over(entry, now)
        self._deadline = self._next(now)

    def next_deadline(self) -> int | None:
        """When ``advance`` has something to do; None while nothing waits and nothing is out."""
        return self._deadline

    def take_frames(self) -> list[Packet]:
        """Packets for the link since the last call, in the order to send them."""
        frames, self._frames = self._frames, []
        return frames

    def take_events(self) -> list[object]:
        """Tokens of packets that the radio has taken since the last call, in that order."""
        taken, self._taken = self._taken, []
        return taken

    def take_lapsed(self) -> list[str]:
        """Keys of packets that found no room on the air in time, since the last call."""
        lapsed, self._lapsed = self._lapsed, []
        return lapsed

    def on_status(self, status: QueueStatus | Sent, now: int) -> None:
        """The link's answer to a packet, or (with packet id 0) the room in its queue.

        Refused packets wait again with the age they had, under a new id: the radio knows the old
        one. Where nothing was answered the radio may have sent it, so the id is kept, by which it
        and all others know it again. A refusal that no
        waiting mends drops them.
        """
        token = self._tokens.pop(status.packet_id, None)
        if status.refusal is Refusal.NONE:
            self._handed.confirm(status.packet_id)
            if token is not None:
                self._taken.append(token)
        elif (entry := self._handed.refused(status.packet_id)) is not None:
            hold = _HOLDS_MS.get(status.refusal)
            if hold is None:
                self.dropped += 1
            else:
                lost = status.refusal is Refusal.DISCONNECTED
                entry.sent_as = status.packet_id if lost else None
                self._waiting.append(entry)
                self._hold_until = max(self._hold_until, now + hold)
        size = status.size if isinstance(status, QueueStatus) else 16
        if status.free is not None and status.refusal is Refusal.NONE:
            self._handed.occupied(size - status.free, now)
        self._deadline = now

    def on_ack(self, ack: Acknowledged, now: int) -> None:
        """A relay of a packet with ``want_ack`` was heard, or the radio has given it up."""
        self._handed.relayed(ack.packet_id, now, heard=ack.refusal is Refusal.NONE)
        self._deadline = now

    # -- what else is known --------------------------------------------------------------------

    @property
    def config(self) -> OutboxConfig:
        """The policy in force; a new one bills what waits anew.

        What no longer fits a packet or the budget of an hour is dropped and counted.
        """
        return self._config

    @config.setter
    def config(self, config: OutboxConfig) -> None:
        self._config = config
        self.ledger.slack_ms = config.slack_ms
        waiting, self._waiting = self._waiting, []
        for entry in waiting:
            try:
                entry.cost_ms = self._checked_cost_ms(entry.item)
            except ValueError:
                self.dropped += 1
            else:
                self._waiting.append(entry)

    def withdraw(self, key: str) -> int | None:
        """Drop the waiting packet of that key; since when it had waited, None if there was none."""
        for entry in self._waiting:
            if entry.item.key == key:
                self._waiting.remove(entry)
                return entry.since
        return None

    def on_radio(
        self, now: int, channel_percent: float | None = None, air_util_tx: float | None = None
    ) -> None:
        """What the radio reports of itself, in percent; a higher use than ours counts."""
        if channel_percent is not None:
            self._channel = (now, channel_percent)
        if air_util_tx is not None:
            self.ledger.report(now, int(air_util_tx * HOUR_MS / 100) + 1)
        self._deadline = now

    def waiting(self) -> dict[FrameClass, int]:
        """How many packets of each class wait here, those in the radio not counted."""
        counts = dict.fromkeys(FrameClass, 0)
        for entry in self._waiting:
            counts[entry.item.urgency] += 1
        return counts

    @property
    def in_radio(self) -> int:
        """Packets handed over that have not left the radio as far as is known."""
        return self._handed.in_radio

    def account(self, now: int, ahead_ms: int = 0) -> list[tuple[int, int, int]]:
        """The ledger to be stored, with what is in the radio, and ``ahead_ms`` more, as if it were
        being sent now."""
        self.ledger.used_ms(now)
        pending = [(now, cost, 0) for cost in self._handed.costs_ms]
        return self.ledger.as_list() + pending + [(now, ahead_ms, 0)][: ahead_ms > 0]

    def booked(self, ahead_ms: int, now: int) -> None:
        """An account with that much ahead is stored: so much may be handed over until the next."""
        self.credit_ms, self._short = ahead_ms, False
        self._deadline = now

    # -- choosing ------------------------------------------------------------------------------

    def _checked_cost_ms(self, item: Outgoing) -> int:
        """Airtime of a payload; ValueError if it fits no packet or never the budget."""
        broadcast, signing = item.destination == BROADCAST, self.config.signing
        length = frame_len(len(item.payload), item.port, signing=signing, broadcast=broadcast)
        if length > FRAME_MAX:
            raise ValueError(f"a payload of {len(item.payload)} bytes does not fit a packet")
        sends = RELIABLE_SENDS if item.want_ack else 1
        cost = sends * time_on_air_ms(self.config.preset, length)
        if cost > self.ledger.allowance_ms(urgent=item.urgency.urgent):
            raise ValueError(f"{cost} ms of air are more than the budget of an hour allows")
        return cost

    def _aged(self, entry: _Waiting, now: int) -> bool:
        return entry.item.urgency in _AGEING and now - entry.since >= self.config.ageing_ms

    def _order(self, entry: _Waiting, now: int) -> tuple[int, int, int]:
        if self._aged(entry, now):
            return FrameClass.IMMEDIATE, entry.since + self.config.ageing_ms, entry.serial
        return entry.item.urgency, entry.since, entry.serial

    def _choose(self, now: int) -> _Waiting | None:
        """First in order; if the budget forbids it, only urgent ones may overtake."""
        blocked = False
        for entry in sorted(self._waiting, key=lambda other: self._order(other, now)):
            urgent = entry.item.urgency.urgent
            if (blocked and not urgent) or self._paused(entry, now):
                continue
            if self.ledger.allows(now, self._out_ms() + entry.cost_ms, urgent=urgent):
                self._short = self.credit_ms is not None and entry.cost_ms > self.credit_ms
                return None if self._short else entry
            if urgent:
                return None
            blocked = True
        return None

    def _paused(self, entry: _Waiting, now: int) -> bool:
        if self._channel is None or entry.item.urgency.urgent or self._aged(entry, now):
            return False
        at, percent = self._channel
        if now - at >= self.config.channel_valid_ms:
            return False
        config = self.config
        if entry.item.paced:
            return percent >= config.paced_pause_percent
        control = entry.item.urgency is FrameClass.HAVE
        return percent >= (
            config.control_pause_percent if control else config.routine_pause_percent
        )

    def _out_ms(self) -> int:
        return sum(self._handed.costs_ms)

    def _hand_over(self, entry: _Waiting, now: int) -> None:
        item, packet_id = entry.item, entry.sent_as
        if packet_id is None:
            packet_id = self._next_id
            self._next_id = packet_id % 0xFFFFFFFF + 1
        if self.credit_ms is not None:
            self.credit_ms -= entry.cost_ms
        self._handed.add(packet_id, entry, entry.cost_ms, now, repeats=item.want_ack)
        if item.token is not None:
            self._tokens[packet_id] = item.token
            while len(self._tokens) > TOKENS_MAX:  # the link forgot to answer
                self._tokens.popitem(last=False)
        self._frames.append(
            Packet(
                item.payload,
                packet_id,
                item.destination,
                item.hop_limit,
                item.want_ack,
                item.urgency,
                item.channel,
                item.port,
            )
        )

    def _drop_expired(self, now: int) -> None:
        waiting, self._waiting = self._waiting, []
        for entry in waiting:
            item = entry.item
            if item.expires is None or item.expires > now:
                self._waiting.append(entry)
                continue
            self.expired += 1
            if item.key is not None:
                self._lapsed.append(item.key)

    # -- when next -----------------------------------------------------------------------------

    def _next(self, now: int) -> int | None:
        moments = [e.item.expires for e in self._waiting if e.item.expires is not None]
        settled = self._handed.next_deadline()
        if settled is not None:
            moments.append(settled)
        waits = self.shut or self._short
        if self._waiting and self.in_radio < self.config.in_radio_max and not waits:
            if now < self._hold_until:
                moments.append(self._hold_until)
            else:
                moments.extend(self._openings(now))
        return max(now + 1, min(moments)) if moments else None

    def _openings(self, now: int) -> list[int]:
        """When the budget or the channel may let go what is held back now."""
        moments = []
        for urgent in (True, False):
            entries = [
                e
                for e in self._waiting
                if e.item.urgency.urgent is urgent and not self._paused(e, now)
            ]
            if entries:
                first = min(entries, key=lambda other: self._order(other, now))
                cost = self._out_ms() + first.cost_ms
                at = self.ledger.earliest(now, cost, urgent=urgent)
                if at is not None:  # else what is in the radio must leave it first
                    moments.append(at)
                break  # what is not urgent never overtakes
        paused = [e for e in self._waiting if self._paused(e, now)]
        if paused and self._channel is not None:
            moments.append(self._channel[0] + self.config.channel_valid_ms)
            ageing = [e.since for e in paused if e.item.urgency in _AGEING]
            if ageing:
                moments.append(min(ageing) + self.config.ageing_ms)
        return moments
