# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What every command owes its callers: JSON where it reads, 80 columns, honest exit codes."""

from __future__ import annotations

import errno
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from lage.cli import cli
from lage.cli.common import EXERCISE_MARK, WIDTH_IN_PIPES, main_guard
from lage.kinds.model import Draft
from lage.language.errors import why
from lage.station import Station
from tests.fixtures import make_county

READING = {
    "status", "suche", "liste", "zeigen", "eingang", "ausgang", "auszug", "werte", "bewegungen",
    "suchen", "kategorien", "pruefen", "koordinate", "person",
}  # fmt: skip
PICTURES = {("karte", "zeigen")}
"""Reads, but draws: its data come from ``lage bericht daten``."""

LONG = "Sickerwasser am Emsdeich südlich der Brücke, Länge etwa 20 m, weiter steigend; " * 5


def walk(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Paths of all commands that do something."""
    if not isinstance(command, click.Group):
        yield path
        return
    context = click.Context(command)
    for name in command.list_commands(context):
        part = command.get_command(context, name)
        assert part is not None
        yield from walk(part, (*path, name))


def options(path: tuple[str, ...]) -> set[str]:
    """Names of a command's options."""
    command: click.Command | None = cli
    for name in path:
        assert isinstance(command, click.Group)
        command = command.get_command(click.Context(command), name)
    assert command is not None
    return {name for param in command.params for name in param.opts}


def run(station: Station, *arguments: str) -> Result:
    """The command line on a station's folder, in this process."""
    return CliRunner().invoke(cli, ["--daten", str(station.folder), *arguments])


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Station]:
    """SAE Rheine with one long incident."""
    station = make_county(tmp_path, ["SAE Rheine"])["SAE Rheine"]
    station.write([Draft("incident", {"type": "Deichschaden", "text": LONG, "status": "offen"})])
    yield station
    station.close()


def test_every_reading_command_speaks_json() -> None:
    """Whatever lists or shows something takes ``--json``."""
    reading = {path for path in walk(cli) if path[-1] in READING} - PICTURES

    assert len(reading) > 30
    assert {path for path in reading if "--json" not in options(path)} == set()


STAYING = {
    ("start",), ("tui",), ("wand",), ("knoten", "starten"), ("infopunkt", "starten"),
    ("portal", "starten"), ("uebung", "mitspielen"), ("aushang", "fuehren"), ("portal", "fuehren"),
}  # fmt: skip
"""Run until they are stopped, or take the screen: what they do is told by ``status --json``."""


def test_every_command_speaks_json() -> None:
    """What does something takes ``--json`` as well; only what stays has no result."""
    assert {path for path in walk(cli) if "--json" not in options(path)} == STAYING


def test_what_was_written_is_told_as_json(town: Station) -> None:
    """A command that writes says which entry it wrote, and its sentence, in one document."""
    told = run(town, "tagebuch", "eintragen", "Deich hält", "--json")

    assert told.exit_code == 0
    found = json.loads(told.stdout)
    (entry,) = found["eintraege"]
    assert entry == f"{town.network_keys.author}:2"
    assert found["gesagt"]
    shown = json.loads(run(town, "tagebuch", "liste", "--json").stdout)
    assert entry in {row["id"] for row in shown}


def test_a_setting_is_told_as_json(town: Station) -> None:
    """So do commands that write no entry; the next one speaks German again."""
    told = json.loads(run(town, "netz", "einschalten", "--auf", "127.0.0.1:7000", "--json").stdout)

    assert told["eintraege"] == []
    assert "127.0.0.1:7000" in told["gesagt"][0]
    assert run(town, "netz", "ausschalten").stdout.startswith("Ausgeschaltet")


def test_members_of_a_county_as_json(town: Station) -> None:
    """``lage kreis zeigen --json`` names network, fingerprint and members."""
    shown = json.loads(run(town, "kreis", "zeigen", "--json").stdout)

    assert shown["uebung"] is False
    assert shown["mitglieder"] == [
        {"nummer": 1, "kuerzel": "RHE", "name": "SAE Rheine", "rolle": "sae", "aktiv": True}
    ]


@pytest.mark.parametrize(
    "arguments", [("vorfall", "zeigen", "1"), ("vorfall", "liste"), ("status",)]
)
def test_text_fits_eighty_columns(town: Station, arguments: tuple[str, ...]) -> None:
    """Where there is no terminal every line has 80 columns at most, and no word is lost."""
    shown = run(town, *arguments).stdout

    assert max(map(len, shown.splitlines())) <= WIDTH_IN_PIPES
    if arguments[-1] == "1":
        assert " ".join(LONG.split()) in " ".join(shown.split())


def test_reader_that_has_enough_is_no_failure(town: Station) -> None:
    """When the other end of the pipe closes early (head, less) the exit code is 0, in silence."""
    process = subprocess.Popen(
        [sys.executable, "-m", "lage", "--daten", str(town.folder), "vorfall", "liste"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()

    assert process.stderr.read() == b""
    assert process.wait(60) == 0
    process.stderr.close()


def test_exercise_is_told_by_every_command(tmp_path: Path) -> None:
    """On an exercise's folder each command says so, beside the data, never within."""
    station = make_county(tmp_path, ["SAE Rheine"], exercise=True)["SAE Rheine"]
    result = run(station, "tagebuch", "liste", "--json")
    station.close()

    assert result.stderr.strip() == EXERCISE_MARK
    assert json.loads(result.stdout) == []


@pytest.mark.parametrize(
    "arguments",
    [
        ["demo", "--headless", "--preset", "quatsch"],
        ["demo", "--headless", "--verlust", "2"],
        ["demo", "--headless", "--tempo", "0"],
        ["funk", "status", "--radio", "quatsch"],
        ["funk", "simulieren", "--knoten", "0"],
        ["nachricht", "quatsch"],
        ["tagebuch", "liste", "-n", "viele"],
    ],
)
def test_wrong_use_ends_with_two(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """What was typed wrongly is exit code 2 and a sentence, before anything is started."""
    code = main_guard(lambda: cli.main(arguments, prog_name="lage", standalone_mode=False))

    assert code == 2
    assert "Fehler: " in capsys.readouterr().err


def test_operating_system_speaks_german() -> None:
    """The common complaints of the operating system have German words of ours."""
    for number in (errno.ENOENT, errno.EACCES, errno.ENOSPC, errno.EROFS, errno.EADDRINUSE):
        error = OSError(number, "English words")
        assert "English" not in why(error)
    assert why(UnicodeDecodeError("utf8", b"\xff", 0, 1, "x")) == "kein Text in UTF-8"
