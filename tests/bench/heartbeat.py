# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What it costs that every node tells how long it lasts: bytes and share of a county's day on air.

Every transmission is looked at, relayed ones as well: a frame of its own counts whole, pages in
other frames by what the frame would take less without them. Mains fail for all in the third hour,
batteries and fuel run down, radios warm and cool.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from mesh.airtime import PRESETS, time_on_air_ms
from mesh.firmware import Frame as AirFrame
from sync.wire.frames import HINT_SIZE, HINTS_HEAD, Beat, PacketError, Runs, Seal
from sync.wire.heartbeat import Clock, Heartbeat, pages_among
from sync.wire.packet import decode
from tests.bench import county as air
from tests.bench import workload
from tests.simulation.county import HOUR_MS, TOWERS, County, Plan, Staff

CUT_MS = 3 * HOUR_MS


class BeatingCounty(County):
    """A county whose nodes know how they are, and an ear for what telling it takes."""

    def __init__(self, positions: Sequence[tuple[float, float]], plan: Plan, **named: Any) -> None:
        self.bytes = self.spent_ms = self.alone = self.pages = 0
        self._lives = [random.Random(f"{plan.seed} life {n}") for n in range(len(positions))]
        self._begin = [(life.randint(40, 100), life.randint(4, 12)) for life in self._lives]
        self._fuel = [life.choice((0, 0, 12, 30, 72)) for life in self._lives]
        super().__init__(positions, plan, **named)
        self._seal = Seal(self.keys.network_id, self.keys.network_key)
        self._transmit = self.ether.transmit
        self.ether.transmit = self._listen  # type: ignore[method-assign]

    def _turn(self, staff: Staff, now: int) -> None:
        if staff.engine is not None:
            staff.engine.feels(self._state(staff.number - 1, now), now)
        super()._turn(staff, now)

    def _state(self, node: int, now: int) -> Heartbeat:
        charge, lasts = self._begin[node]
        dark = max(0, now - CUT_MS) / HOUR_MS
        fuel = self._fuel[node]
        warm = 15.0 + 8 * (now // HOUR_MS % 12 < 6)
        radio = max(5, 95 - int(now / HOUR_MS * 2))
        if not dark or fuel:
            left = max(0.0, fuel - dark) if fuel else None
            beat = Heartbeat(charge, True, left, by_fuel=bool(fuel))
        else:
            percent = max(0, charge - int(100 * dark / lasts))
            beat = Heartbeat(percent, False, percent * lasts / 100)
        return replace(beat, radio_battery=radio, radio_temperature=warm, clock=Clock.AGREES)

    def _listen(self, num: int, frame: AirFrame, now: int) -> None:
        self._transmit(num, frame, now)
        if frame.urgency is None or not frame.payload:
            return
        try:
            content = decode(frame.payload, self._seal)
        except PacketError:
            return
        if isinstance(content, Beat):
            self._count(len(frame.payload), frame.airtime_ms)
            self.alone += num == content.sender
        elif isinstance(content, Runs) and (pages := pages_among(content.hints)):
            size = HINT_SIZE * len(pages)
            size += HINTS_HEAD * (len(pages) == len(content.hints))
            preset = PRESETS[self.plan.preset]
            without = time_on_air_ms(preset, frame.length - size)
            self._count(size, frame.airtime_ms - without)
            self.pages += num == content.runs[0].author

    def _count(self, size: int, spent_ms: int) -> None:
        self.bytes += size
        self.spent_ms += spent_ms


def heartbeat(
    seed: int,
    *,
    hours: float | None,
    nodes: int = 25,
    count: int = 200,
    places: Sequence[tuple[float, float]] = (),
) -> dict[str, Any]:
    """Figures of a day: as busy as the workload is, or its lines spread over so many hours."""
    plan = Plan(seed)
    made = BeatingCounty(
        places or air.positions(nodes, seed),
        plan,
        towers=[air.metres(place) for place in TOWERS.values()],
    )
    lines = list(workload.lines(None, seed, count, nodes))
    if hours is not None:
        slower = hours * 3600 / lines[-1].at_s
        lines = [replace(line, at_s=int(line.at_s * slower)) for line in lines]
    air.run_day(made, lines, air.PATIENCE_MS)
    spent = made.airtime()
    ours = spent["flood"] + spent["repair"] + spent["control"]
    return {
        "hours": round(made.now / HOUR_MS, 1),
        "complete_share": made.complete_share(),
        "bytes_on_air": made.bytes,
        "bytes_sent_per_node_and_hour": round(
            (made.alone * 13 + made.pages * HINT_SIZE) / nodes / (made.now / HOUR_MS), 1
        ),
        "frames_of_their_own": made.alone,
        "pages_in_other_frames": made.pages,
        "airtime_s": round(made.spent_ms / 1000, 1),
        "share_of_our_air": round(made.spent_ms / ours, 4),
        "share_of_all_air": round(made.spent_ms / (ours + spent["background"]), 4),
    }
