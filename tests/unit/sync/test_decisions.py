# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the root decides about forked feeds, its own among them, reaches whoever held the other."""

from __future__ import annotations

import copy

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sync.feed import chain as feed
from sync.feed.chain import Run
from sync.feed.choice import choose
from sync.feed.log import VerifiedRun
from sync.feed.memory_log import MemoryLog
from sync.feed.records import Certificate, Reopening, Revocation
from sync.feed.roster import ROOT, read_roster
from sync.feed.settle import settle
from sync.replica.events import Priority
from sync.schema.urgency import Urgency
from sync.wire.forks import encode_choice
from sync.wire.frames import Chosen, PacketError, Seal
from sync.wire.packet import decode, encode_runs
from tests.unit.sync.net import HOUR, MINUTE, Room, operation, patient


def grown(room: Room, log: MemoryLog, author: int, *texts: bytes) -> list[VerifiedRun]:
    """What that author signs next on a copy of its feed."""
    network = room.network
    key, origin = network.keys[author], network.origin(author)
    return [
        feed.append(log, key, network.network_id, author, origin, [operation(text)])
        for text in texts
    ]


def frame(run: VerifiedRun, prefix: bytes | None = None) -> bytes:
    """A run on the air."""
    return encode_runs((Run(run.author, run.first, run.operations, run.signature, prefix),))


def bring(room: Room, node: int, record: bytes) -> None:
    """The root decides; the record comes to one node on a stick."""
    run = room.network.decide(record)
    room.logs[node].store([run])
    room.engines[node].reload(room.now)


@pytest.mark.parametrize("anchor", [2, 4])
def test_an_island_does_not_make_the_losing_branch_ours(anchor: int) -> None:
    """Who holds the losing branch and, behind a gap, a piece of the winning one switches as well:
    it once took the anchor in the island for its own, for good."""
    room = Room(3, members=4, config=patient())
    losing, winning = MemoryLog(), MemoryLog()
    for log in (losing, winning):
        common = grown(room, log, 4, b"common")[0]
    left = grown(room, losing, 4, b"left")[0]
    right = grown(room, winning, 4, b"right", b"more", b"and more", b"last")
    room.hear(1, frame(common))
    room.hear(1, frame(left))
    room.hear(1, frame(right[2], right[1].chains[-1]))
    for node in (2, 3):
        for run in (common, *right):
            room.hear(node, frame(run))
    assert room.logs[1].islands(4) == [(4, 4)]

    bring(room, 1, Reopening(4, anchor, right[anchor - 2].chains[-1]).encode())
    room.pass_time(6 * HOUR)

    assert room.heads(4) == [5, 5, 5]
    assert {log.chain(4, 5) for log in room.logs.values()} == {right[-1].chains[-1]}
    assert left.operations in [run.operations for run in room.logs[1].aside]


@pytest.mark.parametrize("signed_late", [False, True])
@pytest.mark.parametrize("length", [4, 60])
def test_a_fork_behind_a_decision_is_open_for_all_or_none(
    length: int, *, signed_late: bool
) -> None:
    """The root decides on an entry before the fork. Who knows of the fork by its proof alone cannot
    tell whether the other branch continues that entry, and once went on with its own for good."""
    room = Room(3, members=4, config=patient())
    ours, theirs = MemoryLog(), MemoryLog()
    for log in (ours, theirs):
        common = grown(room, log, 4, b"common")[0]
    left = grown(room, ours, 4, b"left")[0]
    right = grown(room, theirs, 4, b"r" * length, b"more")
    for node in (1, 2, 3):
        for run in (common, left):
            room.hear(node, frame(run))
    if signed_late:
        first, last = right
        both = (*first.operations, *last.operations)
        right = [VerifiedRun(4, 2, both, (*first.chains, *last.chains), last.signature)]
    room.hear(1, frame(right[0]))
    room.pass_time(HOUR)
    assert room.heads(4) == [1, 1, 1]

    bring(room, 2, Reopening(4, 1, common.chains[0]).encode())
    room.pass_time(6 * HOUR)

    assert room.heads(4) == [1, 1, 1]

    bring(room, 2, Reopening(4, 2, left.chains[0]).encode())
    room.pass_time(6 * HOUR)

    assert room.heads(4) == [2, 2, 2]


def test_a_second_decree_mends_a_wrong_one() -> None:
    """What a revocation took by mistake counts again everywhere after the next."""
    room = Room(2, config=patient())
    for text in (b"1", b"2", b"3"):
        room.write(1, text, urgency=Urgency.FLASH)
    room.pass_time(MINUTE)
    bring(room, 2, Revocation(1, 0, room.network.origin(1)).encode())
    room.pass_time(HOUR)
    assert room.heads(1) == [0, 0]

    chain = room.logs[2].chain(1, 2)
    assert chain is not None
    bring(room, 2, Revocation(1, 2, chain).encode())
    room.pass_time(HOUR)
    assert room.heads(1) == [2, 2]
    assert [log.quarantined for log in room.logs.values()] == [{1: 2}, {1: 2}]


def public(seed: int) -> bytes:
    """A member's key."""
    return Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32).public_key().public_bytes_raw()


def two_lists(room: Room, *, same_number: bool) -> tuple[MemoryLog, MemoryLog, list[bytes]]:
    """Two copies of the county's folder that admitted one staff each; the two certificates."""
    first = room.network.root_log
    copies = (first, copy.deepcopy(first))
    start = feed.root_origin(room.network.network_id, room.network.root_public)
    records = [
        Certificate(9 if same_number else 9 + side, public(60 + side), b"s" * 32, "Neu")
        for side in (0, 1)
    ]
    for log, record in zip(copies, records, strict=True):
        root, network_id = room.network.root, room.network.network_id
        feed.append(log, root, network_id, ROOT, start, [record.encode()])
    return *copies, [record.encode() for record in records]


def root_run(log: MemoryLog, number: int) -> VerifiedRun:
    """One record of feed 0, signed."""
    (point,) = log.signatures(ROOT, number, number)
    operations, chain = tuple(log.operations(ROOT, number, number)), log.chain(ROOT, number)
    assert chain is not None
    return VerifiedRun(ROOT, number, operations, (chain,), point.signature)


@pytest.mark.parametrize("same_number", [True, False])
def test_the_root_decides_a_fork_of_its_own_feed(same_number: bool) -> None:
    """Both lists reached nodes, all stop before the fork; the choice unites them on one list, and
    who stands in the other alone is taken over under its own number if that is free."""
    room = Room(4, config=patient())
    ours, theirs, records = two_lists(room, same_number=same_number)
    for node, log in ((1, ours), (2, theirs), (3, theirs), (4, theirs)):
        room.hear(node, frame(root_run(log, 5)))
    room.pass_time(2 * HOUR)
    assert room.heads(ROOT) == [4, 4, 4, 4]

    chain = ours.chain(ROOT, 5)
    assert chain is not None
    choice = choose(room.network.root, room.network.network_id, 1, 5, chain)
    bring(room, 1, choice.encode())
    bring(room, 1, records[1])
    room.pass_time(2 * HOUR)

    assert room.heads(ROOT) == [7, 7, 7, 7]
    rosters = [engine.roster for engine in room.engines.values()]
    assert {roster.members[9].sign_key for roster in rosters} == {public(60)}
    assert {10 in roster.members for roster in rosters} == {not same_number}
    assert not any(engine.head(ROOT) < 7 for engine in room.engines.values())


def test_choice_frames_are_read_and_checked() -> None:
    """A choice survives its frame; one that the root did not sign is counted and without effect."""
    room = Room(2, config=patient())
    made = choose(room.network.root, room.network.network_id, 1, 2, b"c" * 16)
    seal = Seal(room.network.network_id, room.network.network_key)
    assert decode(encode_choice(0, made), seal) == Chosen(0, made)
    for broken in (b"", b"\x00" * 8, made.encode()[:-1]):
        with pytest.raises(PacketError):
            decode(encode_choice(0, made)[:3] + broken, seal)

    forged = choose(room.network.keys[1], room.network.network_id, 1, 2, b"c" * 16)
    room.hear(2, encode_choice(0, forged))
    assert room.engines[2].rejected == {"proof": 1}
    assert not room.engines[2].roster.choices


def test_a_number_that_is_another_s_now_frees_its_feed() -> None:
    """What was written under a certificate that lost is set aside; the owner's feed is read."""
    room = Room(1, members=2, config=patient())
    log = room.logs[1]
    grown(room, log, 2, b"by the loser")
    records = log.operations(ROOT, 1, 1)
    winner = Certificate(2, public(1), b"s" * 32, "Anderer").encode()
    network = room.network
    roster = read_roster(network.network_id, network.root_public, [*records, winner])

    assert settle(log, roster) == {2}
    assert log.head(2) == 0
    assert log.branches(2, 1)


def test_strangers_do_not_count_until_they_are_members() -> None:
    """A feed whose certificate is gone stays, without effect, until it is certified again."""
    room = Room(1, members=2, config=patient())
    log, network = room.logs[1], room.network
    grown(room, log, 2, b"text")
    records = log.operations(ROOT, 1, 2)
    without = read_roster(network.network_id, network.root_public, records[:1])

    assert settle(log, without) == {2}
    assert (log.head(2), log.valid_to(2)) == (1, 0)
    assert settle(log, without) == set()
    assert settle(log, read_roster(network.network_id, network.root_public, records)) == {2}
    assert log.valid_to(2) is None


def newcomer(room: Room) -> VerifiedRun:
    """Node 3 is admitted after the others joined; what it writes first."""
    late = room.network.decide(
        Certificate(
            3, room.network.keys[3].public_key().public_bytes_raw(), b"s" * 32, "Neu"
        ).encode()
    )
    log = MemoryLog()
    log.store([*room.network.roster_runs(late.first - 1), late])
    room.network.certificates[3] = late.operations[0]
    room.start(3, log)
    return late


def earlier_members() -> Room:
    """Nodes 1 and 2, who were admitted before node 3 existed."""
    room = Room(2, config=patient())
    room.network.keys[3] = Ed25519PrivateKey.from_private_bytes(b"3" * 32)
    return room


def test_later_members_are_known_with_their_first_words() -> None:
    """Who was admitted earlier asks at the first entry under an unknown number, and has the
    certificate and the entry within two minutes."""
    room = earlier_members()
    newcomer(room)
    room.write(3, b"hello", urgency=Urgency.FLASH)
    room.pass_time(2 * MINUTE)

    assert room.heads(3) == [1, 1, 1]
    assert [engine.strangers for engine in room.engines.values()] == [{}, {}, {}]


def test_a_stranger_makes_us_ask_for_the_list_now_and_then() -> None:
    """Words under an unknown number are counted by number, and feed 0 is asked for, not more often
    than every ten minutes; with the certificate they count, and nobody is a stranger any more."""
    room = earlier_members()
    late = newcomer(room)
    room.engines.pop(3)
    run = room.append(3, [b"hello"])[0]
    for _ in range(5):
        room.hear(1, frame(run))
    assert room.engines[1].strangers == {3: 5}
    room.pass_time(9 * MINUTE)
    assert 1 <= len(room.frames(Priority.WANT)) <= 3

    room.hear(1, frame(late))
    assert room.engines[1].strangers == {}
    assert room.engines[1].head(3) == 1


def test_the_word_of_an_unknown_node_makes_us_ask_as_well() -> None:
    """A node that writes nothing shows itself by its announcement; the list follows in minutes."""
    room = earlier_members()
    newcomer(room)
    room.pass_time(20 * MINUTE)

    assert room.heads(ROOT) == [3, 3, 3]
