# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""From a seed to a county's bad day: what goes wrong, when, and whether all agree in the end."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from sync.feed.records import Reopening, Revocation
from sync.replica.config import EngineConfig
from sync.schema.urgency import Urgency
from tests.simulation.checkers import Checker
from tests.simulation.disks import Disk, MemoryDisk, sql_disks
from tests.simulation.hostile import FLOODS, KINDS
from tests.simulation.medium import LossyMedium
from tests.simulation.world import HOUR_MS, MINUTE_MS, Violation, World

_URGENCIES = (
    Urgency.FLASH,
    Urgency.IMMEDIATE,
    Urgency.RECEIPT,
    *[Urgency.ROUTINE] * 5,
    Urgency.READING,
    Urgency.READING,
)


STEP_MS = 10 * MINUTE_MS


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run gave."""

    seed: int
    hours: float  # virtual time until all agreed after the last fault
    operations: int
    faults: tuple[str, ...]
    sent_ms: dict[str, int]


def play(seed: int, *, nodes: int | None = None, hours: int = 2, real: bool = False) -> Outcome:
    """Play one seed; ``real``: every node keeps the product's store. Raises Violation, or whatever
    broke."""
    if not real:
        return _play(seed, nodes, hours, MemoryDisk)
    with TemporaryDirectory() as folder:
        return _play(seed, nodes, hours, sql_disks(Path(folder), lambda: 1_800_000_000.0))


def _play(seed: int, nodes: int | None, hours: int, make_disk: Callable[[], Disk]) -> Outcome:
    world, checker, faults = build(seed, nodes, hours, make_disk)
    try:
        end = hours * HOUR_MS
        while world.now < end:
            world.run_until(world.now + STEP_MS)
            world.save_states()
            checker.step()
        _mend(world)
        if "decision" in faults:
            world.run_until(end + HOUR_MS)
        world.run_until(world.now + 24 * HOUR_MS, stop=lambda: not checker.differences())
        _check_end(checker, f"seed {seed} {faults}")
    finally:
        world.close()
    assert isinstance(world.medium, LossyMedium)
    return Outcome(
        seed, (world.now - end) / HOUR_MS, len(world.genuine), faults, world.medium.sent_ms
    )


def _check_end(checker: Checker, name: str) -> None:
    if problems := checker.differences():
        raise Violation(f"{name}: not converged: " + "; ".join(problems))
    if len(checker.pictures()) > 1:
        raise Violation(f"{name}: same operations, different pictures")
    if unnoticed := checker.unnoticed():
        raise Violation(f"{name}: backups unnoticed: {unnoticed}")
    if problems := checker.lost() + checker.faults():
        raise Violation(f"{name}: " + "; ".join(problems))


def build(
    seed: int, nodes: int | None, hours: int, make_disk: Callable[[], Disk] = MemoryDisk
) -> tuple[World, Checker, tuple[str, ...]]:
    """The world of a seed, its checker and the names of its faults."""
    rng = random.Random(seed ^ 0x5EED)
    count = nodes or rng.randrange(4, 9)
    loss = rng.choice((0.05, 0.1, 0.2, 0.35))
    config = EngineConfig(radio_signs=rng.random() < 0.3)
    world = World(
        seed,
        count,
        members=count + 1,
        loss=loss,
        asymmetric=rng.choice((0, 0.3)),
        config=config,
        make_disk=make_disk,
    )
    checker = Checker(world)
    end = hours * HOUR_MS
    faults = [f"nodes={count}", f"loss={loss}"]
    for _ in range(rng.randrange(15, 40) * hours // 2 * max(1, count // 6)):
        author, urgency = rng.randrange(1, count + 1), rng.choice(_URGENCIES)
        size = rng.randrange(3, 60)
        world.at(rng.randrange(end), partial(world.write, author, urgency, size))
    if rng.random() < 0.6:
        faults.append("partition")
        start = rng.randrange(end // 2)
        members = list(world.nodes)
        rng.shuffle(members)
        at = rng.randrange(1, count)
        groups = (members[:at], members[at:])
        world.at(start, lambda: world.medium.partition(groups))
        world.at(start + rng.randrange(20, 80) * MINUTE_MS, world.medium.heal)
    for _ in range(rng.randrange(3)):
        faults.append("crash")
        number = rng.randrange(1, count + 1)
        down = rng.choice((2, 30, 70)) * MINUTE_MS
        world.at(rng.randrange(end), partial(world.crash, number, down))
    if rng.random() < 0.3:
        faults.append("disk")
        number, start = rng.randrange(1, count + 1), rng.randrange(end)
        world.at(start, lambda: _fill(world, number, full=True))
        world.at(start + 30 * MINUTE_MS, lambda: _fill(world, number, full=False))
    if rng.random() < 0.5:
        faults.append("clocks")
        for number in world.nodes:
            error = rng.choice((0, -40_000, 5_000_000, 200))
            world.at(rng.randrange(end), partial(_jump, world, number, error))
    if rng.random() < 0.3:
        faults.append("backup")
        number, when = rng.randrange(1, count + 1), rng.randrange(end * 3 // 4)
        world.at(when, lambda: world.back_up(number))
        world.at(rng.randrange(when, end), lambda: world.restore(number))
    for name, kind in KINDS.items():
        if rng.random() < 0.25 and not (name == "equivocate" and "lie" in faults):
            faults.append(name)
            kind(world, rng.randrange(end // 2), end)
    if rng.random() < 0.6:
        faults.append("decision")
        when = end + rng.randrange(HOUR_MS) if rng.random() < 0.5 else end * 3 // 4
        choice = rng.random()
        world.at(when, lambda: _decide(world, checker, choice))
    faults += _more_faults(world, seed, end, frozenset(faults))
    return world, checker, tuple(faults)


def _more_faults(world: World, seed: int, end: int, before: frozenset[str]) -> list[str]:
    """Faults that were added later, from dice of their own: older seeds keep their day."""
    rng = random.Random(seed ^ 0xFA17)
    numbers = list(world.nodes)
    faults = []
    if rng.random() < 0.3:
        faults.append("late")  # packets overtake each other, some by hours
        assert isinstance(world.medium, LossyMedium)
        world.medium.late = 0.05
    if rng.random() < 0.3:
        faults.append("power")  # fails while a log is being written
        for _ in range(rng.randrange(1, 4)):
            number, when = rng.choice(numbers), rng.choice(("before", "after"))
            world.at(rng.randrange(end), partial(_cut, world, number, when))
    if rng.random() < 0.3:
        faults.append("jumps")  # clocks jump to and fro, by years
        for _ in range(rng.randrange(2, 8)):
            error = rng.choice((0, 300, -3600, 86_400, 400_000_000, -5_000_000))
            world.at(rng.randrange(end), partial(_jump, world, rng.choice(numbers), error))
    clocks = random.Random(seed ^ 0xC10C)
    if clocks.random() < 0.4:
        faults.append("years")  # clocks that are years off from the beginning
        for number in clocks.sample(numbers, clocks.randrange(1, len(numbers))):
            _jump(world, number, clocks.choice((63_072_000, -63_072_000, 10**9)))
    for name, kind in FLOODS.items():
        if rng.random() < 0.15 and not (name == "spam" and before & {"equivocate", "lie"}):
            faults.append(name)
            kind(world, rng.randrange(end * 3 // 4), end)
    return faults


def _cut(world: World, number: int, when: str) -> None:
    world.nodes[number].log.cut = when


def _mend(world: World) -> None:
    """Repair everything that honest people can repair."""
    world.medium.heal()
    assert isinstance(world.medium, LossyMedium)
    world.medium.loss, world.medium.late = min(world.medium.loss, 0.2), 0.0
    world.medium.links |= {(b, a) for a, b in world.medium.links}
    for node in list(world.nodes.values()):
        node.log.full, node.log.cut = False, ""
        if not node.up:
            world.boot(node.number)


def _fill(world: World, number: int, *, full: bool) -> None:
    world.nodes[number].log.full = full


def _jump(world: World, number: int, error_s: int) -> None:
    world.nodes[number].wall_error_s = error_s


def _decide(world: World, checker: Checker, choice: float) -> None:
    """The root reopens or revokes whoever forked, on one of the branches."""
    for author in sorted(checker.truly_forked()):
        points = sorted(
            (n, c)
            for a, n, c in world.genuine
            if a == author and any(node.log.chain(a, n) == c for node in world.nodes.values())
        )
        if not points:
            continue
        number, chain = points[int(choice * len(points)) % len(points)]
        record = (
            Revocation(author, number, chain, 2).encode()
            if choice < 0.5
            else Reopening(author, number, chain).encode()
        )
        world.hand_over(world.network.decide(record), min(world.nodes))
