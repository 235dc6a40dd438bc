# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Deeds of the conductor, done: entries in the logs of staffs without people, and what the
direction tells those with people.

What was written just before a crash and not noted is found again by what it says, so nothing is
written twice.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from lage.exercise.direction.conductor import Deed
from lage.exercise.script import model as m
from lage.kinds.cards import CARDS
from lage.kinds.model import Draft, Record
from lage.kinds.schema import SCHEMA
from lage.language.errors import UsageError
from lage.station import Station
from lage.views.delivery import receipts_of
from lage.write import commands
from sync.codec import versions as codec
from sync.schema.definition import EntityId
from sync.schema.op import OperationError

LOOK_BACK = 400
"""So many of a feed's last operations are looked through after a crash."""
DOUBT_S = 5
"""Log times may be so far apart at one moment."""
SENDER_MAX = 60

Entries = Callable[[str], Sequence[tuple[int, int]] | None]
"""What an inject became: its entries, or None while it is not given."""


class NotYet(Exception):
    """What it is about has not arrived there; it is tried again."""


def write(
    drafts: Sequence[Draft],
    station: Station,
    *,
    since: int | None,
    claimed: Collection[EntityId] = (),
) -> list[EntityId]:
    """Write into a staff's log; the entry.

    ``since``: where this may have been done before a crash the log time of its firing, and
    ``claimed`` the entries that other injects have become. Raises LageError.
    """
    if since is not None:
        found = already(drafts, station, since, claimed)
        if found is not None:
            return [found]
    return station.write(drafts)[:1]


def drafts_of(deed: Deed, station: Station, entries: Entries) -> list[Draft]:
    """What is written. Raises NotYet, LageError."""
    entry = deed.inject.entry
    assert entry is not None

    def called(_: str, name: str) -> EntityId:
        return _record(station, entries(name), name).id

    context = replace(station.parse_context(), find=called)
    if entry.action == "create":
        return commands.enter(entry.kind, entry.fields, context)
    about = [deed.about] if deed.about is not None else entries(entry.target)
    record = _record(station, about, entry.target)
    if entry.action == "change":
        return commands.edit(record, entry.fields, context)
    if entry.action == "answer":
        return commands.answer(record, entry.fields, context)
    receipts = receipts_of(record.id, station.context())
    return commands.acknowledge(record, entry.fields.get("person", ""), context, receipts)


def told(deed: Deed, station: Station) -> dict[str, str] | None:
    """The message by which the direction tells staffs with people of an inject, as typed into its
    form; None where there is nothing to tell: how they answer is their own affair."""
    inject, entry = deed.inject, deed.inject.entry
    if entry is None or entry.action != "create":
        return None
    known = {staff.name for staff in station.directory.staffs}
    sender = "" if inject.sender in known else inject.sender
    fields = {"to": ", ".join(deed.told), "text": f"Einlage {inject.nr}: {content(entry)}"}
    return fields | ({"external_sender": sender[:SENDER_MAX]} if sender else {})


def content(entry: m.Entry) -> str:
    """What an entry says, in one line, by the labels of its form."""
    card = CARDS[entry.kind]
    said = [f"{card.label(name)}: {text}" for name, text in entry.fields.items() if text]
    return f"{card.title}. {'; '.join(said)}"


def already(
    drafts: Sequence[Draft], station: Station, since: int, claimed: Collection[EntityId]
) -> EntityId | None:
    """An entry that this staff has written since then, that says just that, and is no other
    inject's; the newest."""
    author = station.network_keys.author
    if author is None:
        return None
    (wanted, *_) = station.coded(drafts)
    log = station.store.log
    head = log.head(author)
    first = max(1, head - LOOK_BACK + 1)
    meant = codec.decode(wanted, SCHEMA, author, head + 1)
    for number in range(head, first - 1, -1):
        (data,) = log.operations(author, number, number)
        try:
            operation = codec.decode(data, SCHEMA, author, number)
        except OperationError:
            continue
        if operation.time < since - DOUBT_S:
            break
        entity = operation.entity or EntityId(author, number)
        same = operation.kind == meant.kind and operation.changes == meant.changes
        about = meant.entity is None or meant.entity == entity
        if same and about and (operation.entity is not None or entity not in claimed):
            return entity
    return None


def _record(station: Station, entries: Sequence[tuple[int, int]] | None, name: str) -> Record:
    if entries is None:
        raise NotYet(name)
    if not entries:
        raise UsageError(f"Zu Einlage {name} gibt es keinen Eintrag, auf den sich das bezieht.")
    record = station.reader.get(EntityId(*entries[0]))
    if record is None:
        raise NotYet(name)
    return record
