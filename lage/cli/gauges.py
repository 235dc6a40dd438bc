# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""``lage pegel``: gauges and their readings."""

from __future__ import annotations

from collections.abc import Iterable

import click

from lage.cli.common import (
    Group,
    as_json,
    json_option,
    open_station,
    print_table,
    say,
    say_wrapped,
    utc,
    write,
)
from lage.cli.entries import (
    confirm_names,
    create,
    describe,
    form_options,
    list_command,
    new_name_option,
)
from lage.cli.gauge_text import band_json, gauge_json, gauge_row
from lage.cli.imports import run_import
from lage.imports import hochwasserportal, pegelonline
from lage.imports.plan import Plan
from lage.imports.stations import Choice
from lage.kinds.model import Record
from lage.language.errors import NotFound, UsageError
from lage.language.folding import fold_text
from lage.language.tactical import clock
from lage.station import Station
from lage.views.band import band_for
from lage.views.called import shown_name
from lage.views.gauge_book import Gauge, GaugeBook, records_of
from lage.views.gauges import gauge_views, view_of
from lage.write import commands
from lage.write.gauges import merge_gauges, unmerge_gauge
from lage.write.questions import near

gauge = Group("pegel", help="Messstellen und Messwerte.")
values = list_command("reading")
values.name = "werte"
gauge.add_command(values)


@gauge.command("melden", context_settings={"ignore_unknown_options": True})  # -5 is a number
@form_options("reading")
@click.argument("pegel", required=False)
@click.argument("messwert", required=False)
@click.pass_context
def report(
    ctx: click.Context, /, pegel: str | None, messwert: str | None, **typed: str | None
) -> None:
    """Einen Messwert eintragen: lage pegel melden Greven 342."""
    typed["gauge"] = pegel or typed.get("gauge")
    typed["value"] = messwert or typed.get("value")
    create(ctx, "reading", typed)


@gauge.command("anlegen")
@form_options("gauge", positional="name")
@click.pass_context
def found(ctx: click.Context, /, **typed: str | None) -> None:
    """Eine Messstelle beschreiben: Schwellen, Gewässer, Ort; noch einmal: Angaben ändern."""
    describe(ctx, "gauge", ("name",), typed)


@gauge.command("umbenennen")
@click.argument("name")
@click.argument("neuer")
@new_name_option
@click.pass_context
def rename(ctx: click.Context, name: str, neuer: str) -> None:
    """Eine Messstelle anders nennen; ihre Werte, Schwellen und Alarme bleiben."""
    with open_station(ctx) as station:
        _edit(station, _described(station, name), {"title": neuer}, "umbenannt")


@gauge.command("beenden")
@click.argument("name")
@click.option("--seit", default="jetzt", help="Wann; „?“ nimmt das Ende zurück.")
@click.pass_context
def end(ctx: click.Context, name: str, seit: str) -> None:
    """Eine Messstelle misst nicht mehr: kein Trend und kein Alarm, ihre Werte bleiben."""
    with open_station(ctx) as station:
        _edit(station, _described(station, name), {"ended": seit}, "geändert")


@gauge.command("zusammenfuehren")
@click.argument("doppelt")
@click.argument("ziel")
@click.pass_context
def merge(ctx: click.Context, doppelt: str, ziel: str) -> None:
    """Zwei Namen sind eine Messstelle: die Werte der ersten zählen bei der zweiten."""
    with open_station(ctx) as station:
        duplicate, into = _described(station, doppelt), _described(station, ziel)
        write(station, merge_gauges(duplicate, into))
        say(f"{shown_name(duplicate)} ist jetzt Teil von {shown_name(into)}.")


@gauge.command("trennen")
@click.argument("name")
@click.pass_context
def unmerge(ctx: click.Context, name: str) -> None:
    """Eine Zusammenführung zurücknehmen."""
    with open_station(ctx) as station:
        records = records_of(station.reader, name)
        if not records:
            raise _unknown(name, GaugeBook(station.reader).all())
        write(station, unmerge_gauge(records))
        say(f"{shown_name(records[0])} steht wieder für sich.")


def _described(station: Station, typed: str) -> Record:
    """The Stammdaten of a gauge; of one that has only readings they are written now."""
    if records := records_of(station.reader, typed):
        return records[0]
    gauge = _named(typed, station)
    if gauge.record is not None:
        return gauge.record
    me = station.context().me
    (entity, *_) = write(station, commands.create("gauge", {"name": gauge.written[0]}, me))
    record = station.reader.get(entity)
    assert record is not None
    return record


def _edit(station: Station, record: Record, typed: dict[str, str], done: str) -> None:
    drafts = commands.edit(record, typed, station.parse_context())
    confirm_names(station, drafts)
    write(station, drafts)
    now = station.reader.get(record.id)
    assert now is not None
    say(f"Messstelle {shown_name(now)} {done}.")


@gauge.command("abrufen")
@click.option(
    "--quelle",
    type=click.Choice(["pegelonline", "nrw"]),
    default="pegelonline",
    show_default=True,
    help="Wasserstraßen des Bundes, oder das Hochwasserportal NRW mit den Gewässern des Landes.",
)
@click.option("--pegel", default="", help="Namen mit Komma; leer: die schon bekannten Messstellen.")
@click.option("--gewaesser", default="", help="Alle Stationen dieses Gewässers.")
@click.option(
    "--stunden", type=click.IntRange(0, 744), default=0, help="Auch den Verlauf so vieler Stunden."
)
@click.option(
    "--abstand", default=60, show_default=True, help="Im Verlauf ein Wert je so viele Minuten."
)
@click.option("--dienst", default="", help="Andere Adresse der Schnittstelle.")
@click.option("--warten", default=20.0, show_default=True, help="Höchstens so viele Sekunden.")
@click.option("--probe", is_flag=True, help="Nur prüfen und zählen, nichts schreiben.")
@json_option
@click.pass_context
def fetch(
    ctx: click.Context,
    quelle: str,
    pegel: str,
    gewaesser: str,
    stunden: int,
    abstand: int,
    dienst: str,
    warten: float,
    probe: bool,
    machine: bool,
) -> None:
    """PEGELONLINE oder das Land nach den Werten von jetzt fragen, solange es Internet gibt."""
    choice = Choice([name for name in pegel.split(",") if name.strip()], gewaesser)

    def plan(station: Station) -> Plan:
        if quelle == "nrw":
            return hochwasserportal.ask_portal(
                choice,
                station.reader,
                station.now(),
                hours=stunden,
                spacing_s=abstand * 60,
                address=dienst or hochwasserportal.ADDRESS,
                timeout_s=warten,
            )
        return pegelonline.ask_service(
            choice,
            station.reader,
            station.now(),
            hours=stunden,
            spacing_s=abstand * 60,
            address=dienst or pegelonline.ADDRESS,
            timeout_s=warten,
        )

    run_import(ctx, plan, probe=probe, machine=machine)


@gauge.command("liste")
@click.option("--beendete", is_flag=True, help="Die Messstellen, die nicht mehr messen.")
@json_option
@click.pass_context
def show_all(ctx: click.Context, beendete: bool, machine: bool) -> None:
    """Alle Messstellen mit letztem Wert, Trend und Schwellen."""
    with open_station(ctx) as station:
        context = station.context()
        views = gauge_views(context, ended=beendete)
        if machine:
            as_json([gauge_json(view, context.now) for view in views])
            return
        rows = [gauge_row(view, context.now) for view in views]
        titles = ("Pegel", "Wert", "Zeit", "Alter", "Trend/h", "Stufe", "nächste Schwelle")
        print_table(titles, rows, (False, True, False, True, True, False, False))


@gauge.command("zeigen")
@click.argument("name")
@json_option
@click.pass_context
def show(ctx: click.Context, name: str, machine: bool) -> None:
    """Eine Messstelle mit ihren letzten Werten."""
    with open_station(ctx) as station:
        context = station.context()
        view = view_of(context, _named(name, station))
        if machine:
            as_json(
                gauge_json(view, context.now)
                | {"band": band_json(view, band_for(context, view))}
                | {
                    "werte": [
                        {
                            "zeit": utc(r.time),
                            "wert": view.number(r.value),
                            "glaubhaft": r.plausible,
                            "zweifel": r.doubt.value if r.doubt else None,
                            "quelle": r.source,
                        }
                        for r in view.readings
                    ]
                }
            )
            return
        row = gauge_row(view, context.now)
        say(f"{row[0]}: {row[1]} um {row[2]}, Trend {row[4]}, {row[5]}, {row[6]}")
        if view.latest is not None:
            say(f"  Alter des Werts: {row[3]}, Quelle: {view.latest.source or 'unbekannt'}")
        marks = [f"{title} {view.show(value)}" for title, value in view.marks]
        say(f"  {', '.join(marks) or 'keine Schwellen bekannt'} ({view.unit})")
        band = band_for(context, view)
        if band is not None:
            say_wrapped(f"  Erwartet {band.words(view.show, view.unit, context.now)}", 4)
        if view.official is not None:
            said = view.official.words(view.show, view.unit, context.now)
            say_wrapped(f"  Vorhersage: {said}", 4)
        for reading in view.readings[:30]:
            doubt = f"  zweifelhaft: {reading.doubt.value}" if reading.doubt else ""
            value = f"{view.show(reading.value)} {view.unit}"
            say(f"  {clock(reading.time, context.now)}  {value}  {reading.source}{doubt}")


def _named(typed: str, station: Station) -> Gauge:
    """The gauge meant by a name that it has or had, or a part that only it has.

    Raises NotFound, UsageError.
    """
    wanted, gauges = fold_text(typed.strip()), GaugeBook(station.reader).all()
    exact = [g for g in gauges if wanted in map(fold_text, (g.name, *g.written))]
    found = exact or [g for g in gauges if wanted and wanted in fold_text(g.name)]
    if not found:
        raise _unknown(typed, gauges)
    if len(found) > 1:
        names = ", ".join(gauge.name for gauge in found)
        raise UsageError(f"„{typed}“ ist nicht eindeutig: gemeint sein können {names}.")
    return found[0]


def _unknown(typed: str, gauges: Iterable[Gauge]) -> NotFound:
    meant = near(typed, [gauge.name for gauge in gauges])
    mend = f"meinten Sie „{meant[0]}“?" if meant else "siehe „lage pegel liste“."
    return NotFound(f"Eine Messstelle „{typed}“ gibt es nicht: {mend}")
