# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A rise that is too fast is an alarm before any level is; so is silence while others rise."""

from __future__ import annotations

from lage.kinds.model import Record
from lage.views.alarm import Alarm, Sort
from lage.views.gauge_alarms import gauge_alarms
from lage.views.gauges import assess
from lage.views.judged import Reading
from lage.views.rise import PAST, UNKNOWN, floor_of, rise_of, rise_rate, usual_limit
from sync.schema.definition import EntityId
from tests.unit.lage.conftest import Terminal

QUARTER = 900


def readings(*values: int, step: int = QUARTER) -> list[Reading]:
    """Oldest first as written, newest first as given back."""
    return [Reading(i * step, v, None, "Sensor", 1) for i, v in enumerate(values)][::-1]


def test_the_rate_is_measured_over_about_an_hour() -> None:
    """Quarter hours against the value 45 minutes ago, hours against the last; glances are none."""
    assert rise_rate(readings(100, 110, 120, 130)) == 40
    assert rise_rate(readings(100, 100, 140, step=3600)) == 40
    assert rise_rate(readings(100, 104, step=300)) is None
    assert rise_rate(readings(100, 200, step=4 * 3600)) is None
    assert rise_rate([]) is None


def test_the_default_is_from_its_own_past() -> None:
    """A lively brook may rise faster than a calm river before it is an alarm; never below 10."""
    calm = readings(*[200 + i % 2 for i in range(200)])
    brook = readings(*[200 + 8 * (i % 8) for i in range(200)])  # up to 32 cm/h, again and again
    assert usual_limit(calm, 10) == (10, PAST)
    assert usual_limit(brook, 10) == (32, PAST)
    assert usual_limit(readings(200, 230), 10) == (20, UNKNOWN)
    crest = readings(*[200] * 200, 205, 210, 215, 220)
    rise = rise_of(crest, None, 10)
    assert rise is not None
    assert (rise.rate, rise.limit, rise.basis) == (20, 10, PAST)
    assert rise_of(crest, 25, 10) is None
    assert rise_of(crest, None, None) is None


def test_one_rise_is_one_alarm() -> None:
    """It begins with the first reading that was too fast and keeps that time while it lasts."""
    first = rise_of(readings(*[200] * 9, 210, 220, 230), 20, 10)
    later = rise_of(readings(*[200] * 9, 210, 220, 230, 240, 250), 20, 10)
    assert first is not None
    assert later is not None
    assert first.since == later.since == 10 * QUARTER


def test_the_floor_is_in_the_unit_of_the_gauge() -> None:
    """Ten centimetres, whatever the gauge counts in; soil moisture has none."""
    assert (floor_of("cm", 0), floor_of("m ü. NN", 2), floor_of("%", 1)) == (10, 10, None)


def _gauge(name: str, *values: int, end: int, water: str = "Ems") -> tuple[Record, list[Record]]:
    master = Record(EntityId(1, 1), "gauge", 1, 0, 0, 0, {"name": name, "water": water})
    rows = [
        Record(EntityId(1, 10 + i), "reading", 1, end - i * QUARTER, 0, 0, {"value": value})
        for i, value in enumerate(reversed(values))
    ]
    return master, rows


def _alarms(silent_s: int, other: str = "Ems") -> list[Alarm]:
    """Greven has been silent for so long; Emsdetten rises 8 cm an hour."""
    now = 10_000_000
    quiet, quiet_rows = _gauge("Greven", 200, 200, 200, end=now - silent_s)
    rising, rising_rows = _gauge("Emsdetten", 200, 202, 204, 206, end=now, water=other)
    views = [
        assess("Greven", quiet, quiet_rows, now),
        assess("Emsdetten", rising, rising_rows, now),
    ]
    return list(gauge_alarms(views, now))


def test_silence_while_a_neighbour_rises_is_told_at_once() -> None:
    """After three usual spacings and an hour, not after six hours; another water says nothing."""
    (alarm,) = _alarms(2 * 3600)
    assert alarm.sort is Sort.SILENT
    assert "schweigt seit" in alarm.text
    assert alarm.since == 10_000_000 - 2 * 3600
    assert "während Emsdetten am selben Gewässer steigt" in alarm.text
    assert _alarms(1800) == []
    assert _alarms(2 * 3600, other="Vechte") == []


def test_a_set_limit_from_entry_to_alarm(lage: Terminal) -> None:
    """The form's limit, in the gauge's decimals; list, status and JSON say it."""
    lage("pegel", "anlegen", "Greven", "--gewaesser", "Ems", "--anstieg", "15")
    lage("pegel", "melden", "Greven", "200", "--zeit", "vor 1 h")
    lage("pegel", "melden", "Greven", "214")
    assert "steigt" not in lage("status")
    lage("pegel", "anlegen", "Greven", "--anstieg", "12")
    assert "Pegel Greven steigt 14 cm/h (gesetzte Grenze 12)" in lage("status")
    assert "normal, steigt 14 cm/h" in lage("pegel", "liste")
    (told,) = lage.json("pegel", "liste")
    assert (told["anstieg"], told["anstieg_grenze"]) == (14, 12)
    lage("pegel", "anlegen", "Greven", "--anstieg", "?")
    assert "steigt" not in lage("status")  # without a past it is 20 cm an hour
    lage("pegel", "melden", "Greven", "240")
    assert "Grenze ohne Verlauf 20" in lage("status")
