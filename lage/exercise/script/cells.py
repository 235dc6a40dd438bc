# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Cells of a table of Einlagen: what a key says as one text, and the same read back.

Plain text stays plain. What has parts stands there as the manual writes it in one line:
``vorfall: {Art: Brand, Lage: Dach brennt}``; so people can read and change it, and nothing is lost
on the way through a spreadsheet.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from lage.exercise.script.faults import ScriptRefused
from lage.exercise.script.keys import INJECT
from lage.exercise.script.plain import Block, Row, Said, parse
from lage.language.errors import UsageError

_TEXT = "tag:yaml.org,2002:str"
_PARTED = ",;/\n&"


class Dumper(yaml.SafeDumper):
    """Without references; several lines stay lines."""

    def ignore_aliases(self, data: Any) -> bool:
        """Never a reference: scripts know none."""
        return True


def _represent(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar(_TEXT, str(text), style=style)


Dumper.add_representer(str, _represent)
Dumper.add_multi_representer(str, _represent)  # what was read has its place with it


class _LineDumper(yaml.BaseDumper):
    """For those who read every value as a text: 355 needs no quotes then."""

    ignore_aliases = Dumper.ignore_aliases


def _as_text(dumper: yaml.BaseDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar(_TEXT, str(text))


def _as_map(dumper: yaml.BaseDumper, said: dict[str, Any]) -> yaml.MappingNode:
    return dumper.represent_mapping("tag:yaml.org,2002:map", said)


def _as_list(dumper: yaml.BaseDumper, said: list[Any]) -> yaml.SequenceNode:
    return dumper.represent_sequence("tag:yaml.org,2002:seq", said)


_LineDumper.add_multi_representer(str, _as_text)
_LineDumper.add_multi_representer(dict, _as_map)
_LineDumper.add_multi_representer(list, _as_list)


def in_one_line(said: Any) -> str:
    """Parts as the manual writes them in one line."""
    text: str = yaml.dump(
        said, Dumper=_LineDumper, allow_unicode=True, sort_keys=False,
        default_flow_style=True, width=float("inf"),
    )  # fmt: skip
    return text.removesuffix("...\n").strip()


def read_line(text: str) -> Any:
    """The parts again, all their values as texts. Raises UsageError."""
    try:
        return _plain(parse(text, "…"))
    except ScriptRefused as error:
        raise UsageError(f"„{text[:60]}“ ist nicht zu verstehen.") from error


def _plain(said: Said) -> Any:
    if isinstance(said, Block):
        return {str(key): _plain(value) for key, value in said.items()}
    return [_plain(each) for each in said] if isinstance(said, Row) else str(said)


def content_cell(plain: Mapping[str, Any]) -> str:
    """What an inject says or does."""
    (deed,) = (key for key in INJECT.deeds if key in plain)
    said = plain[deed]
    if deed == "inhalt" and "inhalt" in content_of(said) and content_of(said)["inhalt"] == said:
        return str(said)
    return f"{deed}: {in_one_line(said)}"


def content_of(cell: str) -> dict[str, Any]:
    """The key of what is done and what it says; text that is no such thing is what is said."""
    word, colon, rest = cell.partition(":")
    if colon and word in INJECT.deeds and rest.strip()[:1] in ("{", '"', "'"):
        try:
            said = read_line(rest.strip())
        except UsageError:
            said = None
        if isinstance(said, str if word == "inhalt" else dict):
            return {word: said}
    return {"inhalt": cell}


def people_cell(said: str | Sequence[str]) -> str:
    """To whom: with commas between, unless a name has some itself."""
    names = [said] if isinstance(said, str) else list(said)
    if any(sign in name for name in names for sign in (*_PARTED, "[", " und ")):
        return in_one_line(names)
    return ", ".join(names)


def lines_cell(said: Sequence[Any]) -> str:
    """Sentences and patterns, one in a line."""
    return "\n".join(each if isinstance(each, str) else in_one_line(each) for each in said)


def lines_of(cell: str) -> list[Any]:
    """The same again. Raises UsageError."""
    found = [line.strip() for line in cell.split("\n") if line.strip()]
    return [read_line(line) if line.startswith("{") else line for line in found]
