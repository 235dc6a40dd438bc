# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Scripts played on a whole county in virtual time: a small one here, three days by ``-m long``."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import pytest

from lage.exercise.scenarios import scenario
from lage.exercise.script.model import Broken, Cast, Outage, Script, Site
from lage.exercise.script.power import exhausted
from lage.exercise.script.read import read_script
from lage.exercise.simulation.county import AirPlan
from lage.exercise.simulation.run import Order, simulate
from lage.language.errors import UsageError

SCRIPT = """
name: Probe
beginn: 24.11.2026 15:30
ende: X+01:00
stellen:
  - {name: Krisenstab Steinfurt, rolle: krisenstab}
  - name: SAE Rheine
    antworten:
      - {auf: {eintrag: auftrag, an: SAE Rheine}, nach: 2 min, aendern: {Status: angenommen}}
  - name: SAE Greven
    antworten:
      - {auf: {eintrag: nachricht, an: SAE Greven}, nach: 3 min, quittung: {Name: Sichter}}
relais:
  - {name: Buchenberg, koordinate: "52.1480, 7.3600", hoehe: 80}
  - {name: Stadtberg, koordinate: "52.2650, 7.4550", hoehe: 60}
ausfaelle:
  - {was: Laptop, wen: [SAE Greven], von: X+10, bis: X+30}
  - {was: Relais, wen: [Buchenberg], von: X+40, bis: X+45}
ablauf:
  - {nr: 1, zeit: X+02, von: Anwohner, an: SAE Rheine, weg: Telefon, inhalt: Keller voll,
     erwartet: ein Vorfall, erfuellt: [{eintrag: vorfall, von: SAE Rheine, binnen: 10 min}]}
  - {nr: 1a, zeit: 3 min nachdem 1 eingespielt ist, von: SAE Rheine,
     nur_wenn: SAE Rheine unbesetzt, vorfall: {Art: Überflutung, Lage: Keller voll}}
  - {nr: 2, zeit: 2 min nachdem 1 erfüllt ist, von: Krisenstab Steinfurt,
     auftrag: {An: SAE Rheine, Auftrag: Keller auspumpen}}
  - {nr: 3, zeit: X+12, von: Krisenstab Steinfurt,
     nachricht: {An: SAE Greven, Vorrang: sofort, Inhalt: Pumpen nach Rheine}}
  - {nr: 4, zeit: 1 min nachdem 3 quittiert ist, von: SAE Greven,
     tagebuch: {Inhalt: Pumpen verladen}}
  - {nr: 5, zeit: wenn bis X+35 2 nicht erledigt ist, von: SAE Rheine, nur_wenn: 2 eingespielt,
     aendern: {auftrag: 2, Status: erledigt}}
  - {nr: 6, zeit: wenn bis X+20 2 nicht angenommen ist, von: SAE Rheine,
     tagebuch: {Inhalt: nie}}
"""


def script(tmp_path: Path) -> Script:
    """Three staffs, one hour."""
    path = tmp_path / "probe.yaml"
    path.write_text(SCRIPT, "utf8")
    return read_script(path)


def entry(found: Any, nr: str) -> Any:
    """What became of an inject."""
    return next(each for each in found["wer_wusste_was_wann"] if each["einlage"] == nr)


def test_a_county_plays_its_script_and_all_agree(tmp_path: Path) -> None:
    """Conditions, answers and outages take their course; what a laptop missed while it was off it
    has soon after; nobody is told anything before it was written."""
    found = simulate(Order(script(tmp_path)))

    assert found["gleich"]
    assert found["abgelehnt"] == {}
    assert (found["erfuellt"], found["mit_pruefung"]) == (1, 1)
    assert 7 <= entry(found, "2")["minute"] <= 9  # the check was met at minute 5
    greven = entry(found, "3")["bei"]["SAE Greven"]
    assert 30 <= greven <= 33  # it is heard by a relay only, and asks over it at once
    assert entry(found, "3")["bei"]["SAE Rheine"] < 14
    assert entry(found, "4")["minute"] > greven + 3  # it was confirmed, and that was heard of
    assert {each["einlage"] for each in found["wer_wusste_was_wann"]} >= {"1a", "2", "3", "4", "5"}
    assert "6" not in {each["einlage"] for each in found["wer_wusste_was_wann"]}
    for each in found["wer_wusste_was_wann"]:
        assert min(each["bei"].values()) == each["bei"][each["von"]] == each["minute"]
    assert all(each["fehlen"] == 0 for each in found["stellen_stand"])
    assert 0 < max(each["sendezeit_hoechste_stunde"] for each in found["stellen_stand"]) < 0.1


def test_who_lacks_what_in_the_end_and_why(tmp_path: Path) -> None:
    """Without mains a staff lives by its battery, then it is off; a relay too. What nobody mends
    is the reason that is given, and what could not be written is named."""
    dark = SCRIPT.replace("  - name: SAE Greven\n", "  - name: SAE Greven\n    akku: 20 min\n")
    mains = "  - {was: Strom, wen: [SAE Greven, Stadtberg], von: X+10}\n"
    laptop = "  - {was: Laptop, wen: [SAE Greven], von: X+10, bis: X+30}\n"
    dark = dark.replace(f"ausfaelle:\n{laptop}", f"ausfaelle:\n{mains}")
    dark = dark.replace("hoehe: 60", "hoehe: 60, akku: 45 min")
    late = "  - {nr: 7, zeit: X+50, von: SAE Greven, tagebuch: {Inhalt: zu spät}}\n"
    path = tmp_path / "dunkel.yaml"
    path.write_text(dark + late, "utf8")

    found = simulate(Order(read_script(path)))

    assert not found["gleich"]
    (greven,) = found["warum_nicht"]
    assert greven["stelle"] == "SAE Greven"
    assert greven["warum"] == "Laptop aus seit X+00:30 (Akku leer), bis zum Ende nicht behoben"
    assert set(greven["fehlt_von"]) == {"SAE Rheine"}  # number 5, after its battery was empty
    assert found["nicht_geschrieben"] == {"7": "SAE Greven ist aus"}
    assert entry(found, "3")["bei"]["SAE Greven"] < 20


def test_batteries() -> None:
    """Drained without mains, charged twice as fast with them; what the script says itself is not
    said again."""
    mains = Outage(Broken.MAINS, ("A", "Berg"), 60, 180), Outage(Broken.MAINS, (), 210, 300)
    laptop = Outage(Broken.LAPTOP, ("A",), 150, 170)
    berg = Site("Berg", 0, 0, 9, battery=100)
    script = Script("x", 0, (Cast("A", "sae", battery=60), Cast("B", "sae")), (),
                    outages=(*mains, laptop), relays=(berg,))  # fmt: skip
    found = [(o.what, o.whom[0], o.start, o.end) for o in exhausted(script)]
    assert found == [
        (Broken.LAPTOP, "A", 120, 150),
        (Broken.LAPTOP, "A", 170, 180),
        (Broken.LAPTOP, "A", 270, 300),
        (Broken.RADIO, "A", 120, 180),
        (Broken.RADIO, "A", 270, 300),
        (Broken.RELAY, "Berg", 160, 180),
        (Broken.RELAY, "Berg", 270, 300),
    ]


def test_the_same_seed_gives_the_same_to_the_last_figure(tmp_path: Path) -> None:
    """In another process with other hashes, too; another seed gives another day."""
    order = Order(script(tmp_path), staffs=5, until=20, air=AirPlan(loss=0.2))
    code = (
        "import json, sys; from pathlib import Path;"
        "from lage.exercise.script.read import read_script;"
        "from lage.exercise.simulation.county import AirPlan;"
        "from lage.exercise.simulation.run import Order, simulate;"
        "script = read_script(Path(sys.argv[1]));"
        "order = Order(script, staffs=5, until=20, air=AirPlan(loss=0.2));"
        "print(json.dumps(simulate(order)))"
    )

    here = simulate(order)
    there = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "probe.yaml")],
        capture_output=True,
        check=True,
        env={**os.environ, "PYTHONHASHSEED": "7"},
    )

    assert json.loads(there.stdout) == json.loads(json.dumps(here))
    other = simulate(Order(order.script, 5, 20, 2, order.air))
    assert other["sendezeit_s"] != here["sendezeit_s"]


def test_a_simulation_that_is_broken_off_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl+C comes out as it went in, and the folder is gone."""
    found = script(tmp_path)
    place = tmp_path / "tmp"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    seen = []

    def tell(done: int, _: int) -> None:
        seen.append(list(place.iterdir()))
        if done >= 15:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        simulate(Order(found), tell)

    assert seen[0]
    assert list(place.iterdir()) == []


@pytest.mark.parametrize(
    ("staffs", "why"), [(2, "weniger Knoten geht nicht"), (26, "mehr Knoten gibt es nicht")]
)
def test_a_county_has_neither_fewer_nor_more_staffs(tmp_path: Path, staffs: int, why: str) -> None:
    """Than the script names, and than there are."""
    with pytest.raises(UsageError, match=why):
        simulate(Order(script(tmp_path), staffs))


@pytest.mark.long
def test_three_days_of_snow_take_less_than_five_minutes() -> None:
    """Of one processor: 25 staffs, 72 hours, and all agree in the end."""
    started = time.process_time()

    found = simulate(Order(read_script(scenario("schneechaos")), 25))

    assert found["gleich"]
    assert found["abgelehnt"] == {}
    assert found["erfuellt"] == found["mit_pruefung"]
    assert time.process_time() - started < 300
