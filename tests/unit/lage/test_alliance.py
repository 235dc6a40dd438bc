# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Following another county: whose entries, which ones, and that they never touch ours."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from lage.cli import cli
from lage.county import alliances, membership
from lage.county.card import read_card
from lage.kinds import allied
from lage.kinds.model import Draft, Query
from lage.kinds.schema import SCHEMA
from lage.language.errors import KeysError, UsageError
from lage.station import Station
from lage.store import keys
from lage.views.delivery import delivery
from sync.codec import versions as codec
from sync.feed import chain as feed
from sync.feed.records import Alliance
from sync.feed.roster import read_roster
from sync.schema.definition import EntityId, SetChange
from sync.schema.op import Operation
from tests.fixtures import FixedClock, make_county

WORD = "rote Ampel 7"
BLOCK = Alliance(100, 10, b"r" * 32, b"n" * 16, "Kreis Borken")


def translated(operation: Operation, author: int = 7, block: Alliance = BLOCK) -> Operation:
    """What that member of the allied county wrote, in our numbers."""
    data = codec.encode(operation, SCHEMA, author, 5)
    return allied.read(data, block.first + author, 5, [block])


def test_every_number_moves_into_the_block() -> None:
    """Entities, references and members of the other county are never ours."""
    about, other = EntityId(3, 17), EntityId(1, 2)
    task = translated(Operation(1000, "task", {"text": "x", "to": (1, 3), "origin": other}))
    assert task.changes["to"] == (101, 103)
    assert task.changes["origin"] == EntityId(101, 2)
    changed = translated(
        Operation(1000, "incident", {"responsible": 2, "merged_into": None, "affected": 9}, about)
    )
    assert changed.entity == EntityId(103, 17)
    assert changed.changes == {"responsible": 102, "merged_into": None, "affected": 9}
    members = SetChange((1,), ((EntityId(2, 4), 3),))
    group = translated(Operation(1000, "group", {"members": members}, about))
    assert group.changes["members"] == SetChange((101,), ((EntityId(102, 4), 103),))


def test_what_is_for_all_of_them_is_not_for_us() -> None:
    """A message to all staffs there is addressed to that county."""
    message = translated(Operation(1000, "message", {"text": "x", "priority": "blitz"}))
    assert message.changes["to"] == (BLOCK.first,)


def test_numbers_beyond_the_block_are_nobody() -> None:
    """Their member 12 would be another county's: the reference is dropped, the entry not shown."""
    far = EntityId(12, 1)
    changes = {"text": "x", "priority": "einfach", "to": (12, 1), "answers": far}
    message = translated(Operation(1000, "message", changes))
    assert "answers" not in message.changes
    assert message.changes["to"] == (101,)
    with pytest.raises(allied.NotFollowed):
        translated(Operation(1000, "incident", {"text": "x"}, far))


def test_only_the_kinds_that_were_chosen() -> None:
    """A kind that is not followed is kept, and not shown."""
    kinds = 1 << SCHEMA.by_name["incident"].number
    some = Alliance(100, 10, b"r" * 32, b"n" * 16, "Kreis Borken", kinds=kinds)
    incident = Operation(1000, "incident", {"type": "Brand", "status": "offen"})
    assert translated(incident, block=some).kind == "incident"
    with pytest.raises(allied.NotFollowed):
        translated(Operation(1000, "journal", {"text": "intern"}), block=some)


class Pair:
    """Two counties, a crisis staff and a town of each, all on one computer."""

    def __init__(self, folder: Path, clock: FixedClock) -> None:
        self.clock = clock
        self.folders: dict[str, Path] = {}
        for county in ("Steinfurt", "Borken"):
            home = self.folders[county] = folder / county
            membership.found_county(home, f"Kreis {county}", WORD)
            self._join(home, home, f"Krisenstab {county}", "krisenstab")
            self._join(home, folder / f"SAE {county}", f"SAE {county}", "sae")

    def _join(self, county: Path, folder: Path, name: str, role: str) -> None:
        asking = membership.request(folder, name)
        invitation = membership.admit(county, asking, role, WORD, clock=self.clock)
        membership.join(folder, invitation, clock=self.clock)

    def follow(self, county: str, other: str, kinds: Sequence[str] = ()) -> None:
        """One county follows the other's crisis staff."""
        card = read_card(alliances.county_card(self.folders[other]))
        roles = ["krisenstab"]
        alliances.ally(self.folders[county], card, roles, kinds, WORD, clock=self.clock)

    def open(self, county: str) -> Station:
        """Its crisis staff."""
        return Station.open(self.folders[county], clock=self.clock)

    def bridge(self) -> str:
        """Carry over once, as the command does."""
        one, other = (str(self.folders[county]) for county in ("Steinfurt", "Borken"))
        result = CliRunner().invoke(cli, ["--daten", one, "kreis", "bruecke", other, "--einmal"])
        assert result.exit_code == 0, (result.output, result.exception)
        return result.output


@pytest.fixture
def pair(tmp_path: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch) -> Pair:
    """Steinfurt and Borken, their keys under passphrases stretched less than in earnest."""
    monkeypatch.setattr(keys, "ARGON2ID", {"passes": 1, "lanes": 1, "kib": 8})
    return Pair(tmp_path, clock)


def test_bridge_between_two_counties(pair: Pair) -> None:
    """Each sees the other's incidents under its own labels; what is not followed or not addressed
    to us stays out of the way."""
    pair.follow("Steinfurt", "Borken", ["incident", "message"])
    pair.follow("Borken", "Steinfurt")
    ours, theirs = pair.open("Steinfurt"), pair.open("Borken")
    (there,) = theirs.write([Draft("incident", {"type": "Deichschaden", "status": "offen"})])
    theirs.write([Draft("incident", {"status": "erledigt"}, there)])
    blitz = {"text": "an alle", "priority": "blitz", "receipt_wanted": True}
    theirs.write([Draft("message", blitz), Draft("journal", {"text": "intern"})])
    ours.write([Draft("incident", {"type": "Brand", "status": "offen"})])

    assert "Kreis Borken → Kreis Steinfurt: 5 Einträge" in pair.bridge()

    records = ours.reader.select(Query("incident"))
    seen = {ours.directory.label(record): record.values["status"] for record in records}
    assert seen == {"KST-1": "offen", "BOR1-1": "erledigt"}
    assert ours.find("incident", "BOR1-1") == EntityId(977, 1)
    assert not ours.reader.select(Query("journal"))
    assert not ours.reader.register()
    (message,) = ours.reader.select(Query("message"))
    assert not delivery(message, ours.context()).open
    assert not ours.network().unreadable
    assert pair.bridge() == ""
    for station in (ours, theirs):
        checked = CliRunner().invoke(cli, ["--daten", str(station.folder), "pruefen"])
        assert "Alles in Ordnung." in checked.output
        station.close()


def test_nobody_changes_what_another_county_wrote(pair: Pair) -> None:
    """A staff of Borken that marks Steinfurt's incident as done says so in Borken only."""
    pair.follow("Steinfurt", "Borken")
    pair.follow("Borken", "Steinfurt")
    ours, theirs = pair.open("Steinfurt"), pair.open("Borken")
    ours.write([Draft("incident", {"type": "Brand", "status": "offen"})])
    theirs.write([Draft("incident", {"type": "Deichschaden", "status": "offen"})])
    pair.bridge()
    theirs.write([Draft("incident", {"status": "erledigt"}, theirs.find("incident", "STE1-1"))])
    pair.bridge()

    assert theirs.find_record("incident", "STE1-1").values["status"] == "erledigt"
    assert ours.find_record("incident", "KST-1").values["status"] == "offen"
    assert ours.find_record("incident", "BOR1-1").values["status"] == "offen"
    ours.close()
    theirs.close()


def test_only_the_chosen_roles_are_followed(pair: Pair) -> None:
    """Borken's town is not known in Steinfurt, and nothing can be sent to anybody in Borken."""
    pair.follow("Steinfurt", "Borken")
    ours = pair.open("Steinfurt")

    names = [staff.name for staff in ours.directory.foreign]
    assert names == ["Kreis Borken", "Krisenstab Borken (Kreis Borken)"]
    assert [staff.name for staff in ours.directory.others()] == ["SAE Steinfurt"]
    ours.close()


def test_refusals(pair: Pair, tmp_path: Path, clock: FixedClock) -> None:
    """No county twice, not our own, no exercise with reality, no changed card."""
    pair.follow("Steinfurt", "Borken")
    for other in ("Borken", "Steinfurt"):
        with pytest.raises(UsageError, match="schon in einem Netz"):
            pair.follow("Steinfurt", other)
    drill = tmp_path / "uebung"
    membership.found_county(drill, "Kreis Übung", WORD, exercise=True)
    card = read_card(alliances.county_card(drill, lambda: WORD))
    with pytest.raises(UsageError, match="Übung"):
        alliances.ally(pair.folders["Steinfurt"], card, (), (), WORD, clock=clock)
    whole = alliances.county_card(pair.folders["Steinfurt"])
    changed = read_card(whole)
    changed.feed0[0] = changed.feed0[0][0], bytes(64)
    with pytest.raises(KeysError, match="nicht echt"):
        alliances.ally(pair.folders["Borken"], changed, (), (), WORD, clock=clock)
    for text in ("LAGE-KREIS-1:!!", "LAGE-KREIS-1:AAAA", whole[5:]):
        with pytest.raises(KeysError):
            read_card(text)


def test_no_byte_of_a_card_can_be_changed(pair: Pair) -> None:
    """Name, exercise or reality, roster: the card is signed as a whole."""
    mark, _, coded = alliances.county_card(pair.folders["Steinfurt"]).partition(":")
    content = base64.b64decode(coded)
    for place in range(0, len(content), 7):
        changed = bytearray(content)
        changed[place] ^= 0x80
        with pytest.raises(KeysError):
            read_card(f"{mark}:{base64.b64encode(changed).decode()}")


def test_an_alliance_of_exercise_and_reality_is_void(pair: Pair) -> None:
    """Even signed by the root it changes nothing: the ids say what each of them is."""
    network = keys.load_network(pair.folders["Steinfurt"])
    drill = feed.network_id(bytes(16), exercise=True)
    record = Alliance(feed.AUTHOR_MAX - 47, 48, network.root_public, drill, "Kreis Übung").encode()

    roster = read_roster(network.network_id, network.root_public, [record])

    assert (roster.alliances, roster.ignored) == ((), 1)


def test_a_bridge_refuses_to_mix(pair: Pair, tmp_path: Path, clock: FixedClock) -> None:
    """The two folders of ``kreis bruecke`` are both exercise or both real."""
    drill = make_county(tmp_path / "u", ["SAE Rheine"], clock=clock, exercise=True)["SAE Rheine"]
    drill.close()
    real = str(pair.folders["Borken"])
    words = ["--daten", real, "kreis", "bruecke", str(drill.folder), "--einmal"]

    result = CliRunner().invoke(cli, words)

    assert isinstance(result.exception, UsageError)
    assert "mischen sich nicht" in str(result.exception)


@pytest.mark.parametrize("exercise", [True, False])
def test_a_flipped_word_in_the_folder_is_noticed(tmp_path: Path, exercise: bool) -> None:
    """``netz.json`` cannot turn an exercise into reality: the id would be another."""
    station = make_county(tmp_path, ["SAE Rheine"], exercise=exercise)["SAE Rheine"]
    station.close()
    path = station.folder / keys.NETWORK_FILE
    told = json.loads(path.read_text("utf8"))
    path.write_text(json.dumps({**told, "exercise": not exercise}), "utf8")

    with pytest.raises(KeysError, match="beschädigt"):
        keys.load_network(station.folder)


def test_by_the_command_line(pair: Pair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Card, alliance with roles and kinds, and what is then known of it."""
    monkeypatch.setenv("LAGE_KENNWORT", WORD)
    runner = CliRunner()

    def lage(county: str, *words: str) -> Result:
        folder = str(pair.folders[county])
        return runner.invoke(cli, ["--daten", folder, "kreis", *words])

    made = lage("Borken", "ausweis", "--nach", str(tmp_path))
    card = str(tmp_path / "kreis-borken.kreis")
    mark = made.output.splitlines()[-1].split(": ")[1]
    for words in (["--rollen", "koch"], ["--arten", "wetter"]):
        refused = lage("Steinfurt", "verbuenden", card, *words)
        assert "möglich: " in str(refused.exception)
    chosen = ["--rollen", "krisenstab, sae", "--arten", "vorfaelle"]
    assert mark in lage("Steinfurt", "verbuenden", card, *chosen).output

    shown = json.loads(lage("Steinfurt", "zeigen", "--json").output)["verbuendet"]
    assert [(staff["nummer"], staff["rolle"]) for staff in shown] == [
        (976, "kreis"),
        (977, "krisenstab"),
        (978, "sae"),
    ]
    assert "BOR2" in lage("Steinfurt", "zeigen").output
    alone = lage("Borken", "bruecke", str(tmp_path / "SAE Borken"), "--einmal")
    assert alone.exit_code == 0, alone.exception  # the same county: both are its members
