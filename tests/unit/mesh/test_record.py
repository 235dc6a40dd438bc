# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What passes a link is written down as lines, and played back as it was heard."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mesh.link import (
    Acknowledged,
    FrameClass,
    LinkEvent,
    Notice,
    Packet,
    RadioState,
    Reason,
    Received,
    Refusal,
    Sent,
    Trouble,
)
from mesh.nodes import Measure, MeshNode, Place
from mesh.record import Entry, Passed, Playback, RecordError, from_line, to_line

HEARD = Received(b"\x00\xffx", 7, 9, -3.5, -101, 2, 3, radio_unix_s=5)
PASSED: tuple[Passed, ...] = (
    Packet(b"abc", 5, hop_limit=4, want_ack=True, urgency=FrameClass.FLASH),
    HEARD,
    Sent(5, Refusal.DUTY_CYCLE_LIMIT, 3),
    Acknowledged(5, implicit=False, snr_db=1.5, rssi_dbm=-90, hops=1),
    RadioState(
        connected=False, address="tcp:x:1", plug=(1, 2, "3"), battery_percent=4,
        reason=Reason(Trouble.NO_DEVICE, "/dev/ttyUSB0", "OSError"),
    ),
    Notice("Duty cycle limit exceeded", 5),
    MeshNode(7, name="Relais „Ö“", place=Place(52.0, 7.5, 40, True, 9, 8),
             measured={Measure.TEMPERATURE: 4.25, Measure.DETECTION: 1.0}),
)  # fmt: skip


@pytest.mark.parametrize("what", PASSED, ids=lambda what: type(what).__name__)
def test_a_line_gives_what_it_was_made_of(what: Passed) -> None:
    """Every field of every kind; unknown ones of a later version are passed over."""
    line = to_line(Entry(1_800_000_000_123, what))
    assert "\n" not in line
    assert from_line(line) == Entry(1_800_000_000_123, what)
    assert from_line(line[:-1] + ',"later":{"a":[1]}}').what == what


@pytest.mark.parametrize(
    "line",
    [
        "", "[]", "{}", "x" * 9000, '{"v":2,"t":1,"was":"Sent"}', '{"v":1,"t":1,"was":"Aliens"}',
        '{"v":1,"t":1,"was":"Sent","packet_id":1}', "[" * 5000,
        '{"v":1,"t":1,"was":"Sent","packet_id":1,"refusal":"LATER"}',
        '{"v":1,"t":1,"was":"Sent","packet_id":true,"refusal":"NONE"}',
        '{"v":1,"t":1,"was":"Received","payload":"zz"}',
    ],
)  # fmt: skip
def test_damaged_lines_are_refused(line: str) -> None:
    """With the one error that readers pass over."""
    with pytest.raises(RecordError):
        from_line(line)


@settings(max_examples=60)
@given(st.text(max_size=60) | st.builds(
    lambda place, text: to_line(Entry(1, PASSED[place]))[: len(text)] + text,
    st.integers(0, len(PASSED) - 1), st.text(max_size=80),
))  # fmt: skip
def test_any_line_is_an_entry_or_a_record_error(line: str) -> None:
    """Nothing else leaves it."""
    with contextlib.suppress(RecordError):
        assert isinstance(from_line(line), Entry)


def test_a_playback_is_heard_at_the_pace_of_then() -> None:
    """Received packets and states in their distances; answers to packets of then are left out."""
    clock = [50]
    state: LinkEvent = RadioState(connected=True, address="x")
    entries = [
        Entry(1_000, state), Entry(1_000, PASSED[0]), Entry(1_100, PASSED[2]), Entry(3_000, HEARD),
    ]  # fmt: skip
    link = Playback(entries, lambda: clock[0])
    assert link.take_events() == []
    link.start()
    assert link.take_events() == [state]
    link.send(Packet(b"y", 77))
    assert link.take_events() == [Sent(77, Refusal.NONE)]
    clock[0] += 1_999
    assert (link.take_events(), link.done) == ([], False)
    clock[0] += 1
    assert link.take_events() == [HEARD]
    assert link.done
    assert [packet.id for packet in link.sent] == [77]
