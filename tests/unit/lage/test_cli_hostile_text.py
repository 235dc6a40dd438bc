# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Text of the network reaches the terminal as signs only, whichever command shows it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from lage.cli import cli
from lage.kinds.model import Draft
from lage.kinds.schema import SCHEMA
from lage.station import Station
from sync.schema.definition import (
    Blob,
    Change,
    Choice,
    EntityId,
    Field,
    Flag,
    Many,
    Merge,
    Point,
    Position,
    Ref,
    Scalar,
    SetChange,
    Term,
    Text,
)
from tests.fixtures import make_county
from tests.unit.lage.test_cli_reading import READING, walk

HOSTILE = "[red]\x1b]52;c;cm0gLXJm\x07\x1b[2J\x9b31m\u202eab\u200b\r\u2028"
"""A clipboard write (OSC 52), a cleared screen, C1, a reversed line, an invisible space."""

ARGUMENTS: dict[tuple[str, ...], list[list[str]]] = {
    ("suche",): [["red"]],
    ("gefahrgut",): [["1203"]],
    ("dokument", "suchen"): [["red"]],
    ("karte", "koordinate"): [["32U MC 1 1\x1b]52;c;x\x07"]],
    ("helfer", "suchen"): [[], ["--faehigkeit", "x"]],
    ("bericht", "lagemeldung"): [[], ["--funk"], ["--json"]],
    ("tagebuch", "auszug"): [[], ["--json"]],
    ("schicht", "liste"): [[]],
    ("vorfall", "aendern"): [["RHE-1", "--art", "\x1b]52;c;x\x07"], ["\x1b[2J"]],
}
ELSEWHERE = {
    ("funk", "status"), ("funk", "suchen"), ("pegel", "abrufen"), ("uebung", "pruefen"),
    ("pruefen",), ("helfer", "person"), ("helfer", "auskunft"),
}  # fmt: skip
"""Ask a radio, a service, a file or a private record: their text does not come from the log."""


def _value(field: Field) -> Change:
    """Any value of the field's type; hostile where it is a text."""
    if field.merge is Merge.LEDGER:
        return 1
    item = field.type.item if isinstance(field.type, Many) else field.type
    scalar: Scalar
    match item:
        case Text():
            scalar = HOSTILE[: item.max_chars]
        case Term():
            scalar = HOSTILE
        case Choice():
            scalar = item.values[0]
        case Flag():
            scalar = True
        case Ref():
            scalar = EntityId(1, 1)
        case Position():
            scalar = Point(522_800, 74_400)
        case Blob():
            scalar = b"12345678"
        case _:
            scalar = 1
    if field.merge is Merge.SET:
        return SetChange(add=(scalar,))
    return (scalar,) if isinstance(field.type, Many) else scalar


def _short(field: Field) -> Change:
    """The same, with little text: an operation is at most 140 bytes."""
    value = _value(field)
    return value[:16] if isinstance(value, str) else value


def _drafts() -> Iterator[Draft]:
    """An entry for every text of every kind, with what the kind asks for besides."""
    for kind in SCHEMA.kinds:
        required = {field.name: _short(field) for field in kind.fields if field.required}
        for field in kind.fields:
            item = field.type.item if isinstance(field.type, Many) else field.type
            if isinstance(item, Text | Term):
                yield Draft(kind.name, {**required, field.name: _value(field)})


@pytest.fixture
def hostile(tmp_path: Path) -> Iterator[Station]:
    """A staff whose every text holds control sequences."""
    station = make_county(tmp_path, ["SAE Rheine"])["SAE Rheine"]
    for draft in _drafts():
        station.write([draft])
    yield station
    station.close()


def _run(station: Station, *arguments: str) -> Result:
    return CliRunner().invoke(cli, ["--daten", str(station.folder), *arguments])


def test_no_command_passes_a_control_sequence_on(hostile: Station) -> None:
    """Lists, details, reports, JSON and error sentences: nothing unprintable but line ends."""
    shown = 0
    for path in walk(cli):
        if path in ELSEWHERE or (path[-1] not in READING and path not in ARGUMENTS):
            continue
        for extra in ARGUMENTS.get(path, [[]]) if path[-1] != "zeigen" else [["RHE-1"], ["1"]]:
            for form in ([], ["--json"]) if "--json" not in extra else ([],):
                result = _run(hostile, *path, *extra, *form)
                text = result.output.replace("\n", "")
                assert text.isprintable(), (path, extra, [c for c in text if not c.isprintable()])
                shown += "[red]" in result.output
    assert shown > 25
