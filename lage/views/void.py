# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is kept and does not count: entries beyond a revocation, and other branches of a feed. Pure.

They change nothing that users see elsewhere; here they can be read, as evidence and to be entered
anew by hand.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from lage.kinds.cards import CARDS
from lage.kinds.model import VoidOperation
from lage.kinds.reader import ViewContext
from lage.kinds.schema import SCHEMA
from lage.language.plain import plain
from lage.language.tactical import tactical
from lage.views.words import label_of, long_value
from sync.codec import versions as codec
from sync.feed.records import Alliance, Certificate, Reopening, Revocation, decode_record
from sync.feed.roster import ROOT
from sync.schema.definition import SetChange
from sync.schema.op import OperationError


@dataclass(frozen=True, slots=True)
class VoidLine:
    """One such entry."""

    staff: str
    number: int
    time: str  # when its author says to have written it; empty if that can't be read
    reason: str
    content: str


def void_lines(
    operations: Iterable[VoidOperation],
    revoked: Iterable[int],
    lists: Collection[int],
    context: ViewContext,
) -> list[VoidLine]:
    """As lines to read; ``revoked`` are the members whose right to write has ended, ``lists`` the
    feeds that are lists of members."""
    ended = set(revoked)
    return [
        _line(operation, operation.author in ended, operation.author in lists, context)
        for operation in operations
        if operation.aside or operation.author not in lists  # the list that is in use here
    ]


def _line(operation: VoidOperation, revoked: bool, roster: bool, context: ViewContext) -> VoidLine:
    name = context.directory.name(operation.author)
    if operation.aside:
        reason = "anderer Zweig"
    else:
        reason = "nach dem Widerruf" if revoked else "nach der Verzweigung"
    if roster:
        said = _record(operation.data)
        whose = "" if operation.author == ROOT else f" {name}"
        return VoidLine(f"Mitgliederliste{whose}", operation.number, "", reason, said)
    try:
        read = codec.read(operation.data, SCHEMA, operation.author, operation.number)
    except OperationError:
        return VoidLine(name, operation.number, "", reason, "nur mit neuerer Version lesbar")
    title = CARDS[read.kind].title
    parts = [
        f"{label_of(read.kind, field)}: {long_value(read.kind, field, value, context)}"
        for field, value in read.changes.items()
        if not isinstance(value, SetChange)
    ]
    content = f"{title}{' geändert' if read.entity else ''}: {'; '.join(parts)}"
    return VoidLine(name, operation.number, tactical(read.time), reason, content)


def _record(data: bytes) -> str:
    """What a record of feed 0 says."""
    try:
        record = decode_record(data)
    except OperationError:
        return "nur mit neuerer Version lesbar"
    if isinstance(record, Certificate):
        return f"Nummer {record.author}: {plain(record.name)} aufgenommen"
    if isinstance(record, Revocation):
        return f"Nummer {record.author} widerrufen nach Eintrag {record.last_good}"
    if isinstance(record, Reopening):
        return f"Nummer {record.author} fortgesetzt ab Eintrag {record.number}"
    if isinstance(record, Alliance):
        return f"Verbündet mit {plain(record.name)}"
    return "Entscheidung des Kreises"
