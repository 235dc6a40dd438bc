# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Operations to situation: the fold of one entity into the row that lists show. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lage.kinds.concurrent import Overruled, overruled
from lage.kinds.verdict import verdicts, with_effect
from lage.language.folding import fold_text
from sync.feed import clock
from sync.schema.causal import Step, in_order
from sync.schema.definition import EntityId, Kind, Many, Term, Text, Value
from sync.schema.merge import fold

FUTURE_S = 24 * 3600
"""What claims to be written so much later than now is not taken for the latest word."""

FUTURE_MAX_S = clock.AHEAD_MAX_S
"""A stamp further ahead of the clock that received it is flagged as doubtful."""


@dataclass(frozen=True, slots=True)
class Row:
    """One entity folded, ready to be written."""

    kind: Kind
    id: int  # author << 32 | number
    time: int
    changed: int
    seq: int
    sort_time: int  # event time if given, else entry time
    values: Mapping[str, Value]
    overruled: tuple[Overruled, ...] = ()


def row_of(
    kind: Kind, entity: int, steps: Sequence[Step], seqs: Sequence[int], follows: Mapping[int, int]
) -> Row | None:
    """The entity's row; None while its creating operation is missing, or lacks what is required.

    ``seqs``: order of arrival of each step; ``follows`` as ``verdicts`` takes it.
    """
    identity = EntityId(entity >> 32, entity & 0xFFFFFFFF)
    line = in_order(steps)
    counted = [
        left
        for step, void in zip(line, verdicts(kind, identity, line, follows), strict=True)
        if (left := with_effect(step, void)) is not None
    ]
    state = fold(kind, identity, counted)
    lacking = any(f.required and f.name not in state.values for f in kind.fields)
    if state.created is None or lacking:
        return None
    at = state.values.get("at")
    arrived = {step.stamp: seq for step, seq in zip(steps, seqs, strict=True)}
    return Row(
        kind,
        entity,
        state.created.time,
        max(step.stamp.time for step in counted),
        max(arrived[step.stamp] for step in counted),
        at if isinstance(at, int) else state.created.time,
        state.values,
        tuple(overruled(kind, counted, state)),
    )


def searchable(row: Row) -> str:
    """All words of an entity, folded."""
    words: list[str] = []
    for name, value in row.values.items():
        kind = row.kind.by_name[name].type
        item = kind.item if isinstance(kind, Many) else kind
        if isinstance(item, Text | Term):
            words.extend(str(part) for part in (value if isinstance(value, tuple) else (value,)))
        elif isinstance(value, str):
            words.append(value)
    return fold_text(" ".join(words))
