# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Going through the past: play, speed, jumps, and what lies between two moments.

The folder shows one moment after the other; that it has changed the screens see as they see any
news. What they show while it moves is always one moment's picture with that moment's time.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from lage.archive.replay import Eyes, Replay, Shown
from lage.language.tactical import tactical
from lage.views.difference import Difference, change_words
from tui.bridge import Player, seconds
from tui.screens.dialogs import Choose, TypeIn
from tui.screens.host import Host
from tui.widgets.bars import EXERCISE, mark_of
from tui.widgets.choices import Option

SPEEDS = (1, 10, 60, 300, 1800)
STEP_S = 600
LISTED_MAX = 500
"""So many changes are listed; more are counted."""


class Playing:
    """The app's hand on the past."""

    def __init__(
        self, host: Host, *, news: Callable[[], Awaitable[None]], show: Callable[[], None]
    ) -> None:
        self._host = host
        self._news, self._show = news, show  # reads again what is shown; draws the bars
        self._drill = host.marked.startswith(EXERCISE)
        self._speed = 2  # its place among the speeds
        self._since: float | None = None  # seconds(), as of when it plays; None: it stands
        self._rest = 0.0  # of a second of log time that has not been played yet
        if host.bridge.player is not None:
            self._mark()

    @property
    def _player(self) -> Player:
        assert self._host.bridge.player is not None
        return self._host.bridge.player

    @property
    def _at(self) -> int:
        return self._player.shown.moment

    def _mark(self) -> None:
        """Say above and below everything which moment it is, in whose eyes, and how it moves."""
        shown = self._player.shown
        doubt = f", {shown.doubtful} mit falscher Uhr" if shown.doubtful else ""
        pace = f"läuft {SPEEDS[self._speed]}-fach" if self._since is not None else "steht"
        self._host.marked = mark_of(f"{shown.title}{doubt}, {pace}", self._drill)

    async def tick(self) -> None:
        """Go on, as far as time has passed."""
        if self._since is None:
            return
        now = seconds()
        passed = (now - self._since) * SPEEDS[self._speed] + self._rest
        self._since, self._rest = now, passed % 1
        if passed >= 1:
            end = await self._player.run(lambda replay: replay.end)
            await self._go(min(self._at + int(passed), max(end, self._at)))
            if self._at >= end:
                self._since = None
                self._mark()
                self._host.say("Das Ende des Zeitraums ist erreicht.", "key")

    async def _go(self, moment: int, eyes: Eyes | None = None) -> None:
        self._player.shown = await self._player.run(lambda replay: replay.show(moment, eyes))
        await self._moved()

    async def _moved(self) -> None:
        self._mark()
        await self._news()
        self._show()

    # --- what keys do -----------------------------------------------------------------------------

    async def act_abspielen(self) -> None:
        """Play, or stand still."""
        self._since = None if self._since is not None else seconds()
        self._rest = 0.0
        await self._player.run(_to_the_end_if_there)
        await self._moved()

    async def act_schneller(self) -> None:
        """The next speed."""
        await self._pace(1)

    async def act_langsamer(self) -> None:
        """The speed before."""
        await self._pace(-1)

    async def _pace(self, step: int) -> None:
        self._speed = max(0, min(len(SPEEDS) - 1, self._speed + step))
        self._host.say(f"{SPEEDS[self._speed]}-fache Geschwindigkeit", "key")
        await self._moved()

    async def act_vor(self) -> None:
        """Ten minutes on."""
        await self._go(self._at + STEP_S)

    async def act_zehn_zurueck(self) -> None:
        """Ten minutes back."""
        await self._go(self._at - STEP_S)

    async def act_naechster_eintrag(self) -> None:
        """To the moment at which the next entry comes."""
        await self._beside(back=False)

    async def act_voriger_eintrag(self) -> None:
        """To the moment at which the entry before came."""
        await self._beside(back=True)

    async def _beside(self, *, back: bool) -> None:
        at = self._at
        moment = await self._player.run(lambda replay: replay.entry_beside(at, back=back))
        if moment is None:
            self._host.say("Davor gibt es nichts." if back else "Danach gibt es nichts.", "key")
        else:
            await self._go(moment)

    async def act_zeitpunkt(self) -> None:
        """To a time that is typed."""
        at = self._at

        async def typed(text: str | None) -> None:
            if text:
                await self._go(await self._player.run(lambda r: r.moment(text, near=at)))

        await self._host.push(TypeIn("Gehe zu: 241530nov26, 15:30 oder vor 20 min"), typed)

    async def act_merken(self) -> None:
        """This moment is what others are compared with."""
        at = self._at

        def mark(replay: Replay) -> None:
            replay.mark = at

        await self._player.run(mark)
        self._host.say(f"Gemerkt: {tactical(at)}. Strg+U zeigt später den Unterschied dazu.", "key")

    async def act_andere_augen(self) -> None:
        """As it was known then, or as it is known today; of another staff: at least, at most."""
        self._player.shown = await self._player.run(_other_eyes)
        await self._moved()

    async def act_unterschied(self) -> None:
        """What lies between the marked moment and this one."""
        at = self._at

        def compare(replay: Replay) -> tuple[int, Difference]:
            first, last = sorted((replay.mark, at))
            return replay.mark, replay.difference(first, replay.eyes, last, replay.eyes)

        marked, found = await self._player.run(compare)
        first, last = sorted((marked, at))
        title = f"{tactical(first)} – {tactical(last)}: {found.summary()}"

        async def chosen(place: int | None) -> None:
            if place is not None and place >= 0:
                await self._host.open_detail(found.changes[place].now.entity)

        await self._host.push(Choose(title, _options(found)), chosen)


def _options(found: Difference) -> list[Option]:
    rows = [
        Option(place, f"{change.sort.value}: {change_words(change)}", change.deed.staff)
        for place, change in enumerate(found.changes[:LISTED_MAX])
    ]
    left = len(found.changes) - len(rows)
    if left:
        rows.append(Option(-1, f"und {left} weitere; alle nennt „lage wiedergabe --unterschied“"))
    return rows or [Option(-1, "nichts")]


def _other_eyes(replay: Replay) -> Shown:
    first, second = replay.all_eyes()
    return replay.show(replay.at, second if replay.eyes is first else first)


def _to_the_end_if_there(replay: Replay) -> None:
    """Who plays on from the end of what was asked for wants to see the rest."""
    if replay.at >= replay.end:
        replay.end = replay.last
