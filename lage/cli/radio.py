# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""``lage funk``: find radios, look at the attached one, simulate some."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from hardware.ports import SerialPort, find_ports
from hardware.protobuf import ProfileError
from hardware.radio_profile import BEGIN_EDIT, COMMIT_EDIT, RadioProfile
from lage.cli.common import (
    Group,
    as_json,
    folder_of,
    json_option,
    note,
    open_station,
    print_table,
    say,
)
from lage.cli.traffic import entries_in, record
from lage.language.errors import RadioError, UsageError
from lage.language.hardware import (
    PORTS,
    address_sentence,
    port_words,
    profile_sentence,
)
from lage.language.radio import trouble_sentence
from lage.language.settings import difference_words
from lage.store import keys
from mesh.link import RadioState
from mesh.radio.setting_up import Outcome, SettingUp, Step
from mesh.radio.supervisor import AddressError, MeshtasticLink, parse_address

POLL_S = 0.1

radio = Group("funk", help="Funkgeräte suchen, ansehen, simulieren.")
radio.add_command(record)


@radio.command("suchen")
@json_option
def find(machine: bool) -> None:
    """Serielle Anschlüsse auflisten und was daran steckt."""
    ports = find_ports()
    if machine:
        as_json(
            [
                {
                    "anschluss": port.device,
                    "art": PORTS[port.kind],
                    "name": port.name,
                    "usb": _usb(port),
                    "adresse": port.address,
                }
                for port in ports
            ]
        )
        return
    print_table(
        ("Anschluss", "Was", "USB", "Adresse für --radio"),
        [[p.device, port_words(p), _usb(p) or "-", p.address] for p in ports],
    )
    if not ports:
        say("(kein serieller Anschluss gefunden: Kabel und Treiber prüfen)")


def _usb(port: SerialPort) -> str | None:
    if port.vendor is None or port.product is None:
        return None
    return f"{port.vendor:04x}:{port.product:04x}"


@radio.command("status")
@click.option("--radio", "address", help="Dieses Gerät direkt fragen, z. B. serial:/dev/ttyUSB0.")
@click.option("--warten", default=20.0, show_default=True, help="Höchstens so viele Sekunden.")
@json_option
@click.pass_context
def show(ctx: click.Context, address: str | None, warten: float, machine: bool) -> None:
    """Das angeschlossene Funkgerät zeigen."""
    if address:
        _ask(address, warten, machine=machine)
        return
    from dataclasses import asdict

    with open_station(ctx) as station:
        view = station.radio()
        if machine:
            as_json(asdict(view))
            return
        say(f"Funk: {view.headline} {view.address}".rstrip())
        if view.reason:
            say(f"  {view.reason}")
        if view.notice:
            say(f"  Meldung des Geräts: {view.notice}")
        for label, value in (
            ("Name", view.name),
            ("Firmware", view.firmware),
            ("Region", view.region),
            ("Einstellung", view.preset),
        ):
            say(f"  {label}: {value or 'unbekannt'}")
        used = view.airtime_hour_ms / 1000
        say(f"  Sendezeit letzte Stunde: {used:.1f} s von {view.airtime_limit_ms / 1000:.0f} s")


def _ask(address: str, wait_s: float, *, machine: bool) -> None:
    from dataclasses import asdict

    with _connected(address, wait_s) as link:
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


class _Watched(MeshtasticLink):
    """A link that remembers what its radio last said of itself."""

    state: RadioState | None = None

    def note(self) -> None:
        """Fetch the events and keep the newest state."""
        for event in self.take_events():
            if isinstance(event, RadioState):
                self.state = event


@contextmanager
def _connected(address: str, wait_s: float) -> Iterator[_Watched]:
    """A connected link, closed at the end. Raises RadioError, UsageError."""
    try:
        link = _Watched(parse_address(address))
    except AddressError as error:
        raise UsageError(address_sentence(error)) from error
    link.start()
    try:
        _wait_connected(link, address, wait_s)
        yield link
    finally:
        link.stop()


def _wait_connected(link: _Watched, address: str, wait_s: float) -> None:
    until = time.monotonic() + wait_s
    link.note()
    while link.state is None or not link.state.connected:
        if time.monotonic() > until:
            known = link.state.reason if link.state else None
            reason = trouble_sentence(known) if known else "keine Antwort"
            raise RadioError(f"Das Funkgerät {address} ist nicht erreichbar: {reason}")
        time.sleep(0.1)
        link.note()


@radio.command("einrichten")
@click.option("--radio", "address", required=True, help="z. B. serial:/dev/ttyUSB0.")
@click.option("--preset", default="LONG_FAST", show_default=True, help="Funkeinstellung.")
@click.option("--probe", is_flag=True, help="Nur zeigen, was geändert würde.")
@click.option("--warten", default=120.0, show_default=True, help="Höchstens so viele Sekunden.")
@click.pass_context
def set_up(ctx: click.Context, address: str, preset: str, probe: bool, warten: float) -> None:
    """Das Funkgerät auf Kanal, Schlüssel und Einstellung des Kreises bringen."""
    network = keys.load_network(folder_of(ctx))
    try:
        key = _channel_key(ctx, network)
        profile = RadioProfile(network.channel_name, key, preset.upper())
    except ProfileError as error:
        raise UsageError(profile_sentence(error)) from error
    with _connected(address, warten) as link:
        differences = profile.differences(link.sections())
        for difference in differences:
            say(f"  {difference_words(difference)}")
        if not differences:
            say("Das Funkgerät ist schon richtig eingestellt.")
            return
        if probe:
            return
        note("Wird eingestellt; das Funkgerät startet dabei neu …")
        _settle(link, profile, warten)
    say("Das Funkgerät ist eingerichtet.")


def _settle(link: _Watched, profile: RadioProfile, wait_s: float) -> None:
    """Tell the radio one setting after the other until all are as wanted. Raises RadioError."""

    def plan(sections: Mapping[str, bytes]) -> list[Step]:
        return [Step(c.section, c.message, c.question) for c in profile.changes(sections)]

    work = SettingUp(plan, BEGIN_EDIT, COMMIT_EDIT)
    until = time.monotonic() + wait_s
    while work.outcome is None:
        link.note()
        connected = link.state is not None and link.state.connected
        now = int(time.monotonic() * 1000)
        for order in work.advance(now, link.sections(), connected=connected):
            if isinstance(order, bytes):
                link.configure([order])
            else:
                link.reread()
        if time.monotonic() > until:
            break
        time.sleep(POLL_S)
    if work.outcome is not Outcome.RIGHT:
        raise RadioError(
            "Das Funkgerät hat die Einstellungen nicht übernommen: bitte ab- und wieder anstecken"
            " und den Befehl wiederholen."
        )


def _channel_key(ctx: click.Context, network: keys.Network) -> bytes:
    """The channel key in force: that of the last change of keys, if this node has it."""
    from lage.county.rekey import Keyring
    from lage.kinds.setting import KEY_EPOCH

    with open_station(ctx) as station:
        if network.author is None:
            if station.roster.keys:
                raise UsageError(
                    "Die Schlüssel des Kreises wurden gewechselt: bitte diesen Befehl im Ordner"
                    " eines Knotens ausführen."
                )
            return network.channel_key
        seal = keys.load_node(station.folder).seal
        ring = Keyring(network, seal, station.setting(KEY_EPOCH))
        plan = ring.plan(station.roster, station.now(), convinced=False)
    return plan.held[plan.epoch].channel


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
    "--protokoll",
    type=click.Path(path_type=Path),
    help="Das erste Gerät hört, was „lage funk protokoll --nach“ geschrieben hat.",
)
@click.option("--bericht", type=click.Path(dir_okay=False), help="Statistik laufend als JSON.")
@json_option
def simulate(
    knoten: int,
    port: int,
    preset: str,
    verlust: float,
    tempo: float,
    seed: int,
    pty: bool,
    fabrikneu: bool,
    protokoll: Path | None,
    bericht: str | None,
    machine: bool,
) -> None:
    """Virtuelle Meshtastic-Funkgeräte an TCP-Ports anbieten, bis Strg+C."""
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
