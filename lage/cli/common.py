# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What all commands share: the folder, opening the station, printing tables and JSON, errors.

stdout carries data only, stderr what is said about it. Tables fit the terminal, 80 columns in
pipes, and need no colour. Exit codes: 0 done, 1 failed, 2 wrong use. Nothing else prints, so that
all text passes one filter before it reaches a terminal.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lage.cli.said import listener, with_json
from lage.language.errors import ImportRefused, LageError, Overruled, why
from lage.language.fence import Place, reason_of
from lage.language.plain import plain, plain_lines

if TYPE_CHECKING:
    from lage.kinds.model import Draft, Progress, Record
    from lage.kinds.reader import ViewContext
    from lage.station import Station
    from lage.views.lists import Column, ListView
    from sync.schema.definition import EntityId

WIDTH_IN_PIPES = 80
EXERCISE_MARK = "*** ÜBUNG ÜBUNG ÜBUNG ***"
"""Said by every command on an exercise's folder, on stderr so that data stays data."""


def reader_gone() -> int:
    """The reader of our output went away (head, less): nothing left to say to it. Exit code 0."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


class Group(click.Group):
    """A command group whose German errors end with the right exit code, and whose parts load late.

    ``lazy`` names subcommands by ``module:attribute``, a command or what makes the command of that
    name; a module is imported when its command is run or its help is asked for, so that
    ``lage --help`` stays quick.
    """

    def __init__(self, *args: Any, lazy: Mapping[str, tuple[str, str]] | None = None, **kw: Any):
        super().__init__(*args, **kw)
        self._lazy = dict(lazy or {})

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; click itself would end with 1 when the reader of a pipe has enough."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            return reader_gone()

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order in which they were given."""
        return [*self._lazy, *super().list_commands(ctx)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, imported now."""
        if cmd_name in self._lazy:
            import importlib

            module, attribute = self._lazy[cmd_name][0].split(":")
            command = getattr(importlib.import_module(module), attribute)
            if not isinstance(command, click.Command):
                command = command(cmd_name)
            assert isinstance(command, click.Command)
        else:
            command = super().get_command(ctx, cmd_name)
        if command is None or isinstance(command, click.Group):
            return command
        return with_json(command, as_json)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List lazy commands by their stated help, without importing them."""
        rows = [(name, text) for name, (_, text) in self._lazy.items()]
        for name in super().list_commands(ctx):
            command = super().get_command(ctx, name)
            if command is not None and not command.hidden:
                rows.append((name, command.get_short_help_str(60)))
        with formatter.section("Befehle"):
            formatter.write_dl(rows)


def default_folder() -> Path:
    """Where a node keeps its data unless told otherwise: ``LAGE_DATEN`` or the user's folder."""
    stated = os.environ.get("LAGE_DATEN")
    if stated:
        return Path(stated)
    import platformdirs

    return Path(platformdirs.user_data_dir("lage", appauthor=False))


def folder_of(ctx: click.Context) -> Path:
    """The data folder of this call."""
    folder = ctx.find_root().params.get("daten")
    return Path(folder) if folder else default_folder()


@contextmanager
def open_station(ctx: click.Context) -> Iterator[Station]:
    """The station of this call; closed at the end."""
    from hardware.power import read_power
    from lage.station import Station

    station = Station.open(folder_of(ctx), progress=show_progress("Lagebild wird aufgebaut"))
    station.power = read_power
    if station.exercise:
        note(EXERCISE_MARK)
    if station.past:
        note(f"*** {station.past} ***")
    if not station.store.writable:
        note("Der Datenträger ist voll oder schreibgeschützt: das Lagebild ist nur zu lesen.")
    try:
        yield station
    except (LageError, click.ClickException, click.Abort, click.exceptions.Exit, OSError):
        raise
    except Exception as error:
        error.add_note(f"Vermerk {station.faults.note(error)}")  # for the sentence at the end
        raise
    finally:
        station.close()


def show_progress(label: str) -> Callable[[int, int], None]:
    """A progress line on stderr for terminals; silent in pipes."""

    def show(done: int, total: int) -> None:
        if sys.stderr.isatty() and total:
            rewrite(f"{label}: {done * 100 // total:3d} %", last=done >= total)

    return show


def rewrite(text: str, *, last: bool = False) -> None:
    """A line on stderr that takes the place of the one before; for terminals only."""
    click.echo(f"\r{plain(text)}" + ("\n" if last else ""), err=True, nl=False)


def write(
    station: Station, drafts: Sequence[Draft], progress: Progress | None = None
) -> list[EntityId]:
    """Write to the log; the entities of the drafts. Says before it if the clock is wrong.

    Raises as ``Station.write``, and Overruled where something of it does not hold.
    """
    from lage.views.clocks import own_clock
    from lage.views.overruled import without_effect

    if doubt := own_clock(station.context()):
        note(f"ACHTUNG: {doubt}")
    entities = station.write(drafts, progress)
    if said := listener():
        said.entries += [f"{entity.author}:{entity.number}" for entity in entities]
    if lost := without_effect(drafts, station.context()):
        raise Overruled(" ".join(lost))
    return entities


def say(text: str) -> None:
    """A result on stdout; what it quotes of the network is shown, never obeyed."""
    if said := listener():
        said.lines += plain_lines(text).splitlines()
    else:
        click.echo(plain_lines(text))


def note(text: str) -> None:
    """What is said about a result, on stderr; filtered likewise."""
    click.echo(plain_lines(text), err=True)


def say_wrapped(text: str, indent: int = 0) -> None:
    """Running text, broken where the terminal ends; all lines but the first are indented."""
    import textwrap

    leading = text[: len(text) - len(text.lstrip())]
    for line in textwrap.wrap(
        text.strip(),
        terminal_width(),
        initial_indent=leading,
        subsequent_indent=" " * indent,
        break_on_hyphens=False,
    ) or [""]:
        say(line)


def as_json(value: Any) -> None:
    """One JSON document on stdout; characters that cannot be seen are escaped as JSON does.

    Of a command that shows one anyway it is the result, also with ``--json``.
    """
    if said := listener():
        said.document = value
        return
    text = json.dumps(value, ensure_ascii=False, indent=2)
    click.echo("\n".join(map(_escaped, text.split("\n"))))


def _escaped(line: str) -> str:
    if line.isprintable():
        return line
    return "".join(c if c.isprintable() else json.dumps(c)[1:-1] for c in line)


def record_json(record: Record, context: ViewContext) -> dict[str, Any]:
    """An entity for machines: ids as ``author:number``, times in UTC."""
    from lage.views.scale import exact

    return {
        "id": f"{record.id.author}:{record.id.number}",
        "nr": context.directory.label(record),
        "art": record.kind,
        "stelle": context.directory.name(record.id.author),
        "eintrag": utc(record.time),
        "ereignis": utc(record.event_time),
        **{
            name: _plain(record.kind, name, value)
            if (number := exact(record, name, context)) is None
            else number
            for name, value in record.values.items()
        },
    }


def utc(log_time: int) -> str:
    """ISO 8601 in UTC."""
    from datetime import UTC, datetime

    from lage.language.epoch import to_unix

    return datetime.fromtimestamp(to_unix(log_time), UTC).isoformat().replace("+00:00", "Z")


def _plain(kind: str, name: str, value: Any) -> Any:
    from lage.kinds.inputs import input_of
    from sync.schema.definition import EntityId, Point

    if isinstance(value, Point):
        return {"lat": value.lat_e4 / 10_000, "lon": value.lon_e4 / 10_000}
    if isinstance(value, EntityId):
        return f"{value.author}:{value.number}"
    if isinstance(value, tuple):
        return [_plain(kind, name, item) for item in value]
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, int) and not isinstance(value, bool) and input_of(kind, name) == "time":
        return utc(value)
    return value


def print_list(
    view: ListView, records: Sequence[Record], context: ViewContext, *, machine: bool
) -> None:
    """A list as table or JSON."""
    if machine:
        as_json([record_json(record, context) for record in records])
        return
    columns = fitting(view.columns, terminal_width())
    rows = [[column.cell(record, context) for column in columns] for record in records]
    print_table([c.title for c in columns], rows, [c.right for c in columns])
    if not records:
        say("(keine Einträge)")
    elif view.summary is not None:
        say(view.summary(records))


def fitting(columns: Sequence[Column], width: int) -> list[Column]:
    """The columns that fit, the least important left out first."""
    kept = list(columns)
    for rank in (4, 3, 2, 1):
        if sum(column.width + 2 for column in kept) <= width:
            break
        kept = [column for column in kept if column.rank < rank]
    return kept


def terminal_width() -> int:
    """Columns of the terminal; 80 where there is none."""
    if not sys.stdout.isatty():
        return WIDTH_IN_PIPES
    return max(40, shutil.get_terminal_size((WIDTH_IN_PIPES, 24)).columns)


def print_table(
    titles: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[bool] | None = None
) -> None:
    """A table that fits the terminal: the last wide column wraps, the others keep their width."""
    import textwrap

    flags = list(right or [False] * len(titles))
    widths = [max([1, len(t), *(len(r[i]) for r in rows)]) for i, t in enumerate(titles)]
    over = sum(widths) + 2 * (len(widths) - 1) - terminal_width()
    while over > 0:
        widest = max(range(len(widths)), key=lambda index: widths[index])
        if widths[widest] <= 8:
            break
        step = min(over, max(1, widths[widest] // 10))
        widths[widest] -= step
        over -= step
    for number, row in enumerate([list(titles), *rows]):
        cells = [
            textwrap.wrap(cell, width) or [""] for cell, width in zip(row, widths, strict=True)
        ]
        for line in range(max(len(cell) for cell in cells)):
            parts = [
                (cell[line] if line < len(cell) else "").rjust(width)
                if flag
                else (cell[line] if line < len(cell) else "").ljust(width)
                for cell, width, flag in zip(cells, widths, flags, strict=True)
            ]
            say("  ".join(parts).rstrip())
        if number == 0:
            say("-" * min(terminal_width(), sum(widths) + 2 * (len(widths) - 1)))


def _wrong_call(error: click.ClickException) -> None:
    """What click says of a wrong call: it quotes what was typed, or stood in somebody's script."""
    said = io.StringIO()
    error.show(said)
    note(said.getvalue().rstrip("\n"))


def main_guard(run: Callable[[], Any]) -> int:
    """Run the command line; every error becomes its sentence and exit code."""
    try:
        result = run()
    except ImportRefused as error:
        note(f"Fehler: {error}")
        for (line, reason), column in zip_longest(error.problems, error.columns):
            place = f"{line}, Spalte {column}" if column else f"{line}"
            note(f"  {error.noun} {place}: {reason}")
        return error.exit_code
    except LageError as error:
        note(f"Fehler: {error}")
        return error.exit_code
    except click.ClickException as error:
        _wrong_call(error)
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        note("Abgebrochen.")
        return 1
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        note(f"Fehler: {place}{why(error)}")
        return 1
    except Exception as error:  # noqa: BLE001 - the outermost fence
        from lage.store.damage import sentence_of

        damage = sentence_of(error)
        if damage is None:
            told = ", ".join([*getattr(error, "__notes__", ()), reason_of(error)])
            note(f"Fehler im Programm {Place.COMMAND.value}; bitte melden: {told}")
            return 1
        note(f"Fehler: {damage}")
        return damage.exit_code
    return result if isinstance(result, int) else 0


json_option = click.option("--json", "machine", is_flag=True, help="Ausgabe als JSON.")
