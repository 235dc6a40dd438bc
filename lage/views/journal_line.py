# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""One line of the Einsatztagebuch, written by a person or told by the log itself."""

from __future__ import annotations

from dataclasses import dataclass

from sync.schema.definition import EntityId

AUTO = "auto"
LINES_MAX = 5000


@dataclass(frozen=True, slots=True)
class Period:
    """Log times, both ends included."""

    since: int = 0
    until: int = 2**34 - 1

    def holds(self, time: int) -> bool:
        """Whether a moment lies in it."""
        return self.since <= time <= self.until


@dataclass(frozen=True, slots=True)
class JournalLine:
    """One line of the Tagebuch."""

    nr: str  # running number, with the label of an earlier number of this staff, or ``auto``
    entered: int  # log time
    happened: int  # event time
    text: str  # one line, harmless to draw
    action: str = ""
    sender: str = ""
    recipient: str = ""
    way: str = ""
    sign: str = ""
    struck_by: str = ""  # label of the correction
    entity: EntityId | None = None
    topic: str = "journal"  # kind of the entry that it tells of; ``system`` for members and keys

    @property
    def automatic(self) -> bool:
        """Whether the system wrote it."""
        return self.nr == AUTO


SYSTEM = "system"
"""Topic of lines about the network itself: members, keys, forks."""


def auto_line(
    time: int, text: str, topic: str, entity: EntityId | None = None, way: str = "Mesh"
) -> JournalLine:
    """A line that nobody wrote."""
    return JournalLine(AUTO, time, time, text, way=way, entity=entity, topic=topic)
