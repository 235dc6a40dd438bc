# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What radios tell of themselves reaches status, map, readings and the judgement of the clock."""

from __future__ import annotations

import json
import random
import re
import time
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from lage.kinds.model import Draft, Query
from lage.node.loop import Loop
from lage.station import Station
from lage.store.radios import RADIOS
from lage.store.report import REPORT
from lage.store.timebase import Timebase
from lage.views import scene
from lage.views.clocks import own_clock
from lage.views.nodes import RELAYS_MAX
from lage.write.commands import enter
from maps.draw.signs import Mark
from mesh.link import LinkEvent, Packet, RadioState, Received, Refusal, Sent
from mesh.nodes import Measure, MeshNode, Place
from sync.schema.urgency import Urgency
from tests.fixtures import FixedClock
from tests.unit.lage.conftest import Terminal

OWN, RELAY, TOWN = 0xABCD, 0xA1B2C3D4, 0x77
HERE = Place(52.275, 7.435, 40, gps=True, unix_s=1_000, satellites=8)
RELAYED = MeshNode(
    RELAY, snr_db=4.5, hops=1, name="Relais Dörenthe", short_name="DOER", role="ROUTER",
    hardware="RAK4631", place=Place(52.21, 7.66), battery_percent=34, on_mains=False, voltage=3.6,
    uptime_s=9, channel_utilisation=1.5, air_util_tx=0.5, measured={Measure.TEMPERATURE: 4.25},
)  # fmt: skip


class Wire:
    """A link that reports what a test puts on it."""

    def __init__(self, *events: LinkEvent) -> None:
        self.events: list[LinkEvent] = [
            RadioState(connected=True, address="draht", number=OWN),
            *events,
        ]
        self.sent: list[Packet] = []

    def start(self) -> None:
        """Nothing to start."""

    def stop(self) -> None:
        """Nothing to stop."""

    def send(self, packet: Packet) -> None:
        """Take it."""
        self.sent.append(packet)
        self.events.append(Sent(packet.id, Refusal.NONE))

    def take_events(self) -> list[LinkEvent]:
        """What happened since the last call."""
        events, self.events = self.events, []
        return events


def told(station: Station, *events: LinkEvent) -> Loop:
    """A node that has heard these, and written down what it knows."""
    loop = Loop(station, Wire(*events), random.Random(1))
    loop.turn()
    return loop


def test_a_relay_without_a_laptop_is_seen_everywhere(station: Station, lage: Terminal) -> None:
    """By its name, with signal, battery and temperature, and where it stands on the map."""
    told(station, RELAYED, MeshNode(OWN, battery_percent=100, on_mains=True))
    (relay,) = station.network().relays

    assert (relay.name, relay.power, relay.hops) == ("Relais Dörenthe", "Akku 34 %", 1)
    assert relay.measured == {"Temperatur": "4,2 °C"}
    said = lage("status")
    assert "hier: Netzstrom" in said
    assert "Relais Dörenthe" in said
    assert "Akku 34 %, Temperatur 4,2 °C" in " ".join(said.split())
    (shown,) = lage.json("status")["relays"]
    assert (shown["id"], shown["battery_percent"]) == ("!a1b2c3d4", 34)
    context, network = station.context(), station.network()
    (marker,) = scene.radio_nodes(network, context, ())
    assert (marker.label, marker.mark) == ("Relais Dörenthe", Mark.NONE)
    assert round(marker.position.lat, 2) == 52.21
    later = replace(context, now=context.now + scene.RELAY_S + 60)
    assert scene.radio_nodes(network, later, ())[0].mark is Mark.FAILED


def test_a_radio_belongs_to_the_staff_whose_frames_it_sends(county: list[Station]) -> None:
    """Then it is no relay; the staff stands on the map where its radio says."""
    staff, town, _ = county
    town.write(
        [Draft("message", {"text": "Deich hält", "priority": "sofort"}, urgency=Urgency.IMMEDIATE)]
    )
    loop = Loop(town, wire := Wire(), random.Random(2))
    while not wire.sent:
        loop.turn()
    frames = [Received(p.payload, TOWN, p.id, 6.0, -80, 3, 3) for p in wire.sent]
    told(staff, *frames, MeshNode(TOWN, snr_db=6.0, hops=0, place=HERE, battery_percent=80))
    network = staff.network()

    assert network.relays == ()
    (radio,) = [node.radio for node in network.nodes if node.member == 2]
    assert radio is not None
    assert (radio.number, radio.power, radio.place) == (TOWN, "Akku 80 %", (52.275, 7.435))
    (marker,) = [m for m in scene.radio_nodes(network, staff.context(), ()) if m.label == "RHE"]
    assert round(marker.position.lat, 3) == 52.275
    assert "Akku 80 %" in marker.wording


def test_values_of_a_sensor_become_readings_of_the_gauge_that_names_it(
    county: list[Station], clock: FixedClock
) -> None:
    """One for each interval, at once at an Informationswert; others' gauges and old news are none
    of ours."""
    station, other = county[1], county[2]
    typed = {
        "name": "Brücke", "quantity": "Temperatur", "unit": "°C", "decimals": "1", "info1": "8",
        "station": "!A1B2C3D4", "interval": "30",
    }  # fmt: skip
    station.write(enter("gauge", typed, station.parse_context()))
    typed |= {"name": "Klappe", "quantity": "Sonstige", "unit": "", "station": "!a1b2c3d4 Melder"}
    del typed["info1"], typed["decimals"]
    station.write(enter("gauge", typed, station.parse_context()))
    other.write(enter("gauge", typed, other.parse_context()))

    def heard(value: float, minutes: int, **changes: Any) -> list[int | None]:
        clock.advance(minutes * 60)
        node = replace(RELAYED, measured={Measure.TEMPERATURE: value}, **changes)
        told(station, node)
        rows = station.reader.select(Query("reading", order="entered", descending=False))
        assert {row.text("gauge") for row in rows} <= {"Brücke"}
        return [row.whole("value") for row in rows]

    assert heard(4.25, 0) == [42]
    assert heard(5.0, 10) == [42]
    assert heard(8.1, 1) == [42, 81]
    assert heard(9.0, 31, late=True) == [42, 81]
    assert heard(9.0, 0) == [42, 81, 90]

    def level(kennung: str) -> list[int | None]:
        typed = {"name": f"Ems {kennung}", "unit": "cm", "station": kennung}
        station.write(enter("gauge", typed, station.parse_context()))
        told(station, replace(RELAYED, measured={Measure.DISTANCE: 1310.0}))
        rows = station.reader.select(Query("reading"))
        return [row.whole("value") for row in rows if row.text("gauge") == typed["name"]]

    assert level("!a1b2c3d4 Abstand 512") == [512 - 131]
    assert level("!a1b2c3d4 Abstand") == level("!a1b2c3d4 Abstand hoch") == []

    told(other, replace(RELAYED, measured={Measure.DETECTION: 1.0}))
    (row,) = other.reader.select(Query("reading"))
    assert (row.text("gauge"), row.whole("value"), row.text("source")) == ("Klappe", 1, "Sensor")


def test_satellites_judge_the_clock(station: Station) -> None:
    """Said so, if the radio's clock agrees with a fresh position; an old one is no witness."""
    station.timebase = Timebase()
    for age_s, by in ((60, "das GPS des Funkgeräts sagt"), (7200, "das Funkgerät sagt")):
        now = int(time.time()) + 3600
        place = replace(HERE, unix_s=now - age_s)
        told(station, MeshNode(OWN, place=place, radio_unix_s=now))
        report = station.setting(REPORT)
        assert report is not None
        assert report.radio_ahead_s is not None
        assert abs(report.radio_ahead_s - 3600) < 5
        assert by in own_clock(station.context())
    said = Terminal(station)("funk", "status")
    assert re.search(r"Uhr: ohne GPS, 3[56]\d\d s vor", said)


def test_invented_radios_do_not_fill_a_screen(station: Station) -> None:
    """Whoever has the channel key can say to be many; the last heard are shown, some of them."""
    told(station, *(MeshNode(1_000 + n, snr_db=1.0, hops=0, name=f"Relais {n}") for n in range(40)))
    assert len(station.network().relays) == RELAYS_MAX


def test_the_own_radio_says_how_long_it_lasts(station: Station, lage: Terminal) -> None:
    """In the radio's status, as text and JSON."""
    told(station, MeshNode(OWN, battery_percent=87, measured={Measure.TEMPERATURE: -3.5}))
    assert "meldet: Akku 87 %, Temperatur -3,5 °C" in lage("funk", "status")
    shown = lage.json("funk", "status")
    assert (shown["tells"]["battery_percent"], shown["clock_ahead_s"]) == (87, None)


@settings(max_examples=12)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=7)
            | st.dictionaries(
                st.sampled_from(["number", "place", "measured", "heard", "name", "battery"]), inner
            )
        ),
    )
)
def test_any_kept_value_gives_radios(kept: object) -> None:
    """What another version or damage left is read as far as it can be."""
    assert isinstance(RADIOS.read(kept), tuple)


def test_radios_come_back_as_they_were_kept() -> None:
    """Every field, through JSON."""
    whole = replace(RELAYED, heard=5, measured_unix_s=6, member=2, place=HERE)
    assert RADIOS.read(json.loads(json.dumps(RADIOS.kept((whole,))))) == (whole,)
