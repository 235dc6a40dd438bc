# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The terminal UI: which screen is shown, news from the log, writing with a moment to undo.

The app owns what all screens share: the bridge to the log, the status, and one object each for
writing, for alarms and for what was read. Screens know it as a ``tui.screens.host.Host``.
"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual.app import App
from textual.binding import Binding
from textual.css.query import NoMatches
from textual.screen import Screen

from lage.kinds.setting import Setting, exactly
from lage.language.errors import LageError
from lage.station import Station
from lage.views.alarm import Alarm
from lage.views.alarms import TAKEN
from lage.views.clocks import own_clock
from lage.views.exercise_clock import clock_words
from lage.views.status import READ, ReadMarks, StatusView, status
from sync.schema.definition import EntityId, Point
from tui.actions import Fill, Goal, Show, Wear
from tui.app.alarming import Alarming
from tui.app.couriers import Couriers
from tui.app.menu import Menus
from tui.app.playing import Playing
from tui.app.reading import Reading
from tui.app.sending import Sending
from tui.bridge import Bridge, seconds
from tui.keys import OneKeyAtATime
from tui.paint import Painter
from tui.screens.base import LageScreen
from tui.screens.dialogs import Ask
from tui.screens.host import Answered
from tui.screens.main import FORGET_S, MainScreen
from tui.terminal import Glyphs, Terminal
from tui.theme import look_for
from tui.widgets.fence import Fenced

if TYPE_CHECKING:
    from tui.forms.spec import FormSpec

POLL_S = 0.25
SAID_S = 8.0
LOOK = Setting("aussehen", "", exactly(str))
REBUILD_S = 0.2
STATUS_S = 3.0
"""So often at least the status is read: a node that is gone is seen within 15 s."""
FELL = 70
"""Exit code of a screen that must be built anew (EX_SOFTWARE)."""


def broken(number: int) -> str:
    """What is said of a fault of the program."""
    return f"Fehler im Programm, Vermerk {number} in fehler.log. Alles andere läuft weiter."


class LageApp(OneKeyAtATime, Fenced, App[int]):
    """The app."""

    CSS_PATH = "app.tcss"
    TITLE = "Lage"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS = [
        Binding("ctrl+q", "leave", show=False, priority=True),
        Binding("ctrl+c", "leave", show=False),
        Binding("ctrl+t", "take_alarm", show=False, priority=True),  # also over a box
    ]

    def __init__(
        self,
        bridge: Bridge,
        folder: Path,
        shown_on: Terminal,
        *,
        marked: str,
        undo_s: float,
        chosen_look: str = "",
    ) -> None:
        super().__init__(ansi_color=shown_on.colours != "256")
        self.bridge = bridge
        self.folder = folder
        self.shown_on = shown_on
        self.marked = marked  # an exercise, or a past moment
        self.status: StatusView | None = None
        self.said: tuple[str, str] | None = None  # a sentence and its role
        self._said_until = 0.0
        self._status_read = 0.0  # bridge.seconds()
        self._keys_seen, self._touched = -1, 0.0  # bridge.seconds()
        self.token: tuple[int, int] = (-1, -1)  # of the state of the log that was read last
        self.main = MainScreen()
        self.reading = Reading(bridge, status=self.read_status, news=self.refresh_if_changed)
        self.files = Couriers(self, self.refresh_if_changed)
        self.menus = Menus(self, lambda: self.screen, looks=shown_on.colours == "256")
        self.alarming = Alarming(self, ring=self.bell, show=self.show_frames, at_work=self._at_work)
        self.sending = Sending(self, undo_s, news=self.refresh_if_changed, show=self.show_frames)
        self.playing = Playing(self, news=self.refresh_if_changed, show=self.show_frames)
        self._wear(chosen_look)

    @property
    def doers(self) -> Sequence[object]:
        """Who has ``act_<id>`` methods beyond view and screen."""
        parts = self.sending, self.reading, self.files, self.alarming, self.menus, self.playing
        return self, *parts

    def _at_work(self) -> bool:
        """A form, a detail or a box is open."""
        return self.screen is not self.main

    def _wear(self, chosen: str) -> None:
        look = look_for(self.shown_on, chosen)
        self.look = look
        self.painter = Painter(look.roles, self.shown_on.glyphs)
        if look.theme is not None:
            self.register_theme(look.theme)
        self.theme = look.name

    # --- start and news -------------------------------------------------------------------------

    async def on_mount(self) -> None:
        """Show the overview and begin to watch the log."""
        if self.shown_on.glyphs is not Glyphs.FULL:
            self.add_class(self.shown_on.glyphs.value)
        await self.push_screen(self.main)  # its frame is seen while the log is being read
        await self.attempt(self._read_local)
        await self.attempt(self.read_status)
        await self.attempt(lambda: self.main.show(self.bridge.home))
        await self.attempt(self._restore)
        await self.attempt(self.alarming.look)
        self.run_worker(self._watch(), name="watch", exit_on_error=False)

    async def _restore(self) -> None:
        if await self.sending.restore():
            await self.main.refresh_data()

    async def _read_local(self) -> None:
        def read(station: Station) -> tuple[ReadMarks, tuple[str, ...]]:
            return station.setting(READ), station.setting(TAKEN)

        # Added to what is known here: somebody may have taken an alarm while this was being read.
        marks, taken = await self.bridge.look(read)
        self.reading.join(marks)
        self.alarming.take(taken)

    async def _watch(self) -> None:
        """Ask four times a second whether anything is new; everything else follows from that."""
        while True:
            await asyncio.sleep(POLL_S)
            begun = seconds()
            deeds = self.sending.tick, self.playing.tick, self._forget_if_idle, self.files.look
            for deed in deeds:
                await self.attempt(deed)
            self.alarming.tick()
            if self.said is not None and begun > self._said_until:
                self.said = None
                await self.attempt(self.show_frames)
            await self.attempt(self.refresh_if_changed)
            # A slow disk or a huge log must not be asked all the time.
            await asyncio.sleep(min(2.0, seconds() - begun))

    async def _forget_if_idle(self) -> None:
        """A filter is dropped where no key has come for long."""
        if self.keys_handed_on != self._keys_seen:
            self._keys_seen, self._touched = self.keys_handed_on, seconds()
        elif seconds() - self._touched > FORGET_S:
            self._touched = seconds()
            await self.main.forget()

    async def refresh_if_changed(self) -> None:
        """Read again what is shown if the log has changed; the status also with every minute."""

        def read(station: Station) -> tuple[int, int]:
            return station.change_token(), station.now() // 60

        screen: LageScreen | None = None
        try:
            token = await self.bridge.look(read)
            if token == self.token:
                if seconds() - self._status_read > STATUS_S:  # a dead node changes nothing
                    await self.read_status()
                return
            self.token = token
            await self._read_local()
            await self.read_status()
            framed = [screen for screen in self.screen_stack if isinstance(screen, LageScreen)]
            if framed:  # the topmost, also behind a dialog; the others when they are seen again
                screen = framed[-1]
                await screen.renew(token)
            await self.alarming.look()
        except LageError as error:
            self.say(str(error))
        except NoMatches:
            # The view was taken down while its rows were being read: nobody sees it any more.
            if screen in self.screen_stack and not self._exit:
                raise

    async def read_status(self) -> None:
        """Bring the status bar up to date."""
        marks, battery = self.reading.marks, self.bridge.battery
        self._status_read = seconds()

        def read(station: Station) -> StatusView:
            return status(
                *(station.context(), station.radio(), marks),
                network=station.network_name,
                exercise=station.exercise,
                battery=battery(),
                clock=clock_words(station.reader, station.directory, station.timebase),
            )

        view = await self.bridge.work(read)
        if view != self.status:
            self.status = view
            self.show_frames()

    def show_frames(self) -> None:
        """Bring the bars of all screens up to date."""
        for screen in self.screen_stack:
            if isinstance(screen, LageScreen):
                screen.show_frame()

    # --- going places ---------------------------------------------------------------------------

    @property
    def alarms(self) -> Sequence[Alarm]:
        """What stands in the banner."""
        return self.alarming.waiting

    async def note(self, alarm: Alarm, *, taken: bool = True) -> None:
        """Somebody has taken note of it; or it waits again."""
        await self.alarming.note(alarm.key, taken=taken)
        await self.refresh_if_changed()

    def say(self, text: str, role: str = "alarm") -> None:
        """A sentence at the bottom of the screen."""
        self.said = text, role
        self._said_until = seconds() + SAID_S
        self.show_frames()

    def fault(self, error: Exception) -> int:
        """Note what nobody expected; said once, or it would be said for ever."""
        before = self.bridge.noted
        number = self.bridge.note(error)
        if self.bridge.noted != before:
            self.call_later(self.say, broken(number))
        return number

    async def attempt(self, deed: Callable[[], object]) -> None:
        """Do it; what goes wrong becomes a sentence."""
        try:
            done = deed()
            if inspect.isawaitable(done):
                await done
        except LageError as error:
            self.say(str(error))
        except Exception as error:  # noqa: BLE001  # the fence round every deed
            self.say(broken(self.fault(error)))

    def _handle_exception(self, error: Exception) -> None:
        """Textual's last net, for what none of our fences held; it would end the app."""
        if not self.is_running:
            super()._handle_exception(error)
            return
        if isinstance(error, LageError):  # of a screen's timer, which runs outside the fences
            self.call_later(self.say, str(error))
        else:
            self.fault(error)
        self.set_timer(REBUILD_S, self._rebuild_if_dead)

    def _rebuild_if_dead(self) -> None:
        """A widget that takes no messages any more cannot be mended: begin anew, drafts kept."""
        if not (self.is_running and self.screen_stack):  # it is being left
            return
        shown = [*self.screen_stack, *self.screen.walk_children()]
        if any(widget.is_attached and not widget.is_running for widget in shown):
            self.exit(return_code=FELL)

    async def push(self, box: Screen[Any], answered: Answered | None = None) -> None:
        """Open a box over the screen; do something with its answer."""

        async def taken(answer: Any) -> None:
            if answered is not None:
                await self.attempt(lambda: answered(answer))

        await self.push_screen(box, taken)

    def hush(self) -> None:
        """Somebody goes on: what was only a hint gives its line back to the keys."""
        if self.said is not None and self.said[1] == "key":
            self.said = None

    async def confirm(self, question: str, yes: Callable[[], Awaitable[None]]) -> None:
        """Ask; do it on yes."""

        async def answered(answer: bool | None) -> None:
            if answer:
                await yes()

        await self.push(Ask(question), answered)

    async def open_form(self, spec: FormSpec) -> None:
        """Open a form over what is there; one that is open already stays as it is."""
        from tui.screens.form import FormScreen, open_form

        for screen in self.screen_stack:
            if isinstance(screen, FormScreen) and screen.spec.key == spec.key:
                return
        self.bridge.may_write()
        self.hush()
        opened = await self.bridge.look(lambda station: open_form(station, spec))
        filled = {**opened.filled, **self.sending.apart(spec)}
        await self.push_screen(FormScreen(spec, replace(opened, filled=filled)))
        doubt = await self.bridge.look(lambda station: own_clock(station.context()))
        if doubt:
            self.say(doubt)

    async def open_detail(self, entity: EntityId) -> None:
        """One entry over the whole screen."""
        from tui.screens.detail import DetailScreen, kind_of

        self.hush()
        kind = await self.bridge.look(lambda station: kind_of(station, entity))
        await self.push_screen(DetailScreen(entity, kind))

    async def go(self, name: str, *, search: str | None = None, anew: bool = False) -> None:
        """A view of the main screen; forms and details above it are left, drafts kept."""
        self.hush()
        while len(self.screen_stack) > 1 and self.screen is not self.main:
            screen: Screen[Any] = self.screen
            if isinstance(screen, LageScreen):
                await screen.save()
            await self.pop_screen()
        await self.main.show(name, search=search, anew=anew)

    async def show_on_map(self, point: Point) -> None:
        """The map with its cursor on a point."""
        await self.go("karte")
        if view := self.main.view:
            await view.go_to(point)

    async def reach(self, goal: Goal) -> None:
        """Open the form, show the view or wear the look that an action is for."""
        match goal:
            case Fill(kind):
                from tui.forms.new import create

                await self.open_form(create(kind))
            case Show(view):
                await self.go(view)
            case Wear(look):
                await self._choose_look(look)

    async def act_suche(self) -> None:
        """Search in everything."""
        await self.go("suche")
        if self.main.view is not None:
            await self.main.view.ask()

    async def _choose_look(self, name: str) -> None:
        self._wear(name)
        if not self.bridge.read_only:
            await self.bridge.keep(LOOK, name)
        self.show_frames()
        for screen in self.screen_stack:
            screen.refresh(recompose=False, layout=True)
            for widget in screen.walk_children():
                widget.refresh()

    async def act_ende(self) -> None:
        """Write what waits, then leave."""

        async def leave() -> None:
            await self.sending.flush()
            self.exit(0)

        await self.confirm(self.bridge.farewell, leave)

    async def action_leave(self) -> None:
        """The keys that Textual itself would end the app with."""
        if not isinstance(self.screen, Ask):
            await self.act_ende()

    async def action_take_alarm(self) -> None:
        """The key that quiets an alarm, wherever somebody is."""
        await self.attempt(self.alarming.act_alarm_nehmen)

    async def action_quit(self) -> None:
        """Textual's own way out."""
        await self.sending.flush()
        self.exit(0)
