# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Running the app without a terminal and taking pictures of it as text.

``Screen._compositor.render_strips`` is private to Textual; it is used here and nowhere else. So
are the queues of its widgets: Textual's own way to learn that all have dealt with what was sent to
them is to send each of them a message more, and to wait until the process does little.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from textual.app import App
from textual.events import Key
from textual.pilot import Pilot

from tests.fixtures import FixedClock
from tui.app.app import LageApp
from tui.bridge import Bridge, Direction, Player
from tui.terminal import Glyphs, Terminal
from tui.widgets.bars import mark_of

GOLDEN = Path(__file__).parent / "golden"
UNICODE = Terminal("256", Glyphs.FULL, light=False)
ASCII = Terminal("none", Glyphs.ASCII, light=False)
CHARACTERS = {"space": " ", "comma": ",", "full_stop": ".", "colon": ":", "minus": "-",
              "semicolon": ";", "less_than_sign": "<", "greater_than_sign": ">"}  # fmt: skip
REST_MAX_S = 60.0
"""For machines that are busy."""
FRAME_S = 0.02


def picture(app: App[int]) -> str:
    """What the screen shows, trailing blanks cut."""
    strips = app.screen._compositor.render_strips()
    return "\n".join(strip.text.rstrip() for strip in strips) + "\n"


def painted(app: App[int]) -> str:
    """What the screen shows, below each line a letter for how each cell is painted, then which
    letter means what; trailing plain cells are cut."""
    letters: dict[str, str] = {}
    lines = []
    for strip in app.screen._compositor.render_strips():
        marks = ""
        for segment in strip:
            style = str(segment.style or "")
            letter = letters.setdefault(style, chr(ord("a") + len(letters)))
            marks += letter * segment.cell_length
        lines += [strip.text.rstrip(), marks.rstrip(marks[-1:]) + marks[-1:]]
    lines += [f"{letter} = {style}" for style, letter in letters.items()]
    return "\n".join(lines) + "\n"


def _at_rest(app: LageApp) -> bool:
    """Whether all have dealt with all that was sent to them, and wait for the next message."""
    if app.typed_ahead or app.bridge.waiting:
        return False
    pumps = [pump for pump in (app, *app._registry) if not (pump._closing or pump._closed)]
    if not all(pump._running for pump in pumps):
        return False  # one was made and has not begun: its contents are not there yet
    queues = [pump._message_queue for pump in pumps]
    return all(queue.empty() and queue.ready_event._waiters for queue in queues)


async def rest(app: LageApp) -> None:
    """Until nothing is under way, neither on the screen nor at the log."""
    end, quiet = time.monotonic() + REST_MAX_S, 0
    while quiet < 3:  # what has come to rest may still be about to call others
        assert time.monotonic() < end, "the screen does not come to rest"
        await asyncio.sleep(0.001 if app.bridge.waiting else 0)
        quiet = quiet + 1 if _at_rest(app) else 0


class Hands:
    """Somebody at the keyboard, who counts."""

    def __init__(self, pilot: Pilot[int]) -> None:
        self.pilot = pilot
        self.presses = 0

    async def press(self, *keys: str) -> None:
        """Keys by name, each handled before the next; then the screen has come to rest."""
        for key in keys:
            self.presses += 1
            character = CHARACTERS.get(key, key if len(key) == 1 else None)
            self.pilot.app.post_message(Key(key, character))
            await rest(self._app)
        await self.settle()

    @property
    def _app(self) -> LageApp:
        app = self.pilot.app
        assert isinstance(app, LageApp)
        return app

    async def settle(self) -> None:
        """Until nothing is under way and the picture stays the same."""
        before = ""
        for _ in range(400):
            await rest(self._app)
            self._app.screen._on_timer_update()  # the next frame, now
            await rest(self._app)
            shown = picture(self._app)
            if shown == before:
                return
            before = shown
            await asyncio.sleep(FRAME_S)
        raise AssertionError("the picture does not stay the same")

    async def until(self, holds: Callable[[], Awaitable[bool]]) -> None:
        """Wait for what a timer does by itself: at most a minute, for machines that are busy."""
        for _ in range(1200):
            if await holds():
                return
            await asyncio.sleep(0.05)
        raise AssertionError(f"it did not happen:\n{picture(self.pilot.app)}")

    async def type(self, text: str) -> None:
        """Text, key by key."""
        names = {character: name for name, character in CHARACTERS.items()}
        await self.press(*(names.get(character, character) for character in text))


@asynccontextmanager
async def running(
    folder: Path,
    size: tuple[int, int] = (80, 24),
    *,
    shown_on: Terminal = UNICODE,
    exercise: bool = False,
    read_only: bool = False,
    undo_s: float = 0.0,
    look: str = "",
    faults: int | None = 0,
    player: Player | None = None,
    direction: Direction | None = None,
    clock: Callable[[], float] | None = None,
) -> AsyncIterator[tuple[LageApp, Hands]]:
    """The app on a folder, at 241530nov26 or by that clock; ``faults`` of the program are expected,
    None: any."""
    bridge = Bridge(
        folder,
        clock=clock or FixedClock(),
        read_only=read_only,
        battery=lambda: 83,
        player=player,
        direction=direction,
    )
    bridge.open()
    app = LageApp(
        bridge,
        folder,
        shown_on,
        marked=mark_of(bridge.past, exercise),
        undo_s=undo_s,
        chosen_look=look,
    )
    try:
        async with app.run_test(size=size) as pilot:
            hands = Hands(pilot)
            await hands.settle()
            yield app, hands
        assert faults in (None, bridge.noted), (folder / "fehler.log").read_text("utf8")
    finally:
        bridge.close()


def compare(name: str, shown: str) -> None:
    """Equal to the golden text, which is written anew where LAGE_GOLDEN is set."""
    path = GOLDEN / f"{name}.txt"
    if os.environ.get("LAGE_GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(shown, "utf8")
    expected = path.read_text("utf8")

    assert shown == expected
