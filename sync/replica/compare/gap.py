# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The states of a gap in a feed, as a table; docs/developer/states.md is drawn from it."""

from __future__ import annotations

import enum


class GapState(enum.Enum):
    """What a node does about operations that it lacks."""

    CLOSED = "closed"
    LACKING = "lacking"  # it is known and not asked for: it may still be on its way
    ASKED = "asked"  # a question is out, repairs are waited for
    VAIN = "vain"  # nothing came: asked again, ever more rarely, in the end of the whole mesh
    COMING = "coming"  # repairs arrive: quiet until they cease


class Turn(enum.Enum):
    """What happens to it."""

    LEARNT = "something later is known"
    ASK = "asked"
    OVERHEARD = "another asks"
    ARRIVED = "a part arrives"
    FILLED = "complete"
    GIVEN_UP = "nobody vouches for it"


TURNS: dict[tuple[GapState, Turn], GapState] = {
    (GapState.CLOSED, Turn.LEARNT): GapState.LACKING,
    (GapState.LACKING, Turn.LEARNT): GapState.LACKING,
    (GapState.LACKING, Turn.OVERHEARD): GapState.LACKING,
    (GapState.LACKING, Turn.ASK): GapState.ASKED,
    (GapState.LACKING, Turn.ARRIVED): GapState.COMING,
    (GapState.LACKING, Turn.FILLED): GapState.CLOSED,
    (GapState.ASKED, Turn.LEARNT): GapState.ASKED,
    (GapState.ASKED, Turn.OVERHEARD): GapState.ASKED,
    (GapState.ASKED, Turn.ASK): GapState.VAIN,
    (GapState.ASKED, Turn.ARRIVED): GapState.COMING,
    (GapState.ASKED, Turn.FILLED): GapState.CLOSED,
    (GapState.VAIN, Turn.LEARNT): GapState.VAIN,
    (GapState.VAIN, Turn.OVERHEARD): GapState.VAIN,
    (GapState.VAIN, Turn.ASK): GapState.VAIN,
    (GapState.VAIN, Turn.ARRIVED): GapState.COMING,
    (GapState.VAIN, Turn.FILLED): GapState.CLOSED,
    (GapState.VAIN, Turn.GIVEN_UP): GapState.CLOSED,
    (GapState.COMING, Turn.LEARNT): GapState.COMING,
    (GapState.COMING, Turn.OVERHEARD): GapState.COMING,
    (GapState.COMING, Turn.ASK): GapState.ASKED,
    (GapState.COMING, Turn.ARRIVED): GapState.COMING,
    (GapState.COMING, Turn.FILLED): GapState.CLOSED,
}
"""What is not in the table does not happen: a bug of ours, seen as KeyError in any test."""
