# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Entries are found by number, name or id, and a refusal names what would be understood."""

from __future__ import annotations

import re

import pytest

from lage.kinds.cards import CARDS
from lage.kinds.model import Draft
from lage.language.errors import NotFound, UsageError
from lage.station import Station
from lage.write import commands
from sync.schema.definition import EntityId
from tests.fixtures import share
from tests.samples import sample
from tests.unit.lage.conftest import Terminal

NAMED = [kind for kind, card in CARDS.items() if card.letter is None and card.called]


def _write(station: Station, kind: str, **values: str) -> EntityId:
    (entity,) = station.write([Draft(kind, {**sample(kind), **values})])
    return entity


@pytest.mark.parametrize("kind", NAMED)
def test_a_kind_without_numbers_is_found_by_name_and_id(kind: str, station: Station) -> None:
    """Whatever it is called by, and as ``--json`` has it."""
    entity = _write(station, kind)
    name = station.find_record(kind, f"{entity.author}:{entity.number}").text(CARDS[kind].called)

    for typed in (name, name.upper(), name[:4], f"{name} RHE", f" {name} "):
        assert station.find(kind, typed) == entity


def test_a_reason_may_be_anything(lage: Terminal, station: Station) -> None:
    """A task because of a shelter or an incident: in the form's words, or by its id."""
    lage("unterkunft", "melden", "Halle")
    lage("vorfall", "melden", "Keller", "--art", "Brand")
    hall, fire = station.find("shelter", "Halle"), station.find("incident", "RHE-1")
    given = {"Halle": hall, f"{hall.author}:{hall.number}": hall, "1": fire, "RHE-1": fire}
    for typed, wanted in given.items():
        values = {"text": "heizen", "origin": typed}
        (draft,) = commands.enter("task", values, station.parse_context())
        assert draft.changes["origin"] == wanted

    lage("auftrag", "erteilen", "lüften", "--anlass", "Halle")
    refused = lage.refusal("auftrag", "erteilen", "lüften", "--anlass", "Turm")
    assert "weder eine Nummer wie in der Liste (z. B. RHE-12) noch der Name" in str(refused)


def test_what_a_refusal_says_can_be_typed(lage: Terminal, station: Station) -> None:
    """Two of one staff with the same name, twice over, and one whose name only begins so."""
    for name in ("Zug1", "Zug1", "Zug12"):
        lage("kraefte", "melden", name, "--neu")
    refused = str(lage.refusal("kraefte", "aendern", "Zug1", "--ort", "Laer"))
    assert "ist nicht eindeutig, bitte so angeben: " in refused

    ids = [typed for typed in re.findall("„([^“]+)“", refused) if typed != "Zug1"]
    assert len(ids) == 2
    for typed, place in zip(ids, ("Laer", "Emsdetten"), strict=True):
        lage("kraefte", "aendern", typed, "--ort", place)
        assert lage.json("kraefte", "zeigen", typed)["place"] == place
    assert lage.json("kraefte", "zeigen", "Zug12")["name"] == "Zug12"


def test_the_same_name_in_two_staffs(county: list[Station], station: Station) -> None:
    """The code behind the name tells them apart, and the refusal says so."""
    ours, other = _write(station, "unit", name="Zug 1"), _write(station, "unit", name="Zug 2")
    theirs = _write(county[2], "unit", name="Zug 1")
    share(*county)
    with pytest.raises(UsageError, match=r"„Zug 1 (RHE“, „Zug 1 GRE|GRE“, „Zug 1 RHE)“"):
        station.find("unit", "Zug 1")
    assert [station.find("unit", f"zug 1 {code}") for code in ("RHE", "gre")] == [ours, theirs]
    with pytest.raises(UsageError, match="„Zug 2“"):
        station.find("unit", "Zug")
    assert station.find("unit", "Zug 2") == other


def test_an_id_is_of_the_kind_that_is_needed(lage: Terminal, station: Station) -> None:
    """Else it says what it is; one that is not here may come yet."""
    unit = _write(station, "unit")
    with pytest.raises(NotFound, match="ist „Einheit“, gebraucht wird „Notunterkunft“"):
        station.find("shelter", f"{unit.author}:{unit.number}")
    for absent in ("2:99", "99999:1", "2:0", "2:9999999999"):
        with pytest.raises(NotFound, match="noch nicht empfangen"):
            station.find("unit", absent)
    for nonsense in ("", "?", "2:", "RHE-99", "Zug 1 XYZ"):
        with pytest.raises(UsageError):
            station.find("unit", nonsense)
