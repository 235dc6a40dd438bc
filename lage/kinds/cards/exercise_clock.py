# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Übungsuhr: how the clock of an exercise goes from a moment on, told by its direction.

Each change is an entry of its own that says all there is to say, so whoever hears only the last
one, late or after a restart, stands where the others stand (``lage.views.exercise_clock``).
"""

from __future__ import annotations

from lage.kinds.card import Card, once
from sync.schema.definition import Choice, Kind, Moment, Number
from sync.schema.urgency import Urgency

RUNS, STANDS, OVER = "läuft", "steht", "beendet"
REAL_TEMPO = 100
"""In hundredths; left out where the clock keeps real time."""

CARD = Card(
    kind=Kind(
        29,
        "exercise_clock",
        (
            once(0, "state", Choice((RUNS, STANDS, OVER), room=4), required=True),
            once(1, "at", Moment(), required=True),  # time of the exercise at that moment
            once(2, "since", Moment(), required=True),  # that moment by the direction's wall clock
            once(3, "begin", Moment(), required=True),  # time of the exercise at X+00
            once(4, "tempo", Number(typical=200)),  # hundredths
        ),
    ),
    title="Übungsuhr",
    plural="Übungsuhr",
    labels={
        "state": "Zustand",
        "at": "Übungszeit",
        "since": "Seit",
        "begin": "Beginn",
        "tempo": "Tempo",
    },
    urgency=Urgency.IMMEDIATE,
)
