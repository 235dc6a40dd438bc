# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Filling in a form: suggestions and checks while typing, a draft kept all the time.

What stands in the form is kept as a draft at most half a second after each key and whenever the
form is left; only a successful write drops it. Nothing typed is lost by a key, a crash or a power
cut (but for that half second).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.events import DescendantFocus
from textual.timer import Timer
from textual.widgets import Input, TextArea

from lage.kinds.inputs import choices_of, input_of
from lage.language.errors import LageError, UsageError
from lage.language.plain import plain
from lage.station import Station
from sync.schema.definition import Many
from tui import actions
from tui.actions import Action
from tui.forms import assist
from tui.forms.key import Does
from tui.forms.spec import FormSpec, fresh, prefilled
from tui.paint import Line, fit, wrap
from tui.screens.base import LageScreen, bindings
from tui.widgets.base import Lines
from tui.widgets.fields import LineField, Step, SubmitField, TextField, matching

DRAFT_DELAY_S = 0.5
LABEL_WIDTH = 16
TEXT_ROWS = 3


@dataclass(frozen=True, slots=True)
class Opened:
    """What a form needs from the log when it opens."""

    filled: dict[str, str]
    offered: dict[str, tuple[str, ...]]
    restored: bool  # from a draft
    fresh: dict[str, str]  # what would stand in it without a draft


def open_form(station: Station, spec: FormSpec) -> Opened:
    """Read all of it at once."""
    return Opened(
        prefilled(station, spec),
        {f.name: assist.suggestions(station, spec.kind, f.name) for f in spec.fields},
        station.draft(spec.key.text) is not None,
        fresh(station, spec),
    )


class FormScreen(LageScreen):
    """One form."""

    BINDINGS = [
        *bindings(actions.FORM),
        Binding("ctrl+up", "step(-1)", show=False),
        Binding("ctrl+down", "step(1)", show=False),
    ]

    def __init__(self, spec: FormSpec, opened: Opened) -> None:
        super().__init__()
        self.spec = spec
        self._opened = opened
        self._last = dict(opened.filled)
        self._saving: Timer | None = None
        self._problem: tuple[dict[str, str], str] | None = None  # what was wrong with which text

    # --- building -------------------------------------------------------------------------------

    def body(self) -> ComposeResult:
        """Title, fields, hints."""
        note = "  (Entwurf wiederhergestellt)" if self._opened.restored else ""
        yield Lines([((f" {self.spec.title}", "title"), (note, "dim"))], id="form-title")
        if self.spec.about:
            yield Lines([((f" {plain(self.spec.about)}", "dim"),)], id="form-about")
        with VerticalScroll(id="form-fields", can_focus=False):
            for field in self.spec.fields:
                star = "*" if field.required else " "
                label = f"{fit(field.label, LABEL_WIDTH - 2, self.painter.glyphs)}{star}"
                apart = field.name in self.spec.apart
                tall = not apart and input_of(self.spec.kind, field.name) == "text"
                with Horizontal(classes="form-row tall" if tall else "form-row"):
                    yield Lines([((label, "bold" if field.required else "text"),)])
                    yield self._input(field.name, tall=tall)
            yield SubmitField(self.spec.verb)
        with Vertical(id="form-hints"):
            yield Lines([(), ()], id="form-hint")

    def _input(self, name: str, *, tall: bool) -> LineField | TextField:
        field = next(item for item in self.spec.fields if item.name == name)
        text = self._opened.filled[name]
        if tall:
            return TextField(field, text)
        from lage.kinds.schema import SCHEMA

        item = SCHEMA.by_name[self.spec.kind].by_name.get(name)
        many = item is not None and isinstance(item.type, Many)
        # In a change it is what somebody wrote.
        given = field.default if self.spec.key.does is Does.CHANGE else self._opened.fresh[name]
        return LineField(field, text, self._opened.offered[name], many=many, given=given)

    @property
    def inputs(self) -> list[LineField | TextField]:
        """All inputs in order."""
        return [w for w in self.query("#form-fields *") if isinstance(w, LineField | TextField)]

    def typed(self) -> dict[str, str]:
        """What stands in the form."""
        return {item.field.name: item.text for item in self.inputs}

    def on_mount(self) -> None:
        """Begin behind the fields that are filled already, if the next one must be filled."""
        self.show_frame()
        inputs = self.inputs
        first = next((item for item in inputs if not item.text.strip()), inputs[0])
        self.set_focus(first if first.field.required else inputs[0])

    # --- moving ---------------------------------------------------------------------------------

    def _stops(self) -> Iterator[LineField | TextField | SubmitField]:
        yield from self.inputs
        yield self.query_one("#submit", SubmitField)

    @on(Step)
    async def _stepped(self, message: Step) -> None:
        last = self.inputs[-1] if self.inputs else None
        if message.entered and self.spec.quick and self.focused is last:
            await self.act_senden()
            return
        self.action_step(message.direction)

    def action_step(self, direction: int) -> None:
        """To the next or previous stop."""
        stops = list(self._stops())
        place = next((i for i, stop in enumerate(stops) if stop is self.focused), 0)
        self.set_focus(stops[max(0, min(place + direction, len(stops) - 1))])

    @on(DescendantFocus)
    async def _focused(self) -> None:
        await self._explain()

    # --- checking and keeping -------------------------------------------------------------------

    @on(Input.Changed)
    @on(TextArea.Changed)
    async def _changed(self) -> None:
        typed = self.typed()
        if typed == self._last:
            return
        self._last = typed
        if self._saving is None:  # not put off by more keys: who types on and on is kept as well
            self._saving = self.set_timer(DRAFT_DELAY_S, self.save)
        await self._explain()

    async def save(self) -> None:
        """Keep what stands in the form as a draft, now."""
        self._stop_saving()
        if self.lage.bridge.read_only:
            return
        if self.typed() == self._opened.fresh:  # nothing in it that anybody typed
            await self.lage.sending.drop_draft(self.spec)
        else:
            await self.lage.sending.save_draft(self.spec, self.typed())

    def _stop_saving(self) -> None:
        if self._saving is not None:
            self._saving.stop()
            self._saving = None

    async def _explain(self) -> None:
        """Hint, suggestions, and what was understood or is wrong, for the field with the focus."""
        item = self.focused
        if not isinstance(item, LineField | TextField):
            wrong = self._problem[1] if self._problem and self._problem[0] == self.typed() else ""
            self._hint(f"{self.spec.verb}: Enter oder Strg+S", wrong)
            return
        kind, name, text, typed = self.spec.kind, item.field.name, item.text, self.typed()
        good, bad = await self.lage.bridge.look(
            lambda station: assist.check(station, kind, name, typed)
        )
        if self._problem is not None and self._problem[0] == self.typed():
            bad = self._problem[1]
        offered = matching(item.offered, item.parts(text)[1]) if isinstance(item, LineField) else []
        line = item.field.hint
        if offered and name not in self.spec.apart and choices_of(kind, name):
            offered += [choice for choice in item.offered if choice not in offered]
        if offered:
            line = f"{line}; " if line else ""
            line += f"Auf/Ab wählt: {', '.join(offered[:12])}"
        elif not line and isinstance(item, TextField):
            line = "mehrere Zeilen möglich; weiter mit Tab"
        self._hint(line, bad, good)

    def _hint(self, line: str, bad: str, good: str = "") -> None:
        """Two lines: what may be typed, what was understood; a long reason takes both."""
        hint = self.query_one("#form-hint", Lines)
        below: Line = ((f" = {plain(good)}", "ok"),) if good and not bad else ()
        reason = (
            wrap(f"! {plain(bad)}", self.app.size.width - 2, self.painter.glyphs) if bad else []
        )
        wrong: list[Line] = [((f" {part}", "warn"),) for part in reason]
        if len(wrong) > 1:
            hint.show(wrong[0], ((" " + " ".join(reason[1:]), "warn"),))
        else:
            hint.show(((f" {plain(line)}", "dim"),), *(wrong or [below]))

    # --- deeds ----------------------------------------------------------------------------------

    def offers(self) -> list[Action]:
        """Save, clear, back."""
        return [*actions.in_groups(actions.FORM), actions.ACTIONS["zurueck"]]

    def bar_actions(self) -> list[Action]:
        """Save, back, clear."""
        send = replace(actions.ACTIONS["senden"], title=self.spec.verb)
        return [send, actions.ACTIONS["zurueck"], actions.ACTIONS["verwerfen"]]

    @on(SubmitField.Pressed)
    async def _pressed(self) -> None:
        await self.act_senden()

    async def act_senden(self) -> None:
        """Check everything; hand it on, or say what is wrong and go there."""
        typed = self.typed()
        await self.save()
        try:
            intent = await self.lage.bridge.look(lambda s: self.spec.build(s, typed))
        except LageError as error:
            await self._show_problem(error)
            return
        await self.lage.sending.submit(intent, self.spec, typed, lambda: self.dismiss(True))

    async def _show_problem(self, error: LageError) -> None:
        self._problem = self.typed(), str(error)
        wrong = error.field if isinstance(error, UsageError) else ""
        for item in self.inputs:
            if item.field.name == wrong:
                self.set_focus(item)
        self.app.bell()
        await self._explain()

    async def act_verwerfen(self) -> None:
        """Empty the form; the draft is dropped once the question is answered."""
        await self.lage.confirm("Alles in diesem Formular verwerfen?", self._clear)

    async def _clear(self) -> None:
        spec = self.spec
        self._stop_saving()
        await self.lage.sending.drop_draft(spec)
        filled = await self.lage.bridge.look(lambda s: fresh(s, spec))
        for item in self.inputs:
            item.text = filled[item.field.name]
        self._last = self.typed()
        self.set_focus(self.inputs[0])

    async def act_zurueck(self) -> None:
        """Leave; what was typed stays as a draft."""
        if self.typed() != self._opened.filled:
            await self.save()
            self.lage.say(
                "Entwurf bleibt erhalten und steht beim nächsten Öffnen wieder da.", "key"
            )
        self.dismiss(None)

    async def on_unmount(self) -> None:
        """Nothing left to do: leaving saves."""
        self._stop_saving()
