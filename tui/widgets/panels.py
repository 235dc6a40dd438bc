# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The overview as panels of rows. Pure.

A panel or a row that cannot be built says so in its place; the others stay.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

from lage.kinds.cards.supply_state import SERVICES
from lage.kinds.model import Record
from lage.kinds.reader import ViewContext
from lage.kinds.states import is_late
from lage.language.plain import plain
from lage.language.tactical import age, clock
from lage.views.fence import each, fenced
from lage.views.gauges import GaugeView
from lage.views.merged import HARM, people
from lage.views.network import NetworkView
from lage.views.overview import Overview
from lage.views.status import ReadMarks
from lage.views.words import short_value
from tui.forms.key import FormKey
from tui.paint import Line, Span, fit
from tui.terminal import Glyphs
from tui.widgets.panel import INDENT, Panel, PanelRow, Room
from tui.widgets.placing import columns
from tui.widgets.sparkline import sparkline
from tui.widgets.todo import todo_panel

SPARK = 10
NAME_MAX = 24


def panels(
    view: Overview,
    network: NetworkView,
    context: ViewContext,
    marks: ReadMarks,
    drafts: Sequence[tuple[FormKey, str]],
    glyphs: Glyphs,
    width: int,
    *,
    boxed: bool = False,
) -> tuple[Panel, ...]:
    """Everything on the first screen of that width, what is to be done first; boxed rows have two
    lines."""
    left, right = (cells - 1 - 2 * boxed for cells in columns(width))
    room = Room(left, 2 if boxed else 1, glyphs)
    whole = replace(room, cells=width - 1 - 2 * boxed)

    def built(part: str, key: str, title: str, go: str, make: Callable[[], Panel]) -> Panel:
        def instead(words: str) -> Panel:
            return Panel(key, title, (PanelRow(((f" {words}", "warn"),), go=go),), go)

        failed = view.unshown.get(part)
        return instead(failed) if failed else fenced(make, instead, context)

    return (
        built("alarms", "alarme", "ZU TUN ?", "alarme",
              lambda: todo_panel(view, context, marks, drafts, whole)),
        built("incidents", "vorfaelle", "VORFÄLLE", "incident",
              lambda: _incidents(view, context, room)),
        built("messages", "nachrichten", "NACHRICHTEN", "message",
              lambda: _messages(view, context, marks, room)),
        built("tasks", "auftraege", "AUFTRÄGE", "task", lambda: _tasks(view, context, room)),
        built("gauges", "pegel", "PEGEL", "pegel", lambda: _gauges(view, context, glyphs, right)),
        built("services", "versorgung", "VERSORGUNG", "versorgung",
              lambda: _services(view, context)),
        built("shortages", "material", "MATERIAL", "material", lambda: _shortages(view)),
        built("helpers", "helfer", "HELFER", "helper", lambda: _helpers(view)),
        built("network", "netz", "NETZ", "netz", lambda: _network(network, context)),
    )  # fmt: skip


def _odd(record: Record, words: str) -> PanelRow:
    """The row of an entry that cannot be shown; Enter opens what there is of it."""
    return PanelRow(((f" {words}", "warn"),), record.id)


def _incidents(view: Overview, context: ViewContext, room: Room) -> Panel:
    """The worst one in full, whatever the width: what, where, how it stands, who is hurt."""

    def lead(record: Record, size: int) -> tuple[Span, ...]:
        critical = record.text("priority") == "kritisch"
        label = f"{context.directory.label(record):{size}} "
        return ("!" if critical else " ", "warn"), (label, "bold")

    def row(record: Record) -> PanelRow:
        if record is view.incidents[0]:
            return worst(record)
        text = f"{record.text('type')} {_where(record)}"
        line, below = room.spread(
            (*lead(record, 8), (f"{clock(record.event_time, context.now)} ", "dim")), text
        )
        return PanelRow(line, record.id, below=below)

    def worst(record: Record) -> PanelRow:
        town = plain(record.text("municipality"))
        high = replace(room, lines=2)
        line, below = high.spread(lead(record, 0), f"{record.text('type')} {town}".strip(), "bold")
        told, more = high.spread(((" " * INDENT, "text"),), _state(record, context), "warn")
        said, rest = high.spread(((" " * INDENT, "text"),), _where(record))
        return PanelRow(line, record.id, below=(*below, told, *more, said, *rest))

    rows = tuple(each(view.incidents, row, _odd, context))
    return Panel("vorfaelle", f"VORFÄLLE offen {view.incidents_open}", rows, "incident")


def _where(record: Record) -> str:
    """Where it is and what is the matter there."""
    place = plain(record.text("place") or record.text("municipality"))
    return f"{place}: {plain(record.text('text'))}" if place else plain(record.text("text"))


def _state(record: Record, context: ViewContext) -> str:
    """``offen, kritisch, Verletzte 3``: how an incident stands, and who is hurt."""
    figures = people(record, context)
    harm = [f"{HARM[n]} {figures.whole(n)}" for n in HARM if figures.whole(n) is not None]
    return ", ".join([record.text("status"), record.text("priority", "mittel"), *harm])


def _messages(view: Overview, context: ViewContext, marks: ReadMarks, room: Room) -> Panel:
    def row(record: Record) -> PanelRow:
        unread = marks.unread(record, context)
        priority = record.text("priority")
        urgent = priority in ("blitz", "staatsnot")
        spans: list[Span] = [
            ("*" if unread else " ", "bold"),
            (f"{context.directory.label(record):8} ", "bold" if unread else "text"),
            (f"{clock(record.event_time, context.now)} ", "dim"),
        ]
        if priority != "einfach":
            spans.append((f"{priority.upper()} ", "warn" if urgent else "bold"))
        text = short_value("message", "text", record.values["text"], context)
        line, below = room.spread(spans, text)
        return PanelRow(line, record.id, below=below)

    rows = tuple(each(view.messages, row, _odd, context))
    unread_count = sum(1 for record in view.messages if marks.unread(record, context))
    heading = "NACHRICHTEN an uns" + (f", {unread_count} neu" if unread_count else "")
    return Panel("nachrichten", heading, rows, "message")


def _tasks(view: Overview, context: ViewContext, room: Room) -> Panel:
    def row(record: Record) -> PanelRow:
        due, late = record.moment("due"), is_late(record, context.now)
        until = "-" if due is None else clock(due, context.now)
        lead: Line = (
            ("!" if late else " ", "warn"),
            (f"{context.directory.label(record):8} ", "bold"),
            (f"bis {until} ", "warn" if late else "dim"),
        )
        line, below = room.spread(lead, plain(record.text("text")))
        return PanelRow(line, record.id, below=below)

    rows = tuple(each(view.tasks, row, _odd, context))
    return Panel("auftraege", f"AUFTRÄGE für uns {view.tasks_open}", rows, "task")


def gauge_line(view: GaugeView, now: int, glyphs: Glyphs, width: int) -> Line:
    """``Greven  612 cm +12/h INFO 2 ▁▂▃▅``: name and sparkline share what the figures leave.

    A value that is overdue is dimmed, has no trend, and says how old it is.
    """
    latest, old = view.latest, view.stale
    value = view.show(latest.value) if latest else "?"
    trend = "" if view.trend_per_hour is None or old else f"{view.rate}/h"
    series = [r.value for r in reversed(view.readings) if r.plausible]
    state = view.state
    if old:
        ago = f"vor {age(latest.time, now)}" if latest else "STUMM"
        state = f"{ago} I{view.level}" if view.level else ago
    figures = f" {value:>4} {view.unit} {trend:>5} "
    room = width - len(figures) - 2 - max(6, len(state))
    spark = min(SPARK, max(4, room // 3))
    return (
        ("!" if view.level else " ", "warn"),
        (fit(view.name, min(max(room - spark, 6), NAME_MAX), glyphs), "dim" if old else "bold"),
        (figures, "dim" if old else "text"),
        (f"{state:6} ", "warn" if state else "text"),
        (sparkline(series, spark, glyphs), "dim" if old else "water"),
    )


def _gauges(view: Overview, context: ViewContext, glyphs: Glyphs, width: int) -> Panel:
    def row(gauge: GaugeView) -> PanelRow:
        return PanelRow(gauge_line(gauge, context.now, glyphs, width), go="pegel")

    def odd(gauge: GaugeView, words: str) -> PanelRow:
        return PanelRow(((f" {words}", "warn"),), go="pegel")

    return Panel("pegel", "PEGEL", tuple(each(view.gauges, row, odd, context)), "pegel")


def _services(view: Overview, context: ViewContext) -> Panel:
    rows = []
    for place, service in enumerate(SERVICES):
        states = Counter(row.states[place] for row in view.services)
        down = [row.municipality for row in view.services if row.states[place] == "ausgefallen"]
        limited = states["eingeschränkt"]
        if not down and not limited:
            continue
        text = f"{len(down)} ausgefallen" if down else ""
        if limited:
            text += f"{', ' if text else ''}{limited} eingeschränkt"
        names = f": {', '.join(plain(name) for name in down)}" if down else ""
        rows.append(
            PanelRow(
                (
                    ("!" if down else " ", "warn"),
                    (f"{service:10} ", "bold"),
                    (text + names, "text"),
                ),
                go="versorgung",
            )
        )
    towns = len(context.county.towns())
    title = f"VERSORGUNG {len(view.services)} von {towns} gemeldet"
    return Panel("versorgung", title, tuple(rows), "versorgung")


def _shortages(view: Overview) -> Panel:
    rows = []
    for line in view.shortages:
        minimum = "" if line.minimum is None else f" von {line.minimum}"
        rows.append(
            PanelRow(
                (
                    ("!", "warn"),
                    (f"{plain(line.item)} ", "bold"),
                    (f"{plain(line.place)} {line.amount}{minimum} {plain(line.unit)}", "text"),
                ),
                go="material",
            )
        )
    return Panel("material", f"MATERIAL unter Minimum {len(rows)}", tuple(rows), "material")


def _helpers(view: Overview) -> Panel:
    text = f" {view.helpers_free} verfügbar, {view.helpers_busy} im Einsatz"
    row = PanelRow(((text, "text"),), go="helper")
    return Panel("helfer", f"HELFER {view.helpers_free + view.helpers_busy}", (row,), "helper")


def _network(network: NetworkView, context: ViewContext) -> Panel:
    radio = network.radio
    heard = sum(1 for node in network.nodes if node.heard is not None)
    behind = [node for node in network.nodes if node.behind]
    used, limit = radio.airtime_hour_ms / 1000, radio.airtime_limit_ms / 1000
    rows = [
        PanelRow(
            (
                (
                    f" {heard} von {len(network.nodes)} gehört, Sendezeit {used:.0f}/{limit:.0f} s",
                    "text",
                ),
            ),
            go="netz",
        )
    ]
    if radio.unsent:
        noun = "Eintrag" if radio.unsent == 1 else "Einträge"
        rows.append(PanelRow(((f" {radio.unsent} {noun} ungesendet", "warn"),), go="netz"))
    rows += [
        PanelRow(((f" {plain(node.name)}: {node.behind} dort unbestätigt", "text"),), go="netz")
        for node in behind
    ]
    rows += [
        PanelRow(((f"!Schlüssel von {plain(fork.name)} doppelt benutzt", "alarm"),), go="netz")
        for fork in network.forks
        if not fork.decided
    ]
    return Panel("netz", f"NETZ {radio.headline}", tuple(rows), "netz")
