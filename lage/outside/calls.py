# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Emergency calls from an Infopunkt: checked by a human, then an incident or a blitz message.

Name and telephone of the caller stay in the sealed box: the entry, which every staff reads, says
where to ask for them. Who decides may add them, where the control centre must call back itself.

What the caller's receipt says is read off the log each time: checked (there is an entry), sent (it
went out), arrived (the receiving staff is known to hold it), confirmed (its Quittung).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from lage.kinds.directory import Staff
from lage.kinds.model import Draft, Record
from lage.kinds.outside import CALL, Call
from lage.kinds.setting import PUSHED
from lage.language import running
from lage.language.epoch import to_unix
from lage.language.errors import NotFound, UsageError
from lage.language.sentences import sentences
from lage.outside import deciding
from lage.outside.desk import Opened, all_opened, opened
from lage.outside.fitting import fitting
from lage.station import Station
from lage.store.arrived import NEW, PUT_ASIDE, TAKEN, Arrived, ArrivedBoxes, stepped
from lage.views.delivery import delivery
from lage.write import commands
from sync.schema.definition import EntityId

CHECKED, SENT, ARRIVED, CONFIRMED, ASIDE = (
    "geprueft",
    "gesendet",
    "angekommen",
    "bestaetigt",
    "abgelegt",
)
"""Steps of a call after it was taken down, as the receipt names them."""
REASON_MAX = 120


def waiting(station: Station, boxes: ArrivedBoxes) -> list[Opened]:
    """Calls that nobody has checked, oldest first."""
    return all_opened(station, boxes.select(CALL, (NEW,)))


def everything(station: Station, boxes: ArrivedBoxes) -> list[Opened]:
    """All calls that are kept here: those to be checked first."""
    return (
        waiting(station, boxes) + all_opened(station, boxes.select(CALL, (TAKEN, PUT_ASIDE)))[::-1]
    )


def call_of(found: Opened) -> Call:
    """What was said."""
    assert isinstance(found.told, Call)
    return found.told


def find(station: Station, boxes: ArrivedBoxes, typed: str) -> Opened:
    """A call by its number, or by the receipt of whoever called. Raises NotFound, UsageError."""
    from lage.store.ticket import NoTicket, Ticket

    number = running.read(typed)
    if number is not None:
        rows = boxes.numbered(CALL, number)
    else:
        try:
            box = boxes.get(Ticket.parse(typed).id)
        except NoTicket:
            box = None
        rows = [box] if box is not None and box.kind == CALL else []
    found = all_opened(station, rows)
    if not found:
        raise NotFound(f"Es gibt hier keinen Notruf „{typed}“.")
    if len(found) > 1:
        names = ", ".join(each.box.source for each in found)
        raise UsageError(
            f"Notruf {typed} gibt es mehrmals ({names}): bitte den Code vom Beleg angeben."
        )
    return found[0]


def by_key(station: Station, boxes: ArrivedBoxes, key: str) -> Opened | None:
    """Any box by its id in hex, as screens keep it."""
    box = boxes.get(bytes.fromhex(key))
    return None if box is None else opened(station, box)


def doubles(found: Opened, others: list[Opened]) -> list[Opened]:
    """Calls that say nearly the same of nearly the same place within an hour."""
    from rapidfuzz.fuzz import token_set_ratio

    def words(each: Opened) -> str:
        call = call_of(each)
        return f"{call.what} {call.place} {call.point} {call.text}"

    return [
        other
        for other in others
        if other.box.id != found.box.id
        and abs(other.box.received - found.box.received) <= 3600
        and token_set_ratio(words(found), words(other)) >= 85
    ]


def control_centre(station: Station) -> Staff:
    """Who gets emergency calls: the control centre, else the county's staff; it may be ourselves.

    Raises UsageError where there is neither.
    """
    active = [staff for staff in station.directory.staffs if staff.active]
    for role in ("leitstelle", "krisenstab"):
        found = [staff for staff in active if staff.role == role]
        if found:
            return found[0]
    raise UsageError(
        "Im Kreis ist weder eine Leitstelle noch ein Krisenstab aufgenommen: bitte als Vorfall"
        " übernehmen."
    )


def as_incident(
    station: Station, boxes: ArrivedBoxes, found: Opened, *, with_caller: bool = False
) -> Record:
    """Make it an incident of this staff. Raises UsageError where it was decided already."""
    context = station.parse_context()

    def said(call: Call) -> list[Draft]:
        shown = found if call == found.told else replace(found, told=call)
        typed = {
            "type": call.what,
            "text": text_of(shown, with_caller=with_caller, short=shown is not found),
            "place": call.place,
            "point": call.point,
            "affected": "" if call.people is None else str(call.people),
            "injured": "" if call.injured is None else str(call.injured),
            "priority": "hoch",
        }
        try:
            return commands.enter("incident", typed, context)
        except UsageError as error:
            if error.field != "point":
                raise
            # a coordinate that nobody understands must not hold the call up
            place = f"{call.place} ({call.point})"[:80] if call.place else call.point
            return commands.enter("incident", {**typed, "point": "", "place": place}, context)

    texts = ("text", "place", "point", *(("name", "back") if with_caller else ()))
    call = call_of(found)
    return _decide(station, boxes, found, lambda: fitting(station, call, texts, said))


def as_message(
    station: Station, boxes: ArrivedBoxes, found: Opened, *, with_caller: bool = False
) -> Record:
    """Send it to the control centre with the highest urgency that a staff has at hand.

    Raises UsageError where it was decided already, or there is nobody to send it to.
    """
    centre = control_centre(station)
    if centre.number == station.network_keys.author:
        raise UsageError("Diese Stelle nimmt Notrufe selbst an: bitte als Vorfall übernehmen.")
    text = text_of(found, with_caller=with_caller, whole=True)
    typed = {"to": centre.name, "priority": "blitz", "text": text}
    return _decide(
        station, boxes, found, lambda: commands.enter("message", typed, station.parse_context())
    )


def text_of(found: Opened, *, with_caller: bool, whole: bool = False, short: bool = False) -> str:
    """What the entry says; ``whole``: also what an incident has fields for; ``short``: it is not
    all that was told."""
    call = call_of(found)
    parts = [_reference(found)]
    if whole:
        parts[0] += f": {call.what}"
        parts.append(f"Ort: {' '.join(filter(None, (call.place, call.point)))}")
    if call.text:
        parts.append(call.text)
    if whole and call.people is not None:
        parts.append(f"Betroffene: {call.people}")
    if whole and call.injured is not None:
        parts.append(f"Verletzte: {call.injured}")
    if short:
        parts.append("Gekürzt, ganz bei uns")
    caller = ", ".join(filter(None, (call.name, call.back)))
    if with_caller and caller:
        parts.append(f"Rückruf: {caller}")
    elif caller:
        parts.append("Rückruf über uns")
    return sentences(parts)


def put_aside(station: Station, boxes: ArrivedBoxes, found: Opened, reason: str) -> None:
    """No emergency, or told twice: it is kept with the reason, which the receipt says."""
    reason = reason.strip()
    if not reason:
        raise UsageError(
            "Warum wird der Notruf abgelegt? Bitte einen Grund angeben.", field="reason"
        )
    if len(reason) > REASON_MAX:
        raise UsageError(f"Der Grund darf höchstens {REASON_MAX} Zeichen haben.", field="reason")
    step = [int(station.unix()), reason]
    finish(station, boxes, found)

    def aside(box: Arrived) -> Arrived:
        return replace(stepped(box, ASIDE, step), state=PUT_ASIDE, told="")

    if not boxes.decide(found.box, aside):
        raise _decided(boxes, found)


def _decide(
    station: Station, boxes: ArrivedBoxes, found: Opened, make: Callable[[], list[Draft]]
) -> Record:
    """Write the entry, once: whoever presses the key second is told so."""
    drafts = make()  # refuses before anything is decided
    deed = _deed(station, found)
    record = deciding.decide(station, boxes, found, deed, lambda: station.write(drafts)[0])
    if record is None or record.kind != drafts[0].kind:
        raise _decided(boxes, found)
    return record


def finish(station: Station, boxes: ArrivedBoxes, found: Opened) -> bool:
    """Whether a call had become an entry already, and only did not say so; it does now."""
    return deciding.finish(station, boxes, found, _deed(station, found))


def _deed(station: Station, found: Opened) -> deciding.Deed:
    """The entry begins with the call's number, and no two calls of a staff have one."""
    begins = _reference(found)

    def same(record: Record) -> bool:
        return record.kind in ("incident", "message") and record.text("text").startswith(begins)

    return deciding.Deed(same, {CHECKED: [int(station.unix())]})


def _reference(found: Opened) -> str:
    return f"Notruf {found.box.nr} ({found.box.source})"


def _decided(boxes: ArrivedBoxes, found: Opened) -> UsageError:
    now = boxes.get(found.box.id)
    what = "abgelegt" if now is not None and now.state == PUT_ASIDE else "übernommen"
    return UsageError(f"Notruf {found.box.nr} ist schon {what}.")


def progressed(station: Station, box: Arrived) -> Arrived:
    """The box with what has become true since: sent, arrived, confirmed."""
    record = None if box.entity is None else station.reader.get(box.entity)
    if record is None:
        return box
    now = int(station.unix())
    for step, value in _reached(station, record, now):
        if step not in box.steps:
            box = stepped(box, step, value)
    return box


def _reached(station: Station, record: Record, now: int) -> Iterator[tuple[str, list[Any]]]:
    context = station.context()
    state = delivery(record, context)
    ours = station.directory.ours
    away = [member for member in state.reached if member not in ours]
    if away or _pushed(station, record.id):
        yield SENT, [now]
    receivers = _receivers(station, record)
    for member in receivers:
        if member in ours:
            yield ARRIVED, [now, station.directory.name(member)]
            break
        if member in state.reached:
            yield ARRIVED, [now, station.directory.name(member)]
            break
    for member, _, at in state.confirmed:
        if member in receivers:
            yield CONFIRMED, [to_unix(at), station.directory.name(member)]
            break


def _receivers(station: Station, record: Record) -> tuple[int, ...]:
    """Who has to have it, so that it counts as arrived."""
    to = record.members("to")
    if to:
        return tuple(map(station.directory.heir, to))
    try:
        return (control_centre(station).number,)
    except UsageError:
        return tuple(station.directory.ours)


def _pushed(station: Station, entity: EntityId) -> bool:
    """Whether the radio has taken it, or another way brought it to somebody."""
    own = entity.author == station.network_keys.author
    return own and entity.number <= station.setting(PUSHED)


def word(found: Opened) -> Mapping[str, Any]:
    """What the holder of the ticket may know."""
    return {
        "kind": CALL,
        "number": found.box.number,
        "steps": {step: found.box.steps[step] for step in _ORDER if step in found.box.steps},
    }


_ORDER = (CHECKED, SENT, ARRIVED, CONFIRMED, ASIDE)
