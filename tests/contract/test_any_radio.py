# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What holds with any radio: virtual, a native build, or one on a cable (``--radio ADDRESS``).

The radio of that address is set up for a county of its own; what it had before is gone.
"""

from __future__ import annotations

import json
import time
import zlib
from contextlib import ExitStack
from pathlib import Path

import pytest
from click.testing import CliRunner
from meshtastic.protobuf import mesh_pb2

from lage.cli import cli
from lage.store.keys import load_network
from lage.store.lock import FolderLock
from mesh.link import Packet, RadioState, Refusal, Sent
from mesh.radio.watch import WatchConfig
from mesh.virtual.network import FIRST_NUMBER, Firmware
from mesh.virtual.settings import VirtualSettings
from tests.contract.bare import PATIENT_S, Bare
from tests.contract.served_radios import RadioThread, Watched
from tests.fixtures import make_county


def set_up(folder: Path, address: str, *options: str) -> str:
    """Run the command in this process; what it said."""
    done = CliRunner().invoke(
        cli,
        ["--daten", str(folder), "funk", "einrichten", "--ja", "--radio", address, *options],
        catch_exceptions=False,
    )
    assert done.exit_code == 0, done.output
    return done.output


@pytest.fixture
def county(tmp_path: Path) -> Path:
    """A staff's folder."""
    station = make_county(tmp_path, ["SAE Rheine"])["SAE Rheine"]
    station.close()
    return station.folder


def test_a_radio_is_set_up_and_the_second_run_finds_it_right(any_radio: str, county: Path) -> None:
    """Channel, key, region, intervals and no relaying are there after one run; the next changes
    nothing. What was set before comes back when asked for, and is judged as what it is.
    """
    first = set_up(county, any_radio, "--weiterleiten", "nein")
    assert "eingerichtet" in first
    assert "CLIENT_MUTE" in first
    assert "schon richtig" in set_up(county, any_radio, "--weiterleiten", "nein")
    assert "schon richtig" in set_up(county, any_radio)
    with Watched(any_radio, WatchConfig()) as watched:
        state = watched.wait(
            lambda e: isinstance(e, RadioState) and e.connected, deadline_s=PATIENT_S
        )
        assert (state.region, state.mute) == ("EU_868", None)
    call = ["--daten", str(county), "funk"]
    back = CliRunner().invoke(cli, [*call, "zuruecksetzen", "--ja", "--radio", any_radio])
    assert "wieder die Einstellungen von vorher" in back.output
    after = CliRunner().invoke(cli, [*call, "pruefen", "--radio", any_radio, "--json"])
    wrong = {each["einstellung"] for each in json.loads(after.output)["abweichungen"]}
    assert (after.exit_code, wrong >= {"channel:0.psk", "channel:0.name"}) == (1, True)
    assert json.loads(after.output)["rolle"] != "CLIENT_MUTE"


def test_each_of_many_packets_is_answered_once(any_radio: str, county: Path) -> None:
    """Eight handed over at once: one answer each, and none is given up."""
    set_up(county, any_radio)
    with Watched(any_radio, WatchConfig()) as watched:
        watched.wait(lambda e: isinstance(e, RadioState) and e.connected, deadline_s=PATIENT_S)
        first = int(time.time()) << 4 & 0x7FFFFFF0 | 1
        for packet_id in range(first, first + 8):
            watched.link.send(Packet(b"contract", packet_id, hop_limit=0))
        for packet_id in range(first, first + 8):
            watched.wait(
                lambda e, wanted=packet_id: isinstance(e, Sent) and e.packet_id == wanted,
                deadline_s=PATIENT_S,
            )
        answers = [event for event in watched.events if isinstance(event, Sent)]
        assert [answer.packet_id for answer in answers] == list(range(first, first + 8))
        assert not {answer.refusal for answer in answers} & {Refusal.DISCONNECTED, Refusal.OTHER}


def test_a_known_id_is_not_sent_again(any_radio: str, county: Path) -> None:
    """Handed over twice, as after a lost answer: taken both times, on the air once."""
    set_up(county, any_radio)
    config = WatchConfig(answer_ms=3_000)
    with Watched(any_radio, config) as watched:
        watched.wait(lambda e: isinstance(e, RadioState) and e.connected, deadline_s=PATIENT_S)
        packet = Packet(b"contract", int(time.time()) << 4 & 0x7FFFFFF0 | 15, hop_limit=0)
        for _ in range(2):
            watched.link.send(packet)
            sent = watched.wait(lambda e: isinstance(e, Sent), deadline_s=PATIENT_S)
            assert (sent.packet_id, sent.refusal) == (packet.id, Refusal.NONE)


def test_a_restart_takes_the_line_away_and_keeps_what_was_set(wired_radio: str) -> None:
    """Asked for by the client; the same address serves again, under the new name."""
    with Bare(wired_radio) as client:
        client.shake_hands()
        done = client.admin(set_owner=mesh_pb2.User(long_name="SAE Greven", short_name="GR"))
        client.packet(lambda p: p.decoded.request_id == done)
        client.admin(reboot_seconds=1)
        with pytest.raises(OSError, match=r".*"):
            client.rest(PATIENT_S)
        end = time.monotonic() + PATIENT_S
        while True:
            try:
                client.come_back()
                answers = client.shake_hands(8)
                break
            except OSError:
                assert time.monotonic() < end
                time.sleep(0.1)
    own = [m.node_info for m in answers if m.HasField("node_info")]
    assert own[0].user.long_name == "SAE Greven"


@pytest.mark.parametrize("firmware", ["2.7", "2.8"])
def test_the_handshake_is_that_of_its_firmware(
    request: pytest.FixtureRequest, firmware: Firmware
) -> None:
    """Sections of modules, presets by region, and keys as soon as there is a region."""
    given = request.config.getoption("--radio")
    with ExitStack() as stack:
        if not given:
            radios = stack.enter_context(RadioThread(firmware=firmware, names=("SAE Rheine",)))
        client = stack.enter_context(Bare(str(given or radios.address(0))))
        told = client.shake_hands()
    metadata = next(at for at, m in enumerate(told) if m.HasField("metadata"))
    if not told[metadata].metadata.firmware_version.startswith(firmware):
        pytest.skip("another firmware")
    modules = [m.moduleConfig for m in told if m.HasField("moduleConfig")]
    empty = [not module.ByteSize() for module in modules]
    presets = told[metadata + 1].SerializeToString()
    if firmware == "2.7":
        assert empty == [False] * 13 + [True] * 3
        assert told[metadata + 1].HasField("channel")
    else:
        assert (len(modules), empty.count(True)) == (17, 0)
        assert presets[:2] == b"\x9a\x01"  # field 19
    own = next(m.node_info for m in told if m.HasField("node_info"))
    sections = [m.config for m in told if m.HasField("config")]
    key = next(s.security.public_key for s in sections if s.HasField("security"))
    region = next(s.lora.region for s in sections if s.HasField("lora"))
    if region:
        assert len(key) == 32
        assert own.user.public_key == key
    elif firmware == "2.7":
        assert not key
    if given and firmware == "2.8" and key:
        assert own.num == zlib.crc32(key)


def test_a_build_that_may_be_deaf_to_ours_is_named(county: Path) -> None:
    """One of the develop branch; nothing but its hash tells it from a release."""
    for version, named in (("2.8.0.0123456", True), ("2.8.0.7754068", False)):
        with RadioThread(names=("SAE Rheine",)) as radios:
            radios.server.phone(FIRST_NUMBER).settings.firmware = version
            call = ["--daten", str(county), "funk", "pruefen", "--radio", radios.address(0)]
            said = CliRunner().invoke(cli, call).output
        assert ("Entwicklungsstand vom Frühjahr 2026" in said) is named
        assert "Beheben mit" in said


def test_a_factory_new_radio_says_that_it_does_not_send() -> None:
    """Asked directly, in words and as JSON, with the command that mends it."""
    with RadioThread(factory_new=True, names=("Meshtastic 0001",)) as radios:
        call = ["funk", "status", "--radio", radios.address(0)]
        said = CliRunner().invoke(cli, call, catch_exceptions=False)
        told = CliRunner().invoke(cli, [*call, "--json"], catch_exceptions=False)
    assert "Region nicht gesetzt; bitte „lage funk einrichten“" in said.output
    assert (said.exit_code, told.exit_code) == (1, 1)
    assert json.loads(told.output)["mute"] == said.output.splitlines()[0]


def like_the_county(settings: VirtualSettings, folder: Path) -> None:
    """A virtual radio as it is after „lage funk einrichten“, without the time that takes."""
    network = load_network(folder)
    channel = settings.channels[0].settings
    channel.name, channel.psk = network.channel_name, network.channel_key
    settings.config["security"].security.serial_enabled = True


def test_the_way_to_another_radio_is_tried_without_a_running_node(county: Path) -> None:
    """A node runs for the time of the test; the other radio answers by itself, nobody behind it."""
    with RadioThread() as radios:
        for number in radios.server.ports:
            like_the_county(radios.server.phone(number).settings, county)
        other = f"!{FIRST_NUMBER + 1:08x}"
        call = ["funk", "test", other, "--radio", radios.address(0), "--anzahl", "2"]
        done = CliRunner().invoke(
            cli,
            ["--daten", str(county), *call, "--abstand", "0", "--json"],
            catch_exceptions=False,
        )
    told = json.loads(done.stdout)
    assert done.exit_code == 0
    assert (told["nummer"], told["gesendet"]) == (other, 2)
    assert told["beantwortet"] >= 1
    assert told["snr_db"] is not None
    assert FolderLock(county).take()  # and no node is left behind
