# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The page about the Drehbuch and the JSON schema: what they say is what the program reads."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from lage.exercise.scenarios import scenario
from lage.exercise.script.conditions import Language
from lage.exercise.script.model import Script
from lage.exercise.script.plain import Block, Row, load
from lage.exercise.script.read import built_in, read_script
from lage.exercise.script.schema import SCHEMA_FILE, schema, schema_text
from lage.exercise.script.times import Times
from lage.language.tactical import parse_time
from scripts.script_page import PAGE, write_into

TEXT = PAGE.read_text("utf8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)
TIMES = [
    said
    for row in TEXT.split("| `zeit` | kommt |")[1].split("\n\n")[0].splitlines()
    for said in re.findall(r"`([^`]+)`", row.split(" | ")[0])
]
VALIDATOR = jsonschema.Draft202012Validator(schema())


class Editor(yaml.SafeLoader):
    """YAML as editors read it today (1.2): numbers are numbers, ``ja`` and 09:30 are texts."""

    yaml_implicit_resolvers: dict[str, Any] = {}


Editor.add_implicit_resolver(
    "tag:yaml.org,2002:int", re.compile(r"[-+]?[0-9]+$"), list("-+0123456789")
)
Editor.add_implicit_resolver(
    "tag:yaml.org,2002:float", re.compile(r"[-+]?[0-9]+\.[0-9]+$"), list("-+0123456789")
)


def complaints(text: str, loader: Any) -> list[str]:
    """What the schema has against a text."""
    return [
        f"{e.json_path}: {e.message}" for e in VALIDATOR.iter_errors(loader(text).get_single_data())
    ]


def test_tables_and_schema_are_those_of_the_program() -> None:
    """``python scripts/make_docs.py`` has nothing to write."""
    assert write_into(TEXT) == TEXT
    assert SCHEMA_FILE.read_text("utf8") == schema_text()
    jsonschema.Draft202012Validator.check_schema(json.loads(schema_text()))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda text: text.split("\n")[0][6:])
def test_every_example_can_be_played(tmp_path: Path, example: str) -> None:
    """As it stands on the page; the schema takes it as well, from texts and from an editor."""
    path = tmp_path / "drehbuch.yaml"
    path.write_text(example, "utf8")
    assert isinstance(read_script(path), Script)
    assert complaints(example, yaml.BaseLoader) == complaints(example, Editor) == []


def test_every_time_of_the_page_is_understood() -> None:
    """The table of times and conditions."""
    begin = parse_time("24.11.2026 18:00", 0)
    language = Language(Times(begin), ("SAE Greven",), {"12": "12"}, {})
    assert len(TIMES) > 9
    for said in TIMES:
        language.when(said)


def test_shipped_scripts_pass_the_schema() -> None:
    """What reading takes, the schema takes; the longest is left out, for it takes seconds."""
    for path in (built_in(), scenario("erste-schritte"), scenario("emshochwasser")):
        script = load(path)
        assert isinstance(script, Block)
        steps = script["ablauf"]
        assert isinstance(steps, Row)
        script["ablauf"] = Row(steps[::3])
        assert [f"{e.json_path}: {e.message}" for e in VALIDATOR.iter_errors(script)] == []


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("Vorrang: sofort", "Vorrang: eilig", "Vorrang"),
        ("rolle: krisenstab", "rolle: stab", "rolle"),
        ("binnen 10 min]", "binnen 10 min]\n    farbe: rot", "ablauf[3]"),
        ("    zeit: X+12\n", "", "ablauf[3]"),
        ("frage: ", "Frage: ", "zweige[0]"),
        ("vorrang: sofort", "vorfall: {Art: Brand, Lage: x}", "ablauf[3]"),
    ],
)
def test_the_schema_refuses_what_reading_refuses(old: str, new: str, where: str) -> None:
    """As far as a schema can see it: so an editor shows it while it is typed."""
    example = next(text for text in EXAMPLES if text.startswith("name: Einträge"))
    assert old in example
    told = complaints(example.replace(old, new), Editor)
    assert any(where in each for each in told), told
