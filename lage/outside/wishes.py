# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the owners of offers wish by their tickets: other figures, arrival and end, withdrawal,
deletion. Done once, whatever the computer does in between: what was written already is seen.
"""

from __future__ import annotations

from dataclasses import replace

from lage.kinds.model import Draft, Record
from lage.kinds.outside import OFFER, Offer, Wish
from lage.kinds.states import is_open
from lage.language.epoch import to_unix
from lage.language.errors import UsageError
from lage.outside import needed
from lage.outside.desk import Opened, forget, named, opened, resealed
from lage.outside.fitting import fitting
from lage.outside.offers import HERE, figures_of, helper_of, offer_of, person_of
from lage.station import Station
from lage.store.arrived import PUT_ASIDE, Arrived, ArrivedBoxes, stepped
from lage.views.withdrawn import KEPT, WITHDRAWN, Withdrawal
from lage.volunteers import desk as volunteers
from lage.volunteers import envelope, private
from lage.volunteers.view import assignments
from lage.write import commands

BEFORE, TOLD = "stunden_zuvor", "rueckmeldung"
BY_PAGES = "da_seiten"
"""Step: when somebody arrived by the pages' clock, where he said so there."""
HOUR_S = 3600


def grant(station: Station, boxes: ArrivedBoxes, wished: Opened) -> None:
    """Do what the holder of an offer's ticket wishes; what is done is gone, words stay to be read.

    Raises LageError where it cannot be done now; it is tried again.
    """
    wish = wished.told
    assert isinstance(wish, Wish)
    box = named(boxes, wish)
    found = None if box is None or box.kind != OFFER else opened(station, box)
    if found is None or wish.wish not in (TOLD, *_GRANTS):
        boxes.drop(wished.box.id)
        return
    if wish.wish == TOLD:
        if wished.box.entity != found.box.entity or "zu" not in wished.box.steps:
            boxes.exchange(wished.box, replace(stepped(wished.box, "zu", found.box.nr),
                                               entity=found.box.entity,
                                               until=found.box.until))  # fmt: skip
        return
    _GRANTS[wish.wish](station, boxes, found, wish)
    boxes.drop(wished.box.id)


def _change(station: Station, boxes: ArrivedBoxes, found: Opened, wish: Wish) -> None:
    offer = offer_of(found)
    new = wish.applied(offer)
    record = helper_of(station, found)
    if record is not None and is_open(record):
        _edit(station, found, record, new)
        if person_of(new) != person_of(offer):
            _tell_apart(station, record, new)
    _keep(boxes, found, resealed(station, found, new))


def _edit(station: Station, found: Opened, record: Record, new: Offer) -> None:
    """What all staffs read of a helper; what is too long for an entry loses its end. Of a group
    that has grown smaller the appeal looks for the rest."""
    old = offer_of(found)

    def drafts(said: Offer) -> list[Draft]:
        before = figures_of(old)
        typed = {name: text for name, text in figures_of(said).items() if text != before[name]}
        return commands.edit(record, typed, station.parse_context())

    if figures_of(new) != figures_of(old):
        edits = fitting(station, new, ("equipment", "place"), drafts)
        lost = (record.whole("count") or 1) - new.count
        station.write([*edits, *needed.fewer(station, found.box, lost)])


def _tell_apart(station: Station, record: Record, new: Offer) -> None:
    """The private part anew, where it is still here, and to each staff that was sent it."""
    if private.read_own(station, record) is not None:
        private.destroy(station, record.id)
        ends = record.moment("delete_at") or station.now()
        private.keep(station, record.id, person_of(new), ends)
        if drafts := envelope.again(station, record):
            station.write(drafts)


def _arrive(station: Station, boxes: ArrivedBoxes, found: Opened, wish: Wish | None) -> None:
    record = helper_of(station, found)
    if record is None or not is_open(record) or HERE in found.box.steps:
        return
    if record.text("status") != "im Einsatz":
        station.write(commands.change(record, {"status": "im Einsatz"}))
    here = stepped(found.box, HERE, int(station.unix()))
    if wish is not None:
        here = stepped(here, BY_PAGES, to_unix(wish.at))
    _keep(boxes, found, stepped(here, BEFORE, record.whole("worked") or 0))


def _finish(station: Station, boxes: ArrivedBoxes, found: Opened, wish: Wish | None) -> None:
    record, steps = helper_of(station, found), found.box.steps
    if record is None or HERE not in steps:
        return
    hours = max(1, round(_stayed_s(station, found.box, record, wish) / HOUR_S))
    worked = record.whole("worked") or 0
    if worked != steps.get(BEFORE, worked) + hours:  # else a round before ended here
        station.write(commands.change(record, {"worked": min(worked + hours, 10_000)}))
    left = {step: value for step, value in steps.items() if step not in (HERE, BEFORE, BY_PAGES)}
    _keep(boxes, found, replace(found.box, steps=left))


def _stayed_s(station: Station, box: Arrived, record: Record, wish: Wish | None) -> int:
    """Seconds since the arrival. This node's clock counts, when it learnt of either; the pages' may
    be days wrong. It is heard of who leaves by his telephone (``wish``), since the portal may have
    been away meanwhile: as far as nobody stayed longer than this node can say."""
    now = int(station.unix())
    here = int(box.steps[HERE])
    by_us = now - here
    if wish is None:
        return by_us
    stayed = to_unix(wish.at) - int(box.steps.get(BY_PAGES, here))
    longest = now - to_unix(record.time) if BY_PAGES in box.steps else by_us
    return stayed if 0 <= stayed <= longest else by_us


def _call_off(station: Station, found: Opened, record: Record) -> None:
    """The helper is let go; who counted on him is told, and his appeal looks for others."""
    context = station.context()
    if any(is_open(row) for row in assignments(context, record)):
        appeal = needed.appeal_for(station, found.box)
        new = Withdrawal(record.id, context.now, None if appeal is None else appeal.id)
        others = [each for each in station.setting(WITHDRAWN) if each.helper != record.id]
        station.keep(WITHDRAWN, (new, *others)[:KEPT])
    lost = needed.fewer(station, found.box, record.whole("count") or 1)
    station.write([*volunteers.dismiss(station, record, None), *lost])


def withdraw(
    station: Station, boxes: ArrivedBoxes, found: Opened, wish: Wish | None = None
) -> None:
    """The offer no longer stands, and nobody writes to its owner any more."""
    record = helper_of(station, found)
    if record is not None and is_open(record):
        _call_off(station, found, record)
    _keep(boxes, found, replace(found.box, state=PUT_ASIDE, told=""))


def erase(station: Station, boxes: ArrivedBoxes, found: Opened, wish: Wish | None = None) -> None:
    """Everything about a person goes: here, in the inbox, and at the staff it was sealed to."""
    record = helper_of(station, found)
    if record is not None and is_open(record):
        _call_off(station, found, record)
    if record is not None and not record.flag("erased"):
        volunteers.erase(station, record)
    forget(station, boxes, found.box)


def _keep(boxes: ArrivedBoxes, found: Opened, new: Arrived) -> None:
    """Raises UsageError where somebody has decided meanwhile; all of it may be done again."""
    if not boxes.exchange(found.box, new):
        raise UsageError(f"Angebot {found.box.nr} wird gerade bearbeitet: bitte noch einmal.")


_GRANTS = {"": _change, "da": _arrive, "fertig": _finish, "zurueckziehen": withdraw,
           "loeschen": erase}  # fmt: skip


def check_in(
    station: Station, boxes: ArrivedBoxes, found: Opened, *, done: bool | None = None
) -> str:
    """Somebody is at the meeting point, or leaves it (None: whichever is next); said in German.

    Raises UsageError where the offer is not taken over, or nobody is there to leave.
    """
    record = helper_of(station, found)
    if record is None:
        raise UsageError("Dieses Angebot ist noch nicht übernommen: bitte zuerst übernehmen.")
    label, here = station.directory.label(record), HERE in found.box.steps
    if not is_open(record):
        raise UsageError(f"{label} ist schon entlassen oder hat das Angebot zurückgezogen.")
    done = here if done is None else done
    if done and not here:
        raise UsageError("Hier war noch niemand da: bitte zuerst die Ankunft eintragen.")
    (_finish if done else _arrive)(station, boxes, found, None)
    worked = (station.reader.get(record.id) or record).whole("worked")
    hours = f", zusammen {worked} h" if done else ""
    return f"Angebot {found.box.nr} ({label}): {'fertig' if done else 'da'}{hours}."
