# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""``lage funk``: find radios, look at the attached one, simulate some."""

from __future__ import annotations

import click

from lage.cli.common import (
    Group,
    as_json,
    json_option,
    open_station,
    say,
    say_wrapped,
)
from lage.cli.radio_link import connected
from lage.language.radio import trouble_sentence

radio = Group(
    "funk",
    help="Funkgeräte suchen, prüfen, einrichten, erproben, simulieren.",
    lazy={
        "suchen": ("lage.cli.radio_search:find", "Wo ein Funkgerät steckt und antwortet."),
        "test": ("lage.cli.range_test:test", "Verlust, Signal und Umlaufzeit messen."),
        "protokoll": ("lage.cli.traffic:record", "Zeigen, was hin und her ging."),
        "pruefen": ("lage.cli.radio_setting:check", "Sagen, was falsch eingestellt ist."),
        "plan": ("lage.cli.relay_plan:show", "Welche Funkgeräte weiterleiten müssen."),
        "einrichten": ("lage.cli.radio_setting:set_up", "Auf den Kreis einrichten."),
        "simulieren": ("lage.cli.simulating:simulate", "Virtuelle Funkgeräte anbieten."),
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
        _ask(ctx, address, warten, machine=machine)
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


def _ask(ctx: click.Context, address: str, wait_s: float, *, machine: bool) -> None:
    from dataclasses import asdict

    with connected(address, wait_s) as link:
        state = link.state
    assert state is not None
    mute = None if state.mute is None else trouble_sentence(state.mute)
    if machine:
        as_json({**asdict(state), "reason": None, "mute": mute})
        ctx.exit(1 if mute else 0)
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
    ctx.exit(1 if mute else 0)
