# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""``--json`` of commands that do something: what they said, and which entries they wrote.

Commands that show something have a ``--json`` of their own. All others get this one, so that a
script never has to read sentences to learn the number of what it wrote.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

import click

_KEY = "lage.said"
_Run = TypeVar("_Run", bound=Callable[..., Any])


@dataclass(slots=True)
class Said:
    """What a command said and wrote so far."""

    lines: list[str] = field(default_factory=list)
    entries: list[str] = field(default_factory=list)  # author:number, as ``record_json`` has them
    document: Any = None  # in place of both


def listener() -> Said | None:
    """Who listens in place of the terminal, within a command that was asked for JSON."""
    context = click.get_current_context(silent=True)
    return context.find_root().meta.get(_KEY) if context else None


def stays(run: _Run) -> _Run:
    """Marks a command that runs until it is stopped, or takes the screen: it has no result."""
    run.__dict__["stays"] = True
    return run


def with_json(command: click.Command, show: Callable[[Any], None]) -> click.Command:
    """The command, taking ``--json`` if it does not yet; ``show`` prints a document."""
    run = command.callback
    if run is None or "stays" in run.__dict__ or "--json" in _options(command.params):
        return command

    @functools.wraps(run)
    def heard(*args: Any, **options: Any) -> Any:
        if not options.pop("told_as_json"):
            return run(*args, **options)
        meta = click.get_current_context().find_root().meta
        said = meta[_KEY] = Said()
        ended: click.exceptions.Exit | None = None
        result = None
        try:
            result = run(*args, **options)
        except click.exceptions.Exit as code:
            ended = code  # done, with a code of its own
        finally:
            del meta[_KEY]
        show(said.document or {"gesagt": said.lines, "eintraege": said.entries})
        if ended is not None:
            raise ended
        return result

    command.callback = heard
    option = click.Option(["--json", "told_as_json"], is_flag=True, help="Ausgabe als JSON.")
    command.params.append(option)
    return command


def _options(params: Iterable[click.Parameter]) -> set[str]:
    return {name for param in params for name in param.opts}
