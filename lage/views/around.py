# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Alarms about what carries the entries: staffs not heard, this computer's battery, airtime. Pure.

Who may be heard is judged only while a radio is connected: without one nobody is, and the radio's
own state says why.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lage.kinds.outside import NOTHING_WAITS, Waiting
from lage.language.plain import plain
from lage.language.tactical import age, clock
from lage.views.alarm import Alarm, Answer, Sort, Weight
from lage.views.lasting import UNHEARD_FAR_S, hours_words
from lage.views.mute import FAR, NO_RELAY, mute_alarm
from lage.views.network import MUTE, RELAYING, NodeRow, RadioRow, RadioView
from lage.views.withdrawn import Withdrawal

TOLD_S = 12 * 3600
"""What was told longer ago says nothing of now."""
FUEL_LOW_H = 3.0

RELAY_S = 7 * 3600
"""A radio without a node tells its name every three hours; two of these may be lost."""

BATTERY_LOW, BATTERY_EMPTY = 20, 10  # percent
AIRTIME_LEFT = 10  # percent of the hour's
NARROW = "engpass"


@dataclass(frozen=True, slots=True)
class Around:
    """What a staff's alarms need beside the log."""

    radio: RadioView
    nodes: Sequence[NodeRow]
    relays: Sequence[RadioRow] = ()  # radios of no staff
    battery: int | None = None  # percent; None is not known
    on_mains: bool | None = None
    outside: Waiting = NOTHING_WAITS  # what people outside sent
    withdrawn: tuple[Withdrawal, ...] = ()  # helpers who were sent somewhere and do not come
    tempo: float = 1.0  # so fast an exercise hurries while its radios keep real time


def around_alarms(around: Around, now: int) -> Iterator[Alarm]:
    """What is wrong around the log."""
    yield from _from_outside(around.outside)
    unheard = list(_unheard(around, now))
    yield from unheard
    nobody = any(alarm.about[0] == "alle" for alarm in unheard)
    for trouble in around.radio.troubles:
        if not (nobody and trouble == around.radio.silence):
            same = "".join(sign for sign in trouble if not sign.isdigit())  # minutes pass
            yield Alarm(Sort.RADIO, Weight.SOON, trouble, about=(same[:60],))
    relays = [alarm for relay in around.relays for alarm in _relay(relay, around, now)]
    yield from relays
    yield from mute_alarm(around.radio, around.nodes, around.relays, [*unheard, *relays])
    if around.radio.only_relay:
        yield _bottleneck(around)
    for node in around.nodes:
        if node.active:
            yield from _ending(node, now)
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


def relaying_sentences(around: Around, now: int) -> tuple[str, ...]:
    """What is wrong with who passes on: in full, where a list cuts it, with what mends it."""
    matters = ((Sort.RADIO, NO_RELAY), (Sort.UNHEARD, NARROW))
    return tuple(
        alarm.text
        for alarm in around_alarms(around, now)
        if (alarm.sort, *alarm.about[:1]) in matters
    )


def _from_outside(waiting: Waiting) -> Iterator[Alarm]:
    """Calls to be checked; what cannot be opened, for a call may be among it; letters that stay."""
    count, closed = waiting.calls, waiting.closed
    if count:
        text = (
            "Ein Notruf vom Infopunkt ist" if count == 1 else f"{count} Notrufe vom Infopunkt sind"
        )
        yield Alarm(Sort.CALL, Weight.NOW, f"{text} zu prüfen", since=waiting.since,
                    answer=Answer.DECIDE)  # fmt: skip
    if closed:
        text = "Eine Meldung lässt" if closed == 1 else f"{closed} Meldungen lassen"
        names = ", ".join(map(plain, waiting.sources))
        yield Alarm(Sort.CLOSED, Weight.SOON, f"{text} sich nicht öffnen (von {names})",
                    about=(closed,), since=waiting.closed_since)  # fmt: skip
    for channel, letters, why in waiting.unsent:
        text = "Eine Nachricht geht" if letters == 1 else f"{letters} Nachrichten gehen"
        yield Alarm(
            Sort.POST, Weight.OPEN,
            f"{text} nicht hinaus ({channel}: {plain(why)}): „lage angebot ausgang“ zeigt sie",
            about=(channel, waiting.unsent_since or 0), since=waiting.unsent_since,
        )  # fmt: skip


def _unheard(around: Around, now: int) -> Iterator[Alarm]:
    known = [node for node in around.nodes if node.active and node.last is not None]
    on_air, slower = around.radio.connected, max(1.0, around.tempo)
    silent = [node for node in known if _is_silent(node, now, slower, on_air=on_air)]
    if not silent:
        return
    last = max(node.last or 0 for node in silent)
    by_radio = [node for node in known if node.lasting.way in ("", "Funk")]
    if len(silent) == len(known) > 1 and len(by_radio) == len(known):
        text = f"Seit {clock(last, now)} ist niemand zu hören: Antenne und Standort prüfen"
        yield Alarm(Sort.UNHEARD, Weight.SOON, text, about=("alle", last), since=last)
        return
    far = [node for node in by_radio if node.hops]
    if len(far) > 1 and all(node in silent for node in far):
        names = ", ".join(plain(node.name) for node in far)
        text = f"Relais schweigt seit {clock(last, now)}: nicht mehr zu hören sind {names}"
        yield Alarm(Sort.UNHEARD, Weight.SOON, text, about=(FAR, last), since=last)
        silent = [node for node in silent if node not in far]
    for node in silent:
        heard = node.last or 0
        what = "Relais" if node.role == "technik" else "Stelle"
        by = "" if node in by_radio else f" mehr über {node.lasting.way}"
        text = f"{what} {plain(node.name)} seit {age(heard, now)} nicht{by} gehört"
        yield Alarm(Sort.UNHEARD, Weight.OPEN, text, about=(node.member, heard), since=heard)


def _bottleneck(around: Around) -> Alarm:
    """All that comes from afar passes one radio; only the last byte of its number is on the air."""
    byte = around.radio.only_relay
    named = _ending_in(byte, around)
    one = named[0] if len(named) == 1 else f"Nummer …{byte:02x}"
    which = f"ein einziges Funkgerät ({one})"
    if len(named) > 1:
        names = " und ".join(named)
        which = f"ein einziges Funkgerät oder über solche mit gleichem Ende der Nummer ({names})"
    text = (
        f"Alles von weiter her kommt zuerst über {which}: fällt es aus, kann die Verbindung"
        " abreißen; wenn möglich ein zweites Relais aufstellen"
    )
    return Alarm(Sort.UNHEARD, Weight.NOTICE, text, about=(NARROW, byte))


def _ending_in(byte: int, around: Around) -> list[str]:
    """Who may be meant: of those that pass packets on, those that are heard without a relay."""
    radios = (*around.relays, *(node.radio for node in around.nodes if node.radio is not None))
    found = {
        radio.number: radio
        for radio in radios
        if (radio.number & 0xFF or 0xFF) == byte and radio.role != MUTE
    }  # the firmware writes a number that ends in 00 as ff (NodeDB, getLastByteOfNodeNum)
    direct = [radio for radio in found.values() if radio.hops == 0]
    return sorted(plain(radio.name) for radio in direct or found.values())


def _relay(relay: RadioRow, around: Around, now: int) -> Iterator[Alarm]:
    """Radios that are there for others; one in somebody's pocket may come and go."""
    if relay.role not in RELAYING:
        return
    heard = relay.heard or 0
    if around.radio.connected and now - heard > RELAY_S * max(1.0, around.tempo):
        text = f"Relais {relay.name} seit {age(heard, now)} nicht gehört"
        yield Alarm(Sort.UNHEARD, Weight.SOON, text, about=(relay.id, heard), since=heard)
    if not relay.on_mains:
        yield from _low(
            f"Akku des Relais {relay.name}", relay.battery_percent, relay.hours, relay.id
        )


def _ending(node: NodeRow, now: int) -> Iterator[Alarm]:
    """A staff that told that its power comes to an end, and is not gone yet."""
    found, name = node.lasting, plain(node.name)
    told = found.told
    if told is None or now - told > TOLD_S:
        return
    if found.by_fuel:
        if found.hours is not None and found.hours < FUEL_LOW_H:
            text = f"Kraftstoff von {name} {hours_words(found.hours)}"
            yield Alarm(Sort.BATTERY, Weight.OPEN, text, about=(node.member, "kraftstoff"))
    elif not found.on_mains:
        yield from _low(f"Akku von {name}", found.battery, found.hours, node.member)
    if node.radio is None or not node.radio.on_mains:
        radio = node.radio.battery_percent if node.radio else None
        percent = found.radio_battery if radio is None else radio
        yield from _low(f"Funkgerät von {name}: Akku", percent, None, f"funk {node.member}")


def _low(what: str, percent: int | None, hours: float | None, about: str | int) -> Iterator[Alarm]:
    """A battery that is nearly empty; told again when it gets worse."""
    if percent is None or percent >= BATTERY_LOW:
        return
    weight = Weight.SOON if percent < BATTERY_EMPTY else Weight.OPEN
    left = hours_words(hours)
    text = f"{what} bei {percent} %{', ' if left else ''}{left}"
    yield Alarm(Sort.BATTERY, weight, text, about=(about, weight.name))


def _is_silent(node: NodeRow, now: int, slower: float, *, on_air: bool) -> bool:
    """Longer than its habit, in real time; of whom only the radio could hear, nothing is known
    without one."""
    by_radio = node.lasting.way in ("", "Funk")
    usual = UNHEARD_FAR_S if node.hops and node.lasting.last is None else node.lasting.habit_s
    return (on_air or not by_radio) and now - (node.last or 0) > usual * slower
