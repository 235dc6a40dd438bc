# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The desk of the direction: clock, cards to read out, what comes, what was, who takes part."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager

from textual.app import ComposeResult, SuspendNotSupported

from lage.language.plain import plain
from lage.station import Station
from lage.views.delivery import delivery
from lage.views.detail import delivery_lines
from lage.views.direction import DirectionView, InjectLine
from lage.views.pages import Page, Row
from sync.schema.definition import EntityId
from tui import actions
from tui.actions import Action
from tui.bridge import Direction
from tui.paint import Line, wrap
from tui.screens.base import bindings
from tui.screens.dialogs import Choose, TypeIn
from tui.screens.host import Host
from tui.screens.leading import Leading
from tui.screens.lists import TableView
from tui.screens.tables import matches, share
from tui.widgets.base import Lines
from tui.widgets.choices import Option
from tui.widgets.log_table import Head

LOOK_S = 0.5
PAST, STAFFS, NOTES, WASH = "gegeben", "stellen", "beobachtet", "gespraech"
Detail = Sequence[tuple[str, str]]


class DirectionDeskView(TableView, Leading):
    """The list of what is due, and its other lists."""

    BINDINGS = bindings(actions.LIST, actions.LEAD)
    groups = (actions.LEAD, actions.LIST)
    title = "Leitung"
    sticks = True
    new_word = "Einfügen"

    def __init__(self) -> None:
        super().__init__()
        self.filters = [("", "Nächste"), (PAST, "Gegeben"), (STAFFS, "Stellen"),
                        (NOTES, "Beobachtet"), (WASH, "Gespräch")]  # fmt: skip
        self._details: dict[str, Detail] = {}

    def compose(self) -> ComposeResult:
        """The clock above the list."""
        yield Lines([()], id="exercise-clock")
        yield from super().compose()

    def on_mount(self) -> None:
        """The clock goes on by itself."""
        self.set_interval(LOOK_S, self._look)

    @property
    def direction(self) -> Direction:
        """The exercise."""
        assert self.lage.bridge.direction is not None
        return self.lage.bridge.direction

    def look_on(self, show: Callable[[], object]) -> None:
        """Show something else in this terminal until it is left."""
        try:
            with self.app.suspend():
                show()
        except SuspendNotSupported:
            self.lage.say(
                "Hier lässt sich kein zweiter Bildschirm öffnen: bitte in einem Terminal."
            )

    async def _look(self) -> None:
        """Read again what the others have done; nothing is drawn where nothing changed."""
        if self.display and self.ready:
            await self.lage.attempt(self.again)

    async def again(self) -> None:
        """Show what is new."""
        before = self._shown
        view = await self._read()
        self._show_clock(view)
        if before is None or _listed(before) != _listed(view):
            await self.load()

    async def _read(self) -> DirectionView:
        direction = self.direction
        self._shown = await self.lage.bridge.work(lambda _: direction.view())
        return self._shown

    def _show_clock(self, view: DirectionView) -> None:
        role = "ok" if view.state == "läuft" else "warn"
        phase = f"  {view.phase}" if view.phase else ""
        about = f" {view.clock}  Tempo {view.tempo}  "
        line: Line = ((f" {view.passed} ", "title"), (about, "text"), (view.state, role),
                      (phase, "dim"))  # fmt: skip
        self.query_one("#exercise-clock", Lines).show(line)

    # --- the lists ------------------------------------------------------------------------------

    def heads(self) -> tuple[Head, ...]:
        """Columns of the list that is shown."""
        width = self.table_width()
        match self.filter_key():
            case "":
                whom, to, text = share(width, 21, (2, 2, 5))
                return (Head("Nr.", 5), Head("Wann", 12), Head("Von", whom), Head("An", to),
                        Head("Inhalt", text))  # fmt: skip
            case "gegeben":
                to, text, what = share(width, 21, (2, 4, 2))
                return (Head("Nr.", 5), Head("Wann", 12), Head("An", to), Head("Inhalt", text),
                        Head("Stand", what))  # fmt: skip
            case "stellen":
                name, manned, state = share(width, 2, (3, 3, 3))
                return Head("Stelle", name), Head("Wer", manned), Head("Ausfall", state)
            case _:
                staff, text = share(width, 14, (2, 5))
                return Head("Wann", 12), Head("Stelle", staff), Head("Was", text)

    async def fetch(self, offset: int, limit: int) -> Page:
        """Rows of the list that is shown."""
        view = await self._read()
        self._show_clock(view)
        found = [
            (row, detail)
            for row, detail in _rows(view, self.filter_key())
            if matches(self.text, *row.cells)
        ]
        window = found[offset : offset + limit]
        self._details = {str(row.key): detail for row, detail in window}
        return Page(len(found), offset, tuple(row for row, _ in window))

    def row_lines(self, row: Row, width: int) -> list[Line]:
        """All that is known of it."""
        lines: list[Line] = []
        for title, text in self._details.get(str(row.key), ()):
            if text:
                lines.append(((f"{title}:", "dim"),))
                for part in text.splitlines():
                    wrapped = wrap(part, width - 2, self.lage.painter.glyphs)
                    lines += [((f"  {piece}", "text"),) for piece in wrapped]
        return lines

    async def lines_of(self, row: Row, width: int) -> list[Line]:
        """And by whom it was received, as far as the direction knows."""
        line = self._inject(str(row.key).partition(":")[2])
        entries = line.entries if line is not None and self.filter_key() == PAST else ()

        def read(station: Station) -> list[str]:
            found = [station.reader.get(entry) for entry in entries]
            context = station.context()
            return [
                "noch nicht bei der Leitung eingetroffen" if record is None
                else delivery_lines(record, delivery(record, context), context)[0].text
                for record in found
            ]  # fmt: skip

        lines = self.row_lines(row, width)
        for said in await self.lage.bridge.look(read) if entries else ():
            lines.append((("Empfang:", "dim"),))
            lines += [((f"  {part}", "text"),)
                      for part in wrap(said, width - 2, self.lage.painter.glyphs)]  # fmt: skip
        return lines

    def empty_text(self) -> str:
        """Nothing in this list."""
        return "nichts; f schaltet weiter"

    def selected(self) -> EntityId | None:
        """Injects are no entries of the log."""
        return None

    def why_nothing(self) -> str:
        """Why a deed on an entry does not fit here."""
        return self.why_gone() or "Hier stehen Einlagen der Übung, keine Einträge des Lagebuchs."

    def called(self, row: Row) -> str:
        """An inject by number and title, another row by what stands first."""
        kind, _, nr = str(row.key).partition(":")
        if kind in ("einlage", "karte", "gegeben"):
            return self.inject_words(nr)
        return f"„{plain(row.cells[0])}“"

    def doing(self) -> AbstractContextManager[None]:
        """A deed on it: where its row goes by that, the cursor goes on to the next one."""
        return self.table.doing(self.table.row)

    def chosen(self, *kinds: str) -> str:
        """What the cursor is on, where it is of these kinds; else empty."""
        row = self.table.row if self.ready else None
        kind, _, name = str(row.key).partition(":") if row is not None else ("", "", "")
        return name if kind in kinds else ""

    def can(self, action: Action) -> bool:
        """What fits the row under the cursor."""
        match action.id:
            case "einspielen" | "auslassen" | "umschreiben":
                return bool(self.chosen("einlage"))
            case "zugestellt":
                return bool(self.chosen("karte"))
            case "abzweig":
                return self._shown is not None and bool(self._shown.branches)
            case "datei" | "gelesen" | "zeitraum":
                return False
        return super().can(action)


def _listed(view: DirectionView) -> tuple[object, ...]:
    """What the lists show, the clock apart."""
    return view.coming, view.cards, view.past, view.staffs, view.notes, view.wash, view.branches


def _rows(view: DirectionView, key: str) -> list[tuple[Row, Detail]]:
    if key == PAST:
        return [_past(each) for each in view.past]
    if key == STAFFS:
        return [
            (Row(f"stelle:{s.name}", (s.name, s.manning, s.state), "warn" if s.state else ""),
             (("Stelle", s.name), ("Wer", s.manning), ("Ausfall", s.state), ("Ordner", s.folder)))
            for s in view.staffs
        ]  # fmt: skip
    if key == NOTES:
        return [
            (Row(f"notiz:{n}", (each.when, each.staff or "alle", each.text)),
             (("Wann", each.when), ("Stelle", each.staff or "alle"), ("Beobachtung", each.text),
              ("Wer", each.by), ("Zu Einlage", each.nr)))
            for n, each in enumerate(view.notes)
        ]  # fmt: skip
    if key == WASH:
        return [
            (Row(f"punkt:{w.place}", (w.when, "besprochen" if w.done else "offen", w.text),
                 "dim" if w.done else ""), (("Punkt", w.text),))
            for w in view.wash
        ]  # fmt: skip
    cards = [
        (Row(f"karte:{c.nr}", (c.nr, c.way.upper(), c.sender, c.to, c.text.split("\n", 1)[1]),
             "alarm"),
         ((f"{c.way}, Einlage {c.nr}", f"von {c.sender} an {c.to}, seit {c.since}"),
          ("Text", c.text)))
        for c in view.cards
    ]  # fmt: skip
    return cards + [_coming(each) for each in view.coming]


def _coming(each: InjectLine) -> tuple[Row, Detail]:
    cells = (each.label, each.when, each.sender, each.to, each.text)
    return Row(f"einlage:{each.nr}", cells), _detail(each)


def _past(each: InjectLine) -> tuple[Row, Detail]:
    mark = {"abgelehnt": "alarm", "ausgelassen": "dim"}.get(each.standing, "")
    kind = "einlage" if each.standing == "ausgelassen" else "gegeben"
    cells = (each.label, each.when, each.to, each.text, each.standing)
    return Row(f"{kind}:{each.nr}", cells, mark), _detail(each)


def _detail(each: InjectLine) -> Detail:
    return (
        ("Einlage", f"{each.label}, {each.way}"), ("Wann", each.when), ("Von", each.sender),
        ("An", each.to), ("Titel", "" if each.text in each.wording else each.text),
        ("Inhalt", each.wording), ("Erwartet", each.expected),
        ("Bewertung", each.hint), ("Stand", each.standing), ("Warum", each.why),
        ("Zugestellt durch", each.delivered_by),
    )  # fmt: skip


async def observe(host: Host) -> None:
    """Ask of which staff, then what; note it."""
    direction = host.bridge.direction
    assert direction is not None

    async def of(staff: str | None) -> None:
        if staff is None:
            return

        async def typed(text: str | None) -> None:
            if text is None or not text.strip():
                return
            said = text

            def write(_: Station) -> None:
                direction.observe(staff, said)

            await host.bridge.work(write)
            host.say("Beobachtung notiert.", "ok")

        await host.push(TypeIn(f"Beobachtung: {staff or 'alle Stellen'}"), typed)

    staffs = await host.bridge.work(lambda _: direction.staffs())
    options = [Option("", "alle Stellen"), *(Option(name, name) for name in staffs)]
    await host.push(Choose("Beobachtung: welche Stelle?", options), of)
