# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""``lage import``: files of others; with ``--probe`` only what would happen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from lage.cli.common import Group, as_json, json_option, open_station, say, show_progress, write
from lage.cli.entries import confirm_names, new_name_option
from lage.imports.checked import checked
from lage.imports.entries import KINDS, default_mapping, plan_entries, read_mapping
from lage.imports.named import KINDS as NAMED
from lage.imports.origin import OPTION, ORIGINS
from lage.imports.plan import Plan
from lage.kinds.cards import CARDS
from lage.kinds.inputs import refers_to
from lage.station import Station
from lage.write.parse import Context

imports = Group("import", help="Dateien anderer einlesen: ganz oder gar nicht, mit Probelauf.")

_file = click.argument("datei", type=click.Path(dir_okay=False, path_type=Path))
_trial = click.option("--probe", is_flag=True, help="Nur prüfen und zählen, nichts schreiben.")
_origin = click.option(
    OPTION,
    "meant",
    default="",
    type=click.Choice(["", *ORIGINS]),
    metavar=f"[{'|'.join(ORIGINS)}]",
    help="Was die Datei ist, wenn sie trotzdem hier gelten soll: Übung oder Ernstfall.",
)


def _entries(kind: str) -> click.Command:
    """The command for a kind that keeps the number which others gave an entry."""
    card = CARDS[kind]

    @click.command(
        card.export,
        help=f"{card.plural} aus CSV, Excel, GeoJSON oder JSON, auch von „lage bericht daten“.",
    )
    @_file
    @click.option(
        "--zuordnung", type=click.Path(dir_okay=False, path_type=Path), help="Spalten als TOML."
    )
    @click.option(
        "--aktualisieren", is_flag=True, help="Bekannte Einträge mit der Datei überschreiben."
    )
    @_origin
    @_trial
    @json_option
    @click.pass_context
    def command(
        ctx: click.Context,
        datei: Path,
        zuordnung: Path | None,
        aktualisieren: bool,
        meant: str,
        probe: bool,
        machine: bool,
    ) -> None:
        mapping = read_mapping(zuordnung, kind) if zuordnung else default_mapping(kind)
        run_import(
            ctx,
            lambda station: plan_entries(
                datei,
                mapping,
                _context(station, meant),
                station.reader,
                update=aktualisieren,
                progress=show_progress("Prüfen"),
            ),
            probe=probe,
            machine=machine,
        )

    return command


for _kind in KINDS:
    imports.add_command(_entries(_kind))


def _measured(kind: str) -> click.Command:
    """The command for gauges and for what is measured or expected there."""
    card, gauges = CARDS[kind], kind == "gauge"

    def command(
        ctx: click.Context,
        datei: Path,
        meant: str,
        probe: bool,
        machine: bool,
        aktualisieren: bool = False,
    ) -> None:
        from lage.imports.measured import plan_measured

        run_import(
            ctx,
            lambda station: plan_measured(
                datei,
                kind,
                _context(station, meant),
                station.reader,
                update=aktualisieren,
                progress=show_progress("Prüfen"),
            ),
            probe=probe,
            ask=True,
            machine=machine,
        )

    update = click.option(
        "--aktualisieren", is_flag=True, help="Bekannte Messstellen mit der Datei überschreiben."
    )
    takes = (
        _file,
        *((update,) if gauges else ()),
        _origin,
        new_name_option,
        _trial,
        json_option,
        click.pass_context,
    )
    for add in reversed(takes):
        command = add(command)
    head = ";".join(item.label for item in card.form[: 5 if gauges else 3])
    return click.command(
        card.export,
        help=f"{card.plural} aus CSV, Excel oder JSON, auch von „lage bericht daten“: {head}.",
    )(command)


for _kind in ("gauge", "reading", "forecast"):
    imports.add_command(_measured(_kind))


@imports.command("material")
@_file
@_origin
@_trial
@json_option
@click.pass_context
def supplies(ctx: click.Context, datei: Path, meant: str, probe: bool, machine: bool) -> None:
    """Bestände aus CSV oder Excel: Material;Ort;Bestand;Einheit;Mindestbestand."""
    from lage.imports.resources import plan_supplies

    run_import(
        ctx,
        lambda station: plan_supplies(
            datei, _context(station, meant), station.reader, show_progress("Prüfen")
        ),
        probe=probe,
        machine=machine,
    )


def _named(kind: str) -> click.Command:
    """The command for a kind that is known by its name."""
    card, lasting = CARDS[kind], kind != "unit"

    def command(
        ctx: click.Context,
        datei: Path,
        meant: str,
        probe: bool,
        machine: bool,
        aktualisieren: bool = True,
    ) -> None:
        from lage.imports.named import plan_named

        run_import(
            ctx,
            lambda station: plan_named(
                datei,
                kind,
                _context(station, meant),
                station.reader,
                update=aktualisieren,
                progress=show_progress("Prüfen"),
            ),
            probe=probe,
            machine=machine,
        )

    update = click.option(
        "--aktualisieren", is_flag=True, help="Bekannte Einträge mit der Datei überschreiben."
    )
    takes = (_file, *((update,) if lasting else ()), _origin, _trial, json_option)
    for add in reversed((*takes, click.pass_context)):
        command = add(command)
    head = ";".join(item.label for item in card.form if not refers_to(kind, item.name))
    return click.command(
        card.export,
        help=f"{card.plural} aus CSV, Excel oder JSON, auch von „lage bericht daten“: {head}.",
    )(command)


for _kind in NAMED:
    imports.add_command(_named(_kind))


@imports.command("pegelonline")
@_file
@click.option("--pegel", default="", help="Namen mit Komma; bei Messwerten der eine Pegel.")
@click.option("--gewaesser", default="", help="Alle Stationen dieses Gewässers.")
@click.option(
    "--abstand", default=60, show_default=True, help="Höchstens ein Wert je so viele Minuten."
)
@_trial
@json_option
@click.pass_context
def pegelonline(
    ctx: click.Context,
    datei: Path,
    pegel: str,
    gewaesser: str,
    abstand: int,
    probe: bool,
    machine: bool,
) -> None:
    """Gespeicherte PEGELONLINE-Dateien: stations.json, measurements.json oder .csv."""
    from lage.imports.pegelonline import is_stations, plan_measurements, plan_stations, read
    from lage.imports.stations import Choice

    names = [name for name in pegel.split(",") if name.strip()]
    data, title = read(datei), datei.name

    def plan(station: Station) -> Plan:
        if is_stations(data):
            return plan_stations(
                data, title, Choice(names, gewaesser), station.reader, station.now()
            )
        return plan_measurements(
            data, title, pegel, station.reader, station.now(), spacing_s=abstand * 60
        )

    run_import(ctx, plan, probe=probe, machine=machine)


@imports.command("hochwasserportal")
@_file
@click.option(
    "--abstand", default=60, show_default=True, help="Höchstens ein Wert je so viele Minuten."
)
@_trial
@json_option
@click.pass_context
def portal(ctx: click.Context, datei: Path, abstand: int, probe: bool, machine: bool) -> None:
    """Gespeicherte Reihe des Hochwasserportals NRW: die week.json einer Station."""
    from lage.imports.hochwasserportal import plan_week, read

    data = read(datei)
    run_import(
        ctx,
        lambda station: plan_week(
            data, datei.name, station.reader, station.now(), spacing_s=abstand * 60
        ),
        probe=probe,
        machine=machine,
    )


@imports.command("lorawan")
@_file
@click.option(
    "--zuordnung", type=click.Path(dir_okay=False, path_type=Path), help="Sensoren als TOML."
)
@_trial
@json_option
@click.pass_context
def lorawan(
    ctx: click.Context, datei: Path, zuordnung: Path | None, probe: bool, machine: bool
) -> None:
    """Nachrichten von LoRaWAN-Sensoren: ChirpStack v4 oder The Things Stack v3, als JSON."""
    from lage.imports.lorawan import plan_uplinks, read_sensors

    sensors = read_sensors(zuordnung) if zuordnung else {}
    run_import(
        ctx,
        lambda station: plan_uplinks(datei, sensors, station.reader, station.now()),
        probe=probe,
        machine=machine,
    )


def _context(station: Station, origin: str) -> Context:
    """``origin``: what the user says that the file is."""
    return replace(station.parse_context(), origin=origin)


def run_import(
    ctx: click.Context,
    make: Callable[[Station], Plan],
    *,
    probe: bool,
    machine: bool,
    ask: bool = False,
) -> None:
    """Make a plan, carry it out unless it is a trial, say what happened.

    ``ask``: names that are likely slips are refused without ``--neu``, not just noted.
    """
    with open_station(ctx) as station:
        plan = checked(make(station), station.parse_context())
        if plan.drafts and not probe:
            if ask:
                confirm_names(station, plan.drafts)
            write(station, plan.drafts, show_progress("Übernehmen"))
        if machine:
            as_json(_json(plan, probe=probe))
            return
        head = "Probe, nichts geschrieben: " if probe else ""
        say(f"{head}{plan.new} neu, {plan.changed} geändert, {plan.known} schon bekannt.")
        if plan.left_out:
            say(f"{plan.left_out} ausgelassen.")
        for note in plan.notes:
            say(note)


def _json(plan: Plan, *, probe: bool) -> dict[str, Any]:
    return {
        "probe": probe,
        "neu": plan.new,
        "geaendert": plan.changed,
        "bekannt": plan.known,
        "ausgelassen": plan.left_out,
        "hinweise": list(plan.notes),
    }
