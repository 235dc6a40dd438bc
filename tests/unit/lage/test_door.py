# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""One door for what was typed: screen, command line, script and import write the same entry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lage.cli.entries import option_name
from lage.exercise.player import Part
from lage.exercise.script.read import read_script
from lage.imports.entries import default_mapping, plan_entries
from lage.imports.named import plan_named
from lage.kinds.cards import CARDS
from lage.kinds.model import Draft, Query, Record
from lage.language.errors import ImportRefused, NothingChanged, UsageError
from lage.station import Station
from lage.write import commands
from tests.fixtures import share
from tests.unit.lage.conftest import Terminal
from tui.forms import changes, messages, new

TYPED: dict[str, dict[str, str]] = {
    "unit": {"name": "LZ 1", "strength": "1/3/12", "organisation": "thw", "point": "52.28, 7.44"},
    "incident": {"type": "Brand", "text": "Scheune", "point": "52.28, 7.44", "affected": "?"},
    "request": {"item": "Sandsäcke", "amount": "2.000", "due": "1800", "to": "Krisenstab"},
}


def values_of(station: Station, kind: str) -> dict[str, Any]:
    """What the only entry of a kind says."""
    (record,) = station.reader.select(Query(kind))
    return dict(record.values)


def by_command(terminal: Terminal, kind: str, typed: Mapping[str, str]) -> None:
    """``lage kraefte melden …``."""
    card = CARDS[kind]
    assert card.command is not None
    options = [
        part
        for field in card.form
        if field.name in typed and field.name != card.command.positional
        for part in (f"--{option_name(field)}", typed[field.name])
    ]
    first = [typed[card.command.positional]] if card.command.positional in typed else []
    terminal(card.command.name, card.command.verb, *first, *options)


def script_of(folder: Path, *injects: str) -> Path:
    """A script of SAE Rheine."""
    path = folder / "d.yaml"
    lines = "".join(f"  - {{zeit: X+00, stelle: SAE Rheine, {inject}}}\n" for inject in injects)
    names = ("Krisenstab Steinfurt", "SAE Rheine", "SAE Greven")
    cast = f"stellen: [{', '.join(f'{{name: {name}}}' for name in names)}]\n"
    head = f"name: Probe\nbeginn: 24.11.2026 15:00\n{cast}ablauf:\n"
    path.write_text(head + lines, "utf8")
    return path


@pytest.mark.parametrize("kind", TYPED)
def test_whoever_types_it_the_entry_says_the_same(
    county: list[Station], terminals: list[Terminal], kind: str, tmp_path: Path
) -> None:
    """Krisenstab by command, Rheine by script, Greven on screen."""
    _, rheine, greven = county
    typed = TYPED[kind]
    by_command(terminals[0], kind, typed | ({"to": "Greven"} if kind == "request" else {}))
    label = CARDS[kind].label
    said = ", ".join(f'{label(name)}: "{text}"' for name, text in typed.items())
    script = read_script(script_of(tmp_path, f"{CARDS[kind].word}: {{{said}}}"))
    part = Part(script, rheine)
    assert len(part.play()) == 1, part.failed
    intent = new.create(kind).build(greven, typed)
    greven.write(intent.drafts)
    mine, script_says, screen_says = (values_of(each, kind) for each in county)
    assert script_says == screen_says
    assert {**mine, "to": None} == {**screen_says, "to": None}


def test_an_import_takes_what_a_form_takes(station: Station, tmp_path: Path) -> None:
    """Stärke in one cell, defaults and municipality as on the screen."""
    path = tmp_path / "k.csv"
    path.write_text("Name;Stärke;Organisation;Koordinate\nLZ 1;1/3/12;thw;52.28, 7.44\n", "utf8")
    (draft,) = plan_named(path, "unit", station.parse_context(), station.reader).drafts
    typed = commands.enter("unit", TYPED["unit"], station.parse_context())
    assert [draft] == typed
    path.write_text("Nr. der Leitstelle;Art;Lage;Koordinate\n7;Brand;x;52.28, 7.44\n", "utf8")
    plan = plan_entries(path, default_mapping("incident"), station.parse_context(), station.reader)
    assert plan.drafts[0].changes["municipality"] == "Rheine"
    assert plan.drafts[0].changes["priority"] == "mittel"
    path.write_text("Nr. der Leitstelle;Art;Lage;Tote\n7;Brand;x;viele\n", "utf8")
    with pytest.raises(ImportRefused) as refused:
        plan_entries(path, default_mapping("incident"), station.parse_context(), station.reader)
    assert refused.value.problems[-1][1].startswith("Tote: ")


def test_an_import_asks_what_a_form_asks(station: Station, tmp_path: Path) -> None:
    """Seen: a table without Lage made incidents that neither command nor screen would take, and
    its ``?`` was passed over, where theirs sets to unknown."""
    context, reader = station.parse_context(), station.reader
    path, told = tmp_path / "k.csv", default_mapping("incident")
    path.write_text("Nr. der Leitstelle;Art;Lage;Tote\n7;Brand;;3\n", "utf8")
    with pytest.raises(ImportRefused) as refused:
        plan_entries(path, told, context, reader)
    assert "[fest] Lage = " in refused.value.problems[-1][1]
    filled = replace(told, fixed={"text": "siehe Leitstelle"})
    station.write(plan_entries(path, filled, context, reader).drafts)
    (incident,) = reader.select(Query("incident"))
    assert incident.values["text"] == "siehe Leitstelle"
    station.write(commands.edit(incident, {"text": "Dach brennt"}, context))
    path.write_text("Nr. der Leitstelle;Art;Lage;Tote\n7;Brand;;?\n", "utf8")
    (draft,) = plan_entries(path, filled, context, reader, update=True).drafts
    assert draft.changes == {"dead": None}
    path.write_text("Nr. der Leitstelle;Art;Lage\n7;Brand;?\n", "utf8")
    with pytest.raises(ImportRefused):
        plan_entries(path, filled, context, reader, update=True)


@pytest.fixture
def incident(station: Station, lage: Terminal) -> Record:
    """RHE-1."""
    lage("vorfall", "melden", "Scheune", "--art", "Brand")
    return station.find_record("incident", "1")


def test_nobody_clears_what_must_be_there(
    station: Station, lage: Terminal, incident: Record, tmp_path: Path
) -> None:
    """Seen: ``lage vorfall aendern RHE-1 --art '?'`` replicated and ended every screen."""
    refused = lage.refusal("vorfall", "aendern", "RHE-1", "--art", "?")
    assert str(refused) == "Das Feld „Art“ ist leer: bitte ausfüllen."
    assert isinstance(refused, UsageError)
    assert refused.field == "type"
    spec = changes.change(station, incident)
    typed = {**spec.initial, "type": ""}
    with pytest.raises(UsageError, match="„Art“ ist leer") as on_screen:
        spec.build(station, typed)
    assert on_screen.value.field == "type"
    path = script_of(
        tmp_path, "id: v, vorfall: {Art: Brand, Lage: x}", 'aendern: {vorfall: v, Art: "?"}'
    )
    with pytest.raises(ImportRefused) as in_script:
        read_script(path)
    assert in_script.value.problems[0][1] == "Einlage 2: Das Feld „Art“ ist leer: bitte ausfüllen."
    assert station.reader.get(incident.id) == incident


def test_a_scripts_staerke_counts(station: Station, tmp_path: Path) -> None:
    """Seen: given by its parts it was dropped, given as Stärke refused by a list that named it."""
    path = script_of(
        tmp_path,
        'id: a, einheit: {Name: A, Stärke: "1/3/12"}',
        "id: b, einheit: {Name: B, Führer: 1, Unterführer: 3, Helfer: 12}",
        'aendern: {einheit: a, Stärke: "0/1/4"}',
    )
    part = Part(read_script(path), station)
    part.play()
    assert part.failed == []
    strengths = {
        str(row.values["name"]): tuple(row.values[n] for n in ("leaders", "subleaders", "helpers"))
        for row in station.reader.select(Query("unit"))
    }
    assert strengths == {"A": (0, 1, 4), "B": (1, 3, 12)}


def test_what_is_no_input_is_refused(station: Station) -> None:
    """Nothing that was typed is dropped without a word."""
    with pytest.raises(UsageError, match="gibt es hier nicht") as refused:
        commands.enter("unit", {"name": "A", "colour": "rot"}, station.parse_context())
    assert refused.value.field == "colour"
    (entity,) = station.write(commands.enter("task", {"text": "x"}, station.parse_context()))
    record = station.reader.get(entity)
    assert record is not None
    with pytest.raises(UsageError, match="Auftrag kann nicht geändert werden"):
        commands.edit(record, {"text": "y"}, station.parse_context())
    with pytest.raises(NothingChanged):
        commands.edit(record, {"status": "offen"}, station.parse_context())


def test_a_rule_between_fields_names_one(station: Station) -> None:
    """The form goes there."""
    context = station.parse_context()
    cases: list[tuple[str, dict[str, str], str]] = [
        ("stock_movement", {"item": "Sand", "place": "Rheine", "amount": "0"}, "amount"),
        ("message", {"text": "x", "to": "Rheine"}, "to"),
        ("area", {"type": "gesperrt", "outline": "52.2, 7.4; 52.3, 7.5"}, "outline"),
        ("request", {"amount": "3"}, "item"),
        ("gauge", {"name": "Rheine", "decimals": "viele"}, "decimals"),
    ]
    for kind, typed, field in cases:
        with pytest.raises(UsageError) as refused:
            commands.enter(kind, typed, context)
        assert refused.value.field == field


def test_a_message_is_forwarded_to_all_on_screen(county: list[Station]) -> None:
    """„alle“ is an answer, an empty field is none."""
    krisenstab, rheine, _ = county
    (entity,) = krisenstab.write(
        [Draft("message", {"text": "Lage?", "priority": "einfach", "to": (2,)})]
    )
    share(*county)
    record = rheine.reader.get(entity)
    assert record is not None
    spec = messages.forward(rheine, record)
    intent = spec.build(rheine, {"to": "alle", "priority": "einfach"})
    assert intent.title == "Weiterleitung an alle"
    assert "to" not in intent.drafts[0].changes
    with pytest.raises(UsageError, match="Feld „An“ ist leer"):
        spec.build(rheine, {"to": "", "priority": "einfach"})


def test_only_another_staff_may(county: list[Station]) -> None:
    """The door asks for rights before anybody confirms."""
    krisenstab, rheine, _ = county
    typed = {"type": "gesperrt", "outline": "52.2, 7.4; 52.3, 7.5; 52.3, 7.4"}
    (entity,) = krisenstab.write(commands.enter("area", typed, krisenstab.parse_context()))
    share(*county)
    record = rheine.reader.get(entity)
    assert record is not None
    with pytest.raises(UsageError, match="setzt nur Krisenstab Steinfurt") as refused:
        commands.edit(record, {"status": "aufgehoben"}, rheine.parse_context())
    assert refused.value.field == "status"
