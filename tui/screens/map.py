# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The map: pan, zoom, layers, a cursor that tells where it is, selecting, drawing an area.

The picture comes from ``maps.draw.render`` as cells with roles; here they only get colours. It is
drawn again when something changed, never by itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import wraps
from typing import Concatenate, ParamSpec

from textual.app import ComposeResult
from textual.binding import Binding

from lage.language.errors import LageError, UsageError
from lage.language.plain import plain
from lage.language.whereabouts import layer_name
from lage.station import Station
from lage.views import whereabouts
from lage.views.detail import title_of
from lage.write.around import said_around
from maps.draw.render import Row, render, scale_line
from maps.draw.roles import ALL_LAYERS, Layer
from maps.draw.scene import Area, Key, Marker, Scene, nearest
from maps.draw.viewport import Viewport
from maps.geo.places import Position
from sync.schema.definition import EntityId, Point
from tui import actions
from tui.actions import Action
from tui.forms import key as keys
from tui.forms.new import create
from tui.paint import Line
from tui.screens.base import LageScreen, View, bindings
from tui.screens.dialogs import Choose, TypeIn
from tui.screens.ground import read_ground
from tui.screens.legend import Legend
from tui.screens.pointing import between, picked, typed_position
from tui.terminal import Glyphs
from tui.widgets.base import Lines
from tui.widgets.choices import Option
from tui.widgets.map_area import STYLES, MapArea

P = ParamSpec("P")
ZOOM = 1.5
PICK_CELLS = 4
WHILE_DRAWING = ("naeher", "weiter", "naehe", "gebiet", "ecke_weg", "kreis")
CHOICES_MAX = 20
CORNERS_MAX = 24


def once_loaded(
    method: Callable[Concatenate[MapView, P], Awaitable[None]],
) -> Callable[Concatenate[MapView, P], Awaitable[None]]:
    """A deed that waits for the map: keys pressed while it is read for the first time are kept."""

    @wraps(method)
    async def waiting(view: MapView, /, *args: P.args, **options: P.kwargs) -> None:
        await view.loaded.wait()
        await method(view, *args, **options)

    return waiting


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
    alone = True

    def __init__(self) -> None:
        super().__init__()
        self.loaded = asyncio.Event()
        self._scene: Scene | None = None
        self._port: Viewport | None = None
        self._whole: Viewport | None = None  # the whole county, as long as nobody has moved
        self._drawing = False
        self._wanted: Position | None = None
        self._nowhere = 0  # entries that the map cannot show
        self._complaint = ""  # about an imported map that cannot be shown

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
        """Markers and areas from the log, the ground with what was imported meanwhile."""

        found = await self.lage.bridge.work(read_ground)
        self._complaint, self._nowhere = found.complaint, found.nowhere
        shown = self._scene or found.scene
        self._scene = replace(
            shown, layers=found.scene.layers, markers=found.scene.markers, areas=found.scene.areas
        )
        await self._draw()

    def show_instead(self, text: str) -> None:
        """Why the picture is not what it should be."""
        if self.ready:
            self.query_one("#map-lines", Lines).show(((f" {text}", "warn"),), ())
        self.loaded.set()  # keys that wait for the map go on

    def _viewport(self, shown: Scene) -> Viewport:
        size = self.query_one(MapArea).size
        columns, rows = max(1, size.width), max(1, size.height)
        if self._port is None or self._port == self._whole:  # also while the screen is built
            self._whole = Viewport.fit(shown.layers.bounds, columns, rows)
            return self._whole
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
        self.loaded.set()
        rows, lines = await self.lage.bridge.look(lambda _: self._picture(port, shown, cursor))
        if not self.ready:
            return
        self.query_one(MapArea).show(rows)
        self.query_one("#map-lines", Lines).show(*lines)
        if isinstance(self.screen, LageScreen):
            self.screen.show_keys()

    def _picture(
        self, port: Viewport, shown: Scene, cursor: Position
    ) -> tuple[list[Row], tuple[Line, Line]]:
        """Cells and the two lines below; runs in the bridge."""
        hits = nearest(shown, cursor, port.cell_m * PICK_CELLS)
        shown = replace(shown, selected=None if self._drawing else picked(hits, port, cursor))
        glyphs, width = self.lage.painter.glyphs, self.app.size.width
        rows = render(port, shown, style=STYLES[glyphs])
        first = f" {whereabouts.position_line(cursor, shown.layers, width)}"
        if self._drawing:
            text = f" {whereabouts.drawing_line(shown.draft, shown.layers)}"
            return rows, (((first, "text"),), ((text, "title"),))
        if self._complaint:
            return rows, (((first, "text"),), ((f"!{self._complaint}", "warn"),))
        scale = scale_line(port, ascii_only=glyphs is Glyphs.ASCII)
        scale += f"   {self._nowhere} ohne Ort" if self._nowhere else ""
        text = f" {scale}   {whereabouts.near_line(cursor, shown.layers, hits, width)}"
        return rows, (((first, "text"),), ((text, "dim"),))

    # --- moving ---------------------------------------------------------------------------------

    @once_loaded
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

    @once_loaded
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

    @once_loaded
    async def act_kreis(self) -> None:
        """The whole county."""
        self._port = None
        if self._scene is not None:
            self._scene = replace(self._scene, cursor=None)
        await self._draw()

    async def go_to(self, point: Point) -> None:
        """Put the cursor on a point of the log, near enough to see what is around."""
        self._wanted = Position(point.lat_e4 / 10_000, point.lon_e4 / 10_000)
        self._port = None
        await self._draw()

    # --- deeds ----------------------------------------------------------------------------------

    def can(self, action: Action) -> bool:
        """While drawing nothing but what has to do with it; corners only then."""
        return action.id in WHILE_DRAWING if self._drawing else action.id != "ecke_weg"

    @once_loaded
    async def act_ebenen(self) -> None:
        """Switch layers."""
        if self._scene is None:
            return

        def options() -> list[Option]:
            visible = self._scene.visible if self._scene else ALL_LAYERS
            return [Option(layer, layer_name(layer), on=layer in visible) for layer in Layer]

        def toggled(layer: Layer) -> list[Option]:
            if self._scene is not None:
                visible = self._scene.visible ^ {layer}
                self._scene = replace(self._scene, visible=visible)
            return options()

        async def closed(_: object) -> None:
            await self._draw()

        await self.lage.push(Choose("Ebenen", options(), toggled), closed)

    @once_loaded
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
        found = [hit.item for hit in hits if isinstance(hit.item, Marker | Area)]
        if not found:
            raise UsageError("Hier ist nichts: mit den Pfeilen näher an ein Zeichen gehen.")
        if len(found) == 1:
            await self._open(found[0].key)
            return
        await self._choose(found[:CHOICES_MAX])

    async def _open(self, key: Key) -> None:
        """The entry of a sign; for a radio node the screen of the network."""
        if isinstance(key, EntityId):
            await self.lage.open_detail(key)
        else:
            await self.lage.go("netz")

    async def _choose(self, found: list[Marker | Area]) -> None:
        def read(station: Station) -> list[Option]:
            context = station.context()
            options = []
            for item in found:
                key = item.key
                record = station.reader.get(key) if isinstance(key, EntityId) else None
                if record is None:
                    options.append(Option(item.key, plain(item.wording)))
                    continue
                text = record.text("text") or record.text("name")
                options.append(Option(item.key, title_of(record, context), plain(text)))
            return options

        async def chosen(key: Key | None) -> None:
            if key:
                await self._open(key)

        options = await self.lage.bridge.look(read)
        await self.lage.push(Choose("Was ist hier", options), chosen)

    @once_loaded
    async def act_zeichen(self) -> None:
        """What the signs mean."""
        if self._scene is not None:
            await self.lage.push(Legend(self._scene))

    @once_loaded
    async def act_hin(self) -> None:
        """To a coordinate or a place by name."""

        async def typed(text: str | None) -> None:
            if not text or not text.strip() or self._scene is None:
                return
            try:
                self._wanted = whereabouts.place_of(text, self._scene.layers)
            except LageError as error:
                self.lage.say(str(error))
                return
            await self._draw()

        await self.lage.push(TypeIn("Gehe zu: Koordinate oder Ort"), typed)

    @once_loaded
    async def act_gebiet(self) -> None:
        """Begin to draw an area, or finish it into a form."""
        if self._scene is None:
            return
        if not self._drawing:
            self._drawing = True
            await self._draw()
            return
        draft = self._scene.draft
        if len(draft) == 2:
            draft = between(*draft)
        if len(draft) >= 3:
            await self._area("; ".join(typed_position(corner) for corner in draft))
            return
        middle = typed_position(draft[0] if draft else self._scene.cursor or Position(0, 0))

        async def typed(text: str | None) -> None:
            away = (text or "").strip()
            outline = f"{away}{' m' if away[-1:].isdigit() else ''} um {middle}"
            try:
                if away and said_around(outline) is None:
                    raise UsageError(f"„{away}“ ist kein Umkreis: zum Beispiel 300 oder 2 km.")
            except LageError as error:
                self.lage.say(str(error))
                return
            if away:
                await self._area(outline)

        await self.lage.push(TypeIn("Umkreis in Metern, z. B. 300 oder 2 km"), typed)

    async def _area(self, outline: str) -> None:
        """The form of an area with that outline; drawing is over."""
        if self._scene is None:
            return
        initial = {"outline": outline, "type": "überflutet"}
        spec = create("area", initial, keys.new("area", "neu"))
        await self.lage.sending.drop_draft(spec)
        await self.lage.open_form(spec)
        self._drawing = False
        self._scene = replace(self._scene, draft=())
        await self._draw()

    @once_loaded
    async def act_ecke_weg(self) -> None:
        """Take the last corner back."""
        if self._scene is not None and self._drawing:
            self._scene = replace(self._scene, draft=self._scene.draft[:-1])
            await self._draw()

    @once_loaded
    async def act_hier_vorfall(self) -> None:
        """An incident at the cursor."""
        if self._scene is not None and self._scene.cursor is not None:
            initial = {"point": typed_position(self._scene.cursor)}
            await self.lage.open_form(create("incident", initial, keys.new("incident", "karte")))

    async def act_zurueck(self) -> None:
        """Stop drawing, or back to the overview."""
        if self._drawing:
            self._drawing = False
            if self._scene is not None:
                self._scene = replace(self._scene, draft=())
            await self._draw()
        else:
            await self.lage.go("lage")
