# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is known of the other nodes: when and how they were heard, and what they hold.

What a node announced is believed as far as it only causes sending and "empfangen" marks; it never
changes the log. A fresh announcement replaces the one before, also downwards (a node may have lost
its disk, or was set up from an older copy); a late or repeated one can only add. What others still
say of such a node from before is not believed, until it holds that again by its own word. Nothing
comes here that no active member vouched for.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sync.feed.chain import AUTHOR_MAX, NUMBER_MAX
from sync.wire.hearsay import Account

CLOCKS_MS = 60_000
"""What was signed later than that from now was signed by a wrong clock, and may be old."""


@dataclass(frozen=True, slots=True)
class PeerState:
    """A node as others may see it."""

    author: int
    heard: int | None  # ms; None: not heard since the start of records
    heard_directly: int | None
    snr_db: float | None  # of the last frame heard directly, else of the last at all
    hops: int | None  # fewest of the last frames
    vector: Mapping[int, int]  # author -> last number it is known to hold
    behind: int  # operations of ours that it is not known to hold
    ahead: int  # operations it announced and we lack


@dataclass(slots=True)
class _Peer:
    heard: int | None = None
    direct: int | None = None
    snr: float | None = None
    hops: int | None = None
    heads: array[int] | None = None  # as it announced itself
    said: dict[int, int] = field(default_factory=dict)  # as others say, where that is more
    lost: dict[int, int] = field(default_factory=dict)  # held once, and not any more
    word: int = 0  # when it last signed all that it holds; ms
    passed: dict[int, int] = field(default_factory=dict)  # what we passed on

    def near(self, since: int) -> bool:
        """Whether it was heard directly since then."""
        return self.direct is not None and self.direct >= since


class Neighbours:
    """Every node ever heard of, at most ``peers_max`` (the one silent for longest is forgotten)."""

    def __init__(self, peers_max: int) -> None:
        self._max = peers_max
        self._peers: dict[int, _Peer] = {}
        self._best: dict[int, int] = {}  # author -> highest number that anybody announced

    def seen(self, author: int, now: int, snr_db: float | None, hops: int) -> None:
        """A frame of that node was heard."""
        peer = self._peer(author)
        peer.heard = now
        if hops == 0:
            peer.direct = now
        if hops == 0 and peer.hops == 0 and peer.snr is not None and snr_db is not None:
            peer.snr += (snr_db - peer.snr) / 4
        elif hops == 0 or peer.hops != 0:
            peer.hops, peer.snr = hops, snr_db

    def announced(
        self, author: int, items: Iterable[tuple[int, int]], *, newer: bool, since: int = 0
    ) -> None:
        """It holds these authors' feeds up to these numbers; ``newer``: no more than that, if it
        has signed nothing after ``since``, when it may have said so."""
        peer = self._peer(author)
        heads = peer.heads if peer.heads is not None else array("I")
        peer.heads = heads
        doubtful = newer and peer.word <= since and bool(peer.said)
        for number, head in items:
            if doubtful and peer.said.get(number, 0) > head:
                self._lost(peer, number)
            if number >= len(heads):
                if not head:
                    continue
                heads.extend([0] * (number + 1 - len(heads)))
            before = heads[number]
            if newer or head > before:
                if head < before:
                    self._lost(peer, number)
                self._announce(heads, number, head)
            if peer.lost and head >= peer.lost.get(number, head + 1):
                del peer.lost[number]

    def _announce(self, heads: array[int], number: int, head: int) -> None:
        before, heads[number] = heads[number], head
        best = self._best.get(number, 0)
        if head > best:
            self._best[number] = head
        elif head < before == best:
            self._best[number] = max(self.head(name, number) for name in self._peers)

    def stated(self, member: int, heads: Mapping[int, int], at: int, now: int) -> bool:
        """It signed then that it holds this and nothing else. Where that was after all that was
        heard of it, it is believed also where it is less; whether it is."""
        peer = self._peer(member)
        heard = max(peer.word, peer.heard or 0)
        if at > now + CLOCKS_MS or at < heard or at == peer.word:
            self.hearsay([member], heads.items())
            return False
        peer.word, less = min(at, now), False
        for number in {*peer.said, *range(len(peer.heads or ()))}:
            head = heads.get(number, 0)
            if head < self.known(member, number):
                self._lost(peer, number)
                less = True
                if peer.heads is not None and self.head(member, number) > head:
                    self._announce(peer.heads, number, head)
        for number, head in heads.items():
            if head >= peer.lost.get(number, head + 1):
                del peer.lost[number]
            if head > self.known(member, number):
                peer.said[number] = head
        return less

    @staticmethod
    def _lost(peer: _Peer, number: int) -> None:
        """It holds less of that author than was believed, by its own word."""
        announced = peer.heads[number] if peer.heads and number < len(peer.heads) else 0
        before = max(announced, peer.said.pop(number, 0))
        peer.lost[number] = max(before, peer.lost.get(number, 0))

    def hearsay(self, members: Iterable[int], items: Iterable[tuple[int, int]]) -> bool:
        """Another node says that these hold these authors' feeds; whether any of it is news."""
        content = [(author, head) for author, head in items if head]
        news = False
        for member in members:
            peer = self._peer(member)
            for author, head in content:
                if head > self.known(member, author) and head > peer.lost.get(author, 0):
                    peer.said[author] = head
                    peer.lost.pop(author, None)
                    news = True
        return news

    def known(self, peer: int, author: int) -> int:
        """What that node holds of that author, by its own word or by that of others."""
        found = self._peers.get(peer)
        if found is None:
            return 0
        return max(self.head(peer, author), found.said.get(author, 0))

    def accounts(self, authors: Sequence[int]) -> list[Account]:
        """What is known of every node and what of it was passed on, for these authors."""
        found = []
        for name, peer in self._peers.items():  # some hundred nodes and authors: no calls inside
            heads, said, passed = peer.heads or (), peer.said, peer.passed
            end = len(heads)
            known = [max(heads[a] if a < end else 0, said.get(a, 0)) for a in authors]
            found.append(Account(name, known, [passed.get(a, 0) for a in authors]))
        return found

    def passed_on(self, members: Iterable[int], items: Iterable[tuple[int, int]]) -> int:
        """That these hold this was told to our neighbours, or to all; how many (operation, member)
        of it were known here and had not been told."""
        content, waited = [(author, head) for author, head in items if head], 0
        for member in members:
            passed = self._peer(member).passed
            for author, head in content:
                before = passed.get(author, 0)
                if head > before:
                    waited += max(0, min(self.known(member, author), head) - before)
                    passed[author] = head
        return waited

    def pass_on_again(self) -> None:
        """Some may not have heard it: tell all of it anew."""
        for peer in self._peers.values():
            peer.passed.clear()

    def head(self, peer: int, author: int) -> int:
        """What that node announced of that author; 0 if nothing."""
        known = self._peers.get(peer)
        if known is None or known.heads is None or author >= len(known.heads):
            return 0
        return known.heads[author]

    def best(self, author: int) -> int:
        """The highest number of that author that anybody announced."""
        return self._best.get(author, 0)

    def furthest(self, author: int) -> int:
        """The highest number of that author that anybody is known to hold."""
        return max((self.known(peer, author) for peer in self._peers), default=0)

    def holders(self, author: int, number: int) -> frozenset[int]:
        """Nodes that hold that operation, by their own word or by that of others."""
        return frozenset(peer for peer in self._peers if self.known(peer, author) >= number)

    def near(self, author: int, since: int) -> bool:
        """Whether that node was heard directly since then."""
        peer = self._peers.get(author)
        return peer is not None and peer.near(since)

    def heard_last(self, node: int) -> int | None:
        """When something of that node was heard last, be it over relays; None: never."""
        peer = self._peers.get(node)
        return None if peer is None else peer.heard

    def answers(self, node: int, span: tuple[int, int, int], since: int) -> bool:
        """Whether that node is near and has announced (author, first, last): it can answer."""
        return self.near(node, since) and self.head(node, span[0]) >= span[2]

    def direct_holder(self, author: int, number: int, since: int) -> bool:
        """Whether a node heard directly since then announced to hold that operation."""
        return any(self.head(name, author) >= number for name, _ in self._near(since))

    def ranked(self, needs: Mapping[int, int], since: int | None = None) -> list[int]:
        """Nodes, or only those heard directly since then: those that hold most of what is needed,
        loudest first.

        Of its own feed every author holds all.
        """
        found = []
        for name, peer in self._peers.items():
            if not name or (since is not None and not peer.near(since)):
                continue
            holds = sum(
                name == author or self.head(name, author) >= number
                for author, number in needs.items()
            )
            if holds or since is not None:
                found.append((-holds, -(peer.snr if peer.snr is not None else -30.0), name))
        return [name for _, _, name in sorted(found)]

    def link(self, node: int) -> float:
        """Signal to noise with which that node is heard directly, whenever it was, in dB; -30: it
        never was."""
        peer = self._peers.get(node)
        if peer is None or peer.hops != 0 or peer.snr is None:
            return -30.0
        return peer.snr

    def weak(self, since: int, snr_db: float) -> bool:
        """Whether nodes were heard directly since then, but none with that signal to noise."""
        near = [peer.snr for _, peer in self._near(since)]
        return bool(near) and all(snr is not None and snr < snr_db for snr in near)

    def near_count(self, since: int) -> int:
        """How many nodes were heard directly since then."""
        return sum(1 for _ in self._near(since))

    def any_near(self, since: int) -> bool:
        """Whether any node was heard directly since then; of hundreds mostly the first."""
        return any(True for _ in self._near(since))

    @property
    def all_far(self) -> bool:
        """Whether others are known and none of them was ever heard but over relays."""
        hops = [peer.hops for peer in self._peers.values() if peer.hops is not None]
        return bool(hops) and 0 not in hops

    def _near(self, since: int) -> Iterator[tuple[int, _Peer]]:
        return ((name, peer) for name, peer in self._peers.items() if peer.near(since))

    def loudest(self, since: int) -> int:
        """The node heard best of those heard directly from that moment on; 0: none."""
        near = {
            name: peer.snr if peer.snr is not None else -30.0
            for name, peer in self._near(since)
            if name
        }
        return max(near, key=lambda name: near[name], default=0)

    def states(self, heads: Mapping[int, int]) -> list[PeerState]:
        """All nodes, compared with our heads."""
        found = []
        for name, peer in sorted(self._peers.items()):
            vector = {author: head for author, head in enumerate(peer.heads or ()) if head}
            for author, head in peer.said.items():
                vector[author] = max(head, vector.get(author, 0))
            for author in peer.lost:
                vector.setdefault(author, 0)
            behind = sum(max(0, head - vector.get(author, 0)) for author, head in heads.items())
            ahead = sum(max(0, head - heads.get(author, 0)) for author, head in vector.items())
            found.append(
                PeerState(name, peer.heard, peer.direct, peer.snr, peer.hops, vector, behind, ahead)
            )
        return found

    def export(self) -> list[dict[str, Any]]:
        """Plain values for keeping over a restart."""
        return [
            {
                "author": name,
                "heads": list(peer.heads or ()),
                "said": sorted(peer.said.items()),
                "lost": sorted(peer.lost.items()),
                "word": max(peer.word, peer.heard or 0),
                "snr": peer.snr,
                "hops": peer.hops,
            }
            for name, peer in sorted(self._peers.items())
        ]

    def load(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Take back what ``export`` gave; rows that are not such are skipped."""
        for row in rows:
            author, heads = row.get("author"), row.get("heads")
            if not (isinstance(author, int) and 0 <= author <= AUTHOR_MAX):
                continue
            if not isinstance(heads, list) or len(heads) > AUTHOR_MAX + 1:
                continue
            if not all(isinstance(head, int) and 0 <= head <= NUMBER_MAX for head in heads):
                continue
            self.announced(author, enumerate(heads), newer=True)
            peer = self._peer(author)
            peer.said, peer.lost = _said(row.get("said")), _said(row.get("lost"))
            word = row.get("word")
            peer.word = word if type(word) is int and word > 0 else 0
            snr, hops = row.get("snr"), row.get("hops")
            peer.snr = float(snr) if isinstance(snr, (int, float)) else None
            peer.hops = hops if isinstance(hops, int) else None

    def _peer(self, author: int) -> _Peer:
        peer = self._peers.get(author)
        if peer is None:
            if len(self._peers) >= self._max:
                oldest = min(self._peers, key=lambda name: self._peers[name].heard or 0)
                del self._peers[oldest]
            peer = self._peers[author] = _Peer()
        return peer


def _said(rows: object) -> dict[int, int]:
    """(author, number) pairs as ``export`` gives them; whatever is not such is skipped."""
    found: dict[int, int] = {}
    for pair in rows if isinstance(rows, list) else ():
        match pair:
            case [int(author), int(number)] | (int(author), int(number)):
                if 0 <= author <= AUTHOR_MAX and 0 < number <= NUMBER_MAX:
                    found[author] = number
            case _:
                continue
    return found
