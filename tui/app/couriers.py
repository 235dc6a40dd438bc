# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Courier files on the screen: packed onto a stick, taken in, offered where one is seen."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from tui.app.taking_in import TakingIn
from tui.screens.dialogs import Choose, TypeIn
from tui.widgets.choices import Option

if TYPE_CHECKING:
    from lage.bearers.sticks import Offer
    from lage.station import Station
    from tui.screens.host import Host

LOOK_S = 10.0
_OTHER = Option("", "andere Datei")


class Couriers(TakingIn):
    """The app's way to files: of couriers, of others, of the county."""

    def __init__(self, host: Host, news: Callable[[], Awaitable[None]]) -> None:
        super().__init__(host, news)
        self._looked = monotonic()
        self._told: set[str] = set()

    async def look(self) -> None:
        """A stick may have been plugged in: say once what lies on it."""
        if monotonic() - self._looked < LOOK_S or self._host.bridge.read_only:
            return
        self._looked = monotonic()
        found = await self._host.bridge.work(_offers)
        news = [offer for offer in found if offer.mark not in self._told]
        if news:
            self._told.update(offer.mark for offer in news)
            offered = f"Auf dem Stick: {_words(news[0])}. Einlesen mit Strg+P, „Kurier“."
            self._host.say(offered, "key")

    async def act_kurier_einlesen(self) -> None:
        """Which file?"""
        self._host.bridge.may_write()
        found = await self._host.bridge.work(_offers)
        options = [Option(str(offer.path), _words(offer), offer.path.name) for offer in found]
        if not options:
            await self._host.push(TypeIn("Kurierdatei einlesen: welche Datei?"), self._take_file)
            return
        await self._host.push(Choose("Kurierdatei einlesen", [*options, _OTHER]), self._file_chosen)

    async def _file_chosen(self, path: str | None) -> None:
        if path == "":
            await self._host.push(TypeIn("Kurierdatei einlesen: welche Datei?"), self._take_file)
        else:
            await self._take_file(path)

    async def _take_file(self, typed: str | None) -> None:
        if not typed or not typed.strip():
            return
        path = Path(typed.strip()).expanduser()
        self._host.say(await self._host.bridge.work(lambda station: _taken(station, path)), "ok")
        await self._news()

    async def act_kurier_packen(self) -> None:
        """Onto which stick?"""
        self._host.bridge.may_write()
        sticks = await self._host.bridge.work(_sticks)
        options = [Option(str(stick), f"Auf den Stick {stick}") for stick in sticks]
        if not options:
            await self._host.push(TypeIn("Kurier packen: in welche Datei?"), self._pack)
            return
        await self._host.push(Choose("Kurier packen", [*options, _OTHER]), self._place)

    async def _place(self, stick: str | None) -> None:
        if stick is None:
            return
        if not stick:
            await self._host.push(TypeIn("Kurier packen: in welche Datei?"), self._pack)
            return
        self._host.say(await self._host.bridge.work(lambda s: _onto(s, Path(stick))), "ok")

    async def _pack(self, typed: str | None) -> None:
        if not typed or not typed.strip():
            return
        path = Path(typed.strip()).expanduser()
        self._host.say(await self._host.bridge.work(lambda station: _packed(station, path)), "ok")


def _words(offer: Offer) -> str:
    from lage.language.tactical import tactical

    return f"Kurier von {offer.maker}, gepackt {tactical(offer.made)}"


def _offers(station: Station) -> list[Offer]:
    from lage.bearers.sticks import offers

    return offers(station)


def _sticks(_station: Station) -> list[Path]:
    from lage.bearers.sticks import plugged_in

    return plugged_in()


def _taken(station: Station, path: Path) -> str:
    from lage.bearers.taking import take_in
    from lage.bearers.told import taken_lines

    return " ".join(line.strip() for line in taken_lines(path, take_in(station, path)))


def _onto(station: Station, stick: Path) -> str:
    from lage.bearers.sticks import free_name

    me = station.me
    return _packed(station, free_name(stick, me.code if me else "knoten"))


def _packed(station: Station, path: Path) -> str:
    from lage.bearers.packing import pack
    from lage.bearers.told import packed_sentence

    packed, _ = pack(station, path)
    return packed_sentence(path, packed)
