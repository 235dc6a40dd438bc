# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A few engines in one room for tests: everybody hears everybody unless a test says otherwise."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from dataclasses import replace

from sync.feed import chain as feed
from sync.feed.log import VerifiedRun
from sync.feed.memory_log import MemoryLog
from sync.replica.config import EngineConfig
from sync.replica.engine import Engine
from sync.replica.events import Event, Frame, HeardFrame, Priority, Reach
from sync.schema.urgency import Urgency
from sync.wire.frames import Part, Seal
from sync.wire.packet import decode, encode_answer
from tests.simulation.medium import RELAYS
from tests.simulation.world import Network

SECOND = 1000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE


def operation(text: bytes) -> bytes:
    """An opaque operation of codec version 1."""
    return bytes((len(text) + 1, 1 << 5)) + text


class Room:
    """Engines 1..n; ``lost(sender, receiver, frame)`` decides what is not heard."""

    def __init__(
        self, nodes: int, *, members: int | None = None, config: EngineConfig | None = None
    ) -> None:
        self.network = Network(random.Random(5), members or nodes)
        self.config = config or EngineConfig()
        self.now = 0
        self.snr_db = 3.0  # of all that is heard
        self.lost: Callable[[int, int, Frame], bool] = lambda _s, _r, _f: False
        self.hops: Callable[[int, int], int] = lambda _s, _r: 0
        self.sent: list[tuple[int, int, Frame]] = []  # (ms, sender, frame)
        self.events: list[tuple[int, Event]] = []
        self.logs: dict[int, MemoryLog] = {}
        self.engines: dict[int, Engine] = {}
        for number in range(1, nodes + 1):
            log = MemoryLog()
            log.store(self.network.roster_runs(len(self.network.certificates)))
            self.start(number, log)

    def start(self, number: int, log: MemoryLog) -> Engine:
        """(Re)start a node on a log."""
        self.logs[number] = log
        self.engines[number] = Engine(
            log,
            network_id=self.network.network_id,
            network_key=self.network.network_key,
            root_public=self.network.root_public,
            author=number,
            rng=random.Random(number),
            now=self.now,
            config=self.config,
        )
        return self.engines[number]

    def append(self, number: int, texts: Iterable[bytes]) -> list[VerifiedRun]:
        """Write operations, each signed, without telling the engine."""
        return [
            feed.append(
                self.logs[number],
                self.network.keys[number],
                self.network.network_id,
                number,
                self.network.origin(number),
                [operation(text)],
            )
            for text in texts
        ]

    def write(self, number: int, *texts: bytes, urgency: Urgency = Urgency.ROUTINE) -> VerifiedRun:
        """Write operations and publish them."""
        runs = self.append(number, texts)
        self.engines[number].publish(runs[0].first, runs[-1].last, urgency, self.now)
        return runs[-1]

    def pass_time(self, ms: int) -> None:
        """Let everything happen that is due."""
        end = self.now + ms
        while True:
            self._exchange()
            due = min(engine.next_deadline() for engine in self.engines.values())
            if due > end:
                break
            self.now = max(self.now, due)
            for engine in self.engines.values():
                if engine.next_deadline() <= self.now:
                    engine.advance(self.now)
        self.now = end

    def hear(self, receiver: int, payload: bytes, *, hops: int = 0, relays: int = 0) -> list[Event]:
        """Let one node hear bytes; what it tells of it."""
        engine = self.engines[receiver]
        engine.take_events()
        engine.receive(HeardFrame(payload, 3.0, hops, relays=relays), self.now)
        return engine.take_events()

    def told(self, kind: type[Event], node: int | None = None) -> list[Event]:
        """Events of a kind so far."""
        return [e for n, e in self.events if isinstance(e, kind) and node in (None, n)]

    def frames(self, priority: Priority) -> list[Frame]:
        """Frames of a class so far."""
        return [frame for _, _, frame in self.sent if frame.priority is priority]

    def heads(self, author: int) -> list[int]:
        """What each node holds of that author."""
        return [engine.head(author) for engine in self.engines.values()]

    def _exchange(self) -> None:
        for number, engine in list(self.engines.items()):
            for frame in engine.take_frames():
                self.sent.append((self.now, number, frame))
                heard = HeardFrame(frame.payload, self.snr_db, relays=RELAYS[frame.reach])
                for other, hearer in self.engines.items():
                    if other != number and not self.lost(number, other, frame):
                        hops = self.hops(number, other)
                        hearer.receive(replace(heard, hops=hops), self.now)
        for number, engine in self.engines.items():
            self.events.extend((number, event) for event in engine.take_events())


NODES = 8
WEST = {1, 2, 3, 4}


def halves(entries: int, size: int, *, snr_db: float = -16.0) -> Room:
    """Two halves that cannot hear each other; everybody has written so many entries. With that
    signal to noise nobody is a courier."""
    room = Room(NODES, config=patient())
    room.snr_db = snr_db
    room.lost = lambda sender, receiver, _frame: (sender in WEST) is not (receiver in WEST)
    for number in range(1, NODES + 1):
        room.write(number, *[bytes([number, part]) * size for part in range(entries)])
    room.pass_time(HOUR)
    return room


def patient() -> EngineConfig:
    """A configuration without the pause after a start."""
    return replace(EngineConfig(), listen_ms=0)


def complete(room: Room, entries: int) -> bool:
    """Whether everybody who is there has all that everybody wrote in two halves."""
    return all(set(room.heads(author)) == {entries} for author in range(1, NODES + 1))


def contents(room: Room, since: int) -> list[tuple[int, Reach, object]]:
    """Sender, reach and content of each frame from that one on."""
    seal = Seal(room.network.network_id, room.network.network_key)
    return [(who, frame.reach, decode(frame.payload, seal)) for _, who, frame in room.sent[since:]]


def echoes(room: Room) -> list[Frame]:
    """What was said once more of last entries."""
    return [frame for _, _, frame in room.sent if frame.key == "echo"]


def make_up(room: Room, receiver: int, instead: Callable[[Part], Part | None]) -> list[Part]:
    """That node does not hear the parts for which there is one ``instead``, but this one, which a
    member made up, over a relay; those that it heard so."""
    seal = Seal(room.network.network_id, room.network.network_key)
    made: list[Part] = []

    def lost(_sender: int, other: int, frame: Frame) -> bool:
        content = decode(frame.payload, seal) if other == receiver else None
        false = instead(content) if isinstance(content, Part) else None
        if false is None:
            return False
        made.append(false)
        heard = HeardFrame(encode_answer(false, seal), relays=1)
        room.engines[receiver].receive(heard, room.now)
        return True

    room.lost = lost
    return made
