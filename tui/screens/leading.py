# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the direction does at its desk, key by key: each asks what it must and gives one order."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager, nullcontext
from textwrap import shorten
from typing import Any

from lage.language.errors import UsageError
from lage.language.plain import plain
from lage.views.direction import RELAY, DirectionView, InjectLine
from tui.bridge import Direction
from tui.screens.dialogs import Choose, TypeIn
from tui.screens.host import Host
from tui.widgets.choices import Option

WAYS = ("Funk", "Telefon", "Fax", "Melder")
FAILS = ("Funk", "Laptop", "Strom", "Broker")
TITLE_MAX = 60
CHANGES = (("minute", "Zeit"), ("text", "Inhalt"), ("an", "Empfänger"), ("vorrang", "Vorrang"))


class Leading:
    """The deeds; the view says what the cursor is on."""

    _shown: DirectionView | None = None

    @property
    def lage(self) -> Host:
        """The app."""
        raise NotImplementedError

    @property
    def direction(self) -> Direction:
        """The exercise."""
        raise NotImplementedError

    def look_on(self, show: Callable[[], object]) -> None:
        """Show something else in this terminal until it is left."""
        raise NotImplementedError

    def chosen(self, *kinds: str) -> str:
        """What the cursor is on, where it is of these kinds; else empty."""
        raise NotImplementedError

    def doing(self) -> AbstractContextManager[None]:
        """A deed on what the cursor is on, by which that may leave the list."""
        raise NotImplementedError

    async def again(self) -> None:
        """Show what is new."""
        raise NotImplementedError

    async def _do(self, order: str, *said: Any) -> None:
        direction = self.direction
        await self.lage.bridge.work(lambda _: direction.do(order, *said))
        await self.again()

    def _asked(self, then: Callable[[str], Awaitable[None]]) -> Callable[[Any], Awaitable[None]]:
        async def answered(answer: str | None) -> None:
            if answer is not None:
                await then(answer)

        return answered

    async def _type(
        self, title: str, then: Callable[[str], Awaitable[None]], text: str = "",
        ordered: Callable[[str], tuple[Any, ...]] | None = None,
    ) -> None:  # fmt: skip
        """``ordered``: the order that the text is for; where that could not be given the line says
        why, and keeps the text."""

        async def check(typed: str) -> None:
            if ordered is not None:
                direction, order = self.direction, ordered(typed)
                await self.lage.bridge.work(lambda _: direction.check(*order))

        await self.lage.push(TypeIn(title, text, check=check), self._asked(then))

    async def _choose(
        self, title: str, options: list[Option], then: Callable[[str], Awaitable[None]]
    ) -> None:
        await self.lage.push(Choose(title, options), self._asked(then))

    async def _staff(self, title: str, then: Callable[[str], Awaitable[None]], all_: str) -> None:
        """Choose a staff, or all of them by the word that orders know."""
        names = await self.lage.bridge.work(lambda _: self.direction.staffs())
        options = [Option(all_, "alle Stellen")] if all_ else []
        await self._choose(title, options + [Option(name, name) for name in names], then)

    # --- the clock ------------------------------------------------------------------------------

    async def act_uhr(self) -> None:
        """Run or stand."""
        runs = self._shown is not None and self._shown.wanted
        await self._do("pause" if runs else "go_on")

    async def act_tempo(self) -> None:
        """Another tempo."""

        def order(text: str) -> tuple[str, float]:
            try:
                return "tempo", float(text.replace(",", ".").rstrip("×x "))
            except ValueError:
                raise UsageError(f"„{text}“ ist kein Tempo: bitte z. B. 20 eingeben.") from None

        async def typed(text: str) -> None:
            await self._do(*order(text))

        await self._type("Tempo der Übungsuhr (1 ist Echtzeit)", typed, ordered=order)

    async def act_sprung(self) -> None:
        """Set the clock forward."""

        async def typed(time: str) -> None:
            async def how(catch_up: str) -> None:
                await self._do("jump", time, catch_up == "ja")

            options = [
                Option("nein", "Einlagen an Menschen bis dahin auslassen"),
                Option("ja", "alle Einlagen bis dahin jetzt geben"),
            ]
            await self._choose(f"Sprung auf {time}", options, how)

        title = "Sprung auf (z. B. X+90 oder 07:30)"
        await self._type(title, typed, ordered=lambda text: ("jump", text, False))

    async def act_uebung_ende(self) -> None:
        """The exercise is over, after a question."""

        async def yes() -> None:
            await self._do("end")

        await self.lage.confirm("Die Übung beenden? Die Uhr läuft dann nicht mehr.", yes)

    # --- injects --------------------------------------------------------------------------------

    async def act_einspielen(self) -> None:
        """Give the inject under the cursor now."""
        await self._decide("fire", "wird jetzt gegeben")

    async def act_auslassen(self) -> None:
        """Leave it out."""
        await self._decide("skip", "wird ausgelassen")

    async def _decide(self, order: str, done: str) -> None:
        nr = self.chosen("einlage")
        words = self.inject_words(nr)
        with self.doing():
            await self._do(order, nr)
        self.lage.say(f"{words} {done}.", "ok")

    def inject_words(self, nr: str) -> str:
        """An inject in a sentence: its number, and its title or what it brings."""
        line = self._inject(nr)
        if line is None:
            return f"Einlage {nr}"
        return f"Einlage {line.label} „{shorten(plain(line.text), TITLE_MAX, placeholder='…')}“"

    def _inject(self, nr: str) -> InjectLine | None:
        shown = self._shown
        lines = (*shown.coming, *shown.past) if shown is not None else ()
        return next((each for each in lines if each.nr == nr), None)

    async def act_umschreiben(self) -> None:
        """Change one thing about it."""
        nr = self.chosen("einlage")

        async def what(name: str) -> None:
            title = dict(CHANGES)[name]

            def order(text: str) -> tuple[Any, ...]:
                return "change", nr, {name: text}

            async def typed(text: str) -> None:
                await self._do(*order(text))

            before = self._wording(nr) if name == "text" else ""
            await self._type(f"Einlage {nr}: {title}", typed, before, order)

        options = [Option(name, title) for name, title in CHANGES]
        await self._choose(f"Einlage {nr} ändern", options, what)

    def _wording(self, nr: str) -> str:
        """What an inject brings as it stands, in one line, to begin from."""
        line = self._inject(nr)
        return "" if line is None else " ".join(line.wording.split())

    async def act_neu(self) -> None:
        """Insert one: from whom, to whom, by what way, what."""
        said: dict[str, str] = {}

        async def sender(text: str) -> None:
            said["von"] = text
            await self._staff("Einlage an", to, "alle")

        async def to(name: str) -> None:
            said["an"] = name
            await self._choose("Weg", [Option(way, way) for way in WAYS], by)

        async def by(way: str) -> None:
            said["weg"] = way
            await self._type(f"Einlage an {said['an']}, {way}: Inhalt", content, "", order)

        def order(text: str) -> tuple[Any, ...]:
            return "insert", {**said, "text": text}

        async def content(text: str) -> None:
            await self._do(*order(text))

        await self._type("Einlage von (Stelle, oder wer etwas meldet)", sender)

    async def act_zugestellt(self) -> None:
        """A card was read out, a sheet handed over."""
        nr = self.chosen("karte")

        async def typed(by: str) -> None:
            with self.doing() if self.chosen("karte") == nr else nullcontext():
                await self._do("deliver", nr, by)

        await self._type(f"Einlage {nr} zugestellt durch (leer: Leitung)", typed)

    async def act_abzweig(self) -> None:
        """Answer the question of a branch."""
        branches = self._shown.branches if self._shown is not None else ()

        async def which(name: str) -> None:
            branch = next(each for each in branches if each.name == name)

            async def option(chosen: str) -> None:
                await self._do("choose", name, chosen)

            options = [Option(o, o, "gilt" if o == branch.chosen else "") for o in branch.options]
            await self._choose(branch.question, options, option)

        await self._choose("Abzweig", [Option(b.name, b.name, b.question) for b in branches], which)

    # --- staffs ---------------------------------------------------------------------------------

    async def act_ausfall(self) -> None:
        """Something fails at a staff, or a relay does; or it works again."""
        staffs = {each.name: each for each in (self._shown.staffs if self._shown else ())}

        async def at(name: str) -> None:
            async def what(broken: str) -> None:
                fails = broken in staffs[name].state
                await self._do("mend" if fails else "cut", name, broken)

            if staffs[name].manning == RELAY:
                await what(RELAY)
                return
            await self._choose(f"{name}: Ausfall", [Option(one, one) for one in FAILS], what)

        name = self.chosen("stelle")
        if name:
            await at(name)
        else:
            await self._choose("Ausfall bei", [Option(name, name) for name in staffs], at)

    async def act_zusehen(self) -> None:
        """A staff's screen, in the place of this one until it is left."""

        async def of(name: str) -> None:
            direction = self.direction
            show = await self.lage.bridge.work(lambda _: direction.watch(name))
            self.look_on(show)

        name = self.chosen("stelle")
        if name:
            await of(name)
        else:
            await self._staff("Wessen Bildschirm? Strg+Q führt von dort zurück.", of, "")

    async def act_nachbesprechen(self) -> None:
        """A point for the talk afterwards; on a point: it is settled."""
        place = self.chosen("punkt")
        if place:
            await self._do("washed", int(place))
            return

        async def typed(text: str) -> None:
            await self._do("wash", text)

        title = "Punkt für die Nachbesprechung"
        await self._type(title, typed, ordered=lambda text: ("wash", text))
