# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""YAML as scripts use it: texts, lists and tables, each with its place in the file.

Every scalar is the text that was typed: YAML itself would take 09:30 for 570, 010 for 8 and ``no``
for false. What could multiply, run code or say two things is refused: aliases, anchors, tags,
merge keys, keys that stand twice, several documents, endless nesting, and more than anybody writes.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from lage.exercise.script.faults import Fault, Faults, ScriptRefused
from lage.language.errors import why
from lage.language.spelling import clean
from maps.read.files import read_regular

SCRIPT_BYTES_MAX = 2_000_000
DEPTH_MAX = 20
NODES_MAX = 60_000
TEXT_MAX = 20_000


class Word(str):
    """A text as typed, and where."""

    line = column = 0


class Row(list["Said"]):
    """A list, and where it begins."""

    line = column = 1


class Block(dict[str, "Said"]):
    """Keys and what they say, and where it begins."""

    line = column = 1

    def marked(self) -> Iterator[tuple[Word, Said]]:
        """Keys as they stand in the file, and what they say."""
        for key, said in self.items():
            assert isinstance(key, Word)
            yield key, said

    def text(self, name: str) -> Word | None:
        """What a key says, if that is a text."""
        said = self.get(name)
        return said if isinstance(said, Word) else None


Said = Word | Row | Block


def word(text: str, line: int = 0, column: int = 0) -> Word:
    """A text with its place."""
    made = Word(text)
    made.line, made.column = line, column
    return made


def left_over(key: str, said: Said) -> str:
    """A sentence on a key without a value that is but the rest of a text: in ``{…}`` a comma parts.
    Empty for any other."""
    if said != "" or " " not in key:
        return ""
    return (
        f"„{key}“ gehört wohl zum Text davor: in einer Zeile mit {{…}} steht ein Text mit Komma in"
        " Anführungszeichen."
    )


class _NotPlain(yaml.MarkedYAMLError):
    """What YAML allows and scripts do not; its problem is in German."""


class _Loader(yaml.BaseLoader):
    """The nodes of a file, if they are plain."""

    _depth = _count = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        """One node. Raises YAMLError for what scripts do not use."""
        event = self.peek_event()  # type: ignore[no-untyped-call]
        if problem := self._problem(event):
            raise _NotPlain(problem=problem, problem_mark=event.start_mark)
        self._depth += 1
        node = super().compose_node(parent, index)
        self._depth -= 1
        return node

    def _problem(self, event: Any) -> str:
        self._count += 1
        if isinstance(event, yaml.AliasEvent):
            return "Verweise (*) gibt es hier nicht"
        if event.anchor is not None:
            return "Anker (&) gibt es hier nicht"
        if event.tag not in (None, "!") or (event.tag == "!" and event.implicit == (False, False)):
            return "Kennzeichen (!) gibt es hier nicht: Texte gehören in Anführungszeichen"
        if isinstance(event, yaml.ScalarEvent) and len(event.value) > TEXT_MAX:
            return f"der Text ist {len(event.value)} Zeichen lang, möglich sind {TEXT_MAX}"
        if self._depth >= DEPTH_MAX:
            return "zu tief verschachtelt"
        return "es steht zu viel darin" if self._count > NODES_MAX else ""


def load(path: Path) -> Said:
    """What a file says. Raises ScriptRefused."""
    try:
        text = read_regular(path, SCRIPT_BYTES_MAX).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ScriptRefused(
            f"Das Drehbuch {path} ist {why(error)}: bitte im Editor mit „Speichern unter“ und der"
            " Codierung UTF-8 speichern.",
            (),
        ) from error
    except OSError as error:
        raise ScriptRefused(f"Das Drehbuch {path} ist nicht lesbar: {why(error)}.", ()) from error
    return parse(text, str(path))


def parse(text: str, name: str) -> Said:
    """What a text says; ``name``: of its file, for refusals. Raises ScriptRefused."""
    try:
        root = _Loader(text).get_single_node()
    except RecursionError as error:
        raise ScriptRefused(f"Das Drehbuch {name} ist nicht lesbar: {why(error)}.", ()) from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        said = str(error.problem) if isinstance(error, _NotPlain) else _misread(error, text, line)
        fault = Fault(line, column, said)
        raise ScriptRefused(
            f"Das Drehbuch {name} ist kein gültiges YAML (Texte mit Zeichen wie : ? # gehören in"
            " Anführungszeichen, in {…} auch die mit Komma; eingerückt wird mit Leerzeichen).",
            (fault,),
        ) from error
    faults = Faults()
    said_there = Block() if root is None else _said(root, faults)
    faults.refuse(name)
    return said_there


def _misread(error: yaml.YAMLError, text: str, line: int) -> str:
    """What it was that the parser of YAML stumbled over, where people often do."""
    rest = text.splitlines()[line - 1 : line]
    if any("\t" in each[: len(each) - len(each.lstrip())] for each in rest):
        return "diese Zeile ist mit einem Tabulator eingerückt: bitte mit Leerzeichen"
    if any(each.startswith(("---", "...")) for each in rest):
        return "hier beginnt ein zweites Dokument: ein Drehbuch ist nur eines"
    return why(error)


def _said(node: yaml.Node, faults: Faults) -> Said:
    line, column = node.start_mark.line + 1, node.start_mark.column + 1
    if isinstance(node, yaml.ScalarNode):
        said = word(clean(node.value).strip(), line, column)
        if unseen := next((c for c in said if not c.isprintable() and c not in "\n\t"), ""):
            faults.add(said, f"der Text enthält ein Steuerzeichen (U+{ord(unseen):04X}).")
        return said
    made: Row | Block
    if isinstance(node, yaml.SequenceNode):
        made = Row(_said(each, faults) for each in node.value)
    else:
        assert isinstance(node, yaml.MappingNode)
        made = Block()
        for key_node, value in node.value:
            key = _said(key_node, faults)
            if not isinstance(key, Word):
                faults.add(key, "hier steht ein Name, keine Liste oder Tabelle.")
            elif key == "<<":
                faults.add(key, "„<<“ gibt es hier nicht.")
            elif key in made:
                first = next(old for old, _ in made.marked() if old == key)
                faults.add(
                    key, f"die Angabe „{key}“ steht zweimal da (auch in Zeile {first.line})."
                )
            else:
                made[key] = _said(value, faults)
    made.line, made.column = line, column
    return made
