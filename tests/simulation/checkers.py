# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What must hold at every step, and what must hold in the end (DESIGN section 9, rules 2 to 4)."""

from __future__ import annotations

import hashlib

from sync.events import Accepted, Event, ForkFound, Frame, OwnFeedAhead
from sync.feed import next_chain
from sync.frames import FRAME_MAX
from tests.simulation.world import BUDGET_MS, HOUR_MS, Node, Violation, World


class Checker:
    """Watches a world from its beginning."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.forked: set[int] = set()  # authors that signed two feeds, as the world knows
        world.on_frame.append(self._frame)
        world.on_event.append(self._event)

    def _frame(self, sender: int, frame: Frame) -> None:
        if not 0 < len(frame.payload) <= FRAME_MAX:
            raise Violation(f"node {sender} sent {len(frame.payload)} bytes")
        now = self._world.now
        spent = self._world.nodes[sender].sender.spent
        if sum(cost for when, cost in spent if when > now - HOUR_MS) > BUDGET_MS:
            raise Violation(f"node {sender} exceeded its airtime")

    def _event(self, node: Node, event: Event) -> None:
        if isinstance(event, Accepted):
            self._genuine(node, event)
        elif isinstance(event, ForkFound) and event.author not in self.truly_forked():
            raise Violation(f"node {node.number} believes that {event.author} forked")
        elif isinstance(event, OwnFeedAhead) and not node.restored:
            raise Violation(f"node {node.number} takes itself for a backup")

    def _genuine(self, node: Node, event: Accepted) -> None:
        """Rule 3: nothing but what its author signed is ever stored."""
        for number in range(event.first, event.last + 1):
            chain = node.log.chain(event.author, number)
            if chain is None or (event.author, number, chain) not in self._world.genuine:
                raise Violation(f"node {node.number} took {event.author}:{number}, never signed")
            before = node.log.chain(event.author, number - 1)
            operation = node.log.operations(event.author, number, number)[0]
            if before is not None and next_chain(before, operation) != chain:
                raise Violation(f"node {node.number} broke the chain at {event.author}:{number}")

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
        nodes = [node for node in self._world.nodes.values() if node.up]
        if len(nodes) < len(self._world.nodes):
            found.append("a node is down")
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
        """Nodes that were started on an old backup and would go on with their feed."""
        return [
            node.number
            for node in self._world.nodes.values()
            if node.must_notice and not node.engine.restored
        ]

    def pictures(self) -> set[str]:
        """Rule 2: the hash of what each node would show; one element when all agree."""
        return {picture(node) for node in self._world.nodes.values()}


def picture(node: Node) -> str:
    """The valid operations in the common order (time, author, number), hashed."""
    shown = []
    for author in node.log.authors():
        valid = node.engine.head(author)
        for number, data in enumerate(node.log.operations(author, 1, valid), 1):
            time = int.from_bytes(data[2:7], "big") if author else 0
            shown.append((time, author, number, data))
    state = hashlib.sha256()
    for _, author, number, data in sorted(shown):
        state.update(author.to_bytes(2, "big") + number.to_bytes(4, "big") + data)
    return state.hexdigest()
