# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A county for pictures: three staffs in a flood, the same bytes every time, seen from Rheine.

One text holds markup and escape sequences, as somebody might send them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from lage.kinds.model import Query, Where
from lage.kinds.setting import PUSHED
from lage.station import Station
from lage.store import Peer
from lage.store.lives import LIVES, Life
from lage.store.report import REPORT, NodeReport
from lage.write import commands
from mesh.link import FrameClass
from sync.feed.why import Why
from sync.schema.definition import EntityId
from sync.wire.heartbeat import Clock, Heartbeat
from tests.fixtures import START, FixedClock, make_county, share

KST, RHE, GRE = "Krisenstab Steinfurt", "SAE Rheine", "SAE Greven"
HOSTILE = "Lage [red]ruhig[/red] \x1b[31mrot\x1b[0m [bold @click=app.quit]hier[/] \u202eneddos"


BEATS = {
    1: Heartbeat(95, True, 20.0, by_fuel=True, radio_fed=True, clock=Clock.SATELLITES, cable=True),
    2: Heartbeat(80, True, radio_battery=90, radio_temperature=21.0, clock=Clock.AGREES),
    3: Heartbeat(65, False, 6.0, radio_battery=55, radio_temperature=8.0),
}
"""What each node told of itself last."""


class Play:
    """Writes entries at times before 15:30."""

    def __init__(self, stations: Mapping[str, Station], clock: FixedClock) -> None:
        self.stations = stations
        self.clock = clock
        self.late = EntityId(0, 0)  # a message whose Quittung comes from one of two

    def at(self, minutes_before: int) -> None:
        """The clock stands so many minutes before 15:30."""
        self.clock.unix = START - minutes_before * 60

    def write(self, staff: str, kind: str, **typed: str) -> EntityId:
        """One entry as somebody types it."""
        station = self.stations[staff]
        return station.write(commands.enter(kind, typed, station.parse_context()))[0]

    def receipt(self, staff: str, message: EntityId, person: str) -> None:
        """A Quittung."""
        station = self.stations[staff]
        record = station.reader.get(message)
        assert record is not None
        station.write(commands.acknowledge(record, person, station.parse_context(), []))


def play(stations: Mapping[str, Station], clock: FixedClock) -> None:
    """Three hours of a flood, in the order in which they happened."""
    p = Play(stations, clock)
    steps: list[tuple[int, Callable[[], object]]] = [
        (180 - step * 10, partial(p.write, RHE, "reading", gauge="Rheine Unterschleuse",
                                  value=str(470 + step * 7)))
        for step in range(19)
    ]  # fmt: skip
    steps += [
        (180 - step * 10, partial(p.write, GRE, "reading", gauge="Greven", value=str(600 - step)))
        for step in range(12)
    ]
    steps += [(178, partial(_describe, p)), (150, partial(_incidents, p)),
              (140, partial(_orders, p)), (100, partial(_messages, p)), (90, partial(_journal, p)),
              (60, partial(_means, p)), (50, partial(_supplies, p)), (41, partial(_share, p)),
              (40, partial(_report, p)), (5, partial(_request, p))]  # fmt: skip
    for minutes, step in sorted(steps, key=lambda pair: -pair[0]):
        p.at(minutes)
        step()
    p.at(0)
    share(*stations.values())


def _describe(p: Play) -> None:
    p.write(RHE, "gauge", name="Rheine Unterschleuse", water="Ems", info1="480", info2="580",
            info3="700", mhw="560", point="52.2890, 7.4350", interval="10")  # fmt: skip


def _incidents(p: Play) -> None:
    p.write(RHE, "incident", type="Überflutung", text="Keller unter Wasser, Pumpen laufen",
            place="Mesum, Alte Bahnhofstraße", point="52.2400, 7.4800", priority="hoch",
            affected="35")  # fmt: skip
    p.write(GRE, "incident", type="Deichschaden", text="Sickerwasser am Deichfuß",
            place="Gimbte", point="52.0800, 7.6700", priority="kritisch")  # fmt: skip


def _orders(p: Play) -> None:
    p.write(KST, "message", to=RHE, priority="sofort",
            text="Sandsäcke für Gimbte bereitstellen, Abholung 17 Uhr", sign="Mey")  # fmt: skip
    p.write(KST, "message", to="alle", text="Lagebesprechung um 16:00 Uhr über Funk")


def _messages(p: Play) -> None:
    p.late = p.write(RHE, "message", to=f"{KST}, {GRE}", priority="sofort",
                     text="Stromausfall in Rheine rechts der Ems, Ursache unbekannt")  # fmt: skip
    p.write(GRE, "message", to=RHE, text=HOSTILE)


def _journal(p: Play) -> None:
    p.write(RHE, "journal", text="Stab vollzählig, Notstrom läuft", sign="Kro")
    p.write(RHE, "journal", text="Anruf Stadtwerke: Umspannwerk überflutet", way="Telefon",
            sender="Stadtwerke", action="Westnetz verständigt", sign="Kro")  # fmt: skip
    p.write(KST, "task", to=RHE, text="2000 Sandsäcke nach Gimbte bringen", due="in 30 min",
            place="Gimbte")  # fmt: skip


def _means(p: Play) -> None:
    p.write(RHE, "supply", item="Sandsäcke", place="Rheine", unit="Stück", minimum="3000")
    p.write(RHE, "stock_movement", item="Sandsäcke", place="Rheine", amount="2500")
    p.write(RHE, "stock_movement", item="Diesel (l)", place="Rheine", amount="800")
    p.write(RHE, "helper", skills="Sandsäcke füllen, Küche", place="Rheine", count="12")
    p.write(RHE, "unit", name="THW Rheine 1", organisation="THW", strength="1/2/15",
            place="Mesum", point="52.2410, 7.4830", status="im Einsatz")  # fmt: skip


def _supplies(p: Play) -> None:
    for town, service, state in (
        ("Rheine", "Strom", "ausgefallen"), ("Rheine", "Mobilfunk", "eingeschränkt"),
        ("Greven", "Strom", "in Betrieb"), ("Greven", "Wasser", "eingeschränkt"),
    ):  # fmt: skip
        p.write(RHE, "supply_state", municipality=town, service=service, state=state)
    p.write(RHE, "shelter", name="Kopernikus-Gymnasium", municipality="Rheine", capacity="200",
            occupied="64", point="52.2840, 7.4500")  # fmt: skip
    p.write(GRE, "area", type="überflutet", name="Emsaue",
            outline="52.10, 7.62; 52.12, 7.66; 52.09, 7.68; 52.07, 7.64")  # fmt: skip


def _share(p: Play) -> None:
    share(*p.stations.values())


def _report(p: Play) -> None:
    p.receipt(GRE, p.late, "Berger")
    p.write(RHE, "report", to=KST, general="Ems steigt, Keller in Mesum laufen voll",
            measures="Pumpen im Einsatz", weather="Regen lässt nach")  # fmt: skip


def _request(p: Play) -> None:
    p.write(KST, "request", item="Aggregate 50 kVA", amount="2", place="Klinikum Rheine", to=RHE)


def build(folder: Path, *, exercise: bool = False) -> None:
    """Write the county; ``folder/2`` is Rheine's."""
    clock = FixedClock()
    stations = make_county(folder, [KST, RHE, GRE], clock=clock, exercise=exercise)
    play(stations, clock)
    rheine = stations[RHE]
    heard = int(START) - 240
    log = rheine.store.log
    heads = {author: log.head(author) for author in log.authors()}
    rheine.store.local.save_peers(
        [Peer(1, heard, 6.5, 0), Peer(3, heard - 600, -4.0, 1)],
        {1: heads, 3: {**heads, 2: heads[2] - 8}},
    )
    rheine.keep(PUSHED, heads[2] - 1)
    rheine.keep(LIVES, {member: Life(beat.pages(), heard) for member, beat in BEATS.items()})
    for station in stations.values():
        station.close()


def connect_radio(folder: Path, name: str = "RHE1") -> None:
    """A node reports that its radio is connected, now."""
    station = Station.open(folder)
    report = NodeReport(
        reported=time.time(), stopped=False, connected=True, address="serial:ttyACM0", name=name,
        firmware="2.7.12", preset="MediumFast", region="EU_868", channel_utilisation=7.0,
        airtime_hour_ms=41_000, airtime_limit_ms=360_000,
        queue={FrameClass.FLASH: 0, FrameClass.ROUTINE: 3}, packets_sent=48, packets_heard=131,
        rejected={Why.MAC: 2},
    )  # fmt: skip
    station.keep(REPORT, report)
    station.close()


def blitz(folder: Path, text: str = "Deichbruch bei Gimbte, sofort räumen") -> None:
    """Greven sends a Blitz to Rheine, and Rheine's log receives it."""
    clock = FixedClock()
    stations = {
        name: Station.open(folder / number, clock=clock)
        for name, number in ((RHE, "2"), (GRE, "3"))
    }
    Play(stations, clock).write(GRE, "message", to=RHE, priority="blitz", text=text)
    share(*stations.values())
    for station in stations.values():
        station.close()


def entries(folder: Path, kind: str, *where: Where) -> int:
    """How many entries of a kind a log holds."""
    station = Station.open(folder)
    count = station.reader.count(Query(kind, where))
    station.close()
    return count
