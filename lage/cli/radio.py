# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""``lage funk``: find radios, look at the attached one, simulate some."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import click

from lage.cli.common import (
    Group,
    as_json,
    folder_of,
    json_option,
    open_station,
    say,
    say_wrapped,
)
from lage.cli.radio_link import connected
from lage.language.radio import trouble_sentence
from lage.store import keys

radio = Group(
    "funk",
    help="Funkgeräte suchen, prüfen, einrichten, erproben, simulieren.",
    lazy={
        "suchen": ("lage.cli.radio_search:find", "Wo ein Funkgerät steckt und antwortet."),
        "test": ("lage.cli.range_test:test", "Verlust, Signal und Umlaufzeit messen."),
        "protokoll": ("lage.cli.traffic:record", "Zeigen, was hin und her ging."),
        "pruefen": ("lage.cli.radio_setting:check", "Sagen, was falsch eingestellt ist."),
        "einrichten": ("lage.cli.radio_setting:set_up", "Auf den Kreis einrichten."),
        "zuruecksetzen": ("lage.cli.radio_setting:undo", "Das letzte Einrichten zurücknehmen."),
    },
)


@radio.command("status")
@click.option("--radio", "address", help="Dieses Gerät direkt fragen, z. B. serial:/dev/ttyUSB0.")
@click.option("--warten", default=20.0, show_default=True, help="Höchstens so viele Sekunden.")
@json_option
@click.pass_context
def show(ctx: click.Context, address: str | None, warten: float, machine: bool) -> None:
    """Das angeschlossene Funkgerät zeigen; endet mit 1, wenn daran etwas nicht stimmt."""
    if address:
        _ask(address, warten, machine=machine)
        return
    from dataclasses import asdict

    with open_station(ctx) as station:
        view, own = station.radio(), station.network().own
        if machine:
            tells = None if own is None else asdict(own)
            as_json(asdict(view) | {"troubles": view.troubles, "tells": tells})
            ctx.exit(1 if view.troubles else 0)
        say(f"Funk: {view.headline} {view.address}".rstrip())
        for sentence in view.troubles or filter(None, (view.reason,)):
            say_wrapped(f"  {sentence}", 2)
        if view.firmware_doubt:
            say_wrapped(f"  {view.firmware_doubt}", 2)
        if view.notice:
            say(f"  Meldung des Geräts: {view.notice}")
        for label, value in (
            ("Name", view.name),
            ("Firmware", view.firmware),
            ("Region", view.region),
            ("Einstellung", view.preset),
            ("Uhr", view.clock),
            ("meldet", own.says if own else None),
        ):
            say(f"  {label}: {value or 'unbekannt'}")
        used = view.airtime_hour_ms / 1000
        say(f"  Sendezeit letzte Stunde: {used:.1f} s von {view.airtime_limit_ms / 1000:.0f} s")
        ctx.exit(1 if view.troubles else 0)


def _ask(address: str, wait_s: float, *, machine: bool) -> None:
    from dataclasses import asdict

    with connected(address, wait_s) as link:
        state = link.state
    assert state is not None
    mute = None if state.mute is None else trouble_sentence(state.mute)
    if machine:
        as_json({**asdict(state), "reason": None, "mute": mute})
        return
    if mute:
        say(mute)
    for label, value in (
        ("Nummer", None if state.number is None else f"!{state.number:08x}"),
        ("Name", state.name),
        ("Gerät", state.hardware),
        ("Firmware", state.firmware),
        ("Region", state.region),
        ("Einstellung", state.preset),
    ):
        say(f"{label}: {value or 'unbekannt'}")


@radio.command("simulieren")
@click.option("--knoten", default=3, show_default=True, help="Wie viele Funkgeräte.")
@click.option("--port", default=4403, show_default=True, help="Erster TCP-Port; 0: freie wählen.")
@click.option("--preset", default="LONG_FAST", show_default=True, help="Funkeinstellung.")
@click.option(
    "--verlust", default=0.0, show_default=True, help="Anteil verlorener Pakete, 0 bis 1."
)
@click.option("--tempo", default=1.0, show_default=True, help="Zeitraffer der Luft.")
@click.option("--seed", default=1, show_default=True, help="Startwert des Zufalls.")
@click.option("--pty", is_flag=True, help="Auch als serielle Geräte (nicht unter Windows).")
@click.option("--fabrikneu", is_flag=True, help="Ohne gesetzte Region: sie senden noch nicht.")
@click.option(
    "--eingerichtet", is_flag=True, help="Schon auf den Kreis dieses Ordners eingerichtet."
)
@click.option(
    "--protokoll",
    type=click.Path(path_type=Path),
    help="Das erste Gerät hört, was „lage funk protokoll --nach“ geschrieben hat.",
)
@click.option("--bericht", type=click.Path(dir_okay=False), help="Statistik laufend als JSON.")
@json_option
@click.pass_context
def simulate(
    ctx: click.Context,
    knoten: int,
    port: int,
    preset: str,
    verlust: float,
    tempo: float,
    seed: int,
    pty: bool,
    fabrikneu: bool,
    protokoll: Path | None,
    eingerichtet: bool,
    bericht: str | None,
    machine: bool,
) -> None:
    """Virtuelle Meshtastic-Funkgeräte an TCP-Ports anbieten, bis Strg+C."""
    from lage.cli.traffic import entries_in
    from lage.exercise.air import build, serve

    played = list(entries_in(protokoll)) if protokoll else []
    names = [f"Funkgerät {place}" for place in range(1, knoten + 1)]
    server = build(
        names,
        first_port=port,
        preset=preset.upper(),
        loss=verlust,
        speed=tempo,
        seed=seed,
        pty=pty,
        factory_new=fabrikneu,
        network=keys.load_network(folder_of(ctx)) if eingerichtet else None,
    )

    def announce(statistics: dict[str, Any]) -> None:
        if machine:
            as_json(statistics)
        else:
            for item in statistics["radios"]:
                device = f", serial:{item['device']}" if item["device"] else ""
                say(f"{item['name']}  {item['id']}  tcp:127.0.0.1:{item['port']}{device}")
            say("Beenden mit Strg+C.")

    try:
        asyncio.run(serve(server, Path(bericht) if bericht else None, announce, played))
    except KeyboardInterrupt:
        say("Beendet.")
