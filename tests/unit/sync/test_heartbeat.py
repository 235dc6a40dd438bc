# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""How a node tells the others how long it lasts: its bits, when it goes, who believes it."""

from dataclasses import replace
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from sync.replica.events import Frame, HeardFrame, PeerSeen, PeerTells
from sync.schema.urgency import Urgency
from sync.wire.frames import Beat, Content, Hint, Runs, Seal
from sync.wire.heartbeat import HOURS, Clock, Heartbeat, as_hint, heartbeat_of, pages_among
from sync.wire.packet import decode
from tests.unit.sync.net import HOUR, MINUTE, Room

WELL = Heartbeat(
    *(85, True, 20.0, True, 40, False, 15.0, Clock.SATELLITES), cable=True, broker=False
)
DARK = replace(WELL, on_mains=False, hours=2.5, by_fuel=False)


def said(room: Room, frame: Frame) -> Content:
    """What a frame says."""
    return decode(frame.payload, Seal(room.network.network_id, room.network.network_key))


def told(room: Room, by: int, at: int) -> list[Heartbeat]:
    """What one node was told of another."""
    return [
        heartbeat_of(event.pages)
        for receiver, event in room.events
        if isinstance(event, PeerTells) and (receiver, event.author) == (at, by)
    ]


@given(
    st.none() | st.integers(0, 100),
    st.sampled_from((None, False, True)),
    st.none() | st.floats(0, 1000),
    st.none() | st.floats(-60, 90),
    st.sampled_from(Clock),
)
def test_what_is_told_is_never_better_than_it_is(
    battery: int | None,
    on_mains: bool | None,
    hours: float | None,
    warm: float | None,
    clock: Clock,
) -> None:
    """Batteries and hours are rounded down, so an alarm is never late by rounding; what is not
    known stays so, in any order of pages."""
    meant = Heartbeat(battery, on_mains, hours, radio_temperature=warm, clock=clock, broker=True)
    found = heartbeat_of(reversed(meant.pages()))

    assert (found.on_mains, found.clock, found.broker) == (on_mains, clock, True)
    assert (found.battery is None) == (battery is None)
    if battery is not None and found.battery is not None:
        assert battery - 5 < found.battery <= battery
        assert (battery < 20) == (found.battery < 20)
    assert (found.hours is None) == (hours is None)
    if hours is not None and found.hours is not None:
        assert found.hours <= hours
        assert found.hours in (0.0, *HOURS)
    assert (found.radio_temperature is None) == (warm is None)
    assert found == heartbeat_of(found.pages())


def test_any_page_can_be_read() -> None:
    """Whatever fourteen bits say is a heartbeat, and travels as a hint."""
    for page in range(1 << 14):
        heartbeat_of((page,))
    assert pages_among((Hint(3, 5), as_hint(16383), as_hint(7))) == (16383, 7)


def test_it_goes_with_frames_that_go_anyway() -> None:
    """Three bytes more in the frames of entries, one page in each, and no frame of its own."""
    room = Room(3)
    for text in (b"one", b"two", b"three"):
        room.engines[1].feels(WELL, room.now)
        room.write(1, text)
        room.pass_time(MINUTE)

    assert len(told(room, 1, at=2)) == 2  # the third had nothing new to say
    sent = [said(room, frame) for _, who, frame in room.sent if who == 1]
    assert not any(isinstance(content, Beat) for content in sent)
    assert sum(len(pages_among(c.hints)) for c in sent if isinstance(c, Runs)) == 2
    pages = [event.pages for who, event in room.events if isinstance(event, PeerTells) and who == 2]
    assert heartbeat_of(sum(pages, ())) == WELL


def test_who_is_silent_tells_it_alone() -> None:
    """Soon after the start, then every few hours: so that quiet can be told from gone."""
    room = Room(3)
    room.engines[1].feels(WELL, room.now)
    room.pass_time(24 * HOUR)

    alone = [at for at, who, frame in room.sent if isinstance(said(room, frame), Beat)]
    assert len(alone) == 4
    assert alone[0] <= 90 * MINUTE
    assert all(b - a <= 6.8 * HOUR for a, b in pairwise(alone))
    assert told(room, 1, at=2)[-1] == told(room, 1, at=3)[-1] == WELL
    assert any(isinstance(event, PeerSeen) and event.author == 1 for _, event in room.events)


def test_a_power_cut_is_told_within_minutes() -> None:
    """Also by who writes nothing; not again and again where mains come and go."""
    room = Room(2)
    room.engines[1].feels(WELL, room.now)
    room.pass_time(2 * HOUR)
    for minute in range(30):
        room.engines[1].feels(WELL if minute % 2 else DARK, room.now)
        room.pass_time(MINUTE)

    alone = [at for at, _, frame in room.sent if isinstance(said(room, frame), Beat)]
    assert len([at for at in alone if 2 * HOUR < at < 2 * HOUR + 10 * MINUTE]) == 1
    assert len(alone) <= 3


def test_who_has_no_key_and_who_repeats_is_not_believed() -> None:
    """A page stands under the MAC; an old frame sent again says nothing of its author."""
    room = Room(2)
    room.engines[1].feels(WELL, room.now)
    room.write(1, b"one", urgency=Urgency.RECEIPT)
    room.pass_time(MINUTE)
    frame = next(f for _, who, f in room.sent if who == 1 and f.own)
    assert len(told(room, 1, at=2)) == 1

    room.engines[2].receive(HeardFrame(frame.payload), room.now)
    changed = frame.payload[:4] + bytes((frame.payload[4] ^ 1,)) + frame.payload[5:]
    room.engines[2].receive(HeardFrame(changed), room.now)
    assert not [e for e in room.engines[2].take_events() if isinstance(e, PeerTells)]
