# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Map, Tagebuch and Kräfte beside every view of a wide screen, read when the log has changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from lage.language.errors import LageError
from lage.station import Station
from lage.views.fence import unshown
from sync.schema.definition import EntityId
from tui.paint import Line
from tui.screens.host import Host
from tui.widgets.around import Around
from tui.widgets.panel import Panel
from tui.widgets.placing import across

if TYPE_CHECKING:
    from maps.draw.scene import Scene


class Beside(Around):
    """The column; without room for it nothing is read."""

    def __init__(self) -> None:
        super().__init__()
        self._scene: Scene | None = None
        self._found: tuple[Panel, ...] = ()
        self._without = ""  # kind that the list beside it shows already
        self._marked: EntityId | None = None

    @property
    def lage(self) -> Host:
        """The app."""
        return cast(Host, self.app)

    async def on_resize(self) -> None:
        """There is room for it, or more or less of it."""
        if self._scene is None:
            await self.renew()
        else:
            await self._draw()

    async def renew(self) -> None:
        """Read again what is shown; what cannot be read is said in its place."""
        if not (self.is_attached and self.display and self.size.width):
            return
        width, glyphs = across(self.app.size.width).around, self.painter.glyphs

        def read(station: Station) -> tuple[tuple[Panel, ...], Scene]:
            from tui.screens.ground import read_ground  # loads the maps
            from tui.widgets.surroundings import panels_around

            ground = read_ground(station)
            return panels_around(station.context(), width, glyphs, ground.nowhere), ground.scene

        try:
            self._found, self._scene = await self.lage.bridge.work(read)
        except LageError:
            raise
        except Exception as error:  # noqa: BLE001  # the fence round what is around
            words = unshown(self.lage.fault(error))
            self.show((Panel("", words, (), ""),))
            return
        await self._draw()

    def leave_out(self, kind: str) -> None:
        """The view shows entries of that kind itself."""
        if kind != self._without:
            self._without = kind
            self.call_later(self._draw)

    async def mark(self, entity: EntityId | None) -> None:
        """The cursor is on that entry: it stands out on the map, where it stands on it."""
        known = {marker.key for marker in self._scene.markers} if self._scene is not None else set()
        marked = entity if entity in known else None
        if marked != self._marked:
            self._marked = marked
            await self._draw()

    async def _draw(self) -> None:
        scene, marked, glyphs = self._scene, self._marked, self.painter.glyphs
        if scene is None or not (self.is_attached and self.display):
            return
        panels = tuple(panel for panel in self._found if panel.key != self._without)
        width, height = self.map_size(panels)

        def picture(_: Station) -> tuple[Line, ...]:
            from tui.widgets.little_map import little_map

            return little_map(scene, marked, width, height, glyphs)

        lines = await self.lage.bridge.look(picture)
        if self.is_attached:  # else the screen has gone meanwhile
            self.show(panels)
            self.show_map(lines)
