# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who is gone, and how long the others last: what is kept, what is said of it, what it alarms."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hardware.power import Power
from lage.kinds.setting import Setting
from lage.language.epoch import from_unix
from lage.language.errors import UsageError
from lage.node.gather import Gatherer
from lage.node.lives import Lives
from lage.station import Station
from lage.store.lives import LIVES, Life, Samples, Way, hours_left, sampled
from lage.store.ways import WaysReport
from lage.views.alarm import Weight
from lage.views.around import Around, around_alarms
from lage.views.lasting import UNHEARD_S, UNREACHED_S, Lasting, hours_words, lasting
from lage.views.network import NodeRow, RadioView
from lage.views.stuck import stuck
from lage.write.fuel import fuel_hours
from mesh.nodes import Measure, MeshNode
from sync.replica.engine import Engine
from sync.wire.heartbeat import Clock, Heartbeat
from sync.wire.statement import read_statement
from tests.fixtures import START, FixedClock, make_county
from tests.unit.lage.conftest import Terminal

UNIX = int(START)
RADIO = RadioView(running=True, connected=True, address="serial:x")
DARK = Heartbeat(40, False, 6.0, radio_battery=55, clock=Clock.AGREES, broker=True)


def test_a_battery_is_told_by_how_it_fell() -> None:
    """From two per cent and a quarter of an hour on; anew where it was fed or has risen."""
    samples: Samples = ()
    for minute in range(0, 121, 10):
        samples = sampled(samples, UNIX + 60 * minute, 80 - minute // 4, fed=False)
    left = hours_left(samples, UNIX + 7200)
    assert left is not None
    assert left == pytest.approx(50 / 15, rel=0.05)
    assert hours_left(samples, UNIX + 7200 + 3600) == pytest.approx(left - 1)
    assert len(samples) <= 12
    assert hours_left(((UNIX, 80), (UNIX + 600, 78)), UNIX) is None
    assert sampled(samples, UNIX + 7300, 60, fed=False) == ((UNIX + 7300, 60),)
    assert sampled(samples, UNIX + 7300, 49, fed=True) == ()


def test_when_by_which_way_and_for_how_long() -> None:
    """The latest way counts; hours run down from when they were said."""
    life = Life(DARK.pages(), UNIX - 7200, Way.CABLE, UNIX - 60)
    found = lasting(life, UNIX - 600, 1, UNIX)
    assert (found.way, found.last) == ("Kabel", from_unix(UNIX - 60))
    assert found.says == (
        "kein Netzstrom, Akku 40 %, noch etwa 4 h, Funkgerät Akku 55 %,"
        " Uhr wie die des Funkgeräts, auch über Vermittler"
    )
    assert found.brief == "ca. 4 h"
    assert lasting(life, UNIX - 30, 1, UNIX).way == "Funk"
    assert lasting(None, None, None, UNIX) == Lasting()
    fuel = Heartbeat(90, True, 20.0, by_fuel=True)
    assert lasting(Life(fuel.pages(), UNIX), UNIX, 0, UNIX).power == (
        "Akku 90 %, Kraftstoff noch etwa 20 h"
    )
    assert [hours_words(h) for h in (0.1, 0.5, 3.2, 100)] == [
        "wohl am Ende", "noch etwa 30 min", "noch etwa 3 h", "noch etwa 4 Tage",
    ]  # fmt: skip


def test_habit_is_what_happens_more_than_once() -> None:
    """A night away is none; who often is silent for three hours may be."""
    gaps = (600, 10_800, 9_000, 700, 40_000)
    assert lasting(Life(gaps=gaps, there=UNIX), None, 0, UNIX).habit_s == 16_200
    assert lasting(Life(gaps=gaps[:3], there=UNIX), None, 0, UNIX).habit_s == UNHEARD_S
    cable = Life(way=Way.CABLE, there=UNIX)
    assert lasting(cable, None, None, UNIX).habit_s == UNREACHED_S


def alarmed(node: NodeRow, radio: RadioView = RADIO) -> list[tuple[str, Weight]]:
    """What is told of one staff."""
    now = from_unix(UNIX)
    others = (node, replace(node, member=9, lasting=Lasting(now, "Funk"), radio=None))
    return [(a.text, a.weight) for a in around_alarms(Around(radio, others), now)]


def test_alarms_of_those_who_come_to_an_end_or_have_gone() -> None:
    """Under 20 and 10 per cent, fuel for less than three hours, silence on a cable."""
    node = NodeRow(3, "SAE Greven", "GRE", "sae", True, None, None, None, 0, 0)

    def told(beat: Heartbeat) -> list[tuple[str, Weight]]:
        known = Life(beat.pages(), UNIX, there=UNIX)
        return alarmed(replace(node, lasting=lasting(known, None, 0, UNIX)))

    assert told(DARK) == []
    assert told(replace(DARK, battery=19)) == [
        ("Akku von SAE Greven bei 15 %, noch etwa 6 h", Weight.OPEN)
    ]
    assert told(replace(DARK, battery=9, hours=1.0)) == [
        ("Akku von SAE Greven bei 5 %, noch etwa 1 h", Weight.SOON)
    ]
    assert told(replace(DARK, battery=9, on_mains=True)) == []
    assert told(replace(DARK, on_mains=True, by_fuel=True, hours=2.0)) == [
        ("Kraftstoff von SAE Greven noch etwa 2 h", Weight.OPEN)
    ]
    assert told(replace(DARK, radio_battery=10)) == [
        ("Funkgerät von SAE Greven: Akku bei 10 %", Weight.OPEN)
    ]
    gone = replace(node, lasting=lasting(Life(way=Way.CABLE, there=UNIX - 3600), None, 0, UNIX))
    assert [text for text, _ in alarmed(gone, replace(RADIO, connected=False))] == [
        "Stelle SAE Greven seit 60 min nicht mehr über Kabel gehört"
    ]


def test_what_is_stuck_is_said_with_its_reason() -> None:
    """Nothing where nothing waits."""
    waits = replace(RADIO, unsent=2, queue={"einfach": 1})
    (text,) = stuck(waits, (), 0)
    assert text == "Noch nicht hinaus: 2 Einträge, 1 Paket; sie sind an der Reihe."
    used_up = replace(waits, airtime_hour_ms=360_000)
    assert "aufgebraucht" in stuck(used_up, (), 0)[0]
    assert "getrennt" in stuck(replace(waits, connected=False), (), 0)[0]
    assert "läuft nicht" in stuck(replace(waits, running=False), (), 0)[0]
    assert stuck(RADIO, (), 0) == ()
    lacks = NodeRow(3, "G", "G", "sae", True, None, None, None, 0, 7)
    assert "bis zu 7 Einträge" in stuck(RADIO, (lacks,), 0)[0]


def test_hours_as_people_type_them() -> None:
    """And what is no number says so."""
    assert [fuel_hours(t) for t in ("20", "7,5 h", "aus", "")] == [20.0, 7.5, None, None]
    for typed in ("viel", "-3", "nan", "1e9"):
        with pytest.raises(UsageError, match="keine Zahl"):
            fuel_hours(typed)


class Told:
    """A reporter that keeps at once."""

    def __init__(self, station: Station) -> None:
        self._station = station
        self.ways = WaysReport(reached={3: "10.0.0.3:7373", 4: "V"}, brokers=("V",))
        self.clock = (2, True)

    def keep(self, setting: Setting[Any], value: object) -> bool:
        """At once."""
        self._station.keep(setting, value)
        return True


def test_a_node_tells_what_its_computer_radio_and_generator_say(tmp_path: Path) -> None:
    """Fuel on mains, the battery's fall without; and how a statement carries it."""
    clock = FixedClock()
    stations = make_county(tmp_path, ["SAE Rheine", "SAE Greven"], clock=clock)
    station = stations["SAE Rheine"]
    station.enter_fuel(20.0)
    station.power = lambda: Power(80, True)
    lives, told = Lives(station, 1), Told(station)
    radio = MeshNode(7, battery_percent=55, measured={Measure.TEMPERATURE: 11.0})
    lives.turn(0, told, (radio,), 7)  # type: ignore[arg-type]
    assert lives.own == Heartbeat(
        80, True, 20.0, True, 55, False, 11.0, Clock.SATELLITES, cable=True, broker=True
    )
    kept = station.setting(LIVES)
    assert (kept[3].way, kept[4].way) == (Way.CABLE, Way.BROKER)
    told.ways = WaysReport(reached={2: "10.0.0.2:7373"})
    lives.turn(1_000, told, (radio,), 7)  # type: ignore[arg-type]
    view = station.network()
    assert view.nodes[0].by == "Kabel"  # at once: it is said to be connected
    assert view.me is not None
    assert view.me.hours == 20.0

    for minute in range(40):
        clock.unix = UNIX + 60 * minute
        station.power = lambda left=80 - minute // 4: Power(left, False)  # type: ignore[misc]
        lives.turn(60_000 * (minute + 1), told, (radio,), 7)  # type: ignore[arg-type]
    assert lives.own.hours == pytest.approx(71 * 4 / 60, rel=0.15)
    assert not lives.own.by_fuel

    keys = station.network_keys
    engine = Engine(
        station.store.log, network_id=keys.network_id, network_key=keys.network_key,
        root_public=keys.root_public, author=1, rng=random.Random(1), now=0,
    )  # fmt: skip
    ours = Gatherer(station, engine, 1, lambda _m, _n: None, lambda: True, lives).state()
    assert read_statement(ours.data, station.roster).pages == lives.own.pages()
    theirs = Lives(stations["SAE Greven"], 2)
    theirs.told(1, ours.pages, UNIX + 10)
    theirs.told(1, Heartbeat(5).pages(), UNIX)  # older: came by a detour
    theirs.turn(0, Told(stations["SAE Greven"]), (), None)  # type: ignore[arg-type]
    beat = stations["SAE Greven"].setting(LIVES)[1].beat
    assert beat is not None
    assert beat.battery == 70


def test_the_network_is_shown_from_one_view(lage: Terminal) -> None:
    """By ``lage netz zeigen``, in words and as JSON; fuel is a command."""
    lage("netz", "kraftstoff", "12,5")
    station = Station.open(lage.folder)
    now = int(station.unix())
    station.keep(LIVES, {1: Life(DARK.pages(), now, Way.CABLE, now)})
    station.close()
    found = lage.json("netz", "zeigen")
    (staff,) = [each for each in found["stellen"] if each["weg"]]
    assert (staff["weg"], staff["akku_prozent"], staff["noch_stunden"]) == ("Kabel", 40, 6.0)
    assert {"funk", "haengt", "unterwegs", "funkgeraete_ohne_stelle", "verbunden"} <= set(found)
    shown = lage("netz", "zeigen")
    assert "kein Netzstrom, Akku 40 %, noch etwa 6 h" in shown
