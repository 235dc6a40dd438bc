# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""How much likelier the end of a text is when little room is left: fitted on texts not counted."""

import math
from collections import defaultdict
from collections.abc import Iterable

from sync.text.coder import Plan
from sync.text.model import TextModel
from sync.text.rangecoder import RangeEncoder

STEPS = 64
UNITS = 128  # of a logit


def _samples(model: TextModel, lines: Iterable[str]) -> dict[int, list[tuple[float, bool]]]:
    """For each step of room: logits that the contexts alone give, and whether the text ended."""
    boost = model.end_boost
    found: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for line in lines:
        plan = Plan(model, line)
        fitted = plan.fit(0, 10_000)
        if fitted is None:
            continue
        coder = RangeEncoder()
        for at, slack, state in plan.endings(coder, 0, fitted[1]):
            model.end_boost = (0,) * STEPS
            chance = plan.cursor.end_probability(state, slack) / 65536
            model.end_boost = boost
            coder.encode(plan.cursor.end_probability(state, slack), at == len(line))
            step = min(max(slack + 32, 0), STEPS - 1)
            found[step].append((math.log(chance / (1 - chance)), at == len(line)))
    return found


def _fit(samples: list[tuple[float, bool]]) -> float:
    """The shift of all logits that makes the outcomes likeliest, drawn a little towards 0."""
    shift = 0.0
    for _ in range(30):
        slope, bend = -0.05 * shift, 0.05
        for logit, end in samples:
            chance = 1 / (1 + math.exp(-logit - shift))
            slope += end - chance
            bend += chance * (1 - chance)
        shift += max(-1.0, min(1.0, slope / bend))
    return shift


def fit_boost(model: TextModel, lines: list[str], rounds: int = 4) -> tuple[int, ...]:
    """Boosts in 1/128 logits for 64 steps of room."""
    for _ in range(rounds):
        found = _samples(model, lines)
        nearest = [min((abs(known - at), known) for known in found)[1] for at in range(STEPS)]
        fitted = {step: round(UNITS * _fit(part)) for step, part in found.items()}
        model.end_boost = tuple(fitted[step] for step in nearest)
        print("boost", model.end_boost[20:56], flush=True)
    return model.end_boost
