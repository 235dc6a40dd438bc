# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""``lage kreis schluesselwechsel``: who gets new keys, when they hold, how the radio follows."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner
from meshtastic.protobuf import admin_pb2

from lage.cli import cli
from lage.county import decrees, membership
from lage.county.decrees import Position
from lage.county.rekey import GRACE_S, Keyring, change_keys
from lage.kinds.setting import KEY_EPOCH
from lage.language.epoch import from_unix
from lage.language.errors import UsageError
from lage.node.keys import CHECK_MS, KeyTender
from lage.station import Station
from lage.store import keys
from mesh.virtual.admin import handle_admin
from mesh.virtual.settings import VirtualSettings
from sync.feed.log import VerifiedRun
from sync.feed.records import Reason
from sync.replica.engine import Engine

PASSPHRASE = "Deichgraf Emsdetten 49 Pumpen"
NOW = 1_800_000_000.0


def clock() -> float:
    """The same moment in every run."""
    return NOW


NAMES = ("SAE Rheine", "SAE Greven", "SAE Saerbeck")


class Place:
    """A county folder and nodes that joined it."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "kreis"
        self.nodes = {name: folder / name for name in NAMES}

    def join(self, folder: Path, name: str) -> Path:
        """One more node."""
        asked = membership.request(folder, name)
        invitation = membership.admit(self.root, asked, "sae", PASSPHRASE, clock=clock)
        membership.join(folder, invitation, clock=clock)
        return folder

    def carry(self, folder: Path) -> None:
        """Feed 0 comes to a node, as by radio."""
        source, target = Station.open(self.root), Station.open(folder)
        log = source.store.log
        have, head = target.store.log.head(0), log.head(0)
        for number in range(have + 1, head + 1):
            (data,) = log.operations(0, number, number)
            chain, point = log.chain(0, number), log.signatures(0, number, number)[0]
            assert chain is not None
            run = VerifiedRun(0, number, (data,), (chain,), point.signature)
            target.store.log.store([run])
        source.close()
        target.close()

    def ring(self, folder: Path, epoch: int = 0) -> tuple[Keyring, Station]:
        """What a node can open."""
        seal = keys.load_node(folder).seal
        return Keyring(keys.load_network(folder), seal, epoch), Station.open(folder, clock=clock)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three staffs, made once, with a passphrase that is stretched less than in earnest."""
    folder = tmp_path_factory.mktemp("kreis")
    place = Place(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keys, "ARGON2ID", {"passes": 1, "lanes": 1, "kib": 8})
        membership.found_county(place.root, "Kreis Steinfurt", PASSPHRASE)
    for name, node in place.nodes.items():
        place.join(node, name)
    return folder


@pytest.fixture
def place(built: Path, tmp_path: Path) -> Place:
    """A copy of them."""
    shutil.copytree(built, tmp_path / "kreis")
    return Place(tmp_path / "kreis")


def test_all_but_the_thief_have_the_same_new_keys(place: Place) -> None:
    """At the stated time, not before; the former ones are listened to for a week."""
    rheine, greven, thief = place.nodes.values()
    decrees.revoke(place.root, 3, PASSPHRASE, Reason.LOST, Position(0), clock=clock)
    change = change_keys(place.root, 7200, PASSPHRASE, clock=clock)
    assert change.members == ("SAE Rheine", "SAE Greven")
    assert change.left_out == ("SAE Saerbeck",)
    now, found = from_unix(NOW), []
    for folder in (rheine, greven, thief):
        place.carry(folder)
        ring, station = place.ring(folder)
        before = ring.plan(station.roster, now, convinced=False)
        after = ring.plan(station.roster, now + 7200, convinced=False)
        late = ring.plan(station.roster, now + 7200 + GRACE_S, convinced=False)
        found.append((before, after, late))
        station.close()

    for before, after, late in found[:2]:
        assert (before.epoch, set(before.held), before.second) == (0, {0, 1}, 1)
        assert (after.epoch, set(after.held), after.second) == (1, {0, 1}, 0)
        assert (late.epoch, set(late.held), late.second) == (1, {1}, None)
    assert found[0][1].held[1] == found[1][1].held[1] != found[0][1].held[0]
    assert [plan.epoch for plan in found[2]] == [0, 0, 0]


def test_a_node_follows_the_others_and_never_goes_back(place: Place) -> None:
    """With a clock years behind it switches when enough members have; a clock set back later does
    not bring the thief's key into use again."""
    rheine = place.nodes["SAE Rheine"]
    change_keys(place.root, 7200, PASSPHRASE, clock=clock)
    place.carry(rheine)
    ring, station = place.ring(rheine)

    assert ring.plan(station.roster, 5, convinced=False).epoch == 0
    assert ring.plan(station.roster, 5, convinced=True).epoch == 1
    assert ring.plan(station.roster, 5, convinced=False).epoch == 1
    again, _ = place.ring(rheine, epoch=1)
    assert again.plan(station.roster, 5, convinced=False).epoch == 1
    station.close()


def test_who_joins_later_has_the_keys(place: Place, tmp_path: Path) -> None:
    """Also from a county folder that kept nothing: the county's key opens its own slot."""
    change_keys(place.root, 7200, PASSPHRASE, clock=clock)
    late = place.join(tmp_path / "neu", "SAE Hopsten")
    ring, station = place.ring(late)
    assert ring.plan(station.roster, from_unix(NOW) + 7200, convinced=False).epoch == 1
    station.close()


def test_who_joins_after_two_changes_listens_to_the_former_keys(
    place: Place, tmp_path: Path
) -> None:
    """Within the week he has those that latecomers still use; never those of the beginning."""
    change_keys(place.root, 7200, PASSPHRASE, clock=clock)
    change_keys(place.root, 7200, PASSPHRASE, clock=lambda: NOW + 7201)
    now = from_unix(NOW) + 14_402
    for name, after, second in (("früh", 14_402, 1), ("spät", 14_402 + GRACE_S, None)):
        asked = membership.request(tmp_path / name, f"SAE {name}")
        invitation = membership.admit(
            place.root, asked, "sae", PASSPHRASE, clock=lambda after=after: NOW + after
        )
        membership.join(tmp_path / name, invitation, clock=lambda after=after: NOW + after)
        ring, station = place.ring(tmp_path / name)
        plan = ring.plan(station.roster, now, convinced=False)
        assert (plan.epoch, plan.second) == (2, second)
        station.close()


def test_one_change_at_a_time(place: Place) -> None:
    """While one is pending another is refused, and so is a time that nobody could keep."""
    change_keys(place.root, 7200, PASSPHRASE, clock=clock)
    with pytest.raises(UsageError, match="steht schon bevor"):
        change_keys(place.root, 7200, PASSPHRASE, clock=clock)
    with pytest.raises(UsageError, match="bis vierzehn Tagen"):
        change_keys(place.root, 5, PASSPHRASE, clock=clock)


def test_the_command_tells_who_gets_them(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As JSON and in words; status shows the pending change on a node that has it."""
    monkeypatch.chdir(tmp_path)

    def lage(*arguments: str) -> str:
        result = CliRunner().invoke(cli, arguments, catch_exceptions=False)
        assert result.exit_code == 0
        return result.output

    command = ("kreis", "schluesselwechsel", "--kennwort", PASSPHRASE, "--in", "90", "--json")
    told = json.loads(lage("--daten", str(place.root), *command))
    assert told["wechsel"] == 1
    assert told["mitglieder"] == ["SAE Rheine", "SAE Greven", "SAE Saerbeck"]
    assert (tmp_path / told["mitteilung"]).exists()

    rheine = place.nodes["SAE Rheine"]
    place.carry(rheine)
    out = " ".join(lage("--daten", str(rheine), "status").split())
    assert "Schlüsselwechsel: neue Schlüssel gelten ab" in out
    assert "noch nicht bekannt bei: SAE Greven, SAE Saerbeck" in out


class Radio:
    """A link to a virtual radio's settings; what is told shows only after it is asked anew."""

    def __init__(self, network: keys.Network) -> None:
        self.settings = VirtualSettings(7, "Funk", "F")
        channel = self.settings.channels[0]
        channel.settings.name, channel.settings.psk = network.channel_name, network.channel_key
        self.obeys = True
        self.told: list[bytes] = []
        self._sections: dict[str, bytes] = {}
        self.reread()

    def sections(self) -> dict[str, bytes]:
        """As it reported them last."""
        return self._sections

    def configure(self, requests: Sequence[bytes]) -> tuple[int, ...]:
        """Admin messages."""
        self.told += requests
        for request in requests if self.obeys else ():
            handle_admin(self.settings, admin_pb2.AdminMessage.FromString(request))
        return tuple(range(len(requests)))

    def reread(self) -> None:
        """Ask it anew."""
        self._sections = {
            f"channel:{channel.index}": channel.SerializeToString()
            for channel in self.settings.channels
        }

    def keys(self) -> list[bytes]:
        """Of the channels that are on."""
        return [channel.settings.psk for channel in self.settings.channels if channel.role]

    # what a link does besides
    def start(self) -> None:
        """Not used."""

    def stop(self) -> None:
        """Not used."""

    def send(self, packet: object) -> None:
        """Not used."""

    def take_events(self) -> list[object]:
        """Nothing happens."""
        return []


def tender(folder: Path, radio: Radio, now: list[float]) -> tuple[KeyTender, Station]:
    """A node's key tender without the rest of the node."""
    station = Station.open(folder, clock=lambda: now[0])
    network = station.network_keys
    engine = Engine(
        station.store.log,
        network_id=network.network_id,
        network_key=network.network_key,
        root_public=network.root_public,
        author=network.author,
        rng=random.Random(1),
        now=0,
    )
    return KeyTender(station, engine, radio), station  # type: ignore[arg-type]


def test_the_radio_gets_its_channels_by_itself(place: Place) -> None:
    """First the coming key to listen to, then it in front and the former behind it, then it alone;
    without a restart, and a channel of somebody else's stays."""
    rheine = place.nodes["SAE Rheine"]
    network = keys.load_network(rheine)
    radio = Radio(network)
    radio.settings.channels[1].role, radio.settings.channels[1].settings.psk = 2, b"\1"
    radio.reread()
    change_keys(place.root, 7200, PASSPHRASE, clock=clock)
    place.carry(rheine)
    now = [NOW]
    keeper, station = tender(rheine, radio, now)
    old, new = network.channel_key, keeper.tend(0).held[1].channel
    assert radio.keys() == [old, b"\1", new]

    for turn in range(1, 5):
        keeper.tend(turn * CHECK_MS)
    told = len(radio.told)
    now[0] += 7200
    for turn in range(5, 9):
        plan = keeper.tend(turn * CHECK_MS)
    assert radio.keys() == [new, b"\1", old]
    assert (plan.epoch, keeper.second_channel, keeper.radio_refuses) == (1, 2, False)
    now[0] += GRACE_S
    for turn in range(9, 13):
        keeper.tend(turn * CHECK_MS)
    assert radio.keys() == [new, b"\1"]
    assert len(radio.told) == told + 3
    assert station.setting(KEY_EPOCH) == 1
    station.close()


def test_a_radio_that_refuses_is_told_to_the_user(place: Place) -> None:
    """It is tried on and on; meanwhile the report says so."""
    rheine = place.nodes["SAE Rheine"]
    radio = Radio(keys.load_network(rheine))
    radio.obeys = False
    change_keys(place.root, 60, PASSPHRASE, clock=clock)
    place.carry(rheine)
    keeper, station = tender(rheine, radio, [NOW + 60])
    for turn in range(4):
        keeper.tend(turn * CHECK_MS)
    assert keeper.radio_refuses

    radio.obeys = True
    for turn in range(4, 9):
        keeper.tend(turn * CHECK_MS)
    assert not keeper.radio_refuses
    station.close()


def test_a_radio_of_another_network_is_left_alone(place: Place) -> None:
    """A radio that was never set up for us keeps its channel."""
    rheine = place.nodes["SAE Rheine"]
    radio = Radio(keys.load_network(rheine))
    radio.settings.channels[0].settings.psk = b"\1"
    radio.reread()
    change_keys(place.root, 60, PASSPHRASE, clock=clock)
    place.carry(rheine)
    keeper, station = tender(rheine, radio, [NOW + 60])
    keeper.tend(0)

    assert radio.told == []
    station.close()
