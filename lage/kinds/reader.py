# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What views may ask about the situation, and what they know of the world."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from lage.kinds.directory import Directory
from lage.kinds.model import Contested, HistoryStep, Query, Record
from lage.language.fence import KeptFault
from sync.feed.records import Record as RosterRecord
from sync.schema.definition import EntityId, Point, Scalar

if TYPE_CHECKING:
    from maps.geo.projection import Position


@dataclass(frozen=True, slots=True)
class Decision:
    """What the county decided about its members and keys."""

    time: int  # when this node learnt it, log time
    record: RosterRecord


@dataclass(frozen=True, slots=True)
class Forked:
    """A feed of which there are two."""

    author: int
    number: int  # they differ from there on
    time: int  # when this node learnt it, log time


@dataclass(frozen=True, slots=True)
class LastEntry:
    """The last entry of a feed without gaps before it."""

    author: int
    time: int  # as its author stamped it
    received: int  # log time by this node's clock


class Reader(Protocol):
    """Answers questions about the folded log."""

    def select(self, query: Query) -> list[Record]:
        """Rows of a window, in order."""

    def count(self, query: Query) -> int:
        """Rows of a query without its window."""

    def get(self, entity: EntityId) -> Record | None:
        """One entity."""

    def by_number(self, kind: str, author: int, nr: int) -> Record | None:
        """The entity with that running number of a staff."""

    def history(self, entity: EntityId) -> list[HistoryStep]:
        """Every operation on an entity."""

    def search(self, text: str, kinds: Sequence[str] = (), limit: int = 100) -> list[Record]:
        """Entities that hold these words."""

    def spelled(self, word: str) -> str:
        """A folded word as something here begins, else the nearest one that occurs; itself where
        none is near."""

    def hits(self, text: str) -> dict[str, str]:
        """All entities that hold these words, by kind, as ``Query.among`` takes them."""

    def stock(self) -> list[tuple[str, str, int]]:
        """(item, place, balance)."""

    def used(self, kind: str, name: str) -> list[str]:
        """All values of a field that has an index, each once, in order."""

    def service_states(self, now: int) -> list[Record]:
        """Latest Versorgungslage of each municipality and service; from the future only where
        there is no other."""

    def incoming_number(self, message: EntityId) -> int | None:
        """Number in this staff's Eingangsnachweisung."""

    def register(self, *, limit: int = 200, offset: int = 0) -> list[tuple[int, EntityId, int]]:
        """Eingangsnachweisung, newest first: (number, message, log time of arrival)."""

    def decisions(self) -> list[Decision]:
        """What the county decided, in the order of its decisions."""

    def forked(self) -> list[Forked]:
        """Feeds of which there are two, decided or not."""

    def concerning(
        self, kinds: Sequence[str], members: Collection[int], since: int, until: int
    ) -> list[tuple[EntityId, int]]:
        """Entries that one of the members wrote, changed or is named in, with their ``seq``."""

    def additions(self, entity: EntityId, name: str) -> dict[Scalar, tuple[EntityId, ...]]:
        """Elements of a set field with the operations that added them."""

    def forked_lists(self) -> dict[int, int]:
        """Lists of members of which there are two: the feed -> its first entry that differs."""

    def last_entries(self) -> list[LastEntry]:
        """The last entry of each author."""

    def overruled(self, members: Collection[int], since: int) -> list[Contested]:
        """Changes by these members that a concurrent one overruled which came since that time."""

    def unshown_counts(self) -> dict[int, int]:
        """author -> how many of its operations cannot be shown."""

    def faults(self) -> list[KeptFault]:
        """Errors that fences caught, with log times."""

    def holders(self, author: int, number: int) -> set[int]:
        """Members known to hold that operation."""


def _unnumbered(error: Exception) -> int:
    return 0


class County(Protocol):
    """What the map says about the county and its municipalities."""

    def towns(self) -> Mapping[str, int | None]:
        """People by municipality, in order of the names; None: not known."""

    def people(self, municipality: str) -> int | None:
        """People living there; None where nobody knows, or there is no such town."""

    def at(self, point: Point) -> str | None:
        """Name of the municipality in which a point lies; None outside the county."""

    def streets(self, typed: str) -> Sequence[str]:
        """Addresses of streets that fit what was typed; none where no map has streets."""

    def address(self, text: str) -> tuple[str | None, Point | None]:
        """Municipality and point of what somebody wrote as the place, as far as it tells."""

    def spot(self, name: str) -> Point | None:
        """Where a street, municipality or place of that name is; None for one not on the map."""

    def dwellers(self, record: Record) -> str:
        """Who lives in a drawn area: figure and method in words, or why nobody can tell."""

    def centre(self) -> Position | None:
        """The middle of the county, next to which digits without letters are looked for."""

    @property
    def words(self) -> Mapping[str, tuple[str, ...]]:
        """Listed words by vocabulary, those of places and gauges as this county has them."""


@dataclass(frozen=True, slots=True)
class ViewContext:
    """The world around the situation at the moment of looking."""

    now: int  # log time
    directory: Directory
    reader: Reader
    county: County
    odd: Callable[[Exception], int] = _unnumbered  # notes what a view could not show
    radio_ahead_s: int | None = None  # the radio's clock less this computer's, where it has one
    radio_gps: bool = False  # it goes by satellites
    network: str = ""  # mark by which files of this network are known

    @property
    def me(self) -> int:
        """This staff; -1 before it has joined a county."""
        return -1 if self.directory.me is None else self.directory.me

    @property
    def ours(self) -> tuple[int, ...]:
        """This staff's number with those that it had before it was admitted anew."""
        return tuple(sorted(self.directory.line(self.me)))

    def addressed(self, record: Record) -> bool:
        """Whether an entry names this staff, under whatever number, as addressee."""
        return any(member in self.ours for member in record.members("to") or ())

    def concerns(self, record: Record) -> bool:
        """Whether an entry is addressed to this staff or, naming nobody, to all."""
        return "to" not in record.values or self.addressed(record)
