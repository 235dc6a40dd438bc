# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""``lage funk simulieren``: virtual radios that any Meshtastic client can plug in to."""

from __future__ import annotations

import asyncio
import tempfile
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lage.cli.common import as_json, folder_of, json_option, say
from lage.cli.node import end_with
from lage.language.errors import UsageError, why
from lage.store import keys
from lage.store.timebase import read_timebase

if TYPE_CHECKING:
    from lage.exercise.air import AirPlan

SHAPES = {"kreis": "circle", "kette": "chain", "stern": "star"}
DIRECTORY = click.Path(file_okay=False, path_type=Path)
FILE = click.Path(dir_okay=False, path_type=Path)


@click.command("simulieren")
@click.option("--knoten", default=3, show_default=True, help="Wie viele Funkgeräte.")
@click.option(
    "--form",
    type=click.Choice([*SHAPES]),
    default="kreis",
    show_default=True,
    help="Wer wen hört: alle alle, jedes nur die Nachbarn, alle nur das erste.",
)
@click.option(
    "--orte",
    type=FILE,
    help="Tabelle mit Name, Lage und Höhe (Antenne über Grund): daraus folgt, wer wen hört.",
)
@click.option("--relais", default=0, help="So viele, die letzten, geben immer weiter (ROUTER).")
@click.option("--port", default=4403, show_default=True, help="Erster TCP-Port; 0: freie wählen.")
@click.option(
    "--auf",
    default="127.0.0.1",
    show_default=True,
    help="Adresse; 0.0.0.0: auch für andere Rechner. Wer sie erreicht, kann die Geräte benutzen.",
)
@click.option("--preset", default="LONG_FAST", show_default=True, help="Funkeinstellung.")
@click.option(
    "--verlust", default=0.0, show_default=True, help="Anteil verlorener Pakete, 0 bis 1."
)
@click.option("--tempo", default=1.0, show_default=True, help="Zeitraffer der Luft.")
@click.option("--seed", default=1, show_default=True, help="Startwert des Zufalls.")
@click.option(
    "--firmware",
    type=click.Choice(["2.7", "2.8"]),
    default="2.7",
    show_default=True,
    help="Welche Firmware nachgeahmt wird.",
)
@click.option(
    "--bauart",
    type=click.Choice(["esp32", "esp32s3", "nativ"]),
    default="esp32s3",
    show_default=True,
    help="Hardware: altes ESP32 (merkt 8 Pakete), ESP32-S3 und nRF52 (32), unter Linux mit "
    "simuliertem LoRa (100; sendet auch ohne Region, stört niemanden).",
)
@click.option("--pty", is_flag=True, help="Auch als serielle Geräte (nicht unter Windows).")
@click.option("--fabrikneu", is_flag=True, help="Ohne gesetzte Region: sie senden noch nicht.")
@click.option(
    "--eingerichtet", is_flag=True, help="Schon auf den Kreis dieses Ordners eingerichtet."
)
@click.option(
    "--ordner", type=DIRECTORY, help="Hier bleiben die Einstellungen der Geräte erhalten."
)
@click.option(
    "--protokoll",
    type=click.Path(path_type=Path),
    help="Das erste Gerät hört, was „lage funk protokoll --nach“ geschrieben hat.",
)
@click.option("--bericht", type=FILE, help="Statistik laufend als JSON.")
@click.option("--uhr", is_flag=True, hidden=True, help="Nach der Übungsuhr dieses Ordners.")
@click.option("--getrennt", type=FILE, hidden=True, help="Welche Geräte niemand hört.")
@click.option("--mit", type=int, hidden=True, help="Endet mit diesem Prozess.")
@json_option
@click.pass_context
def simulate(
    ctx: click.Context,
    /,
    knoten: int,
    orte: Path | None,
    pty: bool,
    eingerichtet: bool,
    ordner: Path | None,
    protokoll: Path | None,
    bericht: Path | None,
    uhr: bool,
    getrennt: Path | None,
    mit: int | None,
    machine: bool,
    **options: Any,
) -> None:
    """Virtuelle Meshtastic-Funkgeräte an TCP-Ports anbieten, bis Strg+C."""
    from lage.cli.traffic import entries_in
    from lage.exercise.air import build, serve

    played = list(entries_in(protokoll)) if protokoll else []
    network = keys.load_network(folder_of(ctx)) if eingerichtet else None
    clock = read_timebase(folder_of(ctx), exercise=True) if uhr else None
    plan = replace(_plan(knoten, orte, options), memory=ordner, network=network, clock=clock)
    if mit is not None:
        end_with(mit)
    with ExitStack() as stack:
        if ordner is not None:
            _make(ordner)
        if pty:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="lage-funk-")))
            plan = replace(plan, pty_folder=folder)
        try:
            tell = partial(_say, machine=machine)
            asyncio.run(serve(build(plan), bericht, tell, played, getrennt))
        except KeyboardInterrupt:
            say("Beendet.")


def _plan(count: int, table: Path | None, options: dict[str, Any]) -> AirPlan:
    from lage.exercise.air import AirPlan
    from lage.exercise.sites import read_sites
    from mesh.virtual.network import Shape

    sites = read_sites(table) if table else []
    names = [site.name for site in sites] or [f"Funkgerät {n}" for n in range(1, count + 1)]
    return AirPlan(
        names,
        relays=options["relais"],
        first_port=options["port"],
        host=options["auf"],
        preset=options["preset"].upper(),
        loss=options["verlust"],
        speed=options["tempo"],
        seed=options["seed"],
        factory_new=options["fabrikneu"],
        shape=Shape(SHAPES[options["form"]]),
        sites=sites,
        firmware=options["firmware"],
        board=options["bauart"],
    )


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"Der Ordner {folder} lässt sich nicht anlegen: {why(error)}.") from error


def _say(statistics: dict[str, Any], machine: bool) -> None:
    """What there is to plug in to."""
    if machine:
        as_json(statistics)
        return
    for item in statistics["radios"]:
        device = f", serial:{item['device']}" if item["device"] else ""
        say(f"{item['name']}  {item['id']}  tcp:127.0.0.1:{item['port']}{device}")
    say("Beenden mit Strg+C.")
