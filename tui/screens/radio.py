# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Setting up the radio: which one, what is wrong with it, make it right, or take that back.

The running node holds the radio and does the work; here one sees how it is going on.
"""

from __future__ import annotations

from functools import partial

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical

from lage.bearers.radio_order import order_radio
from lage.kinds.radio_wish import Wish
from lage.language.hardware import plugged
from lage.language.plain import plain
from lage.station import Station
from lage.views.network import RELAYING, RadioView
from tui.paint import Line, wrap
from tui.screens.base import Dialog
from tui.screens.dialogs import Choose, TypeIn
from tui.screens.host import Host
from tui.terminal import Glyphs
from tui.widgets.base import Lines, Reader
from tui.widgets.choices import Option

POLL_S = 0.5
OTHER = "Anderer Anschluss …"
STOP_RELAYING = (
    "Das Funkgerät gibt dann nicht mehr weiter, was andere senden: nur, wo der Plan es sagt („lage"
    " funk plan“). Umstellen?"
)
FOR_OTHERS = (
    "Dieses Funkgerät dient anderen als Relais: soll es nicht mehr weiterleiten, dann „lage funk"
    " einrichten --weiterleiten nein --auch-relais“."
)
UNDO = "Das Funkgerät passt danach nicht mehr zum Kreis. Wirklich zurücksetzen?"


def setup_lines(radio: RadioView, since: float, width: int, glyphs: Glyphs) -> list[Line]:
    """What is to be said of the radio, and what each key would do; ``since``: our last order."""
    said: list[tuple[str, str]] = [
        (f"Funkgerät: {radio.headline} {radio.address}".rstrip(), "bold")
    ]
    ours = radio.setting_up_at >= since > 0
    if not radio.running:
        said.append(("Der Knoten läuft nicht; er hält das Funkgerät: „lage start“.", "warn"))
    elif ours and radio.busy:
        said.append((radio.setting_up, "bold"))
    elif not radio.connected:
        unchosen = "Noch kein Funkgerät gewählt: Enter zeigt, was angesteckt ist."
        reason = radio.reason if radio.address else None
        said.append((reason or unchosen, "warn"))
    else:
        if ours and radio.setting_up:
            said.append((radio.setting_up, "text"))
        said += [(f"muss: {words}", "alarm") for words in radio.wrong]
        said += [(f"soll: {words}", "text") for words in radio.better]
        if not radio.wrong and not radio.better:
            said.append(("Alles ist eingestellt, wie der Kreis es braucht.", "ok"))
        if radio.role:
            word = "ja" if radio.relays else "nein"
            said.append((f"Leitet weiter, was andere senden: {word} (Rolle {radio.role})", "text"))
        if radio.firmware_doubt:
            said.append((radio.firmware_doubt, "warn"))
        if radio.rival:
            said.append((radio.rival, "warn"))
        if radio.unjudged:
            names = ", ".join(radio.unjudged)
            said.append((f"Lage kennt nicht, und beurteilt nicht: {names}.", "dim"))
    return [((part, role),) for text, role in said for part in wrap(plain(text), width, glyphs)]


class RadioSetup(Dialog):
    """The box."""

    BINDINGS = [
        Binding("enter", "go", show=False, priority=True),
        Binding("a,A", "choose", show=False),
        Binding("r,R", "undo", show=False),
        Binding("w,W", "relay", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._radio: RadioView | None = None
        self._since = 0.0

    def compose(self) -> ComposeResult:
        """Title, what is said, and the keys."""
        with Vertical(classes="box wide"):
            yield Lines([(("Funk einrichten", "title"),)])
            reader = Reader(())
            reader.styles.height = min(14, max(3, self.app.size.height - 10))
            yield reader
            yield Lines(
                [(("Enter", "key"), (" einrichten  ", "text"), ("a", "key"),
                  (" anderer Anschluss  ", "text"), ("r", "key"), (" zurücksetzen", "text")),
                 (("w", "key"), (" Weiterleiten ein oder aus  ", "text"),
                  ("Esc", "key"), (" zurück", "text"))]
            )  # fmt: skip

    async def on_mount(self) -> None:
        """Look at once, and again twice a second."""
        self.set_focus(self.query_one(Reader))
        await self._look()
        self.set_interval(POLL_S, self._look)

    async def _look(self) -> None:
        self._radio = await self.lage.bridge.look(Station.radio)
        width = min(72, int(self.app.size.width) - 10)
        lines = setup_lines(self._radio, self._since, width, self.lage.painter.glyphs)
        if self.is_attached:
            self.query_one(Reader).show(lines, keep=True)

    async def action_go(self) -> None:
        """Set up what is attached, or choose where nothing is."""
        radio = self._radio
        if radio is None or not radio.running or radio.busy:
            return
        if not radio.connected:
            await self.action_choose()
        elif radio.wrong or radio.better:
            await self._order(Wish.SET_UP)

    async def action_choose(self) -> None:
        """Another radio."""
        ports = await self.lage.bridge.work(lambda _station: plugged())
        options = [Option(address, words) for address, words in ports]
        box = Choose("Wo steckt das Funkgerät?", [*options, Option("", OTHER)])
        await self.lage.push(box, self._chosen)

    async def _chosen(self, address: str | None) -> None:
        if address == "":
            title = "Adresse, z. B. serial:/dev/ttyUSB0 oder tcp:192.168.1.7:4403"
            await self.lage.push(TypeIn(title), self._typed)
        elif address is not None:
            await self._order(Wish.CONNECT, address)

    async def _typed(self, address: str | None) -> None:
        if address:
            await self._order(Wish.CONNECT, address.strip())

    async def action_undo(self) -> None:
        """Give the radio back what it had."""
        await self.lage.confirm(UNDO, partial(self._order, Wish.UNDO))

    async def action_relay(self) -> None:
        """Let it pass on what others send, or no more."""
        radio = self._radio
        if radio is None or radio.role is None or radio.busy:
            return
        if radio.role in RELAYING:
            self.lage.say(FOR_OTHERS)
        elif radio.relays:
            stop = partial(self._order, Wish.SET_UP, relays=False)
            await self.lage.confirm(STOP_RELAYING, stop)
        else:
            await self._order(Wish.SET_UP, relays=True)

    async def _order(self, wish: Wish, address: str = "", *, relays: bool | None = None) -> None:
        async def give() -> None:
            self._since = await self.lage.bridge.work(
                lambda station: order_radio(station, wish, address, relays=relays)
            )

        await self.lage.attempt(give)
        await self._look()


async def offer(host: Host) -> bool:
    """The first thing for a node that runs and has never had a radio; False until one runs."""
    radio = await host.bridge.look(Station.radio)
    if radio.running and not radio.address and not host.bridge.read_only:
        await host.push(RadioSetup())
    return radio.running
