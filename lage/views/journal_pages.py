# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Windows on the Tagebuch with its automatic lines, for a list that is scrolled.

The lines come from several sources, so where a window begins in each is not known. Pages that
were read leave marks (so many lines are newer than that time), and the next window is read from
the nearest mark on. Limit: the newest ``LINES_MAX`` lines; older ones are in the printout.
"""

from __future__ import annotations

from collections.abc import Collection

from lage.kinds.directory import Directory
from lage.kinds.reader import ViewContext
from lage.views.deeds import Known
from lage.views.journal import computed_lines, journal_with, stored_lines
from lage.views.journal_line import LINES_MAX, JournalLine, Period


class JournalPager:
    """Reads windows of one log; keeps what stays true until the log changes."""

    def __init__(self) -> None:
        self._token: int | None = None
        self._total = 0
        self._computed: list[JournalLine] = []
        self._marks: list[tuple[int, int]] = []  # (lines newer than, log time), newest first
        self._known: Known = {}
        self._names: Directory | None = None  # in use in what is known
        self._about: tuple[frozenset[str], list[JournalLine]] | None = None

    def window(
        self,
        context: ViewContext,
        token: int,
        offset: int,
        limit: int,
        topics: Collection[str] = (),
    ) -> tuple[int, list[JournalLine]]:
        """(all lines, those of the window); ``token`` differs once the log has changed, and
        ``topics`` leaves only lines about these."""
        if token != self._token:
            if self._names is not context.directory:
                self._known, self._names = {}, context.directory
            self._computed = computed_lines(context, known=self._known)
            self._total = min(stored_lines(context) + len(self._computed), LINES_MAX)
            self._marks = [(0, Period().until)]
            self._token, self._about = token, None
        if topics:
            found = self._lines_about(context, frozenset(topics))
            return len(found), found[offset : offset + limit]
        newer, until = next(mark for mark in reversed(self._marks) if mark[0] <= offset)
        wanted = min(offset + limit, self._total) - newer
        lines = journal_with(self._computed, context, Period(until=until), max(0, wanted))
        self._remember(newer, lines)
        return self._total, lines[offset - newer :]

    def _lines_about(self, context: ViewContext, topics: frozenset[str]) -> list[JournalLine]:
        if self._about is None or self._about[0] != topics:
            every = journal_with(self._computed, context, Period(), LINES_MAX)
            self._about = topics, [line for line in every if line.topic in topics]
        return self._about[1]

    def _remember(self, newer: int, lines: list[JournalLine]) -> None:
        """A mark at the last place where the time changes."""
        for place in range(len(lines) - 1, 0, -1):
            if lines[place].entered < lines[place - 1].entered:
                mark = (newer + place, lines[place].entered)
                if mark[0] > self._marks[-1][0]:
                    self._marks.append(mark)
                return
