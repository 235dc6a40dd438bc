# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What people outside have sent: emergency calls to be checked, offers of help, words of helpers.

One key makes a call an incident, another a blitz message to the control centre, a third puts it
aside with a reason. Names stand in the detail only, and not on a screen that only shows.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from lage.kinds.outside import CHANGE, OFFER
from lage.language.epoch import from_unix
from lage.language.errors import UsageError
from lage.language.plain import plain
from lage.language.tactical import age, clock
from lage.outside import calls, offers
from lage.outside.desk import Boxes, Opened, anything, boxes_of
from lage.outside.words import (
    call_sentences,
    is_waiting,
    offer_sentences,
    offer_state,
    state_words,
)  # fmt: skip
from lage.station import Station
from lage.views.pages import Page, Row
from tui import actions
from tui.paint import Line, wrap
from tui.screens.base import bindings
from tui.screens.dialogs import TypeIn
from tui.screens.lists import TableView
from tui.screens.printing import to_paper
from tui.screens.tables import matches, share
from tui.widgets.log_table import Head

CALLS, EVERY, OFFERS, WORDS = "", "alle", "hilfe", "worte"
READ = {
    CALLS: calls.waiting,
    EVERY: calls.everything,
    OFFERS: offers.waiting,
    WORDS: offers.feedback,
}
"""What each filter shows."""


class OutsideView(TableView):
    """The queue."""

    BINDINGS = bindings(actions.LIST, actions.OUTSIDE)
    groups = (actions.OUTSIDE, actions.LIST)
    title = "Von außen"

    def __init__(self) -> None:
        super().__init__()
        self.filters = [(CALLS, "Notrufe"), (EVERY, "alle Notrufe"), (OFFERS, "Angebote"),
                        (WORDS, "Worte")]  # fmt: skip

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
                rows = [_row(station, each) for each in READ[key](station, boxes)]
            chosen = [row for row in rows if matches(text, *row.cells)]
            return Page(len(chosen), offset, tuple(chosen[offset : offset + limit]))

        return await self.lage.bridge.work(read)

    def empty_text(self) -> str:
        """Nothing waits, or it is not for this screen."""
        if self.lage.bridge.read_only:
            return "nur am Rechner der Stelle zu sehen"
        return "nichts gefunden; Esc zeigt wieder alles" if self.text else "nichts zu prüfen"

    def why_nothing(self) -> str:
        """These rows are entries only once somebody has checked them."""
        return "Hier ist nichts ausgewählt."

    async def lines_of(self, row: Row, width: int) -> list[Line]:
        """All that was said, and what has become of it."""
        glyphs = self.lage.painter.glyphs

        def read(station: Station) -> list[str]:
            with boxes_of(station) as boxes:
                found = _found(station, boxes, row)
                if found.box.kind == OFFER:
                    return offer_sentences(station, found)
                if found.box.kind == CHANGE:
                    return [f"Zu Angebot {found.box.steps.get('zu', '?')}:", offers.words_of(found)]
                lines = call_sentences(found, station.now())
                others = calls.doubles(found, calls.everything(station, boxes))
                numbers = ", ".join(each.box.nr for each in others)
                return [*lines, f"Klingt wie Notruf {numbers}"] if others else lines

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

        self._wants_call()
        await self._do(send)

    async def act_aussen_ablegen(self) -> None:
        """No emergency, or told already: with a reason that the caller reads."""
        if self.filter_key() == OFFERS:

            def aside(station: Station, found: Opened) -> str:
                with boxes_of(station) as boxes:
                    offers.put_aside(station, boxes, found)
                return f"Angebot {found.box.nr} abgelegt."

            await self._do(aside)
            return
        self._wants_call()

        async def typed(reason: str | None) -> None:
            def aside(station: Station, found: Opened) -> str:
                with boxes_of(station) as boxes:
                    calls.put_aside(station, boxes, found, reason or "")
                return f"Notruf {found.box.nr} abgelegt."

            if reason is not None:
                await self._do(aside)

        await self.lage.push(TypeIn("Warum? Der Grund steht auf dem Beleg."), typed)

    async def act_aussen_beleg(self) -> None:
        """The receipt on paper."""
        self._wants_call()
        row = self._row()

        def write(station: Station) -> Path:
            from lage.outside.slip import slip_pdf
            from lage.reports.files import write_paper

            with boxes_of(station) as boxes:
                found = _found(station, boxes, row)
                content = slip_pdf(station, found)
            return write_paper(station, f"notruf_{found.box.nr}", content)

        await to_paper(self.lage, write)

    async def _do(self, deed: Callable[[Station, Opened], str]) -> None:
        self.lage.bridge.may_write()
        row = self._row()

        def run(station: Station) -> str:
            with boxes_of(station) as boxes:
                found = _found(station, boxes, row)
            return deed(station, found)

        said = await self.lage.bridge.work(run)
        await self.load()
        self.lage.say(said, "ok")

    def _row(self) -> Row:
        row = self.table.row if self.ready else None
        if row is None or not row.key:
            raise UsageError(self.why_nothing())
        return row

    def _wants_call(self) -> None:
        if self.filter_key() not in (CALLS, EVERY):
            raise UsageError("Das geht nur mit einem Notruf.")


def _found(station: Station, boxes: Boxes, row: Row) -> Opened:
    found = calls.by_key(station, boxes, str(row.key))
    if found is None:
        raise UsageError("Das gibt es hier nicht mehr: es wurde gelöscht.")
    return found


def _row(station: Station, found: Opened) -> Row:
    box, now = found.box, station.now()
    received = from_unix(box.received)
    lead = (box.nr, clock(received, now), age(received, now))
    key = box.id.hex()
    if box.kind == CHANGE:
        number = str(box.steps.get("zu", "?"))
        return Row(key, (number, *lead[1:], "Rückmeldung", "", plain(offers.words_of(found)), ""))
    if box.kind == OFFER:
        offer = offers.offer_of(found)
        skills = plain(", ".join(offer.skills))
        about = f"{offer.count} Pers., bis {offer.radius} km"
        return Row(key, (*lead, skills, plain(offer.place), about, offer_state(station, box)))
    call = calls.call_of(found)
    cells = (*lead, call.what, plain(call.place or call.point), plain(call.text), state_words(box))
    return Row(key, cells, "alarm" if is_waiting(box) else "")
