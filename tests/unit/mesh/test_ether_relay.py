# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Flooding as published: hops, order of relays, cancelling, roles, acknowledgements."""

from __future__ import annotations

import pytest

from mesh.air.ether import Role
from mesh.airtime import LONG_FAST, payload_airtime_ms
from mesh.firmware import CW_MAX, Frame, slot_ms
from mesh.link import Acknowledged, FrameClass, Refusal
from tests.unit.mesh.air import GOOD_DB, RecordedEther, air, chain, packet

MINUTE = 60_000
FAR_DB = 148.0
"""Path loss with an SNR of about -12 dB: far, but decoded."""


def send(ether: RecordedEther, sender: int = 1, **fields: object) -> None:
    """One packet and the time for all its relays."""
    now = ether.now
    ether.radios[sender].submit(packet(**fields), now)  # type: ignore[arg-type]
    ether.advance(now + 2 * MINUTE)


@pytest.mark.parametrize("hop_limit", range(8))
def test_hop_limit_is_how_far_it_goes(hop_limit: int) -> None:
    """With hop limit n a packet reaches n + 1 radios down a chain; 0 only the neighbour."""
    ether = chain(10)
    send(ether, hop_limit=hop_limit)
    reached = [num for num in range(2, 11) if ether.radios[num].take_received()]

    assert reached == list(range(2, hop_limit + 3))
    assert ether.senders(1) == list(range(1, hop_limit + 2))


def test_hops_are_counted() -> None:
    """What is left and where it began tell how many relays lie between."""
    ether = chain(5)
    send(ether, hop_limit=3)
    hops = [ether.radios[num].take_received()[0].hops for num in range(2, 6)]

    assert hops == [0, 1, 2, 3]


def test_one_relay_per_radio() -> None:
    """However many copies a radio hears, it relays a packet once."""
    links = {(a, b): GOOD_DB for a in range(1, 7) for b in range(a + 1, 7)}
    ether = air(links, r2={"role": Role.ROUTER}, r4={"role": Role.ROUTER})
    send(ether, hop_limit=7)
    senders = ether.senders(1)

    assert sorted(senders) == sorted(set(senders))
    assert all(len(ether.radios[num].take_received()) == 1 for num in range(2, 7))


def test_clients_cancel_when_another_has_relayed() -> None:
    """Where all hear each other, most relays are cancelled."""
    links = {(a, b): GOOD_DB for a in range(1, 9) for b in range(a + 1, 9)}
    ether = air(links)
    send(ether)
    cancelled = sum(radio.airtime.relays_cancelled for radio in ether.radios.values())

    assert len(ether.senders(1)) + cancelled == 8
    assert len(ether.senders(1)) <= 4


def test_router_never_cancels() -> None:
    """A ROUTER relays although another ROUTER was heard relaying before."""
    links = {(a, b): GOOD_DB for a in range(1, 5) for b in range(a + 1, 5)}
    for seed in range(10):
        ether = air(links, seed=seed, r3={"role": Role.ROUTER}, r4={"role": Role.ROUTER})
        send(ether)
        assert {3, 4} <= set(ether.senders(1))


def test_mute_client_never_relays() -> None:
    """A CLIENT_MUTE shows the packet to its client and keeps quiet."""
    ether = chain(3, r2={"role": Role.CLIENT_MUTE})
    send(ether)

    assert len(ether.radios[2].take_received()) == 1
    assert ether.senders(1) == [1]


def test_far_radios_relay_first() -> None:
    """The weaker the signal was heard, the sooner it is relayed, in most runs."""
    far_first = 0
    for seed in range(40):
        ether = air({(1, 2): GOOD_DB, (1, 3): FAR_DB, (2, 3): GOOD_DB}, seed=seed)
        send(ether)
        far_first += ether.senders(1)[1] == 3

    assert far_first >= 32


def test_routers_relay_before_clients() -> None:
    """Any ROUTER goes before any CLIENT, even one that heard the packet far weaker."""
    for seed in range(20):
        ether = air(
            {(1, 2): GOOD_DB, (1, 3): FAR_DB, (2, 3): GOOD_DB},
            seed=seed,
            r2={"role": Role.ROUTER},
        )
        send(ether)
        assert ether.senders(1)[1] == 2


def test_relay_waits_within_its_window() -> None:
    """A CLIENT waits 16 slots and up to 2^8 more after a strong packet."""
    ether = chain(3)
    send(ether)
    first, second = ether.log[0], ether.log[1]
    waited = second.at - first.at - payload_airtime_ms(LONG_FAST, 50)
    slots, rest = divmod(waited, slot_ms(LONG_FAST))

    assert rest == 0
    assert 2 * CW_MAX <= slots < 2 * CW_MAX + 2**CW_MAX


def test_copy_with_more_hops_replaces_the_pending_one() -> None:
    """What waits with fewer hops left is dropped for a duplicate with more of them."""
    ether = chain(3)
    radio = ether.radios[2]
    frames = [
        Frame(9, 5, 0xFFFFFFFF, hops, 4, 0, 256, b"", False, FrameClass.ROUTINE, 40, 700, 64)
        for hops in (1, 3)
    ]
    for start, frame in zip((0, 1000), frames, strict=True):
        ether.advance(start)
        ether.transmit(1, frame, start)
    ether.advance(2 * MINUTE)

    assert [e.frame.hop_limit for e in ether.log if e.radio == 2] == [2]
    assert radio.airtime.duplicates >= 1
    assert len(radio.take_received()) == 1


def test_author_that_tries_again_is_relayed_again() -> None:
    """A repeated original (all hops left) is relayed although it was seen before."""
    ether = air({(1, 2): GOOD_DB, (2, 3): GOOD_DB})
    ether.set_link(2, 1, 400.0, both=False)  # radio 1 never hears its relay
    send(ether, want_ack=True)

    assert ether.senders(1).count(1) == 3
    assert ether.senders(1).count(2) >= 2  # a try may come while the relay of the last waits


def test_implicit_acknowledgement() -> None:
    """A broadcast with want_ack ends at the first relay heard; nothing of it is on the air."""
    ether = chain(2)
    send(ether, want_ack=True)

    assert ether.radios[1].take_notices() == [Acknowledged(1, implicit=True)]
    assert ether.senders(1) == [1, 2]
    assert not any(entry.frame.want_ack for entry in ether.log)


def test_no_neighbour_three_tries_then_failure() -> None:
    """Without anybody to relay it, three transmissions and MAX_RETRANSMIT."""
    ether = air({(1, 2): 400.0})
    send(ether, want_ack=True)

    assert ether.senders(1) == [1, 1, 1]
    assert ether.radios[1].take_notices() == [Acknowledged(1, False, Refusal.MAX_RETRANSMIT)]
    gap = ether.log[1].at - ether.log[0].at
    assert gap > 2 * payload_airtime_ms(LONG_FAST, 50) + 4500


def test_want_ack_raises_hop_limit_zero() -> None:
    """With want_ack a hop limit of 0 becomes the default 3."""
    ether = chain(6)
    send(ether, want_ack=True, hop_limit=0)

    assert ether.senders(1) == [1, 2, 3, 4]


def test_real_acknowledgement_ends_the_tries() -> None:
    """An answer on the routing port from the destination stops retransmission."""
    ether = chain(2)
    ether.radios[1].submit(packet(1, destination=2, want_ack=True), 0)
    while not (received := ether.radios[2].take_received()):
        ether.advance(ether.next_deadline() or 0)
    ether.radios[2].submit(packet(50, 2, destination=1, port=5, hop_limit=1), ether.now)
    ether.advance(ether.now + 2 * MINUTE)

    assert received[0].destination == 2
    assert ether.log[0].frame.want_ack
    assert ether.senders(1) == [1]
    assert ether.radios[1].take_notices() == []
    assert [item.port for item in ether.radios[1].take_received()] == [5]


def test_lost_answer_is_repeated() -> None:
    """The destination answers again when its first answer was lost and the author tries again."""
    ether = chain(2)
    ether.radios[1].submit(packet(1, destination=2, want_ack=True), 0)
    while not ether.radios[2].take_received():
        ether.advance(ether.next_deadline() or 0)
    ether.radios[2].submit(packet(50, 2, destination=1, port=5, hop_limit=1), ether.now)
    ether.loss = 1.0
    while ether.senders(50) == []:
        ether.advance(ether.next_deadline() or 0)
    ether.advance(ether.now + 1000)
    ether.loss = 0.0
    ether.advance(ether.now + 2 * MINUTE)

    assert ether.senders(1) == [1, 1]
    assert ether.senders(50) == [2, 2]
    assert [item.id for item in ether.radios[1].take_received()] == [50]


def test_relays_over_the_duty_cycle_are_dropped_silently() -> None:
    """A relay without budget sends nothing and tells nobody."""
    ether = chain(3, r2={"duty_limit_ppm": 0})
    send(ether)

    assert ether.senders(1) == [1]
    assert ether.radios[2].airtime.relays_refused == 1
    assert ether.radios[2].take_notices() == []
    assert len(ether.radios[2].take_received()) == 1


def test_relays_share_the_queue_with_own_packets() -> None:
    """Packets to relay go before own ones of the same priority."""
    ether = chain(3)
    ether.radios[1].submit(packet(1), 0)
    while len(ether.log) == 0:
        ether.advance(ether.next_deadline() or 0)
    ether.advance(ether.log[0].at + 100)
    ether.radios[2].submit(packet(2), ether.now)
    ether.advance(2 * MINUTE)

    assert [e.frame.id for e in ether.log if e.radio == 2] == [1, 2]
