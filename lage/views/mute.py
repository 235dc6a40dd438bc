# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""When a radio that passes on nothing must do so again: one alarm, with what mends it. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from lage.views.alarm import Alarm, Sort, Weight
from lage.views.network import NodeRow, RadioRow, RadioView

FAR = "relais"
"""What the alarm is about that all beyond the relays are silent."""

AGAIN = (
    "bitte dieses Gerät wieder weiterleiten lassen, „lage funk einrichten --weiterleiten ja“ (am"
    " Bildschirm: Netz, e, w)"
)


def mute_alarm(
    radio: RadioView,
    nodes: Collection[NodeRow],
    relays: Collection[RadioRow],
    unheard: Collection[Alarm],
) -> Iterator[Alarm]:
    """``unheard``: the alarms about who is silent. A radio that relays has nothing to mend."""
    if radio.relays or not radio.connected:
        return
    if radio.unrelayed:
        why = "sendet", "Was von hier gesendet wird, gibt niemand mehr weiter"
    elif radio.few_relays:
        why = "wenige", "Hier leitet höchstens noch ein Funkgerät weiter, wo es sonst mehrere waren"
    elif _silent(nodes, relays, unheard):
        why = "schweigt", "Ein Relais schweigt, und das eigene Funkgerät leitet nicht weiter"
    else:
        return
    about, text = why
    yield Alarm(Sort.RADIO, Weight.SOON, f"{text}: {AGAIN}", about=("stumm", about))


def _silent(
    nodes: Collection[NodeRow], relays: Collection[RadioRow], unheard: Collection[Alarm]
) -> bool:
    """Whether one that relays for others is silent, and was in reach."""
    near: set[str | int] = {FAR, *(relay.id for relay in relays if not relay.hops)}
    near |= {node.member for node in nodes if node.role == "technik" and not node.hops}
    return any(alarm.sort is Sort.UNHEARD and alarm.about[0] in near for alarm in unheard)
