# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The stages of a dispute about one author's feed; docs/developer/states.md is drawn from it.

A stage is not stored: it is what log, roster and open questions say together, so a restart or a
decision that comes by another process needs no turn. A test holds the engine to the table.
"""

from __future__ import annotations

import enum


class Stage(enum.Enum):
    """How far a doubt about a feed has come."""

    TRUSTED = "trusted"
    SUSPECTED = "suspected"  # a question about it waits to be sent
    FROZEN = "frozen"  # a proof is known: nothing is taken beyond the fork
    SETTLED = "settled"  # the root has named the branch, or ended the feed


class Turn(enum.Enum):
    """What happens to it."""

    SUSPICION = "digests or chains disagree"
    QUESTION = "asked for evidence"
    SAME = "another asks"
    PROOF = "two signatures that contradict each other"
    DECISION = "the root decides"


TURNS: dict[tuple[Stage, Turn], frozenset[Stage]] = {
    (Stage.TRUSTED, Turn.SUSPICION): frozenset({Stage.TRUSTED, Stage.SUSPECTED}),
    (Stage.TRUSTED, Turn.PROOF): frozenset({Stage.TRUSTED, Stage.FROZEN}),
    (Stage.TRUSTED, Turn.DECISION): frozenset({Stage.TRUSTED}),
    (Stage.SUSPECTED, Turn.SUSPICION): frozenset({Stage.SUSPECTED}),
    (Stage.SUSPECTED, Turn.QUESTION): frozenset({Stage.SUSPECTED, Stage.TRUSTED}),
    (Stage.SUSPECTED, Turn.SAME): frozenset({Stage.SUSPECTED, Stage.TRUSTED}),
    (Stage.SUSPECTED, Turn.PROOF): frozenset({Stage.SUSPECTED, Stage.FROZEN}),
    (Stage.SUSPECTED, Turn.DECISION): frozenset({Stage.SUSPECTED, Stage.SETTLED}),
    (Stage.FROZEN, Turn.SUSPICION): frozenset({Stage.FROZEN}),
    (Stage.FROZEN, Turn.QUESTION): frozenset({Stage.FROZEN}),
    (Stage.FROZEN, Turn.SAME): frozenset({Stage.FROZEN}),
    (Stage.FROZEN, Turn.PROOF): frozenset({Stage.FROZEN}),
    (Stage.FROZEN, Turn.DECISION): frozenset({Stage.FROZEN, Stage.SETTLED}),
    (Stage.SETTLED, Turn.SUSPICION): frozenset({Stage.SETTLED}),
    (Stage.SETTLED, Turn.QUESTION): frozenset({Stage.SETTLED}),
    (Stage.SETTLED, Turn.SAME): frozenset({Stage.SETTLED}),
    (Stage.SETTLED, Turn.PROOF): frozenset({Stage.SETTLED, Stage.FROZEN}),
    (Stage.SETTLED, Turn.DECISION): frozenset({Stage.SETTLED, Stage.FROZEN}),
}
"""Several stages: it depends on what proof, decision or question say about which number."""
