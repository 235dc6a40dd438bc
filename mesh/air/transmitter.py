# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""When a simulated radio sends: its queue, the random wait, listen before talk, the duty cycle.

Firmware RadioLibInterface.cpp: nothing is ever sent at once. A random number of slots passes,
drawn anew after everything sent or heard; then the channel is scanned, and if somebody else is
sending the wait begins again.

Two gates guard the duty cycle. ``strict`` counts the packets that wait in the queue and every
millisecond of the last hour, so the limit is never exceeded. ``firmware`` checks as the firmware
does, only when a packet enters the queue and by whole minutes; it may overshoot by what waits.
"""

from __future__ import annotations

from collections.abc import Callable

from mesh.air.config import AirCounters, RadioConfig
from mesh.air.medium import Medium
from mesh.air.receiver import Receiver
from mesh.firmware import (
    POLITE_CHANNEL_PERCENT,
    ChannelMeter,
    Frame,
    TransmitMeter,
    TxQueue,
    own_delay_slots,
    relay_delay_slots,
)
from mesh.ledger import HOUR_MS, AirtimeKind, DutyLedger
from mesh.link import Refusal


class Transmitter:
    """The sending half of one radio."""

    def __init__(
        self,
        medium: Medium,
        config: RadioConfig,
        receiver: Receiver,
        counters: AirCounters,
        put_on_air: Callable[[Frame, int], None],
    ) -> None:
        self.queue = TxQueue()
        self.ledger = DutyLedger(config.duty_limit_ppm)
        self.channel = ChannelMeter()
        self.hour = TransmitMeter()
        self.sending = False
        self._medium, self.config, self._receiver = medium, config, receiver
        self._counters, self._put_on_air = counters, put_on_air
        self._timer = 0  # number of the timer that counts; older ones are void
        self._armed = False

    def enqueue(self, frame: Frame, now: int) -> Refusal:
        """Take a packet to send, or say why not."""
        if not self._within_duty(frame, now):
            return Refusal.DUTY_CYCLE_LIMIT
        if not self.queue.put(frame):
            return Refusal.QUEUE_FULL
        if not self._armed:
            self.arm(now)
        return Refusal.NONE

    def arm(self, now: int) -> None:
        """Draw the wait for the packet in front.

        While something is on the air there is nothing to wait for: its end arms anew.
        """
        self._timer += 1
        self._armed = False
        if not len(self.queue) or self.sending or self._receiver.locked:
            return
        front, rng = self.queue.front(), self._medium.rng
        if front.relayed:
            slots = relay_delay_slots(front.snr_db, self.config.role, rng)
        else:
            slots = own_delay_slots(self.channel.percent(now), rng)
        self._armed = True
        at = now + slots * self._medium.modem.slot_ms
        self._medium.schedule(at, self._delay_over, self._timer)

    def sent(self, frame: Frame, now: int) -> None:
        """A transmission has ended."""
        self.sending = False
        self.channel.add(now, frame.airtime_ms)
        self.hour.add(now, frame.airtime_ms)
        if frame.relayed:
            self._counters.tx_relayed += 1
            self._counters.tx_relayed_ms += frame.airtime_ms
        else:
            self._counters.tx_own += 1
            self._counters.tx_own_ms += frame.airtime_ms
        self.arm(now)

    def polite(self, now: int) -> bool:
        """Whether the radio's own chatter may go out: channel below 25 %, half the duty cycle."""
        busy = self.channel.percent(now) >= POLITE_CHANNEL_PERCENT
        return not busy and self._used_ppm(now) < self.config.duty_limit_ppm // 2

    def power_off(self) -> None:
        """Forget everything but the lawful account."""
        self.sending, self._armed = False, False
        self.queue.clear()
        self.channel, self.hour = ChannelMeter(), TransmitMeter()

    def _used_ppm(self, now: int) -> int:
        return self.hour.used_ms(now) * 1_000_000 // HOUR_MS

    def _within_duty(self, frame: Frame, now: int) -> bool:
        if self.config.duty_gate == "strict":
            planned = self.queue.airtime_ms + frame.airtime_ms
            return self.ledger.allows(now, planned, urgent=True)
        return self._used_ppm(now) <= self.config.duty_limit_ppm

    def _delay_over(self, timer: int, now: int) -> None:
        if timer != self._timer or not self._armed:
            return
        self._armed = False
        if not len(self.queue) or self._receiver.receiving(now):
            return
        if self._receiver.detects(now):
            self.arm(now)
            return
        self._receiver.deafen()
        self.sending = True
        frame = self.queue.pop()
        kind = AirtimeKind.RELAYED if frame.relayed else AirtimeKind.OWN
        self.ledger.record(now, frame.airtime_ms, kind)
        self._put_on_air(frame, now)
