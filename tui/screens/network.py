# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The radio network: own radio, airtime, queue, every other node and what it lacks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textual.app import ComposeResult

from lage.language.plain import plain
from lage.language.tactical import age, clock
from lage.station import Station
from lage.views.hearing import hearing_lines
from lage.views.network import NetworkView, NodeRow, way
from lage.views.on_the_way import OnTheWay, on_the_way
from lage.write.fuel import fuel_hours
from tui import actions
from tui.paint import Line, count, fit, wrap
from tui.screens.base import View, bindings
from tui.screens.dialogs import TypeIn
from tui.screens.radio import RadioSetup
from tui.terminal import Glyphs
from tui.widgets.base import Reader

BAR = 24
WIDE = 100
"""From so many cells on there is room for the time beside the age."""
CLASSES = ("blitz", "sofort", "Quittungen", "einfach", "für andere", "Fragen", "Abgleich")
"""Classes of the node's queue."""


def network_lines(
    view: NetworkView, waiting: Sequence[OnTheWay], now: int, width: int, glyphs: Glyphs
) -> list[Line]:
    """All of it as lines."""
    radio = view.radio
    good = "ok" if radio.good else "alarm"
    name = f" {plain(radio.name)}" if radio.name else ""
    about = [part for part in (radio.address, radio.firmware, radio.preset, radio.region) if part]
    lines: list[Line] = [
        ((" Eigenes Funkgerät: ", "bold"), (f"{radio.headline}{name}", good)),
    ]
    if about:
        lines.append(((f"   {plain(', '.join(about))}", "dim"),))
    for sentence in radio.troubles or filter(None, (radio.reason,)):
        lines += [((f"   {part}", "warn"),) for part in wrap(plain(sentence), width - 4, glyphs)]
    for sentence in view.relaying:
        lines += [((f"   {part}", "warn"),) for part in wrap(plain(sentence), width - 4, glyphs)]
    used, limit = radio.airtime_hour_ms / 1000, radio.airtime_limit_ms / 1000
    filled = min(BAR, round(BAR * used / limit)) if limit else 0
    full, empty = ("#", ".") if glyphs is Glyphs.ASCII else ("█", "░")
    lines.append(
        (
            (" Sendezeit letzte Stunde: ", "bold"),
            (full * filled + empty * (BAR - filled), "warn" if used > limit * 0.8 else "water"),
            (f" {used:.0f} s von {limit:.0f} s, frei {max(0.0, limit - used):.0f} s", "text"),
        )
    )
    if radio.channel_utilisation is not None:
        lines.append(((f"   Kanal belegt: {radio.channel_utilisation:.0f} %", "dim"),))
    lines.append(
        ((" Noch nicht gesendet: ", "bold"), (count(radio.unsent, "Eintrag", "Einträge"), "text"))
    )
    lines += _queue(radio.queue, width, glyphs)
    lines += _beside(view, width, glyphs)
    lines.append(
        ((f" Pakete gesendet {radio.packets_sent}, gehört {radio.packets_heard}"
          + _counts(", verworfen: ", radio.rejected), "dim"),)
    )  # fmt: skip
    lines.append(((f" Einträge im Lagebuch: {view.operations}"
                   + (f", nur mit neuerer Version lesbar: {view.unreadable}"
                      if view.unreadable else "")
                   + (f", nicht darstellbar: {view.unshown}" if view.unshown else ""),
                   "dim"),))  # fmt: skip
    lines += [
        ((f"{' ' if fork.decided else '!! '}{plain(fork.sentence())}",
          "dim" if fork.decided else "alarm"),)
        for fork in view.forks
    ]  # fmt: skip
    lines += [((f" {plain(gone.sentence())}", "warn"),) for gone in view.revoked]
    for sentence in view.told:
        lines += [((f" {part}", "warn"),) for part in wrap(plain(sentence), width - 2, glyphs)]
    lines.append(())
    lines += _nodes(view, now, width, glyphs)
    lines += _radios(view, now, width, glyphs)
    lines += _hearing(view, now, width, glyphs)
    lines.append(())
    lines += _waiting(waiting, now, width, glyphs)
    return lines


def _queue(queue: Mapping[str, int], width: int, glyphs: Glyphs) -> list[Line]:
    """Packets that wait for their turn, by class, the most urgent first."""
    label = " Warteschlange (Pakete): "
    names = dict.fromkeys([*CLASSES, *queue])
    text = ", ".join(f"{plain(name)} {queue.get(name, 0)}" for name in names)
    parts = wrap(text, width - len(label), glyphs)
    lines: list[Line] = [((label, "bold"), (parts[0], "text"))]
    return lines + [((" " * len(label) + part, "text"),) for part in parts[1:]]


def _waiting(found: Sequence[OnTheWay], now: int, width: int, glyphs: Glyphs) -> list[Line]:
    """Which of our entries somebody lacks, and who."""
    title = " Eigene Einträge, deren Empfang noch nicht alle gemeldet haben"
    lines: list[Line] = [((fit(title, width, glyphs), "head"),)]
    if not found:
        return [
            *lines,
            ((" (keine: Nachrichten, Aufträge, Vorfälle und Tagebuch sind überall)", "ok"),),
        ]
    for item in found:
        about = f" {clock(item.time, now)} {item.title}: {item.text}"
        lines.append(((fit(about, width, glyphs), "text"),))
        missing = ", ".join(item.missing)
        where = f"empfangen bei {item.reached} von {item.total}, noch nicht bekannt bei: {missing}"
        lines += [((f"     {part}", "warn"),) for part in wrap(where, width - 5, glyphs)]
    return lines


def _nodes(view: NetworkView, now: int, width: int, glyphs: Glyphs) -> list[Line]:
    wide = width >= WIDE
    name = max(10, min(28, width - (71 if wide else 60)))
    titles = [("Stelle", name), ("Kürzel", 6), ("zuletzt", 10), ("Alter", 7), ("über", 10)]
    titles += [("Signal", 6), ("hält noch", 9)]
    heading = " " + " ".join(
        fit(title, cells, glyphs) for title, cells in titles if wide or title != "zuletzt"
    )
    lines: list[Line] = [((fit(f"{heading} unbestätigt", width, glyphs), "head"),)]
    for node in view.nodes:
        last = clock(node.last, now) if node.last is not None else "noch nie"
        ago = age(node.last, now) if node.last is not None else "-"
        snr = "-" if node.snr_db is None else f"{node.snr_db:.0f} dB"
        row = (
            f" {fit(plain(node.name), name, glyphs)} {node.code:6} {f'{last:10} ' if wide else ''}"
            f"{ago:7} {node.by:10} {snr:>6} {node.lasting.brief:9} {_behind(node)}"
        )
        role = "dim" if not node.active else "warn" if node.behind or node.ahead else "text"
        lines.append(((row, role),))
    if not view.nodes:
        lines.append(((" (noch keine andere Stelle im Kreis)", "dim"),))
    told = [(node.code, node.lasting.says) for node in view.nodes if node.lasting.says]
    for code, says in [*([("hier", view.me.says)] if view.me and view.me.says else []), *told]:
        lines += [((f" {part}", "text"),) for part in wrap(f"{code}: {says}", width - 2, glyphs)]
    return lines


def _beside(view: NetworkView, width: int, glyphs: Glyphs) -> list[Line]:
    """Whom another way than the radio reaches, and what fails there."""
    if view.ways is None:
        return []
    names = {node.member: node.code for node in view.nodes}
    there = [f"{names.get(who, str(who))} ({where})" for who, where in view.ways.reached.items()]
    lines: list[Line] = []
    if there:
        text = f"Neben dem Funk verbunden: {plain(', '.join(there))}"
        lines += [((f" {part}", "text"),) for part in wrap(text, width - 2, glyphs)]
    for sentence in view.ways.troubles:
        lines += [((f" {part}", "warn"),) for part in wrap(plain(sentence), width - 2, glyphs)]
    return lines


def _radios(view: NetworkView, now: int, width: int, glyphs: Glyphs) -> list[Line]:
    """What the radios tell of themselves, and those that belong to no staff."""
    told = [("hier", view.own), *((node.code, node.radio) for node in view.nodes)]
    says = "; ".join(f"{code}: {radio.says}" for code, radio in told if radio and radio.says)
    lines: list[Line] = []
    if says:
        parts = wrap(f"Funkgeräte: {plain(says)}", width - 2, glyphs)
        lines += [((f" {part}", "text"),) for part in parts]
    if view.relays:
        lines.append(((fit(" Funkgeräte ohne Stelle", width, glyphs), "head"),))
    for radio in view.relays:
        ago = age(radio.heard, now) if radio.heard is not None else "-"
        snr = "-" if radio.snr_db is None else f"{radio.snr_db:.0f} dB"
        row = f" {radio.name} {radio.id}, vor {ago}, {snr}, {way(radio.hops)}"
        row += f", {radio.says}" if radio.says else ""
        parts = wrap(plain(row), width - 3, glyphs)
        lines += [((f" {part}", "text"),) for part in parts]
    return lines


def _hearing(view: NetworkView, now: int, width: int, glyphs: Glyphs) -> list[Line]:
    """Who hears whom, and that it is not all."""
    *known, caveat = hearing_lines(view.hearing, now) or [""]
    if not known:
        return []
    lines: list[Line] = [((fit(" Wer hört wen, auf welchem Weg", width, glyphs), "head"),)]
    for text, role in [*((line, "text") for line in known), (caveat, "dim")]:
        lines += [((f" {part}", role),) for part in wrap(text, width - 2, glyphs)]
    return lines


def _behind(node: NodeRow) -> str:
    if not node.active:
        return "widerrufen"
    here = (
        "unbekannt"
        if node.behind is None
        else "nichts"
        if node.behind == 0
        else f"! {count(node.behind, 'Eintrag', 'Einträge')}"
    )
    return here + (f", hier fehlen {node.ahead}" if node.ahead else "")


def _counts(label: str, counts: Mapping[str, int]) -> str:
    shown = ", ".join(f"{plain(name)} {count}" for name, count in counts.items() if count)
    return f"{label}{shown}" if shown else ""


class NetworkScreenView(View):
    """The network."""

    title = "Netz"
    BINDINGS = bindings(actions.RADIO)
    groups = (actions.RADIO,)

    def compose(self) -> ComposeResult:
        """A text to scroll."""
        yield Reader(id="network")

    async def act_funk_einrichten(self) -> None:
        """The box about the own radio."""
        await self.lage.push(RadioSetup())

    async def act_kraftstoff(self) -> None:
        """How long the generator's fuel lasts."""
        self.lage.bridge.may_write()
        await self.lage.push(
            TypeIn("Kraftstoff des Aggregats für wie viele Stunden? („aus“: keins)"), self._fuel
        )

    async def _fuel(self, typed: str | None) -> None:
        if typed is None or not typed.strip():
            return
        hours = fuel_hours(typed)
        await self.lage.bridge.work(lambda station: station.enter_fuel(hours))
        said = "" if hours is None else f"{hours:g}".replace(".", ",")
        told = f"Kraftstoff für {said} h ab jetzt" if said else "Kein Aggregat"
        self.lage.say(f"{told}; die anderen sehen es.", "ok")
        await self.refresh_data()

    def start(self) -> None:
        """Arrows scroll."""
        self.screen.set_focus(self.query_one(Reader))

    async def on_resize(self) -> None:
        """Columns have another width."""
        await self.refresh_data()

    async def refresh_data(self) -> None:
        """Read the state of the network."""
        width, glyphs = max(20, self.query_one(Reader).size.width), self.lage.painter.glyphs

        def read(station: Station) -> list[Line]:
            waiting = on_the_way(station.context())
            return network_lines(station.network(), waiting, station.now(), width, glyphs)

        lines = await self.lage.bridge.work(read)
        if self.ready:
            self.query_one(Reader).show(lines, keep=True)

    def show_instead(self, text: str) -> None:
        """Why there is nothing."""
        if self.ready:
            self.query_one(Reader).show([((f" {text}", "warn"),)])
