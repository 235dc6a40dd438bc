# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Writes the pages that are made from the program itself, so that they cannot drift from it.

    python scripts/make_docs.py

makes ``docs/befehle.md`` from the tree of commands, the tables of keys in ``docs/bedienung.md``
from the registry of actions, the diagrams in ``docs/developer/states.md`` from the tables of
states, the tables of ``docs/drehbuch.md`` and the JSON schema beside the scripts from the keys of
a script. Tests fail when one of them is not up to date.
"""

from __future__ import annotations

import enum
import inspect
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from lage.cli import cli  # noqa: E402
from lage.exercise.script.schema import SCHEMA_FILE, schema_text  # noqa: E402
from mesh.radio import phases  # noqa: E402
from scripts import script_page  # noqa: E402
from sync.replica.compare import gap  # noqa: E402
from sync.replica.doubt import stages  # noqa: E402
from tui import actions  # noqa: E402

COMMANDS_PAGE = ROOT / "docs" / "befehle.md"
SCREEN_PAGE = ROOT / "docs" / "bedienung.md"
STATES_PAGE = ROOT / "docs" / "developer" / "states.md"
HEAD = """# Befehle

Diese Seite entsteht aus dem Programm selbst (`python scripts/make_docs.py`).
Jeder Befehl zeigt seine Hilfe mit `--hilfe`. Für alle gilt:

- `--daten ORDNER` vor dem Befehl (oder die Umgebung `LAGE_DATEN`) nennt den Ordner des Knotens.
- Lesende Befehle geben mit `--json` ein JSON-Dokument aus; Zeiten darin stehen in UTC.
- Ergebnisse stehen auf der Standardausgabe, Hinweise und Fehler auf der Fehlerausgabe.
- Ende mit 0: getan. 1: misslungen. 2: falsch aufgerufen; der Satz dazu sagt, was hilft.
"""


def walk(
    command: click.Command, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command with its path, in the order in which help shows them."""
    if path:
        yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command, info_name="lage")
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            assert child is not None, name
            if not child.hidden:
                yield from walk(child, (*path, name))


STATES_HEAD = """# States

Drawn from the tables in the code by `python scripts/make_docs.py`; a test keeps page and tables
equal. What has no arrow does not happen. Where an event has several arrows, log and roster say
which one is taken.
"""


def states_page() -> str:
    """The text of ``docs/developer/states.md``."""
    tables = (
        ("The connection to a radio", phases, phases.Phase.STOPPED, phases.TURNS),
        ("A gap in a feed", gap, gap.GapState.CLOSED, gap.TURNS),
        ("A dispute about a feed", stages, stages.Stage.TRUSTED, stages.TURNS),
    )
    parts = [STATES_HEAD]
    for title, module, first, turns in tables:
        path = module.__name__.replace(".", "/") + ".py"
        parts.append(f"## {title}\n\n`{path}`\n\n{diagram(first, turns)}")
    return "\n".join(parts)


def diagram(first: enum.Enum, turns: Mapping[Any, Any]) -> str:
    """A table of states as a Mermaid diagram; what goes the same way shares an arrow."""
    arrows: dict[tuple[str, str], list[str]] = {}
    for (state, turn), following in turns.items():
        targets = following if isinstance(following, frozenset) else {following}
        for target in sorted(targets, key=lambda item: item.value):
            arrows.setdefault((state.name, target.name), []).append(turn.value)
    lines = [f"    [*] --> {first.name}"]
    lines += [f"    {a} --> {b}: {'; '.join(words)}" for (a, b), words in arrows.items()]
    return "\n".join(["```mermaid", "stateDiagram-v2", *lines, "```", ""])


def commands_page() -> str:
    """The text of ``docs/befehle.md``."""
    parts = [HEAD]
    for path, command in walk(cli):
        parts.append(_section(path, command))
    return "\n".join(parts)


def _section(path: tuple[str, ...], command: click.Command) -> str:
    lines = [f"{'#' * (len(path) + 1)} lage {' '.join(path)}", "", _prose(command.help), ""]
    if isinstance(command, click.Group) and not command.invoke_without_command:
        return "\n".join(lines)
    usage = " ".join(["lage", *path, *_usage(command)])
    lines += ["```", usage, "```", ""]
    options = [p for p in command.params if isinstance(p, click.Option) and not p.hidden]
    if options:
        lines += ["| Angabe | Bedeutung |", "| --- | --- |"]
        lines += [f"| {_names(option)} | {_meaning(option)} |" for option in options]
        lines.append("")
    return "\n".join(lines)


def _prose(text: str | None) -> str:
    return inspect.cleandoc(text or "").replace("\b\n", "")


def _usage(command: click.Command) -> list[str]:
    context = click.Context(command, info_name="lage")
    pieces = [] if not any(isinstance(p, click.Option) for p in command.params) else ["[ANGABEN]"]
    arguments = [p for p in command.params if isinstance(p, click.Argument)]
    pieces += [argument.make_metavar(context) for argument in arguments]
    return pieces


def _names(option: click.Option) -> str:
    names = [f"`{name}`" for name in option.opts]
    if option.secondary_opts:
        names += [f"`{name}`" for name in option.secondary_opts]
    return ", ".join(names)


def _meaning(option: click.Option) -> str:
    text = (option.help or "").replace("|", "\\|").replace("\n", " ")
    if isinstance(option.type, click.Choice):
        choices = ", ".join(str(choice) for choice in option.type.choices)
        text += f" ({choices})"
    if option.required:
        text += " **nötig**"
    if option.multiple:
        text += " (mehrfach möglich)"
    return text


def main() -> None:
    """Write all pages."""
    COMMANDS_PAGE.parent.mkdir(exist_ok=True)
    COMMANDS_PAGE.write_text(commands_page(), encoding="utf8", newline="\n")
    manual = actions.write_into(SCREEN_PAGE.read_text("utf8"))
    SCREEN_PAGE.write_text(manual, encoding="utf8", newline="\n")
    STATES_PAGE.write_text(states_page(), encoding="utf8", newline="\n")
    script = script_page.write_into(script_page.PAGE.read_text("utf8"))
    script_page.PAGE.write_text(script, encoding="utf8", newline="\n")
    SCHEMA_FILE.write_text(schema_text(), encoding="utf8", newline="\n")
    for page in (COMMANDS_PAGE, SCREEN_PAGE, STATES_PAGE, script_page.PAGE, SCHEMA_FILE):
        print(page.relative_to(ROOT))


if __name__ == "__main__":
    main()
