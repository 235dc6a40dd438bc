# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The network view as text and as JSON: who is there by which way, how long, what is stuck."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lage.bearers.terms import BROKER, CABLE, COURIER, radio_terms
from lage.cli.common import print_table, say, say_wrapped, utc
from lage.language.plain import plain
from lage.language.tactical import age
from lage.views.hearing import ONLY_HERE, Pair, hearing_lines
from lage.views.lasting import Lasting
from lage.views.network import NetworkView, NodeRow, RadioRow, way
from lage.views.on_the_way import OnTheWay
from mesh.airtime import PRESETS


def network_json(view: NetworkView, waiting: Sequence[OnTheWay]) -> dict[str, Any]:
    """All of it but the ways beside the radio."""
    radio = view.radio
    return {
        "funk": {
            "zustand": radio.headline,
            "adresse": radio.address,
            "sendezeit_ms": radio.airtime_hour_ms,
            "sendezeit_grenze_ms": radio.airtime_limit_ms,
            "kanal_belegt_prozent": radio.channel_utilisation,
            "warteschlange": dict(radio.queue),
            "nicht_gesendet": radio.unsent,
        },
        "hier": None if view.me is None else _lasting(view.me),
        "stellen": [
            {
                "stelle": node.name,
                "kuerzel": node.code,
                "aktiv": node.active,
                "zuletzt": None if node.last is None else utc(node.last),
                "weg": node.lasting.way or None,
                "relais_dazwischen": node.hops,
                "signal_db": node.snr_db,
                "dort_unbestaetigt": node.behind,
                "hier_fehlen": node.ahead,
                **_lasting(node.lasting),
            }
            for node in view.nodes
        ],
        "funkgeraete_ohne_stelle": [
            {
                "name": relay.name,
                "nummer": relay.id,
                "zuletzt": None if relay.heard is None else utc(relay.heard),
                "relais_dazwischen": relay.hops,
                "signal_db": relay.snr_db,
                "akku_prozent": relay.battery_percent,
                "netzstrom": relay.on_mains,
                "noch_stunden": relay.hours,
                "messwerte": dict(relay.measured),
            }
            for relay in view.relays
        ],
        "wer_hoert_wen": _hearing_json(view.hearing),
        "haengt": list(view.stuck),
        "unterwegs": [
            {
                "eintrag": item.title,
                "text": item.text,
                "zeit": utc(item.time),
                "empfangen": item.reached,
                "von": item.total,
                "noch_nicht": list(item.missing),
            }
            for item in waiting
        ],
    }


def _hearing_json(found: Sequence[Pair]) -> dict[str, Any]:
    return {
        "hinweis": ONLY_HERE,
        "paare": [
            {
                "hoerer": pair.hearer,
                "gehoert": pair.heard,
                "weg": pair.way,
                "zuletzt": utc(pair.at),
                "signal_db": pair.snr_db,
                "woher": pair.source,
                "hier": pair.here,
            }
            for pair in found
        ],
    }


def ways_json(preset: str | None) -> list[dict[str, Any]]:
    """On what terms each way carries, the cheapest first: so is decided what goes where."""
    radio = radio_terms(PRESETS.get(preset or "", PRESETS["LONG_FAST"]))
    return [
        {
            "weg": name,
            "traegt": terms.carries.value,
            "an_alle": terms.to_all,
            "bit_je_s": terms.bits_per_second,
            "kosten": terms.cost,
        }
        for name, terms in (
            ("Netz", CABLE),
            ("Vermittler", BROKER),
            ("Kurier", COURIER),
            ("Funk", radio),
        )
    ]


def _lasting(found: Lasting) -> dict[str, Any]:
    return {
        "gemeldet": None if found.told is None else utc(found.told),
        "akku_prozent": found.battery,
        "netzstrom": found.on_mains,
        "noch_stunden": None if found.hours is None else round(found.hours, 1),
        "aus_kraftstoff": found.by_fuel,
        "funkgeraet_akku_prozent": found.radio_battery,
        "sonst": found.also,
    }


def say_network(view: NetworkView, waiting: Sequence[OnTheWay], now: int) -> None:
    """The same for people."""
    radio = view.radio
    used, limit = radio.airtime_hour_ms / 1000, radio.airtime_limit_ms / 1000
    say(f"Funk: {radio.headline}; Sendezeit letzte Stunde {used:.0f} s von {limit:.0f} s.")
    if view.me is not None and view.me.says:
        say_wrapped(f"Diese Stelle: {view.me.says}", 2)
    if view.nodes:
        rows = [_row(node, now) for node in view.nodes]
        print_table(("Stelle", "zuletzt", "über", "hält noch", "unbestätigt", "hier fehlen"), rows)
    for node in view.nodes:
        if node.lasting.says:
            say_wrapped(f"{node.code}: {node.lasting.says}", 2)
    for relay in view.relays:
        say_wrapped(relay_words(relay, now), 2)
    for line in hearing_lines(view.hearing, now):
        say_wrapped(line, 2)
    for sentence in view.stuck:
        say_wrapped(f"! {sentence}", 2)
    for item in waiting:
        missing = ", ".join(item.missing)
        about = f"{item.title}: {item.text}"
        say_wrapped(f"{about} (empfangen bei {item.reached} von {item.total}; fehlt: {missing})", 2)


def _row(node: NodeRow, now: int) -> list[str]:
    behind = "unbekannt" if node.behind is None else str(node.behind or "nichts")
    return [
        node.name,
        "noch nie" if node.last is None else age(node.last, now),
        node.by,
        node.lasting.brief,
        behind if node.active else "widerrufen",
        str(node.ahead or "nichts"),
    ]


def relay_words(relay: RadioRow, now: int) -> str:
    """One line about a radio without a staff."""
    ago = "-" if relay.heard is None else age(relay.heard, now)
    says = f", {relay.says}" if relay.says else ""
    return plain(f"Relais {relay.name} {relay.id}: vor {ago}, {way(relay.hops)}{says}")
