# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The firmware's numbers: slots, windows, queue order, memory, meters."""

from __future__ import annotations

import random

import pytest

from mesh.airtime import LONG_FAST, PRESETS
from mesh.firmware import (
    CW_MAX,
    HISTORY_MAX,
    PORT_NODE_INFO,
    PORT_ROUTING,
    PORT_TELEMETRY,
    PRIORITIES,
    TX_QUEUE_MAX,
    ChannelMeter,
    Frame,
    PacketHistory,
    Role,
    TransmitMeter,
    TxQueue,
    cad_ms,
    interval_scale,
    is_old,
    may_drop_hopless,
    own_delay_slots,
    relay_delay_slots,
    retransmission_ms,
    slot_ms,
    window_by_snr,
    window_by_use,
)
from mesh.link import BROADCAST, FrameClass


def frame(packet_id: int, priority: int = 64, *, relayed: bool = False, hops: int = 3) -> Frame:
    """A frame as it stands in a queue."""
    urgency = FrameClass.ROUTINE
    return Frame(
        1, packet_id, BROADCAST, hops, 3, 0, 256, b"", False, urgency, 70, 500, priority, relayed
    )


@pytest.mark.parametrize(
    ("preset", "slot"), [("LONG_FAST", 28), ("MEDIUM_FAST", 12), ("SHORT_FAST", 8)]
)
def test_slot(preset: str, slot: int) -> None:
    """2.5 symbols and 7.6 ms, cut to whole milliseconds as the firmware does."""
    assert slot_ms(PRESETS[preset]) == slot


def test_scan_is_shorter_than_a_slot() -> None:
    """Who has drawn the next slot detects who has drawn this one."""
    assert all(cad_ms(preset) <= slot_ms(preset) for preset in PRESETS.values())


@pytest.mark.parametrize(
    ("snr", "window"), [(-25, 3), (-20, 3), (-15, 3), (-14.1, 4), (-5, 5), (4, 7), (10, 8), (12, 8)]
)
def test_window_by_snr(snr: float, window: int) -> None:
    """From 2^3 slots at -20 dB to 2^8 at 10 dB, in integer arithmetic."""
    assert window_by_snr(snr) == window


@pytest.mark.parametrize(("use", "window"), [(0, 3), (19.9, 3), (20, 4), (99.9, 7), (100, 8)])
def test_window_by_use(use: float, window: int) -> None:
    """Own packets wait longer on a busy channel."""
    assert window_by_use(use) == window


def test_delays_stay_in_their_ranges() -> None:
    """ROUTER below 2·CW slots; others 16 and up to 2^CW more; own packets below 2^CW."""
    rng = random.Random(1)
    routers = {relay_delay_slots(10, Role.ROUTER, rng) for _ in range(2000)}
    clients = {relay_delay_slots(-20, Role.CLIENT, rng) for _ in range(2000)}
    own = {own_delay_slots(0, rng) for _ in range(2000)}

    assert routers == set(range(2 * CW_MAX))
    assert clients == set(range(16, 24))
    assert own == set(range(8))


def test_retransmission_of_a_long_packet() -> None:
    """LONG_FAST, 200 B: about ten seconds."""
    assert retransmission_ms(LONG_FAST, 1911, 0) == 2 * 1911 + (8 + 16 + 32) * 28 + 4500


def test_intervals_grow_above_forty_nodes() -> None:
    """At 80 nodes telemetry is sent a quarter as often."""
    assert interval_scale(40) == 1
    assert interval_scale(80) == 4


def test_numbers_are_those_of_the_protocol() -> None:
    """Ports and priorities agree with the published enumerations."""
    from meshtastic.protobuf import mesh_pb2, portnums_pb2

    priority = mesh_pb2.MeshPacket.Priority
    assert portnums_pb2.PortNum.ROUTING_APP == PORT_ROUTING
    assert portnums_pb2.PortNum.NODEINFO_APP == PORT_NODE_INFO
    assert portnums_pb2.PortNum.TELEMETRY_APP == PORT_TELEMETRY
    assert PRIORITIES[FrameClass.FLASH] == priority.ALERT
    assert PRIORITIES[FrameClass.IMMEDIATE] == priority.HIGH
    assert PRIORITIES[FrameClass.RECEIPT] == priority.RELIABLE
    assert PRIORITIES[FrameClass.ROUTINE] == priority.DEFAULT
    assert PRIORITIES[FrameClass.HAVE] == priority.BACKGROUND


def test_queue_order() -> None:
    """By priority, relayed before own, otherwise first come first served."""
    queue = TxQueue()
    for item in (
        frame(1),
        frame(2, 10),
        frame(3, relayed=True),
        frame(4, 100),
        frame(5),
        frame(6, relayed=True),
    ):
        assert queue.put(item)

    assert [queue.pop().id for _ in range(6)] == [4, 3, 6, 1, 5, 2]


def test_full_queue_evicts_only_lower_priority() -> None:
    """The last packet goes for a higher one; an equal one is refused."""
    queue = TxQueue()
    for packet_id in range(TX_QUEUE_MAX):
        queue.put(frame(packet_id))

    assert not queue.put(frame(100))
    assert queue.put(frame(101, 70))
    assert queue.dropped == 1
    assert queue.free == 0
    assert queue.front().id == 101
    assert not queue.holds((1, TX_QUEUE_MAX - 1))


def test_queue_removes_only_copies_with_fewer_hops() -> None:
    """With a threshold a copy with as many hops left stays."""
    queue = TxQueue()
    queue.put(frame(1, hops=2))

    assert not queue.remove((1, 1), hop_limit_below=2)
    assert queue.remove((1, 1), hop_limit_below=3)
    assert queue.airtime_ms == 0


def test_history_remembers_most_hops() -> None:
    """Seen before, and whether with more hops left than ever; the oldest are forgotten."""
    history = PacketHistory()

    assert history.note((1, 1), 2) == (False, False)
    assert history.note((1, 1), 1) == (True, False)
    assert history.note((1, 1), 2) == (True, False)
    assert history.note((1, 1), 3) == (True, True)
    for packet_id in range(2, HISTORY_MAX + 2):
        history.note((1, packet_id), 1)
    assert (1, 1) not in history


def test_channel_meter_is_a_minute() -> None:
    """Six buckets of ten seconds; what is older than a minute is gone, long silence too."""
    meter = ChannelMeter()
    meter.add(5_000, 600)
    meter.add(55_000, 600)

    assert meter.percent(59_999) == 2.0
    assert meter.percent(60_000) == 1.0
    assert meter.percent(10_000_000) == 0.0


def test_transmit_meter_counts_whole_minutes() -> None:
    """The firmware forgets a minute as a whole when the sixtieth after it begins."""
    meter = TransmitMeter()
    meter.add(59_000, 500)

    assert meter.used_ms(3_599_999) == 500
    assert meter.used_ms(3_600_000) == 0


@pytest.mark.parametrize(
    ("version", "suspicious"),
    [
        ("2.7.20.6658ec2", False),
        ("2.7.24.472b14c", False),  # released
        ("2.7.24.abcdef0", True),  # the develop branch had this number too
        ("2.7.26.54e0d8d", False),
        ("2.8.0.7754068", False),
        ("2.8.0.0123456", True),
        ("2.8.1.0123456", False),
        ("", False),
        (None, False),
    ],
)
def test_builds_that_may_be_deaf_to_what_is_not_relayed(version: object, suspicious: bool) -> None:
    """Development builds of spring 2026 drop packets with hop start 0."""
    assert may_drop_hopless(version) is suspicious


@pytest.mark.parametrize(
    ("version", "old"),
    [("2.7.19.bb3d6d5", True), ("2.6.11", True), ("2.7.20.6658ec2", False), ("2.8.0", False),
     ("3.0.0", False), (None, False), ("neu", False)],
)  # fmt: skip
def test_the_oldest_tried_firmware_is_the_least(version: str | None, old: bool) -> None:
    """Older ones are named; who tells no version is not."""
    assert is_old(version) is old
