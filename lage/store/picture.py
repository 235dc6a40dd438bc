# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The situation as views read it (``lage.kinds.reader.Reader``), from a store."""

from __future__ import annotations

from collections.abc import Callable, Collection

from lage.kinds.model import Contested, HistoryStep
from lage.kinds.reader import Decision, Forked, LastEntry
from lage.language.epoch import from_unix, to_unix
from lage.language.fence import KeptFault
from lage.store import Store
from lage.store.caught import CAUGHT
from sync.feed.records import decode_record
from sync.feed.roster import ROOT
from sync.schema.definition import EntityId
from sync.schema.op import OperationError


class Picture:
    """The situation as views read it: the folded log and who holds what."""

    def __init__(self, store: Store) -> None:
        self._store = store
        situation = store.situation
        self.select = situation.select
        self.count = situation.count
        self.get = situation.get
        self.by_number = situation.by_number
        self.history: Callable[[EntityId], list[HistoryStep]] = situation.history
        self.search = situation.search
        self.hits = situation.hits
        self.spelled = situation.spelled
        self.stock = situation.stock
        self.used = situation.used
        self.service_states = situation.service_states
        self.incoming_number = situation.incoming_number
        self.incoming = situation.incoming
        self.additions = situation.additions
        self.concerning = situation.concerning
        self.unshown_counts = situation.unshown_counts

    def register(self, *, limit: int = 200, offset: int = 0) -> list[tuple[int, EntityId, int]]:
        """Eingangsnachweisung, newest first: (number, message, log time of arrival)."""
        rows = self._store.situation.register(limit=limit, offset=offset)
        return [(nr, message, from_unix(received)) for nr, message, received in rows]

    def decisions(self) -> list[Decision]:
        """What the county decided, in the order of its decisions."""
        found = []
        for data, received in self._store.situation.roster_arrivals():
            try:
                found.append(Decision(from_unix(received), decode_record(data)))
            except OperationError:
                continue  # a newer version's record
        return found

    def forked(self) -> list[Forked]:
        """Feeds of which there are two, decided or not."""
        return [
            Forked(author, number, from_unix(received))
            for author, number, received in self._store.situation.fork_arrivals()
        ]

    def forked_lists(self) -> dict[int, int]:
        """Lists of members of which there are two: the feed -> its first entry that differs.

        Nothing but an undecided fork limits a feed 0; the log keeps that limit.
        """
        log = self._store.log
        feeds = (ROOT, *(block.first for block in log.alliances()))
        limits = {number: log.valid_to(number) for number in feeds}
        return {number: limit + 1 for number, limit in limits.items() if limit is not None}

    def last_entries(self) -> list[LastEntry]:
        """The last entry of each author."""
        rows = self._store.situation.last_entries()
        return [LastEntry(author, time, from_unix(received)) for author, time, received in rows]

    def overruled(self, members: Collection[int], since: int) -> list[Contested]:
        """Changes by these members that a concurrent one overruled which came since that time."""
        return self._store.situation.overruled(members, int(to_unix(since)))

    def faults(self) -> list[KeptFault]:
        """Errors that fences caught, with log times."""
        kept = self._store.local.setting(CAUGHT)
        return [fault._replace(last=from_unix(fault.last)) for fault in kept]

    def holders(self, author: int, number: int) -> set[int]:
        """Members known to hold that operation."""
        return self._store.local.holders(author, number)
