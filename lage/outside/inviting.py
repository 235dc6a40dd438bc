# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Words for people outside: the letter to a helper who is sent somewhere, an appeal to copy."""

from __future__ import annotations

import re
from collections.abc import Collection

from lage.kinds.model import Record
from lage.kinds.outside import Offer
from lage.kinds.states import is_open
from lage.language.tactical import clock
from lage.outside import needed, outbox
from lage.outside.desk import SOURCES, Opened
from lage.reports import EXERCISE
from lage.station import Station
from lage.store.arrived import TAKEN, Arrived, ArrivedBoxes, stepped
from lage.store.notices import Notices
from lage.volunteers.matching import asks_to_come
from lage.volunteers.view import assignments
from sync.schema.definition import EntityId

WRITTEN, LETTER = "brief", "brief_kennung"
"""Steps: the assignment that was written about, and the letter that said so."""


def invite(
    station: Station, boxes: ArrivedBoxes, found: Opened, channels: Collection[str]
) -> Arrived:
    """Write to a helper who was sent somewhere, once for each assignment; the box after that."""
    offer, box = found.told, found.box
    record = None if box.entity is None else station.reader.get(box.entity)
    if box.state != TAKEN or record is None or not is_open(record):
        return box
    sent = _sent(station, box)
    assert isinstance(offer, Offer)
    way = way_to(offer, channels)
    if sent is None or way is None or box.steps.get(WRITTEN) == sent.id.number:
        return box
    subject = f"Bitte kommen Sie helfen ({station.directory.label(record)})"
    text, notices = invitation(station, found, sent), Notices(boxes.database)
    if LETTER in box.steps:
        notices.stop_letter(bytes.fromhex(box.steps[LETTER]))  # of an assignment before
    letter = outbox.letter_of(station, way[0], way[1], subject, text, owner=box.id)
    notices.put(letter)
    return stepped(stepped(box, WRITTEN, sent.id.number), LETTER, letter.id.hex())


def _sent(station: Station, box: Arrived) -> Record | None:
    """The assignment by which a helper is asked to come, as long as he is wanted there."""
    record = None if box.entity is None else station.reader.get(box.entity)
    if box.state != TAKEN or record is None or not is_open(record):
        return None
    appeal = needed.appeal_for(station, box)
    if appeal is not None and _is_off(appeal, station.now()):
        return None
    return next((row for row in assignments(station.context(), record) if is_open(row)), None)


def _is_off(appeal: Record, now: int) -> bool:
    """Whether nobody who was sent there is to come any more. One that ended because enough were
    sent has all of them still come."""
    until = appeal.moment("until")
    enough = appeal.whole("count") == 0
    return (until is not None and until <= now) or not (enough or asks_to_come(appeal))


def stop_outlived(station: Station, boxes: ArrivedBoxes) -> None:
    """Letters that wait and whose word no longer holds are not sent: whoever was dismissed is not
    asked to come, and nobody to an appeal that has ended."""
    notices = Notices(boxes.database)
    for notice in notices.to_judge():
        box = boxes.get(notice.owner)
        if box is not None and box.steps.get(LETTER) == notice.id.hex():
            sent = _sent(station, box)
            holds = sent is not None and sent.id.number == box.steps[WRITTEN]
        else:
            holds = box is not None or _still_says(station, notice.owner)
        if not holds:
            notices.stop_letter(notice.id)


def appeal_owner(record: Record) -> bytes:
    """By which a letter to everybody names its appeal, and what that asked for then."""
    return f"{record.id.author}-{record.id.number} {record.text('status')}".encode()


def _still_says(station: Station, owner: bytes) -> bool:
    """Whether an appeal says what a letter to everybody was written about."""
    found = re.fullmatch(rb"(\d+)-(\d+) .+", owner)
    if found is None:
        return True
    record = station.reader.get(EntityId(int(found[1]), int(found[2])))
    until = None if record is None else record.moment("until")
    over = until is not None and until <= station.now()
    return record is not None and not over and appeal_owner(record) == owner


def way_to(offer: Offer, channels: Collection[str]) -> tuple[str, str] | None:
    """(channel, address) by which a helper is written to; None where there is none."""
    if offer.mail and "mail" in channels:
        return "mail", offer.mail
    if offer.phone and "sms" in channels:
        return "sms", offer.phone
    return None


def invitation(station: Station, found: Opened, sent: Record) -> str:
    """Where, when, whom to ask for, and how to say no."""
    at, to = sent.moment("at"), sent.whole("to")
    lines = [
        f"Treffpunkt: {sent.text('meeting_point') or 'wird noch genannt'}",
        f"Zeit: {'so bald wie möglich' if at is None else clock(at, station.now())}",
        f"Melden bei: {station.directory.name(to or 0)}",
    ]
    if sent.text("contact"):
        lines.append(f"Kontakt: {sent.text('contact')}")
    base = next((s.base for s in station.setting(SOURCES) if s.name == found.box.source), "")
    if base:
        lines.append(f"Ändern oder absagen: {base}/beleg/{found.ticket}")
    return "\n".join(lines)


def appeal_text(station: Station, record: Record) -> str:
    """An appeal as it is copied into social media: with its time, so that it is not shared late."""
    wanted = record.text("status") == "bitte kommen"
    me = station.me
    lines = [f"{record.text('place')}: {'BITTE KOMMEN' if wanted else 'BITTE NICHT KOMMEN'}"]
    if wanted and record.texts("skills"):
        lines.append(f"Gesucht: {', '.join(record.texts('skills'))}")
    if wanted and record.whole("count"):
        lines.append(f"Noch {record.whole('count')} Personen")
    if wanted and record.text("meeting_point"):
        lines.append(f"Treffpunkt: {record.text('meeting_point')}")
    if record.text("text"):
        lines.append(record.text("text"))
    until = record.moment("until")
    if until is not None:
        lines.append(f"Gilt bis {clock(until, station.now())}")
    bases = [source.base for source in station.setting(SOURCES) if source.base]
    if bases and wanted:
        lines.append(f"Anmelden: {bases[0]}/de/helfen/")
    lines.append(f"Stand {clock(station.now(), station.now())}, {me.name if me else ''}")
    return "\n".join(lines)


def appeal_to_copy(station: Station, record: Record) -> str:
    """The same for whoever copies it by hand: an exercise says so in it, for it leaves us there."""
    text = appeal_text(station, record)
    return f"{EXERCISE}\n{text}\n{EXERCISE}" if station.exercise else text
