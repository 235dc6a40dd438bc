# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Gauges: the list, and a chart of the last hours of the one under the cursor."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Container

from lage.language.plain import plain
from lage.language.tactical import age, clock
from lage.station import Station
from lage.views.band import Band, band_for
from lage.views.gauges import GaugeView, gauge_view, gauge_views
from lage.views.pages import Page, Row
from sync.schema.definition import EntityId
from tui.forms.new import create
from tui.paint import Line
from tui.screens.base import LageScreen
from tui.screens.lists import TableView
from tui.screens.tables import matches
from tui.terminal import Glyphs
from tui.widgets.base import Lines
from tui.widgets.chart import chart
from tui.widgets.log_table import GUTTER, Head, LogTable
from tui.widgets.sparkline import sparkline

HOURS = (1, 3, 6, 12, 24, 72, 168)
HOURS_FIRST_MAX = 12
LIST_ROWS = 7


def gauge_row(view: GaugeView, now: int, glyphs: Glyphs) -> Row:
    """One gauge as a row."""
    latest = view.latest
    series = [r.value for r in reversed(view.readings) if r.plausible]
    trend = "-" if view.stale else "?" if view.trend_per_hour is None else f"{view.rate}/h"
    ahead = "-"
    if view.next_threshold is not None:
        step = view.show(view.next_threshold)
        when = "" if view.reached_at is None else f" ~{clock(view.reached_at, now)}"
        ahead = f"{step}{when}"
    cells = (
        plain(view.name),
        f"{view.show(latest.value)} {view.unit}" if latest else "?",
        age(latest.time, now) if latest else "-",
        trend,
        sparkline(series, 10, glyphs),
        view.state,
        ahead,
    )
    return Row(view.name, cells, "warn" if view.state else "")


def fitting_hours(view: GaugeView, now: int) -> int:
    """The shortest duration that shows the whole series, at most ``HOURS_FIRST_MAX``."""
    oldest = min((r.time for r in view.readings), default=now)
    return next((h for h in HOURS if now - oldest <= h * 3600 or h >= HOURS_FIRST_MAX), HOURS[0])


def chart_lines(
    view: GaugeView,
    now: int,
    hours: int,
    width: int,
    height: int,
    glyphs: Glyphs,
    band: Band | None = None,
) -> list[Line]:
    """Heading, plot with scale, time axis."""
    first = now - hours * 3600
    shown = [r for r in view.readings if r.time >= first]
    doubtful = sum(1 for r in shown if not r.plausible)
    thresholds = [
        (f" {title} {view.show(value)}", float(value))
        for title, value in view.marks
        if title != "MNW"  # far below, it would flatten the curve
    ]
    note = f", {doubtful} zweifelhafte nicht gezeigt" if doubtful else ""
    title = f" {plain(view.name)}: letzte {hours} h{note}"
    expected = view.official
    said = [] if expected is None else [f"Vorhersage: {expected.words(view.show, view.unit, now)}"]
    if band is not None:
        said.append(f"Erwartet {band.words(view.show, view.unit, now)}")
    below: list[Line] = [((f" {plain(line)}"[:width], "text"),) for line in said]
    heading: Line = ((title, "title"), ("   h", "bold"), (" andere Dauer", "dim"))
    points = [(float(r.time), float(r.value)) for r in shown if r.plausible]
    scale = 8
    plot, (low, high) = chart(
        points,
        thresholds,
        width - scale - 1,
        height - 2 - len(below),
        glyphs,
        span=(float(first), float(now)),
    )
    if not plot:
        return [heading, *below, ((" keine Werte in dieser Zeit", "dim"),)]
    lines: list[Line] = [heading, *below]
    for index, row in enumerate(plot):
        label = ""
        if index in (0, len(plot) - 1, len(plot) // 2):
            level = high - (high - low) * index / max(1, len(plot) - 1)
            label = view.show(round(level))
        lines.append(((f"{label:>{scale - 1}} ", "dim"), *row))
    left, right = clock(first, now), clock(now, now)
    gap = " " * max(1, width - scale - 1 - len(left) - len(right))
    lines.append(((" " * scale + left + gap + right, "dim"),))
    return lines


class GaugesView(TableView):
    """List above, chart below."""

    title = "Pegel"
    kind = "gauge"
    new_word = "Wert eintragen"

    def __init__(self) -> None:
        super().__init__()
        self.filters += [("hoch", "ab Info 1"), ("stumm", "stumm"), ("beendet", "beendet")]
        self._hours: int | None = None  # None: what the series of the gauge fills
        self._shown_hours = HOURS[0]
        self._records: dict[str, EntityId] = {}
        self._written: dict[str, str] = {}

    def compose(self) -> ComposeResult:
        """Line, list, chart."""
        self.add_class("below")
        yield Lines([()], id="list-line")
        with Container(id="list-body"):
            yield LogTable(id="table")
            yield Lines(id="chart")

    def table_width(self) -> int:
        """The whole width: the chart stands below."""
        shared = self.across
        return shared.view - GUTTER - 2 * bool(shared.around)

    def heads(self) -> tuple[Head, ...]:
        """Name takes what is left."""
        width = self.table_width()
        fixed = [Head("Wert", 10, right=True), Head("Alter", 7), Head("Trend", 7, right=True),
                 Head("Verlauf", 10), Head("Stand", 7), Head("nächster Infowert", 17)]  # fmt: skip
        while sum(head.width + 1 for head in fixed) > width - 12 and len(fixed) > 2:
            fixed.pop()
        room = width - sum(head.width + 1 for head in fixed)
        return (Head("Pegel", min(max(room, 8), 30)), *fixed)

    async def fetch(self, offset: int, limit: int) -> Page:
        """All gauges, worst first."""
        text, key, glyphs = self.text, self.filter_key(), self.lage.painter.glyphs

        def read(station: Station) -> tuple[Page, dict[str, EntityId], dict[str, str]]:
            context = station.context()
            views = [
                view
                for view in gauge_views(context, ended=key == "beendet")
                if matches(text, view.name)
                and (key != "hoch" or view.level)
                and (key != "stumm" or view.stale)
            ]
            rows = tuple(
                gauge_row(view, context.now, glyphs) for view in views[offset : offset + limit]
            )
            records = {view.name: view.record.id for view in views if view.record is not None}
            written = {view.name: view.key for view in views}
            return Page(len(views), offset, rows), records, written

        page, self._records, self._written = await self.lage.bridge.work(read)
        return page

    def _table_height(self) -> int:
        """With its heading, and its box where there is one."""
        rows = min(LIST_ROWS, max(3, (self.size.height - 1) // 3))
        return rows + (3 if self.across.around else 1)

    async def load(self, *, from_top: bool = False) -> None:
        """List, then chart."""
        if not self.ready:
            return
        self.table.styles.height = self._table_height()
        await self.table.use(self.fetch_or_why_not, self.heads(), from_top=from_top)
        if not self.ready:
            return
        self.show_list_line()
        await self._draw()

    @on(LogTable.Moved)
    async def _row_changed(self) -> None:
        self.show_list_line()
        await self._draw()
        if isinstance(self.screen, LageScreen):
            self.screen.show_keys()

    async def _show_beside(self) -> None:
        """No detail here: the chart is the detail."""

    async def _draw(self) -> None:
        row = self.table.row
        area = self.query_one("#chart", Lines)
        if row is None:
            area.show()
            return
        box = 2 if self.across.around else 0
        name, chosen = str(row.key), self._hours
        width = self.table_width() + GUTTER
        height = self.size.height - 1 - self._table_height() - box
        glyphs = self.lage.painter.glyphs

        def read(station: Station) -> tuple[int, Sequence[Line]]:
            context = station.context()
            view = gauge_view(context, name, 2000)
            hours = chosen or fitting_hours(view, context.now)
            band = band_for(context, view)
            return hours, chart_lines(view, context.now, hours, width, height, glyphs, band)

        self._shown_hours, lines = await self.lage.bridge.look(read)
        if self.ready:
            area.show(*lines)

    def selected(self) -> EntityId | None:
        """The Stammdaten of the gauge, where there are some."""
        row = self.table.row if self.ready else None
        return self._records.get(str(row.key)) if row is not None else None

    async def act_zeitraum(self) -> None:
        """A longer or shorter time."""
        self._hours = HOURS[(HOURS.index(self._shown_hours) + 1) % len(HOURS)]
        await self._draw()

    async def act_oeffnen(self) -> None:
        """Its readings."""
        row = self.table.row
        if row is not None:
            name = str(row.key)
            await self.lage.go("reading", search=self._written.get(name, name))

    async def act_neu(self) -> None:
        """A reading for the gauge under the cursor."""
        row = self.table.row
        initial = {"gauge": str(row.key)} if row is not None else {}
        await self.lage.open_form(create("reading", initial))
