# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Nothing that old logs and old radios rely on changes unseen; each promise can be broken here."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from lage.kinds import rights, verdict
from lage.kinds.cards import CARDS
from lage.kinds.rights import Right, Who
from lage.kinds.schema import SCHEMA
from lage.store import tables
from lage.store.tables import FOLD_VERSION, VERSION, fold_rules, projection_version
from sync.schema.definition import Choice, Field, Merge, Number, Schema, Text
from sync.schema.vocabulary import TERMS
from sync.wire import frames
from tests.promises import migrations, names, operations, picture, schema, wire


def changed(kind: str, *fields: Field) -> Schema:
    """The schema with some fields of a kind replaced or added."""
    known = SCHEMA.by_name[kind]
    by_number = {field.number: field for field in (*known.fields, *fields)}
    new = replace(known, fields=tuple(by_number.values()))
    return Schema(tuple(new if item is known else item for item in SCHEMA.kinds))


# --- the schema -----------------------------------------------------------------------------------


def test_the_schema_keeps_what_it_promised() -> None:
    """Every kind, field, choice and word that was written down is what it was."""
    assert schema.broken(schema.promised(), SCHEMA, TERMS) == []


def test_everything_is_written_down() -> None:
    """What is new stands in the files as well: ``python -m tests.promises`` adds it."""
    assert schema.missing(schema.promised(), SCHEMA, TERMS) == []
    assert names.missing(names.promised(), CARDS) == []
    assert operations.missing() == []
    assert wire.missing(wire.promised()) == []
    assert migrations.promised() == migrations.hashes()
    assert picture.promised()["fold"] == FOLD_VERSION
    assert picture.lacking(picture.promised()["picture"]) == []


def test_a_field_without_since_is_seen() -> None:
    """A later field that claims to be of the first schema, hand-written line or not."""
    later = Field(30, "depth", Number(), Merge.ONCE)
    problems = "\n".join(schema.broken(schema.promised(), changed("unit", later), TERMS))
    assert "unit.depth is new" in problems
    assert "since=2" in problems

    lines = [*schema.promised(), *schema.missing(schema.promised(), changed("unit", later), TERMS)]
    (problem,) = schema.broken(lines, changed("unit", later), TERMS)
    assert "kind 9 unit, 12 fields from the beginning" in problem

    told = changed("unit", replace(later, since=2))
    assert schema.broken(schema.promised(), told, TERMS) == []
    assert len(schema.missing(schema.promised(), told, TERMS)) == 1


@pytest.mark.parametrize(
    "field",
    [
        Field(6, "place", Text(79), Merge.REGISTER),
        Field(6, "place", Text(80), Merge.ONCE),
        Field(6, "town", Text(80), Merge.REGISTER),
        Field(6, "place", Text(80), Merge.REGISTER, since=2),
        Field(5, "status", Choice(("im Einsatz", "in Ruhe"), room=8), Merge.REGISTER),
        Field(2, "leaders", Number(typical=5), Merge.REGISTER),
    ],
)
def test_a_changed_field_is_seen(field: Field) -> None:
    """Another limit, merge, name, revision, order of choices or size that codes best."""
    assert schema.broken(schema.promised(), changed("unit", field), TERMS)


def test_choices_and_words_may_only_be_appended() -> None:
    """A new choice or word at the end breaks nothing, one in between does."""
    states = SCHEMA.by_name["unit"].by_name["status"]
    assert isinstance(states.type, Choice)
    more = replace(states.type, values=(*states.type.values, "verlegt"))
    assert (
        schema.broken(schema.promised(), changed("unit", replace(states, type=more)), TERMS) == []
    )

    places = TERMS["place"]
    assert schema.broken(schema.promised(), SCHEMA, {**TERMS, "place": (*places, "Köln")}) == []
    (problem,) = schema.broken(schema.promised(), SCHEMA, {**TERMS, "place": ("Köln", *places)})
    assert "words place" in problem


def test_letters_and_words_stay() -> None:
    """RHE-A4 on an old paper means the task that it meant; a new kind may bring its own."""
    assert names.broken(names.promised(), CARDS) == []
    task = CARDS["task"]
    for other in (replace(task, letter="B"), replace(task, letter=None), replace(task, word="los")):
        (problem,) = names.broken(names.promised(), CARDS | {"task": other})
        assert "task" in problem
    lettered = {"unit": replace(CARDS["unit"], letter="E")}
    assert names.broken(names.promised(), CARDS | lettered) == []


# --- bytes ----------------------------------------------------------------------------------------


def test_operations_keep_their_meaning() -> None:
    """Bytes of every kind and field, of every codec version, read and written as ever."""
    assert [problem for line in operations.lines() if (problem := operations.broken(line))] == []


def test_bytes_are_read_by_what_they_say() -> None:
    """A field without ``since`` makes what was written before it unreadable: that is seen too."""
    later = changed("unit", Field(30, "depth", Number(), Merge.ONCE))
    units = [line for line in operations.lines() if line[2] == "unit" and line[0] == 2]

    assert any(operations.broken(line, later) for line in units)


def test_frames_and_records_keep_their_bytes() -> None:
    """What nodes of yesterday send is what we send, and is read as they meant it."""
    assert wire.broken(wire.promised()) == []


def test_a_shorter_mac_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another size on the air parts old from new nodes; the sentence names it."""
    monkeypatch.setattr(frames, "MAC_SIZE", 3)

    (problem,) = wire.broken(wire.promised())
    assert problem.startswith("MAC_SIZE is 3, nodes that are out there have 4")


# --- tables ---------------------------------------------------------------------------------------


def test_migrations_are_frozen() -> None:
    """Statements that ran on logs are what they were; the next change is the next migration."""
    assert migrations.broken(migrations.promised(), migrations.hashes()) == []
    assert len(migrations.hashes()) == VERSION
    (problem,) = migrations.broken({"0001_log_and_local": "another"}, migrations.hashes())
    assert "write the next migration" in problem


def test_another_table_makes_another_version(monkeypatch: pytest.MonkeyPatch) -> None:
    """A new field, index or kind rebuilds every log, whether somebody thinks of it or not."""
    before = projection_version()
    monkeypatch.setattr(tables, "SCHEMA", changed("unit", Field(30, "depth", Number(), since=2)))

    assert projection_version() != before


RIGHTS, INCIDENT = rights.RIGHTS, CARDS["incident"]


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("RIGHTS", {at: right for at, right in RIGHTS.items() if at != ("unit", "status")}),
        ("RIGHTS", RIGHTS | {("gauge", "water"): Right(Who.ISSUER)}),
        ("RIGHTS", RIGHTS | {("task", "status"): Right(Who.ISSUER)}),
        ("OWN_ONLY", frozenset()),
        ("CARDS", CARDS | {"incident": replace(INCIDENT, closed=("in Arbeit", "erledigt"))}),
        ("CARDS", CARDS | {"incident": replace(INCIDENT, merges="")}),
        ("CARDS", CARDS | {"task": replace(CARDS["task"], ended_by="progress")}),
    ],
)
def test_other_rules_make_another_version(
    name: str, other: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A right or what counts as ended, changed without a thought of logs on disk."""
    before = projection_version()
    monkeypatch.setattr(tables, name, other)

    assert projection_version() != before


def test_the_version_is_the_same_everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """The order in which rights are written down does not rebuild anybody's log."""
    before = projection_version()
    monkeypatch.setattr(tables, "RIGHTS", dict(reversed(RIGHTS.items())))

    assert projection_version() == before
    assert " at 0x" not in fold_rules()


@pytest.mark.parametrize("at", RIGHTS)
def test_every_right_is_in_the_picture(
    at: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without it, the fold makes other rows of the promised log."""
    monkeypatch.setattr(verdict, "RIGHTS", {k: right for k, right in RIGHTS.items() if k != at})
    known = picture.promised()

    assert picture.broken(known, FOLD_VERSION, picture.fold(known["log"], tmp_path))


def test_the_fold_makes_the_promised_picture(tmp_path: Path) -> None:
    """The same log gives the rows that were written down, or the fold has another version."""
    known = picture.promised()
    assert picture.broken(known, FOLD_VERSION, picture.fold(known["log"], tmp_path)) == []


def test_a_forgotten_version_of_the_fold_is_seen(tmp_path: Path) -> None:
    """Another picture under the same version names the constant to raise."""
    known = picture.promised()
    other = picture.fold(known["log"], tmp_path) | {"k_incident": []}

    problem, *_ = picture.broken(known, FOLD_VERSION, other)
    assert "raise FOLD_VERSION" in problem
    assert picture.broken(known, FOLD_VERSION + 1, other) == []
