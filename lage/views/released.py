# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is public now: the releases of the staffs, with the state of what they name. Pure.

A release says that something is public, and in which words; those stay as released, whatever is
written about the entry later. What cannot name anybody follows the entry: figures, states, times
and places. So free places and levels are never stale, and no later remark gets out by itself. What
has ended is no longer shown. A supply state stands for its municipality and service: whatever is
reported of these next is shown too, or people would read of an outage that is over.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lage.kinds.cards import CARDS
from lage.kinds.model import Query, Record
from lage.kinds.reader import Reader, ViewContext
from lage.kinds.states import is_open, open_only
from lage.language.epoch import to_unix
from lage.language.plain import plain
from lage.views.board import ITEMS_MAX, Item
from lage.views.clocks import probable_now
from lage.write.release import NAMING, wording

RESTORED_S = 24 * 3600
"""So long is said that something works again."""
SHOWN: dict[str, str] = {
    "Warnung": "warnung",
    "Verhalten": "rat",
    "Ausfall": "ausfall",
    "Unterkunft": "unterkunft",
    "Ausgabestelle": "ausgabe",
    "Straße": "strasse",
}
"""Topics of the board, by those of the card; gauges stand by themselves."""
Subject = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Released:
    """A release that stands, and the entry it names as that is now."""

    notice: Record
    entry: Record | None  # None: it stands by itself

    @property
    def reworded(self) -> bool:
        """Whether the entry is called otherwise now than when it was released."""
        entry = self.entry
        if entry is None or entry.kind not in NAMING or entry.changed <= self.notice.changed:
            return False
        return wording(entry) != self.notice.text("text")


def subject(record: Record) -> Subject:
    """What an entry is about: two with the same are public together."""
    if record.kind == "supply_state":
        return record.kind, record.text("municipality"), record.text("service")
    if record.kind == "gauge":
        return record.kind, record.text("name")
    return record.kind, record.id


def released(reader: Reader, now: int) -> list[Released]:
    """Every release that has not been taken back, the newest first."""
    found = []
    newest = {subject(record): record for record in reader.service_states(now)}
    for notice in _standing(reader):
        named = notice.ref("entry")
        entry = None if named is None else reader.get(named)
        if entry is not None and entry.behind is not None:
            entry = reader.get(entry.behind) or entry
        if named is not None and entry is None:
            continue  # the entry itself has not arrived
        if entry is not None:
            entry = newest.get(subject(entry), entry)
        found.append(Released(notice, entry))
    return found


def releases_of(reader: Reader, record: Record, now: int) -> list[Released]:
    """The standing releases of what an entry is about; of a release, itself."""
    if record.kind == "notice":
        return [each for each in released(reader, now) if each.notice.id == record.id]
    about = subject(record)
    return [
        each
        for each in released(reader, now)
        if each.entry is not None and subject(each.entry) == about
    ]


def _standing(reader: Reader) -> list[Record]:
    where = open_only("notice")
    return reader.select(Query("notice", where, order="changed", limit=ITEMS_MAX))


def items(context: ViewContext) -> Iterator[Item]:
    """What the board shows besides gauges; each thing once, in the words of its newest release."""
    now = probable_now(context)
    seen: set[Subject] = set()
    for each in released(context.reader, now):
        about: Subject = (each.notice.id,) if each.entry is None else subject(each.entry)
        if about in seen or each.notice.text("topic") not in SHOWN:
            continue
        seen.add(about)
        if each.entry is None:
            until = each.notice.moment("until")
            if until is None or until > now:
                yield _own(each.notice)
        elif CARDS[each.entry.kind].public and is_open(each.entry):
            item = _of_entry(each.notice, each.entry)
            works = each.entry.kind == "supply_state" and item.state == "in Betrieb"
            if not works or now - each.entry.event_time < RESTORED_S:
                yield item


def _own(notice: Record) -> Item:
    return Item(
        key=_key(notice),
        topic=SHOWN[notice.text("topic")],
        words=plain(notice.text("text")),
        place=plain(notice.text("municipality")),
        since=to_unix(notice.event_time),
        until=_unix(notice.moment("until")),
        at=_point(notice),
        changed=to_unix(notice.changed),
    )


def _of_entry(notice: Record, entry: Record) -> Item:
    capacity, taken = entry.whole("capacity"), entry.whole("occupied")
    free = None if capacity is None or taken is None else max(0, capacity - taken)
    since = entry.moment("since") if entry.kind == "supply_state" else entry.event_time
    what = {"supply_state": "service", "road_closure": "reason", "area": "type"}
    state = {"supply_state": "state", "road_closure": "extent", "shelter": "status"}
    place = entry.text("municipality")
    return Item(
        key=_key(notice),
        topic=SHOWN[notice.text("topic")],
        words=plain(notice.text("text")),
        place=plain(place),
        what=entry.text(what.get(entry.kind, "")),
        state=entry.text(state.get(entry.kind, "")),
        since=None if entry.kind == "shelter" else _unix(since),
        until=_unix(entry.moment("until")),
        affected=entry.whole("affected"),
        capacity=capacity,
        free=free,
        at=_point(entry),
        changed=to_unix(max(notice.changed, entry.changed)),
    )


def _key(notice: Record) -> str:
    return f"{notice.id.author}-{notice.id.number}"


def _unix(moment: int | None) -> int | None:
    return None if moment is None else to_unix(moment)


def _point(record: Record) -> tuple[float, float] | None:
    point = record.point() or next(iter(record.corners()), None)
    return None if point is None else (point.lat_e4 / 10_000, point.lon_e4 / 10_000)


def public_gauges(reader: Reader, now: int) -> list[str]:
    """Names, as written, of the gauges that are released."""
    rows = (each.entry for each in released(reader, now) if each.notice.text("topic") == "Pegel")
    return sorted({row.text("name") for row in rows if row is not None and row.kind == "gauge"})


def releasable(reader: Reader, kind: str, now: int) -> list[Record]:
    """All open entries of a kind, for releasing many at once."""
    if kind == "supply_state":
        return reader.service_states(now)
    return reader.select(Query(kind, open_only(kind), limit=ITEMS_MAX))
