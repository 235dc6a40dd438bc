# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""``lage bericht``: the situation on paper, on the air and for other programs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from lage.cli.common import (
    Group,
    as_json,
    json_option,
    note,
    open_station,
    print_table,
    say,
    show_progress,
    utc,
    write,
)
from lage.cli.entries import find_message, form_options, list_command, option_name
from lage.imports.plan import FILE_BYTES_MAX, read_toml
from lage.kinds.cards import CARDS
from lage.kinds.inputs import has_place
from lage.kinds.model import Draft
from lage.language.errors import UsageError, why
from lage.language.tactical import Lean, parse_time, tactical
from lage.reports import EXERCISE
from lage.reports.files import head_of, radio_text, write_whole
from lage.station import Station
from lage.views.situation import (
    FREE_PARTS,
    SituationReport,
    latest_free_parts,
    radio_form,
    situation_report,
)
from lage.write import commands
from lage.write.parse import parse_field
from maps.read.files import read_regular
from sync.schema.definition import Change
from sync.wire.packing import runs_needed

reports = Group("bericht", help="Lagemeldung, Tagebuch und Vordrucke als PDF; Daten für andere.")
reports.add_command(list_command("report"))

_target = click.argument("datei", type=click.Path(dir_okay=False, path_type=Path))
_OPTION = {i.name: option_name(i) for i in CARDS["report"].form if i.name in FREE_PARTS}
_DRAFT_HEAD = "# Freie Teile der Lagemeldung. Einlesen: lage bericht lagemeldung --teile DATEI\n"


def _free_options(function: Callable[..., Any]) -> Callable[..., Any]:
    for name, option in reversed(_OPTION.items()):
        function = click.option(f"--{option}", name, help=FREE_PARTS[name])(function)
    return click.option(
        "--teile", type=click.Path(dir_okay=False, path_type=Path), help="Freie Teile aus TOML."
    )(function)


@reports.command("lagemeldung")
@_free_options
@click.option("--stelle", default="", help="Nur Einträge dieser Stellen, mit Komma.")
@click.option("--pdf", type=click.Path(dir_okay=False, path_type=Path), help="Als PDF schreiben.")
@click.option("--funk", is_flag=True, help="Nur die Kurzform für den Funk.")
@click.option("--zeichen", "sign", default="", help="Funktion oder Name unter der Unterschrift.")
@json_option
@click.pass_context
def situation(
    ctx: click.Context,
    /,
    teile: Path | None,
    stelle: str,
    pdf: Path | None,
    funk: bool,
    sign: str,
    machine: bool,
    **free: str | None,
) -> None:
    """Die Lagemeldung aus der Lage; freie Teile aus den Angaben oder der letzten Meldung."""
    with open_station(ctx) as station:
        report = _report(station, stelle, teile, free)
        if pdf is not None:
            from lage.reports.documents import situation_pdf
            from lage.reports.situation_map import situation_map

            head = head_of(station, "Lagemeldung")
            chart = situation_map(station, station.directory.find_all(stelle) if stelle else ())
            content = situation_pdf(report, head, sign, chart, show_progress("Lagemeldung"))
            _write(pdf, content, quiet=machine)
        if machine:
            as_json(_report_json(station, report))
        elif funk:
            say(radio_text(station, report))
            note(f"({_air(*_cost(station, report), len(report.short))})")
        elif pdf is None:
            _print_report(station, report)


@reports.command("entwurf")
@_target
@click.pass_context
def draft(ctx: click.Context, datei: Path) -> None:
    """Die freien Teile der letzten Lagemeldung zum Bearbeiten in eine Datei schreiben."""
    with open_station(ctx) as station:
        parts = latest_free_parts(station.context())
    lines = [
        f'\n# {FREE_PARTS[name]}\n{option} = """\n{_quoted(parts.get(name, ""))}"""\n'
        for name, option in _OPTION.items()
    ]
    _write(datei, (_DRAFT_HEAD + "".join(lines)).encode())


@reports.command("melden")
@form_options("report")
@click.option(
    "--teile", type=click.Path(dir_okay=False, path_type=Path), help="Freie Teile aus TOML."
)
@click.pass_context
def send(ctx: click.Context, /, teile: Path | None, **typed: str | None) -> None:
    """Die Lagemeldung ins Lagebuch schreiben: freie Teile und die Kurzform für den Funk."""
    with open_station(ctx) as station:
        given = {name: text for name, text in typed.items() if text}
        given = {**(_read_parts(teile) if teile else {}), **given}
        (draft,) = commands.enter("report", given, station.parse_context())
        short = radio_form(station.context(), draft.changes)
        drafts = [commands.with_more(draft, {"summary": short})]
        operations = station.coded(drafts)
        write(station, drafts)
        say(f"Lagemeldung {tactical(station.now())} gespeichert: {short}")
        size = sum(map(len, operations))
        note(f"({_air(size, runs_needed(operations))})")


@reports.command("tagebuch")
@_target
@click.option("--seit", default="", help="Ab dieser Zeit.")
@click.option("--bis", default="", help="Bis zu dieser Zeit.")
@click.option("--stelle", default="", help="Abschrift einer anderen Stelle (frühere: Kürzel).")
@click.pass_context
def journal(ctx: click.Context, datei: Path, seit: str, bis: str, stelle: str) -> None:
    """Das Einsatztagebuch als PDF mit Prüfzeile."""
    from lage.reports.printout import journal_pdf
    from lage.views.journal_line import Period

    with open_station(ctx) as station:
        now = station.now()
        whole = Period()
        period = Period(
            parse_time(seit, now, Lean.PAST) if seit else whole.since,
            parse_time(bis, now, Lean.PAST) if bis else whole.until,
        )
        head = head_of(station, "Einsatztagebuch")
        author = None
        if stelle:
            coded = [s for s in station.directory.staffs if s.code == stelle.strip().upper()]
            staff = coded[0] if coded else station.directory.find(stelle)
            author, head = staff.number, replace(head, staff=staff.name)
        progress = show_progress("Einsatztagebuch")
        _write(datei, journal_pdf(station, head, period, progress, author))


@reports.command("nachricht")
@click.argument("nummer")
@_target
@click.pass_context
def message(ctx: click.Context, nummer: str, datei: Path) -> None:
    """Eine Nachricht als Nachrichtenvordruck (PDF)."""
    from lage.reports.message_form import message_pdf
    from lage.views.message_sheet import message_sheet

    with open_station(ctx) as station:
        record = find_message(station, nummer)
        head = head_of(station, f"Nachrichtenvordruck {station.directory.label(record)}")
        _write(datei, message_pdf(message_sheet(record, station.context()), head))


STOCK = "bestaende"
_EXPORTS = {card.export: kind for kind, card in CARDS.items() if card.export}
"""What can be exported, and the kind of its entries; balances are a sum over entries."""


@reports.command("daten")
@click.argument("art", type=click.Choice([*_EXPORTS, STOCK]))
@_target
@click.pass_context
def data(ctx: click.Context, art: str, datei: Path) -> None:
    """Alle Einträge einer Art als .csv (Excel), .geojson oder .json; die Endung entscheidet.

    Vorfälle, Sperren, Kräfte, Unterkünfte, Messstellen, Messwerte, Vorhersagen und „bestaende“
    liest „lage import“ wieder ein. Alles andere ist das unterschriebene Wort einer Stelle: es reist
    mit seiner Unterschrift, über Funk, Netz oder „lage kurier“.
    """
    from lage.reports import tables

    if art == STOCK:
        _write_stock(ctx, datei)
        return
    writers = {".csv": tables.csv_of, ".geojson": tables.geojson_of, ".json": tables.json_of}
    write = writers.get(datei.suffix.lower())
    kind = _EXPORTS[art]
    if write is None:
        raise UsageError("Die Datei muss auf .csv, .geojson oder .json enden.")
    if write is tables.geojson_of and not has_place(kind):
        raise UsageError(f"{art} haben keine Koordinaten: bitte .csv oder .json nehmen.")
    with open_station(ctx) as station:
        context = station.context()
        records = tables.all_records(context, kind, show_progress(art))
        _write(datei, write(kind, records, context, exercise=station.exercise))


def _write_stock(ctx: click.Context, path: Path) -> None:
    from lage.reports import tables
    from lage.views.stock import stock_lines

    write = {".csv": tables.stock_csv, ".json": tables.stock_json}.get(path.suffix.lower())
    if write is None:
        raise UsageError("Die Datei muss auf .csv oder .json enden.")
    with open_station(ctx) as station:
        _write(path, write(stock_lines(station.context()), exercise=station.exercise))


def _earlier(option: str, text: str) -> Callable[..., Any]:
    kind = click.Path(dir_okay=False, path_type=Path)
    return click.option(option, type=kind, multiple=True, help=text)


def _bytes_of(path: Path) -> bytes:
    try:
        return read_regular(path, FILE_BYTES_MAX)
    except OSError as error:
        raise UsageError(f"Die Datei {path} ist nicht lesbar: {why(error)}.") from error


@reports.command("cap")
@click.argument("nummer")
@_target
@click.option("--titel", required=True, help="Überschrift der Warnung.")
@click.option("--anweisung", default="", help="Was die Menschen tun sollen.")
@click.option("--absender", default="", help="Kennung des Absenders, z. B. kreis-steinfurt.de.")
@click.option("--gebiet", is_flag=True, help="NUMMER ist der Name eines gezeichneten Gebiets.")
@click.option(
    "--dringlichkeit",
    default="",
    help="Immediate, Expected, Future, Past; leer: Immediate, bei Entwarnung Past.",
)
@click.option("--schwere", default="", help="Extreme, Severe, Moderate, Minor; leer: Priorität.")
@click.option("--gewissheit", default="Observed", help="Observed, Likely, Possible, Unlikely.")
@click.option("--gueltig-bis", default="", help="Ende der Warnung, z. B. „in 6 h“ oder 2200.")
@_earlier("--aktualisiert", "Datei der Warnung, die diese ersetzt; mehrmals möglich.")
@_earlier("--hebt-auf", "Datei der Warnung, die hiermit endet; mehrmals möglich.")
@click.pass_context
def cap(
    ctx: click.Context,
    nummer: str,
    datei: Path,
    titel: str,
    anweisung: str,
    absender: str,
    gebiet: bool,
    dringlichkeit: str,
    schwere: str,
    gewissheit: str,
    gueltig_bis: str,
    aktualisiert: tuple[Path, ...],
    hebt_auf: tuple[Path, ...],
) -> None:
    """Eine Warnung zu einem Vorfall oder Gebiet als CAP 1.2 schreiben (gesendet wird nichts).

    Zu einer schon gesendeten Warnung schreibt --aktualisiert die neue Fassung und --hebt-auf die
    Entwarnung; beide verweisen auf die frühere, deren Datei man nennt.
    """
    from lage.cli.entries import find
    from lage.reports.cap import WarningText, cap_of, read_earlier

    with open_station(ctx) as station:
        record = find(station, "area" if gebiet else "incident", nummer)
        ends = parse_time(gueltig_bis, station.now(), Lean.FUTURE) if gueltig_bis else None
        earlier = tuple(
            read_earlier(_bytes_of(path), path.name) for path in (*aktualisiert, *hebt_auf)
        )
        if aktualisiert and hebt_auf:
            raise UsageError("Bitte entweder --aktualisiert oder --hebt-auf angeben.")
        urgency = dringlichkeit or ("Past" if hebt_auf else "Immediate")
        text = WarningText(
            titel, anweisung, urgency, schwere, gewissheit, ends, bool(hebt_auf), earlier
        )
        known = earlier[0].sender if earlier else "lage.local"
        sender = absender.strip() or known
        content = cap_of(record, text, station.context(), sender, exercise=station.exercise)
        _write(datei, content)


def _report(
    station: Station, stelle: str, teile: Path | None, free: dict[str, str | None]
) -> SituationReport:
    given = latest_free_parts(station.context())
    if teile is not None:
        given = _read_parts(teile)
    given |= {name: text for name, text in free.items() if text is not None}
    for name, text in given.items():
        parse_field("report", name, text, station.parse_context())
    staffs = station.directory.find_all(stelle) if stelle else ()
    return situation_report(station.context(), given, staffs)


def _read_parts(path: Path) -> dict[str, str]:
    found = read_toml(path)
    names = {option: name for name, option in _OPTION.items()}
    unknown = sorted(set(found) - set(names))
    if unknown:
        raise UsageError(
            f"{', '.join(unknown)} gibt es nicht; möglich: {', '.join(_OPTION.values())}."
        )
    return {names[key]: str(text).strip() for key, text in found.items() if str(text).strip()}


def _quoted(text: str) -> str:
    """Text for a TOML string of several lines."""
    return text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')


def _cost(station: Station, report: SituationReport) -> tuple[int, int]:
    """Bytes and packets that the short form alone takes when ``melden`` writes it."""
    values: dict[str, Change] = {"until": report.at, "summary": report.short}
    operations = station.coded([Draft("report", values)])
    return sum(map(len, operations)), runs_needed(operations)


def _air(size: int, packets: int, characters: int | None = None) -> str:
    said = "" if characters is None else f"{characters} Zeichen; "
    plural = "Paket" if packets == 1 else "Pakete"
    return f"{said}über Funk {packets} {plural}, {size} Bytes ohne Unterschrift"


def _write(path: Path, content: bytes, *, quiet: bool = False) -> None:
    write_whole(path, content)
    if not quiet:
        say(f"Geschrieben: {path} ({len(content)} Bytes).")


def _print_report(station: Station, report: SituationReport) -> None:
    if station.exercise:
        say(EXERCISE)
    say(f"Lagemeldung {report.staff}, Stand {tactical(report.at)}")
    for number, part in enumerate(report.parts, 1):
        say(f"\n{number}. {part.title}")
        if part.columns:
            print_table(part.columns, part.rows)
        else:
            say(part.text)
    if station.exercise:
        say(f"\n{EXERCISE}")


def _report_json(station: Station, report: SituationReport) -> dict[str, Any]:
    size, packets = _cost(station, report)
    return {
        "stelle": report.staff,
        "netz": station.network_name,
        "uebung": station.exercise,
        "stand": utc(report.at),
        "kurzform": report.short,
        "funk": {"zeichen": len(report.short), "bytes": size, "pakete": packets},
        "zahlen": dict(report.figures),
        "teile": [
            {
                "titel": part.title,
                "text": part.text,
                "zeilen": [dict(zip(part.columns, row, strict=True)) for row in part.rows],
            }
            for part in report.parts
        ],
    }
