# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""``lage karte``: draw the map, import other maps, convert coordinates."""

from __future__ import annotations

from pathlib import Path

import click

from lage.cli.common import (
    Group,
    as_json,
    folder_of,
    json_option,
    open_station,
    say,
    say_wrapped,
    terminal_width,
)
from lage.errors import ImportRefused, UsageError

chart = Group("karte", help="Karte zeigen, Karten einlesen, Koordinaten umrechnen.")
MAP_FOLDER = "karten"


@chart.command("zeigen")
@click.option("--breite", type=int, help="Spalten.")
@click.option("--hoehe", default=30, show_default=True, help="Zeilen.")
@click.option("--ascii", "ascii_only", is_flag=True, help="Nur ASCII-Zeichen.")
@click.option("--um", "centre", help="Mitte als Koordinate; sonst der ganze Kreis.")
@click.option("--zoom", default=1.0, show_default=True, help="Vergrößerung.")
@click.pass_context
def show(
    ctx: click.Context,
    breite: int | None,
    hoehe: int,
    ascii_only: bool,
    centre: str | None,
    zoom: float,
) -> None:
    """Die Lagekarte als Text."""
    from lage.views import scene as views
    from maps.geo import PositionError, parse_position
    from maps.layers import load_layers
    from maps.render import render_text, scale_line
    from maps.scene import Scene
    from maps.viewport import Viewport

    with open_station(ctx) as station:
        layers = load_layers(folder_of(ctx) / MAP_FOLDER)
        context = station.context()
        view = Viewport.fit(layers.bounds, breite or terminal_width(), hoehe)
        if centre:
            try:
                view = view.centred_on(parse_position(centre).position)
            except PositionError as error:
                raise UsageError(str(error)) from error
        if zoom != 1.0:
            view = view.zoom(zoom)
        scene = Scene(layers, views.markers(context), views.areas(context))
        for line in render_text(view, scene, style="ascii" if ascii_only else "braille"):
            say(line)
        say(scale_line(view, ascii_only=ascii_only))
        say_wrapped(str(layers.attribution))


@chart.command("importieren")
@click.argument("datei", type=click.Path(dir_okay=False, exists=True))
@click.option("--tabelle", help="Tabelle eines GeoPackage, wenn es mehrere hat.")
@click.pass_context
def take_in(ctx: click.Context, datei: str, tabelle: str | None) -> None:
    """GeoJSON, GeoPackage (auch VG250) oder Zensus-Gitter (CSV) einlesen."""
    from maps.errors import ImportRefusedError
    from maps.imports import import_file

    folder = folder_of(ctx) / MAP_FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    click.echo(f"{Path(datei).name} wird gelesen …", err=True)
    try:
        report = import_file(Path(datei), folder, table=tabelle)
    except ImportRefusedError as error:
        problems = [(problem.number, problem.reason) for problem in error.problems]
        raise ImportRefused(str(error), problems) from error
    taken = ", ".join(f"{count} {layer.value}" for layer, count in report.taken.items() if count)
    if report.cells:
        taken = f"{report.cells} Gitterzellen"
    say(f"„{report.title}“ eingelesen: {taken}; außerhalb: {report.outside}")
    for note in report.notes:
        say(f"  {note}")


@chart.command("koordinate")
@click.argument("text", nargs=-1, required=True)
@json_option
def convert(text: tuple[str, ...], machine: bool) -> None:
    """Eine Koordinate in allen drei Schreibweisen und mit Gemeinde."""
    from maps import geo
    from maps.layers import load_layers

    try:
        position = geo.parse_position(" ".join(text)).position
    except geo.PositionError as error:
        raise UsageError(str(error)) from error
    shown = {
        "UTMREF": geo.format_utmref(position),
        "UTM32": geo.format_utm32(position),
        "WGS84": geo.format_decimal(position),
        "Lage": load_layers().describe(position),
    }
    if machine:
        as_json(shown)
        return
    for label, value in shown.items():
        say(f"{label:7s} {value}")
