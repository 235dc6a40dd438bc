# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""One fetches what many lack here and brings it together with what they lack there."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.feed.chain import Run
from sync.feed.log import VerifiedRun
from sync.feed.memory_log import MemoryLog
from sync.replica.compare.blocks import Blocks
from sync.replica.compare.wants import HINT_ATTEMPTS
from sync.replica.events import Frame, HeardFrame, Reach
from sync.wire.block import OF_ONE
from sync.wire.frames import (
    FRAME_MAX,
    Have,
    Index,
    Missing,
    Nack,
    PacketError,
    Part,
    Piece,
    Runs,
    Seal,
    Want,
)
from sync.wire.index import (
    RUNS_MAX,
    SHARE_MAX,
    SHARES,
    decode_parity,
    encode_parity,
    in_symbols,
    index_bytes,
    pieces_of,
    read_index,
    room_of,
)
from sync.wire.packet import decode, encode_want
from tests.unit.sync.net import (
    HOUR,
    MINUTE,
    NODES,
    SECOND,
    WEST,
    Room,
    complete,
    contents,
    halves,
    make_up,
    operation,
)

SEAL = Seal(b"network-id-0-16-", b"k" * 32)
ENTRIES = 6

pieces = st.builds(
    Piece,
    st.integers(0, 1023),
    st.integers(1, 1 << 20),
    st.integers(1, 31),
    st.integers(1, 255),
)


# --- bytes ----------------------------------------------------------------------------------------


@given(st.integers(1, 63), st.lists(pieces, min_size=1, max_size=RUNS_MAX))
def test_an_index_says_what_it_was_told(parities: int, found: list[Piece]) -> None:
    """Also where runs of one author follow each other; zeros at its end are nothing."""
    chained = [
        *found[:30],
        *(replace_piece(each, found[-1].author, each.last + 1) for each in found[:30]),
    ]
    for each in (found, chained):
        index = Index(parities, tuple(each))
        data = index_bytes(index)
        assert len(data) % SHARES == 0
        assert read_index(data + bytes(SHARES)) == index


def replace_piece(piece: Piece, author: int, first: int) -> Piece:
    """The same with other names."""
    return piece._replace(author=author, first=first)


@given(st.binary(max_size=200))
def test_odd_bytes_are_an_error_or_an_index(data: bytes) -> None:
    """Nothing but PacketError."""
    try:
        index = read_index(data)
    except PacketError:
        return
    assert index.pieces
    assert all(piece.operations and piece.size for piece in index.pieces)


@given(st.binary(max_size=FRAME_MAX))
def test_odd_bytes_under_a_members_key_are_an_error_or_a_parity(content: bytes) -> None:
    """What is read is sent as the same bytes, and harms no block."""
    blocks = Blocks(MemoryLog())
    for number in range(SHARES + 1):
        head = int.from_bytes(content[:4].ljust(4, b"\0"), "big") & ~(63 << 12) | number << 12
        body = head.to_bytes(4, "big") + content[4 : FRAME_MAX - 5]
        frame = SEAL.close(bytes((0x6C,)) + body)
        try:
            found = decode(frame, SEAL)
        except PacketError:
            continue
        assert isinstance(found, Part)
        assert found.indexed
        assert encode_parity(found, SEAL) == frame
        blocks.add(found, 0)
    with pytest.raises(PacketError):
        decode_parity(bytes(9), 0)


def log_of(runs: list[Run]) -> MemoryLog:
    """A log that holds these, whoever vouches for them."""
    log = MemoryLog()
    for run in runs:
        chains = tuple(bytes([run.author % 256, n]) * 8 for n in range(len(run.operations)))
        log.store([VerifiedRun(run.author, run.first, run.operations, chains, run.signature)])
    return log


@pytest.mark.parametrize("seed", range(20))
def test_each_side_needs_no_more_than_it_lacks(seed: int) -> None:
    """As many parities as it lacks symbols, whichever, give a side the other's runs; one less
    nothing."""
    rng = random.Random(seed)
    runs = [
        Run(author, 1, (operation(rng.randbytes(rng.randint(1, 60))),), rng.randbytes(64))
        for author in range(1, rng.randint(20, 32))
    ]
    cut = rng.randint(1, len(runs) - 1)
    index = Index(40, pieces_of(runs))
    count = -(-sum(piece.size for piece in index.pieces) // room_of(runs))
    parts = Blocks(log_of(runs)).made_of(runs, 16 * 3, count, index, 0, 0)
    assert all(len(encode_parity(part, SEAL)) <= FRAME_MAX for part in parts)
    for side, lacks in ((runs[:cut], runs[cut:]), (runs[cut:], runs[:cut])):
        held = in_symbols(index.pieces, count, [run if run in side else None for run in runs])
        needed = max(SHARES, count - len(held))
        if needed > len(parts):
            continue
        blocks, found = Blocks(log_of(side)), list[Run]()
        came = rng.sample(parts, needed)
        for part in came[:-1]:
            assert not blocks.add(part, 0)
        assert blocks.of(came[0], 0).missing >= 1
        found = blocks.add(came[-1], 0)
        assert found == lacks
        assert blocks.of(came[0], 0).whole


def some_runs(rng: random.Random, count: int) -> list[Run]:
    """One of each author."""
    return [
        Run(author, 1, (operation(rng.randbytes(rng.randint(10, 60))),), rng.randbytes(64))
        for author in range(1, count + 1)
    ]


def parts_of(runs: list[Run], parities: int) -> list[Part]:
    """The parities of a block of these."""
    index = Index(parities, pieces_of(runs))
    count = -(-sum(piece.size for piece in index.pieces) // room_of(runs))
    return Blocks(log_of(runs)).made_of(runs, 16 * 3, count, index, 0, 0)


def test_a_small_block_has_its_index_too() -> None:
    """Fewer symbols than shares: nothing is read before the index; answers are parities of it."""
    parts = parts_of(some_runs(random.Random(3), 6), SHARES)
    assert parts[0].count < SHARES
    blocks = Blocks(MemoryLog())
    for part in parts[:-1]:
        assert not blocks.add(part, 0)
        assert blocks.of(part, 0).another(random.Random(1)) is None
    assert len(blocks.add(parts[-1], 0)) == 6
    answer = blocks.of(parts[0], 0).another(random.Random(1))
    assert answer is not None
    assert decode(encode_parity(answer, SEAL), SEAL) == answer
    assert answer.number >= answer.count + SHARES


@pytest.mark.parametrize("place", range(14))
def test_one_made_up_part_spoils_no_block(place: int) -> None:
    """Whichever it replaces, one part more gives back all; what came first stays."""
    runs = some_runs(random.Random(4), 25)
    parts = parts_of(runs, 14)
    log = log_of(runs[:12])
    blocks = Blocks(log)
    needed = parts[0].count - len(in_symbols(pieces_of(runs), parts[0].count,
                                             [*runs[:12], *[None] * 13]))  # fmt: skip
    false = replace(
        parts[place], symbol=b"x" * len(parts[0].symbol), share=b"y" * len(parts[0].share)
    )
    came = [false if part is parts[place] else part for part in parts]
    found: list[Run] = []
    for part in came[: max(needed, SHARES) + 2]:
        found += blocks.add(part, 0)
        blocks.add(replace(part, symbol=b"z" * len(part.symbol)), 0)
    assert found == runs[12:]


def test_a_block_whose_index_is_too_long_is_none() -> None:
    """So its sender makes two of them."""
    far = [Run(author, 1 << 20, (operation(b"x"),), b"s" * 64) for author in range(1, 36)]
    near = [replace(run, first=900) for run in far]
    assert room_of(far) == 0
    assert room_of(near * 2) == 0
    assert room_of(near) > 190
    assert len(index_bytes(Index(1, pieces_of(near)))) <= SHARES * SHARE_MAX


# --- what nodes do --------------------------------------------------------------------------------


def strong(entries: int = ENTRIES, size: int = 30) -> Room:
    """Two halves that hear each other well once they do."""
    return halves(entries, size, snr_db=3.0)


def relayed(room: Room, since: int) -> list[Part | Runs]:
    """What was relayed of operations."""
    return [
        content
        for _, reach, content in contents(room, since)
        if reach is Reach.RELAYED and isinstance(content, Part | Runs)
    ]


def courier(room: Room, since: int) -> tuple[int, int]:
    """Who asked to bring it, and whom, first."""
    return next(
        (who, content.target)
        for who, _, content in contents(room, since)
        if isinstance(content, Want) and content.courier
    )


def nothing(_sender: int, _receiver: int, _frame: Frame) -> bool:
    """Everybody hears everybody."""
    return False


def across(sender: int, receiver: int, _frame: Frame) -> bool:
    """The halves do not hear each other."""
    return (sender in WEST) is not (receiver in WEST)


def test_one_brings_both_sides_what_they_lack() -> None:
    """Over relays goes what one half lacks, not what both do; the rest to the courier alone."""
    weak, room = halves(ENTRIES, 30), strong()
    parts = {}
    for each in (weak, room):
        before = len(each.sent)
        each.lost = nothing
        each.pass_time(HOUR)
        assert complete(each, ENTRIES)
        parts[each] = relayed(each, before)
    assert all(isinstance(part, Part) and part.indexed for part in parts[room])
    index = -(-sum(1 for _ in parts[weak]) // 2)
    assert len(parts[room]) <= max(index + 1, SHARES)
    questions = [c for _, _, c in contents(room, before) if isinstance(c, Want)]
    assert len(questions) == 1
    assert questions[0].courier


def test_who_misses_parts_gets_parities_of_it() -> None:
    """It says how many it misses; who knows all of the block makes more."""
    room = strong(8)
    before = len(room.sent)
    heard = dict.fromkeys(range(1, NODES + 1), 0)

    def lost(_sender: int, receiver: int, frame: Frame) -> bool:
        if receiver in (4, 8) and frame.payload[0] == 0x6C and frame.reach is Reach.RELAYED:
            heard[receiver] += 1
            return heard[receiver] % 2 == 1
        return False

    room.lost = lost
    room.pass_time(25 * MINUTE)
    assert complete(room, 8)
    found = contents(room, before)
    asked = [c for who, _, c in found if who in (4, 8) and isinstance(c, Nack | Want)]
    assert any(isinstance(content, Nack) for content in asked)
    answers = [c for _, _, c in found if isinstance(c, Part) and c.indexed]
    planned = max(c.number for c in answers if c.number < 2 * c.count)
    assert any(c.number > planned for c in answers)


@pytest.mark.parametrize("dies", ["courier", "server"])
@pytest.mark.parametrize("after", [1, 4, 9, 14])
def test_whoever_dies_the_others_have_it_within_the_hour(dies: str, after: int) -> None:
    """The courier or who sends to it, after so many frames: the others wait for minutes."""
    room = strong()
    before = len(room.sent)
    room.lost = nothing
    while not any(isinstance(c, Want) and c.courier for _, _, c in contents(room, before)):
        room.pass_time(SECOND)
    asked = len(room.sent)
    pair = courier(room, before)
    while len(room.sent) < asked + after and not complete(room, ENTRIES):
        room.pass_time(SECOND)
    gone = pair[dies == "server"]
    del room.engines[gone]
    room.pass_time(HOUR)
    held = {author for author in range(1, NODES + 1) if author != gone}
    for author in held:
        assert set(room.heads(author)) == {ENTRIES}


def test_what_a_courier_cannot_fetch_comes_over_relays() -> None:
    """Where the link between them fails after all, nobody lacks anything for long: what a courier
    was sent before goes to all the next time."""
    room = strong()
    before = len(room.sent)
    room.lost = lambda _s, _r, frame: frame.payload[0] == 0x60 and frame.reach is Reach.NEIGHBOURS
    room.pass_time(20 * MINUTE)
    assert complete(room, ENTRIES)
    assert any(not part.indexed for part in relayed(room, before) if isinstance(part, Part))


def test_two_who_would_bring_it_are_one_too_many() -> None:
    """Nobody but whom it asks hears of the first; when it hears of the second it gives up."""
    room = strong()
    before = len(room.sent)
    first: list[tuple[int, int]] = []

    def lost(sender: int, receiver: int, frame: Frame) -> bool:
        if frame.key == "want" and frame.reach is Reach.RELAYED and not first:
            content = decode(frame.payload, Seal(room.network.network_id, room.network.network_key))
            assert isinstance(content, Want)
            first.append((sender, content.target))
        asks = frame.key == "want" and (sender, receiver) not in first
        fetched = frame.payload[0] == 0x60 and receiver != first[0][0]  # which would quiet others
        return bool(first) and ((asks and sender == first[0][0]) or fetched)

    room.lost = lost
    room.pass_time(HOUR)
    assert complete(room, ENTRIES)
    questions = [who for who, _, c in contents(room, before) if isinstance(c, Want) and c.courier]
    assert len(set(questions)) > 1
    parts = [part for part in relayed(room, before) if isinstance(part, Part) and part.indexed]
    assert first[0][0] not in {part.block // OF_ONE for part in parts}


def test_who_promises_and_brings_nothing_is_not_waited_for_again() -> None:
    """A member that asks as a courier without end holds the others up once, for minutes."""
    room = strong()
    seal = Seal(room.network.network_id, room.network.network_key)
    before = len(room.sent)
    room.lost = nothing
    while not any(isinstance(c, Want) and c.courier for _, _, c in contents(room, before)):
        room.pass_time(SECOND)
    question = next(c for _, _, c in contents(room, before) if isinstance(c, Want) and c.courier)
    liar = question.sender
    del room.engines[liar]
    for turn in range(1, 16):
        false = replace(question, stamp=question.stamp + 3 * turn)
        for node in room.engines:
            heard = HeardFrame(encode_want(false, seal), 3.0, relays=1)
            room.engines[node].receive(heard, room.now)
        room.pass_time(50 * SECOND)
        if complete(room, ENTRIES):
            break
    assert complete(room, ENTRIES)
    assert turn <= 10


def test_a_recording_of_such_a_block_holds_nobody_up_for_long() -> None:
    """Played back when the next partition ends, it brings nothing and stops nothing."""
    room = strong()
    before = len(room.sent)
    room.lost = nothing
    room.pass_time(HOUR)
    recorded = [
        (frame.payload, 1 if frame.reach is Reach.RELAYED else 0)
        for _, _, frame in room.sent[before:]
        if frame.payload[0] >> 5 == 3
    ]
    room.lost = across
    for number in range(1, NODES + 1):
        room.write(number, *[bytes([number, part, 7]) * 15 for part in range(ENTRIES)])
    room.pass_time(HOUR)
    room.lost = nothing
    for _ in range(120):
        for node in room.engines:
            for payload, relays in recorded:
                frame = HeardFrame(payload, 3.0, relays=relays)
                room.engines[node].receive(frame, room.now)
        room.pass_time(15 * SECOND)
    assert complete(room, 2 * ENTRIES)


def test_what_a_member_invents_of_it_is_not_believed() -> None:
    """Parities that are none give runs that no signature fits; it comes otherwise."""
    room = strong()

    def instead(part: Part) -> Part | None:
        if not part.indexed or len(made) >= 3:
            return None
        return replace(part, symbol=b"x" * len(part.symbol))

    made = make_up(room, 8, instead)
    room.pass_time(2 * HOUR)
    assert made
    assert complete(room, ENTRIES)


def test_an_index_of_what_does_not_exist_is_asked_for_in_vain_and_not_for_ever() -> None:
    """A member can say that there is more; nothing else waits for it. Where nobody else says
    anything either, it is asked for five times more with the next voice."""
    room = Room(NODES)
    seal = Seal(room.network.network_id, room.network.network_key)
    room.pass_time(MINUTE)
    invented = [
        Run(3, 1 + 5 * at, (operation(bytes([at]) * 20),) * 5, b"s" * 64) for at in range(6)
    ]
    index = Index(12, pieces_of(invented))
    count = -(-sum(piece.size for piece in index.pieces) // room_of(invented))
    for part in Blocks(log_of(invented)).made_of(invented, 16 * 5, count, index, 0, 0)[:SHARES]:
        for node in (1, 2):
            frame = HeardFrame(encode_parity(part, seal), 3.0, relays=1)
            room.engines[node].receive(frame, room.now)
    before = len(room.sent)
    room.write(4, b"real")
    room.pass_time(3 * HOUR)
    assert room.heads(4) == [1] * NODES
    found = [content for _, _, content in contents(room, before)]
    assert sum(isinstance(content, Nack) for content in found) <= 2 * room.config.nack_tries
    assert sum(isinstance(content, Want) for content in found) <= 2 * 2 * HINT_ATTEMPTS


def test_a_block_of_what_all_know_keeps_nobody_from_answering() -> None:
    """Made up under the network key, it names what its hearer holds: nobody asked for it, so the
    next question about that is answered as ever."""
    room = strong()
    seal = Seal(room.network.network_id, room.network.network_key)
    false = [Run(5, 1, (operation(b"not that"),) * 5, b"s" * 64)]
    index, blocks = Index(SHARES, pieces_of(false)), Blocks(log_of(false))
    for number in (7 * OF_ONE, 7 * OF_ONE + 1):
        for part in blocks.made_of(false, number, 1, index, 0, room.now):
            room.hear(6, encode_parity(part, seal), relays=1)
    stamp = 1 + max(c.stamp for _, _, c in contents(room, 0) if isinstance(c, Have))
    before = len(room.sent)
    room.hear(6, encode_want(Want(1, (Missing(5, 1, 6),), stamp, target=6), seal))
    room.pass_time(10 * SECOND)
    answers = [c for who, _, c in contents(room, before) if who == 6 and isinstance(c, Runs)]
    assert [run.first for answer in answers for run in answer.runs if run.author == 5][:1] == [1]


def test_nodes_of_before_have_it_too() -> None:
    """They know neither such a question nor such parities, and ask their neighbours."""
    room = strong()
    old = {3, 7}
    room.lost = lambda _s, receiver, frame: receiver in old and frame.payload[0] == 0x6C
    room.pass_time(HOUR)
    assert complete(room, ENTRIES)


def test_much_goes_in_several_blocks() -> None:
    """Of which each holds some of both sides."""
    room = strong(12)
    before = len(room.sent)
    room.lost = nothing
    room.pass_time(HOUR)
    assert complete(room, 12)
    blocks = {part.block for part in relayed(room, before) if isinstance(part, Part)}
    assert len(blocks) >= 2


def test_who_was_off_meanwhile_has_all_of_it_too() -> None:
    """It lacks both halves and has no symbol of its own to begin with."""
    room = strong()
    log = MemoryLog()
    log.store(room.network.roster_runs(len(room.network.certificates)))
    room.start(8, log)  # lost its log: it has nothing of what was written
    room.lost = across
    room.pass_time(SECOND)
    room.lost = nothing
    room.pass_time(2 * HOUR)
    assert complete(room, ENTRIES)


def test_a_sweep_for_a_courier_is_not_turned_into_one_for_all() -> None:
    """Another asks the same node for the same, for all: it waits for the courier like the rest."""
    room = strong()
    before = len(room.sent)
    room.lost = nothing
    while not any(isinstance(c, Want) and c.courier for _, _, c in contents(room, before)):
        room.pass_time(SECOND)
    bringer, server = courier(room, before)
    question = next(c for _, _, c in contents(room, before) if isinstance(c, Want) and c.courier)
    room.pass_time(12 * SECOND)
    seal = Seal(room.network.network_id, room.network.network_key)
    other = next(n for n in room.engines if n != bringer and (n in WEST) is (bringer in WEST))
    stamp = question.stamp + 1
    again = replace(question, sender=other, mesh=False, stamp=stamp)
    room.engines[server].receive(HeardFrame(encode_want(again, seal), 3.0, relays=1), room.now)
    room.pass_time(HOUR)
    assert complete(room, ENTRIES)
    assert all(isinstance(part, Part) and part.indexed for part in relayed(room, before))
