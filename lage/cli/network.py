# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""``lage netz``: who is there by which way and for how long; the ways beside the radio."""

from __future__ import annotations

import os
from pathlib import Path

import click

from lage.bearers.broker.address import parse_broker, read_authority
from lage.bearers.lan.address import EVERYWHERE, parse_address
from lage.cli.common import Group, as_json, json_option, note, open_station, say, say_wrapped
from lage.cli.network_text import network_json, say_network, ways_json
from lage.kinds.setting import LAN
from lage.language.errors import NotFound, NothingChanged, UsageError
from lage.store.broker_login import broker_login, keep_broker
from lage.views.on_the_way import on_the_way
from lage.write.fuel import fuel_hours

network = Group("netz", help="Wer da ist, wie lange noch, über welchen Weg.")


@network.command("zeigen")
@json_option
@click.pass_context
def show(ctx: click.Context, machine: bool) -> None:
    """Wer wann über welchen Weg da war und wie lange noch; was wem fehlt, was hängt und warum."""
    with open_station(ctx) as station:
        view, waiting = station.network(), on_the_way(station.context())
        ways, setting = view.ways, station.setting(LAN)
        addresses = [str(each) for each in setting.get("addresses", [])]
        directory = station.directory
        used = bool(setting.get("listen") or addresses or broker_login(station.folder)[0])
        if machine:
            as_json(
                {
                    "wege": ways_json(view.radio.preset),
                    "eingeschaltet": used,
                    "knoten_laeuft": ways is not None,
                    "horcht_auf": ways.listening if ways else "",
                    "adressen": addresses,
                    "vermittler": broker_login(station.folder)[0],
                    "verbunden": [
                        {"stelle": directory.name(member), "ueber": where}
                        for member, where in (ways.reached if ways else {}).items()
                    ],
                    "hinweise": list(ways.troubles) if ways else [],
                    **network_json(view, waiting),
                }
            )
            return
        say_network(view, waiting, station.now())
        if not used:
            say("Das örtliche Netz ist ausgeschaltet: „lage netz einschalten“.")
            return
        if ways is None:
            say("Der Knoten läuft nicht: „lage start“ oder „lage knoten starten“.")
            return
        if ways.listening:
            say(f"Andere erreichen diesen Knoten auf {ways.listening}.")
        for member, where in ways.reached.items():
            say(f"  verbunden: {directory.name(member)} über {where}")
        if not ways.reached:
            say("  verbunden: niemand")
        for sentence in ways.troubles:
            say_wrapped(f"  ! {sentence}", 4)


@network.command("einschalten")
@click.option(
    "--auf", "listen", default="", help=f"Adresse, auf der zu horchen ist ({EVERYWHERE})."
)
@click.option("--suchen/--nicht-suchen", "find", default=True, help="Andere im Netz suchen.")
@click.pass_context
def switch_on(ctx: click.Context, listen: str, find: bool) -> None:
    """Auf andere Knoten horchen und sie im selben Netz suchen; gilt auch nach einem Neustart."""
    with open_station(ctx) as station:
        address = str(parse_address(listen)) if listen else EVERYWHERE
        setting = station.setting(LAN)
        station.keep(LAN, {**setting, "listen": address, "find": find})
        say(f"Eingeschaltet auf {address}; ein laufender Knoten beginnt in wenigen Sekunden.")


@network.command("ausschalten")
@click.pass_context
def switch_off(ctx: click.Context) -> None:
    """Nicht mehr horchen und niemanden mehr anwählen."""
    with open_station(ctx) as station:
        station.keep(LAN, {})
        say("Ausgeschaltet; die Adressen sind vergessen.")


@network.command("verbinden")
@click.argument("adresse")
@click.pass_context
def connect(ctx: click.Context, adresse: str) -> None:
    """Einen Knoten unter dieser Adresse anwählen, jetzt und wann immer die Verbindung abreißt."""
    with open_station(ctx) as station:
        address, setting = str(parse_address(adresse)), station.setting(LAN)
        addresses = list(setting.get("addresses", []))
        if address in addresses:
            raise NothingChanged(f"{address} wird schon angewählt.")
        listen = setting.get("listen") or EVERYWHERE
        find = setting.get("find", True)
        station.keep(LAN, {"listen": listen, "find": find, "addresses": [*addresses, address]})
        say(f"{address} wird angewählt; „lage netz zeigen“ sagt, ob es gelingt.")


@network.command("trennen")
@click.argument("adresse")
@click.pass_context
def disconnect(ctx: click.Context, adresse: str) -> None:
    """Einen Knoten nicht mehr anwählen."""
    with open_station(ctx) as station:
        address, setting = str(parse_address(adresse)), station.setting(LAN)
        addresses = [each for each in setting.get("addresses", []) if each != address]
        if len(addresses) == len(setting.get("addresses", [])):
            raise NotFound(f"{address} wird nicht angewählt: siehe „lage netz zeigen --json“.")
        station.keep(LAN, {**setting, "addresses": addresses})
        say(f"{address} wird nicht mehr angewählt.")


@network.command("vermittler")
@click.argument("adresse")
@click.option(
    "--zertifikat",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Zertifikat der Stelle, die für ihn bürgt (PEM), z. B. der Kreis selbst.",
)
@click.pass_context
def broker(ctx: click.Context, adresse: str, zertifikat: Path | None) -> None:
    """Über einen MQTT-Vermittler austauschen, solange es einen gibt; „aus“ beendet es.

    Etwa mqtt://stab.kreis.lan oder mqtts://rheine@vermittler.example:8883. Das Kennwort wird
    erfragt oder steht in LAGE_VERMITTLER_KENNWORT. Der Vermittler kann nichts lesen.
    """
    with open_station(ctx) as station:
        if adresse.strip().lower() == "aus":
            keep_broker(station.folder, "", "")
            say("Der Vermittler ist vergessen.")
            return
        address = parse_broker(adresse)
        if zertifikat and not address.secure:
            raise UsageError("Ein Zertifikat gilt nur mit TLS: bitte mqtts:// angeben.")
        authority = read_authority(zertifikat) if zertifikat else ""
        password = _password() if address.user else ""
        keep_broker(station.folder, str(address), password, authority)
        say(f"Vermittler: {address}; ein laufender Knoten beginnt in wenigen Sekunden.")
        if not address.secure:
            note("Unverschlüsselt: wer mithört, sieht, wer wann sendet (lesen kann er es nicht).")


@network.command("kraftstoff")
@click.argument("stunden")
@json_option
@click.pass_context
def fuel(ctx: click.Context, stunden: str, machine: bool) -> None:
    """Für wie viele Stunden der Kraftstoff des Aggregats reicht; „aus“: kein Aggregat.

    Die anderen sehen es; die Stunden laufen von da an ab.
    """
    with open_station(ctx) as station:
        hours = fuel_hours(stunden)
        station.enter_fuel(hours)
        if machine:
            as_json({"kraftstoff_stunden": hours})
        elif hours is None:
            say("Kein Aggregat: die anderen sehen den Akku dieses Rechners.")
        else:
            said = f"{hours:g}".replace(".", ",")
            say(f"Kraftstoff für {said} h ab jetzt; die anderen sehen es.")


def _password() -> str:
    stated = os.environ.get("LAGE_VERMITTLER_KENNWORT")
    if stated is not None:
        return stated
    return str(click.prompt("Kennwort beim Vermittler", hide_input=True, default="", err=True))
