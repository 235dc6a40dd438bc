# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What coded bytes say, as it is kept beside them: the one place where arrived bytes are read.

Bytes that cannot be read stay in the log untouched and are relayed; they are counted, shown as not
representable, and nothing in them is taken for true.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import NamedTuple, TypeAlias

from lage.kinds import allied
from lage.kinds.model import Unshown
from lage.kinds.schema import SCHEMA
from lage.language.fence import Fault, Fence, Place
from lage.store.tables import pack_id
from sync.codec.ahead import Ahead, Unread
from sync.codec.packed import pack_changes
from sync.feed.records import Alliance
from sync.feed.roster import ROOT
from sync.schema.definition import EntityId
from sync.schema.op import Operation, OperationError, OutdatedCodec, UnknownCodec

Content: TypeAlias = tuple[int | None, int | None, int | None, bytes | None]
"""Time, kind, entity and values of an operation as they are kept beside its bytes."""

_UNREAD: Content = (None, None, None, None)
_NOT_OURS: Content = (None, 0, None, None)


class Reading(NamedTuple):
    """What was read, or why nothing was."""

    content: Content
    unshown: tuple[Unshown, str] | None = None  # why, and what went wrong


Job: TypeAlias = tuple[int, int, bytes]
"""Author, number, bytes."""


def interpret_all(jobs: Sequence[Job], alliances: Sequence[Alliance] = ()) -> list[Reading]:
    """As ``interpret`` of each, their texts read side by side."""
    found: dict[int, Reading] = {}
    ahead = Ahead()
    while len(found) < len(jobs):
        for place, job in enumerate(jobs):
            if place not in found:
                with suppress(Unread):
                    found[place] = interpret(*job, alliances, ahead)
        with Fence(Place.READING, lambda _: None):  # a fault in it costs time only
            ahead.read()
    return [found[place] for place in range(len(jobs))]


def interpret(
    author: int,
    number: int,
    data: bytes,
    alliances: Sequence[Alliance] = (),
    ahead: Ahead | None = None,
) -> Reading:
    """What coded bytes say; all None where we cannot read them, kind 0 where we don't want to.

    ``ahead``: texts that were read ahead; raises Unread where one is missing there.
    """
    if author == ROOT:
        return Reading(_UNREAD)
    if any(author == block.first for block in alliances):
        return Reading(_NOT_OURS)  # the roster of an allied county
    caught: list[Fault] = []
    with Fence(Place.READING, caught.append, passes=(Unread,)):
        return _read(author, number, data, alliances, ahead)
    return Reading(_UNREAD, (Unshown.FAILED, caught[0].reason))


def _read(
    author: int, number: int, data: bytes, alliances: Sequence[Alliance], ahead: Ahead | None
) -> Reading:
    try:
        operation = allied.read(data, author, number, alliances, ahead)
    except allied.NotFollowed:
        return Reading(_NOT_OURS)
    except OutdatedCodec as error:
        return Reading(_UNREAD, (Unshown.OUTDATED, str(error)))
    except UnknownCodec:
        return Reading(_UNREAD)  # a newer version will show it
    except OperationError as error:
        return Reading(_UNREAD, (Unshown.GARBLED, str(error)))
    return Reading(content_of(author, number, operation))


def content_of(author: int, number: int, operation: Operation) -> Content:
    """What is kept beside an operation's bytes."""
    kind = SCHEMA.by_name[operation.kind]
    entity = operation.entity or EntityId(author, number)
    return operation.time, kind.number, pack_id(entity), pack_changes(operation, kind)
