# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Blocks: any parts that are enough give back every run, and what is missing is asked for."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.feed.chain import Run
from sync.feed.memory_log import MemoryLog
from sync.replica.compare.blocks import Blocks
from sync.replica.compare.sweep import Sweep
from sync.replica.config import EngineConfig
from sync.replica.engine import Engine
from sync.replica.events import HeardFrame, Reach
from sync.replica.feeds import Feeds
from sync.wire.block import (
    NOWHERE,
    OF_ONE,
    SYMBOL_MAX,
    decode_nack,
    decode_part,
    encode_nack,
    encode_part,
    in_parts,
    runs_in,
)
from sync.wire.erasure import SYMBOLS_MAX, parity, recovered
from sync.wire.frames import FRAME_MAX, Nack, PacketError, Part, Seal, Want
from sync.wire.packet import decode
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
    patient,
)

SEAL = Seal(b"network-id-0-16-", b"k" * 32)


def some_runs(rng: random.Random, count: int) -> list[Run]:
    """Runs of different authors, as long as a frame can carry."""
    return [
        Run(
            author,
            rng.randint(1, 5000),
            tuple(operation(rng.randbytes(rng.randint(1, 60))) for _ in range(rng.randint(1, 2))),
            rng.randbytes(64),
        )
        for author in range(1, count + 1)
    ]


@given(st.data())
def test_any_parts_that_are_enough_give_back_all_symbols(data: st.DataObject) -> None:
    """Whichever are lost; with one part less there is nothing."""
    count = data.draw(st.integers(1, 16))
    extra = data.draw(st.integers(0, SYMBOLS_MAX - 16))
    size = data.draw(st.integers(1, 30))
    symbols = data.draw(st.lists(st.binary(min_size=size, max_size=size), min_size=count,
                                 max_size=count))  # fmt: skip
    came = data.draw(st.sets(st.integers(0, count + extra - 1)))
    found = recovered(
        {n: symbols[n] for n in came if n < count},
        {n - count: parity(symbols, n - count) for n in came if n >= count},
        count,
    )
    assert found == (symbols if len(came) >= count else None)


def test_the_code_is_the_one_that_was_promised() -> None:
    """Other programs make the same parities: the Cauchy matrix over the field of RFC 5510."""
    symbols = [b"\x01\x02", b"\x03\x80"]
    assert [parity(symbols, number).hex() for number in (0, 1)] == ["e763", "79a9"]


@pytest.mark.parametrize("seed", range(20))
def test_runs_come_back_from_the_parts_that_came(seed: int) -> None:
    """All of them if there are enough; else those that lie wholly within what came."""
    rng = random.Random(seed)
    runs = some_runs(rng, rng.randint(3, 25))
    parts = [part for part, _ in in_parts(runs, 5, 25)]
    for part in parts:
        payload = encode_part(part, SEAL)
        assert len(payload) <= FRAME_MAX
        assert decode(payload, SEAL) == part
    count = parts[0].count
    for lost in range(len(parts)):
        kept = rng.sample(parts, len(parts) - lost)
        blocks, found = Blocks(MemoryLog()), list[Run]()
        for part in kept:
            found += blocks.add(part, 0)
        assert len(found) == len(set(found)), "none twice"
        assert set(found) <= set(runs)
        if len(kept) >= count:
            assert set(found) == set(runs)


def test_every_run_ends_in_one_part() -> None:
    """So its sender knows what has been sent with each, parities with nothing."""
    runs = some_runs(random.Random(1), 25)
    parts = in_parts(runs, 5, 25)
    assert [run for _, ended in parts for run in ended] == runs
    assert not any(ended for part, ended in parts if part.number >= part.count)
    assert all(part.start == NOWHERE for part, _ in parts if part.number >= part.count)
    assert all(len(part.symbol) <= SYMBOL_MAX for part, _ in parts)


@given(st.binary(max_size=FRAME_MAX))
def test_odd_bytes_under_a_members_key_are_an_error_or_a_part(content: bytes) -> None:
    """Nothing but PacketError, and what is read is sent as the same bytes."""
    for kind in (0x60, 0x68):
        frame = SEAL.close(bytes((kind,)) + content[: FRAME_MAX - 5])
        try:
            found = decode(frame, SEAL)
        except PacketError:
            continue
        assert isinstance(found, Part | Nack)
        if isinstance(found, Part):
            assert encode_part(found, SEAL) == frame
            Blocks(MemoryLog()).add(found, 0)


def test_a_nack_that_asks_for_nothing_is_none() -> None:
    """Nor one for more than there is; nor one of another length."""
    good = encode_nack(Nack(3, 403, 11, 2, 25, 7), SEAL)
    assert decode_nack(good, 0) == Nack(3, 403, 11, 2, 25, 7)
    for nack in (Nack(3, 403, 11, 0, 25, 7), Nack(3, 403, 11, 12, 25, 7)):
        with pytest.raises(PacketError):
            decode_nack(encode_nack(nack, SEAL), 0)
    with pytest.raises(PacketError):
        decode_nack(good + b"\0", 0)
    with pytest.raises(PacketError):
        decode_part(bytes(9), 0)


def test_runs_that_were_torn_are_left_out() -> None:
    """What begins before the first part that came, and what ends after the last."""
    runs = some_runs(random.Random(3), 12)
    parts = [part for part, _ in in_parts(runs, 5, 0)]
    middle = {part.number: part for part in parts[1:-1]}
    found = runs_in(
        {n: part.symbol for n, part in middle.items()}, {n: p.start for n, p in middle.items()}
    )
    assert found
    assert set(found) < set(runs)


# --- in the engine ------------------------------------------------------------------------------


def test_who_misses_parts_gets_parities_from_a_neighbour() -> None:
    """It says how many it misses and does not list its gaps; parities come for that."""
    room = halves(6, 30)
    before = len(room.sent)
    room.lost = lambda _sender, receiver, frame: (
        receiver == 7
        and frame.reach is Reach.RELAYED
        and frame.payload[0] == 0x60
        and frame.payload[3] >> 5 & 1  # of every second part
    )
    room.pass_time(HOUR)

    sent = contents(room, before)
    assert complete(room, 6)
    asked = [content for who, _, content in sent if who == 7 and isinstance(content, Nack | Want)]
    first = next(place for place, content in enumerate(asked) if isinstance(content, Nack))
    assert all(isinstance(content, Nack) for content in asked[first:])
    assert any(reach is Reach.NEIGHBOURS and isinstance(c, Part) for _, reach, c in sent)


def test_who_missed_all_of_a_block_asks_for_it_as_always() -> None:
    """It knows of no block, and neighbours answer with runs."""
    room = halves(6, 30)
    before = len(room.sent)
    room.lost = lambda _s, receiver, frame: receiver == 8 and frame.payload[0] >> 5 == 3
    room.pass_time(HOUR)

    assert complete(room, 6)
    assert not any(isinstance(c, Nack) for who, _, c in contents(room, before) if who == 8)


def test_what_a_member_invented_is_not_passed_on() -> None:
    """A parity that is none makes other runs of a block: they are refused, what is missing is
    asked for otherwise, and nobody answers with more of it."""
    room = halves(6, 30)

    def instead(part: Part) -> Part | None:
        if part.number != 1:
            return None
        return replace(part, number=part.count + 9, symbol=b"x" * len(part.symbol))

    made = make_up(room, 8, instead)
    room.pass_time(2 * HOUR)
    assert made
    assert complete(room, 6)


def test_a_recording_does_not_keep_a_sweep_from_going_on_for_long() -> None:
    """Who hears another send the same waits: five minutes at most, whatever else comes."""
    room = Room(NODES, config=patient())
    runs = []
    for number in range(1, NODES + 1):
        runs += room.append(number, [bytes([number, part]) * 40 for part in range(12)])
    network = room.network
    feeds = Feeds(room.logs[1], network.network_id, network.root.public_key().public_bytes_raw())
    config = EngineConfig()
    seal = Seal(network.network_id, network.network_key)
    sweep = Sweep(1, feeds, Blocks(MemoryLog()), seal, config, random.Random(1))
    for run in runs:
        room.logs[1].store([run] if run.author != 1 else [])
    feeds.reload()
    sweep.begin([(author, 1, 12) for author in range(1, NODES + 1)], 0)
    held = [Run(run.author, run.first, run.operations, run.signature) for run in runs]
    first: int | None = None
    for now in range(0, 20 * MINUTE, SECOND):
        part = Part(2 * OF_ONE, 30, 11, b"x", NOWHERE)
        sweep.rivals(part, held, now)
        if sweep.advance(now) is not None and first is None:
            first = now
    assert first is not None
    assert config.backlog_yield_ms < first <= config.backlog_yield_most_ms + 2 * MINUTE


def test_nacks_without_end_cost_little() -> None:
    """A member that asks again and again gets each parity once, and no more than 40 in an hour."""
    room = halves(6, 30)
    room.lost = lambda _s, _r, _f: False
    while not complete(room, 6):
        room.pass_time(MINUTE)
    seal = Seal(room.network.network_id, room.network.network_key)
    parts = [c for _, _, c in contents(room, 0) if isinstance(c, Part)]
    assert parts
    before = len(room.sent)
    for turn in range(60):
        for part in {part.block: part for part in parts}.values():
            stamp = room.now // 16_000 + 2 + turn
            nack = Nack(8, part.block, part.count, part.count, 1, stamp)
            room.engines[1].receive(HeardFrame(encode_nack(nack, seal), 3.0), room.now)
        room.pass_time(5 * SECOND)
    sent = [c for who, _, c in contents(room, before) if who == 1 and isinstance(c, Part)]
    assert len(sent) == len(set(sent)) <= 40


def test_what_is_owed_ends_with_the_block_that_it_is_owed_of() -> None:
    """Others of the same number, that a member made up or that came anew after it was forgotten,
    are asked for nothing that they have not (a KeyError once stopped the node)."""
    room = halves(6, 30)
    room.lost = lambda _s, _r, _f: False
    while not complete(room, 6):
        room.pass_time(MINUTE)
    seal = Seal(room.network.network_id, room.network.network_key)
    part = next(c for _, _, c in contents(room, 0) if isinstance(c, Part))
    nack = Nack(8, part.block, part.count, 3, 1, room.now // 16_000 + 2)
    room.engines[1].receive(HeardFrame(encode_nack(nack, seal), 3.0), room.now)
    for size in (1, 2):
        forged = replace(part, number=3, symbol=b"x" * size, start=NOWHERE)
        room.engines[1].receive(HeardFrame(encode_part(forged, seal), relays=1), room.now)
    before = len(room.sent)
    room.pass_time(MINUTE)
    sent = [c for who, _, c in contents(room, before) if who == 1 and isinstance(c, Part)]
    assert len(sent) >= 3
    assert all(len(each.symbol) == len(part.symbol) for each in sent)


def test_a_block_that_was_forgotten_owes_nothing() -> None:
    """It begins anew with the next part, without what was known of it."""
    blocks = Blocks(MemoryLog())
    parts = [part for part, _ in in_parts(some_runs(random.Random(1), 12), 5, 25)]
    for part in parts:
        blocks.add(part, 0)
    old = blocks.of(parts[0], 10 * MINUTE)
    assert old.whole
    assert old.another(random.Random(1)) is not None
    new = blocks.of(parts[0], 20 * MINUTE)
    assert not new.whole
    assert new.another(random.Random(1)) is None


def test_blocks_under_a_later_key_are_known_to_who_sent_them() -> None:
    """What the others hear and what it keeps is one block."""
    room = Room(NODES, config=patient())
    keys = {0: room.network.network_key, 1: b"l" * 32}
    for engine in room.engines.values():
        engine.use_keys(1, keys)
    room.lost = lambda sender, receiver, _frame: (sender in WEST) is not (receiver in WEST)
    for number in range(1, NODES + 1):
        room.write(number, *[bytes([number, part]) * 30 for part in range(6)])
    room.pass_time(HOUR)
    room.lost = lambda _s, _r, _f: False
    before = len(room.sent)
    while not complete(room, 6):
        room.pass_time(MINUTE)
    seal = Seal(room.network.network_id, room.network.network_key)
    seal.change(1, keys)
    parts = [
        (who, content)
        for _, who, frame in room.sent[before:]
        if isinstance(content := decode(frame.payload, seal), Part)
    ]
    sender, part = parts[0]
    before = len(room.sent)
    for turn in range(2):
        nack = Nack(8 if sender != 8 else 7, part.block, part.count, 2, sender, 0)
        nack = replace(nack, stamp=room.now // 16_000 + 2 + turn)
        frame = HeardFrame(encode_nack(nack, seal), 3.0, 1, relays=1)
        room.engines[sender].receive(frame, room.now)
        room.pass_time(2 * MINUTE)
    sent = [decode(frame.payload, seal) for _, who, frame in room.sent[before:] if who == sender]
    more = [content for content in sent if isinstance(content, Part)]
    assert len(more) == len(set(more)) == 4
    assert {each.epoch for each in more} == {1}


def test_who_yields_with_parities_alone_is_done() -> None:
    """Nothing is left to be sent: it does not wake again and again and use up its account."""
    room = Room(NODES, config=patient())
    room.append(1, [bytes([part]) * 60 for part in range(12)])
    network = room.network
    feeds = Feeds(room.logs[1], network.network_id, network.root.public_key().public_bytes_raw())
    seal = Seal(network.network_id, network.network_key)
    sweep = Sweep(1, feeds, Blocks(MemoryLog()), seal, EngineConfig(), random.Random(1))
    feeds.reload()
    sweep.begin([(1, 1, 12)], 0)
    now, part = 0, None
    while part is None or part.number < part.count:
        now += SECOND
        repair = sweep.advance(now)
        part = repair.content if repair is not None and isinstance(repair.content, Part) else part
    run = room.logs[1].operations(1, 1, 1)
    held = [Run(1, 1, tuple(run), b"s" * 64)]
    sweep.rivals(Part(2 * OF_ONE, 30, 11, b"x", NOWHERE), held, now)
    sweep.begin([(1, 1, 1)], now)
    sweep.rivals(Part(2 * OF_ONE, 30, 11, b"x", NOWHERE), held, now)
    sweep.strike(1, 1, 12)
    assert sweep.advance(now + HOUR) is None
    assert sweep.deadline is None


def test_who_has_no_feed_asks_for_no_parts() -> None:
    """Nobody would know whom to answer; it asks as always."""
    room = halves(6, 30)
    log = room.logs[8]
    room.engines[8] = Engine(
        log,
        network_id=room.network.network_id,
        network_key=room.network.network_key,
        root_public=room.network.root_public,
        author=None,
        rng=random.Random(8),
        now=room.now,
        config=room.config,
    )
    before = len(room.sent)
    room.lost = lambda _s, receiver, frame: receiver == 8 and frame.payload[3] >> 5 & 1 == 1
    room.pass_time(HOUR)
    assert not any(isinstance(c, Nack) for who, _, c in contents(room, before) if who == 8)
