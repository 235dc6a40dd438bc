# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Alarms about what carries the entries: staffs not heard, this computer's battery, airtime. Pure.

Who may be heard is judged only while a radio is connected: without one nobody is, and the radio's
own state says why.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lage.language.plain import plain
from lage.language.tactical import age, clock
from lage.views.alarm import Alarm, Sort, Weight
from lage.views.network import NodeRow, RadioRow, RadioView

UNHEARD_S = 140 * 60
"""A neighbour announces what it has at least every 64 minutes; two of these may be lost."""

UNHEARD_FAR_S = 6 * 3600
"""From afar only entries are heard, and a quiet staff writes none for hours."""

RELAY_S = 7 * 3600
"""A radio without a node tells its name every three hours; two of these may be lost."""

RELAYING = frozenset({"ROUTER", "ROUTER_LATE", "ROUTER_CLIENT", "REPEATER", "CLIENT_BASE"})
"""Roles of Meshtastic's radios that stand at a place for others."""

BATTERY_LOW, BATTERY_EMPTY = 20, 10  # percent
AIRTIME_LEFT = 10  # percent of the hour's


@dataclass(frozen=True, slots=True)
class Around:
    """What a staff's alarms need beside the log."""

    radio: RadioView
    nodes: Sequence[NodeRow]
    relays: Sequence[RadioRow] = ()  # radios of no staff
    battery: int | None = None  # percent; None is not known
    on_mains: bool | None = None


def around_alarms(around: Around, now: int) -> Iterator[Alarm]:
    """What is wrong around the log."""
    unheard = list(_unheard(around, now))
    yield from unheard
    nobody = any(alarm.about[0] == "alle" for alarm in unheard)
    for trouble in around.radio.troubles:
        if not (nobody and trouble == around.radio.silence):
            same = "".join(sign for sign in trouble if not sign.isdigit())  # minutes pass
            yield Alarm(Sort.RADIO, Weight.SOON, trouble, about=(same[:60],))
    for relay in around.relays:
        yield from _relay(relay, around.radio, now)
    battery = around.battery
    if battery is not None and battery <= BATTERY_LOW and not around.on_mains:
        weight = Weight.SOON if battery <= BATTERY_EMPTY else Weight.OPEN
        text = f"Akku dieses Rechners bei {battery} %: Strom anschließen"
        yield Alarm(Sort.BATTERY, weight, text, about=(weight.name,))
    radio = around.radio
    if radio.connected and radio.airtime_free_ms * 100 < radio.airtime_limit_ms * AIRTIME_LEFT:
        used, limit = radio.airtime_hour_ms // 1000, radio.airtime_limit_ms // 1000
        text = f"Sendezeit fast aufgebraucht: {used} von {limit} s dieser Stunde"
        waits = f", {radio.unsent} Einträge warten" if radio.unsent > 1 else ""
        yield Alarm(Sort.AIRTIME, Weight.OPEN, text + waits)


def _unheard(around: Around, now: int) -> Iterator[Alarm]:
    known = [node for node in around.nodes if node.active and node.heard is not None]
    silent = [node for node in known if _is_silent(node, now)]
    if not around.radio.connected or not silent:
        return
    last = max(node.heard or 0 for node in silent)
    if len(silent) == len(known) > 1:
        text = f"Seit {clock(last, now)} ist niemand zu hören: Antenne und Standort prüfen"
        yield Alarm(Sort.UNHEARD, Weight.SOON, text, about=("alle", last), since=last)
        return
    far = [node for node in known if node.hops]
    if len(far) > 1 and all(node in silent for node in far):
        names = ", ".join(plain(node.name) for node in far)
        text = f"Relais schweigt seit {clock(last, now)}: nicht mehr zu hören sind {names}"
        yield Alarm(Sort.UNHEARD, Weight.SOON, text, about=("relais", last), since=last)
        silent = [node for node in silent if node not in far]
    for node in silent:
        heard = node.heard or 0
        what = "Relais" if node.role == "technik" else "Stelle"
        text = f"{what} {plain(node.name)} seit {age(heard, now)} nicht gehört"
        yield Alarm(Sort.UNHEARD, Weight.OPEN, text, about=(node.member, heard), since=heard)


def _relay(relay: RadioRow, radio: RadioView, now: int) -> Iterator[Alarm]:
    """Radios that are there for others; one in somebody's pocket may come and go."""
    if relay.role not in RELAYING:
        return
    heard = relay.heard or 0
    if radio.connected and now - heard > RELAY_S:
        text = f"Relais {relay.name} seit {age(heard, now)} nicht gehört"
        yield Alarm(Sort.UNHEARD, Weight.SOON, text, about=(relay.id, heard), since=heard)
    battery = relay.battery_percent
    if battery is not None and battery <= BATTERY_LOW and not relay.on_mains:
        text = f"Akku des Relais {relay.name} bei {battery} %"
        yield Alarm(Sort.BATTERY, Weight.OPEN, text, about=(relay.id,))


def _is_silent(node: NodeRow, now: int) -> bool:
    return now - (node.heard or 0) > (UNHEARD_FAR_S if node.hops else UNHEARD_S)
