# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The clock of an exercise at computers that its direction is not at."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from lage.exercise.direction.handing_over import hand_over
from lage.kinds.cards.exercise_clock import OVER, RUNS, STANDS
from lage.kinds.model import Query
from lage.language.epoch import from_unix, to_unix
from lage.language.errors import NotAllowed
from lage.language.tactical import parse_time
from lage.node.loop import Loop
from lage.station import Station
from lage.store.lives import LIVES, Life
from lage.store.timebase import CLOCK_FILE, read_timebase
from lage.views.clocks import clock_doubts
from lage.views.exercise_clock import KIND, ToldClock, clock_words, told_clock
from lage.write import rights
from tests.fixtures import make_county

BEGIN = parse_time("25.11.2027 06:00", 0)


@pytest.fixture
def staffs(tmp_path: Path) -> Iterator[list[Station]]:
    """Rheine, the direction, and an observer with the same role, on the computer's clock."""
    names = ["SAE Rheine", "Uebungsleitung", "Beobachtung der Uebungsleitung"]
    made = make_county(tmp_path, names, exercise=True)
    for station in made.values():
        station.close()
    found = [Station.open(station.folder) for station in made.values()]
    yield found
    for station in found:
        station.close()


def words(station: Station) -> str:
    """How the clock goes, as its screen says."""
    return clock_words(station.reader, station.directory, station.timebase)


def told(state: str, passed: int, tempo: int = 100) -> ToldClock:
    """The direction's word of this moment."""
    return ToldClock(state, BEGIN + passed, from_unix(time.time()), BEGIN, tempo)


def test_the_last_word_of_the_direction_moves_the_clock(staffs: list[Station]) -> None:
    """Nobody else's does, of the same role either; after a restart it stands where it stood, and
    what the node knew of the others' last sign of life has jumped along."""
    rheine, direction, observer = staffs
    began = time.time()
    heard = int(began) - 60
    rheine.keep(LIVES, {2: Life(told=heard, there=heard)})
    for other in (rheine, observer):
        with pytest.raises(NotAllowed, match="nur die Übungsleitung"):
            other.write([told(STANDS, 0).draft()])
    loop = Loop(rheine, None, random.Random(1))
    assert not rheine.timebase.own

    with pytest.MonkeyPatch.context() as patch:  # somebody whose program does not refuse
        patch.setattr(rights, "DIRECTION_ONLY", frozenset())
        observer.write([told(OVER, 5).draft()])
    direction.write([told(RUNS, 600, 50).draft()])
    direction.write([told(STANDS, 7200).draft()])
    for other in (observer, direction):
        hand_over(other, rheine)
    loop.turn()
    time.sleep(0.25)
    loop.turn()
    assert rheine.unix() == to_unix(BEGIN) + 7200
    assert words(rheine) == "Pause"
    assert clock_doubts(rheine.context()) == []  # what came before the jump was known is right
    assert rheine.timebase.line.pace == 1.0  # the radio and its airtime keep real time
    assert abs(loop._now() / 1000 - time.time()) < 5
    life = rheine.setting(LIVES)[2]
    assert 58 <= rheine.unix() - life.there <= 62 + time.time() - began
    loop.close()

    ran = time.time()
    direction.write([told(RUNS, 7200, 150).draft()])
    hand_over(direction, rheine)
    assert rheine.unix() == to_unix(BEGIN) + 7200  # a screen alone sets nothing
    loop = Loop(rheine, None, random.Random(1))
    loop.turn()
    loop.close()
    clock = read_timebase(rheine.folder, exercise=True)
    assert clock.line.speed == 1.5
    passed = clock.unix() - to_unix(BEGIN) - 7200
    assert 0 <= passed <= 1.5 * (time.time() - ran + 1)  # it began with a whole second
    with closing(Station.open(rheine.folder)) as again:
        assert words(again) == "Tempo 1,5×"
        last = told_clock(again.reader, again.directory)
        assert last is not None
        assert last.state == RUNS


def test_in_earnest_nobody_sets_a_clock(tmp_path: Path) -> None:
    """A staff with the role of a direction neither: not by its program, and not past it."""
    names = ["SAE Rheine", "Uebungsleitung"]
    rheine, direction = made = list(make_county(tmp_path, names).values())
    with pytest.raises(NotAllowed, match="nur die Übungsleitung"):
        direction.write([told(STANDS, 7200).draft()])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rights, "DIRECTION_ONLY", frozenset())
        direction.write([told(STANDS, 7200).draft()])
    hand_over(direction, rheine)
    loop = Loop(rheine, None, random.Random(1))
    loop.turn()
    loop.close()
    assert rheine.reader.count(Query(KIND)) == 1
    assert told_clock(rheine.reader, rheine.directory) is None
    assert not (rheine.folder / CLOCK_FILE).exists()
    assert words(rheine) == ""
    for station in made:
        station.close()
