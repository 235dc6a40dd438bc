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
from functools import cached_property

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.events import DescendantFocus
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Input, TextArea

from lage.kinds.inputs import choices_of, input_of
from lage.language.errors import LageError, UsageError
from lage.language.plain import plain
from lage.station import Station
from sync.schema.definition import Many
from tui import actions
from tui.actions import Action
from tui.forms import assist
from tui.forms.spec import FormSpec, built, fresh, prefilled
from tui.forms.templates import templates
from tui.paint import Line
from tui.screens.base import LageScreen, bindings
from tui.screens.dialogs import Choose
from tui.widgets.base import Lines
from tui.widgets.choices import Option
from tui.widgets.fields import (
    FormRow,
    LineField,
    Step,
    SubmitField,
    TextField,
    label_width,
)
from tui.widgets.hints import offered_lines, wrapped
from tui.widgets.placing import across

DRAFT_DELAY_S = 0.5
DRAFT_AGAIN_S = 5.0  # after the log refused to keep a draft


@dataclass(frozen=True, slots=True)
class Opened:
    """What a form needs from the log when it opens."""

    filled: dict[str, str]
    offered: dict[str, tuple[str, ...]]
    notes: dict[str, dict[str, str]]  # what an offered number stands for
    restored: bool  # from a draft
    fresh: dict[str, str]  # what would stand in it without a draft


def open_form(station: Station, spec: FormSpec) -> Opened:
    """Read all of it at once."""
    return Opened(
        prefilled(station, spec),
        {f.name: assist.suggestions(station, spec.kind, f.name) for f in spec.fields},
        {f.name: assist.notes(station, spec.kind, f.name) for f in spec.fields},
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
        self._problem: UsageError | None = None  # what kept it from being sent, until mended
        self._active = ""  # field with the focus

    # --- building -------------------------------------------------------------------------------

    def body(self) -> ComposeResult:
        """Title, fields, hints."""
        note = "  (Entwurf wiederhergestellt)" if self._opened.restored else ""
        yield Lines([((f" {self.spec.title}", "title"), (note, "dim"))], id="form-title")
        if self.spec.about:
            yield Lines([((f" {plain(self.spec.about)}", "dim"),)], id="form-about")
        with VerticalScroll(id="form-fields", can_focus=False):
            for field in self.spec.fields:
                apart = field.name in self.spec.apart
                tall = not apart and input_of(self.spec.kind, field.name) == "text"
                yield FormRow(self._input(field.name, tall=tall), tall=tall, label=self._labels)
            yield SubmitField(self.spec.verb)
            for lines in (Lines(id="form-problem"), Lines(id="form-hint")):
                lines.styles.margin = (0, 0, 0, self._labels + 1)
                yield lines

    def _input(self, name: str, *, tall: bool) -> LineField | TextField:
        field = next(item for item in self.spec.fields if item.name == name)
        text = self._opened.filled[name]
        if tall:
            return TextField(field, text)
        from lage.kinds.schema import SCHEMA

        item = SCHEMA.by_name[self.spec.kind].by_name.get(name)
        many = item is not None and isinstance(item.type, Many)
        notes = self._opened.notes[name]
        return LineField(field, text, self._opened.offered[name], many=many, notes=notes)

    @property
    def rows(self) -> list[FormRow]:
        """All rows in order."""
        return list(self.query(FormRow))

    @property
    def inputs(self) -> list[LineField | TextField]:
        """All inputs in order."""
        return [row.input for row in self.rows]

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
        await self._problem_mended(typed)
        self._save_in(DRAFT_DELAY_S)
        await self._explain()

    async def save(self) -> None:
        """Keep what stands in the form as a draft, now; if that is refused, later again."""
        self._stop_saving()
        if self.lage.bridge.read_only:
            return
        try:
            if self.typed() == self._opened.fresh:  # nothing in it that anybody typed
                await self.lage.sending.drop_draft(self.spec)
            else:
                await self.lage.sending.save_draft(self.spec, self.typed())
        except LageError:
            self._save_in(DRAFT_AGAIN_S)
            raise

    def _save_in(self, seconds: float) -> None:
        """Not put off by more keys: who types on and on is kept as well."""
        if self._saving is None:
            self._saving = self.set_timer(seconds, self.save)

    def _stop_saving(self) -> None:
        if self._saving is not None:
            self._saving.stop()
            self._saving = None

    async def _explain(self) -> None:
        """Below the field with the focus: what may be typed, how it was understood or is wrong."""
        item = self.focused
        self._active = item.field.name if isinstance(item, LineField | TextField) else ""
        self._mark()
        if not isinstance(item, LineField | TextField):
            self._hint([])
            return
        kind, name, text, typed = self.spec.kind, item.field.name, item.text, self.typed()
        (good, bad), streets = await self.lage.bridge.look(
            lambda s: (assist.check(s, kind, name, typed), assist.streets(s, kind, name, text))
        )
        if name != self._active:
            return  # somebody has gone on meanwhile
        if streets and isinstance(item, LineField) and text not in item.offered:
            item.offered = streets
        apart = name in self.spec.apart
        left = "" if apart else assist.room_left(kind, name, text)
        whole = not apart and bool(choices_of(kind, name))
        lines = offered_lines(item, left, self._room, self.painter.glyphs, whole=whole)
        known = self._problem is not None and self._problem.field == name
        if bad and not (known or self._searching(item)):
            lines = [*self._wrapped(bad), *lines]
        elif good:
            lines = [((f" = {plain(good)}", "ok"),), *lines]
        self._hint(lines)

    def _searching(self, item: LineField | TextField) -> bool:
        """Words that lead to a number are not wrong yet."""
        return isinstance(item, LineField) and bool(item.notes and item.matching(item.text))

    def _wrapped(self, sentence: str) -> list[Line]:
        return wrapped(sentence, self._room, self.painter.glyphs)

    @property
    def _room(self) -> int:
        """Cells beside the labels."""
        shared = across(self.app.size.width)
        return max(20, shared.view - self._labels - (5 if shared.around else 3))

    @cached_property
    def _labels(self) -> int:
        """Cells for the labels, for as long as the form is open."""
        return label_width((f.label for f in self.spec.fields), across(self.app.size.width).view)

    def _hint(self, lines: list[Line]) -> None:
        """Two lines below the active field; a long reason takes more."""
        hint = self.query_one("#form-hint", Lines)
        self._arrange()
        hint.show(*lines, *[()] * (2 - len(lines)))
        self.call_after_refresh(self._keep_in_sight)

    def _arrange(self) -> None:
        """The hint below the active field, what is wrong below its own, before the hint."""
        problem = self._problem.field if self._problem is not None else ""
        self._stand_below(self.query_one("#form-hint"), self._active)
        self._stand_below(self.query_one("#form-problem"), problem)

    def _stand_below(self, lines: Widget, name: str) -> None:
        """Put it under that field, or under the last stop."""
        row = next((row for row in self.rows if row.input.field.name == name), None)
        place = row if row is not None else self.query_one("#submit")
        fields = self.query_one("#form-fields")
        stands = list(fields.children)
        if stands[stands.index(lines) - 1] is not place:
            fields.move_child(lines, after=place)

    def _keep_in_sight(self) -> None:
        if self.is_mounted and self.focused is not None:
            self.query_one("#form-hint").scroll_visible(animate=False)
            self.focused.scroll_visible(animate=False)

    def _mark(self) -> None:
        """Show which field is active, and which one is wrong."""
        wrong = self._problem.field if self._problem is not None else ""
        for row in self.rows:
            name = row.input.field.name
            row.mark(active=name == self._active, wrong=bool(wrong) and name == wrong)

    # --- what is wrong --------------------------------------------------------------------------

    def _show_problem(self) -> None:
        """At its field as long as its cause is there, wherever the focus is."""
        lines = self.query_one("#form-problem", Lines)
        problem = self._problem
        lines.display = problem is not None
        if problem is not None:
            lines.show(*self._wrapped(str(problem)))
            self._arrange()
        self._mark()

    async def _problem_mended(self, typed: dict[str, str]) -> None:
        """Ask again whether what was wrong still is; what else is wrong is not said yet."""
        problem = self._problem
        if problem is None:
            return
        try:
            await self.lage.bridge.look(lambda s: self.spec.build(s, typed))
        except UsageError as error:
            self._problem = error if error.field == problem.field else None
        except LageError:
            self._problem = None
        else:
            self._problem = None
        self._show_problem()

    # --- deeds ----------------------------------------------------------------------------------

    def offers(self) -> list[Action]:
        """Save, a text to begin with, clear, back."""
        found = [*actions.in_groups(actions.FORM), actions.ACTIONS["zurueck"]]
        return [a for a in found if a.id != "vorlage" or self._prose is not None]

    def bar_actions(self) -> list[Action]:
        """Save, back, a text to begin with, clear."""
        send = replace(actions.ACTIONS["senden"], title=self.spec.verb)
        rest = {action.id: action for action in self.offers()}
        names = ("zurueck", "vorlage", "verwerfen")
        return [send, *(rest[name] for name in names if name in rest)]

    @property
    def _prose(self) -> TextField | None:
        """What a message says."""
        found = [i for i in self.inputs if isinstance(i, TextField) and i.field.name == "text"]
        return found[0] if found and self.spec.kind == "message" else None

    async def act_vorlage(self) -> None:
        """Put a frequent text in; the cursor goes to its first gap."""
        field = self._prose
        if field is None:
            return
        found = await self.lage.bridge.look(templates)

        async def chosen(text: str | None) -> None:
            if text:
                field.put(text)
                self.set_focus(field)

        options = [Option(each.text, each.title, each.text) for each in found]
        await self.lage.push(Choose("Vorlage einsetzen", options), chosen)

    @on(SubmitField.Pressed)
    async def _pressed(self) -> None:
        await self.act_senden()

    async def act_senden(self) -> None:
        """Check everything; hand it on, or say what is wrong and go there."""
        typed = self.typed()
        await self.save()
        try:
            intent = await self.lage.bridge.look(lambda s: built(s, self.spec, typed))
        except UsageError as error:
            self._problem = error
            self._show_problem()
            wrong = [item for item in self.inputs if item.field.name == error.field]
            if wrong:
                self.set_focus(wrong[0])
            self.app.bell()
            await self._explain()
            return
        await self.lage.sending.submit(intent, self.spec, typed, lambda: self.dismiss(True))

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
        changed = self.typed() != self._opened.filled
        if changed or self._saving is not None:  # what was typed and taken back is no draft either
            await self.save()
        if changed:
            self.lage.say(
                "Entwurf bleibt erhalten und steht beim nächsten Öffnen wieder da.", "key"
            )
        self.dismiss(None)

    async def on_unmount(self) -> None:
        """Nothing left to do: leaving saves."""
        self._stop_saving()
