# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The test of the way to one radio, on a virtual clock."""

from __future__ import annotations

from mesh.link import Acknowledged, Packet, Refusal, Sent
from mesh.send.range_test import EXPIRES_MS, PATIENCE_MS, TEST_APP, Order, RangeTest

ORDER = Order(1, 0x77, count=6, size=20, pause_ms=1_000)
ONCE_MS = 500


def hand_over(test: RangeTest, packet_id: int, now: int) -> None:
    """The next probe is due and goes to the link."""
    (item,) = test.advance(now)
    assert (item.destination, item.port, item.want_ack, len(item.payload)) == (
        0x77, TEST_APP, True, 20,
    )  # fmt: skip
    assert test.advance(now) == []
    test.handed(Packet(item.payload, packet_id, 0x77, port=TEST_APP), ONCE_MS, now)


def test_each_probe_ends_one_way_or_another() -> None:
    """Answered at once, after a repetition, given up, never mentioned again, refused, kept back."""
    test, now = RangeTest(ORDER, 0), 0
    hand_over(test, 11, now)
    test.on_status(Sent(11, Refusal.NONE), now)
    test.on_ack(Acknowledged(11, implicit=True), now + 300)
    test.on_ack(Acknowledged(99, implicit=False), now + 400)
    test.on_ack(Acknowledged(11, False, snr_db=4.5, rssi_dbm=-90, hops=1), now + 900)
    assert test.advance(now + 1_899) == []

    now += 1_900
    test.distance_m = 850
    hand_over(test, 12, now)
    test.on_ack(Acknowledged(12, implicit=False), now + 8_000)
    now += 9_000
    hand_over(test, 13, now)
    test.on_ack(Acknowledged(13, True, Refusal.MAX_RETRANSMIT), now + 30_000)
    now += 31_000
    hand_over(test, 14, now)
    now += PATIENCE_MS
    assert test.advance(now) == []
    now += 1_000
    hand_over(test, 15, now)
    test.on_status(Sent(15, Refusal.TOO_LARGE), now)
    now += 1_000
    hand_over(test, 16, now)
    test.on_status(Sent(16, Refusal.DUTY_CYCLE_LIMIT), now)  # waits in the outbox again
    assert not test.done
    assert test.advance(now + EXPIRES_MS + 1) == []
    assert test.done

    first, second, third, fourth, fifth, sixth = test.probes
    assert (first.answered_ms, first.first_try, first.relayed, first.snr_db, first.hops) == (
        900, True, True, 4.5, 1,
    )  # fmt: skip
    assert (second.answered_ms, second.first_try, second.distance_m) == (8_000, False, 850)
    assert [p.refusal for p in (third, fourth)] == [Refusal.MAX_RETRANSMIT] * 2
    assert (fifth.refusal, sixth.refusal) == (Refusal.TOO_LARGE, Refusal.DISCONNECTED)
    assert [p.sent for p in test.probes] == [True, True, True, True, False, False]


def test_a_probe_that_never_reaches_the_radio_is_not_lost_on_the_air() -> None:
    """Its time in the outbox is over: not sent, and the next one's turn."""
    test = RangeTest(ORDER, 0)
    assert len(test.advance(0)) == 1
    assert test.advance(EXPIRES_MS + 1) == []
    assert [probe.sent for probe in test.probes] == [False]
    hand_over(test, 11, EXPIRES_MS + 1_001)
