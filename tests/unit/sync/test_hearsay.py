# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""News of others at the end of own frames, and who is said to hold what."""

import random
from dataclasses import replace

from sync.replica.config import EngineConfig
from sync.replica.events import Frame, Priority
from sync.schema.urgency import Urgency
from sync.wire.frames import HINT_NUMBERS, Hint
from sync.wire.hearsay import Account, Floor, choose
from sync.wire.hints import Hints, full_number
from tests.unit.sync.net import HOUR, MINUTE, Room, patient


def test_the_latest_news_is_told_once() -> None:
    """Urgent and latest first, as many as fit; what somebody told is not told again."""
    hints = Hints(30 * MINUTE)
    hints.heard(3, 7, 0, urgent=True)
    hints.heard(4, 1, 10, urgent=False)
    hints.heard(5, 9, 20, urgent=False)
    hints.heard(4, 2, 30, urgent=False)
    hints.told([Hint(5, 9)])

    assert hints.take(2 + 3, 40) == (Hint(3, 7, urgent=True),)
    assert hints.take(3, 40) == ()
    assert hints.take(100, 40) == (Hint(4, 2),)
    assert hints.take(100, 40) == ()


def test_old_news_is_not_told() -> None:
    """After half an hour announcements have told it."""
    hints = Hints(30 * MINUTE)
    hints.heard(3, 7, 0, urgent=False)

    assert hints.take(100, 30 * MINUTE) == ()


def test_a_hint_names_the_number_nearest_to_ours() -> None:
    """Thirteen bits are enough to find the number again, on either side of a turn."""
    for head in (0, 1, 5000, 8190, 8191, 8192, 20_000):
        for number in range(max(1, head - 4000), head + 4000, 37):
            assert full_number(Hint(1, number % HINT_NUMBERS), head) == number


def test_who_missed_a_flood_hears_of_it_from_the_next() -> None:
    """The frame of a third node names the operation; it is asked for within minutes."""
    room = Room(3, config=replace(patient(), urgent_copies=0))
    room.lost = lambda sender, receiver, frame: (
        (sender, receiver) == (1, 3) and (frame.priority is Priority.IMMEDIATE)
    )
    room.write(1, b"missed", urgency=Urgency.IMMEDIATE)
    room.pass_time(0)
    assert room.heads(1) == [1, 1, 0]

    room.write(2, b"other", urgency=Urgency.IMMEDIATE)
    room.pass_time(MINUTE)

    assert room.heads(1) == [1, 1, 1]


def test_a_floor_tells_most_of_what_is_new() -> None:
    """Who lags far does not spoil it for the others; what was passed on is not told again."""
    accounts = [
        Account(2, [10, 20], [0, 0]),
        Account(3, [10, 19], [0, 0]),
        Account(4, [1, 0], [0, 0]),
        Account(9, [10, 20], [10, 20]),
    ]

    assert choose([10, 20], accounts) == Floor((10, 19), (2, 3))
    assert choose([10, 20], [accounts[3]]) is None
    assert choose([10, 20], []) is None


def test_a_floor_claims_nothing_that_is_not_known() -> None:
    """Whatever is known: every member it names holds all of it, and it is not above our heads."""
    rng = random.Random(4)
    for _ in range(300):
        heads = [rng.randrange(30) for _ in range(6)]
        accounts = [
            Account(
                member,
                [max(0, head - rng.choice((0, 0, 1, 9))) for head in heads],
                [rng.randrange(3) for _ in heads],
            )
            for member in sorted(rng.sample(range(300), 12))
        ]
        floor = choose(heads, accounts)
        assert floor is not None
        known = {account.member: account.known for account in accounts}
        assert all(
            low <= held
            for member in floor.members
            for low, held in zip(floor.heads, known[member], strict=True)
        )
        assert all(low <= head for low, head in zip(floor.heads, heads, strict=True))


def test_received_crosses_a_chain_of_nodes() -> None:
    """Five nodes in a row, each hears its neighbours only: the first learns that all have it."""
    room = Room(5, config=patient())

    def lost(sender: int, receiver: int, frame: Frame) -> bool:
        return abs(sender - receiver) > 1 and frame.priority > Priority.ROUTINE

    room.lost = lost
    room.write(1, b"text")
    room.pass_time(2 * HOUR)

    assert room.engines[1].holders(1, 1) == {1, 2, 3, 4, 5}
    assert room.engines[5].holders(1, 1) == {1, 2, 3, 4, 5}
    assert all(peer.behind == 0 for peer in room.engines[1].peers())


def test_what_others_say_survives_a_restart() -> None:
    """Hearsay is kept with the rest of the state; rubbish in its place is without effect."""
    room = Room(4, config=patient())
    room.lost = lambda sender, receiver, frame: (
        abs(sender - receiver) > 1 and frame.priority > Priority.ROUTINE
    )
    room.write(1, b"text")
    room.pass_time(2 * HOUR)
    state = room.engines[1].export_state()
    new = room.start(1, room.logs[1])
    new.import_state(state, room.now)
    assert new.holders(1, 1) == {1, 2, 3, 4}

    for row in state["peers"]:
        row["heads"], row["said"] = [], [["x", 1], 7, [3, -1], [5000, 1]]
    other = room.start(1, room.logs[1])
    other.import_state(state, room.now)
    assert other.holders(1, 1) == {1}


def test_only_who_is_named_answers_an_announcement() -> None:
    """Of five that hold what the announcement lacks, one repairs it."""
    room = Room(6, config=EngineConfig(listen_ms=0))
    room.pass_time(MINUTE)
    room.lost = lambda _s, receiver, frame: receiver == 6 and frame.priority is Priority.ROUTINE
    room.write(1, b"text")
    room.pass_time(2 * HOUR)

    assert room.heads(1) == [1] * 6
    assert len(room.frames(Priority.REPAIR)) == 1
