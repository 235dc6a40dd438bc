# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who is gone, and how long the others last: last heard by which way, power, hours left. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lage.language.epoch import from_unix
from lage.store.lives import Life, Way
from sync.wire.heartbeat import Clock, Heartbeat

UNHEARD_S = 140 * 60
"""A neighbour announces what it has at least every 64 minutes; two of these may be lost."""

UNHEARD_FAR_S = 8 * 3600
"""From afar entries are heard, and from who writes none how it is, every six to seven hours."""

UNREACHED_S = 30 * 60
"""Over a cable or a broker a node says how it is every few minutes."""

HABIT_MAX_S = 24 * 3600
HABIT = 1.5
"""A silence that is longer by that than the longest lately, save one, is not its habit."""

_WAYS = {Way.RADIO: "Funk", Way.CABLE: "Kabel", Way.BROKER: "Vermittler"}
_CLOCKS = {
    Clock.ALONE: "",
    Clock.AGREES: "Uhr wie die des Funkgeräts",
    Clock.SATELLITES: "Uhr nach GPS",
    Clock.APART: "Uhr weicht von der des Funkgeräts ab",
}


def hours_words(hours: float | None) -> str:
    """``noch etwa 3 h``; empty where it is not known."""
    if hours is None:
        return ""
    if hours < 0.25:
        return "wohl am Ende"
    if hours < 1:
        return f"noch etwa {round(hours * 4) * 15} min"
    if hours < 72:
        return f"noch etwa {round(hours)} h"
    return f"noch etwa {round(hours / 24)} Tage"


@dataclass(frozen=True, slots=True)
class Lasting:
    """A node that may be gone: when and how it was last there, and how long it lasts."""

    last: int | None = None  # log time, by whichever way
    way: str = ""  # that way; empty: never there
    told: int | None = None  # log time of what follows; None: it has said nothing
    battery: int | None = None  # percent
    on_mains: bool | None = None
    hours: float | None = None  # from now on
    by_fuel: bool = False
    radio_battery: int | None = None
    also: str = ""  # radio, clock and other ways, in words
    habit_s: int = UNHEARD_S  # a longer silence is not its habit

    @property
    def power(self) -> str:
        """What feeds it and how long, in words; empty where it has not said."""
        battery = "" if self.battery is None else f"Akku {self.battery} %"
        left = hours_words(self.hours)
        if self.by_fuel:
            left = f"Kraftstoff {left}"
        mains = "Netzstrom" if self.on_mains else "kein Netzstrom"
        source = "" if self.by_fuel or self.on_mains is None else mains
        return ", ".join(filter(None, (source, battery, left)))

    @property
    def brief(self) -> str:
        """How long, in a few cells."""
        if self.hours is not None:
            if self.hours < 1:
                return "< 1 h"
            days = round(self.hours / 24)
            return f"ca. {round(self.hours)} h" if self.hours < 72 else f"ca. {days} T"
        if self.on_mains:
            return "Netz"
        return "-" if self.battery is None else f"{self.battery} %"

    @property
    def says(self) -> str:
        """All that it told, in words."""
        return ", ".join(filter(None, (self.power, self.also)))


NEVER = Lasting()
"""Of whom nothing is known."""


def lasting(life: Life | None, heard: int | None, hops: int | None, now_unix: float) -> Lasting:
    """Of another node; ``heard`` by radio (unix seconds), over so many relays."""
    life = life or Life()
    radio = life.way is Way.RADIO or (heard or 0) > life.there
    at = max(heard or 0, life.there)
    far = UNHEARD_FAR_S if hops else UNHEARD_S
    beat = life.beat
    found = Lasting(
        from_unix(at) if at else None,
        (_WAYS[Way.RADIO] if radio else _WAYS[life.way]) if at else "",
        habit_s=_habit(life.gaps, far if radio else UNREACHED_S),
    )
    return found if beat is None else _with_beat(found, beat, life.told, now_unix)


def _with_beat(found: Lasting, beat: Heartbeat, told: int, now_unix: float) -> Lasting:
    since_h = max(0.0, now_unix - told) / 3600
    return Lasting(
        found.last,
        found.way,
        from_unix(told),
        beat.battery,
        beat.on_mains,
        None if beat.hours is None else max(0.0, beat.hours - since_h),
        beat.by_fuel,
        None if beat.radio_fed else beat.radio_battery,
        _also(beat),
        found.habit_s,
    )


def _also(beat: Heartbeat) -> str:
    radio = "" if beat.radio_battery is None else f"Akku {beat.radio_battery} %"
    radio = "am Strom" if beat.radio_fed else radio
    warm = "" if beat.radio_temperature is None else f"um {beat.radio_temperature:.0f} Grad"
    told = " ".join(filter(None, (radio, warm)))
    ways = [name for name, used in (("Kabel", beat.cable), ("Vermittler", beat.broker)) if used]
    return ", ".join(
        filter(
            None,
            (
                f"Funkgerät {told}" if told else "",
                _CLOCKS[beat.clock],
                f"auch über {' und '.join(ways)}" if ways else "",
            ),
        )
    )


def _habit(gaps: Sequence[int], least: int) -> int:
    """How long it may be silent; a single long absence is none."""
    if len(gaps) < 4:
        return least
    return max(least, min(HABIT_MAX_S, int(HABIT * sorted(gaps)[-2])))
