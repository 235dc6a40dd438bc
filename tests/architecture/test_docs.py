# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The documents say what the program is: commands, words, catalogue entry, links."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

import lage
from lage.cli import cli
from lage.kinds.schema import SCHEMA
from lage.language.fence import Place
from lage.language.install import DISTRIBUTION
from scripts.make_docs import COMMANDS_PAGE, STATES_PAGE, commands_page, states_page, walk
from tests.architecture.source import ROOT, name_of, tracked

COMMANDS = dict(walk(cli))
PAGES = [path for path in tracked() if path.suffix == ".md"]
NAMES = re.compile(r"The Things (Stack|Network)")
INSTALL = re.compile(r"\b(?:pip3?|pipx|uv tool|uv pip)\"? install ((?:[-\w.,=~<>{}'\"/\[\]]+ ?)+)")
WORDS_OF_PIP = {"-e", "--quiet", "--no-index", "--find-links", "ORDNER", "numpy"} | {
    "--disable-pip-version-check"
}
ENGLISH = re.compile(r"\b(the|and|with|show|list|file|this|message)\b", re.IGNORECASE)


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_command_has_german_help(path: tuple[str, ...]) -> None:
    """Every command and each of its options explains itself, in German."""
    command = COMMANDS[path]
    texts = {"": command.help or ""}
    for param in command.params:
        if isinstance(param, click.Option) and not param.hidden:
            texts[param.opts[0]] = param.help or ""

    assert [name for name, text in texts.items() if not text.strip()] == []
    assert [name for name, text in texts.items() if ENGLISH.search(NAMES.sub("", text))] == []


def test_page_of_commands_is_up_to_date() -> None:
    """docs/befehle.md is what ``python scripts/make_docs.py`` writes."""
    assert COMMANDS_PAGE.read_text("utf8") == commands_page()


def test_page_of_states_is_up_to_date() -> None:
    """The diagrams are those of the tables in the code."""
    assert STATES_PAGE.read_text("utf8") == states_page()


def test_glossary_lists_every_kind() -> None:
    """Each kind of entry in the schema stands in the glossary."""
    glossary = (ROOT / "docs" / "glossary.md").read_text("utf8")

    assert [kind.name for kind in SCHEMA.kinds if f"`{kind.name}`" not in glossary] == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_lead_somewhere(page: Any) -> None:
    """Every relative link and picture of a page exists."""
    text = re.sub(r"```.*?```", "", page.read_text("utf8"), flags=re.DOTALL)
    targets = re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", text)

    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_every_page_is_in_the_index() -> None:
    """Each page under docs/ is linked from docs/README.md."""
    index = (ROOT / "docs" / "README.md").read_text("utf8")
    pages = [
        path.relative_to(ROOT / "docs").as_posix()
        for path in PAGES
        if name_of(path).startswith("docs/") and name_of(path) != "docs/README.md"
    ]

    assert [page for page in pages if f"({page})" not in index] == []


def test_readme_gives_the_two_commands() -> None:
    """README names the command that shows the main job and the one that passes the tests."""
    readme = (ROOT / "README.md").read_text("utf8")

    assert "python3 -m venv .venv && .venv/bin/pip install -e . && .venv/bin/lage demo\n" in readme
    assert ".venv/bin/pip install -e '.[test]' && .venv/bin/pytest\n" in readme


def test_catalogue_entry_is_complete() -> None:
    """publiccode.yml has every key that the standard asks for, within its limits."""
    entry = yaml.safe_load((ROOT / "publiccode.yml").read_text("utf8"))

    for key in ("publiccodeYmlVersion", "name", "url", "releaseDate", "platforms", "categories"):
        assert entry[key], key
    assert entry["developmentStatus"] in {"concept", "development", "beta", "stable", "obsolete"}
    assert entry["softwareType"] == "standalone/desktop"
    assert entry["legal"]["license"] == "EUPL-1.2"
    assert entry["maintenance"]["type"] in {"internal", "contract", "community", "none"}
    assert entry["maintenance"]["contacts"][0]["name"]
    assert entry["localisation"] == {"localisationReady": False, "availableLanguages": ["de"]}
    assert set(entry["description"]) == {"de", "en"}
    for text in entry["description"].values():
        assert len(text["shortDescription"]) <= 150
        assert 150 <= len(text["longDescription"]) <= 10_000
        assert text["features"]


def test_install_commands_name_our_distribution() -> None:
    """No text tells anybody to install ``lage``: on a package index that is a stranger's code.

    Every ``pip install`` in pages, sentences and scripts names our distribution, this checkout, or
    one of the listed libraries with the exact version; extras exist.
    """
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf8"))["project"]
    assert project["name"] == DISTRIBUTION != "lage"
    found = [
        f"{name_of(path)}: {word}"
        for path in tracked()
        if path.suffix in {".md", ".py", ".yml", ".toml", ".sh"} or name_of(path) == ".ci/run"
        if path != Path(__file__)
        for line in path.read_text("utf8").splitlines()
        for command in INSTALL.finditer(line)
        for word in command[1].split()
        if not _ours(word.strip("'\""), set(project["optional-dependencies"]))
    ]

    assert found == []


def _ours(word: str, extras: set[str]) -> bool:
    """Whether a word of an install command may stand there; stops of the sentence apart."""
    word = word if word == "." else word.rstrip(".,;'\"")
    word = word.replace("{DISTRIBUTION}", DISTRIBUTION).replace("{extra}", "web")
    name, _, chosen = word.partition("[")
    if chosen:
        known = set(chosen.rstrip("]").split(",")) <= extras
        return known and name in (".", DISTRIBUTION)
    return word in {".", DISTRIBUTION} | WORDS_OF_PIP or "==" in word


@pytest.mark.parametrize(
    ("command", "fault"),
    [
        ("pip install lage", "lage"),
        ("pip install 'lage[web]'", "lage[web]"),
        (".venv/bin/pip install -e '.[wand]'", ".[wand]"),
        ("pip install lage-krisenstab[karten] lage", "lage"),
    ],
)
def test_foreign_names_would_be_found(command: str, fault: str) -> None:
    """The check above sees what it is there for."""
    (match,) = INSTALL.finditer(command)
    words = [word.strip("'\"") for word in match[1].split()]

    assert [word for word in words if not _ours(word, {"web", "karten"})] == [fault]


def test_version_is_told_once() -> None:
    """The package and the project file name the same version."""
    project = (ROOT / "pyproject.toml").read_text("utf8")

    assert f'version = "{lage.__version__}"' in project


def test_every_fence_is_named() -> None:
    """The page on fences says of each place what an error costs there."""
    page = (ROOT / "docs" / "developer" / "fences.md").read_text("utf8")

    assert [place.name for place in Place if f"| `{place.name}` |" not in page] == []


CODE_PATH = re.compile(r"`((?:lage|sync|mesh|maps|tui|hardware|tests|docs|scripts)/[\w./-]*)`")


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_paths_on_pages_exist(page: Any) -> None:
    """A page that sends somebody to a file that is not there costs an hour at night."""
    named = CODE_PATH.findall(page.read_text("utf8"))
    missing = [path for path in named if not (ROOT / path).exists()]

    assert name_of(page) == "CHANGELOG.md" or missing == []


def test_where_to_put_things_names_what_is_there() -> None:
    """Names in code type beside a file stand in that file; at most three files a row."""
    page = (ROOT / "docs" / "developer" / "architecture.md").read_text("utf8")
    table = page[page.index("## Where do I put") :]
    rows = [line.split("|")[1:3] for line in table.splitlines() if line.startswith("| ")][2:]

    assert len(rows) > 15
    for question, answer in rows:
        paths = CODE_PATH.findall(answer)
        assert 1 <= len(paths) <= 3, question
        text = "".join(_text_at(ROOT / path) for path in paths)
        for name in re.findall(r"`([A-Z]\w+|check_\w+)`", answer):
            assert name in text, (question, name)


def _text_at(place: Path) -> str:
    files = [place] if place.is_file() else sorted(place.glob("*.py"))
    return "".join(file.read_text("utf8") for file in files)


NOT_OURS = re.compile(
    r"\b(?:DESIGN|RADIO|SYNC|MESHTASTIC|DOMAIN|INTERFACES|STYLE|MAPS)(?:\.md| section| §)"
)


def test_nothing_refers_to_what_is_not_here() -> None:
    """Comments and pages lean on what the repository holds, or on a source that they name."""
    found = [
        f"{name_of(path)}: {match.group()}"
        for path in tracked()
        if path.suffix in {".py", ".md", ".toml"}
        for match in NOT_OURS.finditer(path.read_text("utf8"))
    ]

    assert found == []


DOTTED = re.compile(r"``?((?:lage|sync|mesh|maps|tui|hardware)(?:\.[A-Za-z_]\w*)+)(?:\(\))?``?")
NO_MODULES = {"lage.db", "lage.node", "lage.local"}
"""A file, a logger, a host."""


def _is_there(name: str) -> bool:
    """Whether a module of that name exists, and in it what stands behind the module's name."""
    parts = name.split(".")
    for size in range(len(parts), 0, -1):
        place = ROOT.joinpath(*parts[:size])
        file = place.with_suffix(".py") if place.with_suffix(".py").exists() else place
        if file.exists():
            text = _text_at(file) if file.is_file() else _text_at(place / "__init__.py")
            return all(part in text for part in parts[size:])
    return False


def test_names_in_comments_and_pages_are_there() -> None:
    """``room.module.Name`` in a docstring or on a page leads to that very thing."""
    found = [
        f"{name_of(path)}: {name}"
        for path in tracked()
        if path.suffix in {".py", ".md"} and name_of(path) != "CHANGELOG.md"
        for name in DOTTED.findall(path.read_text("utf8"))
        if name not in NO_MODULES and not _is_there(name)
    ]

    assert found == []
