# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the root has decided: apply it to the log, and tell who still shows the other branch.

Decisions about members stand in feed 0 and arrive like any record. A choice between two branches
of feed 0 itself is told by a frame of its own, because who holds the other branch would never
read the record. It is told when such a node shows itself: with a proof of that fork, or with a run
of the other branch. Every answer is random in time and dropped when another gives it first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.feed.choice import chosen
from sync.feed.records import Choice
from sync.feed.settle import settle
from sync.replica.config import EngineConfig
from sync.replica.effects import Effects
from sync.replica.events import Revoked
from sync.replica.feeds import Feeds
from sync.wire.forks import encode_choice

if TYPE_CHECKING:
    import random


class Decisions:
    """The root's word on all feeds."""

    def __init__(
        self, feeds: Feeds, effects: Effects, config: EngineConfig, rng: random.Random
    ) -> None:
        self._feeds = feeds
        self._effects = effects
        self._config = config
        self._rng = rng
        self._applied: dict[int, object] = {}  # author -> what was last decided of it
        self._due: dict[int, int] = {}  # forked feed 0 -> when to tell the choice
        self._told: dict[int, int] = {}  # forked feed 0 -> when it was last told

    @property
    def deadline(self) -> int | None:
        """When something is to be sent."""
        return min(self._due.values(), default=None)

    def apply(self) -> set[int]:
        """Make the log what the roster and the known forks say; authors whose feeds were touched.

        May raise as the log. What was applied is not applied again until it changes: a feed that
        gave way is fetched anew, which takes its time.
        """
        feeds, roster = self._feeds, self._feeds.roster
        touched: set[int] = set()
        for author in sorted(set(feeds.log.authors()) | roster.signers.keys()):
            signer = roster.signer(author)
            origin = signer.origin if signer else None
            now = (origin, roster.anchor(author), feeds.limit(author))
            if self._applied.get(author) == now:
                continue
            touched |= settle(feeds.log, roster, [author])
            self._applied[author] = now
            ended = roster.last_good(author)
            if ended is not None:
                touched.add(author)
                self._effects.tell(Revoked(author, ended))
        return touched

    def heard(self, author: int, choice: Choice, now: int) -> bool | None:
        """A choice came in a frame: whether it is news; None if nobody entitled made it."""
        signer = self._feeds.roster.signer(author)
        if signer is None or author not in self._feeds.roster.rosters():
            return None
        if not chosen(choice, signer.public, signer.network_id):
            return None
        known = self._feeds.roster.choices.get(author)
        if known is not None and known.rank > choice.rank:
            self.tell(author, now)  # ours mends that one
            return False
        self._due.pop(author, None)
        self._told[author] = now
        return self._feeds.note_choice(author, choice)

    def tell(self, author: int, now: int) -> None:
        """Another node holds the branch of feed 0 that the root did not choose."""
        if author not in self._feeds.roster.choices or author in self._due:
            return
        last = self._told.get(author)
        if last is None or now - last >= self._config.dispute_again_ms:
            self._due[author] = now + self._rng.randrange(1, self._config.dispute_wait_ms)

    def advance(self, now: int) -> list[tuple[int, bytes]]:
        """(feed, frame) of the choices to be told now."""
        found = []
        for author, due in list(self._due.items()):
            if due > now:
                continue
            del self._due[author]
            self._told[author] = now
            choice = self._feeds.roster.choices.get(author)
            if choice is not None:
                found.append((author, encode_choice(author, choice)))
        return found
