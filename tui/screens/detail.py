# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""One entry in full: as lines for the pane beside a list, and as a screen of its own."""

from __future__ import annotations

from dataclasses import replace

from textual.app import ComposeResult

from lage.language.plain import plain
from lage.station import Station
from lage.views.detail import Detail, Standing, detail
from lage.views.status import READABLE
from sync.schema.definition import EntityId
from tui import actions
from tui.actions import Action
from tui.forms import helpers
from tui.paint import Line, fit, wrap
from tui.screens.base import LageScreen, View, bindings
from tui.screens.entry import EntryView
from tui.terminal import Glyphs
from tui.widgets.base import Reader

LABEL, LABEL_MAX = 15, 28
ROLES = {Standing.PLAIN: "text", Standing.CONFIRMED: "ok", Standing.LATE: "warn"}


def kind_of(station: Station, entity: EntityId) -> str:
    """The kind of an entry; empty where it is not here."""
    record = station.reader.get(entity)
    return record.kind if record is not None else ""


def read_detail(station: Station, entity: EntityId) -> Detail | None:
    """The entry's detail, of an area with who lives in it; runs in the bridge."""
    shown = detail(entity, station.context())
    if shown is None or shown.record.kind != "area":
        return shown
    people = ("Darin wohnen", station.dwellers(shown.record))
    return replace(shown, fields=(*shown.fields, people))


def read_whole(station: Station, entity: EntityId) -> Detail | None:
    """The detail, with a helper's private part where this node may open it; not on a display.

    Only for the screen that somebody opens on purpose, not for the pane beside a list.
    """
    shown = read_detail(station, entity)
    if shown is None or shown.record.kind != "helper" or station.read_only:
        return shown
    return replace(shown, fields=(*shown.fields, *helpers.person_fields(station, shown.record)))


def detail_lines(shown: Detail, width: int, glyphs: Glyphs) -> list[Line]:
    """Title, long text first, then fields, delivery, what refers to it, history."""
    lines: list[Line] = [((f"{shown.title}", "title"),), ()]
    longest = max((len(label) for label, _ in shown.fields), default=0)
    space = max(LABEL, min(longest + 1, LABEL_MAX, width // 3))
    texts = [pair for pair in shown.fields if len(pair[1]) > width - space]
    for label, value in shown.fields:
        if (label, value) not in texts:
            lines.append(((f"{fit(label, space - 1, glyphs)} ", "dim"), (value, "text")))
    for label, value in texts:
        lines.append(((f"{label}:", "dim"),))
        lines += [((f"  {part}", "bold"),) for part in wrap(value, width - 2, glyphs)]
    lines += [(), (("Empfang", "head"),)]
    for said in shown.delivery_lines:
        lines += [((part, ROLES[said.standing]),) for part in wrap(said.text, width, glyphs)]
    if shown.related:
        lines += [(), (("Dazu", "head"),)]
        for label, text in shown.related:
            lines += [((part, "text"),) for part in wrap(f"{label}: {text}", width, glyphs)]
    lines += [(), (("Verlauf", "head"),)]
    for step in shown.history:
        note = f" [{step.note}]" if step.note else ""
        text = f"{step.time} {plain(step.author)}: {step.what}{note}"
        lines += [
            ((part, "warn" if step.note or step.lost else "dim"),)
            for part in wrap(text, width, glyphs)
        ]
    return lines


class DetailView(EntryView):
    """The content of the detail screen."""

    groups = (actions.ENTRY,)

    def __init__(self, entity: EntityId, kind: str) -> None:
        super().__init__()
        self._entity = entity
        self._kind = kind  # known before it is shown: keys may come at once
        self.title = "Eintrag"

    def compose(self) -> ComposeResult:
        """A text to scroll."""
        yield Reader(id="detail")

    def selected(self) -> EntityId | None:
        """The entry shown."""
        return self._entity

    def selected_kind(self) -> str:
        """Its kind."""
        return self._kind

    def start(self) -> None:
        """Arrows scroll."""
        self.screen.set_focus(self.query_one(Reader))

    async def on_resize(self) -> None:
        """Lines break anew."""
        await self.refresh_data()

    async def refresh_data(self) -> None:
        """Read the entry again."""
        lines = await self.or_instead(self._lines())
        if not self.ready:
            return
        self.query_one(Reader).show(lines, keep=True)
        screen = self.screen
        if isinstance(screen, LageScreen):
            screen.show_keys()

    async def _lines(self) -> list[Line]:
        entity = self._entity
        shown = await self.lage.bridge.look(lambda station: read_whole(station, entity))
        if shown is None:
            return [(("Dieser Eintrag ist noch nicht empfangen.", "warn"),)]
        self._kind, self.title = shown.record.kind, shown.title
        width = max(20, self.query_one(Reader).size.width)
        return detail_lines(shown, width, self.lage.painter.glyphs)


class DetailScreen(LageScreen):
    """The detail over the whole screen; Esc goes back to the list."""

    BINDINGS = bindings(actions.ENTRY)

    def __init__(self, entity: EntityId, kind: str) -> None:
        super().__init__()
        self._view = DetailView(entity, kind)

    @property
    def view(self) -> View:
        """The one view."""
        return self._view

    def body(self) -> ComposeResult:
        """Just the detail."""
        yield self._view

    async def on_mount(self) -> None:
        """Read and show."""
        self._view.start()
        await self._view.renew()
        entity = self._view.selected()
        if entity is not None and self._view.selected_kind() in READABLE:
            await self.lage.reading.mark_read(entity)
        self.show_frame()
        await self.point_out(entity)

    def bar_actions(self) -> list[Action]:
        """Deeds on the entry, and the way back."""
        return [*super().bar_actions(), actions.ACTIONS["zurueck"]]

    def act_zurueck(self) -> None:
        """Back to where it was opened."""
        self.dismiss(None)
