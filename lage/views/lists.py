# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every list of the product: its columns, its order, its filters. Screen and command line share it.

A column has a least width and a weight for the room that is left; columns with a high ``rank`` go
first when a terminal is narrow. Cells are plain text; whoever draws them must not interpret it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from lage.kinds.cards import CARDS
from lage.kinds.model import Order, Query, Record, Where
from lage.kinds.reader import ViewContext
from lage.kinds.states import open_only
from lage.views import cells
from lage.views.cells import Cell, of
from lage.views.fence import fenced
from lage.views.sums import shelters_together, units_together

INCOMING = "ein"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a list."""

    title: str
    width: int  # least width in cells
    cell: Cell
    weight: int = 0  # share of the room left
    rank: int = 0  # 0 always shown; higher goes first when narrow
    right: bool = False
    prose: bool = False  # takes a line of its own where rows have two

    def shown(self, record: Record, context: ViewContext) -> str:
        """The cell's text; an error costs this cell, never the list."""
        return fenced(lambda: self.cell(record, context), str, context)


@dataclass(frozen=True, slots=True)
class Filter:
    """A ready filter of a list."""

    key: str  # for the command line and the screen's state
    label: str
    where: Callable[[ViewContext], tuple[Where, ...]]


@dataclass(frozen=True, slots=True)
class ListView:
    """A list of one kind."""

    kind: str
    title: str
    columns: tuple[Column, ...]
    query: Query
    filters: tuple[Filter, ...] = ()
    summary: Callable[[Sequence[Record]], str] | None = None  # a line below the rows

    def asked(self, key: str, text: str, context: ViewContext) -> Query:
        """What it asks the log for, with a filter and words to search for."""
        where = [*self.query.where]
        for item in self.filters:
            if item.key == key:
                where.extend(item.where(context))
        query = replace(self.query, where=tuple(where), text=text)
        if (self.kind, key) == ("message", INCOMING):  # to us, not between others
            query = replace(query, to=context.ours)
        return query


def _list(
    kind: str,
    columns: tuple[Column, ...],
    *,
    title: str = "",
    order: Order = "event",
    descending: bool = True,
    filters: tuple[Filter, ...] = (),
    summary: Callable[[Sequence[Record]], str] | None = None,
) -> ListView:
    """A list called as its card says, with the filters given or that for one's own entries."""
    query = Query(kind, order=order, descending=descending)
    return ListView(kind, title or CARDS[kind].plural, columns, query, filters or (_MINE,), summary)


def _open(kind: str, label: str = "offen") -> Filter:
    return Filter("offen", label, lambda _: open_only(kind))


def _status(status: str) -> Callable[[ViewContext], tuple[Where, ...]]:
    return lambda _: (Where("status", "=", status),)


_NR = Column("Nr.", 8, cells.label)
_TIME = Column("Zeit", 9, cells.event)
_BY = Column("Stelle", 12, cells.author, 1, rank=2)
_MINE = Filter("eigene", "eigene Stelle", lambda c: (Where("author", "in", c.ours),))

LISTS: Mapping[str, ListView] = {
    view.kind: view
    for view in (
        _list(
            "journal",
            (
                _NR,
                _TIME,
                Column("Stelle", 10, cells.author, 1, rank=1),
                Column("Inhalt > Maßnahme", 30, cells.journal_text, 6, prose=True),
                Column("Von", 8, of("sender"), 1, rank=3),
                Column("An", 8, of("recipient"), 1, rank=3),
                Column("Weg", 7, of("way"), 0, rank=4),
                Column("Zch", 4, of("sign"), 0, rank=3),
            ),
            order="entered",
        ),
        _list(
            "message",
            (
                _NR,
                _TIME,
                Column("Vorrang", 7, of("priority")),
                Column("Von", 10, cells.author, 1),
                Column("An", 10, cells.addressees, 1, rank=1),
                Column("Inhalt", 20, of("text"), 5, prose=True),
                Column("empf.", 5, cells.reached, 0, rank=2, right=True),
                Column("Quittung", 8, cells.receipt, 1),
            ),
            order="entered",
            filters=(
                Filter("ein", "Eingang", lambda c: (Where("author", "not in", c.ours),)),
                Filter("aus", "Ausgang", lambda c: (Where("author", "in", c.ours),)),
            ),
        ),
        _list(
            "task",
            (
                _NR,
                _TIME,
                Column("Status", 10, of("status")),
                Column("Bis", 9, cells.due),
                Column("Von", 8, cells.author, 1, rank=2),
                Column("An", 8, cells.addressees, 1, rank=1),
                Column("Auftrag", 20, of("text"), 5, prose=True),
                Column("Rückmeldung", 10, of("feedback"), 2, rank=3),
            ),
            order="entered",
            filters=(
                _open("task"),
                _MINE,
            ),
        ),
        _list(
            "incident",
            (
                _NR,
                _TIME,
                Column("Art", 13, of("type")),
                Column("Status", 10, cells.incident_status),
                Column("Prio", 8, of("priority"), 0, rank=1),
                Column("Ort", 10, cells.place, 2),
                Column("Lage", 14, of("text"), 4, prose=True),
                Column("Betr/Verl/Verm/Tot", 9, cells.harm, 0, rank=2),
            ),
            filters=(
                _open("incident", "nicht erledigt"),
                _MINE,
            ),
        ),
        _list(
            "unit",
            (
                Column("Name", 14, of("name"), 2),
                Column("Org.", 8, of("organisation"), 0, rank=1),
                Column("Stärke", 12, cells.strength),
                Column("Status", 14, of("status")),
                Column("Ort", 10, of("place"), 2),
                Column("Ablösung", 9, of("relief"), 0, rank=2),
                _BY,
            ),
            order="changed",
            filters=(
                Filter("bereit", "bereit", _status("Bereitstellung")),
                Filter("einsatz", "im Einsatz", _status("im Einsatz")),
                _MINE,
            ),
            summary=units_together,
        ),
        _list(
            "helper",
            (
                _NR,
                Column("Fähigkeiten", 16, of("skills"), 3),
                Column("Pers.", 5, of("count"), right=True),
                Column("Ort", 12, of("place"), 1),
                Column("Ab", 9, of("since"), 0, rank=1),
                Column("Std.", 4, of("hours"), 0, rank=1, right=True),
                Column("Status", 10, of("status")),
                _BY,
            ),
            order="changed",
            filters=(
                Filter("frei", "verfügbar", _status("gemeldet")),
                Filter("einsatz", "im Einsatz", _status("im Einsatz")),
                _MINE,
            ),
            title="Helfer",
        ),
        _list(
            "report",
            (
                _TIME,
                _BY,
                Column("An", 10, cells.addressees, 1),
                Column("Stand", 9, of("until")),
                Column("Allgemeine Lage", 20, of("general"), 4, prose=True),
            ),
            order="entered",
        ),
        _list(
            "request",
            (
                _NR,
                _TIME,
                Column("Status", 10, of("status")),
                Column("Was", 14, of("item"), 2),
                Column("Menge", 6, of("amount"), right=True),
                Column("Wohin", 10, of("place"), 2),
                Column("Bis", 9, cells.due, 0, rank=1),
                Column("Begründung", 10, of("text"), 3, rank=2, prose=True),
                _BY,
            ),
            order="entered",
            filters=(
                _open("request"),
                _MINE,
            ),
        ),
        _list(
            "shelter",
            (
                Column("Name", 16, of("name"), 3),
                Column("Gemeinde", 12, of("municipality"), 1),
                Column("Belegt", 6, of("occupied"), right=True),
                Column("Plätze", 6, of("capacity"), right=True),
                Column("Status", 12, of("status")),
                Column("Träger", 8, of("operator"), 1, rank=1),
                _BY,
            ),
            order="changed",
            summary=shelters_together,
        ),
        _list(
            "area",
            (
                _TIME,
                Column("Art", 14, of("type")),
                Column("Name", 14, of("name"), 2),
                Column("Status", 10, of("status")),
                Column("Bemerkung", 10, of("note"), 2, rank=1),
                _BY,
            ),
        ),
        _list(
            "reading",
            (
                _TIME,
                Column("Pegel", 14, cells.measured_at, 2),
                Column("Wert", 7, cells.reading, right=True),
                Column("Quelle", 10, of("source")),
                Column("Bemerkung", 10, of("note"), 2, rank=1),
                _BY,
            ),
        ),
        _list(
            "stock_movement",
            (
                _TIME,
                Column("Material", 14, of("item"), 2),
                Column("Ort", 10, of("place"), 1),
                Column("Menge", 7, of("amount"), right=True),
                Column("Nach", 10, of("to_place"), 1, rank=1),
                Column("Grund", 10, of("reason"), 2, rank=1),
                _BY,
            ),
        ),
        _list(
            "handover",
            (
                _TIME,
                _BY,
                Column("Von", 12, of("from_person"), 1),
                Column("An", 12, of("to_person"), 1),
                Column("Übergabe", 20, of("text"), 4, prose=True),
            ),
            order="entered",
        ),
        _list(
            "contact",
            (
                Column("Stelle", 14, cells.author, 1),
                Column("Funktion", 11, of("function")),
                Column("Erreichbar", 20, of("text"), 3),
            ),
            order="nr",
            descending=False,
        ),
        _list(
            "group",
            (
                Column("Name", 16, of("name"), 1),
                Column("Stellen", 20, of("members"), 3),
                _BY,
            ),
            order="entered",
        ),
        _list(
            "document",
            (
                Column("Name", 24, of("name"), 3),
                Column("Art", 10, of("type")),
                Column("Bytes", 9, of("size"), right=True),
                _BY,
            ),
            order="entered",
        ),
        _list(
            "road_closure",
            (
                _NR,
                _TIME,
                Column("Straße", 10, of("road"), 2),
                Column("Abschnitt", 12, of("section"), 3, rank=1),
                Column("Umfang", 10, of("extent"), 0, rank=2),
                Column("Umleitung", 12, of("detour"), 3),
                Column("Bis", 9, cells.due),
                Column("Status", 11, of("status")),
                _BY,
            ),
            filters=(_open("road_closure", "gesperrt"), _MINE),
        ),
        _list(
            "notice",
            (
                _NR,
                _TIME,
                Column("Thema", 13, of("topic")),
                Column("Wortlaut", 20, of("text"), 5),
                Column("Gemeinde", 10, of("municipality"), 1, rank=1),
                Column("Bis", 9, of("until"), rank=2),
                Column("Status", 13, of("status")),
                _BY,
            ),
            order="changed",
            filters=(_open("notice", "öffentlich"), _MINE),
        ),
        _list(
            "appeal",
            (
                _NR,
                Column("Ort", 12, of("place"), 1),
                Column("Aufruf", 18, of("status")),
                Column("Gesucht", 14, of("skills"), 3, rank=1),
                Column("Pers.", 5, of("count"), right=True),
                Column("Treffpunkt", 12, of("meeting_point"), 2, rank=2),
                Column("Bis", 9, cells.due),
                _BY,
            ),
            filters=(_open("appeal", "gilt"), _MINE),
        ),
        _list(
            "forecast",
            (
                Column("Für", 9, cells.event),
                Column("Pegel", 14, cells.measured_at, 2),
                Column("Wert", 7, cells.forecast, right=True),
                Column("Von wem", 12, of("source"), 1),
                Column("Stand", 9, of("issued"), rank=1),
                _BY,
            ),
        ),
    )
}
