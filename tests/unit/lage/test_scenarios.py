# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The scenarios that are shipped: sound, complete, in real places, and worth playing."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from lage.exercise.scenarios import SCENARIOS, scenario, script_file
from lage.exercise.script.model import (
    At,
    Broken,
    Falsehood,
    Inject,
    Manned,
    Script,
    State,
    Way,
)
from lage.exercise.script.read import built_in, read_script
from lage.store.ground import Ground
from maps.geo.places import parse_position
from maps.geo.projection import GridPoint, from_grid
from maps.read.towns import shipped_towns
from sync.schema.definition import Point

TOWNS = {town.name for town in shipped_towns()}


@cache
def script(name: str) -> Script:
    """A shipped scenario, read once."""
    return read_script(scenario(name))


def brought(name: str) -> list[Inject]:
    """What is brought to staffs; the rest is played where nobody sits."""
    found = script(name).injects
    return [i for i in found if not any(isinstance(guard.what, Manned) for guard in i.only_if)]


def words(inject: Inject) -> str:
    """What an inject says to people."""
    if inject.entry is not None:
        return inject.entry.fields.get("text", "")
    return inject.content.text  # type: ignore[union-attr]  # no entry: spoken


@pytest.mark.parametrize("path", [built_in(), *map(scenario, SCENARIOS)], ids=lambda p: p.stem)
def test_points_lie_in_the_municipality_that_speaks_of_them(path: Path) -> None:
    """Points and every corner of areas: of a town's staff in its town, unless the entry names
    another; of others in the county. Antennas of towns stand in their towns."""
    ground, wrong = Ground(None), []
    read = read_script(path)
    said = [(f"{inject.nr} {inject.staff}", inject.staff, inject.entry.fields)
            for inject in read.injects if inject.entry]  # fmt: skip
    sites = [(f"Antenne {m.name}", m.name, m.site) for m in read.cast if m.site]
    found = [
        (who, staff, fields.get("municipality"), parse_position(text).position)
        for who, staff, fields in said
        for text in ";".join(fields.get(name, "") for name in ("point", "outline")).split(";")
        if text.strip()
    ]
    found += [
        (who, staff, None, from_grid(GridPoint(s.east_m, s.north_m))) for who, staff, s in sites
    ]
    for who, staff, named, position in found:
        there = ground.at(Point(round(position.lat * 10_000), round(position.lon * 10_000)))
        town = staff.removeprefix("SAE ")
        if there is None or there != (named or (town if town in TOWNS else there)):
            wrong.append(f"{who}: {position} is in {there}")

    assert found
    assert wrong == []


def test_snow_takes_72_hours_and_every_town() -> None:
    """With 120 injects and more, all of which say what is expected and how it is judged."""
    snow, injects = script("schneechaos"), brought("schneechaos")

    assert snow.end == 72 * 60
    assert {member.name.removeprefix("SAE ") for member in snow.cast} >= TOWNS
    assert {name for inject in injects for name in inject.to} >= {f"SAE {town}" for town in TOWNS}
    assert len(injects) >= 120
    assert all(inject.expected and inject.hint for inject in injects)


@pytest.mark.parametrize("name", ["schneechaos", "emshochwasser"])
def test_a_scenario_has_all_that_a_night_brings(name: str) -> None:
    """Calls, faxes, runners and radio; what hangs on what was done; rumours and wrong reports;
    mains, radio, relays or laptops that fail; a choice of the direction; staffs that answer."""
    found, injects = script(name), brought(name)
    waits = {type(inject.when) for inject in injects}
    states = {i.when.condition.state for i in injects if not isinstance(i.when, At)}

    assert {inject.way for inject in injects} >= {Way.PHONE, Way.FAX, Way.RUNNER, Way.RADIO}
    assert len(waits) == 3
    assert State.MET in states
    assert {each.disturbance.sort for each in injects if each.disturbance} >= {
        Falsehood.RUMOUR,
        Falsehood.WRONG,
    }
    assert {outage.what for outage in found.outages} >= {Broken.MAINS, Broken.RELAY}
    assert len(found.branches[0].options) == 2
    assert all(member.answers for member in found.cast if member.role != "uebungsleitung")


def test_snow_breaks_every_means_of_the_staffs_themselves() -> None:
    """Mains, radio, relay and laptop."""
    broken = {outage.what for outage in script("schneechaos").outages}

    assert broken >= {Broken.MAINS, Broken.RADIO, Broken.RELAY, Broken.LAPTOP}


def test_the_wave_comes_down_the_ems() -> None:
    """Crests one after the other, ten to thirteen hours apart, between the right thresholds."""
    flood = script("emshochwasser")
    crests = {s.gauges[0]: max(s.points, key=lambda point: point[1]) for s in flood.series}
    (first, low), (second, mid), (third, high) = (
        crests[name] for name in ("Einen", "Greven", "Rheine Unterschleuse")
    )
    marks = {
        i.entry.fields["name"]: [int(i.entry.fields[f"info{n}"]) for n in (1, 2, 3)]
        for i in flood.injects
        if i.entry is not None and i.entry.kind == "gauge"
    }

    assert flood.end == 36 * 60
    assert 10 * 60 <= second - first <= 13 * 60
    assert 10 * 60 <= third - second <= 13 * 60
    for name, crest in zip(marks, (low, mid, high), strict=True):
        assert marks[name][1] < crest < marks[name][2]


@pytest.mark.parametrize("name", SCENARIOS)
def test_nothing_is_said_twice_and_nobody_is_named(name: str) -> None:
    """No two injects share six words in a row, and people appear by what they do."""
    seen: dict[tuple[str, ...], str] = {}
    for inject in brought(name):
        said = words(inject)
        assert not re.search(r"\b(Herrn?|Frau) [A-ZÄÖÜ][a-zäöü]+", said), said
        spoken = re.findall(r"\w+", said)
        for at in range(len(spoken) - 5):
            run = tuple(spoken[at : at + 6])
            assert seen.setdefault(run, inject.nr) == inject.nr, (inject.nr, seen[run], run)


def test_a_shipped_name_means_its_file_unless_there_is_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So a trainer's own file of that name is taken."""
    monkeypatch.chdir(tmp_path)
    assert script_file("schneechaos") == scenario("schneechaos")
    (tmp_path / "schneechaos").touch()

    assert script_file("schneechaos") == Path("schneechaos")
