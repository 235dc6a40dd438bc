# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The lawful duty cycle is never exceeded, at any millisecond, whatever is to be sent."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from mesh.airtime import LONG_FAST, payload_airtime_ms
from mesh.ledger import HOUR_MS, AirtimeKind, DutyLedger
from mesh.link import Acknowledged, FrameClass, Packet, QueueStatus, Refusal
from mesh.send.outbox import Outbox
from mesh.send.outgoing import Outgoing
from mesh.send.policy import OutboxConfig
from tests.unit.mesh.air import GOOD_DB, air, packet

Span = tuple[int, int]  # start and airtime, ms

STEADY = settings(max_examples=40, derandomize=True, deadline=None)
FEW = settings(max_examples=80, derandomize=True, deadline=None)

entries = st.lists(
    st.tuples(st.integers(0, 3 * HOUR_MS), st.integers(0, 60_000), st.sampled_from(AirtimeKind)),
    max_size=60,
).map(sorted)


def busiest_window(spans: list[Span], window: int = HOUR_MS) -> int:
    """Largest airtime within any window; it is reached where a transmission ends."""
    worst = 0
    for start, airtime in spans:
        end = start + airtime
        inside = (
            min(end, s + length) - max(end - window, s)
            for s, length in spans
            if s < end and s + length > end - window
        )
        worst = max(worst, sum(inside))
    return worst


@STEADY
@given(entries, st.integers(0, 5 * HOUR_MS))
def test_account_is_never_below_the_truth(
    items: list[tuple[int, int, AirtimeKind]], later: int
) -> None:
    """At any moment the ledger counts at least what lies within the last hour."""
    ledger = DutyLedger()
    for at, airtime, kind in items:
        ledger.record(at, airtime, kind)
    now = max([later, *(at for at, _, _ in items)])

    truth = sum(max(0, min(now, at + airtime) - max(now - HOUR_MS, at)) for at, airtime, _ in items)
    assert ledger.used_ms(now) >= truth


@STEADY
@given(entries, st.integers(1, 20_000), st.booleans(), st.integers(0, 400_000))
def test_earliest_is_the_first_moment(
    items: list[tuple[int, int, AirtimeKind]], cost: int, urgent: bool, reported: int
) -> None:
    """At ``earliest`` the packet may go; a millisecond before it may not."""
    ledger = DutyLedger(limit_ppm=50_000, reserve_ppm=10_000)
    now = 0
    for at, airtime, kind in items:
        ledger.record(at, airtime, kind)
        now = at
    ledger.report(now, reported)

    opens = ledger.earliest(now, cost, urgent=urgent)

    assert opens is not None
    if opens > now:
        assert not ledger.allows(opens - 1, cost, urgent=urgent)
    assert ledger.allows(opens, cost, urgent=urgent)


@STEADY
@given(entries, st.integers(-HOUR_MS, HOUR_MS), st.integers(1, 10))
def test_restarts_never_gain_airtime(
    items: list[tuple[int, int, AirtimeKind]], clock: int, restarts: int
) -> None:
    """Stored and restored on whatever clock, the account is never lower."""
    ledger = DutyLedger()
    now = 0
    for at, airtime, kind in items:
        ledger.record(at, airtime, kind)
        now = at
    before = ledger.used_ms(now)
    for _ in range(restarts):
        saved = ledger.as_list()
        ledger = DutyLedger()
        now = max(0, now + clock)
        ledger.restore(saved, now)

    assert ledger.used_ms(now) >= before


@FEW
@given(st.integers(0, 2**32), st.sampled_from([500, 2_000, 10_000]), st.booleans())
def test_radio_never_exceeds_its_limit(seed: int, limit_ppm: int, chatter: bool) -> None:
    """Own packets, relays, retransmissions and telemetry together stay within every hour."""
    rng = random.Random(seed)
    setting = {"duty_limit_ppm": limit_ppm, "telemetry_ms": 600_000 if chatter else 0}
    links = {(a, b): GOOD_DB for a in range(1, 5) for b in range(a + 1, 5)}
    ether = air(links, seed=seed, r1=setting, r2=setting, r3=setting, r4=setting)
    now = 0
    for n in range(1, 200):
        now += rng.choice([0, 100, 30_000, 200_000])
        sent = packet(n, rng.randrange(200), want_ack=rng.random() < 0.2)
        ether.radios[rng.randint(1, 4)].submit(sent, now)
    ether.advance(now + HOUR_MS)

    for num, radio in ether.radios.items():
        spans = [(e.at, e.frame.airtime_ms) for e in ether.log if e.radio == num]
        limit = HOUR_MS * limit_ppm // 1_000_000
        assert busiest_window(spans) <= limit
        assert radio.ledger.peak_ms <= limit


class ClumsyLink:
    """A link that answers late, refuses at random, and sends one packet after the other."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.free_from = 0
        self.answered_at = 0
        self.spans: list[Span] = []
        self.answers: list[tuple[int, int, Refusal]] = []
        self.acks: list[tuple[int, int]] = []

    def hand_in(self, packet: Packet, airtime: int, now: int) -> None:
        """Take or refuse; the answer comes up to two seconds later, in order.

        What asks for a relay may go out three times, and sometimes a relay is heard and told.
        """
        packet_id = packet.id
        self.answered_at = max(self.answered_at, now + self.rng.randrange(2_000))
        refusal = Refusal.NONE
        if self.rng.random() < 0.2:
            refusal = self.rng.choice([Refusal.QUEUE_FULL, Refusal.DUTY_CYCLE_LIMIT])
        else:
            start = max(now, self.free_from) + self.rng.randrange(3_000)
            self.free_from = start + airtime
            self.spans.append((start, airtime))
            if packet.want_ack:
                for _ in range(self.rng.randrange(3)):
                    start += 2 * airtime + 4_500 + self.rng.randrange(2_000)
                    self.spans.append((start, airtime))
                if self.rng.random() < 0.7:
                    self.acks.append((start + airtime + self.rng.randrange(3_000), packet_id))
        self.answers.append((self.answered_at, packet_id, refusal))

    def take_answers(self, now: int) -> list[QueueStatus]:
        """Answers that have arrived, each with the room in the queue as it is."""
        due = [answer for answer in self.answers if answer[0] <= now]
        self.answers = [answer for answer in self.answers if answer[0] > now]
        free = max(0, 16 - sum(start > now for start, _ in self.spans))
        return [QueueStatus(packet_id, free, refusal=refusal) for _, packet_id, refusal in due]

    def take_acks(self, now: int) -> list[Acknowledged]:
        """Relays that were heard."""
        due = [packet_id for at, packet_id in self.acks if at <= now]
        self.acks = [ack for ack in self.acks if ack[0] > now]
        return [Acknowledged(packet_id, True) for packet_id in due]


@FEW
@given(st.integers(0, 2**32), st.sampled_from([1_000, 5_000, 20_000]))
def test_outbox_never_exceeds_the_limit(seed: int, limit_ppm: int) -> None:
    """What really goes on the air stays within every hour, and no deadline lies in the past."""
    rng = random.Random(seed)
    ledger = DutyLedger(limit_ppm, limit_ppm // 5)
    box = Outbox(OutboxConfig(waiting_max=50), ledger, rng)
    link = ClumsyLink(rng)
    now = 0
    for _ in range(300):
        steps = [at for at, _, _ in link.answers] + [now + rng.choice([50, 5_000, 100_000])]
        deadline = box.next_deadline()
        if deadline is not None:
            assert deadline > now
            steps.append(deadline)
        now = max(now + 1, min(steps))
        for status in link.take_answers(now):
            box.on_status(status, now)
        for ack in link.take_acks(now):
            box.on_ack(ack, now)
        for _ in range(rng.randrange(3)):
            # three times the largest packet is more than the smallest limit allows
            size, again = rng.randrange(1, 231), limit_ppm > 1_000 and rng.random() < 0.4
            box.put(Outgoing(bytes(size), rng.choice(list(FrameClass)), want_ack=again), now)
        box.advance(now)
        for frame in box.take_frames():
            link.hand_in(frame, payload_airtime_ms(LONG_FAST, len(frame.payload)), now)
        assert box.in_radio <= 3
        assert sum(box.waiting().values()) <= 53

    assert link.spans
    assert busiest_window(link.spans) <= ledger.limit_ms


@FEW
@given(st.integers(0, 2**32), st.sampled_from([5_000, 20_000]))
def test_no_crash_hides_airtime(seed: int, limit_ppm: int) -> None:
    """The outbox dies at any moment, on a disk that often refuses the account, and starts anew on
    what was stored last: the limit holds all the same."""
    rng = random.Random(seed)
    spans: list[Span] = []
    stored: list[tuple[int, int, int]] = []
    now = 0
    for _ in range(8):
        box = Outbox(OutboxConfig(), DutyLedger(limit_ppm, limit_ppm // 5), rng)
        box.ledger.restore(stored, now)
        box.booked(0, now)
        for _ in range(rng.randrange(40)):
            now += rng.choice([1, 1_000, 20_000])
            if rng.random() < 0.5:
                stored = box.account(now, 5_000)
                box.booked(5_000, now)
            box.put(Outgoing(bytes(rng.randrange(1, 231)), rng.choice(list(FrameClass))), now)
            box.advance(now)
            for frame in box.take_frames():
                airtime = payload_airtime_ms(LONG_FAST, len(frame.payload))
                spans.append((now, airtime))
                box.on_status(QueueStatus(frame.id, 16), now)

    assert busiest_window(spans) <= HOUR_MS * limit_ppm // 1_000_000
