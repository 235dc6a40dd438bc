# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Offers that wait and needs that are open, brought together: who fits what, and why.

A need is an appeal "bitte kommen" of any staff. Taking an offer over for it makes the helper and
sends him there in one go: his page then says meeting point and whom to ask for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from lage.kinds.model import Draft, Record
from lage.kinds.reader import ViewContext
from lage.language.epoch import from_unix
from lage.language.errors import UsageError
from lage.language.plain import plain
from lage.outside import offers
from lage.outside.desk import Opened
from lage.station import Station
from lage.store.arrived import Arrived, ArrivedBoxes, stepped
from lage.volunteers import desk as volunteers
from lage.volunteers.matching import Candidate, Fit, Need, asks_to_come, fitting, needs
from lage.write import commands
from sync.schema.definition import EntityId

FOR = "aufruf"
"""Step of an offer: the appeal of this staff, which counts, that it was taken over for."""


@dataclass(frozen=True, slots=True)
class Pair:
    """An offer that fits a need."""

    offer: Opened
    appeal: Record
    fit: Fit


def candidate_of(found: Opened) -> Candidate:
    """Whoever made an offer."""
    said = offers.offer_of(found)
    since = from_unix(found.box.received) if said.since is None else said.since
    return Candidate(
        said.skills, said.place, since, said.hours, said.count, said.radius, said.equipment
    )


def pairs(
    context: ViewContext, waiting: Sequence[Opened], asked: Sequence[tuple[Record, Need]]
) -> list[Pair]:
    """Need after need, the offers that fit it, the best first."""
    people, spot = [(found, candidate_of(found)) for found in waiting], cache(context.county.spot)
    made = []
    for appeal, need in asked:
        fits = [(found, fitting(who, need, context.now, spot)) for found, who in people]
        here = [Pair(found, appeal, fit) for found, fit in fits if fit is not None]
        made += sorted(here, key=lambda pair: -pair.fit.points)
    return made


def all_pairs(station: Station, boxes: ArrivedBoxes) -> list[Pair]:
    """Of all offers that wait and all needs that are open."""
    context = station.context()
    asked = needs(context)
    return pairs(context, offers.waiting(station, boxes), asked) if asked else []


def pairs_of(station: Station, found: Opened) -> list[Pair]:
    """The needs that one offer fits, the best first."""
    context = station.context()
    here = pairs(context, [found], needs(context))
    return sorted(here, key=lambda pair: -pair.fit.points)


def appeal_words(station: Station, appeal: Record) -> str:
    """A need in one line: whose, where, what, how many."""
    skills = ", ".join(appeal.texts("skills")) or "Helfende"
    count = appeal.whole("count")
    many = "" if count is None else f", noch {count}"
    return plain(f"{station.directory.label(appeal)} {appeal.text('place')}: {skills}{many}")


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of an offer that was taken over for a need."""

    helper: Record
    left: int | None  # people who are still needed; None: nobody counts, or another staff does


def send(station: Station, boxes: ArrivedBoxes, found: Opened, appeal: Record) -> Sent:
    """Take an offer over and send the helper to what needs him. Raises UsageError."""
    if appeal.text("status") != "bitte kommen":
        raise UsageError(f"{station.directory.label(appeal)} sucht niemanden mehr.")
    helper = offers.take_over(station, boxes, found)
    place = appeal.text("meeting_point") or appeal.text("place")
    to = station.directory.name(station.directory.heir(appeal.id.author))
    typed = {"to": to, "meeting_point": place, "contact": appeal.text("contact")}
    try:
        drafts = volunteers.assignment(station, helper, typed)
    except UsageError as error:
        label = station.directory.label(helper)
        raise UsageError(
            f"Angebot {found.box.nr} ist {label}, aber nicht zugewiesen: {error}"
        ) from error
    count, left = appeal.whole("count"), None
    if count is not None and appeal.id.author in station.directory.ours:
        left = max(0, count - (helper.whole("count") or 1))
        drafts += commands.change(appeal, {"count": left})
    station.write(drafts)
    if left is not None:
        _note(boxes, found.box.id, appeal)
    return Sent(helper, left)


def _note(boxes: ArrivedBoxes, box_id: bytes, appeal: Record) -> None:
    """A round may be looking after the same box."""
    while (box := boxes.get(box_id)) and not boxes.exchange(box, stepped(box, FOR, appeal.id)):
        pass


def appeal_for(station: Station, box: Arrived) -> Record | None:
    """The appeal that an offer was taken over for, if this staff counts there."""
    return station.reader.get(EntityId(*box.steps[FOR])) if FOR in box.steps else None


def fewer(station: Station, box: Arrived, people: int) -> list[Draft]:
    """So many who were sent do not come: the appeal looks for them again (negative: more come),
    unless it has ended meanwhile or keeps people away."""
    appeal = appeal_for(station, box)
    count = None if appeal is None else appeal.whole("count")
    if appeal is None or count is None or not people or not asks_to_come(appeal):
        return []
    left = max(0, count + people)
    return commands.change(appeal, {"count": left}) if left != count else []


def sent_words(station: Station, found: Opened, appeal: Record, sent: Sent) -> str:
    """What was done, and what is left to do."""
    label, number = station.directory.label(sent.helper), found.box.nr
    said = f"Angebot {number} ist {label}, eingesetzt für {station.directory.label(appeal)}."
    if sent.left == 0:
        return f"{said} Damit sind genug da: bitte den Aufruf beenden oder „bitte nicht kommen“."
    return said if sent.left is None else f"{said} Noch gesucht: {sent.left}."
