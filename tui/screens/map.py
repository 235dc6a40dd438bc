# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The map: pan, zoom, layers, a cursor that tells where it is, selecting, drawing an area.

The picture comes from ``maps.render`` as cells with roles; here they only get colours. It is drawn
again when something changed, never by itself.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from rich.segment import Segment
from rich.style import Style
from textual.app import ComposeResult
from textual.binding import Binding
from textual.strip import Strip

from lage.errors import UsageError
from lage.station import Station
from lage.views import scene
from lage.views.detail import title_of
from lage.views.words import plain
from maps.geo import Position, format_decimal, format_utm32, format_utmref
from maps.layers import Layers, load_layers
from maps.people import people_in
from maps.render import Cell, render, scale_line
from maps.roles import ALL_LAYERS, Layer, Role
from maps.scene import Area, Marker, Scene, nearest
from maps.viewport import Viewport
from sync.schema import EntityId, Point
from tui import actions, intents
from tui.actions import Action
from tui.screens.base import View, bindings
from tui.screens.dialogs import Choose, Option
from tui.terminal import Glyphs
from tui.widgets.base import Lines, LineWidget

MAP_FOLDER = "karten"
ZOOM = 1.5
PICK_CELLS = 3
CORNERS_MAX = 24

_STYLES = {Glyphs.FULL: "braille", Glyphs.PLAIN: "block", Glyphs.ASCII: "ascii"}
_ROLES = {
    Role.NEIGHBOUR: "dim", Role.BOUNDARY: "dim", Role.ROAD: "dim", Role.IMPORTED: "dim",
    Role.WATER: "water", Role.COUNTY: "bold", Role.LABEL: "bold", Role.LABEL_FAINT: "dim",
    Role.SCALE: "dim", Role.DANGER: "warn", Role.MEASURE: "ok", Role.WATER_SIGN: "water",
    Role.FIRE: "warn", Role.THW: "water", Role.AID: "bold", Role.POLICE: "ok",
    Role.COMMAND: "title", Role.PLACE_SIGN: "title", Role.RADIO: "ok", Role.FLOODED: "water",
    Role.EVACUATED: "warn", Role.CLOSED: "warn", Role.POWERLESS: "dim", Role.AREA: "ok",
    Role.DRAFT: "title", Role.CURSOR: "cursor", Role.SELECTED: "title",
}  # fmt: skip


def entity_of(key: str) -> EntityId | None:
    """The entity of a marker; None for other keys."""
    author, _, number = key.partition(":")
    return EntityId(int(author), int(number)) if author.isdigit() and number.isdigit() else None


def typed_position(position: Position) -> str:
    """A position as it is typed into a form."""
    return f"{position.lat:.4f}, {position.lon:.4f}"


@lru_cache(maxsize=2)
def layers_of(folder: Path) -> Layers:
    """Shipped layers with the imported ones of a data folder."""
    packs = folder / MAP_FOLDER
    return load_layers(packs if packs.is_dir() else None)


class MapArea(LineWidget, can_focus=True):
    """The picture."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[list[Cell]] = []

    def show(self, rows: list[list[Cell]]) -> None:
        """Draw these cells."""
        if rows != self._rows:
            self._rows = rows
            self.refresh()

    def line(self, y: int) -> Strip:
        """One row of cells."""
        if y >= len(self._rows):
            return self.painter.one("", self.size.width)
        segments: list[Segment] = []
        last: Style | None = None
        text = ""
        for cell in self._rows[y]:
            style = self._style(cell)
            if style is not last and text:
                segments.append(Segment(text, last))
                text = ""
            last = style
            text += cell.char
        segments.append(Segment(text, last))
        return Strip(segments).adjust_cell_length(self.size.width, self.painter.style("text"))

    def _style(self, cell: Cell) -> Style:
        if cell.fg is Role.CURSOR:
            return self.painter.style("cursor")
        return self.painter.style(_ROLES.get(cell.fg, "text"))


class MapView(View):
    """Map with a line about the cursor below."""

    BINDINGS = [
        *bindings(actions.MAP),
        *(
            Binding(key, f"pan({x}, {y})", show=False)
            for key, x, y in (
                ("up", 0, -1), ("down", 0, 1), ("left", -1, 0), ("right", 1, 0),
                ("shift+up", 0, -5), ("shift+down", 0, 5), ("shift+left", -10, 0),
                ("shift+right", 10, 0), ("pageup", 0, -10), ("pagedown", 0, 10),
                ("ctrl+left", -20, 0), ("ctrl+right", 20, 0),
            )
        ),
    ]  # fmt: skip
    groups = (actions.MAP,)
    title = "Karte"

    def __init__(self) -> None:
        super().__init__()
        self._scene: Scene | None = None
        self._port: Viewport | None = None
        self._drawing = False
        self._wanted: Position | None = None

    def compose(self) -> ComposeResult:
        """Picture and two lines."""
        yield MapArea()
        yield Lines([(), ()], id="map-lines")

    def start(self) -> None:
        """Arrows move the cursor."""
        self.screen.set_focus(self.query_one(MapArea))

    async def on_resize(self) -> None:
        """The window has another size."""
        await self._draw()

    async def refresh_data(self) -> None:
        """Markers and areas from the log."""
        folder = self.lage.folder

        def read(station: Station) -> tuple[Layers, tuple[Marker, ...], tuple[Area, ...]]:
            context = station.context()
            return layers_of(folder), scene.markers(context), scene.areas(context)

        layers, markers, areas = await self.lage.bridge.work(read)
        if self._scene is None:
            self._scene = Scene(layers)
        self._scene = replace(self._scene, markers=markers, areas=areas)
        await self._draw()

    def _viewport(self, shown: Scene) -> Viewport:
        size = self.query_one(MapArea).size
        columns, rows = max(1, size.width), max(1, size.height)
        if self._port is None:
            return Viewport.fit(shown.layers.bounds, columns, rows)
        return self._port.resize(columns, rows)

    async def _draw(self) -> None:
        shown = self._scene
        if shown is None or not self.ready or not self.query_one(MapArea).size.height:
            return
        fresh = self._port is None
        port = self._viewport(shown)
        cursor = self._wanted or shown.cursor or port.centre
        if self._wanted is not None:
            port = port.centred_on(cursor)
            port = port.zoom(port.cell_m / 60, cursor) if fresh else port
            self._wanted = None
        port = port.follow(cursor)
        self._port = port
        self._scene = shown = replace(shown, cursor=cursor)
        style = _STYLES[self.lage.painter.glyphs]
        rows = await self.lage.bridge.look(
            lambda _: render(port, shown, style=style)  # type: ignore[arg-type]
        )
        if not self.ready:
            return
        self.query_one(MapArea).show(rows)
        self.query_one("#map-lines", Lines).show(*self._about(shown, port, cursor))

    def _about(
        self, shown: Scene, port: Viewport, cursor: Position
    ) -> tuple[tuple[tuple[str, str], ...], ...]:
        """Where the cursor is, and what is near or being drawn."""
        scale = scale_line(port, ascii_only=self.lage.painter.glyphs is Glyphs.ASCII)
        where = plain(shown.layers.describe(cursor))
        notations = (
            f"{format_utmref(cursor)} | {format_utm32(cursor)} | {format_decimal(cursor, 4)}"
        )
        if self._drawing:
            count = len(shown.draft)
            text = (
                f"Gebiet: {count} Ecken; Enter setzt, Rück nimmt weg, G schließt ab, Esc bricht ab"
            )
            if count >= 3:
                text += f"; {people_in(shown.draft, shown.layers).wording}"
        else:
            hits = nearest(shown, cursor, port.cell_m * PICK_CELLS)
            names = [h.item.label for h in hits if isinstance(h.item, Marker | Area)][:4]
            text = f"{scale}   " + ("hier: " + ", ".join(map(plain, names)) if names else where)
        first = f" {notations}" + (f"   {where}" if self.app.size.width >= 110 else "")
        return ((first, "text"),), ((f" {text}", "title" if self._drawing else "dim"),)

    # --- moving ---------------------------------------------------------------------------------

    async def action_pan(self, columns: int, rows: int) -> None:
        """Move the cursor by cells; the map follows."""
        if self._scene is None or self._port is None or self._scene.cursor is None:
            return
        cell = self._port.cell_of(self._scene.cursor)
        if cell is None:
            return
        moved = self._port.position_of(cell[0] + columns, cell[1] + rows)
        if moved is not None:
            self._scene = replace(self._scene, cursor=moved)
            await self._draw()

    async def _zoom(self, factor: float) -> None:
        if self._port is not None and self._scene is not None:
            self._port = self._port.zoom(factor, self._scene.cursor)
            await self._draw()

    async def act_naeher(self) -> None:
        """Zoom in."""
        await self._zoom(ZOOM)

    async def act_weiter(self) -> None:
        """Zoom out."""
        await self._zoom(1 / ZOOM)

    async def act_kreis(self) -> None:
        """The whole county."""
        self._port = None
        if self._scene is not None:
            self._scene = replace(self._scene, cursor=None)
        await self._draw()

    async def go_to(self, point: Point) -> None:
        """Put the cursor on a point of the log, near enough to see what is around."""
        self._wanted = scene.position_of(point)
        self._port = None
        await self._draw()

    # --- deeds ----------------------------------------------------------------------------------

    def can(self, action: Action) -> bool:
        """Corners only while drawing."""
        return action.id != "ecke_weg" or self._drawing

    async def act_ebenen(self) -> None:
        """Switch layers."""
        if self._scene is None:
            return

        def options() -> list[Option]:
            visible = self._scene.visible if self._scene else ALL_LAYERS
            return [Option(layer.name, layer.value, on=layer in visible) for layer in Layer]

        def toggled(name: str) -> list[Option]:
            if self._scene is not None:
                visible = self._scene.visible ^ {Layer[name]}
                self._scene = replace(self._scene, visible=visible)
            return options()

        async def closed(_: object) -> None:
            await self._draw()

        await self.lage.push_screen(Choose("Ebenen", options(), toggled), closed)

    async def act_naehe(self) -> None:
        """What is near the cursor; while drawing, a corner."""
        shown, port = self._scene, self._port
        if shown is None or port is None or shown.cursor is None:
            return
        if self._drawing:
            if len(shown.draft) >= CORNERS_MAX:
                raise UsageError(
                    f"Mehr als {CORNERS_MAX} Ecken gehen nicht über Funk: G schließt ab."
                )
            self._scene = replace(shown, draft=(*shown.draft, shown.cursor))
            await self._draw()
            return
        hits = nearest(shown, shown.cursor, port.cell_m * PICK_CELLS * 2)
        entities = [entity_of(h.item.key) for h in hits if isinstance(h.item, Marker | Area)]
        found = [entity for entity in entities if entity is not None]
        if not found:
            raise UsageError("Hier ist nichts: mit den Pfeilen näher an ein Zeichen gehen.")
        if len(found) == 1:
            await self.lage.open_detail(found[0])
            return
        await self._choose(found[:20])

    async def _choose(self, found: list[EntityId]) -> None:
        def read(station: Station) -> list[Option]:
            context = station.context()
            options = []
            for entity in found:
                record = station.reader.get(entity)
                if record is not None:
                    text = str(record.values.get("text") or record.values.get("name") or "")
                    options.append(
                        Option(scene.entity_key(entity), title_of(record, context), plain(text))
                    )
            return options

        async def chosen(key: str | None) -> None:
            entity = entity_of(key) if key else None
            if entity is not None:
                await self.lage.open_detail(entity)

        options = await self.lage.bridge.look(read)
        await self.lage.push_screen(Choose("Was ist hier", options), chosen)

    async def act_gebiet(self) -> None:
        """Begin to draw an area, or finish it into a form."""
        if self._scene is None:
            return
        if not self._drawing:
            self._drawing = True
            await self._draw()
            return
        if len(self._scene.draft) < 3:
            raise UsageError("Ein Gebiet braucht mindestens drei Ecken: Enter setzt eine Ecke.")
        outline = "; ".join(typed_position(corner) for corner in self._scene.draft)
        spec = intents.create("area", {"outline": outline, "type": "überflutet"}, key="area:neu")
        await self.lage.bridge.drop_draft("area:neu")
        await self.lage.open_form(spec)
        self._drawing = False
        self._scene = replace(self._scene, draft=())
        await self._draw()

    async def act_ecke_weg(self) -> None:
        """Take the last corner back."""
        if self._scene is not None and self._drawing:
            self._scene = replace(self._scene, draft=self._scene.draft[:-1])
            await self._draw()

    async def act_hier_vorfall(self) -> None:
        """An incident at the cursor."""
        if self._scene is not None and self._scene.cursor is not None:
            initial = {"point": typed_position(self._scene.cursor)}
            await self.lage.open_form(intents.create("incident", initial, key="incident:karte"))

    async def act_zurueck(self) -> None:
        """Stop drawing, or back to the overview."""
        if self._drawing:
            self._drawing = False
            if self._scene is not None:
                self._scene = replace(self._scene, draft=())
            await self._draw()
        else:
            await self.lage.go("lage")
