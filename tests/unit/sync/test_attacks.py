# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What costs airtime or says "gehört" and "empfangen" is believed from active members only."""

from __future__ import annotations

from sync.feed.chain import Run
from sync.feed.records import Revocation
from sync.replica.events import Frame, HeardFrame, PeerHas, PeerSeen, Priority, Rejected
from sync.schema.urgency import Urgency
from sync.wire.frames import Have, Hint, Missing, Runs, Seal, Want
from sync.wire.hearsay import Floor
from sync.wire.packet import encode_have, encode_news, encode_runs, encode_want
from sync.wire.summary import Summary
from tests.unit.sync.net import HOUR, MINUTE, SECOND, Room, operation, patient

ALL = 4


def seal(room: Room) -> Seal:
    """What every member's control frames are closed with."""
    return Seal(room.network.network_id, room.network.network_key)


def stamp(room: Room, more: int = 0) -> int:
    """A stamp that is fresh now."""
    return room.now // 16_000 + more


def spent(room: Room, *classes: Priority) -> int:
    """Bytes of frames of these classes so far."""
    return sum(len(frame.payload) for kind in classes for frame in room.frames(kind))


def heads(room: Room, number: int) -> Summary:
    """That many operations of everybody, the roster complete."""
    members = len(room.network.certificates)
    return Summary(0, (members, *[number] * members))


def test_an_unsigned_packet_shows_nobody_as_heard() -> None:
    """Seventy-two bytes that anybody can send, with and without the chain before them."""
    room = Room(2, members=3, config=patient())
    for prefix in (None, bytes(16)):
        run = Run(3, 1, (operation(b"x"),), bytes(64), prefix)
        told = room.hear(2, encode_runs((run,), original=True))
        assert not [event for event in told if isinstance(event, PeerSeen)]
    assert [peer.author for peer in room.engines[2].peers() if peer.heard is not None] == []


def test_an_old_packet_shows_nobody_as_heard() -> None:
    """Its author is heard with what is new and verified, not with what is sent once more."""
    room = Room(2, members=3, config=patient())
    run = room.append(1, [b"text"])[0]
    payload = encode_runs((Run(1, 1, run.operations, run.signature),), original=True)

    assert PeerSeen(1, 3.0, 0) in room.hear(2, payload)
    room.now += HOUR
    assert room.hear(2, payload) == []
    (peer,) = room.engines[2].peers()
    assert peer.heard == 0


def test_a_revoked_thief_says_nothing_for_itself() -> None:
    """Its control frames count no more, though its MAC is right."""
    room = Room(2, members=ALL, config=patient())
    room.write(1, b"blitz", urgency=Urgency.FLASH)
    room.pass_time(SECOND)
    room.network.decide(Revocation(4, 0, room.network.origin(4), 1).encode())
    for node in (1, 2):
        room.logs[node].store(room.network.roster_runs(ALL + 1)[ALL:])
        room.engines[node].reload(room.now)

    floor = Floor((ALL, 1, 0, 0, 0), (2, 3, 4))
    have = Have(4, Summary(0, (ALL, 1, 0, 0, 0)), 0, stamp(room, 9), floor=floor)
    assert room.hear(1, encode_have(have, seal(room))) == [Rejected("member", 4)]
    want = Want(4, (Missing(1, 1, 1),), stamp(room, 10))
    assert room.hear(1, encode_want(want, seal(room))) == [Rejected("member", 4)]
    assert room.engines[1].holders(1, 1) & {3, 4} == set()


def test_who_is_revoked_learns_it_and_nothing_else() -> None:
    """An honest staff that missed the record gets feed 0; entries it does not get any more."""
    room = Room(2, members=2, config=patient())
    room.write(1, b"text")
    room.pass_time(MINUTE)
    late = room.engines.pop(2)
    room.network.decide(Revocation(2, 0, room.network.origin(2), 3).encode())
    room.logs[1].store(room.network.roster_runs(3)[2:])
    room.engines[1].reload(room.now)
    room.write(1, b"later")
    room.pass_time(10 * MINUTE)
    room.engines[2] = late
    room.pass_time(3 * HOUR)

    assert room.engines[2].roster.last_good(2) == 0
    assert room.heads(1) == [2, 1]


def test_nobody_answers_invented_senders() -> None:
    """Only the roster's members may ask; a thief cannot multiply itself."""
    room = Room(2, members=ALL, config=patient())
    room.write(1, *[bytes(60)] * 20)
    room.pass_time(MINUTE)
    before = spent(room, Priority.REPAIR)
    for number in range(100, 160):
        want = Want(number, (Missing(1, 1, 0),), stamp(room, number))
        room.hear(2, encode_want(want, seal(room)))
        room.pass_time(30 * SECOND)

    assert room.engines[2].rejected["member"] == 60
    assert spent(room, Priority.REPAIR) == before


def test_replayed_announcements_ask_for_nothing() -> None:
    """Old HAVEs, in rising order, to a node that never heard their sender: no repair, no "gehört",
    and what was true of "empfangen" stays."""
    room = Room(3, members=ALL, config=patient())
    recorded: list[bytes] = []
    for number in range(20):
        have = Have(4, heads(room, 0), 0, stamp(room, number))
        recorded.append(encode_have(have, seal(room)))
    room.write(1, *[bytes(60)] * 40)
    room.pass_time(2 * HOUR)
    before = spent(room, Priority.REPAIR)
    for payload in recorded:
        for node in (1, 2, 3):
            told = room.hear(node, payload)
            assert not [event for event in told if isinstance(event, PeerSeen)]
            assert any(isinstance(event, PeerHas) for event in told)
        room.pass_time(3 * MINUTE)

    assert spent(room, Priority.REPAIR) == before


def test_hints_need_a_member() -> None:
    """An outsider's hints are no frame; a member's are asked for."""
    room = Room(2, members=ALL, config=patient())
    run = room.append(1, [b"text"])[0]
    content = Runs((Run(1, 1, run.operations, run.signature),), original=True, hints=(Hint(3, 9),))
    stranger = Seal(room.network.network_id, bytes(32))

    assert room.hear(2, encode_news(content, stranger)) == [Rejected("mac")]
    room.hear(2, encode_news(content, seal(room)))
    room.pass_time(10 * MINUTE)
    assert room.frames(Priority.WANT)


def test_a_key_that_a_thief_has_vouches_for_no_gap() -> None:
    """Runs without what comes before them make us ask no longer than those without a MAC."""
    asked = []
    for marked in (False, True):
        room = Room(2, members=ALL, config=patient())
        room.network.decide(Revocation(4, 0, room.network.origin(4), 1).encode())
        for node in (1, 2):
            room.logs[node].store(room.network.roster_runs(ALL + 1)[ALL:])
            room.engines[node].reload(room.now)
        room.pass_time(HOUR)
        run = Run(3, 5, (operation(b"x"),), bytes(64))
        hints = (Hint(2, 1),) if marked else ()
        before = len(room.frames(Priority.WANT))
        room.hear(1, encode_news(Runs((run,), original=True, hints=hints), seal(room)))
        room.pass_time(HOUR)
        asked.append(len(room.frames(Priority.WANT)) - before)
    assert asked[0] == asked[1] > 0


def test_gaps_that_do_not_exist_are_a_small_account() -> None:
    """Who sends runs of invented numbers all day long makes us ask for less than it sends."""
    room = Room(1, members=24, config=patient())
    sent = 0
    for place in range(600):
        run = Run(2 + place % 20, 5 + place, (operation(b"x"),), bytes(64))
        payload = encode_runs((run,), original=True)
        sent += len(payload) + 55
        room.hear(1, payload)
        room.pass_time(12 * SECOND)

    asked = room.frames(Priority.WANT)
    assert 0 < len(asked) <= 100  # in two hours
    assert sum(len(frame.payload) + 55 for frame in asked) < sent / 3


def test_a_question_to_nobody_keeps_nobody_quiet() -> None:
    """Who is named must be there and hold it; else we answer the others as if nobody was."""
    room = Room(2, members=ALL, config=patient())
    run = room.append(1, [b"text"])[0]
    room.hear(2, encode_runs((Run(1, 1, run.operations, run.signature),)))
    room.now += HOUR
    engine = room.engines[2]
    engine.receive(
        HeardFrame(encode_want(Want(3, (Missing(1, 1, 1),), stamp(room)), seal(room))), room.now
    )
    empty = Want(4, (Missing(1, 1, 1),), stamp(room), target=99)
    engine.receive(HeardFrame(encode_want(empty, seal(room))), room.now)
    room.engines = {2: engine}
    room.pass_time(5 * MINUTE)

    assert len(room.frames(Priority.REPAIR)) == 1


def test_who_asks_without_end_gets_its_share() -> None:
    """The first time is as fast as can be sent; the same again is twenty runs an hour."""
    room = Room(2, members=ALL, config=patient())
    room.write(1, *[bytes([part]) * 60 for part in range(40)])
    room.pass_time(5 * MINUTE)
    room.engines = {2: room.engines[2]}
    frames: list[int] = []
    for hour in range(1, 5):
        for _ in range(120):
            want = Want(3, (Missing(1, 1, 0),), stamp(room, 1))
            room.hear(2, encode_want(want, seal(room)))
            room.pass_time(30 * SECOND)
        frames.append(len(room.frames(Priority.REPAIR)) - sum(frames))
        assert hour

    assert frames[0] <= 64
    assert max(frames[1:]) <= 21


def test_another_asking_holds_us_up_twice_at_most() -> None:
    """Who asks for everything without end cannot keep us from asking."""
    room = Room(1, members=ALL, config=patient())
    members = len(room.network.certificates)
    heard = Have(2, Summary(0, (members, 0, 5)), 0, stamp(room, 1))
    room.hear(1, encode_have(heard, seal(room)))
    for place in range(60):
        want = Want(3, (Missing(2, 1, 0),), stamp(room, 2 + place), target=4)
        room.hear(1, encode_want(want, seal(room)))
        room.pass_time(20 * SECOND)

    assert len(room.frames(Priority.WANT)) >= 2


def test_who_floods_is_repaired_after_the_others() -> None:
    """A feed that had much of our air comes after those that had little."""
    room = Room(3, members=ALL, config=patient())
    late = room.engines.pop(3)

    def alone(_sender: int, receiver: int, frame: Frame) -> bool:
        return receiver == 3 and frame.priority is Priority.ROUTINE

    room.write(2, *[bytes([part]) * 100 for part in range(60)])
    room.pass_time(10 * MINUTE)
    room.engines[3] = late
    room.pass_time(3 * HOUR)
    room.lost = alone
    room.write(2, *[bytes([part]) * 100 for part in range(60)])
    room.write(1, *[bytes([part]) * 100 for part in range(3)])
    room.pass_time(25 * MINUTE)

    assert room.logs[3].head(1) == 3
    room.pass_time(12 * HOUR)
    assert room.logs[3].head(2) == 120


def test_somebody_speaking_under_our_name_is_counted() -> None:
    """Only who has the network's key can do that: it is shown among what was refused."""
    room = Room(1, members=2, config=patient())
    have = Have(1, heads(room, 0), 0, stamp(room, 500))

    assert room.hear(1, encode_have(have, seal(room))) == [Rejected("impostor", 1)]
