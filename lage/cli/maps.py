# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""``lage karte``: draw the map, import other maps, convert coordinates."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from lage.cli.common import (
    Group,
    as_json,
    folder_of,
    json_option,
    note,
    open_station,
    say,
    say_wrapped,
    show_progress,
    terminal_width,
)
from lage.language.errors import ImportRefused, LageError, NotFound, UsageError
from lage.language.map_errors import (
    flaw_words,
    pack_sentence,
    position_sentence,
    refusal_sentence,
)
from lage.language.plain import plain
from lage.language.whereabouts import describe
from lage.store.charts import layers_of, packs_of

if TYPE_CHECKING:
    from maps.geo.features import FeatureLayer
    from maps.read.area import County
    from maps.read.imports import ImportReport
    from maps.read.pack import Pack

chart = Group("karte", help="Karte zeigen, Karten einlesen, Koordinaten umrechnen.")

KINDS = ("gemeinde", "nachbar", "ort", "gewaesser", "linie", "flaeche", "strasse", "gebaeude")


@chart.command("zeigen")
@click.option("--breite", type=int, help="Spalten.")
@click.option("--hoehe", default=30, show_default=True, help="Zeilen.")
@click.option("--ascii", "ascii_only", is_flag=True, help="Nur ASCII-Zeichen.")
@click.option("--um", "centre", help="Mitte: Koordinate oder Ort; sonst der ganze Kreis.")
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
    from lage.views.rough import rough
    from lage.views.whereabouts import place_of
    from maps.draw.render import Style, render_text, scale_line
    from maps.draw.scene import Scene
    from maps.draw.viewport import Viewport

    if zoom <= 0:
        raise UsageError("Die Vergrößerung muss größer als 0 sein, z. B. --zoom 4.")
    with open_station(ctx) as station:
        layers = layers_of(folder_of(ctx))
        context = station.context()
        view = Viewport.fit(layers.bounds, breite or terminal_width(), hoehe)
        if centre:
            view = view.centred_on(place_of(centre, layers))
        nodes = views.radio_nodes(station.network(), context, layers.municipalities)
        without = rough(context, layers.municipalities)
        signs = views.markers(context) + without.markers + nodes
        scene = Scene(layers, signs, views.areas(context))
        style = Style.ASCII if ascii_only else Style.BRAILLE
        for line in render_text(view.zoom(zoom), scene, style=style):
            say(line)
        nowhere = f"   {without.nowhere} ohne Ort" if without.nowhere else ""
        say(scale_line(view.zoom(zoom), ascii_only=ascii_only) + nowhere)
        say_wrapped(plain("; ".join(layers.attribution)))


@chart.command("importieren")
@click.argument("datei", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--tabelle", help="Tabelle eines GeoPackage, wenn es mehrere hat.")
@click.option("--als", "kind", type=click.Choice(KINDS), help="Was die Objekte sind.")
@click.option("--quelle", default="", help="Quellenvermerk, den die Lizenz der Daten verlangt.")
@click.option(
    "--kreis",
    "county_key",
    help="Kreisschlüssel (fünf Ziffern): die Gemeinden dieses Kreises werden zur Grundkarte.",
)
@click.option("--kreisname", help="Wie dieser Kreis auf der Karte heißt; sonst wie das Netz.")
@click.pass_context
def take_in(
    ctx: click.Context,
    datei: Path,
    tabelle: str | None,
    kind: str | None,
    quelle: str,
    county_key: str | None,
    kreisname: str | None,
) -> None:
    """GeoJSON, GeoPackage (auch VG250), Zensus-Gitter (CSV), Vektorkacheln, Lage-Karten einlesen.

    Gemeinden, Nachbarn, Gewässer, Straßen und Gebäude ersetzen die bisherigen, anderes kommt
    hinzu. Dieselbe Datei noch einmal ersetzt ihre erste Fassung. Mitgeliefert ist die Karte des
    Kreises Steinfurt; ein anderer Kreis liest mit --kreis seine Gemeindegrenzen ein. Was eingelesen
    ist, liegt als Datei .lagekarte im Ordner „karten“ und lässt sich so an alle Knoten geben.
    """
    from maps.geo.errors import ImportRefusedError, PackError
    from maps.geo.features import FeatureLayer
    from maps.read.imports import import_file

    note(f"{datei.name} wird gelesen …")
    try:
        report = import_file(
            datei,
            packs_of(folder_of(ctx)),
            table=tabelle,
            layer=FeatureLayer(kind) if kind else None,
            county=_county(ctx, county_key, kreisname),
            attribution=quelle,
            progress=show_progress("Kacheln"),
        )
    except ImportRefusedError as error:
        problems = [(problem.number, flaw_words(problem.flaw)) for problem in error.problems]
        noun = "Zeile" if datei.suffix.casefold() == ".csv" else "Objekt"
        raise ImportRefused(refusal_sentence(error), problems, noun) from error
    except PackError as error:
        raise LageError(pack_sentence(error)) from error
    say(f"„{report.title}“ eingelesen: {_content(report.taken, report.cells)}")
    for hint in _hints(report):
        say(f"  {hint}")


def _county(ctx: click.Context, key: str | None, name: str | None) -> County | None:
    """Whose boundaries are to be read; None for those of the county whose map is in use."""
    from maps.read.area import KEY_DIGITS, County

    if key is None:
        if name is not None:
            raise UsageError("--kreisname gibt es nur zusammen mit --kreis.")
        return None
    if len(key) != KEY_DIGITS or not (key.isascii() and key.isdigit()):
        raise UsageError(
            f"„{key}“ ist kein Kreisschlüssel: es sind die ersten {KEY_DIGITS} Ziffern der"
            " Gemeindeschlüssel, z. B. 05566."
        )
    if name is None:
        with open_station(ctx) as station:
            name = station.network_name
    return County(key, name)


def _hints(report: ImportReport) -> list[str]:
    """What to know about an import."""
    hints = []
    if report.outside:
        noun = "Zellen" if report.cells else "Objekte"
        hints.append(f"{report.outside} {noun} außerhalb des Gebiets wurden ausgelassen.")
    if report.repaired:
        hints.append(f"{report.repaired} Flächen mit Selbstüberschneidung wurden repariert.")
    if report.coarse:
        hints.append("Gauß-Krüger-Koordinaten sind auf 1 bis 3 m genau umgerechnet.")
    if report.county:
        hints.append(f"Grundkarte: {plain(report.county)}. Datei für andere Knoten: {report.path}")
    return hints


@chart.command("liste")
@json_option
@click.pass_context
def packs(ctx: click.Context, machine: bool) -> None:
    """Welche Karten eingelesen sind."""

    found = _packs(folder_of(ctx))
    if machine:
        as_json(
            [
                {"titel": title, "inhalt": _counts(pack), "quelle": pack.attribution}
                for title, pack in found.items()
            ]
        )
        return
    if not found:
        say("Keine: gezeigt wird die mitgelieferte Karte des Kreises.")
    for title, pack in found.items():
        cells = 0 if pack.census is None else len(pack.census.people)
        say(f"{plain(title)}: {_content(_taken(pack), cells)}")
        if pack.attribution:
            say_wrapped(f"  {plain(pack.attribution)}", 2)


@chart.command("entfernen")
@click.argument("titel")
@click.pass_context
def remove(ctx: click.Context, titel: str) -> None:
    """Eine eingelesene Karte wieder weglassen."""
    from maps.read.pack import list_packs, pack_path

    path = pack_path(packs_of(folder_of(ctx)), titel)
    if not path.exists():
        known = ", ".join(p.stem for p in list_packs(path.parent)) or "keine"
        raise NotFound(f"Die Karte „{titel}“ ist nicht eingelesen; vorhanden: {known}.")
    path.unlink()
    say(f"„{titel}“ entfernt.")


@chart.command("koordinate")
@click.argument("text", nargs=-1, required=True)
@json_option
@click.pass_context
def convert(ctx: click.Context, text: tuple[str, ...], machine: bool) -> None:
    """Eine Koordinate in allen drei Schreibweisen und mit Gemeinde."""
    from maps.geo import places as geo

    try:
        layers = layers_of(folder_of(ctx))
        position = geo.parse_position(" ".join(text), layers.centre).position
    except geo.PositionError as error:
        raise UsageError(position_sentence(error)) from error
    shown = {
        "UTMREF": geo.format_utmref(position),
        "UTM32": geo.format_utm32(position),
        "WGS84": geo.format_decimal(position),
        "Lage": describe(position, layers),
    }
    if machine:
        as_json(shown)
        return
    for label, value in shown.items():
        say(f"{label:7s} {value}")


def _packs(folder: Path) -> dict[str, Pack]:
    """Imported maps by title. Raises LageError for one that is damaged."""
    from maps.geo.errors import PackError
    from maps.read.pack import list_packs, read_pack

    try:
        return {pack.title: pack for pack in map(read_pack, list_packs(packs_of(folder)))}
    except PackError as error:
        raise LageError(pack_sentence(error)) from error


def _taken(pack: Pack) -> dict[FeatureLayer, int]:
    taken: dict[FeatureLayer, int] = {}
    for feature in pack.features:
        taken[feature.layer] = taken.get(feature.layer, 0) + 1
    return taken


def _counts(pack: Pack) -> dict[str, int]:
    counts = {layer.value: count for layer, count in _taken(pack).items()}
    return counts if pack.census is None else {"zellen": len(pack.census.people)}


def _content(taken: dict[FeatureLayer, int], cells: int) -> str:
    """``24 Gemeinden, 3 Orte`` or the cells of a census grid."""
    if cells:
        return f"{cells} Zellen des Zensus"
    return ", ".join(f"{count} {_NOUNS[layer.value]}" for layer, count in taken.items())


_NOUNS = {
    "kreis": "Kreis", "gemeinde": "Gemeinden", "nachbar": "Nachbargemeinden", "ort": "Orte",
    "gewaesser": "Gewässer", "linie": "Linien", "flaeche": "Flächen",
    "strasse": "Gruppen von Straßen", "gebaeude": "Gruppen von Gebäuden",
}  # fmt: skip
"""What was taken, by ``FeatureLayer.value``; streets and buildings are grouped by tile."""
