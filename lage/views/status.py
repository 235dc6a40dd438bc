# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What every screen always says (time, staff, radio, unread), and which alarms interrupt. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from lage.kinds.directory import role_title
from lage.kinds.model import Query, Record, Where
from lage.kinds.reader import ViewContext
from lage.kinds.setting import Setting
from lage.language.plain import plain
from lage.language.tactical import tactical
from lage.views.alarm import Alarm, Sort, Weight, urgent_key
from lage.views.delivery import delivery
from lage.views.network import RadioView
from lage.views.todo import ASKED, asked
from sync.schema.definition import EntityId

URGENT = ("blitz", "staatsnot")
URGENT_SHOWN_MAX = 20
URGENT_READ_MAX = 400
READ_MAX = 500
READABLE = ("message", *ASKED)
"""Kinds by which others want something of us: somebody here has opened it, or has not."""


@dataclass(frozen=True, slots=True)
class ReadMarks:
    """Which entries to us somebody here has opened: all up to ``upto``, and some after."""

    upto: int = 0  # arrival number
    single: frozenset[EntityId] = frozenset()

    @classmethod
    def of(cls, setting: object) -> ReadMarks:
        """From the kept setting; anything else than what ``kept`` gives counts as nothing."""
        if not isinstance(setting, dict):
            return cls()
        upto, single = setting.get("upto"), setting.get("single")
        pairs = single if isinstance(single, list) else []
        return cls(
            upto if isinstance(upto, int) else 0,
            frozenset(EntityId(*pair) for pair in pairs if _is_pair(pair)),
        )

    def kept(self) -> dict[str, object]:
        """As a setting."""
        return {"upto": self.upto, "single": [list(entity) for entity in sorted(self.single)]}

    def with_read(self, entity: EntityId) -> ReadMarks:
        """One more message was read; at the limit the oldest marks are dropped."""
        single = sorted({*self.single, entity})[-READ_MAX:]
        return ReadMarks(self.upto, frozenset(single))

    def joined(self, other: ReadMarks) -> ReadMarks:
        """What is read by either; at the limit the oldest marks are dropped."""
        single = sorted(self.single | other.single)[-READ_MAX:]
        return ReadMarks(max(self.upto, other.upto), frozenset(single))

    def unread(self, record: Record, context: ViewContext) -> bool:
        """Whether nobody here has opened that entry of others yet."""
        if record.kind not in READABLE or record.id.author in context.ours:
            return False
        return self.new(record.id, record.seq) and context.concerns(record)

    def new(self, entity: EntityId, seq: int) -> bool:
        """The same of an entry of others, by its arrival number."""
        return seq > self.upto and entity not in self.single


READ = Setting("gelesen", ReadMarks(), ReadMarks.of, ReadMarks.kept)
"""Kept beside the log, for all screens on it."""


@dataclass(frozen=True, slots=True)
class StatusView:
    """The status bar."""

    time: str
    staff: str
    role: str
    network: str
    exercise: bool
    radio: str
    radio_good: bool
    unsent: int
    unread: int
    battery: int | None  # percent; None is not known
    clock: str = ""  # how that of an exercise goes, where that is not as usual


def status(
    context: ViewContext,
    radio: RadioView,
    marks: ReadMarks,
    *,
    network: str,
    exercise: bool,
    battery: int | None,
    clock: str = "",
) -> StatusView:
    """The status bar now."""
    me = context.directory.get(context.me)
    return StatusView(
        tactical(context.now),
        plain(me.name) if me else "kein Knoten",
        role_title(me.role) if me else "",
        plain(network),
        exercise,
        radio.headline,
        radio.good,
        radio.unsent,
        unread_count(context, marks),
        battery,
        clock,
    )


def unread_count(context: ViewContext, marks: ReadMarks) -> int:
    """Messages, orders and requests to this staff that nobody here has opened."""
    query = Query(
        "message",
        (Where("author", "not in", context.ours), Where("seq", ">", marks.upto)),
        to=context.ours,
    )
    read = sum(1 for entity in marks.single if _counted(entity, context, marks))
    wanted = sum(
        1 for alarm in asked(context) if alarm.entity and marks.new(alarm.entity, alarm.seq)
    )
    return max(0, context.reader.count(query) - read) + wanted


def _is_pair(value: object) -> bool:
    return isinstance(value, list) and [type(part) for part in value] == [int, int]


def _counted(entity: EntityId, context: ViewContext, marks: ReadMarks) -> bool:
    record = context.reader.get(entity)
    return record is not None and record.kind == "message" and record.seq > marks.upto


def urgent_alarms(context: ViewContext, taken: Collection[str]) -> list[Alarm]:
    """Blitz and Staatsnot to this staff, unconfirmed and not yet taken by anybody, newest first."""
    query = Query(
        "message",
        (Where("priority", "in", URGENT), Where("author", "not in", context.ours)),
        to=context.ours,
        order="arrival",
        limit=URGENT_READ_MAX,
    )
    found: list[Alarm] = []
    for message in context.reader.select(query):
        if len(found) == URGENT_SHOWN_MAX:
            break
        wanted = message.flag("receipt_wanted")
        if urgent_key(message.id) in taken or (
            wanted and context.me not in delivery(message, context).open
        ):
            continue
        word = message.text("priority").upper()
        sender = context.directory.name(message.id.author)
        label = context.directory.label(message)
        text = f"{word} {label} von {sender}: {plain(message.text('text'))}"
        found.append(Alarm(Sort.URGENT, Weight.NOW, text, message.id))
    return found
