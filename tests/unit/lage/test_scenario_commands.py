# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""``lage uebung szenarien``, and the guard by which scripts play staffs without people."""

from __future__ import annotations

from pathlib import Path

import pytest

from lage.exercise.direction import events as e
from lage.exercise.direction.conductor import Conductor
from lage.exercise.scenarios import scenario
from lage.exercise.script.conditions import guard_sentence
from lage.exercise.script.faults import ScriptRefused
from lage.exercise.script.model import Guard, Manned
from lage.exercise.script.read import read_script
from tests.unit.lage.conftest import Terminal


def test_a_scenario_is_copied_to_be_changed_and_never_over_something(
    lage: Terminal, tmp_path: Path
) -> None:
    """Byte for byte; a file that is there stays, and a name that there is not is refused."""
    own = tmp_path / "unsere.yaml"

    told = lage.json("uebung", "szenarien", "erste-schritte", "--nach", str(own))

    assert own.read_bytes() == scenario("erste-schritte").read_bytes()
    assert [each["dauer_min"] for each in told] == [45]
    assert "gibt es schon" in str(
        lage.refusal("uebung", "szenarien", "erste-schritte", "--nach", str(own))
    )
    assert "schneechaos" in str(lage.refusal("uebung", "szenarien", "schneechoas"))


SCRIPT = """
name: Probe
beginn: 24.11.2026 15:30
stellen: [{name: SAE Rheine}, {name: SAE Greven}]
ablauf:
  - {nr: 1, zeit: X+00, an: SAE Rheine, weg: Telefon, inhalt: Keller voll}
  - {nr: 1a, zeit: 5 min nachdem 1 eingespielt ist, von: SAE Rheine, nur_wenn: SAE Rheine unbesetzt,
     vorfall: {Art: Überflutung, Lage: Keller voll}}
  - {nr: 1b, zeit: 9 min nachdem 1 eingespielt ist, von: SAE WER, nur_wenn: [GUARDS],
     aendern: {vorfall: 1a, Status: in Arbeit}}
"""


def script_of(tmp_path: Path, who: str, guards: str) -> Path:
    """That script with those last words."""
    path = tmp_path / "probe.yaml"
    path.write_text(SCRIPT.replace("WER", who).replace("GUARDS", guards), "utf8")
    return path


def test_what_an_empty_chair_does_may_build_on_what_it_did(tmp_path: Path) -> None:
    """Under the same guard; the words lead back to it."""
    guard = Guard(Manned("SAE Rheine"), holds=False)

    found = read_script(script_of(tmp_path, "Rheine", "SAE Rheine unbesetzt"))

    assert found.injects[2].only_if == (guard,)
    assert guard_sentence(guard) == "SAE Rheine unbesetzt"


@pytest.mark.parametrize(("manning", "comes"), [("gespielt", True), ("besetzt", False)])
def test_where_people_sit_the_conductor_leaves_out_what_an_empty_chair_does(
    tmp_path: Path, manning: str, *, comes: bool
) -> None:
    """It is passed over, and so is what builds on it; the call itself comes either way."""
    conductor = Conductor(read_script(script_of(tmp_path, "Rheine", "SAE Rheine unbesetzt")))
    said: list[e.Event] = [
        e.Begun("Probe", "", 0, 1, ("SAE Rheine", "SAE Greven"), (manning, "gespielt")),
        e.Stood(),
        e.Ran(),
    ]
    for minute in range(12):
        for event in [*said, e.Delivered("1", minute * 60)]:
            conductor.receive(conductor.state.seq + 1, minute * 60_000, event)
        said = conductor.advance(minute * 60_000)

    fired = {nr for nr in ("1", "1a", "1b") if conductor.state.doing(nr).fired_s is not None}
    assert fired == ({"1", "1a", "1b"} if comes else {"1"})


@pytest.mark.parametrize("guards", ["SAE Greven unbesetzt", "SAE Rheine besetzt", "SAE X besetzt"])
def test_nothing_builds_on_what_another_chair_may_never_have_done(
    tmp_path: Path, guards: str
) -> None:
    """Where Rheine is manned there is no such incident; a staff that is none is named."""
    with pytest.raises(ScriptRefused) as refused:
        read_script(script_of(tmp_path, "Rheine", guards))

    assert {fault.line for fault in refused.value.faults} <= {9, 10}


def test_a_simulation_says_what_came_of_it(lage: Terminal) -> None:
    """For people and for programs; what cannot be simulated is refused before it begins."""
    order = ("uebung", "simulieren", "erste-schritte", "--bis", "X+02", "--knoten", "4")

    found = lage.json(*order)
    said = lage(*order)

    assert found["gleich"]
    assert len(found["stellen_stand"]) == found["stellen"] == 5  # and the direction
    assert {each["einlage"] for each in found["wer_wusste_was_wann"]} == {"V1", "V2", "V3", "1"}
    assert "Alle Lagen gleich: nach " in said
    assert "SAE Greven" in said
    assert "XL" in str(lage.refusal(*order, "--preset", "XL"))
    assert "zwischen 0 und 1" in str(lage.refusal(*order, "--verlust", "1"))
