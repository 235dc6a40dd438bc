# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Another program on the same radio is told from a cable that breaks once."""

from __future__ import annotations

import random

from mesh.link import RadioState, Reason, Trouble
from mesh.radio.rivals import SETTLED_MS, SIGNS, WITHIN_MS, Rivals
from mesh.radio.watch import Act, RadioWatch
from mesh.virtual.settings import VirtualSettings


def test_connections_that_break_again_and_again_are_a_sign() -> None:
    """Three short ones in five minutes; long ones, or fewer, or long ago, are none."""
    rivals = Rivals()
    for number in range(SIGNS):
        assert not rivals.suspected(number * 1000)
        rivals.broke(3_000, number * 1000)
    assert rivals.suspected(WITHIN_MS)
    assert not rivals.suspected(WITHIN_MS + 1)
    steady = Rivals()
    for number in range(2 * SIGNS):
        steady.broke(3_600_000, number * 1000)
    assert not steady.suspected(0)


def test_answers_to_what_we_never_sent_are_a_sign() -> None:
    """Ours are not; nor are those of an earlier run, soon after the start."""
    rivals = Rivals()
    rivals.sent(1, 0)
    for _ in range(SIGNS):
        rivals.answered(7, 1_000)
        rivals.answered(1, SETTLED_MS)
    assert not rivals.suspected(SETTLED_MS)
    for _ in range(SIGNS):
        rivals.answered(7, SETTLED_MS)
    assert rivals.suspected(SETTLED_MS)


def test_a_radio_that_throws_us_out_three_times_is_said_to_be_shared() -> None:
    """While away that is the reason; back again it is still told, and forgotten when it holds."""
    watch, settings = RadioWatch("tcp:a:1", random.Random(1)), VirtualSettings(7, "Funk", "F")
    watch.start(0)
    now, states = 0, []
    for _ in range(SIGNS + 1):
        now += 40_000
        watch.advance(now)
        (session,) = [c.session for c in watch.take_commands() if c.act is Act.OPEN]
        for message in settings.handshake(1):
            watch.frame(session, message.SerializeToString(), now)
        states += [event for event in watch.take_events() if isinstance(event, RadioState)]
        watch.lost(session, Reason(Trouble.BROKEN), now + 500)
        states += [event for event in watch.take_events() if isinstance(event, RadioState)]
    told = [(state.connected, state.reason, state.rival) for state in states[1:]]
    broken, rival = Reason(Trouble.BROKEN), Reason(Trouble.SHARED, "tcp:a:1")
    assert told == [
        (True, None, None), (False, broken, None), (True, None, None), (False, broken, None),
        (True, None, None), (False, rival, None), (True, None, rival), (False, rival, None),
    ]  # fmt: skip
