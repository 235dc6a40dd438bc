# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The Lagemeldung: what the situation itself says, with the parts that people write.

Figures come from the situation at the moment of looking. "Not known" is never counted as zero: a
sum says how many incidents gave no figure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lage.kinds.cards import CARDS
from lage.kinds.cards.supply_state import SERVICES
from lage.kinds.model import Query, Record, Where
from lage.kinds.reader import ViewContext
from lage.kinds.states import is_late, open_only
from lage.language.plain import plain
from lage.language.strength import Strength
from lage.language.tactical import clock, tactical
from lage.views import cells
from lage.views.gauges import GaugeView, gauge_views
from lage.views.lists import LISTS
from lage.views.merged import HARM, with_people
from lage.views.overview import ServiceRow, gravity, helper_counts, service_rows
from lage.views.since_report import Since, since_last_report
from lage.views.situation_short import short_form
from lage.views.stock import stock_lines
from lage.views.sums import occupancy, strength_of, total, total_strength
from lage.views.words import short_value

ROWS_MAX = 500
"""Rows of one table; its heading says when there are more."""

COUNTED_MAX = 100_000
FREE_PARTS: Mapping[str, str] = {
    "general": "Allgemeine Lage",
    "measures": "Maßnahmen",
    "weather": "Wetter",
    "intent": "Absicht / Nächste Schritte",
    "reachability": "Erreichbarkeit",
}
"""Fields of the kind ``report`` that people write, with their headings."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the report: running text, or a table."""

    title: str
    text: str = ""
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    widths: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class SituationReport:
    """A whole Lagemeldung, ready for paper, radio or a program."""

    staff: str
    at: int  # log time of the figures
    parts: tuple[Part, ...]
    short: str  # for the radio
    figures: Mapping[str, int | str | None]


def situation_report(
    context: ViewContext,
    free: Mapping[str, str],
    staffs: tuple[int, ...] = (),
) -> SituationReport:
    """The report of all staffs' entries, or of those named only."""
    incidents = with_people(_of(context, "incident", staffs), context)
    units = _of(context, "unit", staffs)
    requests = _of(context, "request", staffs)
    gauges = [view for view in gauge_views(context, 60) if view.readings]
    services = service_rows(context)
    harm = {name: total(incidents, name) for name in HARM}
    strength = total_strength(units)
    shelters = _of(context, "shelter", staffs)
    parts = (
        _free("general", free),
        _changes(since_last_report(context, staffs)),
        _incidents(incidents, context),
        Part("Betroffene", "; ".join(f"{label}: {harm[name]!s}" for name, label in HARM.items())),
        _units(units, strength, context),
        _supplies(context),
        _helpers(context),
        _shelters(shelters),
        _areas(_of(context, "area", staffs), context),
        _free("measures", free),
        _tasks(_of(context, "task", staffs), context),
        _services(services),
        *_others(context, staffs),
        _gauges(gauges, context),
        _free("weather", free),
        _free("intent", free),
        _requests(requests, context),
        _reachability(context, free),
    )
    short = short_form(context, incidents, harm, strength, gauges, services, free)
    figures: dict[str, int | str | None] = {
        "vorfaelle_offen": len(incidents),
        **{label.lower(): harm[name].known for name, label in HARM.items()},
        **{f"{label.lower()}_ohne_angabe": harm[name].unknown for name, label in HARM.items()},
        "staerke": str(strength),
        "anforderungen_offen": len(requests),
    }
    staff = context.directory.name(context.me)
    return SituationReport(staff, context.now, parts, short, figures)


def radio_form(context: ViewContext, values: Mapping[str, object]) -> str:
    """The short form that goes with a Lagemeldung of these free parts."""
    free = {name: str(values[name]) for name in FREE_PARTS if name in values}
    return situation_report(context, free).short


def _of(context: ViewContext, kind: str, staffs: tuple[int, ...]) -> list[Record]:
    where = open_only(kind)
    if staffs:
        where = (*where, Where("author", "in", staffs))
    return context.reader.select(Query(kind, where, limit=COUNTED_MAX))


def _heading(title: str, rows: Sequence[object]) -> str:
    return title if len(rows) <= ROWS_MAX else f"{title}: {ROWS_MAX} von {len(rows)}"


def _free(name: str, free: Mapping[str, str]) -> Part:
    return Part(FREE_PARTS[name], free.get(name, "").strip() or "keine Angaben")


def _incidents(rows: list[Record], context: ViewContext) -> Part:
    if not rows:
        return Part("Schadenlage / Ereignisse", "keine offenen Vorfälle")
    heading = _heading("Schadenlage / Ereignisse, die schwersten zuerst", rows)

    def cell(row: Record, name: str) -> str:
        return short_value("incident", name, row.values.get(name), context)

    table = tuple(
        (
            context.directory.label(row),
            clock(row.event_time, context.now),
            f"{cell(row, 'type')}, {cell(row, 'priority')}",
            cell(row, "status"),
            _where(row),
            cell(row, "text"),
            "/".join(str(row.values.get(name, "?")) for name in HARM),
        )
        for row in sorted(rows, key=gravity)[:ROWS_MAX]
    )
    titles = ("Nr.", "Zeit", "Art, Priorität", "Status", "Ort", "Lage", "B/V/Vm/T")
    return Part(heading, "", titles, table, (8, 8, 14, 10, 14, 32, 9))


def _where(row: Record) -> str:
    """Place and municipality, whichever are known."""
    return plain(", ".join(filter(None, (row.text("place"), row.text("municipality"))))) or "-"


def _changes(since: Since | None) -> Part:
    """What became new or different since this staff last reported."""
    if since is None:
        return Part("Änderungen", "erste Lagemeldung dieser Stelle")
    title = f"Änderungen seit der Lagemeldung {tactical(since.report)}"
    if not since.changes:
        return Part(title, "keine")
    rows = tuple(since.changes[:ROWS_MAX])
    return Part(_heading(title, since.changes), "", ("Was", "Stelle"), rows, (78, 22))


def _areas(rows: list[Record], context: ViewContext) -> Part:
    if not rows:
        return Part("Gebiete", "keine eingezeichnet")
    table = tuple(
        (
            row.text("type"),
            plain(row.text("name", "-")),
            context.county.dwellers(row),
            plain(row.text("note", "-")),
            context.directory.name(row.id.author),
        )
        for row in rows[:ROWS_MAX]
    )
    titles = ("Art", "Name", "Menschen darin", "Bemerkung", "Stelle")
    return Part(_heading("Gebiete", rows), "", titles, table, (14, 18, 30, 20, 18))


def _tasks(rows: list[Record], context: ViewContext) -> Part:
    if not rows:
        return Part("Aufträge", "keine offenen")
    rows = sorted(rows, key=lambda row: (row.moment("due") or 2**40, row.id))
    late = sum(is_late(row, context.now) for row in rows)
    table = tuple(
        (
            context.directory.label(row),
            cells.addressees(row, context),
            plain(row.text("text")),
            cells.due(row, context),
            row.text("status", "offen"),
            plain(row.text("feedback", "-")),
        )
        for row in rows[:ROWS_MAX]
    )
    title = _heading(f"Aufträge, offen {len(rows)}, davon überfällig {late}", rows)
    titles = ("Nr.", "An", "Auftrag", "Bis", "Status", "Rückmeldung")
    return Part(title, "", titles, table, (9, 16, 34, 12, 12, 17))


def _units(units: list[Record], strength: Strength, context: ViewContext) -> Part:
    if not units:
        return Part("Eigene Lage: Kräfte", "keine Einheiten gemeldet")

    def cell(unit: Record, name: str) -> str:
        return short_value("unit", name, unit.values.get(name), context)

    rows = tuple(
        (
            plain(unit.text("name")),
            cell(unit, "organisation"),
            str(strength_of(unit)),
            unit.text("status", "-"),
            cell(unit, "place"),
            cell(unit, "task" if unit.ref("incident") is None else "incident"),
            cell(unit, "relief"),
        )
        for unit in units[:ROWS_MAX]
    )
    title = _heading(f"Eigene Lage: Kräfte, zusammen {strength}", units)
    titles = ("Einheit", "Organisation", "Stärke", "Status", "Ort", "Für", "Ablösung")
    return Part(title, "", titles, rows, (21, 13, 14, 14, 18, 9, 11))


def _supplies(context: ViewContext) -> Part:
    lines = stock_lines(context)
    rows = tuple(
        (
            plain(line.item),
            plain(line.place),
            f"{line.amount} {line.unit}".strip(),
            "-" if line.minimum is None else str(line.minimum),
            "zu wenig" if line.short else "",
        )
        for line in lines[:ROWS_MAX]
    )
    if not rows:
        return Part("Eigene Lage: Mittel", "keine Bestände gemeldet")
    titles = ("Material", "Ort", "Bestand", "Minimum", "")
    return Part(_heading("Eigene Lage: Mittel", lines), "", titles, rows, (30, 25, 18, 15, 12))


def _helpers(context: ViewContext) -> Part:
    free, busy = helper_counts(context)
    return Part("Spontanhelfende", f"{free} verfügbar, {busy} eingeplant oder im Einsatz")


def _shelters(rows: list[Record]) -> Part:
    if not rows:
        return Part("Notunterkünfte", "keine gemeldet")
    table = tuple(
        (
            plain(row.text("name")),
            plain(row.text("municipality", "-")),
            f"{row.values.get('occupied', '?')!s} von {row.values.get('capacity', '?')!s}",
            row.text("status", "-"),
        )
        for row in rows[:ROWS_MAX]
    )
    titles = ("Name", "Gemeinde", "Belegt", "Status")
    heading = _heading(f"Notunterkünfte, {occupancy(rows)}", rows)
    return Part(heading, "", titles, table, (40, 25, 17, 18))


def _services(rows: list[ServiceRow]) -> Part:
    if not rows:
        return Part("Versorgungslage", "keine Meldungen")
    table = [
        (plain(row.municipality), *(state or "?" for state in row.states), row.people)
        for row in rows
    ]
    titles = ("Gemeinde", *SERVICES, "Betroffene")
    return Part("Versorgungslage", "", titles, tuple(table), (14, 12, 12, 12, 12, 12, 12, 14))


def _others(context: ViewContext, staffs: tuple[int, ...]) -> list[Part]:
    """Kinds whose card asks for a part, as their list shows them; none where nothing is open."""
    parts = []
    for kind, card in CARDS.items():
        rows = _of(context, kind, staffs) if card.reported else []
        if rows:
            columns = LISTS[kind].columns
            table = tuple(
                tuple(column.cell(row, context) for column in columns) for row in rows[:ROWS_MAX]
            )
            titles = tuple(column.title for column in columns)
            widths = tuple(column.width + 6 * column.weight for column in columns)
            parts.append(Part(_heading(card.plural, rows), "", titles, table, widths))
    return parts


def _gauges(views: list[GaugeView], context: ViewContext) -> Part:
    if not views:
        return Part("Pegel", "keine Messwerte")
    rows = []
    for view in views:
        latest = view.latest
        trend = "?" if view.trend_per_hour is None else f"{view.rate}/h"
        forecast = "-"
        if view.next_threshold is not None and view.reached_at is not None:
            when = clock(view.reached_at, context.now)
            forecast = f"{view.show(view.next_threshold)} gegen {when} (linear)"
        rows.append(
            (
                plain(view.name),
                f"{view.show(latest.value)} {view.unit}" if latest else "unbekannt",
                (clock(latest.time, context.now) if latest else "-")
                + (" stumm" if view.stale else ""),
                trend,
                f"Info {view.level}" if view.level else "-",
                forecast,
            )
        )
    titles = ("Pegel", "Wert", "Zeit", "Trend", "Stufe", "Nächste Schwelle")
    return Part("Pegel", "", titles, tuple(rows), (24, 14, 14, 10, 10, 28))


def _requests(rows: list[Record], context: ViewContext) -> Part:
    if not rows:
        return Part("Anforderungen", "keine offenen")

    def cell(row: Record, name: str) -> str:
        return short_value("request", name, row.values.get(name), context)

    table = tuple(
        (
            context.directory.label(row),
            cell(row, "item") if "item" in row.values else cell(row, "text"),
            f"{cell(row, 'amount')} {row.text('unit')}".strip(),
            cell(row, "place"),
            cells.due(row, context),
            f"{cells.addressees(row, context)}, {row.text('priority', 'einfach')}",
            cell(row, "status"),
        )
        for row in rows[:ROWS_MAX]
    )
    titles = ("Nr.", "Was", "Menge", "Wohin", "Bis", "An, Vorrang", "Status")
    heading = _heading("Anforderungen", rows)
    return Part(heading, "", titles, table, (9, 24, 12, 17, 11, 16, 11))


def _reachability(context: ViewContext, free: Mapping[str, str]) -> Part:
    own = Query("contact", (Where("author", "=", context.me),), order="nr", descending=False)
    lines = [
        f"{row.text('function')}: {plain(row.text('text'))}" for row in context.reader.select(own)
    ]
    said = free.get("reachability", "").strip()
    return Part(FREE_PARTS["reachability"], "; ".join([*filter(None, [said]), *lines]) or "keine")


def latest_free_parts(context: ViewContext) -> dict[str, str]:
    """What this staff wrote in its last Lagemeldung, to go on from."""
    own = Query("report", (Where("author", "=", context.me),), order="entered", limit=1)
    found = context.reader.select(own)
    if not found:
        return {}
    return {n: found[0].text(n) for n in FREE_PARTS if n in found[0].values}
