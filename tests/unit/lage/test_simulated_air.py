# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The air of an exercise: who has a radio in it, and who falls silent."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from lage.exercise.air import cut_off
from lage.exercise.direction.simulated_air import SILENT_FILE, SITES_FILE, SimulatedAir
from lage.exercise.script.model import Cast, Script, Site
from lage.exercise.sites import read_sites

STAFFS = (Cast("SAE Rheine", "sae"), Cast("SAE Greven", "sae", site=Site("g", 405e3, 5772e3, 12)))
RELAYS = (Site("Tecklenburg", 418_843.0, 5_786_061.0, 40),)


def test_a_relay_of_the_script_stands_in_the_air_and_falls_silent_there(tmp_path: Path) -> None:
    """Named by itself or with all; a staff's radio is another thing, and a laptop takes its radio
    along. Without relays all hear each other, wherever they stand."""
    script = Script("Probe", 0, STAFFS, (), relays=RELAYS)
    air = SimulatedAir(tmp_path, STAFFS, script)
    sites = read_sites(tmp_path / SITES_FILE)
    assert [site.name for site in sites] == air.names == ["SAE Rheine", "SAE Greven", "Tecklenburg"]
    assert (sites[2].east_m, sites[1].height_m) == pytest.approx((418_843, 12), abs=2)
    assert "--orte" in air.options
    cuts = {
        (("Tecklenburg", "Relais"),): {3},
        (("", "Relais"), ("SAE Greven", "Laptop")): {2, 3},
        (("SAE Rheine", "Strom"), ("SAE Rheine", "Broker")): set(),
        (("", "Funk"),): {1, 2},
    }
    for cut, silent in cuts.items():
        air.cut_off(set(cut))
        assert cut_off(tmp_path / SILENT_FILE) == silent
        assert json.loads((tmp_path / SILENT_FILE).read_text()) == sorted(silent)
    flat = SimulatedAir(tmp_path, STAFFS, replace(script, relays=()))
    assert flat.options[:2] == ["--knoten", "2"]
