# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Whose clock is wrong: the own one, by the radio's time and what others sign, or another's. Pure.

A wrong clock decides nothing (``sync.schema.causal``), but what is written under it is found at
the wrong place and believed by nobody. So it is said in words, with the year, before one writes.

An entry cannot arrive before it was written: a stamp later than its arrival means that one of the
two clocks is wrong. Where most of those heard lately agree, it is ours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lage.kinds.reader import LastEntry, ViewContext
from lage.language.tactical import local
from lage.views.exercise_clock import told_clock

APART_S = 300
"""Clocks that differ by less are good enough."""

LATELY_S = 24 * 3600
BEHIND_S = 7 * 24 * 3600
"""What arrives may have been written long ago; so old are the newest entries of all others only
where this computer's clock runs ahead."""


@dataclass(frozen=True, slots=True)
class ClockDoubt:
    """A clock that is probably wrong."""

    member: int  # of this staff: this computer's
    own: bool
    text: str


def full(time: int) -> str:
    """``28.11.2026 14:03``."""
    return f"{local(time):%d.%m.%Y %H:%M}"


def clock_doubts(context: ViewContext) -> list[ClockDoubt]:
    """Clocks that are probably wrong, the own one first."""
    lately = _lately(context)
    right = _right_time(context, lately)
    if right is not None:
        return [ClockDoubt(context.me, True, _own(context, *right))]
    later = _later(lately)
    if len(lately) == len(later) == 1:
        return [ClockDoubt(context.me, True, _one_of_two(context, later[0]))]
    return [
        ClockDoubt(
            each.author,
            False,
            f"Die Uhr der Stelle {context.directory.name(each.author)} geht vor: dort war es"
            f" {full(each.time)}, hier {full(each.received)}. Bitte dort anrufen.",
        )
        for each in later
    ]


def own_clock(context: ViewContext) -> str:
    """A sentence if this computer's clock is probably wrong, else nothing."""
    doubts = clock_doubts(context)
    return doubts[0].text if doubts and doubts[0].own else ""


def probable_now(context: ViewContext) -> int:
    """The time by this computer's clock; by the others' or the radio's where it is wrong."""
    right = _right_time(context, _lately(context))
    return context.now if right is None else right[0]


def _lately(context: ViewContext) -> list[LastEntry]:
    """What others' last entries say of clocks; of an exercise's, which jumps, they say nothing."""
    if told_clock(context.reader, context.directory) is not None:
        return []
    return [
        each
        for each in context.reader.last_entries()
        if each.author not in context.ours and abs(context.now - each.received) < LATELY_S
    ]


def _later(entries: Sequence[LastEntry]) -> list[LastEntry]:
    """Those stamped later than they arrived."""
    return [each for each in entries if each.time > each.received + APART_S]


def _right_time(context: ViewContext, lately: Sequence[LastEntry]) -> tuple[int, str] | None:
    """What time it is instead, and who says so; None where the own clock may be right."""
    ahead = context.radio_ahead_s
    if ahead is not None and abs(ahead) > APART_S:
        by = "das GPS des Funkgeräts sagt" if context.radio_gps else "das Funkgerät sagt"
        return context.now + ahead, by
    later = _later(lately)
    if len(lately) > 1 and 2 * len(later) > len(lately):
        return min(each.time for each in later), "die anderen Stellen schreiben"
    if len(lately) > 1 and all(each.time < each.received - BEHIND_S for each in lately):
        return max(each.time for each in lately), "die anderen Stellen schreiben"
    return None


def _own(context: ViewContext, time: int, who: str) -> str:
    return (
        f"Die Uhr dieses Rechners geht wahrscheinlich falsch: hier ist es {full(context.now)},"
        f" {who} {full(time)}. Bitte Datum und Uhrzeit des Rechners stellen."
    )


def _one_of_two(context: ViewContext, other: LastEntry) -> str:
    return (
        f"Die Uhr hier oder die der Stelle {context.directory.name(other.author)} geht falsch:"
        f" hier ist es {full(context.now)}, dort {full(other.time)}. Bitte beide prüfen."
    )
