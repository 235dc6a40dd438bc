# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The frame that all screens share, and how a key becomes a deed.

Every screen shows status on top and keys at the bottom, in an exercise between two marks. A key is
bound to an action of the registry; the action is done by ``act_<id>`` of the view, the screen or
the app, whichever has one first, else by its goal. Only what the place offers may act: ``act`` is
the one gate, and whatever goes wrong behind it becomes a sentence in the line of keys.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.css.query import NoMatches
from textual.events import Mount, Resize
from textual.screen import ModalScreen, Screen
from textual.widget import Widget

from lage.language.errors import LageError
from lage.views.fence import unshown
from sync.schema.definition import EntityId, Point
from tui import actions
from tui.actions import Action
from tui.bridge import READ_ONLY
from tui.paint import Line, Painter
from tui.screens.beside import Beside
from tui.screens.host import Host
from tui.widgets.bars import AlarmBar, ExerciseBar, KeyBar, NavBar, StatusBar
from tui.widgets.fence import Fenced
from tui.widgets.placing import WIDE, Across, across
from tui.widgets.sized import Sized, tell_sizes

ALWAYS = (actions.EVERYWHERE, actions.PAST, actions.DIRECTION)
LOW = 16
"""Below so many rows names of screens and general keys give their lines to the content."""


def bindings(*groups: str) -> list[BindingType]:
    """Textual's bindings for groups of the registry; letters also with Shift or Caps Lock."""
    return [
        Binding(key, f"screen.act('{action.id}')", action.title, show=False)
        for action in actions.in_groups(*groups)
        for shown in (action.key, *action.aliases)
        for key in dict.fromkeys((shown, shown.upper() if len(shown) == 1 else shown))
        if key
    ]


class View(Fenced, Sized):
    """The content of a screen: one list, the map, the overview."""

    groups: tuple[str, ...] = ()
    kind: str = ""  # of the entities it shows
    title: str = ""
    alone = False  # has a wide screen for itself
    text = ""  # words that a list is searched for
    left = 0.0  # bridge.seconds(), when another view was shown instead

    @property
    def lage(self) -> Host:
        """The app."""
        return cast(Host, self.app)

    @property
    def across(self) -> Across:
        """How the screen is shared across."""
        return across(self.app.size.width, around=not self.alone)

    @property
    def ready(self) -> bool:
        """Whether there is something to draw on: not while being built or taken down."""
        built = self.is_attached and self.app.is_running and bool(self.children)
        return built and all(c.is_attached and c.is_mounted for c in self.walk_children(Widget))

    async def refresh_data(self) -> None:
        """Read again what is shown."""

    async def renew(self) -> None:
        """The same; where that fails the view says so, and everything else goes on."""
        try:
            await self.refresh_data()
        except NoMatches:
            if self.ready:  # else it was taken down meanwhile: nobody sees it any more
                raise
        except LageError:
            raise
        except Exception as error:  # noqa: BLE001  # the fence round a view
            self.show_instead(self.unshown(error))

    def show_instead(self, text: str) -> None:
        """A sentence where the content would be."""
        self.lage.say(text)

    def unshown(self, error: Exception) -> str:
        """What stands where something could not be shown."""
        return unshown(self.lage.fault(error))

    async def or_instead(self, reading: Awaitable[list[Line]]) -> list[Line]:
        """Lines, or one that says why there are none."""
        try:
            return await reading
        except NoMatches as error:
            if not self.ready:  # taken down while it was read
                return []
            return [((f" {self.unshown(error)}", "warn"),)]
        except LageError:
            raise
        except Exception as error:  # noqa: BLE001  # the fence round one entry
            return [((f" {self.unshown(error)}", "warn"),)]

    async def load(self, *, from_top: bool = False) -> None:
        """Read with the present search, filter and width."""
        await self.refresh_data()

    async def go_to(self, point: Point) -> None:
        """Put the cursor on a point, where there is a map."""

    async def ask(self) -> None:
        """What is looked for, where everything is searched."""

    def forget(self) -> bool:
        """Show everything again, where it was narrowed; False if it was not."""
        return False

    async def opens_anew(self) -> bool:
        """Whether something waits here that what was looked at before must not hide."""
        return False

    @property
    def aside(self) -> bool:
        """Whether the keys go to something beside what the view is for."""
        return False

    def start(self) -> None:
        """Give the focus to what takes keys."""

    def selected(self) -> EntityId | None:
        """The entity that actions are about."""
        return None

    def why_nothing(self) -> str:
        """Why no entity is what actions are about."""
        return "Es ist kein Eintrag ausgewählt."

    def selected_kind(self) -> str:
        """Its kind."""
        return self.kind

    def offers(self) -> list[Action]:
        """Actions that make sense now, for the key bar and help."""
        kind = self.selected_kind() if self.selected() is not None else "-"
        found = actions.fitting_kind(actions.in_groups(*self.groups), kind)
        return [action for action in found if self.can(action)]

    def why_not(self, action: Action) -> str:
        """What somebody is told who wants what is not offered here; empty: the usual."""
        return ""

    def can(self, action: Action) -> bool:
        """Whether somebody would carry it out."""
        return carrier((self, self.screen), self.lage, action) is not None


def carrier(places: tuple[object, ...], host: Host, action: Action) -> Callable[[], object] | None:
    """What carries an action out: of these places the first that can, else the app."""
    for target in (*places, *host.doers):
        method: Callable[[], object] | None = getattr(target, f"act_{action.id}", None)
        if method is not None:
            return method
    goal = action.goal
    return None if goal is None else lambda: host.reach(goal)


class LageScreen(Fenced, Screen[Any]):
    """A full screen in the frame."""

    BINDINGS = bindings(actions.EVERYWHERE, actions.GO, actions.PAST, actions.DIRECTION)
    groups: tuple[str, ...] = ()
    seen: tuple[int, int] = (-1, -1)  # the app's token when its data was read

    def __init__(self) -> None:
        super().__init__()
        self.beside = Beside()

    @property
    def lage(self) -> Host:
        """The app."""
        return cast(Host, self.app)

    @property
    def painter(self) -> Painter:
        """Colours and characters in use."""
        return self.lage.painter

    @property
    def view(self) -> View | None:
        """The view that is shown."""
        return None

    @property
    def place(self) -> Action | None:
        """Which entry of the line of screens is the present one."""
        return None

    def body(self) -> ComposeResult:
        """What stands between the bars."""
        yield from ()

    def compose(self) -> ComposeResult:
        """Bars around the body."""
        self.seen = self.lage.token  # what it shows first is read now
        yield StatusBar(id="status")
        yield NavBar(id="nav")
        yield AlarmBar(id="alarm")
        if self.lage.marked:
            yield ExerciseBar(self.lage.marked, id="exercise-top")
        with Horizontal(id="middle"):
            with Vertical(id="body"):
                yield from self.body()
            yield self.beside
        if self.lage.marked:
            yield ExerciseBar(self.lage.marked, id="exercise-bottom")
        yield KeyBar(id="keys")

    async def refresh_data(self) -> None:
        """Read again what is shown."""
        if self.view is not None:
            await self.view.renew()
        await self.beside.renew()

    @on(Mount)
    def _keep_telling(self) -> None:
        """Whoever draws hears of the room that it has."""
        self.screen_layout_refresh_signal.subscribe(self, tell_sizes)

    def on_resize(self, event: Resize) -> None:
        """Narrow and low terminals show less frame, wide ones what is around."""
        self.show_frame()

    async def save(self) -> None:
        """Keep what was typed and not sent, where something is."""

    async def point_out(self, entity: EntityId | None) -> None:
        """The cursor is on that entry: it stands out on the map beside the view."""
        await self.beside.mark(entity)

    async def renew(self, token: tuple[int, int]) -> None:
        """Show the state of the log that the token stands for."""
        self.seen = token
        await self.refresh_data()

    async def on_screen_resume(self) -> None:
        """Back on top: news that came meanwhile are shown now."""
        self.show_frame()
        if self.seen != self.lage.token:
            await self.renew(self.lage.token)

    def show_frame(self) -> None:
        """Bring the bars up to date."""
        if not self.is_mounted or not self.query("#keys"):
            return
        self.share()
        low = self.app.size.height < LOW
        nav = self.query_one("#nav", NavBar)
        nav.display = not low
        nav.update_nav(actions.in_groups(actions.GO), self.place)
        for bar in self.query(ExerciseBar):
            clock = self.lage.status.clock if self.lage.status is not None else ""
            bar.update_mark(self.lage.marked, clock)
        self.query_one("#alarm", AlarmBar).update_alarms(self.lage.alarms, low=low)
        if self.lage.status is not None:
            status = self.query_one("#status", StatusBar)
            status.update_status(self.lage.status, read_only=self.lage.bridge.read_only)
        self.show_keys()

    def share(self) -> None:
        """Give the view its part of the screen, and the rest to what is around."""
        wide = self.app.size.width >= WIDE
        self.set_class(wide, "broad")
        self.beside.display = wide and not (self.view and self.view.alone)
        self.beside.styles.width = across(self.app.size.width).around
        self.beside.leave_out(self.view.kind if self.view else "")

    def show_keys(self) -> None:
        """Key bar for what is selected now."""
        if not self.query("#keys"):  # it is being taken down
            return
        low = self.app.size.height < LOW
        everywhere = sorted(
            (a for a in actions.in_groups(*ALWAYS) if a.bar and self.allows(a)),
            key=lambda a: (a.group == actions.PAST, a.bar),
        )
        bar = self.query_one("#keys", KeyBar)
        here = self.bar_actions()
        notice = self.lage.said
        if notice is None and self.lage.sending.notice:
            notice = self.lage.sending.notice, "key"
        if low:
            bar.update_keys([*here, actions.ACTIONS["hilfe"]], [], notice)
        else:
            bar.update_keys(here, everywhere, notice)

    def bar_actions(self) -> list[Action]:
        """Actions of the place, for the first line of keys."""
        found = [action for action in self.offers() if action.bar]
        return sorted(found, key=lambda a: (a.id != "oeffnen", a.group != actions.ENTRY, a.bar))

    def offers(self) -> list[Action]:
        """Actions of this place: opening, then those of the selected entry, then the others."""
        found = [a for a in (self.view.offers() if self.view else []) if self.allows(a)]
        return sorted(found, key=lambda a: (a.id != "oeffnen", a.group != actions.ENTRY))

    def allows(self, action: Action) -> bool:
        """Whether this screen may do it; one that only shows does not offer to write, and only
        the past can be played."""
        if action.group == actions.PAST:
            return self.lage.bridge.player is not None
        if action.group == actions.DIRECTION:
            return self.lage.bridge.directs(action.id)
        return not (action.writes and self.lage.bridge.read_only)

    async def action_act(self, action_id: str) -> None:
        """Textual's way from a key to its action."""
        await self.act(actions.ACTIONS[action_id])

    async def act(self, action: Action) -> None:
        """The gate: do an action that is offered here; say why not where it is not."""
        places = (self,) if self.view is None else (self.view, self)
        deed = carrier(places, self.lage, action)
        if deed is None or not self.offered(action):
            self.lage.say(self._why_not(action))
        else:
            await self.lage.attempt(deed)

    def offered(self, action: Action) -> bool:
        """Whether it may be done here and now."""
        if not self.allows(action):
            return False
        anywhere = action.group in (*ALWAYS, actions.GO) or action.id not in actions.ACTIONS
        return anywhere or any(offer.id == action.id for offer in self.offers())

    def _why_not(self, action: Action) -> str:
        if action.group == actions.PAST:
            return f"{action.title}: das geht nur in der Wiedergabe (lage wiedergabe)."
        if action.group == actions.DIRECTION:
            return f"{action.title}: das geht nur in der Übungsleitung (lage uebung leiten)."
        if not self.allows(action):
            return READ_ONLY
        if action.group == actions.ENTRY and self.view is not None:
            if self.view.selected() is None:
                return self.view.why_nothing()
            if action.kinds == ("message",):
                return "Das geht nur mit einer Nachricht."
            return f"{action.title}: das geht mit diesem Eintrag nicht."
        nowhere = f"{action.title}: das geht an dieser Stelle nicht."
        return nowhere if self.view is None else self.view.why_not(action) or nowhere


class Dialog(Fenced, ModalScreen[Any]):
    """A box over the screen below, which keeps showing its frame."""

    BINDINGS = [Binding("escape", "close", show=False)]

    @property
    def lage(self) -> Host:
        """The app."""
        return cast(Host, self.app)

    @property
    def painter(self) -> Painter:
        """Colours and characters in use."""
        return self.lage.painter

    def action_close(self) -> None:
        """Esc: one step back."""
        self.dismiss(None)

    def show_frame(self) -> None:
        """The bars of the screen below."""
        for screen in self.app.screen_stack:
            if isinstance(screen, LageScreen):
                screen.show_frame()

    async def refresh_data(self) -> None:
        """Dialogs ask about a moment; nothing to read again."""
