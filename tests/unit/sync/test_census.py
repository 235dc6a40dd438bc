# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""In a large county an author learns who has his entries, and never of anybody who has them not."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.feed.chain import AUTHOR_MAX, NUMBER_MAX
from sync.replica.compare.census import Gathering
from sync.replica.compare.neighbours import Neighbours
from sync.replica.compare.stamps import STEP_MS
from sync.replica.config import EngineConfig
from sync.replica.effects import Effects
from sync.replica.events import Frame, PeerHas, Priority, Reach
from sync.replica.feeds import Feeds
from sync.wire.bits import BitsError, BitWriter
from sync.wire.census import CENSUS, decode_census, encode_census
from sync.wire.frames import FRAME_MAX, MAC_SIZE, Census, Group, Have, PacketError, Seal
from sync.wire.packet import decode, encode_have
from sync.wire.summary import Summary
from tests.unit.sync.net import HOUR, MINUTE, SECOND, Room

WANT = 2  # type
LARGE = replace(EngineConfig(), listen_ms=0, census_above=3)
SEAL = Seal(bytes(16), bytes(32))
NUMBERS = st.integers(1, 300) | st.integers(1, NUMBER_MAX)
GROUPS = st.builds(
    Group,
    st.dictionaries(st.integers(0, AUTHOR_MAX), NUMBERS, min_size=1, max_size=40).map(
        lambda heads: tuple(sorted(heads.items()))
    ),
    st.sets(st.integers(0, AUTHOR_MAX), min_size=1).map(lambda members: tuple(sorted(members))),
)


def censuses(room: Room) -> list[Frame]:
    """Frames of censuses so far."""
    return [frame for _, _, frame in room.sent if frame.payload[0] >> 2 & 7 == CENSUS]


def seal_of(room: Room) -> Seal:
    """With the room's key."""
    return Seal(room.network.network_id, room.network.network_key)


def halves(deaf: int = 0) -> Room:
    """Twelve staffs; each half hears the other over relays only, and that one hears nobody."""
    room = Room(12, config=LARGE)
    room.lost = lambda sender, receiver, frame: (
        (frame.reach is Reach.NEIGHBOURS and (sender <= 6) != (receiver <= 6)) or receiver == deaf
    )
    return room


@given(st.lists(GROUPS, min_size=1, max_size=3).map(tuple))
def test_what_is_told_comes_back(groups: tuple[Group, ...]) -> None:
    """Whatever its authors, numbers and members are."""
    payload = encode_census(Census(groups), SEAL)

    assert decode_census(payload, 0) == Census(groups)
    if len(payload) <= FRAME_MAX:
        assert decode(payload, SEAL) == Census(groups)


@given(GROUPS, st.integers(1, 40))
def test_what_is_cut_off_says_nothing(group: Group, less: int) -> None:
    """Nor does it make a member of whom it did not speak."""
    body = encode_census(Census((group,)), SEAL)[:-MAC_SIZE]
    with pytest.raises(BitsError):
        decode_census(body[: max(1, len(body) - less)] + bytes(MAC_SIZE), 0)


@given(st.binary(max_size=FRAME_MAX - 1 - MAC_SIZE))
def test_any_bytes_say_what_can_be_or_nothing(body: bytes) -> None:
    """Whoever has the key and makes them by chance."""
    try:
        census = decode(SEAL.close(bytes((2 << 5 | CENSUS << 2,)) + body), SEAL)
    except PacketError:
        return
    assert isinstance(census, Census)
    for group in census.groups:
        authors = [author for author, _ in group.heads]
        assert authors == sorted(set(authors))
        assert authors[-1] <= AUTHOR_MAX
        assert all(0 < number <= NUMBER_MAX for _, number in group.heads)
        assert list(group.members) == sorted(set(group.members))
        assert group.members[-1] <= AUTHOR_MAX


@pytest.mark.parametrize(("run", "whole"), [(3, True), (4, False)], ids=["to the last", "beyond"])
def test_members_end_with_the_last(run: int, whole: bool) -> None:
    """Runs that go on after it are refused."""
    bits = BitWriter()
    bits.write_golomb(0, 3)
    for value, size in ((0, 2), (0, 5), (1, 10), (1, 1), (5, 10), (2, 10), (1, 1), (0, 6)):
        bits.write(value, size)  # gaps, code, author, number, lowest, span, as runs, their orders
    bits.write_golomb(run - 1, 0)
    bits.write(0, 1)
    payload = bytes(1) + bits.getvalue() + bytes(MAC_SIZE)
    if whole:
        assert decode_census(payload, 0) == Census((Group(((1, 1),), (5, 6, 7)),))
        return
    with pytest.raises(BitsError):
        decode_census(payload, 0)


@pytest.mark.parametrize("absent", [0, 3, 225])
def test_nearly_all_cost_little_and_any_half_a_bit_each(absent: int) -> None:
    """So one frame tells of all 450 staffs what they hold of 25 authors."""
    gone = {1 + 2 * n if absent > 100 else 100 * n + 7 for n in range(absent)}
    group = Group(tuple((a, 8) for a in range(1, 26)), tuple(sorted({*range(1, 451)} - gone)))
    size = len(encode_census(Census((group,)), SEAL))
    assert size <= (90 if absent > 100 else 35)


def test_authors_learn_from_afar_who_has_what() -> None:
    """Announcements reach neighbours only; few floods tell all, and of nobody who has it not."""
    room = halves(deaf=12)
    for author in (1, 8):
        room.write(author, b"text")
    room.pass_time(3 * HOUR)

    assert room.engines[1].holders(1, 1) == set(range(1, 12))
    assert room.engines[8].holders(8, 1) == set(range(1, 12))
    told = censuses(room)
    assert {frame.reach for frame in told} == {Reach.MESH}
    assert 1 <= len(told) <= 12


def test_small_counties_have_none() -> None:
    """There announcements pass on who holds what."""
    room = Room(3, config=LARGE)
    room.write(1, b"text")
    room.pass_time(2 * HOUR)
    assert room.engines[1].holders(1, 1) == {1, 2, 3}
    assert not censuses(room)


def test_where_all_was_told_nobody_tells_it_again() -> None:
    """A quiet county is quiet."""
    room = Room(6, config=LARGE)
    room.write(1, b"text")
    room.pass_time(6 * HOUR)
    before = len(censuses(room))
    room.pass_time(12 * HOUR)
    assert len(censuses(room)) == before


def test_nothing_is_believed_that_cannot_be() -> None:
    """Neither of what was not written yet nor of strangers."""
    room = Room(4, config=LARGE)
    room.write(1, b"text")
    room.pass_time(MINUTE)
    told = Census((Group(((1, 5),), (2, 3, 900)),))
    room.hear(1, encode_census(told, seal_of(room)))
    assert room.engines[1].holders(1, 1) == {1, 2, 3}
    for _ in range(4):
        room.write(1, b"more")
    assert room.engines[1].holders(1, 5) == {1}


def gatherer(held: dict[int, int]) -> tuple[Gathering, Neighbours, Effects]:
    """Member 1 of a county of 66 who holds that; nothing was told yet."""
    numbers = range(1, 67)
    roster = SimpleNamespace(
        size=66,
        numbers=set(numbers),
        doubted=lambda _: False,
    )
    feeds = SimpleNamespace(roster=roster, heads=lambda: held, shown=lambda a: held.get(a, 0))
    neighbours, effects = Neighbours(100), Effects(9, 9)
    gathering = Gathering(
        1, cast(Feeds, feeds), neighbours, effects, SEAL, EngineConfig(), random.Random(1), 0
    )
    return gathering, neighbours, effects


def test_where_each_holds_something_else_that_is_told() -> None:
    """Of 66 no two have more in common than what was told; an empty frame was sent of it once."""
    held = dict.fromkeys(range(1, 67), 1)
    gathering, neighbours, effects = gatherer(held)
    for number in range(2, 67):
        neighbours.announced(number, [(number, 1)], newer=True)
    gathering.heard(Census((Group(tuple(held.items()), (1,)),)), 0)
    told: list[Frame] = []
    for minute in range(0, 24 * 60, 2):
        gathering.advance(minute * MINUTE)
        told += effects.take_frames()
    assert told
    assert all(isinstance(decode(frame.payload, SEAL), Census) for frame in told)


def spoken(told: Sequence[int]) -> int:
    """When, s, a census speaks of the 25 members near, if another tells of these before."""
    gathering, neighbours, effects = gatherer({5: 1})
    gathering.heard(Census((Group(((5, 1),), (1,)),)), 0)
    for number in range(2, 27):
        neighbours.announced(number, [(5, 1)], newer=True)
    for second in range(1, 3 * 3600):
        now = second * SECOND
        if told and second == 15 * 60:
            gathering.heard(Census((Group(((5, 1),), tuple(told)),)), now)
        gathering.advance(now)
        if effects.take_frames():
            return second
    return 0


def test_what_is_told_far_away_puts_off_nothing_that_waits_here() -> None:
    """Of 450 staffs each region gathers for itself; they had taken turns, ten minutes in all."""
    alone = spoken(())
    assert alone > 16 * 60
    assert spoken(range(30, 60)) == alone
    assert spoken([*range(2, 14), *range(30, 60)]) > alone
    assert spoken(range(2, 27)) == 0


def test_who_is_about_to_speak_lets_another_finish() -> None:
    """A census takes ten seconds over all relays, and two that meet are both lost."""
    gathering, neighbours, effects = gatherer({5: 1})
    for number in range(2, 27):
        neighbours.announced(number, [(5, 1)], newer=True)
    config = EngineConfig()
    gathering.advance(3 * MINUTE)
    gathering.heard(Census((Group(((5, 1),), tuple(range(30, 60))),)), 10 * HOUR)
    later = 10 * HOUR + config.census_apart_ms - 1
    gathering.advance(later)
    assert not effects.take_frames()
    gathering.advance(10 * HOUR + 2 * config.census_apart_ms)
    assert effects.take_frames()


def test_outsiders_say_nothing() -> None:
    """Without the network's key it is no frame."""
    room = Room(4, config=LARGE)
    room.write(1, b"text")
    room.hear(1, encode_census(Census((Group(((1, 1),), (2, 3)),)), SEAL))
    assert room.engines[1].holders(1, 1) == {1}


def test_a_recording_silences_nobody() -> None:
    """A census has no stamp, and one that tells something holds all others up for minutes."""
    room = halves()
    room.write(8, b"text")
    room.pass_time(3 * HOUR)
    old = censuses(room)[0].payload
    for author in (1, 8):
        room.write(author, b"text")
    for _ in range(180):
        for node in room.engines:
            room.hear(node, old, relays=3)
        room.pass_time(MINUTE)
    assert room.engines[1].holders(1, 1) == room.engines[8].holders(8, 2) == set(range(1, 13))


@pytest.mark.parametrize("announced", [False, True])
def test_who_tells_of_what_was_not_written_yet_silences_nobody(announced: bool) -> None:
    """It was taken for told, and nobody told more of that author for as long as anybody looked. A
    member that announces what it invents as well is no more believed."""
    room = halves()
    near = room.lost
    room.lost = lambda sender, receiver, frame: (
        near(sender, receiver, frame)
        or (
            frame.priority is Priority.WANT
            and frame not in censuses(room)
            and (sender <= 6) != (receiver <= 6)
        )
    )
    room.pass_time(MINUTE)
    if announced:
        have = Have(5, Summary(1, (100_000,)), 0, room.now // STEP_MS + 2)
        for node in set(room.engines) - {1, 5}:
            told = room.hear(node, encode_have(have, seal_of(room)))
            assert PeerHas(5, {1: 100_000}) in told
    forged = Census((Group(((1, 100_000),), tuple(range(1, 13))),))
    for node in room.engines:
        room.hear(node, encode_census(forged, seal_of(room)), relays=3)
    room.write(1, b"text")
    room.pass_time(20 * SECOND)
    assert len(room.engines[1].holders(1, 1)) < 12  # a lie of before is no receipt
    room.pass_time(3 * HOUR)
    assert room.engines[1].holders(1, 1) == set(range(1, 13))


def test_a_member_cannot_make_others_ask() -> None:
    """What it invented marks entries as received at most."""
    room = Room(4, config=LARGE)
    heads = tuple((author, 50) for author in range(1, 60))
    room.hear(4, encode_census(Census((Group(heads, (1, 2)),)), seal_of(room)))
    room.pass_time(5 * MINUTE)
    assert not [frame for _, _, frame in room.sent if frame.payload[0] >> 2 & 7 == WANT]


@pytest.mark.parametrize(
    ("keys", "soon"), [(["have:1"], True), (["want", "census"], False), ([], False)]
)
def test_an_announcement_that_found_no_room_on_the_air_is_made_anew(
    keys: list[str], soon: bool
) -> None:
    """On the full air of a large county a fifth lapsed, and the next one came 20 minutes later."""
    room = Room(3, config=LARGE)
    room.write(1, b"text")
    room.pass_time(HOUR)
    before = len(room.frames(Priority.HAVE))
    room.lost = lambda _s, _r, frame: frame.priority is Priority.HAVE
    room.engines[2].lapsed(keys, room.now)
    room.pass_time(LARGE.have_lapsed_ms + SECOND)
    assert (len(room.frames(Priority.HAVE)) == before + 1) is soon


def announced(room: Room, node: int) -> list[str]:
    """Keys of that node's announcements so far."""
    sent = (f.key for _, n, f in room.sent if n == node and f.priority is Priority.HAVE)
    return [key for key in sent if key]


def test_what_is_made_anew_speaks_of_the_same_authors() -> None:
    """In a county of more authors than one announcement holds."""
    room = Room(3, members=260, config=LARGE)
    room.pass_time(HOUR)
    room.write(1, b"text")
    before = len(announced(room, 2))
    while len(announced(room, 2)) == before:
        room.pass_time(10 * SECOND)
    lapsed = announced(room, 2)[before]
    assert lapsed == "have:0"
    room.engines[2].lapsed([lapsed], room.now)
    room.pass_time(LARGE.have_lapsed_ms + SECOND)
    assert announced(room, 2)[before + 1 :][:1] == [lapsed]


def test_each_of_several_that_lapsed_is_made_anew_before_what_is_newer() -> None:
    """One was, and the others waited for hours; or for an hour, where another range had news."""
    room = Room(3, members=260, config=LARGE)
    room.pass_time(HOUR)
    keys = ["have:0", "have:87", "have:174"]
    before = len(announced(room, 2))
    room.engines[2].lapsed(keys[1:], room.now)
    room.write(1, b"newer, of have:0")
    room.pass_time(2 * LARGE.have_lapsed_ms + SECOND)
    made = announced(room, 2)[before:]
    assert set(made[:2]) == set(keys[1:])


def test_a_range_that_is_no_more_is_not_made_anew_for_ever() -> None:
    """Ranges move as authors join."""
    room = Room(3, members=260, config=LARGE)
    room.pass_time(HOUR)
    room.lost = lambda _s, _r, frame: frame.priority is Priority.HAVE
    before = len(announced(room, 2))
    room.engines[2].lapsed(["have:88"], room.now)
    room.pass_time(HOUR)
    assert len(announced(room, 2)) - before <= 3


def test_announcements_that_lapse_again_and_again_come_ever_more_rarely() -> None:
    """The air is full, and each hearer that seems to lack something is answered."""
    room = Room(3, config=LARGE)
    room.write(1, b"text")
    room.pass_time(HOUR)
    before, lapses = len(announced(room, 2)), [room.now + SECOND]
    for _ in range(6 * HOUR // SECOND):
        made = len(announced(room, 2))
        room.pass_time(SECOND)
        if len(announced(room, 2)) > made:
            lapses.append(room.now + LARGE.control_expires_ms)
        if room.now in lapses:
            room.engines[2].lapsed(["have:1"], room.now)
    assert 18 <= len(announced(room, 2)) - before <= 30  # a quarter of an hour apart


def test_an_announcement_that_lapses_later_is_made_anew_as_soon_as_the_first() -> None:
    """What was said in between found room; and what lapsed in the same minute counts once."""
    room = Room(3, config=LARGE)
    room.write(1, b"text")
    room.pass_time(HOUR)
    for wait in (0, 30 * SECOND, 19 * MINUTE):
        room.pass_time(wait)
        before = len(announced(room, 2))
        room.engines[2].lapsed(["have:1"], room.now)
    room.pass_time(LARGE.have_lapsed_ms + SECOND)
    assert len(announced(room, 2)) > before
