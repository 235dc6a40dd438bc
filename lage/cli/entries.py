# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Commands for everything that is a form, a list and a history: made from its card.

Each group has the same verbs: one to create, ``liste``, ``zeigen``, and ``aendern`` where the kind
allows changes. The options are the form's fields.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import click

from lage.cli.common import (
    Group,
    as_json,
    json_option,
    note,
    open_station,
    print_list,
    record_json,
    say,
    say_wrapped,
    write,
)
from lage.kinds.card import FormField
from lage.kinds.cards import CARDS
from lage.kinds.inputs import changeable, choices_of
from lage.kinds.model import Draft, Query, Record, Where
from lage.language.errors import NotFound, UsageError
from lage.language.folding import fold_text
from lage.station import Station
from lage.store.charts import dwellers
from lage.views.detail import detail, title_of
from lage.views.judged import dated_ahead
from lage.views.lists import LISTS
from lage.write import commands
from lage.write.parse import parse_field
from lage.write.plausible import doubts
from lage.write.questions import Question, asks_names, questions

_NEW_NAME = "lage.neu"


def option_name(field: FormField) -> str:
    """Name of a field's option: its German name without umlauts."""
    return field.option or fold_text(field.label).split()[0].replace("(", "")


def form_options(kind: str, *, positional: str = "", creating: bool = True) -> Callable[..., Any]:
    """Options for every field of a form; ``positional`` becomes an argument."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        for field in reversed(CARDS[kind].form):
            if field.name == positional and creating:
                continue
            if not creating and not changeable(kind, field.name):
                continue
            offered = choices_of(kind, field.name)
            text = field.hint or field.label
            if offered:
                text = f"{field.label}: {', '.join(offered)}"
            if field.required and creating:
                text += "  [nötig]"
            function = click.option(f"--{option_name(field)}", field.name, help=text)(function)
        if asks_names(kind):
            function = new_name_option(function)
        if positional and creating:
            shown = placeholder(kind, positional)
            function = click.argument(positional, required=False, metavar=shown)(function)
        return function

    return decorate


def new_name_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """``--neu``: the answer to ``confirm_names``."""

    def keep(ctx: click.Context, _: click.Parameter, value: bool) -> None:
        ctx.meta[_NEW_NAME] = value

    text = "Ein Name ist wirklich neu, auch wenn er einem bekannten gleicht."
    return click.option("--neu", is_flag=True, expose_value=False, callback=keep, help=text)(
        function
    )


def confirm_names(station: Station, drafts: Sequence[Draft]) -> None:
    """Refuse what is likely a slip, unless ``--neu`` says that it is meant. Raises UsageError."""
    if click.get_current_context().meta.get(_NEW_NAME):
        return
    for question in questions(drafts, station.parse_context()):
        raise UsageError(
            f"{question.text} Wenn es so gemeint ist, bitte noch einmal mit --neu.",
            field=question.field,
        )


def placeholder(kind: str, name: str) -> str:
    """How help shows the input that needs no option; the form itself refuses where it is missing.

    So the refusal is the sentence that the screen says, with everything that is missing.
    """
    asked = CARDS[kind].asks(name)
    assert asked is not None
    word = asked.label.upper()
    return word if asked.required else f"[{word}]"


def create(ctx: click.Context, kind: str, typed: dict[str, str | None]) -> None:
    """Write one entity from what was typed and say what it is called."""
    with open_station(ctx) as station:
        _create(station, kind, given_of(typed))


def describe(
    ctx: click.Context, kind: str, names: tuple[str, ...], typed: dict[str, str | None]
) -> None:
    """Write an entity that has one place for all staffs, or change it where it is known.

    ``names``: the fields that tell which one it is.
    """
    with open_station(ctx) as station:
        given, context = given_of(typed), station.parse_context()
        named = {name: parse_field(kind, name, given.get(name, ""), context) for name in names}
        where = tuple(Where(name, "=", value) for name, value in named.items())
        known = None not in named.values()
        found = station.reader.select(Query(kind, where, limit=1)) if known else []
        if found:
            _change(station, found[0], {n: text for n, text in given.items() if n not in named})
        else:
            _create(station, kind, given)


def given_of(typed: dict[str, str | None]) -> dict[str, str]:
    """The options that were given."""
    return {name: text for name, text in typed.items() if text is not None}


def _create(station: Station, kind: str, given: dict[str, str]) -> None:
    say_written(station, commands.enter(kind, given, station.parse_context()))


def say_written(station: Station, drafts: list[Draft]) -> None:
    """Write the drafts of a new entry and say what it is called."""
    confirm_names(station, drafts)
    doubtful = doubts(drafts, station.parse_context())
    (entity, *_) = write(station, drafts)
    record = station.reader.get(entity)
    assert record is not None
    say(f"{title_of(record, station.context())} gespeichert.")
    if doubt := dated_ahead(drafts, station.now()):
        note(f"ACHTUNG: {doubt}")
    note_doubts(doubtful)


def _change(station: Station, record: Record, given: dict[str, str]) -> None:
    drafts = commands.edit(record, given, station.parse_context())
    confirm_names(station, drafts)
    doubtful = doubts(drafts, station.parse_context())
    write(station, drafts)
    say(f"{title_of(record, station.context())} geändert.")
    note_doubts(doubtful)


def note_doubts(doubtful: Sequence[Question]) -> None:
    """What a screen would have asked: a script that reports a figure is not stopped by it."""
    for doubt in doubtful:
        note(f"ACHTUNG: {doubt.text} (gespeichert ist es; sonst bitte berichtigen)")


def find(station: Station, kind: str, typed: str) -> Record:
    """The entity meant by a number, a name or an id. Raises UsageError."""
    return find_message(station, typed) if kind == "message" else station.find_record(kind, typed)


def find_message(station: Station, typed: str) -> Record:
    """A message by label (GRE-N3), id or, as a bare number, by its Eingang number."""
    if typed.strip().isdigit():
        record = station.reader.incoming(int(typed))
        if record is None:
            raise NotFound(
                f"Die Eingangsnummer {typed} gibt es nicht: siehe „lage nachricht eingang“."
            )
        return record
    return station.find_record("message", typed)


def list_command(kind: str) -> click.Command:
    """``liste``: the kind's list, filtered."""
    view = LISTS[kind]

    @click.command("liste", help=f"{view.title} als Tabelle.")
    @click.option("--text", default="", help="Nur Einträge mit diesen Wörtern.")
    @click.option("--stelle", default="", help="Nur Einträge dieser Stelle.")
    @click.option("--seit", default="", help="Nur seit dieser Zeit, z. B. 1530 oder „vor 2 h“.")
    @click.option(
        "--filter", "chosen", help="Fester Filter: " + ", ".join(f.key for f in view.filters)
    )
    @click.option("-n", "--anzahl", default=50, show_default=True, help="Höchstens so viele.")
    @json_option
    @click.pass_context
    def command(
        ctx: click.Context,
        text: str,
        stelle: str,
        seit: str,
        chosen: str | None,
        anzahl: int,
        machine: bool,
    ) -> None:
        from lage.language.tactical import Lean, parse_time

        with open_station(ctx) as station:
            context = station.context()
            where = list(view.query.where)
            if stelle:
                where.append(Where("author", "=", context.directory.find(stelle).number))
            if seit:
                where.append(Where("sort_time", ">=", parse_time(seit, context.now, Lean.PAST)))
            if chosen:
                matching = [item for item in view.filters if item.key == chosen]
                if not matching:
                    known = ", ".join(item.key for item in view.filters) or "keine"
                    raise UsageError(f"Den Filter „{chosen}“ gibt es nicht; möglich: {known}.")
                where.extend(matching[0].where(context))
            query = replace(view.query, where=tuple(where), text=text, limit=anzahl)
            print_list(view, station.reader.select(query), context, machine=machine)

    return command


def show_command(kind: str) -> click.Command:
    """``zeigen``: one entity in full with its history."""

    @click.command("zeigen", help="Einen Eintrag ganz zeigen, mit Verlauf und Empfang.")
    @click.argument("nummer")
    @json_option
    @click.pass_context
    def command(ctx: click.Context, nummer: str, machine: bool) -> None:
        with open_station(ctx) as station:
            context = station.context()
            shown = detail(find(station, kind, nummer).id, context)
            assert shown is not None
            people = dwellers(station.folder, shown.record) if kind == "area" else None
            if machine:
                as_json(
                    {
                        **record_json(shown.record, context),
                        **({"darin wohnen": people} if people else {}),
                        "verlauf": [
                            {"zeit": h.time, "stelle": h.author, "was": h.what, "hinweis": h.note}
                            for h in shown.history
                        ],
                        "empfangen": [context.directory.name(m) for m in shown.delivery.reached],
                        "quittiert": [
                            {"stelle": context.directory.name(m), "person": person}
                            for m, person, _ in shown.delivery.confirmed
                        ],
                    }
                )
                return
            say(shown.title)
            fields = [*shown.fields, *([("Darin wohnen", people)] if people else [])]
            width = max(len(label) for label, _ in fields)
            for label, value in fields:
                say_wrapped(f"  {label.ljust(width)}  {value}", width + 4)
            for line in shown.delivery_lines:
                say_wrapped(f"  {line.text}", 4)
            for label, text in shown.related:
                say_wrapped(f"  {label}: {text}", 4)
            say("Verlauf")
            for step in shown.history:
                note = f" [{step.note}]" if step.note else ""
                say_wrapped(f"  {step.time} {step.author}: {step.what}{note}", 4)

    return command


def change_command(kind: str) -> click.Command:
    """``aendern``: new values for the fields that may change; ``?`` sets to unknown."""

    @click.command("aendern", help="Angaben ändern; „?“ setzt auf unbekannt.")
    @click.argument("nummer")
    @form_options(kind, creating=False)
    @extra_options(kind)
    @click.pass_context
    def command(ctx: click.Context, /, nummer: str, **typed: str | None) -> None:
        change(ctx, kind, nummer, typed)

    return command


def extra_options(kind: str) -> Callable[..., Any]:
    """Options for registers that the form leaves out: status, feedback, progress."""
    card = CARDS[kind]

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        for name, option in (
            ("status", "status"),
            ("feedback", "rueckmeldung"),
            ("progress", "fortschritt"),
        ):
            if name not in card.kind.by_name or card.asks(name):
                continue
            offered = choices_of(kind, name)
            function = click.option(f"--{option}", name, help=", ".join(offered) or option)(
                function
            )
        return function

    return decorate


def change(ctx: click.Context, kind: str, label: str, typed: dict[str, str | None]) -> None:
    """Write changed registers of one entity."""
    with open_station(ctx) as station:
        _change(station, find(station, kind, label), given_of(typed))


def entry_group(kind: str) -> click.Group:
    """The group of one kind, as its card has it."""
    card = CARDS[kind]
    assert card.command is not None
    group = Group(card.command.name, help=f"{card.plural}: anlegen, auflisten, zeigen.")

    @group.command(card.command.verb, help=f"{card.title} anlegen.")
    @form_options(kind, positional=card.command.positional)
    @click.pass_context
    def new(ctx: click.Context, /, **typed: str | None) -> None:
        create(ctx, kind, typed)

    group.add_command(list_command(kind))
    group.add_command(show_command(kind))
    if any(changeable(kind, field.name) for field in card.form):
        group.add_command(change_command(kind))
    return group


def group_called(name: str) -> click.Group:
    """The group that has that name."""
    called = (kind for kind, card in CARDS.items() if card.command and card.command.name == name)
    return entry_group(next(called))
