# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Setting up an exercise that is conducted: its folder, its keys, and the first row of its journal.

The direction is a member of the exercise's network like every staff. All go by the exercise's own
clock, which stands at its beginning; at other computers its direction's word moves it.
"""

from __future__ import annotations

import json
import shutil
import socket
import time
from collections.abc import Callable, Collection, Mapping
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from lage.bearers.lan.address import EVERYWHERE
from lage.exercise.direction import events as e
from lage.exercise.direction.conductor import Conductor
from lage.exercise.direction.record import SCRIPT_FILE, digest_of
from lage.exercise.possible_air import check
from lage.exercise.script import model as m
from lage.exercise.script.dice import thrown
from lage.exercise.script.read import read_script
from lage.exercise.script.series import samples
from lage.exercise.stage import folder_name, set_stage
from lage.kinds.setting import LAN, RADIO_PRESET
from lage.language.epoch import to_unix
from lage.language.errors import NotFound, UsageError
from lage.language.folding import fold_text
from lage.station import Station
from lage.store.direction import DirectionJournal
from lage.store.keys import load_network, network_mark
from lage.store.timebase import Line, write_line

PLAN_FILE = "leitung.json"
FIRST_PORT, LAST_PORT = 4403, 9000
"""Meshtastic's own port, and those after it."""
SIMULATED = "simuliert"
"""In the place of a radio's address."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How it is carried out, kept beside the journal for every start."""

    radio: str = ""  # of the direction's node; empty without ``alone``: by cable
    port: int = 0  # first of the simulated radios, where other computers plug in; 0: any
    alone: bool = True  # every staff at this computer, over a simulated air
    preset: str = "LONG_FAST"
    loss: float = 0.0
    observers: tuple[str, ...] = ()  # members that only look on, at other computers

    @property
    def simulated(self) -> bool:
        """Whether the air is simulated, at this computer."""
        return self.alone or self.radio == SIMULATED


def set_up(
    folder: Path,
    file: Path,
    plan: Plan,
    *,
    here: Collection[str] = (),
    away: Collection[str] = (),
    seed: int | None = None,
    wall: Callable[[], float] = time.time,
) -> None:
    """Make the folder of an exercise. Raises LageError before anything is written."""
    script = with_direction(read_script(file))
    manning = _manning(script, here, away)
    if plan.simulated:
        count = len(script.cast) + len(plan.observers) + len(script.relays)
        check(count, preset=plan.preset, loss=plan.loss)
        plan = replace(plan, port=0 if plan.alone else _free_ports(count))
    if folder.exists() and any(folder.iterdir()):
        raise UsageError(f"Der Ordner {folder} ist nicht leer: bitte einen neuen angeben.")
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(file, folder / SCRIPT_FILE)
    (folder / PLAN_FILE).write_text(json.dumps(asdict(plan)), "utf8")
    stage = replace(script, cast=(*script.cast, *_onlookers(plan)))
    folders, _ = set_stage(folder, stage, 0.0, wall)
    for path in folders.values():
        if not plan.alone:
            write_line(path, Line(wall(), float(to_unix(script.begin)), 0.0, hurries=False))
        with closing(Station.open(path)) as station:
            station.keep(RADIO_PRESET, plan.preset)
            if not plan.simulated and not plan.radio:
                station.keep(LAN, {"listen": EVERYWHERE, "find": True})
    begun = e.Begun(
        script.name,
        digest_of(file),
        script.begin,
        script.seed if seed is None else seed,
        tuple(manning),
        tuple(each.value for each in manning.values()),
    )
    with closing(DirectionJournal(folder, create=True)) as journal:
        journal.append(0, [(round(wall() * 1000), *e.kept(begun))])


def opened(folder: Path, journal: DirectionJournal) -> Conductor:
    """The conductor of an exercise, as far as its journal goes. Raises LageError."""
    steps = journal.since(0)
    begun = e.read(steps[0].kind, steps[0].said) if steps else None
    if not isinstance(begun, e.Begun):
        raise UsageError(f"Der Ordner {folder} enthält keine vollständige Übung.")
    script = with_direction(read_script(folder / SCRIPT_FILE))
    script = thrown(replace(script, begin=begun.begin), begun.seed)
    conductor = Conductor(script, values(script))
    for step in steps:
        conductor.receive(step.seq, step.wall_ms, e.read(step.kind, step.said))
    return conductor


def values(script: m.Script) -> list[m.Inject]:
    """The measured values of a script's series, as injects."""
    found = sorted(
        (sample for series in script.series for sample in samples(series, script.seed)),
        key=lambda sample: (sample.minute, sample.gauge),
    )
    return [
        m.Inject(0, f"~{n}", m.At(each.minute), each.staff, each.entry, title="Messwert")
        for n, each in enumerate(found, 1)
    ]


def with_direction(script: m.Script) -> m.Script:
    """The script with its direction as the first member of the cast, who holds the keys."""
    name = script.direction
    others = tuple(member for member in script.cast if member.name != name)
    return replace(script, cast=(m.Cast(name, m.DIRECTION_ROLE), *others))


def mark_of(folder: Path) -> str:
    """By what the files of this exercise are known."""
    script = with_direction(read_script(folder / SCRIPT_FILE))
    return network_mark(load_network(folder / folder_name(script.direction)).network_id).hex()


def plan_of(folder: Path) -> Plan:
    """How an exercise is carried out; as usual where that is not readable."""
    try:
        kept = json.loads((folder / PLAN_FILE).read_text("utf8"))
        return Plan(
            str(kept["radio"]),
            int(kept["port"]),
            bool(kept["alone"]),
            str(kept["preset"]),
            float(kept["loss"]),
            tuple(map(str, kept["observers"])),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return Plan()


def on_air(conductor: Conductor, plan: Plan) -> list[m.Cast]:
    """Everybody who has a radio: who is at this computer, as ``stations_of``, then the others."""
    cast = conductor.script.cast
    far = [each for each in cast if conductor.state.manning(each.name) is e.Manning.AWAY]
    return [*(each for each in cast if each not in far), *far, *_onlookers(plan)]


def _onlookers(plan: Plan) -> tuple[m.Cast, ...]:
    return tuple(m.Cast(name, m.DIRECTION_ROLE) for name in plan.observers)


def stations_of(folder: Path, conductor: Conductor) -> dict[str, Path]:
    """Folders of direction and staffs at this computer."""
    here = [
        member.name
        for member in conductor.script.cast
        if conductor.state.manning(member.name) is not e.Manning.AWAY
    ]
    return {name: folder / folder_name(name) for name in here}


def _manning(
    script: m.Script, here: Collection[str], away: Collection[str]
) -> Mapping[str, e.Manning]:
    """Who sits where: by the script, unless somebody says otherwise."""
    said: dict[str, e.Manning] = {}
    for names, manning in ((here, e.Manning.HERE), (away, e.Manning.AWAY)):
        for typed in names:
            found = [m.name for m in script.cast[1:] if fold_text(typed) == fold_text(m.name)]
            if not found:
                known = ", ".join(member.name for member in script.cast[1:])
                raise NotFound(f"Die Stelle „{typed}“ spielt nicht mit; möglich: {known}.")
            said[found[0]] = manning
    manned = {m.name: e.Manning.HERE if m.manned else e.Manning.PLAYED for m in script.cast[1:]}
    return {name: said.get(name, manned[name]) for name in manned}


def _free_ports(count: int) -> int:
    """The first of so many ports that nobody has: other computers must find them again after a
    restart, so they stay. Raises UsageError."""
    for first in range(FIRST_PORT, LAST_PORT - count, count):
        if all(_is_free(port) for port in range(first, first + count)):
            return first
    raise UsageError("An diesem Rechner ist kein Port für die simulierten Funkgeräte frei.")


def _is_free(port: int) -> bool:
    try:
        with socket.create_server(("", port)):
            return True
    except OSError:
        return False
