# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""How the clock of an exercise goes, as its direction has told the staffs at other computers. Pure.

The last word counts, by the direction's own numbers: they have an order without clocks. It says
all there is, so what was lost on the way is not missed, and whoever comes late or starts again
stands where the others stand.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lage.kinds.cards.exercise_clock import OVER, REAL_TEMPO, RUNS
from lage.kinds.directory import Directory
from lage.kinds.model import Draft, Query, Record, Where
from lage.kinds.reader import Reader
from lage.language.epoch import to_unix
from lage.store.timebase import Line, Timebase
from sync.schema.urgency import Urgency

KIND = "exercise_clock"
TOLD_MAX = 10_000
PAUSE = "Pause"


@dataclass(frozen=True, slots=True)
class ToldClock:
    """One word of the direction; times are log times."""

    state: str  # of the card
    at: int  # time of the exercise at that moment
    since: int  # that moment, by the direction's clock on the wall
    begin: int  # time of the exercise at X+00
    tempo: int = REAL_TEMPO  # hundredths

    @classmethod
    def of(cls, record: Record) -> ToldClock:
        """As an entry says it."""
        tempo = record.values.get("tempo")
        at, since, begin = (record.values[name] for name in ("at", "since", "begin"))
        assert isinstance(at, int)
        assert isinstance(since, int)
        assert isinstance(begin, int)
        return cls(
            record.text("state"), at, since, begin, tempo if isinstance(tempo, int) else REAL_TEMPO
        )

    def draft(self) -> Draft:
        """To be written by the direction."""
        said: dict[str, Any] = {
            "state": self.state,
            "at": self.at,
            "since": self.since,
            "begin": self.begin,
        }
        if self.tempo != REAL_TEMPO:
            said["tempo"] = self.tempo
        return Draft(KIND, said, urgency=Urgency.IMMEDIATE)

    @property
    def line(self) -> Line:
        """What all processes of a folder go by."""
        speed = self.tempo / REAL_TEMPO if self.state == RUNS else 0.0
        since, at = float(to_unix(self.since)), float(to_unix(self.at))
        return Line(since, at, speed, hurries=False)


def told_clock(reader: Reader, directory: Directory) -> ToldClock | None:
    """What the direction's last word says; None: it has said nothing yet."""
    word = last_word(reader, directory)
    return None if word is None else ToldClock.of(word)


def last_word(reader: Reader, directory: Directory) -> Record | None:
    """The direction's last entry about it."""
    line = tuple(sorted(directory.direction))
    if not line:
        return None
    query = Query(KIND, (Where("author", "in", line),), order="arrival", limit=TOLD_MAX)
    found = reader.select(query)
    return max(found, key=lambda row: row.id, default=None)


def clock_words(reader: Reader, directory: Directory, timebase: Timebase) -> str:
    """How the clock of an exercise goes, where that is not as usual; empty while it just runs, and
    in earnest."""
    told = told_clock(reader, directory)
    if told is not None and told.state == OVER:
        return "beendet"
    if timebase.own and not timebase.line.speed:
        return PAUSE
    if timebase.outrun != 1.0:
        return f"Tempo {timebase.line.speed:g}×".replace(".", ",")
    return ""
