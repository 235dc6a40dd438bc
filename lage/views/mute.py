# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""When radios that pass on nothing must do so again: one alarm, with what mends it. Pure.

Its key holds when the matter began, so that who has taken note of one is told of the next.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from lage.language.plain import plain
from lage.views.alarm import Alarm, Sort, Weight
from lage.views.network import MUTE, NodeRow, RadioRow, RadioView

FAR = "relais"
"""What the alarm is about that all beyond the relays are silent."""

NO_RELAY = "stumm"
"""What this alarm is about."""

HOW = "„lage funk einrichten --weiterleiten ja“ (am Bildschirm: Netz, e, w)"
AGAIN = f"bitte dieses Gerät wieder weiterleiten lassen, {HOW}"


def mute_alarm(
    radio: RadioView,
    nodes: Collection[NodeRow],
    relays: Collection[RadioRow],
    unheard: Collection[Alarm],
) -> Iterator[Alarm]:
    """``unheard``: the alarms about who is silent. One whose own packets nobody passes on is helped
    by its neighbours alone, so that goes on until they do, whether it relays itself or not.
    """
    if not radio.connected:
        return
    since = radio.alone_since or None
    about: tuple[str | int, ...]
    neighbours = _mute_neighbours(nodes)
    if radio.unrelayed and (neighbours or not radio.relays):
        who = f" ({', '.join(neighbours)})" if neighbours else ""
        also = "" if radio.relays else " und dieses"
        text = (
            "Was von hier gesendet wird, gibt niemand mehr weiter: bitte Nachbarstellen"
            f" anrufen{who} und deren Geräte{also} wieder weiterleiten lassen, {HOW}"
        )
        about = "sendet", radio.alone_since
    elif radio.relays:
        return
    elif radio.few_relays:
        text = (
            "Von weiter her kommt alles über höchstens noch ein Funkgerät, vorher über mehrere:"
            f" {AGAIN}"
        )
        about = "wenige", radio.alone_since
    else:
        silent = _silent(nodes, relays, unheard)
        if silent is None:
            return
        text = f"Ein Relais schweigt, und das eigene Funkgerät leitet nicht weiter: {AGAIN}"
        about, since = ("schweigt", *silent.about), silent.since
    yield Alarm(Sort.RADIO, Weight.SOON, text, about=(NO_RELAY, *about), since=since)


def _mute_neighbours(nodes: Collection[NodeRow]) -> list[str]:
    """Staffs that are heard without a relay, and whose radio passes on nothing."""
    return [
        plain(node.name)
        for node in nodes
        if node.active and node.hops == 0 and node.radio is not None and node.radio.role == MUTE
    ]


def _silent(
    nodes: Collection[NodeRow], relays: Collection[RadioRow], unheard: Collection[Alarm]
) -> Alarm | None:
    """That one that relays for others is silent, and was in reach."""
    near: set[str | int] = {FAR, *(relay.id for relay in relays if relay.hops == 0)}
    near |= {node.member for node in nodes if node.role == "technik" and node.hops == 0}
    found = (each for each in unheard if each.sort is Sort.UNHEARD and each.about[0] in near)
    return next(found, None)
