# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Of blitz and sofort their author shall soon know who has it: then the roll is called.

Frames say only that something in them is urgent, so the entries themselves are looked at.
"""

from __future__ import annotations

from lage.kinds.schema import SCHEMA
from lage.write.commands import urgency_of
from sync.codec import versions as codec
from sync.feed.log import Log
from sync.replica.engine import Engine
from sync.replica.events import Accepted, Event
from sync.schema.op import OperationError


def note(event: Event, log: Log, engine: Engine, now: int) -> None:
    """Call the roll for the latest urgent entry among what was accepted, if it came as urgent."""
    if not isinstance(event, Accepted) or not event.urgent:
        return
    operations = log.operations(event.author, event.first, event.last)
    for number, data in reversed(list(enumerate(operations, event.first))):
        try:
            operation = codec.read(data, SCHEMA, event.author, number)
        except OperationError:
            continue  # what cannot be understood here is shown as such, and is not urgent
        urgency = urgency_of(operation.kind, operation.changes)
        if urgency.urgent:
            engine.call_roll(event.author, number, urgency, now)
            return
