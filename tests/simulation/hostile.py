# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Those who mean harm: on the same air, with no keys, with the network key, or with a seat.

Each kind is a function that plans its deeds in a world. They draw everything from the world's
random numbers, so a seed repeats them.
"""

from __future__ import annotations

from collections.abc import Callable

from sync.feed import chain as feed
from sync.feed.chain import Run
from sync.feed.log import VerifiedRun
from sync.replica.events import Frame, HeardFrame, Priority, Reach
from sync.wire.frames import Have, Missing, Seal, Want
from sync.wire.packet import encode_have, encode_runs, encode_want
from sync.wire.summary import Summary
from tests.simulation.entries import coded
from tests.simulation.world import MINUTE_MS, Network, World


def forge(world: World, start: int, end: int) -> None:
    """An outsider: noise, truncated and altered frames, operations under others' names."""
    recorded: list[bytes] = []
    world.on_frame.append(lambda _, frame: recorded.append(frame.payload))
    rng = world.rng

    def deed() -> None:
        kind = rng.randrange(5)
        if kind == 0 or not recorded:
            payload = rng.randbytes(rng.randrange(1, 232))
        elif kind == 1:
            altered = bytearray(rng.choice(recorded))
            altered[rng.randrange(len(altered))] ^= 1 << rng.randrange(8)
            payload = bytes(altered)
        elif kind == 2:
            payload = rng.choice(recorded)[: rng.randrange(1, 200)]
        else:
            author = rng.randrange(0, 12)
            operation = b"\x08\x20" + rng.randbytes(7)
            first = rng.randrange(1, 50)
            prefix = rng.randbytes(16) if kind == 3 else None
            run = Run(author, first, (operation,), rng.randbytes(64), prefix)
            payload = encode_runs((run,), original=rng.random() < 0.5)
        _shout(world, payload)

    _repeat(world, start, end, 90_000, deed)


def replay(world: World, start: int, end: int) -> None:
    """An outsider who sends again what was heard, from anywhere, much later."""
    recorded: list[bytes] = []
    world.on_frame.append(lambda _, frame: recorded.append(frame.payload))
    _repeat(
        world, start, end, 60_000, lambda: _shout(world, world.rng.choice(recorded or [b"\x20"]))
    )


def foreign(world: World, start: int, end: int) -> None:
    """The county's own nodes in another network: same keys, other network id."""
    other = Network(world.rng, 2)
    rng = world.rng

    def deed() -> None:
        author = rng.choice(list(world.nodes))
        operation = b"\x08\x20" + rng.randbytes(7)
        chain = world.network.origin(author)
        run = feed.make_run(
            world.network.keys[author], other.network_id, author, 1, chain, [operation]
        )
        _shout(world, encode_runs((_as_run(run),), original=True))
        have = Have(author, Summary(0, (3, 900, 900)), 7, rng.randrange(2**16))
        _shout(world, encode_have(have, Seal(other.network_id, other.network_key)))

    _repeat(world, start, end, 120_000, deed)


def lie(world: World, start: int, end: int) -> None:
    """A member that announces what it doesn't have, denies what it has, and asks without end."""
    me = max(world.network.keys)
    seal = Seal(world.network.network_id, world.network.network_key)
    rng = world.rng
    stamp = [0]

    def deed() -> None:
        stamp[0] += 1
        kind = rng.randrange(3)
        if kind == 0:
            heads = tuple(rng.randrange(2000) for _ in range(len(world.network.keys) + 1))
            have = Have(me, Summary(0, heads), rng.randrange(2**16), stamp[0])
            _shout(world, encode_have(have, seal))
        elif kind == 1:
            have = Have(me, Summary(0, (0,) * (len(world.network.keys) + 1)), 0, stamp[0])
            _shout(world, encode_have(have, seal))
        else:
            ranges = tuple(Missing(author, 1, 0) for author in range(len(world.network.keys) + 1))
            _shout(world, encode_want(Want(me, ranges, stamp[0]), seal))

    _repeat(world, start, end, 45_000, deed)


def equivocate(world: World, start: int, end: int) -> None:
    """A member that signs two different feeds and shows each node one of them."""
    me = max(world.network.keys)
    key = world.network.keys[me]
    rng = world.rng
    common = [_operation(world, me, number, 6) for number in range(1, rng.randrange(0, 3) + 1)]
    chain = world.network.origin(me)
    runs: list[VerifiedRun] = []
    if common:
        runs.append(feed.make_run(key, world.network.network_id, me, 1, chain, common))
        chain = runs[0].chains[-1]
    branches = []
    for _ in range(2):
        branch: list[VerifiedRun] = []
        number, tip = len(common) + 1, chain
        for _ in range(rng.randrange(1, 4)):
            operations = [
                _operation(world, me, number + more, 9) for more in range(rng.randrange(1, 3))
            ]
            run = feed.make_run(key, world.network.network_id, me, number, tip, operations)
            branch.append(run)
            number, tip = run.last + 1, run.chains[-1]
        branches.append(branch)
    for run in (*runs, *branches[0], *branches[1]):
        _note(world, run)
    sides = {node: rng.randrange(2) for node in world.nodes}
    when = start
    for run in runs:
        _show(world, when, run, list(world.nodes))
    for side, branch in enumerate(branches):
        for place, run in enumerate(branch):
            when = start + (place + 1) * rng.randrange(1, 20) * MINUTE_MS
            _show(world, min(when, end), run, [n for n, s in sides.items() if s == side])


def flood(world: World, start: int, end: int) -> None:
    """An outsider who sends as fast as a radio can: replays, gaps that don't exist, noise."""
    recorded: list[bytes] = [b"\x20"]
    world.on_frame.append(lambda _, frame: recorded.append(frame.payload))
    rng = world.rng

    def deed() -> None:
        kind = rng.randrange(4)
        if kind == 0:
            _shout(world, rng.choice(recorded))
        elif kind == 1:
            _shout(world, rng.randbytes(rng.randrange(1, 232)))
        else:
            operations = (b"\x08\x20" + rng.randbytes(7),)
            prefix = rng.randbytes(16) if kind == 3 else None
            author, first = rng.randrange(12), rng.randrange(2, 100_000)
            run = Run(author, first, operations, rng.randbytes(64), prefix)
            _shout(world, encode_runs((run,), original=rng.random() < 0.5, urgent=kind == 3))

    _repeat(world, start, min(end, start + 20 * MINUTE_MS), 2_500, deed)


def spam(world: World, start: int, end: int) -> None:
    """A member that writes without pause and asks everybody for everything."""
    me, rng = max(world.network.keys), world.rng
    network = world.network
    seal = Seal(network.network_id, network.network_key)
    tip, stamp = [network.origin(me)], [0, 0]  # chain; last number, stamp

    def deed() -> None:
        stamp[1] += 1
        if rng.random() < 0.5:
            number = stamp[0] + 1
            operations = [_operation(world, me, number + more, 9) for more in range(3)]
            run = feed.make_run(
                network.keys[me], network.network_id, me, number, tip[0], operations
            )
            _note(world, run)
            stamp[0], tip[0] = run.last, run.chains[-1]
            _shout(world, encode_runs((_as_run(run),), original=True, urgent=True))
        else:
            ranges = tuple(Missing(author, 1, 0) for author in range(len(network.keys) + 1))
            _shout(world, encode_want(Want(me, ranges, stamp[1]), seal))

    _repeat(world, start, min(end, start + 30 * MINUTE_MS), 15_000, deed)


KINDS: dict[str, Callable[[World, int, int], None]] = {
    "forge": forge,
    "replay": replay,
    "foreign": foreign,
    "lie": lie,
    "equivocate": equivocate,
}


FLOODS: dict[str, Callable[[World, int, int], None]] = {"flood": flood, "spam": spam}


def _operation(world: World, author: int, number: int, size: int) -> bytes:
    """Random bytes; where nodes keep real stores, an entry that their pictures show."""
    body = world.rng.randbytes(size)
    if world.real:
        return coded(world.rng, author, number, 10_000 + world.now // 1000)
    return bytes((len(body) + 1, 1 << 5)) + body


def _note(world: World, run: VerifiedRun) -> None:
    for offset, value in enumerate(run.chains):
        world.genuine.add((run.author, run.first + offset, value))


def _as_run(run: VerifiedRun) -> Run:
    return Run(run.author, run.first, run.operations, run.signature)


def _show(world: World, when: int, run: VerifiedRun, nodes: list[int]) -> None:
    payload = encode_runs((_as_run(run),), original=True)
    for node in nodes:
        world.deliver(node, HeardFrame(payload, 0.0, 0), when + world.rng.randrange(5000))


def _shout(world: World, payload: bytes) -> None:
    """Send from the place of a random node, so that its neighbours hear it."""
    frame = Frame(payload, Priority.HAVE, Reach.NEIGHBOURS, None, world.now + 1)
    place = world.rng.choice(list(world.nodes))
    for heard in world.medium.spread(place, frame):
        if heard.receiver in world.nodes:
            world.deliver(
                heard.receiver, HeardFrame(payload, heard.snr_db, 0), world.now + heard.delay_ms
            )


def _repeat(world: World, start: int, end: int, mean_ms: int, deed: Callable[[], None]) -> None:
    when = start
    while (when := when + world.rng.randrange(1, 2 * mean_ms)) < end:
        world.at(when, deed)
