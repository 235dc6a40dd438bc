# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A county in virtual time: engines with logs and senders on a medium, and everything going wrong.

``World(seed)`` draws a scenario from its seed; ``run()`` plays it, checks the invariants at every
step and convergence at the end, and raises ``Violation``. The production engine runs unchanged.
"""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sync.feed import chain as feed
from sync.feed.log import LogUnavailable, VerifiedRun
from sync.feed.memory_log import MemoryLog
from sync.feed.records import Certificate
from sync.replica.config import EngineConfig
from sync.replica.engine import Engine
from sync.replica.events import Event, Frame, HeardFrame, OwnFeedAhead, Priority
from sync.schema.urgency import Urgency
from tests.simulation.disks import Author, Disk, MemoryDisk, PowerCut
from tests.simulation.medium import RELAYS, LossyMedium, Medium, airtime_ms, random_links

MINUTE_MS = 60_000
HOUR_MS = 3_600_000
BUDGET_MS = 360_000  # ten per cent of an hour
POWER_BACK_MS = 7 * MINUTE_MS


class Violation(AssertionError):
    """An invariant was broken, or the world did not converge."""


@dataclass(slots=True)
class Sender:
    """Sends by class and age within ten per cent of each hour: a small stand-in for the outbox."""

    waiting: list[tuple[int, int, Frame]] = field(default_factory=list)
    spent: list[tuple[int, int]] = field(default_factory=list)
    busy_until: int = 0
    count: int = 0

    def put(self, frames: list[Frame]) -> None:
        """Queue frames."""
        for frame in frames:
            if frame.key is not None:
                self.waiting = [item for item in self.waiting if item[2].key != frame.key]
            self.count += 1
            self.waiting.append((frame.priority, self.count, frame))

    def next(self, now: int) -> Frame | None:
        """The frame to send now, if the air and the budget allow one."""
        self.waiting = [item for item in self.waiting if item[2].expires > now]
        if now < self.busy_until or not self.waiting:
            return None
        self.spent = [(when, cost) for when, cost in self.spent if when > now - HOUR_MS]
        item = min(self.waiting, key=lambda entry: entry[:2])
        cost = airtime_ms(len(item[2].payload))
        if sum(cost for _, cost in self.spent) + cost > BUDGET_MS:
            self.busy_until = now + MINUTE_MS
            return None
        self.waiting.remove(item)
        self.spent.append((now, cost))
        self.busy_until = now + cost
        return item[2]


@dataclass(slots=True)
class Node:
    """An honest node."""

    number: int
    author: Author
    log: Disk
    engine: Engine
    sender: Sender
    shift: int = 0  # engine time = world time + shift; a new one after each start
    wall_error_s: int = 0
    state: dict[str, object] = field(default_factory=dict)
    up: bool = True
    pushed: int = 0  # last own number that went on the air
    backup: Disk | None = None
    restored: bool = False
    must_notice: bool = False  # others hold more of its feed than the backup it was started on
    writes_refused: int = 0
    saved: dict[tuple[int, int], bytes] = field(default_factory=dict)
    """Chain by (author, number) of all that the node was told is saved."""


class Network:
    """Keys and certificates of one county; reproducible."""

    def __init__(self, rng: random.Random, members: int) -> None:
        self.network_id = feed.network_id(rng.randbytes(16), exercise=False)
        self.network_key = rng.randbytes(32)
        self.root = Ed25519PrivateKey.from_private_bytes(rng.randbytes(32))
        self.root_public = self.root.public_key().public_bytes_raw()
        self.keys = {
            number: Ed25519PrivateKey.from_private_bytes(rng.randbytes(32))
            for number in range(1, members + 1)
        }
        self.certificates = {
            number: Certificate(
                number, key.public_key().public_bytes_raw(), rng.randbytes(32), f"Stab {number}"
            ).encode()
            for number, key in self.keys.items()
        }
        self.more: dict[int, list[Ed25519PrivateKey]] = {}  # of members admitted later, by number
        self.root_log = MemoryLog()
        for certificate in self.certificates.values():
            self.decide(certificate)

    def decide(self, record: bytes) -> VerifiedRun:
        """The root signs a record."""
        start = feed.root_origin(self.network_id, self.root_public)
        return feed.append(self.root_log, self.root, self.network_id, 0, start, [record])

    def publics(self, author: int) -> list[bytes]:
        """The keys that ever were certified under a number."""
        known = [self.keys[author]] if author in self.keys else []
        known += self.more.get(author, []) if author else [self.root]
        return [key.public_key().public_bytes_raw() for key in known]

    def origin(self, author: int) -> bytes:
        """chain(0) of a member."""
        return feed.origin(self.certificates[author])

    def roster_runs(self, count: int) -> list[VerifiedRun]:
        """The first records of feed 0, as an invitation brings them."""
        points = {p.number: p.signature for p in self.root_log.signatures(0, 1, count)}
        operations = self.root_log.operations(0, 1, count)
        chains = [self.root_log.chain(0, number) or b"" for number in range(1, count + 1)]
        return [
            VerifiedRun(0, number, (operations[number - 1],), (chains[number - 1],), signature)
            for number, signature in sorted(points.items())
        ]


class World:
    """Nodes 1..n on a medium, in virtual time."""

    def __init__(
        self,
        seed: int,
        nodes: int,
        *,
        medium: Medium | None = None,
        make_disk: Callable[[], Disk] = MemoryDisk,
        members: int | None = None,
        loss: float = 0.1,
        asymmetric: float = 0.2,
        config: EngineConfig | None = None,
    ) -> None:
        self.seed = seed
        self.rng = random.Random(seed)
        self.now = 0
        self.real = make_disk is not MemoryDisk  # nodes keep the product's store
        self.config = config or EngineConfig()
        self.network = Network(self.rng, members or nodes)
        self.medium: Medium = medium or LossyMedium(
            self.rng, random_links(self.rng, nodes, asymmetric=asymmetric), loss=loss
        )
        self.genuine: set[tuple[int, int, bytes]] = set()  # (author, number, chain) once signed
        self.on_frame: list[Callable[[int, Frame], None]] = []
        self.on_event: list[Callable[[Node, Event], None]] = []
        self.on_boot: list[Callable[[Node], None]] = []
        self._queue: list[tuple[int, int, Callable[[], object]]] = []
        self._count = 0
        self._wake: dict[int, int] = {}
        self.nodes: dict[int, Node] = {}
        known = len(self.network.certificates)
        for number in range(1, nodes + 1):
            log = make_disk()
            log.store(self.network.roster_runs(known))
            self.nodes[number] = self._start(number, log)
        for number in range(1, known + 1):
            self.genuine.add((0, number, self.network.root_log.chain(0, number) or b""))

    # --- time -------------------------------------------------------------------------------------

    def at(self, when: int, action: Callable[[], object]) -> None:
        """Do something at that time."""
        self._count += 1
        heapq.heappush(self._queue, (max(when, self.now), self._count, action))

    def run_until(self, end: int, stop: Callable[[], bool] | None = None) -> bool:
        """Play until that time, or until ``stop`` (looked at once a minute) says so."""
        look = self.now
        while self._queue and self._queue[0][0] <= end:
            self.now, _, action = heapq.heappop(self._queue)
            action()
            if stop is not None and self.now >= look:
                look = self.now + MINUTE_MS
                if stop():
                    return True
        self.now = end
        return stop is not None and stop()

    # --- nodes ------------------------------------------------------------------------------------

    def _start(self, number: int, log: Disk, state: dict[str, object] | None = None) -> Node:
        shift = self.rng.randrange(10**9)
        engine = Engine(
            log,
            network_id=self.network.network_id,
            network_key=self.network.network_key,
            root_public=self.network.root_public,
            author=number,
            rng=random.Random(self.rng.randrange(2**32)),
            now=self.now + shift,
            config=self.config,
        )
        if state:
            engine.import_state(state, self.now + shift)
        author = Author(
            number,
            self.network.origin(number),
            self.network.keys[number],
            self.network.network_id,
        )
        node = Node(number, author, log, engine, Sender(), shift)
        self.at(self.now, lambda: self._turn(node))
        return node

    def crash(self, number: int, down_ms: int) -> None:
        """Power fails: whatever was only in memory is gone."""
        node = self.nodes[number]
        node.up = False
        self.at(self.now + down_ms, lambda: self.boot(number))

    def boot(self, number: int, backup: Disk | None = None) -> None:
        """Start a node on what is found on its disk, or on a backup."""
        old = self.nodes[number]
        if old.up:
            return
        state = old.state if backup is None else None
        node = self._start(number, backup or old.log.rebooted(), state)
        node.wall_error_s, node.backup = old.wall_error_s, old.backup
        node.restored = old.restored or backup is not None
        node.must_notice = old.must_notice
        node.sender.spent = old.sender.spent  # the account of airtime outlives a crash
        if backup is None:
            node.state, node.pushed, node.saved = old.state, old.pushed, old.saved
        else:
            old.log.close()
            held = max(n.log.head(number) for n in self.nodes.values() if n.number != number)
            node.must_notice = held > node.log.head(number)
            node.pushed = node.log.head(number)
        self.nodes[number] = node
        self._note_written(node)
        for check in self.on_boot:
            check(node)
        head = node.log.head(number)
        if node.pushed < head:
            now = self.now + node.shift
            node.engine.publish(node.pushed + 1, head, Urgency.ROUTINE, now)
        self._turn(node)

    def back_up(self, number: int) -> None:
        """Somebody copies the log."""
        self.nodes[number].backup = self.nodes[number].log.copied()

    def restore(self, number: int) -> None:
        """Somebody puts the copy back."""
        backup = self.nodes[number].backup
        if backup is None:
            return
        self.nodes[number].up = False
        self.boot(number, backup.copied())

    def write(self, number: int, urgency: Urgency, size: int = 20) -> bool:
        """A user writes an entry; whether it was said to be saved."""
        node = self.nodes[number]
        if not node.up or node.engine.restored:
            node.writes_refused += 1
            return False
        wall = self.now // 1000 + 10_000 + node.wall_error_s
        before = node.log.head(number)
        try:
            node.log.write(node.author, wall, size, self.rng)
        except (OSError, LogUnavailable):
            return False
        except PowerCut:
            self.crash(number, POWER_BACK_MS)
            return False
        head = node.log.head(number)
        self._note_written(node)
        for own in range(before + 1, head + 1):
            node.saved[number, own] = node.log.chain(number, own) or b""
        node.engine.publish(before + 1, head, urgency, self.now + node.shift)
        self._turn(node)
        return True

    def _note_written(self, node: Node) -> None:
        """What stands in an author's own log, it has signed; a power cut may have hidden it."""
        number, head = node.number, node.log.head(node.number)
        while head and (chain := node.log.chain(number, head)) is not None:
            if (number, head, chain) in self.genuine:
                return
            self.genuine.add((number, head, chain))
            head -= 1

    def hand_over(self, run: VerifiedRun, number: int) -> None:
        """A record of the root comes to a node on a stick, written by another process."""
        for offset, chain in enumerate(run.chains):
            self.genuine.add((run.author, run.first + offset, chain))
        node = self.nodes[number]
        if not node.up:
            self.boot(number)
            node = self.nodes[number]
        node.log.full, node.log.cut = False, ""
        missing = self.network.roster_runs(run.last)[node.log.head(0) :]
        node.log.store(missing)
        node.engine.reload(self.now + node.shift)
        self._turn(node)

    # --- the air ----------------------------------------------------------------------------------

    def _turn(self, node: Node) -> None:
        """Let a node do what is due, send what it wants sent, and wake it when it asks for it."""
        if not node.up or self.nodes.get(node.number, node) is not node:
            return
        now = self.now + node.shift
        if node.engine.next_deadline() <= now:
            try:
                node.engine.advance(now)
            except PowerCut:
                self.crash(node.number, POWER_BACK_MS)
                return
        frames = node.engine.take_frames()
        node.sender.put([replace(frame, expires=frame.expires - node.shift) for frame in frames])
        for event in node.engine.take_events():
            if isinstance(event, OwnFeedAhead):
                node.state = node.engine.export_state()  # to be kept at once
            for check in self.on_event:
                check(node, event)
        while (frame := node.sender.next(self.now)) is not None:
            self.transmit(node.number, frame)
            if frame.priority <= Priority.ROUTINE:
                node.pushed = max(node.pushed, node.log.head(node.number))
        wake = max(node.engine.next_deadline() - node.shift, self.now + 1)
        if node.sender.waiting:
            wake = min(wake, max(node.sender.busy_until, self.now + 1))
        if self._wake.get(node.number, 0) <= self.now or wake < self._wake[node.number]:
            self._wake[node.number] = wake
            self.at(wake, lambda: self._turn(self.nodes[node.number]))

    def transmit(self, sender: int, frame: Frame) -> None:
        """A frame goes on the air."""
        for look in self.on_frame:
            look(sender, frame)
        for heard in self.medium.spread(sender, frame):
            if heard.receiver in self.nodes:
                self.deliver(
                    heard.receiver,
                    HeardFrame(frame.payload, heard.snr_db, heard.hops, relays=RELAYS[frame.reach]),
                    self.now + heard.delay_ms,
                )

    def deliver(self, receiver: int, heard: HeardFrame, when: int) -> None:
        """A frame arrives."""

        def arrive() -> None:
            node = self.nodes[receiver]
            if not node.up:
                return
            try:
                node.engine.receive(heard, self.now + node.shift)
            except PowerCut:
                self.crash(receiver, POWER_BACK_MS)
            else:
                self._turn(node)

        self.at(when, arrive)

    # --- looking ----------------------------------------------------------------------------------

    def close(self) -> None:
        """Give the disks back."""
        for node in self.nodes.values():
            node.log.close()
            if node.backup is not None:
                node.backup.close()

    def save_states(self) -> None:
        """What nodes write down now and then."""
        for node in self.nodes.values():
            if node.up:
                node.state = node.engine.export_state()
