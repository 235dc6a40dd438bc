# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which radios of a county need to relay, from what the product knows of where they stand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from hardware.radio_profile import ROLE, Difference
from lage.cli import cli
from lage.kinds.directory import Directory
from lage.language.errors import UsageError
from lage.language.settings import BRIEFLY
from lage.store.ground import Ground
from lage.store.hearing import Heard, Source
from lage.store.lives import Way
from lage.store.radios import RADIOS
from lage.store.verdict import Verdict
from lage.views.relay_plan import Antenna, By, RelayPlan, Stand, plan, stands
from lage.views.verdict import changes_of
from maps.geo.places import Position
from maps.read.towns import shipped_towns
from mesh.airtime import LONG_FAST
from mesh.nodes import MeshNode, Place
from tests.fixtures import make_county

NOW = 1_000_000.0
TOWERS = (
    "Name;Lage;Höhe;Relais\n"
    "Schafberg;52.300, 7.770;80;ja\n"
    "Tecklenburg-Turm;52.222, 7.812;80;ja\n"
    "Buchenberg;52.148, 7.360;80;ja\n"
    "Krisenstab;52.1497, 7.3405;;\n"
)


def test_half_of_a_county_need_not_relay(tmp_path: Path) -> None:
    """All staffs stand in their towns, three towers in a table; every radio keeps what it needs."""
    names = ["Krisenstab Kreis", *(f"SAE {town.name}" for town in shipped_towns())]
    for station in make_county(tmp_path, names).values():
        station.close()
    table = tmp_path / "antennen.csv"
    table.write_text(TOWERS, "utf8")
    call = ["--daten", str(tmp_path / "1"), "funk", "plan", "--tabelle", str(table)]
    told = json.loads(CliRunner().invoke(cli, [*call, "--json"], catch_exceptions=False).output)
    rows = {row["name"]: row for row in told["funkgeraete"]}
    assert (len(rows), told["weitergaben_bisher"]) == (28, 28)
    assert told["weitergaben_nach_plan"] == sum(row["leitet_weiter"] for row in rows.values()) <= 14
    assert {row["standort_aus"] for row in rows.values()} == {"Ortsmitte", "Tabelle"}
    assert rows["Krisenstab Kreis"]["standort_aus"] == "Tabelle"
    for row in rows.values():
        assert row["relais_in_reichweite"] >= min(4, row["nachbarn"]) > 0
    said = CliRunner().invoke(cli, call, catch_exceptions=False).output
    assert f"höchstens {told['weitergaben_nach_plan']} statt 28 Funkgeräte" in said
    assert "--weiterleiten nein" in said


def test_mute_radios_that_the_plan_needs_are_named(tmp_path: Path) -> None:
    """Whether it saves or not; of a staff without a place nothing is claimed."""
    stations = make_county(tmp_path, ["Krisenstab Kreis", "SAE Rheine", "SAE Neuenkirchen"])
    radios = tuple(MeshNode(n, heard=1, member=n, role="CLIENT_MUTE") for n in range(1, 4))
    stations["Krisenstab Kreis"].keep(RADIOS, radios)
    for station in stations.values():
        station.close()
    call = ["--daten", str(tmp_path / "1"), "funk", "plan", "--reserve", "0,5"]
    said = CliRunner().invoke(cli, call, catch_exceptions=False).output
    assert "müssen wieder weiterleiten: Krisenstab Kreis, SAE Rheine" in said
    assert "spart nichts" not in said
    assert "--weiterleiten ja" in said
    told = json.loads(CliRunner().invoke(cli, [*call, "--json"], catch_exceptions=False).output)
    staff = told["funkgeraete"][0]
    assert (staff["relais_in_reichweite"], staff["hoehe_angenommen"]) == (None, True)
    assert told["teile"] == [["SAE Rheine", "SAE Neuenkirchen"]]
    refused = CliRunner().invoke(cli, [*call[:-1], "nan"])
    assert (refused.exit_code, "nan ist keine Zahl" in refused.output) == (2, True)


def county(*names: str) -> Directory:
    """Staffs by number."""
    return Directory([(n, name, "sae", True) for n, name in enumerate(names, 1)], 1)


def test_a_radio_stands_where_a_table_says_else_itself_else_its_town() -> None:
    """And one that nobody can place, or that stands for others, relays."""
    radios = [
        MeshNode(0xA, member=2, place=Place(52.1, 7.5), role="CLIENT_MUTE"),
        MeshNode(0xB, member=3, place=Place(0.0, 0.0)),
        MeshNode(0xC, role="ROUTER", name="Turm", place=Place(52.2, 7.4)),
        MeshNode(0xD, name="Telefon", place=Place(52.2, 7.4)),
    ]
    table = [Antenna("Rheine", Position(52.3, 7.4), 25), Antenna("Neu", None, relay=True)]
    names = ("SAE Rheine", "SAE Greven", "SAE Emsdetten", "Stab Nord")
    placed = stands(county(*names), radios, 0xE, Ground(None), table)
    by_name = {stand.name: stand for stand in placed}
    assert {name: stand.by for name, stand in by_name.items()} == {
        "SAE Rheine": By.TABLE,
        "SAE Greven": By.RADIO,
        "SAE Emsdetten": By.TOWN,
        "Stab Nord": By.NOTHING,
        "Turm": By.RADIO,
        "Neu": By.NOTHING,
    }
    assert (by_name["SAE Rheine"].height_m, by_name["SAE Greven"].relays_now) == (25, False)
    found = plan(placed, [], NOW, LONG_FAST)
    relays = {row.stand.name for row in found.rows if row.relays}
    assert relays >= {"Stab Nord", "Turm", "Neu"}
    assert (found.before, found.after) == (5, len(relays))


def chain(heard: list[Heard]) -> RelayPlan:
    """Seven radios too far apart for any two, by what is reckoned."""
    placed = [Stand(f"S{n}", n, Position(52.0, 6.5 + n), By.TOWN) for n in range(1, 8)]
    return plan(placed, heard, NOW, LONG_FAST)


@pytest.mark.parametrize(
    ("at", "way", "counts"),
    [(NOW - 60, Way.RADIO, True), (NOW - 86_400, Way.RADIO, False), (NOW - 60, Way.CABLE, False)],
)
def test_who_was_lately_heard_both_ways_by_radio_is_in_reach(
    at: float, way: Way, counts: bool
) -> None:
    """Whatever is reckoned; one direction alone, long ago, or by cable says nothing."""
    assert [row.relays for row in chain([]).rows] == [True] * 7  # each is alone
    one = [Heard(a, b, way, int(at), Source.TOLD) for a in range(1, 8) for b in range(1, a)]
    assert [row.hears for row in chain(one).rows] == [0] * 7
    both = [*one, *(Heard(each.heard, each.hearer, way, each.at, each.source) for each in one)]
    found = chain(both)
    assert [row.hears for row in found.rows] == [6 if counts else 0] * 7
    assert found.after == (5 if counts else 7)


def test_who_stands_for_others_is_told_twice_that_it_shall_not_relay() -> None:
    """What changes is shown with the rest; a role that is wrong anyway changes once."""
    wrong = Difference(ROLE, "CLIENT", "TRACKER")
    for role, relays, wanted in (
        ("CLIENT", None, []),
        ("CLIENT", True, []),
        ("ROUTER", True, []),
        ("CLIENT", False, ["CLIENT_MUTE"]),
        ("CLIENT_MUTE", True, ["CLIENT"]),
    ):
        changes = changes_of(Verdict(role=role), relays)
        assert [each.wanted for each in changes] == wanted
    (change,) = changes_of(Verdict((wrong,), role="TRACKER"), False)
    assert (change.wanted, change.must, BRIEFLY[change.why]) == (
        "CLIENT_MUTE",
        False,
        "belegt die Luft",
    )
    with pytest.raises(UsageError, match="--auch-relais"):
        changes_of(Verdict(role="ROUTER"), False)
    assert changes_of(Verdict(role="ROUTER"), False, relay_too=True)
    with pytest.raises(UsageError, match="ab- und wieder anstecken"):
        changes_of(Verdict(), False)
