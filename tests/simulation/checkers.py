# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What must hold at every step, and what must hold in the end."""

from __future__ import annotations

from collections import deque

from sync.feed.chain import next_chain, verify
from sync.feed.roster import read_roster
from sync.replica.events import Accepted, Event, ForkFound, Frame, OwnFeedAhead
from sync.wire.frames import FRAME_MAX
from tests.simulation.medium import airtime_ms
from tests.simulation.world import BUDGET_MS, HOUR_MS, Node, Violation, World


class Checker:
    """Watches a world from its beginning."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._spent: dict[int, deque[tuple[int, int]]] = {}  # (when, airtime) of the last hour
        world.on_frame.append(self._frame)
        world.on_event.append(self._event)
        world.on_boot.append(self._boot)

    def _frame(self, sender: int, frame: Frame) -> None:
        """Rule 4, by an account of our own, which no crash of a node makes forget."""
        if not 0 < len(frame.payload) <= FRAME_MAX:
            raise Violation(f"node {sender} sent {len(frame.payload)} bytes")
        now = self._world.now
        spent = self._spent.setdefault(sender, deque())
        spent.append((now, airtime_ms(len(frame.payload))))
        while spent[0][0] <= now - HOUR_MS:
            spent.popleft()
        if sum(cost for _, cost in spent) > BUDGET_MS:
            raise Violation(f"node {sender} exceeded its airtime")

    def _event(self, node: Node, event: Event) -> None:
        if isinstance(event, Accepted):
            self._genuine(node, event)
        elif isinstance(event, ForkFound) and event.author not in self.truly_forked():
            raise Violation(f"node {node.number} believes that {event.author} forked")
        elif isinstance(event, OwnFeedAhead) and not node.restored:
            raise Violation(f"node {node.number} takes itself for a backup")

    def _genuine(self, node: Node, event: Accepted) -> None:
        """Rules 3 and 5: nothing but what a member signed for this network is ever stored."""
        for number in range(event.first, event.last + 1):
            chain = node.log.chain(event.author, number)
            if chain is None or (event.author, number, chain) not in self._world.genuine:
                raise Violation(f"node {node.number} took {event.author}:{number}, never signed")
            before = node.log.chain(event.author, number - 1)
            operation = node.log.operations(event.author, number, number)[0]
            if before is not None and next_chain(before, operation) != chain:
                raise Violation(f"node {node.number} broke the chain at {event.author}:{number}")
            node.saved[event.author, number] = chain
        self._signed(node, event.author, event.last)

    def _signed(self, node: Node, author: int, number: int) -> None:
        network = self._world.network
        publics = network.publics(author)
        chain = node.log.chain(author, number) or b""
        points = node.log.signatures(author, number, number)
        good = [
            any(
                verify(key, network.network_id, author, number, chain, p.signature)
                for key in publics
            )
            for p in points
        ]
        if good != [True]:
            raise Violation(f"node {node.number} keeps {author}:{number} without a signature")

    def _boot(self, node: Node) -> None:
        if lost := _lost(node):
            raise Violation("in a crash, " + lost[0])

    def lost(self) -> list[str]:
        """Rule 1: what a node was told is saved, and is not there any more."""
        return [loss for node in self._world.nodes.values() for loss in _lost(node)]

    def step(self) -> None:
        """Rule 2, at any moment: nodes that hold the same operations show the same picture."""
        seen: dict[bytes, tuple[int, bytes]] = {}
        for node in self._world.nodes.values():
            if not node.up:
                continue
            heads = _heads(node)
            picture = node.log.picture(heads)
            other, shown = seen.setdefault(node.log.valid(heads), (node.number, picture))
            if shown != picture:
                raise Violation(f"nodes {other} and {node.number}: same log, different pictures")

    def truly_forked(self) -> set[int]:
        """Authors that signed two different chains at one number."""
        seen: dict[tuple[int, int], bytes] = {}
        forked: set[int] = set()
        for author, number, chain in self._world.genuine:
            if seen.setdefault((author, number), chain) != chain:
                forked.add(author)
        return forked

    def differences(self) -> list[str]:
        """What keeps the nodes from being equal; empty when they have converged."""
        found: list[str] = []
        nodes = self._members()
        if not all(node.up for node in nodes):
            return ["a node is down"]
        forked = self.truly_forked()
        for author in sorted({author for author, _, _ in self._world.genuine}):
            heads = {node.number: node.engine.head(author) for node in nodes}
            if len(set(heads.values())) > 1:
                found.append(f"author {author}: heads {heads}")
                continue
            head = next(iter(heads.values()))
            if head and len({node.log.chain(author, head) for node in nodes}) > 1:
                found.append(f"author {author}: different branches at {head}")
            own = self._world.nodes.get(author)
            if own is None or author in forked or own.restored:
                continue
            if own.engine.roster.last_good(author) is None and own.log.head(author) != head:
                found.append(f"author {author}: wrote {own.log.head(author)}, others {head}")
        return found

    def unnoticed(self) -> list[int]:
        """Nodes that were started on an old backup and would go on with their feed.

        Not one whose new branch the root decided for: nothing out there contradicts it any more;
        nor one that is revoked, since nobody takes what it would go on with.
        """
        return [
            node.number
            for node in self._members()
            if node.must_notice and not node.engine.restored and not _upheld(node)
        ]

    def pictures(self) -> set[bytes]:
        """Rule 2: the hash of what each node would show; one element when all agree."""
        return {node.log.picture(_heads(node)) for node in self._members()}

    def _members(self) -> list[Node]:
        """Nodes that the root has not revoked: nobody answers the others any more."""
        network = self._world.network
        records = network.root_log.operations(0, 1, network.root_log.head(0))
        roster = read_roster(network.network_id, network.root_public, records)
        return [n for n in self._world.nodes.values() if roster.members[n.number].active]

    def faults(self) -> list[str]:
        """What does not fit together within a node's store."""
        return [
            f"node {node.number}: {fault}"
            for node in self._world.nodes.values()
            for fault in node.log.faults()
        ]


def _lost(node: Node) -> list[str]:
    return [
        f"node {node.number} lost {author}:{number}"
        for (author, number), chain in node.saved.items()
        if not node.log.keeps(author, number, chain)
    ]


def _heads(node: Node) -> dict[int, int]:
    return {author: node.engine.head(author) for author in node.log.authors()}


def _upheld(node: Node) -> bool:
    anchor = node.engine.roster.anchor(node.number)
    return anchor is not None and node.log.chain(node.number, anchor[0]) == anchor[1]
