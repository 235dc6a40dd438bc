# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What others are told: cards and sheets, outages that only people can carry out, the clock. Pure.

Every text begins and ends with the mark of an exercise.
"""

from __future__ import annotations

from lage.exercise.direction import events as e
from lage.exercise.direction.conductor import Conductor
from lage.exercise.direction.inserted import FROM, MINUTE, TEXT, TO, WAY
from lage.exercise.direction.setting_up import Plan
from lage.exercise.direction.state import State
from lage.exercise.script import model as m
from lage.kinds.cards.exercise_clock import OVER, REAL_TEMPO, RUNS, STANDS
from lage.language.epoch import from_unix
from lage.views.exercise_clock import ToldClock

MARK = "ÜBUNG ÜBUNG ÜBUNG"
_ASKED = {
    m.Broken.MAINS: "das Stromnetz fällt aus: bitte Netzstecker von Rechner und Licht ziehen.",
    m.Broken.RADIO: "Ihr Funkgerät fällt aus: bitte vom Rechner trennen und ausschalten.",
    m.Broken.RELAY: "das Relais fällt aus: bitte dort ausschalten.",
    m.Broken.LAPTOP: "Ihr Rechner fällt aus: bitte Lage beenden und auf Papier weiterarbeiten.",
    m.Broken.BROKER: "der Vermittler fällt aus: bitte die Verbindung dorthin trennen.",
}
_MENDED = "{} geht wieder: bitte einschalten und verbinden."


def marked(text: str) -> str:
    """Between two marks."""
    return f"{MARK}\n{text}\n{MARK}"


def outage_card(event: e.Cut | e.Mended, conductor: Conductor, plan: Plan) -> dict[str, str] | None:
    """The card by which a staff with people is told that something fails or works again; None
    where it is cut from here, or nobody is there."""
    what = next((one for one in m.Broken if one.value == event.what), None)
    cut = {m.Broken.RADIO, m.Broken.RELAY} if plan.simulated else set()
    if what is None or what in cut or (plan.alone and what is m.Broken.LAPTOP):
        return None
    direction = conductor.script.direction
    staffs = [name for name in conductor.people if event.name in ("", name)]
    if what is m.Broken.RELAY:
        staffs = [direction]  # a staff that is asked would know why it hears nobody any more
    if not staffs:
        return None
    words = _ASKED[what] if isinstance(event, e.Cut) else _MENDED.format(what.value)
    named = f"{event.name}: " if what is m.Broken.RELAY and event.name else ""
    text = f"{named}{words}"
    return {
        MINUTE: f"{conductor.state.clock.passed_ms / 60_000:.4f}",
        FROM: direction,
        TO: ", ".join(staffs),
        WAY: m.Way.PHONE.value,
        TEXT: f"Übungsleitung: {text}",
    }


def clock(state: State, begin: int) -> ToldClock:
    """How the clock goes, for staffs at other computers; ``begin``: log time of X+00."""
    line = state.clock
    word = OVER if state.ended else RUNS if line.running else STANDS
    at = begin + line.passed_ms // 1000  # they count whole seconds
    since = from_unix(line.wall_ms / 1000) if line.running else at  # it stands since whenever
    return ToldClock(word, at, since, begin, round(line.tempo * REAL_TEMPO))
