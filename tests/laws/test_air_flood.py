# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Flooding on any graph: never further than the hop limit, once per radio, routers always."""

from __future__ import annotations

from collections import Counter
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from mesh.air.ether import Role
from mesh.airtime import PRESETS, Preset, time_on_air_us
from tests.unit.mesh.air import GOOD_DB, RecordedEther, air, packet

NODES = 9
STEADY = settings(max_examples=60, derandomize=True, deadline=None)

edges = st.sets(
    st.tuples(st.integers(1, NODES), st.integers(1, NODES)).filter(lambda pair: pair[0] < pair[1]),
    min_size=NODES,
)


def distances(links: set[tuple[int, int]], start: int) -> dict[int, int]:
    """Hops from ``start`` on the graph."""
    known, frontier = {start: 0}, [start]
    while frontier:
        frontier = [
            b if a == node else a
            for node in frontier
            for a, b in links
            if node in (a, b) and (b if a == node else a) not in known
        ]
        step = max(known.values()) + 1
        known.update(dict.fromkeys(frontier, step))
    return known


def flooded(links: set[tuple[int, int]], hops: int, seed: int, routers: set[int]) -> RecordedEther:
    """One broadcast by the lowest radio of the graph and the time for all relays."""
    roles: dict[str, Any] = {f"r{num}": {"role": Role.ROUTER} for num in routers}
    ether = air(dict.fromkeys(links, GOOD_DB), seed=seed, **roles)
    ether.radios[min(ether.radios)].submit(packet(1, 40, hop_limit=hops), 0)
    ether.advance(600_000)
    return ether


@STEADY
@given(edges, st.integers(0, 7), st.integers(0, 99), st.sets(st.integers(2, NODES)))
def test_flooding(links: set[tuple[int, int]], hops: int, seed: int, routers: set[int]) -> None:
    """Within hop limit + 1, one transmission per radio, one delivery per radio, routers relay."""
    ether = flooded(links, hops, seed, routers)
    start = min(ether.radios)
    reach = distances(links, start)
    sent = Counter(ether.senders(1))

    assert max(sent.values()) == 1
    for num, radio in ether.radios.items():
        received = radio.take_received()
        if num == start:
            assert received == []
            continue
        assert len(received) <= 1
        if received:
            assert reach[num] <= hops + 1
            assert received[0].hops >= reach[num] - 1
            if radio.config.role is Role.ROUTER and received[0].hop_limit > 0:
                assert sent[num] == 1
        else:
            assert sent[num] == 0


@STEADY
@given(st.sampled_from(list(PRESETS.values())), st.integers(16, 254))
def test_longer_never_costs_less(preset: Preset, length: int) -> None:
    """Time on air grows with length and is a whole number of quarter symbols."""
    assert time_on_air_us(preset, length) <= time_on_air_us(preset, length + 1)
    assert time_on_air_us(preset, length) * 4 % preset.symbol_us == 0


@STEADY
@given(edges, st.integers(0, 2**64))
def test_replay(links: set[tuple[int, int]], seed: int) -> None:
    """A seed gives the same transmissions at the same milliseconds."""
    runs = [flooded(links, 3, seed, set()).log for _ in range(2)]

    assert [(e.at, e.radio) for e in runs[0]] == [(e.at, e.radio) for e in runs[1]]
