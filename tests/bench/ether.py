# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a day on the simulated air costs, and what the air itself does in it.

``measure()`` runs 25 town radios and three hill-top routers through 24 hours with 2000 broadcasts
of 20..231 bytes and the radios' own telemetry. Everything but ``cpu_s`` follows from the seed.
"""

from __future__ import annotations

import json
import random
import time
from dataclasses import replace

from mesh.air.ether import Ether, EtherConfig, RadioConfig, Role
from mesh.airtime import LONG_FAST, PRESETS
from mesh.link import Packet

DAY_MS = 86_400_000
SIDE_M = 42_000
TOWERS = ((12_000.0, 30_000.0), (31_000.0, 27_000.0), (22_000.0, 12_000.0))


def county(seed: int, nodes: int, preset: str = LONG_FAST.name) -> Ether:
    """``nodes`` roof-top radios spread evenly over a square county, and three towers."""
    rng = random.Random(seed)
    ether = Ether(rng, EtherConfig(preset=PRESETS[preset]))
    chatter = RadioConfig(1, node_info_ms=10_800_000, telemetry_ms=1_800_000)
    for num in range(1, nodes + 1):
        position = (rng.uniform(0, SIDE_M), rng.uniform(0, SIDE_M))
        ether.add_radio(replace(chatter, num=num, position=position))
    for index, position in enumerate(TOWERS):
        tower = replace(chatter, num=nodes + 1 + index, position=position, role=Role.ROUTER)
        ether.add_radio(replace(tower, antenna_height_m=80.0))
    return ether


def measure(
    seed: int = 1, nodes: int = 25, packets: int = 2000, preset: str = LONG_FAST.name
) -> dict[str, object]:
    """Run the day; times in seconds, shares 0..1."""
    started = time.process_time()
    ether = county(seed, nodes, preset)
    rng = random.Random(seed + 1)
    moments = sorted(rng.randrange(DAY_MS) for _ in range(packets))
    heard = 0
    sent = 0
    for packet_id, now in enumerate(moments, start=1):
        ether.advance(now)
        packet = Packet(rng.randbytes(rng.randint(20, 231)), packet_id)
        status = ether.radios[rng.randint(1, nodes)].submit(packet, now)
        sent += status.refusal.value == 0
        heard += _drain(ether, nodes)
    ether.advance(DAY_MS + 600_000)
    heard += _drain(ether, nodes)
    radios = ether.radios.values()
    return {
        "nodes": nodes,
        "preset": preset,
        "packets": sent,
        "cpu_s": round(time.process_time() - started, 2),
        "transmissions": ether.transmissions,
        "transmissions_per_packet": round(ether.transmissions / sent, 2),
        "delivered_share": round(heard / (sent * (nodes - 1)), 4),
        "collided_share": round(
            sum(r.airtime.rx_bad for r in radios)
            / max(1, sum(r.airtime.rx_good + r.airtime.rx_bad for r in radios)),
            4,
        ),
        "max_duty_cycle": round(max(r.ledger.peak_ms for r in radios) / 3_600_000, 4),
        "airtime_s": round(sum(ether.airtime_ms.values()) / 1000),
        "background_s": round(ether.airtime_ms[None] / 1000),
    }


def _drain(ether: Ether, nodes: int) -> int:
    return sum(
        item.port == 256
        for num in range(1, nodes + 1)
        for item in ether.radios[num].take_received()
    )


if __name__ == "__main__":
    print(json.dumps(measure(), indent=2))
