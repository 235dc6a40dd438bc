# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which gauges there are: how each is called now, and under which names its readings stand. Pure.

A reading keeps the name of the gauge with which it was written. A gauge may get another name, may
turn out to be the same as another (a slip, two staffs at the same bridge), may end; whoever shows,
counts or alarms asks here, so that all follow. Only gauges with the same unit and decimals are one:
values of another would be read wrongly.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lage.kinds.merging import behind
from lage.kinds.model import Query, Record, Where
from lage.kinds.reader import Reader
from lage.language.folding import fold_text
from lage.write.gauges import measure_of

GAUGES_MAX = 5000


@dataclass(frozen=True, slots=True)
class Gauge:
    """One gauge."""

    name: str  # as it is shown
    written: tuple[str, ...]  # in readings; its own first
    record: Record | None = None  # its Stammdaten, where somebody wrote them


class GaugeBook:
    """All gauges as the log has them at one moment."""

    def __init__(self, reader: Reader) -> None:
        described = reader.select(Query("gauge", limit=GAUGES_MAX))
        self._records: dict[str, Record] = {}  # the newest of each name
        self._titles: dict[str, str] = {}
        for record in described:
            self._records.setdefault(record.text("name"), record)
            if record.text("title"):
                self._titles.setdefault(record.text("name"), record.text("title"))
        names = {record.id: record.text("name") for record in described}
        self._names = sorted({*self._records, *reader.used("reading", "gauge")})
        into: dict[str, str] = {}
        for record in described:
            own = record.text("name")
            onto = names.get(record.behind) if record.behind is not None else None
            if onto is not None and onto != own and self._fit(own, onto):
                into.setdefault(own, onto)
        self._stands = self._standing(into)
        self._shown = Counter(self._title(name) for name in self._names if name not in self._stands)

    def all(self) -> list[Gauge]:
        """Every gauge once, by name."""
        parts: dict[str, list[str]] = {}
        for name, stands in self._stands.items():
            parts.setdefault(stands, []).append(name)
        own = (name for name in self._names if name not in self._stands)
        return [self._gauge(name, parts.get(name, ())) for name in own]

    def named(self, name: str) -> Gauge:
        """The gauge of that name, as it was written or as it is shown; else one of no readings."""
        found = {gauge.name: gauge for gauge in self.all()}
        for gauge in found.values():
            if name in gauge.written:
                return gauge
        return found.get(name) or Gauge(name, (name,))

    def _gauge(self, name: str, parts: Sequence[str]) -> Gauge:
        title = self._title(name)
        if self._shown[title] > 1 and title != name:
            title = f"{title} ({name})"  # two were given the same name
        return Gauge(title, (name, *parts), self._records.get(name))

    def _title(self, name: str) -> str:
        return self._titles.get(name, name)

    def _standing(self, into: Mapping[str, str]) -> dict[str, str]:
        """Name -> the one that stands for it, where it is another; also where two staffs that
        described the same gauges merged them crosswise."""
        places = {name: place for place, name in enumerate(self._names)}
        onward = {places[one]: places[other] for one, other in into.items()}
        stands = behind(onward, places.values(), places.values())
        return {self._names[one]: self._names[other] for one, other in sorted(stands.items())}

    def _fit(self, one: str, other: str) -> bool:
        return measure_of(self._records[one]) == measure_of(self._records[other])


def together(reader: Reader, name: str) -> tuple[str, ...]:
    """All names under which the readings of that gauge stand; quick where nothing was merged."""
    merged = reader.select(Query("gauge", (Where("behind", "known"),), limit=1))
    return GaugeBook(reader).named(name).written if merged else (name,)


def records_of(reader: Reader, name: str) -> list[Record]:
    """All Stammdaten of a gauge, whoever wrote them; ``name``: one of those that it has."""
    wanted = fold_text(name.strip())
    every = reader.select(Query("gauge", limit=GAUGES_MAX))
    return [r for r in every if wanted in map(fold_text, (r.text("name"), r.text("title")))]


def titles(reader: Reader) -> dict[str, str]:
    """The names that gauges were given later -> the names with which they are written."""
    named = (r for r in reader.select(Query("gauge", limit=GAUGES_MAX)) if r.text("title"))
    return {record.text("title"): record.text("name") for record in named}


def written(reader: Reader, name: str) -> str:
    """The name with which readings of that gauge are written, whichever of its names is given."""
    wanted = fold_text(name)
    for title, own in titles(reader).items():
        if fold_text(title) == wanted:
            return own
    return name
