# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which radios of a county need to relay, and which may be mute: a plan from where they stand.

A flood costs as many transmissions as there are radios that hand it on. In a county where each
hears ten others, most of them tell nobody anything new. So the plan takes one radio after the other
out of relaying (role CLIENT_MUTE), those with the fewest neighbours first, as long as

* every radio keeps ``each`` relays that it hears and that hear it, so that collisions, losses and
  a failed relay leave it some, or all that it has where it has fewer; and
* the relays that reached each other before still do.

That is a connected k-dominating set, found greedily (F. Dai and J. Wu, "On constructing
k-connected k-dominating set in wireless networks", IPDPS 2005). Who hears whom is reckoned with the
median loss (``mesh.air.propagation``), and ``margin_db`` of it is kept for hills and woods that no
model here knows.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping

from mesh.air.config import RadioConfig
from mesh.air.propagation import Terrain, path_loss_db, sensitivity_dbm
from mesh.airtime import LONG_FAST, Preset
from mesh.firmware import Role

EACH = 4
"""Relays within reach of every radio. With three, urgent entries take longer; a fifth costs a fifth
of the flooding and gains nothing (docs/developer/ether.md)."""
MARGIN_DB = 0.0
CLUTTER_DB = 10.0
"""Feeders, roofs, foliage on every path, as on the simulated air."""


def reach(
    radios: Collection[RadioConfig],
    *,
    preset: Preset = LONG_FAST,
    terrain: Terrain = Terrain.SUBURBAN,
    clutter_db: float = CLUTTER_DB,
    margin_db: float = MARGIN_DB,
) -> dict[int, frozenset[int]]:
    """Whom each radio hears that hears it too, by number; nobody for one without a position."""
    placed = [radio for radio in radios if radio.position is not None]
    weakest = sensitivity_dbm(preset) + margin_db
    found: dict[int, set[int]] = {radio.num: set() for radio in radios}
    for at, one in enumerate(placed):
        for other in placed[at + 1 :]:
            assert one.position is not None
            assert other.position is not None
            loss = clutter_db + path_loss_db(
                math.dist(one.position, other.position),
                one.antenna_height_m,
                other.antenna_height_m,
                terrain,
            )
            if min(one.tx_dbm, other.tx_dbm) - loss >= weakest:
                found[one.num].add(other.num)
                found[other.num].add(one.num)
    return {num: frozenset(heard) for num, heard in found.items()}


def relaying(
    radios: Collection[RadioConfig], within: Mapping[int, frozenset[int]], *, each: int = EACH
) -> frozenset[int]:
    """Numbers of those that relay. Routers always do, and so does who is said to hear nobody.

    ``within``: whom each hears that hears it too, from ``reach`` or from what was measured.
    """
    relays = {radio.num for radio in radios}
    wanted = {num: min(each, len(heard)) for num, heard in within.items()}
    may_rest = [
        radio.num for radio in radios if radio.role is not Role.ROUTER and within[radio.num]
    ]
    for num in sorted(may_rest, key=lambda num: (len(within[num]), num)):
        rest = relays - {num}
        near = within[num]
        if all(
            len(within[other] & rest) >= wanted[other] for other in (*near, num)
        ) and _reach_each_other(near & rest, rest, within):
            relays = rest
    return frozenset(relays)


def _reach_each_other(
    these: Collection[int], relays: Collection[int], within: Mapping[int, frozenset[int]]
) -> bool:
    """Whether all of these relays are joined by relays."""
    missing = set(these)
    todo = [missing.pop()] if missing else []
    seen = set(todo)
    while todo and missing:
        for other in within[todo.pop()]:
            if other in relays and other not in seen:
                seen.add(other)
                missing.discard(other)
                todo.append(other)
    return not missing
