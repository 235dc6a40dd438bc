# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Helpers who were sent somewhere and have called off: whoever counts on them is told. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass
from typing import Any

from lage.kinds.reader import ViewContext
from lage.kinds.setting import Setting, exactly
from lage.kinds.states import is_open
from lage.language.plain import plain
from lage.views.alarm import Alarm, Sort, Weight
from sync.schema.definition import EntityId

TOLD_S = 24 * 3600
KEPT = 100


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """Somebody does not come after all."""

    helper: EntityId
    at: int  # log time
    appeal: EntityId | None  # what they were sent for; None: for no appeal of this staff


def _read(value: Any) -> tuple[Withdrawal, ...]:
    return tuple(
        Withdrawal(_entity(helper), exactly(int)(at), None if appeal is None else _entity(appeal))
        for helper, at, appeal in exactly(list)(value)
    )


def _entity(value: Any) -> EntityId:
    author, number = map(exactly(int), value)
    return EntityId(author, number)


WITHDRAWN = Setting[tuple[Withdrawal, ...]](
    "abgesagt", (), _read, lambda kept: [list(astuple(each)) for each in kept]
)
"""The latest of them; of each helper one."""


def withdrawn_alarms(withdrawn: Sequence[Withdrawal], context: ViewContext) -> Iterator[Alarm]:
    """Those of the last day; not where their appeal has ended before it had enough."""
    for each in withdrawn:
        helper = context.reader.get(each.helper)
        appeal = None if each.appeal is None else context.reader.get(each.appeal)
        over = appeal is not None and not is_open(appeal) and appeal.whole("count") != 0
        if helper is None or over or each.at <= context.now - TOLD_S:
            continue
        count = helper.whole("count") or 1
        people = "1 Person" if count == 1 else f"{count} Personen"
        text = f"{context.directory.label(helper)} ({people}) kommt doch nicht"
        if appeal is not None:
            text += f": {context.directory.label(appeal)} {plain(appeal.text('place'))} "
            status, left = appeal.text("status"), appeal.whole("count")
            again = status == "bitte kommen" and left is not None
            text += f"sucht wieder {left}" if again else f"steht auf „{status}“"
        yield Alarm(Sort.WITHDRAWN, Weight.SOON, text, helper.id, "helper", since=each.at)
