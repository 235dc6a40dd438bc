# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What came from outside as rows of a list, and one row in full; opened anew each time it is asked.

A row's key is the box's id in hex; where it is an offer for a need, with that appeal's behind it.
What cannot be opened stands first: a call may be behind it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from lage.kinds.model import Record
from lage.kinds.outside import CALL, CHANGE, OFFER, ORDER
from lage.language.epoch import from_unix
from lage.language.errors import UsageError
from lage.language.plain import plain
from lage.language.tactical import age, clock
from lage.outside import calls, desk, needed, offers
from lage.outside.desk import Opened
from lage.outside.doubles import double_sentences
from lage.outside.words import (
    CLOSED,
    KINDS,
    call_sentences,
    closed_sentences,
    is_waiting,
    offer_sentences,
    offer_state,
    state_words,
)
from lage.station import Station
from lage.store.arrived import NEW, Arrived, ArrivedBoxes, waiting_in
from lage.store.opening import Reason
from lage.views.pages import Row
from lage.volunteers.matching import needs
from sync.schema.definition import EntityId

NAMED_MAX = 5
"""So many calls that sound alike are named; in a flood all do."""
CALLS, EVERY, OFFERS, NEEDS, WORDS = "", "alle", "hilfe", "bedarf", "worte"
"""What a list may show: calls to be checked, all calls, offers, offers by need, words."""


def calls_wait(station: Station) -> bool:
    """Whether there are calls that nobody has checked."""
    return waiting_in(station.folder).calls > 0


def rows_of(station: Station, boxes: ArrivedBoxes, shown: str) -> list[Row]:
    """The rows of a list."""
    kinds, make = _LISTS[shown]
    shut = [_closed_row(station, *each) for each in desk.closed(station, boxes, *kinds)]
    return [*shut, *make(station, boxes)]


def found_of(station: Station, boxes: ArrivedBoxes, row: Row) -> Opened:
    """What is in a row's box. Raises UsageError where it is gone or cannot be opened."""
    if str(row.key).startswith("@"):
        raise UsageError("Zu diesem Aufruf passt bisher kein Angebot, das wartet.")
    box = _box(boxes, row)
    found = desk.opened(station, box)
    if found is None:
        raise UsageError("Das lässt sich hier nicht öffnen: Enter sagt, was zu tun ist.")
    return found


def appeal_of(station: Station, row: Row) -> Record | None:
    """The need that a row is about."""
    _, _, appeal = str(row.key).partition("@")
    author, _, number = appeal.partition("-")
    return station.reader.get(EntityId(int(author), int(number))) if appeal else None


def is_closed(station: Station, boxes: ArrivedBoxes, row: Row) -> bool:
    """Whether a row cannot be opened."""
    alone = str(row.key).startswith("@")
    return not alone and isinstance(desk.look_into(station, _box(boxes, row)), Reason)


def sentences_of(station: Station, boxes: ArrivedBoxes, row: Row) -> list[str]:
    """A row in full: all that was said, and what has become of it."""
    appeal = appeal_of(station, row)
    if appeal is not None and str(row.key).startswith("@"):
        return [needed.appeal_words(station, appeal), "Kein Angebot, das wartet, passt dazu."]
    box = _box(boxes, row)
    found = desk.look_into(station, box)
    if isinstance(found, Reason):
        return closed_sentences(box, found, station.now())
    if box.kind == OFFER:
        return _offer_in_full(station, boxes, found, appeal)
    if box.kind == CHANGE:
        return [f"Zu Angebot {box.steps.get('zu', '?')}:", offers.words_of(found)]
    lines = call_sentences(found, station.now())
    others = [each.box.nr for each in calls.doubles(found, calls.everything(station, boxes))]
    if others:
        more = f" und {len(others) - NAMED_MAX} weitere" if len(others) > NAMED_MAX else ""
        lines.insert(1, f"Klingt wie Notruf {', '.join(others[:NAMED_MAX])}{more}")
    return lines


def _offer_in_full(
    station: Station, boxes: ArrivedBoxes, found: Opened, appeal: Record | None
) -> list[str]:
    """What it fits stands first: that is what is decided here."""
    first, *rest = offer_sentences(station, found)
    if found.box.state != NEW:
        return [first, *rest]
    fits = [
        f"Passt zu {needed.appeal_words(station, pair.appeal)} ({plain(pair.fit.why)})"
        for pair in needed.pairs_of(station, found)
        if appeal is None or pair.appeal.id == appeal.id
    ]
    return [first, *fits, *double_sentences(station, boxes, found), *rest]


def _box(boxes: ArrivedBoxes, row: Row) -> Arrived:
    box = boxes.get(bytes.fromhex(str(row.key).partition("@")[0]))
    if box is None:
        raise UsageError("Das gibt es hier nicht mehr: es wurde gelöscht.")
    return box


# --- rows ---------------------------------------------------------------------------------------


def _lead(station: Station, box: Arrived) -> tuple[str, str, str]:
    received, now = from_unix(box.received), station.now()
    return box.nr, clock(received, now), age(received, now)


def _closed_row(station: Station, box: Arrived, reason: Reason) -> Row:
    what = KINDS.get(box.kind, "?")
    cells = (what, plain(box.source), CLOSED[reason][0], "verschlossen")
    return Row(
        box.id.hex(), (*_lead(station, box), *cells), "alarm" if box.kind == CALL else "warn"
    )


def _call_rows(station: Station, found: Sequence[Opened]) -> list[Row]:
    rows = []
    for each in found:
        call, box = calls.call_of(each), each.box
        cells = (call.what, plain(call.place or call.point), plain(call.text), state_words(box))
        mark = "alarm" if is_waiting(box) else ""
        rows.append(Row(box.id.hex(), (*_lead(station, box), *cells), mark))
    return rows


def _offer_rows(station: Station, boxes: ArrivedBoxes) -> list[Row]:
    waiting = offers.waiting(station, boxes)
    context = station.context()
    best: dict[bytes, needed.Pair] = {}
    for pair in needed.pairs(context, waiting, needs(context)):
        known = best.get(pair.offer.box.id)
        if known is None or pair.fit.points > known.fit.points:
            best[pair.offer.box.id] = pair
    rows = []
    for each in waiting:
        offer, fits = offers.offer_of(each), best.get(each.box.id)
        about = f"{offer.count} Pers., bis {offer.radius} km"
        if fits is not None:
            about = f"{about}; passt zu {station.directory.label(fits.appeal)}"
        cells = (plain(", ".join(offer.skills)), plain(offer.place), about,
                 offer_state(station, each.box))  # fmt: skip
        rows.append(Row(each.box.id.hex(), (*_lead(station, each.box), *cells)))
    return rows


def _need_rows(station: Station, boxes: ArrivedBoxes) -> list[Row]:
    """Need after need, each with those who fit; one that nobody fits too."""
    context, waiting = station.context(), offers.waiting(station, boxes)
    rows = []
    for appeal, need in needs(context):
        skills = plain(", ".join(appeal.texts("skills"))) or "Helfende"
        what, label = (skills, plain(appeal.text("place"))), station.directory.label(appeal)
        key = f"@{appeal.id.author}-{appeal.id.number}"
        fits = needed.pairs(context, waiting, [(appeal, need)])
        for pair in fits:
            box = pair.offer.box
            cells = (*_lead(station, box), *what, plain(pair.fit.why), label)
            rows.append(Row(f"{box.id.hex()}{key}", cells))
        if not fits:
            rows.append(Row(key, ("-", "", "", *what, "niemand, der wartet, passt", label), "dim"))
    return rows


def _word_rows(station: Station, boxes: ArrivedBoxes) -> list[Row]:
    rows = []
    for each in offers.feedback(station, boxes):
        _, time, old = _lead(station, each.box)
        number = str(each.box.steps.get("zu", "?"))
        said = plain(offers.words_of(each))
        rows.append(Row(each.box.id.hex(), (number, time, old, "Rückmeldung", "", said, "")))
    return rows


_LISTS: Mapping[str, tuple[tuple[str, ...], Callable[[Station, ArrivedBoxes], list[Row]]]] = {
    CALLS: ((), lambda station, boxes: _call_rows(station, calls.waiting(station, boxes))),
    EVERY: ((CALL,), lambda station, boxes: _call_rows(station, calls.everything(station, boxes))),
    OFFERS: ((OFFER,), _offer_rows),
    NEEDS: ((OFFER,), _need_rows),
    WORDS: ((CHANGE, ORDER), _word_rows),
}
"""The kinds of which each shows what cannot be opened (none: of all), and its rows."""
