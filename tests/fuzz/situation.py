# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A node to which anything was sent, and everything that a staff may ask it then.

decode, store, fold, then every reading command, every report, what tends the node and what its
status says: whatever came, each answers, or refuses with a sentence of its own.
"""

from __future__ import annotations

import itertools
import random
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import click
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from lage.cli import cli
from lage.kinds.cards import CARDS
from lage.kinds.model import Query
from lage.kinds.schema import SCHEMA
from lage.language.errors import LageError
from lage.station import Station
from lage.views.overview import overview
from lage.volunteers.envelope import tend
from sync.feed import chain as feed
from sync.schema.definition import Choice
from tests.fixtures import FixedClock, make_county, seed
from tests.fuzz.grammar import Grammar

STAFFS = ("Krisenstab Steinfurt", "SAE Rheine", "SAE Greven")
OURS = STAFFS[1]

READING = {
    "status", "suche", "liste", "zeigen", "eingang", "ausgang", "auszug", "werte", "bewegungen",
    "suchen", "kategorien", "pruefen", "person", "ungueltig", "verlauf",
}  # fmt: skip
ELSEWHERE = {("funk", "suchen"), ("uebung", "pruefen"), ("dokument", "suchen"), ("karte", "liste")}
"""Reads, but nothing of the log."""
KINDS = {"nachricht": "message", "helfer": "helper"} | {
    card.command.name: kind for kind, card in CARDS.items() if card.command
}
SHOWN_MAX = 4
"""Entries of each kind that are shown one by one."""


class Failed(Exception):
    """A question that was not answered; the command and the world stand in the message."""


def poisoned(folder: Path, rng: random.Random, operations: int) -> Station:
    """SAE Rheine after so many operations of all three staffs arrived."""
    station = make_county(folder, STAFFS, clock=FixedClock())[OURS]
    grammar = Grammar(rng)
    numbers = dict.fromkeys(range(1, 1 + len(STAFFS)), 0)
    for _ in range(operations):
        author = rng.choice(sorted(numbers))
        numbers[author] += 1
        sign(station, author, grammar.operation(author, numbers[author]))
    station.store.log.quarantine(3, numbers[3] * 3 // 4)  # as after a revocation
    return station


def sign(station: Station, author: int, *operations: bytes) -> None:
    """Operations of a member arrive, with its true signature."""
    key = seed("Kreis Steinfurt", STAFFS[author - 1], "sign")
    network = station.network_keys.network_id
    origin = station.roster.members[author].origin
    signer = Ed25519PrivateKey.from_private_bytes(key)
    feed.append(station.store.log, signer, network, author, origin, operations)


def ask(station: Station, rng: random.Random) -> int:
    """Ask everything; how many questions. Raises Failed for the first without an answer."""
    asked = 0
    for arguments in (*questions(station, rng), *changes(station, rng)):
        asked += 1
        result = CliRunner().invoke(cli, ["--daten", str(station.folder), *arguments])
        refused = isinstance(result.exception, LageError | click.ClickException | SystemExit)
        if result.exception is not None and not refused:
            raise Failed(f"lage {' '.join(arguments)}: {result.exception!r}") from result.exception
    for question in (tend, lambda s: overview(s.context()), Station.network, Station.radio):
        asked += 1
        try:
            question(station)
        except LageError:
            continue
        except Exception as error:
            raise Failed(f"{question}: {error!r}") from error
    return asked


def questions(station: Station, rng: random.Random) -> Iterator[tuple[str, ...]]:
    """Every reading command and report, with arguments that exist in this log."""
    out = station.folder / "aus"
    for path, command in walk(cli):
        if path[-1] not in READING or path in ELSEWHERE:
            continue
        machine = ("--json",) if any("--json" in p.opts for p in command.params) else ()
        for arguments in _arguments(path, station, rng):
            yield (*path, *arguments)
            yield (*path, *machine, *arguments)
    yield "suche", "Pegel"
    yield "karte", "zeigen", "--breite", "60", "--hoehe", "20"
    yield "bericht", "lagemeldung", "--pdf", f"{out}.pdf"
    yield "bericht", "lagemeldung", "--funk"
    yield "bericht", "lagemeldung", "--json"
    yield "bericht", "tagebuch", f"{out}.tagebuch.pdf"
    yield "bericht", "entwurf", f"{out}.{rng.random()}.txt"
    for kind in _choices(("bericht", "daten"), "art"):
        yield "bericht", "daten", kind, f"{out}.{kind}.csv"
        yield "bericht", "daten", kind, f"{out}.{kind}.json"
        yield "bericht", "daten", kind, f"{out}.{kind}.geojson"
    for label in _labels("message", station, rng):
        yield "bericht", "nachricht", label, f"{out}.{label}.pdf"
    for label in _labels("incident", station, rng):
        yield "bericht", "cap", label, f"{out}.{label}.xml", "--titel", "x"


def changes(station: Station, rng: random.Random) -> Iterator[tuple[str, ...]]:
    """What a staff may do to what it was sent: each is done, or refused with a sentence."""
    for group, kind in KINDS.items():
        for label in _labels(kind, station, rng)[:2]:
            status = SCHEMA.by_name[kind].by_name.get("status")
            if status is not None and isinstance(status.type, Choice):
                yield group, "aendern", "--status", status.type.values[-1], *label.split("\n", 1)
    messages, incidents = (_labels(kind, station, rng) for kind in ("message", "incident"))
    for label in messages:
        yield "nachricht", "quittieren", label, "--name", "Kro"
        yield "nachricht", "antworten", label, "verstanden"
        yield "nachricht", "verteilen", label, "--an", "S3"
    for one, other in itertools.pairwise(incidents):
        yield "vorfall", "zusammenfuehren", one, other
        yield "vorfall", "trennen", one
    for label in _labels("journal", station, rng):
        yield "tagebuch", "berichtigen", label, "so nicht"
    for label in _labels("helper", station, rng):
        yield "helfer", "zuweisen", label, "--an", "GRE"
        yield "helfer", "entlassen", label
        yield "helfer", "loeschen", label, "--ja"
    yield "schicht", "uebergeben", "--von", "Kro", "--an", "Mey", "--probe"
    yield "pegel", "melden", "Greven", "451"
    yield "material", "buchen", "Decken", "5", "--ort", "Laer"


def _arguments(
    path: tuple[str, ...], station: Station, rng: random.Random
) -> Iterator[tuple[str, ...]]:
    match path:
        case ("pegel", "zeigen"):
            for gauge in station.reader.used("reading", "gauge")[:SHOWN_MAX]:
                yield ("--", gauge)
        case ("versorgung", "verlauf"):
            for town in station.reader.used("supply_state", "municipality")[:SHOWN_MAX]:
                yield ("--", town)
        case (group, "zeigen" | "person") if group in KINDS:
            yield from (
                tuple(label.split("\n", 1)) for label in _labels(KINDS[group], station, rng)
            )
        case ("karte", "zeigen"):
            return
        case _:
            yield ()


def _choices(path: tuple[str, ...], name: str) -> list[str]:
    command = dict(walk(cli))[path]
    (kind,) = (param.type for param in command.params if param.name == name)
    assert isinstance(kind, click.Choice)
    return [str(choice) for choice in kind.choices]


def _labels(kind: str, station: Station, rng: random.Random) -> list[str]:
    found = station.reader.select(Query(kind, limit=200))
    chosen = rng.sample(found, min(SHOWN_MAX, len(found)))
    if CARDS[kind].letter is None:
        return [f"--\n{record.text(CARDS[kind].called)}" for record in chosen]
    return [station.directory.label(record) for record in chosen]


def walk(
    command: click.Command, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """All commands that do something."""
    if not isinstance(command, click.Group):
        yield path, command
        return
    context = click.Context(command)
    for name in command.list_commands(context):
        part = command.get_command(context, name)
        assert part is not None
        yield from walk(part, (*path, name))


def run(
    folder: Path, worlds: int, seed_: int, operations: int, seconds: float | None = None
) -> int:
    """So many worlds, or for so long; how many questions were answered. Raises Failed."""
    until = None if seconds is None else time.monotonic() + seconds
    done = asked = 0
    while done < worlds if until is None else time.monotonic() < until:
        rng = random.Random(f"situation {seed_} {done}")
        place = folder / str(done)
        station = poisoned(place, rng, operations)
        try:
            asked += ask(station, rng)
        except Failed as error:
            raise Failed(f"world {done} of seed {seed_}: {error}") from error
        finally:
            station.close()
            shutil.rmtree(place)
        done += 1
    return asked
