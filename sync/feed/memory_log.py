# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A log in memory: the same contract as the one in SQLite, for simulations, benches and tests."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sync.feed.log import ForkProof, SignaturePoint, VerifiedRun


@dataclass(slots=True)
class _Feed:
    operations: dict[int, bytes] = field(default_factory=dict)
    chains: dict[int, bytes] = field(default_factory=dict)
    signatures: dict[int, bytes] = field(default_factory=dict)
    head: int = 0
    beyond: set[int] = field(default_factory=set)  # numbers held above the head


class MemoryLog:
    """All feeds that a node holds."""

    def __init__(self) -> None:
        self._feeds: dict[int, _Feed] = {}
        self._forks: list[ForkProof] = []
        self.aside: list[VerifiedRun] = []
        self.quarantined: dict[int, int] = {}  # author -> last valid number

    def authors(self) -> Iterable[int]:
        """Every author with at least one stored operation."""
        return [author for author, feed in sorted(self._feeds.items()) if feed.operations]

    def head(self, author: int) -> int:
        """Last number with nothing missing before it."""
        feed = self._feeds.get(author)
        return feed.head if feed else 0

    def chain(self, author: int, number: int) -> bytes | None:
        """Chain value after that operation."""
        feed = self._feeds.get(author)
        return feed.chains.get(number) if feed else None

    def operations(self, author: int, first: int, last: int) -> list[bytes]:
        """Stored operations from ``first`` on, up to ``last`` or the first one missing."""
        feed = self._feeds.get(author)
        found: list[bytes] = []
        if feed is None:
            return found
        for number in range(first, last + 1):
            data = feed.operations.get(number)
            if data is None:
                break
            found.append(data)
        return found

    def signatures(self, author: int, first: int, last: int) -> list[SignaturePoint]:
        """Signatures at numbers first..last, ascending."""
        feed = self._feeds.get(author)
        if feed is None:
            return []
        held = feed.signatures
        last = min(last, max(held, default=0))
        return [SignaturePoint(n, held[n]) for n in range(first, last + 1) if n in held]

    def islands(self, author: int) -> list[tuple[int, int]]:
        """(first, last) of what is held beyond the head."""
        feed = self._feeds.get(author)
        spans: list[tuple[int, int]] = []
        for number in sorted(feed.beyond) if feed else ():
            if spans and spans[-1][1] == number - 1:
                spans[-1] = (spans[-1][0], number)
            else:
                spans.append((number, number))
        return spans

    def store(self, runs: Sequence[VerifiedRun]) -> None:
        """Add runs, at the head or as islands; what is there already stays as it is."""
        for run in runs:
            feed = self._feeds.setdefault(run.author, _Feed())
            for offset, data in enumerate(run.operations):
                number = run.first + offset
                if number in feed.operations:
                    continue
                feed.operations[number] = data
                feed.chains[number] = run.chains[offset]
                if number > feed.head:
                    feed.beyond.add(number)
            feed.signatures.setdefault(run.last, run.signature)
            while feed.head + 1 in feed.beyond:
                feed.head += 1
                feed.beyond.discard(feed.head)

    def store_fork(self, proof: ForkProof, branch: VerifiedRun | None) -> None:
        """Keep the proof, and the branch that is not the one in the log."""
        if proof not in self._forks:
            self._forks.append(proof)
        if branch is not None and branch not in self.aside:
            self.aside.append(branch)

    def forks(self) -> list[ForkProof]:
        """All proofs kept."""
        return list(self._forks)

    def branches(self, author: int, number: int) -> list[tuple[bytes, bytes]]:
        """(chain after it, operation) of all that is kept aside at that number."""
        return [
            (run.chains[number - run.first], run.operations[number - run.first])
            for run in self.aside
            if run.author == author and run.first <= number <= run.last
        ]

    def quarantine(self, author: int, after: int | None) -> None:
        """Set or lift the mark above which an author's operations are not valid."""
        if after is None:
            self.quarantined.pop(author, None)
        else:
            self.quarantined[author] = after

    def valid_to(self, author: int) -> int | None:
        """The mark that ``quarantine`` set."""
        return self.quarantined.get(author)

    def set_aside(self, author: int, after: int) -> None:
        """Move operations and signatures above ``after`` to the kept branches."""
        feed = self._feeds.get(author)
        if feed is None:
            return
        numbers = sorted(number for number in feed.operations if number > after)
        for number in numbers:
            data, chain = feed.operations.pop(number), feed.chains.pop(number)
            signature = feed.signatures.pop(number, b"")
            self.aside.append(VerifiedRun(author, number, (data,), (chain,), signature))
        feed.beyond = {number for number in feed.beyond if number <= after}
        feed.head = min(feed.head, after)
