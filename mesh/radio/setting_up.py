# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Bringing a radio to wanted settings: one admin message at a time, each read back.

A radio keeps four packets to itself and drops the oldest, so seven messages in one go lose the
beginning, the region among them. Here each waits for the answer to the one before; what was changed
is asked for and compared, and told again if need be. All changes stand in one transaction, at whose
end the radio restarts; then everything is read anew and compared. A restart or a lost connection in
between costs a round, nothing else. A section that the radio does not take holds up no other: it is
set aside for the round, so that a radio with one bad setting still gets its region.

Pure: what the radio reports and the time go in, orders for the link come out.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

ANSWER_MS = 4_000
"""How long an answer is waited for before the message is repeated."""
RESTART_MS = 12_000
"""A restart begins seven seconds after the end of the transaction (firmware AdminModule.cpp)."""
TRIES_MAX = 4
ROUNDS_MAX = 4


@dataclass(frozen=True, slots=True)
class Step:
    """One section that is not as wanted."""

    section: str
    change: bytes  # serialised admin message that sets it
    question: bytes  # one that asks for it


class Outcome(enum.Enum):
    """How it ended."""

    RIGHT = "right"  # everything was read anew and is as wanted
    REFUSED = "refused"  # the radio does not take it


class Reread(enum.Enum):
    """The order to connect anew, so that all settings are told."""

    REREAD = "reread"


Order = bytes | Reread
Plan = Callable[[Mapping[str, bytes]], Sequence[Step]]


class _At(enum.Enum):
    READ = 0  # the settings are there or come
    TELL = 1  # changes go out and are read back
    RESTART = 2  # the transaction has ended
    LEAVE = 3  # told to connect anew
    RETURN = 4  # and gone


class SettingUp:
    """The state of one radio's setting up; ``outcome`` is None while it goes on."""

    def __init__(self, plan: Plan, begin: bytes, commit: bytes) -> None:
        """``plan`` gives what is not as wanted, from what a radio reported; ``begin`` and
        ``commit`` stand around the changes.
        """
        self.outcome: Outcome | None = None
        self._plan, self._begin, self._commit = plan, begin, commit
        self._at = _At.READ
        self._since = 0
        self._steps: list[Step] = []
        self._tries = 0
        self._rounds = 0
        self._taken = False  # something of this round was

    def advance(self, now: int, sections: Mapping[str, bytes], *, connected: bool) -> list[Order]:
        """What to do now, about as often as ten times a second."""
        if self.outcome is not None:
            return []
        if not connected:
            return self._lost(now)
        match self._at:
            case _At.READ | _At.RETURN:
                return self._read(now, sections)
            case _At.TELL:
                return self._tell(now, sections)
            case _At.RESTART if now >= self._since + RESTART_MS:
                self._go(_At.LEAVE, now)
                return [Reread.REREAD]
            case _:
                return []

    def _lost(self, now: int) -> list[Order]:
        if self._at is not _At.READ:
            self._go(_At.RETURN, now)
        return []

    def _read(self, now: int, sections: Mapping[str, bytes]) -> list[Order]:
        self._steps = list(self._plan(sections))
        if not self._steps:
            self.outcome = Outcome.RIGHT
            return []
        self._rounds += 1
        if self._rounds > ROUNDS_MAX:
            self.outcome = Outcome.REFUSED
            return []
        self._go(_At.TELL, now)
        self._taken = False
        return [self._begin, *self._next(now)]

    def _tell(self, now: int, sections: Mapping[str, bytes]) -> list[Order]:
        wrong = {step.section for step in self._plan(sections)}
        if self._steps[0].section not in wrong:
            self._taken, self._tries = True, 0
        elif now < self._since + ANSWER_MS:
            return []
        elif self._tries < TRIES_MAX:
            return self._next(now)
        # Taken, or set aside; after that a radio that takes nothing gets one try for each section.
        del self._steps[0]
        if self._steps:
            return self._next(now)
        self._go(_At.RESTART if self._taken else _At.LEAVE, now)
        return [self._commit if self._taken else Reread.REREAD]

    def _next(self, now: int) -> list[Order]:
        self._tries += 1
        self._since = now
        return [self._steps[0].change, self._steps[0].question]

    def _go(self, at: _At, now: int) -> None:
        self._at, self._since, self._tries = at, now, 0
