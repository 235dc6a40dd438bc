# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What people outside have sent: emergency calls to be checked, offers of help, words of helpers.

One key makes a call an incident, another a blitz message to the control centre, a third puts it
aside with a reason. Names stand in the detail only, and not on a screen that only shows.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from lage.kinds.model import Record
from lage.kinds.outside import CHANGE, OFFER
from lage.language.errors import UsageError
from lage.language.plain import plain
from lage.outside import calls, desk, needed, offers, queue, wishes
from lage.outside.desk import Opened, anything, boxes_of
from lage.outside.queue import CALLS, EVERY, NEEDS, OFFERS, WORDS
from lage.station import Station
from lage.views.pages import Page, Row
from tui import actions
from tui.actions import Action
from tui.paint import Line, wrap
from tui.screens.base import LageScreen, bindings
from tui.screens.dialogs import Choose, TypeIn
from tui.screens.lists import TableView
from tui.screens.printing import to_paper
from tui.screens.tables import matches, share
from tui.widgets.choices import Option
from tui.widgets.log_table import Head

ONLY = {
    "aussen_blitz": ((CALLS, EVERY), "Das geht nur mit einem Notruf."),
    "aussen_beleg": ((CALLS, EVERY), "Das geht nur mit einem Notruf."),
    "aussen_da": ((OFFERS, NEEDS, WORDS), "Das geht bei den Angeboten (f)."),
    "aussen_zuweisen": ((OFFERS, NEEDS), "Das geht nur mit einem Angebot."),
    "aussen_ablegen": ((CALLS, EVERY, OFFERS, NEEDS), "Worte liest man: j nimmt sie weg."),
}
"""Deeds that only some of the lists have, and what is said in the others."""


EMPTY = {
    CALLS: "nichts zu prüfen",
    EVERY: "keine Notrufe",
    OFFERS: "kein Angebot wartet",
    NEEDS: "kein Aufruf sucht Helfende",
    WORDS: "nichts zu lesen",
}


class OutsideView(TableView):
    """The queue."""

    BINDINGS = bindings(actions.LIST, actions.OUTSIDE)
    groups = (actions.OUTSIDE, actions.LIST)
    title = "Von außen"
    sticks = True

    def __init__(self) -> None:
        super().__init__()
        self.filters = [(CALLS, "Notrufe"), (EVERY, "alle Notrufe"), (OFFERS, "Angebote"),
                        (NEEDS, "Bedarf"), (WORDS, "Worte")]  # fmt: skip

    async def opens_anew(self) -> bool:
        """While calls are to be checked, they are what is seen first."""
        if self.lage.bridge.read_only:
            return False
        return await self.lage.bridge.look(queue.calls_wait)

    def heads(self) -> tuple[Head, ...]:
        """When, what, where, and how far it is."""
        what, where, text = share(self.table_width(), 37, (3, 4, 5))
        return (Head("Nr.", 4, right=True), Head("Zeit", 9), Head("Alter", 6, right=True),
                Head("Was", what), Head("Wo", where), Head("Beschreibung", text),
                Head("Stand", 11))  # fmt: skip

    async def fetch(self, offset: int, limit: int) -> Page:
        """Opened anew each time: nothing of it lies about in clear."""
        text, key = self.text, self.filter_key()
        if self.lage.bridge.read_only:
            return Page(0, 0, ())

        def read(station: Station) -> Page:
            if not anything(station):
                return Page(0, 0, ())
            with boxes_of(station) as boxes:
                rows = queue.rows_of(station, boxes, key)
            chosen = [row for row in rows if matches(text, *row.cells)]
            return Page(len(chosen), offset, tuple(chosen[offset : offset + limit]))

        return await self.lage.bridge.work(read)

    async def act_filter(self) -> None:
        """The next list, with its own keys."""
        await super().act_filter()
        if isinstance(self.screen, LageScreen):
            self.screen.show_keys()

    def offers(self) -> list[Action]:
        """What goes with this list."""
        key = self.filter_key()
        return [a for a in super().offers() if a.id not in ONLY or key in ONLY[a.id][0]]

    def why_not(self, action: Action) -> str:
        """With what it would go."""
        return ONLY[action.id][1] if action.id in ONLY else super().why_not(action)

    def called(self, row: Row) -> str:
        """Its number, and what it is."""
        return f"Nr. {row.cells[0].strip()} ({plain(row.cells[3])})"

    def empty_text(self) -> str:
        """Nothing waits, or it is not for this screen."""
        if self.lage.bridge.read_only:
            return "nur am Rechner der Stelle zu sehen"
        return "nichts gefunden; Esc zeigt wieder alles" if self.text else EMPTY[self.filter_key()]

    def why_nothing(self) -> str:
        """These rows are entries only once somebody has checked them."""
        return self.why_gone() or "Hier ist nichts ausgewählt."

    async def lines_of(self, row: Row, width: int) -> list[Line]:
        """All that was said, and what has become of it."""
        glyphs = self.lage.painter.glyphs

        def read(station: Station) -> list[str]:
            with boxes_of(station) as boxes:
                return queue.sentences_of(station, boxes, row)

        lines: list[Line] = []
        for number, sentence in enumerate(await self.lage.bridge.work(read)):
            style = "title" if not number else "text"
            lines += [((part, style),) for part in wrap(plain(sentence), width, glyphs)]
        return lines

    # --- deeds ----------------------------------------------------------------------------------

    async def act_aussen_nehmen(self) -> None:
        """A call becomes an incident, an offer a helper, words are read."""

        def take(station: Station, found: Opened) -> str:
            number = found.box.nr
            with boxes_of(station) as boxes:
                if found.box.kind == CHANGE:
                    boxes.drop(found.box.id)
                    return "Gelesen."
                if found.box.kind == OFFER:
                    record = offers.take_over(station, boxes, found)
                    return f"Angebot {number} ist {station.directory.label(record)}."
                record = calls.as_incident(station, boxes, found)
                return f"Notruf {number} ist Vorfall {station.directory.label(record)}."

        await self._do(take)

    async def act_aussen_blitz(self) -> None:
        """A call goes to the control centre at once."""

        def send(station: Station, found: Opened) -> str:
            with boxes_of(station) as boxes:
                record = calls.as_message(station, boxes, found)
            to = station.directory.name(calls.control_centre(station).number)
            label = station.directory.label(record)
            return f"Notruf {found.box.nr} geht als {label} (blitz) an {plain(to)}."

        await self._do(send)

    async def act_aussen_zuweisen(self) -> None:
        """Take an offer over and send the helper to a need that it fits."""
        self.lage.bridge.may_write()
        row = self._row()

        def look(station: Station) -> list[Option]:
            with boxes_of(station) as boxes:
                found = queue.found_of(station, boxes, row)
                appeal = queue.appeal_of(station, row)
                pairs = needed.pairs_of(station, found)
            return [Option(pair.appeal, needed.appeal_words(station, pair.appeal),
                           plain(pair.fit.why))
                    for pair in pairs if appeal is None or pair.appeal.id == appeal.id]  # fmt: skip

        async def chosen(appeal: Record | None) -> None:
            if appeal is None:
                return
            asked = appeal

            def send(station: Station, found: Opened) -> str:
                now = station.reader.get(asked.id) or asked
                with boxes_of(station) as boxes:
                    sent = needed.send(station, boxes, found, now)
                return needed.sent_words(station, found, now, sent)

            await self._do(send, row)

        options = await self.lage.bridge.work(look)
        if not options:
            raise UsageError(
                "Dieses Angebot passt zu keinem offenen Aufruf: j übernimmt es ohne Zuweisung."
            )
        if len(options) == 1:
            await chosen(options[0].value)
        else:
            await self.lage.push(Choose("Wofür?", options), chosen)

    async def act_aussen_da(self) -> None:
        """Somebody is there, or goes: by the code on the telephone, whatever row is chosen."""
        self.lage.bridge.may_write()

        async def typed(code: str | None) -> None:
            def check_in(station: Station) -> str:
                with boxes_of(station) as boxes:
                    found = offers.find(station, boxes, code or "")
                    return wishes.check_in(station, boxes, found)

            if code is not None:
                said = await self.lage.bridge.work(check_in)
                await self.load()
                self.lage.say(said, "ok")

        title = "Code vom Telefon, gescannt oder getippt; beim zweiten Mal: fertig"
        await self.lage.push(TypeIn(title), typed)

    async def act_aussen_ablegen(self) -> None:
        """No emergency, or told already: with a reason that the caller reads."""
        row = self._row()

        def closed(station: Station) -> bool:
            with boxes_of(station) as boxes:
                return queue.is_closed(station, boxes, row)

        if await self.lage.bridge.work(closed):
            await self._discard(row)
            return
        if self.filter_key() in (OFFERS, NEEDS):

            def aside(station: Station, found: Opened) -> str:
                with boxes_of(station) as boxes:
                    offers.put_aside(station, boxes, found)
                return f"Angebot {found.box.nr} abgelegt."

            await self._do(aside)
            return

        async def typed(reason: str | None) -> None:
            def aside(station: Station, found: Opened) -> str:
                with boxes_of(station) as boxes:
                    calls.put_aside(station, boxes, found, reason or "")
                return f"Notruf {found.box.nr} abgelegt."

            if reason is not None:
                await self._do(aside, row)

        number, what = row.cells[0], row.cells[3]
        title = f"Notruf {number} ({what}) ablegen, warum? Der Grund steht auf dem Beleg."
        await self.lage.push(TypeIn(title), typed)

    async def _discard(self, row: Row) -> None:
        """What cannot be opened, after a question: it may be a call."""
        self.lage.bridge.may_write()

        def discard(station: Station) -> None:
            with boxes_of(station) as boxes:
                desk.discard(station, boxes, bytes.fromhex(str(row.key)))

        async def yes() -> None:
            with self.table.doing(row):
                await self.lage.bridge.work(discard)
            await self.load()
            self.lage.say("Verworfen.", "ok")

        await self.lage.confirm(
            "Endgültig verwerfen? Niemand kann es dann noch öffnen, auch nicht mit dem richtigen"
            " Schlüssel.",
            yes,
        )

    async def act_aussen_beleg(self) -> None:
        """The receipt on paper."""
        row = self._row()

        def write(station: Station) -> Path:
            from lage.outside.slip import slip_pdf
            from lage.reports.files import write_paper

            with boxes_of(station) as boxes:
                found = queue.found_of(station, boxes, row)
                content = slip_pdf(station, found)
            return write_paper(station, f"notruf_{found.box.nr}", content)

        await to_paper(self.lage, write)

    async def _do(self, deed: Callable[[Station, Opened], str], asked: Row | None = None) -> None:
        """``asked``: the row that a dialog was about; while it stood open, another screen may have
        decided it and the cursor be on the next one."""
        self.lage.bridge.may_write()
        row = asked or self._row()

        def run(station: Station) -> str:
            with boxes_of(station) as boxes:
                found = queue.found_of(station, boxes, row)
            return deed(station, found)

        with self.table.doing(row):
            said = await self.lage.bridge.work(run)
        await self.load()
        self.lage.say(said, "ok")

    def _row(self) -> Row:
        row = self.table.row if self.ready else None
        if row is None or not row.key:
            raise UsageError(self.why_nothing())
        return row
