# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Worlds in which feeds fork and the root decides: in the end all pictures are equal.

A key was used in two places. Its two branches reach the nodes in pieces, some as islands behind a
gap; then the root decides, sometimes wrongly first. In a third of the worlds the key is the
root's own: two copies of its folder admit different staffs, under different numbers or the same.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sync.feed import chain as feed
from sync.feed.chain import Run
from sync.feed.choice import choose
from sync.feed.log import VerifiedRun
from sync.feed.memory_log import MemoryLog
from sync.feed.records import Certificate, Reopening, Revocation
from sync.feed.roster import ROOT
from sync.replica.events import HeardFrame
from sync.schema.urgency import Urgency
from sync.wire.frames import FRAME_MAX
from sync.wire.packet import encode_runs
from tests.simulation.checkers import Checker
from tests.simulation.disks import Disk, MemoryDisk, sql_disks
from tests.simulation.hostile import _note, _operation
from tests.simulation.medium import LossyMedium
from tests.simulation.world import HOUR_MS, MINUTE_MS, Node, Violation, World

END = 3 * HOUR_MS
PATIENCE = 24 * HOUR_MS


@dataclass(slots=True)
class Branches:
    """Two feeds under one key, from a common beginning."""

    author: int
    common: list[VerifiedRun] = field(default_factory=list)
    sides: tuple[list[VerifiedRun], list[VerifiedRun]] = field(default_factory=lambda: ([], []))

    @property
    def fork(self) -> int:
        """The first number at which they differ."""
        return self.common[-1].last + 1 if self.common else 1


def play(seed: int, *, real: bool = False) -> float:
    """Play one seed; hours until all agreed after the last decision. Raises Violation."""
    if not real:
        return _play(seed, MemoryDisk)
    with TemporaryDirectory() as folder:
        return _play(seed, sql_disks(Path(folder), lambda: 1_800_000_000.0))


def _play(seed: int, make_disk: Callable[[], Disk]) -> float:
    rng = random.Random(seed ^ 0xF04C)
    count = rng.randrange(4, 9)
    world = World(
        seed,
        count,
        members=count + 1,
        loss=rng.choice((0.05, 0.2, 0.35)),
        asymmetric=rng.choice((0, 0.3)),
        make_disk=make_disk,
    )
    checker = Checker(world)
    try:
        _everyday(world, rng)
        if rng.random() < 1 / 3:
            _root_forks(world, rng)
        else:
            _member_forks(world, rng)
        while world.now < END:
            world.run_until(world.now + 10 * MINUTE_MS)
            world.save_states()
            checker.step()
        world.medium.heal()
        assert isinstance(world.medium, LossyMedium)
        world.medium.links |= {(b, a) for a, b in world.medium.links}
        world.run_until(END + PATIENCE, stop=lambda: not _unequal(checker))
        if problems := _unequal(checker) + checker.lost() + checker.faults():
            raise Violation(f"fork seed {seed}: " + "; ".join(problems))
        return (world.now - END) / HOUR_MS
    finally:
        world.close()


def _unequal(checker: Checker) -> list[str]:
    return checker.differences() or ["pictures differ"] * (len(checker.pictures()) > 1)


def _everyday(world: World, rng: random.Random) -> None:
    for _ in range(rng.randrange(4, 20)):
        author = rng.randrange(1, len(world.nodes) + 1)
        urgency = rng.choice((Urgency.IMMEDIATE, Urgency.ROUTINE))
        world.at(rng.randrange(END), partial(world.write, author, urgency, 12))
    if rng.random() < 0.5:
        members = list(world.nodes)
        rng.shuffle(members)
        at = rng.randrange(1, len(members))
        groups = (members[:at], members[at:])
        world.at(rng.randrange(END // 2), lambda: world.medium.partition(groups))
        world.at(END // 2 + rng.randrange(END // 2), world.medium.heal)
    for _ in range(rng.randrange(3)):
        world.at(
            rng.randrange(END),
            partial(world.crash, rng.randrange(1, len(world.nodes) + 1), 20 * MINUTE_MS),
        )


# --- a member's key in two places -----------------------------------------------------------------


def _member_forks(world: World, rng: random.Random) -> None:
    branches = _branches(world, rng, max(world.network.keys))
    for side in branches.sides:
        for run in (*branches.common, *side):
            sure = rng.sample(sorted(world.nodes), 2)  # who nobody heard, nobody can repair
            for node in world.nodes:
                if node in sure or rng.random() < 0.45:
                    _show(world, rng, node, run, branches)
    for _ in range(rng.randrange(1, 4)):
        choice = rng.random()
        when = rng.randrange(END // 4, END * 9 // 10)
        world.at(when, partial(_decide, world, branches, choice))


def _branches(world: World, rng: random.Random, author: int) -> Branches:
    network = world.network
    found = Branches(author)
    tip = network.origin(author)

    def grow(runs: list[VerifiedRun], number: int, tip: bytes) -> tuple[int, bytes]:
        size = rng.randrange(1, 4)
        operations = [_operation(world, author, number + more, 9) for more in range(size)]
        key = network.keys[author]
        run = feed.make_run(key, network.network_id, author, number, tip, operations)
        _note(world, run)
        runs.append(run)
        return run.last + 1, run.chains[-1]

    number = 1
    for _ in range(rng.randrange(4)):
        number, tip = grow(found.common, number, tip)
    for side in found.sides:
        at, end = number, tip
        for _ in range(rng.randrange(1, 7)):
            at, end = grow(side, at, end)
    return found


def _show(
    world: World, rng: random.Random, node: int, run: VerifiedRun, branches: Branches
) -> None:
    """A node hears one run of a branch, often as an island: with the chain before it."""
    prefix = None
    if rng.random() < 0.6:
        prefix = _chain_before(world, run, branches)
    plain = Run(run.author, run.first, run.operations, run.signature, prefix)
    payload = encode_runs((plain,), original=True, urgent=prefix is not None)
    if len(payload) > FRAME_MAX:
        return
    when = rng.randrange(END) if rng.random() < 0.3 else rng.randrange(END // 3)
    world.deliver(node, HeardFrame(payload, 0.0, 0), when)


def _chain_before(world: World, run: VerifiedRun, branches: Branches) -> bytes:
    if run.first == 1:
        return world.network.origin(run.author)
    for side in branches.sides:
        runs = [*branches.common, *side]
        for before, after in pairwise(runs):
            if after is run:
                return before.chains[-1]
    raise AssertionError("a run of neither branch")


def _decide(world: World, branches: Branches, choice: float) -> None:
    """The root decides for what one node holds: where the fork begins, later, or before it."""
    author, rng = branches.author, random.Random(choice)
    holders = [n for n in world.nodes.values() if n.log.head(author) >= branches.fork]
    if not holders:
        return
    holder = rng.choice(sorted(holders, key=lambda node: node.number))
    number = rng.randrange(branches.fork, holder.log.head(author) + 1)
    if rng.random() < 0.4:
        number = branches.fork
    if branches.fork > 1 and rng.random() < 0.2:
        number = rng.randrange(1, branches.fork)  # which leaves this fork open
    chain = holder.log.chain(author, number)
    assert chain is not None
    record = (
        Reopening(author, number, chain).encode()
        if choice < 0.6
        else Revocation(author, number if choice < 0.9 else 0, chain, 2).encode()
    )
    world.hand_over(world.network.decide(record), rng.choice(sorted(world.nodes)))


# --- two copies of the county's folder ------------------------------------------------------------


def _root_forks(world: World, rng: random.Random) -> None:
    """Two copies admit staffs; each list reaches some nodes, and their new members write."""
    number = max(world.network.keys) + 1
    copies = [world.network.root_log, _copied(world.network.root_log)]
    meeting = rng.randrange(END // 2, END * 8 // 10)
    certificates: list[list[bytes]] = [[], []]
    for side, log in enumerate(copies):
        for _ in range(rng.randrange(1, 4)):
            taken = number if rng.random() < 0.3 else number + 1 + side
            number += 3
            key = Ed25519PrivateKey.from_private_bytes(rng.randbytes(32))
            record = Certificate(
                taken, key.public_key().public_bytes_raw(), rng.randbytes(32), f"Neu {taken}"
            ).encode()
            certificates[side].append(record)
            world.at(rng.randrange(END // 3), partial(_admit, world, log, record))
            newcomer = _first_words(world, rng, taken, key, record)
            for node in world.nodes:
                if rng.random() < 0.6:
                    when = END // 3 + rng.randrange(END // 3)
                    world.deliver(node, HeardFrame(newcomer, 0.0, 0), when)
        for node in rng.sample(sorted(world.nodes), 2):
            world.at(END // 3 + rng.randrange(END // 4), partial(_bring, world, log, node))
    world.at(meeting, partial(_choose, world, copies, certificates, rng.random()))
    if rng.random() < 0.3:
        again = rng.randrange(meeting, END)
        world.at(again, partial(_choose, world, copies[::-1], certificates[::-1], rng.random(), 2))


def _copied(log: MemoryLog) -> MemoryLog:
    copy = MemoryLog()
    for point in log.signatures(ROOT, 1, log.head(ROOT)):
        operation = log.operations(ROOT, point.number, point.number)
        chain = log.chain(ROOT, point.number)
        assert chain is not None
        copy.store([VerifiedRun(ROOT, point.number, tuple(operation), (chain,), point.signature)])
    return copy


def _admit(world: World, log: MemoryLog, record: bytes) -> None:
    network = world.network
    start = feed.root_origin(network.network_id, network.root_public)
    _note(world, feed.append(log, network.root, network.network_id, ROOT, start, [record]))


def _first_words(
    world: World, rng: random.Random, number: int, key: Ed25519PrivateKey, certificate: bytes
) -> bytes:
    operations = [_operation(world, number, 1, 9)]
    origin = feed.origin(certificate)
    run = feed.make_run(key, world.network.network_id, number, 1, origin, operations)
    _note(world, run)
    world.network.more.setdefault(number, []).append(key)
    return encode_runs((Run(number, 1, run.operations, run.signature),), original=True)


def _bring(world: World, log: MemoryLog, number: int) -> None:
    """A copy's list comes to a node on a stick, as far as it continues what is held there."""
    node = world.nodes[number]
    if not node.up:
        return
    head = node.log.head(ROOT)
    if node.log.chain(ROOT, head) != log.chain(ROOT, head):
        return
    runs = [
        VerifiedRun(
            ROOT,
            point.number,
            tuple(log.operations(ROOT, point.number, point.number)),
            (log.chain(ROOT, point.number) or b"",),
            point.signature,
        )
        for point in log.signatures(ROOT, head + 1, log.head(ROOT))
    ]
    if runs:
        node.log.store(runs)
        node.engine.reload(world.now + node.shift)
        world._turn(node)


def _choose(
    world: World,
    copies: list[MemoryLog],
    certificates: list[list[bytes]],
    luck: float,
    round_: int = 1,
) -> None:
    """The root chooses one copy's list and takes over who stands in the other alone."""
    ours, theirs = copies
    network = world.network
    number = next(
        (n for n in range(1, ours.head(ROOT) + 1) if ours.chain(ROOT, n) != theirs.chain(ROOT, n)),
        0,
    )
    chain = ours.chain(ROOT, number)
    if not number or chain is None:
        return
    _admit(world, ours, choose(network.root, network.network_id, round_, number, chain).encode())
    for record in certificates[1]:
        _admit(world, ours, record)
    rng = random.Random(luck)
    node = world.nodes[rng.choice(sorted(world.nodes))]
    if not node.up:
        world.boot(node.number)
        node = world.nodes[node.number]
    _take_over(world, node, ours)


def _take_over(world: World, node: Node, log: MemoryLog) -> None:
    """The chosen list is read from a file: what contradicts it gives way."""
    head = 0
    while head < log.head(ROOT) and node.log.chain(ROOT, head + 1) == log.chain(ROOT, head + 1):
        head += 1
    if node.log.head(ROOT) > head:
        node.log.set_aside(ROOT, head)
    _bring(world, log, node.number)
