# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Texts of many operations, read ahead side by side.

Reading an operation comes to a text and asks for it here; where it is not known yet, ``Unread``
ends that reading, the text is put on a list, and the operation is read again when all on the list
are known. What is read stays the same: the decisions are those that ``sync.codec.texts`` would take
from the same bytes, and what cannot be read side by side is read by it.
"""

from __future__ import annotations

from functools import partial

from sync.codec.stream import END_OVERRUN, END_ZONE, SIZES, Writer
from sync.text.model import TextModel
from sync.text.prose import BASE
from sync.text.rangecoder import RangeDecoder, Step
from sync.text.task import Ending, Task

END_LEAST = 32
"""Least probability of the end where it is possible."""

FEW = 64
"""So many texts are read sooner each alone, without tables and arrays."""

_Key = tuple[bytes, tuple[int, int, int], int, int, bool]


class Unread(Exception):
    """The operation holds a text that is not read yet."""


class Ahead:
    """Texts that were read, and those that are asked for."""

    def __init__(self) -> None:
        self._known: dict[_Key, Task] = {}
        self._asked: dict[_Key, Task] = {}

    def take(self, coder: RangeDecoder, room: int, length: int, *, last: bool) -> Task | None:
        """The text that begins where ``coder`` stands; None: it is to be read alone.

        Raises Unread where it was not asked for before.
        """
        key = coder.data, coder.state, room, length, last
        task = self._known.get(key)
        if task is None:
            self._asked[key] = Task(coder.copy(), room, length, last)
            raise Unread
        return task if task.text is not None else None

    def read(self) -> None:
        """Read what was asked for since the last time."""
        tasks, self._asked = self._asked, {}
        self._known |= tasks  # what fails now is read alone
        if len(tasks) > FEW:
            # Only whoever reads in bulk loads the tables.
            from sync.text.forest import forest
            from sync.text.together import decode_together

            ending = Ending(END_ZONE, END_ZONE + 8 * SIZES, END_OVERRUN, END_LEAST)
            decode_together(forest(BASE), list(tasks.values()), ending)


def written(task: Task, model: TextModel) -> Writer:
    """A text's decisions as recorded; without ends that no stream of about this length asks for."""
    writer = Writer()
    assert task.trace is not None
    part: list[Step] = []
    for step in task.trace.tolist():
        if step >= 0:
            part.append((step >> 1, step & 1, 0))
            continue
        start, size, total = task.others[-1 - step]
        if total:
            part.append((start, size, total))
        else:
            writer.add(part)
            writer.end(partial(end_chance, model, start), size)
            part = []
    writer.add(part)
    return writer


def end_chance(model: TextModel, says: int, slack: int) -> int:
    """How likely the end is, given what the network says and the bits of room left."""
    return max(END_LEAST, model.chance(says, slack))
