# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The sender's policy: order, ageing, flow control, budget, refusals."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest

from mesh.airtime import LONG_FAST, PRESETS, payload_airtime_ms
from mesh.ledger import HOUR_MS, DutyLedger
from mesh.link import Acknowledged, FrameClass, Packet, QueueStatus, Refusal, Sent
from mesh.send.outbox import Outbox
from mesh.send.outgoing import Outgoing, outgoing
from mesh.send.policy import OutboxConfig

COST = payload_airtime_ms(LONG_FAST, 50)
ALL_AT_ONCE = OutboxConfig(in_radio_max=1000)


def outbox(config: OutboxConfig | None = None, **limits: int) -> Outbox:
    """An outbox with its own account."""
    return Outbox(config or OutboxConfig(), DutyLedger(**limits), random.Random(1))


def item(label: str = "", urgency: FrameClass = FrameClass.ROUTINE, **fields: Any) -> Outgoing:
    """50 bytes that begin with a label."""
    return Outgoing(label.encode().ljust(50, b"."), urgency, **fields)


def labels(frames: list[Packet]) -> list[str]:
    """What the packets were labelled."""
    return [frame.payload.rstrip(b".").decode() for frame in frames]


def released(box: Outbox, now: int) -> list[str]:
    """Labels of what the outbox hands over now."""
    box.advance(now)
    return labels(box.take_frames())


def confirm(box: Outbox, frames: list[Packet], now: int, free: int = 16) -> None:
    """The radio has taken the packets."""
    for frame in frames:
        box.on_status(QueueStatus(frame.id, free), now)


def test_class_before_age() -> None:
    """Blitz before sofort before receipts, einfach, want, repair and have."""
    box = outbox(ALL_AT_ONCE)
    for urgency in reversed(FrameClass):
        box.put(item(urgency.name, urgency), 0)

    assert released(box, 0) == [urgency.name for urgency in FrameClass]


def test_oldest_first_within_a_class() -> None:
    """First in, first out."""
    box = outbox(ALL_AT_ONCE)
    for label in "abc":
        box.put(item(label), 0)

    assert released(box, 0) == ["a", "b", "c"]


def test_at_most_three_in_the_radio() -> None:
    """The fourth packet waits until the radio is known to have sent one."""
    box = outbox()
    for label in "abcde":
        box.put(item(label), 0)
    box.advance(0)
    frames = box.take_frames()
    for place, frame in enumerate(frames):
        box.on_status(QueueStatus(frame.id, 15 - place), 0)
    assert labels(frames) == ["a", "b", "c"]
    assert released(box, 1) == []

    box.on_status(QueueStatus(0, 14), 900)
    assert released(box, 900) == ["d"]


def test_urgent_one_overtakes_all_but_three() -> None:
    """An urgent packet is behind at most what the radio already has."""
    box = outbox()
    for n in range(100):
        box.put(item(f"r{n}"), 0)
    box.advance(0)
    box.take_frames()
    box.put(item("blitz", FrameClass.FLASH), 10)
    confirm(box, [], 1000)
    box.advance(60_000)

    assert labels(box.take_frames())[0] == "blitz"


def test_without_news_packets_are_presumed_sent() -> None:
    """After twice its airtime and five seconds a confirmed packet counts as gone."""
    box = outbox()
    for label in "abcd":
        box.put(item(label), 0)
    box.advance(0)
    for frame in box.take_frames():
        box.on_status(Sent(frame.id, Refusal.NONE), 0)
    box.advance(1)
    due = box.next_deadline()

    assert due == 2 * COST + 5000
    assert released(box, due - 1) == []
    assert released(box, due) == ["d"]


def test_aged_routine_ranks_as_immediate() -> None:
    """After ten minutes a routine packet goes before a receipt and behind older sofort ones."""
    box = outbox(ALL_AT_ONCE)
    box.put(item("alt"), 0)
    box.put(item("sofort", FrameClass.IMMEDIATE), 599_999)
    box.put(item("sofort neu", FrameClass.IMMEDIATE), 600_001)
    box.put(item("quittung", FrameClass.RECEIPT), 599_000)
    box.put(item("einfach"), 599_000)

    assert released(box, 600_002) == ["sofort", "alt", "sofort neu", "quittung", "einfach"]


def test_newer_replaces_waiting_with_the_same_key() -> None:
    """Only the newest HAVE waits, at the place of the first."""
    box = outbox(ALL_AT_ONCE)
    box.put(item("have 1", FrameClass.HAVE, key="have"), 0)
    box.put(item("other", FrameClass.HAVE), 1)
    box.put(item("have 2", FrameClass.HAVE, key="have"), 2)

    assert released(box, 2) == ["have 2", "other"]


def test_withdrawn_is_not_sent() -> None:
    """A repair that somebody else gave is taken back by its key."""
    box = outbox()
    box.put(item("repair", FrameClass.REPAIR, key="r1"), 0)

    assert box.withdraw("r1") == 0
    assert box.withdraw("r1") is None
    assert released(box, 0) == []


def test_expired_is_not_sent() -> None:
    """What is not worth sending any more is dropped, counted, and wakes nobody."""
    box = outbox()
    box.put(item("late", expires=100), 0)

    assert released(box, 100) == []
    assert box.expired == 1
    assert box.next_deadline() is None


def test_what_found_no_room_in_time_is_named_once() -> None:
    """Whoever made it may make it anew; what was replaced or withdrawn did not lapse."""
    box = outbox()
    box.on_radio(0, channel_percent=35.0)
    for key in ("have:1", "census", "want"):
        box.put(item(key, FrameClass.HAVE, key=key, expires=90_000), 0)
    box.put(item("newer", FrameClass.HAVE, key="have:1", expires=100_000), 1_000)
    box.withdraw("want")
    box.on_radio(89_000, channel_percent=35.0)
    box.advance(89_999)
    assert box.take_lapsed() == []
    box.advance(90_000)
    assert (box.take_lapsed(), box.take_lapsed()) == (["census"], [])
    box.advance(100_000)
    assert box.take_lapsed() == ["have:1"]


def test_budget_holds_routine_back_but_not_urgent() -> None:
    """With the routine share spent, the reserve still carries sofort."""
    box = outbox(ALL_AT_ONCE, limit_ppm=1000, reserve_ppm=500)  # 3.6 s, half in reserve
    for label in "abc":
        box.put(item(label), 0)
    assert released(box, 0) == ["a", "b"]

    box.put(item("sofort", FrameClass.IMMEDIATE), 10)
    box.put(item("d"), 10)
    assert released(box, 10) == ["sofort"]


def test_aged_routine_may_not_spend_the_reserve() -> None:
    """Age gives a better place, not the reserve; an urgent one overtakes it."""
    box = outbox(ALL_AT_ONCE, limit_ppm=1000, reserve_ppm=500)
    box.ledger.record(0, 1800)
    box.put(item("alt"), 0)
    box.put(item("sofort", FrameClass.IMMEDIATE), 700_000)

    assert released(box, 700_000) == ["sofort"]


def test_waits_exactly_until_the_budget_allows() -> None:
    """The next deadline is the moment an old transmission leaves the window."""
    box = outbox(limit_ppm=1000)
    box.ledger.record(0, 3000)
    box.put(item("a"), 10)
    assert released(box, 10) == []

    opens = 3000 + HOUR_MS + box.config.slack_ms
    assert box.next_deadline() == opens
    assert released(box, opens - 1) == []
    assert released(box, opens) == ["a"]


def test_radio_that_reports_more_is_believed() -> None:
    """At 10 % of its own reckoning nothing is handed over for an hour."""
    box = outbox()
    box.on_radio(0, air_util_tx=10.0)
    box.put(item("a"), 1)
    assert released(box, 1) == []
    assert box.next_deadline() == HOUR_MS

    assert released(box, HOUR_MS) == ["a"]


def test_busy_channel_pauses_the_lower_classes() -> None:
    """Above 30 % announcements wait, above 40 % all but urgent and aged ones."""
    box = outbox(ALL_AT_ONCE)
    box.put(item("alt"), 0)
    box.on_radio(700_000, channel_percent=40.0)
    for urgency in FrameClass:
        box.put(item(urgency.name, urgency), 700_000)
    assert released(box, 700_000) == ["FLASH", "alt", "IMMEDIATE"]

    box.on_radio(700_100, channel_percent=30.0)
    assert released(box, 700_100) == ["RECEIPT", "ROUTINE", "WANT", "REPAIR"]
    assert box.next_deadline() is not None
    assert released(box, 700_100 + 120_000) == ["HAVE"]


@pytest.mark.parametrize(
    ("refusal", "hold"),
    [
        (Refusal.DUTY_CYCLE_LIMIT, 60_000),
        (Refusal.QUEUE_FULL, 5_000),
        (Refusal.RATE_LIMIT_EXCEEDED, 2_000),
        (Refusal.DISCONNECTED, 10_000),
        (Refusal.DISABLED, 10_000),
        (Refusal.OTHER, 10_000),
    ],
)
def test_refused_packets_wait_again(refusal: Refusal, hold: int) -> None:
    """A refused packet is sent later, and its airtime is not counted: under a new id, as the radio
    knows the old one; under the same where the radio may have sent it, so that nobody hears two."""
    box = outbox()
    box.put(item("a"), 0)
    box.advance(0)
    (first,) = box.take_frames()
    box.on_status(QueueStatus(first.id, 0, refusal=refusal), 10)
    assert box.ledger.used_ms(10) == 0
    assert released(box, 10) == []
    assert box.next_deadline() == 10 + hold

    box.advance(10 + hold)
    (second,) = box.take_frames()
    assert second.payload == first.payload
    assert (second.id == first.id) is (refusal is Refusal.DISCONNECTED)


def test_token_comes_back_when_a_radio_has_taken_the_packet() -> None:
    """Not when it is handed over or refused, and once however often it had to be tried."""
    box = outbox()
    box.put(item("a", token="mine"), 0)
    box.advance(0)
    (first,) = box.take_frames()
    assert box.take_events() == []
    box.on_status(Sent(first.id, Refusal.DISCONNECTED), 10)
    assert box.take_events() == []

    box.advance(20_000)
    (second,) = box.take_frames()
    box.on_status(Sent(second.id, Refusal.NONE), 20_100)
    box.on_status(Sent(second.id, Refusal.NONE), 20_200)
    assert box.take_events() == ["mine"]
    assert box.take_events() == []


def test_refused_for_good() -> None:
    """What the radio will never take is dropped and counted."""
    box = outbox()
    box.put(item("a"), 0)
    box.advance(0)
    (frame,) = box.take_frames()
    box.on_status(QueueStatus(frame.id, 16, refusal=Refusal.TOO_LARGE), 1)

    assert released(box, 100_000) == []
    assert box.dropped == 1
    assert box.next_deadline() is None


def test_unconfirmed_packets_count_as_sent() -> None:
    """If the link never answers, the airtime is entered after half a minute."""
    box = outbox()
    box.put(item("a"), 0)
    box.advance(0)
    box.advance(29_999)
    assert (box.in_radio, box.ledger.used_ms(29_999)) == (1, 0)

    box.advance(30_000)
    assert (box.in_radio, box.ledger.used_ms(30_000)) == (0, COST)


def test_status_of_unknown_packets_is_only_news_of_room() -> None:
    """Statuses of packets of others, or long settled, do no harm."""
    box = outbox()
    box.on_status(QueueStatus(12345, 3, refusal=Refusal.QUEUE_FULL), 0)
    box.on_status(Sent(12345, Refusal.NONE, None), 0)
    box.put(item("a"), 0)

    assert released(box, 0) == ["a"]


def test_room_settles_only_what_was_confirmed() -> None:
    """A status on its way while we handed over more says nothing about those."""
    box = outbox()
    for label in "abc":
        box.put(item(label), 0)
    box.advance(0)
    first = box.take_frames()[0]
    box.on_status(QueueStatus(first.id, 15), 5)

    assert box.in_radio == 3


def test_bounded_and_the_least_important_goes() -> None:
    """When full, a better packet replaces the last; a worse one is not taken."""
    box = outbox(OutboxConfig(waiting_max=3))
    for label in "abc":
        box.put(item(label), 0)

    assert not box.put(item("have", FrameClass.HAVE), 1)
    assert box.put(item("sofort", FrameClass.IMMEDIATE), 1)
    assert sum(box.waiting().values()) == 3
    assert box.dropped == 2
    assert released(box, 1) == ["sofort", "a", "b"]


def test_want_ack_is_billed_three_times() -> None:
    """A packet that the radio may send three times must fit three times."""
    box = outbox(limit_ppm=1000)

    with pytest.raises(ValueError, match="budget"):
        box.put(Outgoing(bytes(200), FrameClass.ROUTINE, want_ack=True), 0)
    assert box.put(Outgoing(bytes(200), FrameClass.ROUTINE), 0)


def test_a_relay_that_was_heard_bills_what_was_sent() -> None:
    """One transmission if the relay was heard before the radio could have repeated it, else more;
    what nobody relayed took all three.
    """
    for after, refusal, sends in (
        (3_000, Refusal.NONE, 1),
        (12_000, Refusal.NONE, 2),
        (50_000, Refusal.NONE, 3),
        (50_000, Refusal.MAX_RETRANSMIT, 3),
    ):
        box = outbox()
        once = payload_airtime_ms(LONG_FAST, 100)
        box.put(Outgoing(bytes(100), FrameClass.ROUTINE, want_ack=True), 0)
        box.advance(0)
        (frame,) = box.take_frames()
        box.on_status(QueueStatus(frame.id, 16), 10)
        assert box.in_radio == 0  # it does not hold up the next
        assert box.account(10)[-1][1] == 3 * once

        box.on_ack(Acknowledged(frame.id, True, refusal), after)

        assert box.ledger.used_ms(after) == sends * once
        box.on_ack(Acknowledged(frame.id, True), after)
        assert box.ledger.used_ms(after) == sends * once


def test_without_word_of_a_relay_the_worst_is_billed() -> None:
    """A radio that says nothing has sent three times, as far as anybody knows."""
    box = outbox()
    box.put(Outgoing(bytes(100), FrameClass.ROUTINE, want_ack=True), 0)
    box.advance(0)
    (frame,) = box.take_frames()
    box.on_status(QueueStatus(frame.id, 16), 10)
    now = 10
    while (deadline := box.next_deadline()) is not None:
        now = deadline
        box.advance(now)

    assert now <= 61_000
    assert box.ledger.used_ms(now) == 3 * payload_airtime_ms(LONG_FAST, 100)


def test_payload_that_fits_no_packet() -> None:
    """232 bytes are a programmer's error."""
    with pytest.raises(ValueError, match="232 bytes"):
        outbox().put(Outgoing(bytes(232), FrameClass.FLASH), 0)


def test_packets_carry_what_was_asked() -> None:
    """Destination, hops, channel, port and urgency reach the link; ids are never zero."""
    box = outbox()
    box.put(Outgoing(b"x", FrameClass.WANT, hop_limit=0, destination=7, channel=2, port=257), 0)
    box.advance(0)
    (frame,) = box.take_frames()

    assert (frame.destination, frame.hop_limit, frame.channel, frame.port) == (7, 0, 2, 257)
    assert frame.urgency is FrameClass.WANT
    assert 1 <= frame.id <= 0xFFFFFFFF


def test_account_includes_what_is_in_the_radio() -> None:
    """Stored while a packet is out, the account counts it: a crash can't hide airtime."""
    box = outbox()
    box.put(item("a"), 0)
    box.advance(0)
    restored = DutyLedger()
    restored.restore(box.account(5), now=0)

    assert restored.used_ms(0) == COST


def test_only_what_was_booked_ahead_is_handed_over() -> None:
    """Without a newly stored account the outbox stops, sleeps, and goes on when it is stored."""
    box = outbox(ALL_AT_ONCE)
    box.booked(2 * COST, 0)
    for label in "abc":
        box.put(item(label, FrameClass.FLASH), 0)

    assert released(box, 0) == ["a", "b"]
    assert released(box, 60_000) == []
    assert box.next_deadline() is None
    box.booked(COST, 70_000)
    assert box.next_deadline() == 70_000
    assert released(box, 70_000) == ["c"]
    assert box.credit_ms == 0


@pytest.mark.parametrize(
    ("urgency", "reach", "sent"),
    [
        (FrameClass.RECEIPT, "neighbours", True),
        (FrameClass.RECEIPT, "relayed", True),
        (FrameClass.RECEIPT, "mesh", False),
        (FrameClass.WANT, "neighbours", False),
    ],
)
def test_a_roll_call_goes_on_where_others_leave_off(
    urgency: FrameClass, reach: str, sent: bool
) -> None:
    """At half of the channel what waits for its turn anyway is sent; above 60 % nothing is."""
    for percent, expected in ((50.0, sent), (61.0, False)):
        box = outbox()
        box.on_radio(0, percent, None)
        box.put(outgoing(b"..", urgency, reach), 0)
        assert bool(released(box, 0)) is expected


def test_idle_outbox_sleeps() -> None:
    """With nothing to do there is no deadline."""
    box = outbox()
    box.advance(0)

    assert box.next_deadline() is None


def test_slower_preset_bills_anew() -> None:
    """What waits costs what the new preset takes; what can never be sent any more is dropped."""
    box = outbox(limit_ppm=1000)  # 3.6 s
    box.put(item("long"), 0)
    box.put(Outgoing(b"short", FrameClass.ROUTINE), 0)
    box.config = replace(box.config, preset=PRESETS["LONG_SLOW"])
    released_now = released(box, 0)
    box.advance(30_000)

    assert released_now == ["short"]
    assert box.dropped == 1
    assert box.ledger.used_ms(30_000) == payload_airtime_ms(PRESETS["LONG_SLOW"], 5)
