# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The log as the engine sees it: roster, limits of feeds, and heads kept at hand.

The *head* here is what a node counts as held: the last number without gap, and never beyond a
feed's limit (the end of a revoked feed, or the last number before an unresolved fork), so that
nodes which know the same decisions announce the same numbers.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping

from sync.feed.chain import NUMBER_MAX
from sync.feed.log import ForkProof, Log
from sync.feed.records import Choice
from sync.feed.roster import ROOT, Roster, read_roster
from sync.feed.settle import is_open, limit_of


class Feeds:
    """Heads, limits and roster over a log."""

    def __init__(self, log: Log, network_id: bytes, root_public: bytes) -> None:
        self.log = log
        self.roster = Roster(network_id, root_public)
        self.own = -1  # our own author number
        self.own_sent = 0  # last own operation that may be known outside
        self.forks: dict[int, ForkProof] = {}  # the first open fork of each author
        self.unaired: dict[int, int] = {}  # author -> first that came by another way than the air
        self._choices: dict[int, Choice] = {}  # heard, and maybe not yet read in feed 0
        self._heads: dict[int, int] = {}
        self._stored: dict[int, deque[tuple[int, int]]] = {}  # (when, head before)
        self.changed: dict[int, int] = {}  # author -> when its head last changed, ms
        self.read_roster()
        self.reload()

    def reload(self) -> None:
        """Read heads and forks anew, as after a start or when another process wrote."""
        self._read_forks()
        self._heads = {author: self.log.head(author) for author in self.log.authors()}

    def _read_forks(self) -> None:
        self.forks = {}
        for proof in self.log.forks():
            self.note_fork(proof)

    def read_roster(self) -> bool:
        """Fold feed 0 and those of allied counties; whether anything changed."""
        before = self.roster
        log = self.log
        records = log.operations(ROOT, 1, log.head(ROOT))
        own = read_roster(before.network_id, before.root_public, records)
        allied = {
            block.first: log.operations(block.first, 1, log.head(block.first))
            for block in own.alliances
        }
        roster = (
            read_roster(before.network_id, before.root_public, records, allied) if allied else own
        )
        for author, choice in self._choices.items():
            roster = roster.with_choice(author, choice)
        if roster == before:
            return False
        self.roster = roster
        self._read_forks()
        return True

    def note_choice(self, author: int, choice: Choice) -> bool:
        """Remember a checked choice between branches of feed 0; whether it changes anything."""
        if self.roster.with_choice(author, choice) is self.roster:
            return False
        self._choices[author] = choice
        return True

    def note_fork(self, proof: ForkProof) -> bool:
        """Remember a fork; whether it is open and the first or an earlier one than known."""
        known = self.forks.get(proof.author)
        if known is not None and known.number <= proof.number:
            return False
        if not is_open(proof, self.log, self.roster):
            return False
        self.forks[proof.author] = proof
        return True

    def frozen(self, author: int) -> ForkProof | None:
        """The first fork of that author that the root has to decide."""
        return self.forks.get(author)

    def limit(self, author: int) -> int | None:
        """Last number that may be taken from that author; None without limit."""
        return limit_of(author, self.roster, self.forks.get(author))

    def stored_head(self, author: int) -> int:
        """Last number without gap in the log, whatever the limit."""
        return self._heads.get(author, 0)

    def head(self, author: int) -> int:
        """Last number that counts as held."""
        head = self._heads.get(author, 0)
        limit = self.limit(author)
        return head if limit is None else min(head, limit)

    def shown(self, author: int) -> int:
        """Last number that others may hear of by radio: our own feed up to what was sent.

        Until then an operation can still give way, should we turn out to be a restored backup.
        What came by another way is its author's to send first.
        """
        head = min(self.head(author), self.unaired.get(author, NUMBER_MAX + 1) - 1)
        return min(head, self.own_sent) if author == self.own else head

    def secret(self, author: int, number: int) -> bool:
        """Whether that operation is our own and was not sent yet."""
        return author == self.own and number > self.own_sent

    def heads(self) -> Mapping[int, int]:
        """Head of every author with at least one operation."""
        return {author: self.head(author) for author in self._heads}

    def authors(self) -> Iterable[int]:
        """Authors with at least one operation, and members that may have some."""
        return self._heads.keys() | self.roster.signers.keys()

    def chain(self, author: int, number: int) -> bytes | None:
        """Chain value after that operation; at 0 the origin."""
        if number:
            return self.log.chain(author, number)
        signer = self.roster.signer(author)
        return signer.origin if signer else None

    def parts(self, items: Iterable[tuple[int, int]]) -> list[tuple[int, int, bytes]] | None:
        """(author, head, chain at that head) without empty ones; None if we lack one of them."""
        found = []
        for author, head in items:
            if not head:
                continue
            chain = self.chain(author, head)
            if chain is None:
                return None
            found.append((author, head, chain))
        return found

    def update(self, author: int, now: int, keep_ms: int) -> bool:
        """The log of that author has changed; whether its head has."""
        before = self._heads.get(author, 0)
        head = self.log.head(author)
        if head == before:
            return False
        self._heads[author] = head
        self.changed[author] = now
        recent = self._stored.setdefault(author, deque(maxlen=32))
        while recent and recent[0][0] <= now - keep_ms:
            recent.popleft()
        recent.append((now, min(before, head)))
        return True

    def stale(self, own: int) -> bool:
        """Whether the log holds more of feeds, other than that one, than was read."""
        return any(
            self.log.head(author) != self.stored_head(author)
            for author in self.log.authors()
            if author != own
        )

    def settled(self, author: int, now: int, grace_ms: int) -> int:
        """The head as it was ``grace_ms`` ago: what everybody may be expected to hold."""
        head = self.shown(author)
        for when, before in self._stored.get(author, ()):
            if when > now - grace_ms:
                return min(head, before)
        return head

    def missing(self, author: int, target: int, ranges_max: int) -> list[tuple[int, int]]:
        """(first, last) of the gaps up to ``target``, islands left out."""
        limit = self.limit(author)
        if limit is not None:
            target = min(target, limit)
        gaps: list[tuple[int, int]] = []
        first = self.stored_head(author) + 1
        for start, end in self.log.islands(author):
            if start > target or len(gaps) >= ranges_max:
                break
            gaps.append((first, start - 1))
            first = end + 1
        if first <= target:
            gaps.append((first, target))
        return gaps
