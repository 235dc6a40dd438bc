# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Nodes at a real Mosquitto, which is started, killed and started again."""

from __future__ import annotations

import contextlib
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import paho.mqtt.client as mqtt
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from paho.mqtt.enums import CallbackAPIVersion

from lage.bearers.broker.address import BrokerAddress, parse_broker
from lage.bearers.broker.sealed import Envelope
from lage.bearers.broker.service import Broker, Down, Heard, Up
from lage.language.errors import UsageError
from lage.station import Station
from lage.store.broker_login import broker_authority, broker_login, keep_broker
from sync.schema.urgency import Urgency
from tests.fixtures import make_county, picture, replicate
from tests.nodes import Cabled, free_port, report, same, wait_for
from tests.unit.lage.conftest import Terminal

MOSQUITTO = shutil.which("mosquitto", path="/usr/sbin:/usr/bin:/usr/local/sbin")
needs_broker = pytest.mark.skipif(MOSQUITTO is None, reason="no Mosquitto here")
NAMES = ["Krisenstab Steinfurt", "SAE Rheine", "SAE Greven"]


class Mosquitto:
    """A broker of our own on loopback; nothing of it survives ``kill``."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self._config = folder / "mosquitto.conf"
        self._users = folder / "users"
        self._log = folder / "mosquitto.log"
        self._process: subprocess.Popen[bytes] | None = None
        self.settings = "allow_anonymous true\n"

    @property
    def address(self) -> str:
        """For ``lage netz vermittler``."""
        return f"mqtt://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """Of the process."""
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Begin, and wait until it takes connections."""
        self._config.write_text(f"listener {self.port} 127.0.0.1\n{self.settings}", "ascii")
        with self._log.open("ab") as log:
            command = [str(MOSQUITTO), "-c", str(self._config), "-v"]
            self._process = subprocess.Popen(command, stdout=log, stderr=log)
        wait_for(lambda: b"running" in self._log.read_bytes())

    def kill(self) -> None:
        """As a power cut does."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
            self._process = None
            self._log.write_bytes(b"")


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits as long as among hundreds."""
    for name, ms in (("STATE_MS", 300), ("STATE_EACH_MS", 10), ("LACK_MS", 200)):
        monkeypatch.setattr(f"sync.bulk.assembly.{name}", ms)


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Mosquitto]:
    """A running broker."""
    folder = tmp_path / "broker"
    folder.mkdir()
    found = Mosquitto(folder)
    found.start()
    yield found
    found.kill()


@pytest.fixture
def stations(tmp_path: Path) -> Iterator[list[Station]]:
    """Three staffs that nothing connects."""
    found = list(make_county(tmp_path / "kreis", NAMES).values())
    yield found
    for station in found:
        station.close()


@pytest.fixture
def nodes(stations: list[Station], broker: Mosquitto) -> Iterator[list[Cabled]]:
    """Each staff at the broker."""
    with ExitStack() as stack:
        found = [Cabled(station) for station in stations]
        for node in found:
            keep_broker(node.station.folder, broker.address, "")
            stack.callback(node.stop)
            node.start()
        yield found


@needs_broker
def test_all_at_one_broker_have_one_log(
    stations: list[Station], broker: Mosquitto, nodes: list[Cabled]
) -> None:
    """What is new goes to all; a broker that died and came back loses nothing, and what was
    written meanwhile is asked for."""
    report(stations[0], "eins")
    wait_for(lambda: same(stations))
    broker.kill()
    wait_for(lambda: any("abgerissen" in s or "erreichen" in s for s in troubles(nodes[1])))
    for number in range(30):
        report(stations[1], f"ohne Vermittler {number}")
    report(stations[2], "auch ohne", Urgency.IMMEDIATE)
    broker.start()
    wait_for(lambda: same(stations))
    assert stations[0].store.log.head(2) == 30
    wait_for(lambda: troubles(nodes[1]) == [])
    pictures = [picture(station.store) for station in stations]
    assert pictures[0] == pictures[1] == pictures[2]
    assert nodes[0].faults == 0


def troubles(node: Cabled) -> list[str]:
    """What a node complains of."""
    assert node.loop is not None
    return list(node.loop._beside.report(0).troubles)


@needs_broker
def test_a_newcomer_gets_all_of_it(stations: list[Station], broker: Mosquitto) -> None:
    """By asking one of those who hold it: nobody else hears the helpings."""
    for number in range(60):
        report(stations[0], f"Keller {number} unter Wasser")
    with ExitStack() as stack:
        for station in stations[:2]:
            keep_broker(station.folder, broker.address, "")
            node = Cabled(station)
            stack.callback(node.stop)
            node.start()
        wait_for(lambda: same(stations[:2]))
        keep_broker(stations[2].folder, broker.address, "")
        late = Cabled(stations[2])
        stack.callback(late.stop)
        late.start()
        wait_for(lambda: same(stations))
        wait_for(lambda: late.loop is not None and late.loop.engine.holders(1, 60) == {1, 2, 3})


@needs_broker
def test_the_broker_reads_nothing_and_strangers_change_nothing(
    stations: list[Station], broker: Mosquitto, nodes: list[Cabled]
) -> None:
    """Somebody who has the broker sees sealed bytes; what he makes up, moves or repeats is void."""
    heard: list[tuple[str, bytes]] = []
    spy = mqtt.Client(CallbackAPIVersion.VERSION2, client_id="spy")
    spy.on_message = lambda _c, _d, message: heard.append((message.topic, message.payload))
    spy.connect("127.0.0.1", broker.port)
    spy.subscribe("#", 1)
    spy.loop_start()
    report(stations[0], "Streng vertraulich")
    wait_for(lambda: same(stations))
    wait_for(lambda: any(topic.endswith("/neu") for topic, _ in heard))
    assert all(b"vertraulich" not in content and b"Rheine" not in content for _, content in heard)
    assert not any("Steinfurt" in topic for topic, _ in heard)
    before = [picture(station.store) for station in stations]
    prefix = heard[0][0].split("/")[1]
    recorded = tuple(heard)  # the spy hears itself as well
    for topic, content in recorded:
        spy.publish(topic, content, qos=1)  # repeated
        spy.publish(f"lage/{prefix}/an/1", content, qos=1)  # moved
        spy.publish(topic, content[:-1] + bytes([content[-1] ^ 1]), qos=1)
        spy.publish(topic, content[:20], qos=1)
        spy.publish(topic, b"", qos=1)
    spy.publish(f"lage/{prefix}/neu", bytes(400_000), qos=1).wait_for_publish(10)
    report(stations[1], "danach")
    wait_for(lambda: same(stations))
    spy.disconnect()
    spy.loop_stop()
    assert [node.faults for node in nodes] == [0, 0, 0]
    after = [picture(station.store) for station in stations]
    assert all(
        len(a["incident"]) == len(b["incident"]) + 1 for a, b in zip(after, before, strict=True)
    )


@needs_broker
def test_a_wrong_password_is_said(stations: list[Station], tmp_path: Path) -> None:
    """In a sentence, while the node goes on."""
    broker = Mosquitto(tmp_path)
    broker.settings = "allow_anonymous false\n"
    broker.start()
    try:
        keep_broker(stations[0].folder, f"mqtt://rheine@127.0.0.1:{broker.port}", "falsch")
        node = Cabled(stations[0])
        node.start()
        try:
            wait_for(lambda: node.loop is not None and bool(troubles(node)))
            assert "Name oder Kennwort" in troubles(node)[0]
        finally:
            node.stop()
    finally:
        broker.kill()


class Odd:
    """Something that listens where a broker should."""

    def __init__(self, answers: Callable[[int], bytes]) -> None:
        """``answers``: by the version of MQTT that a client asks for; empty: hang up."""
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._server.getsockname()[1]
        self.versions: list[int] = []
        self._answers = answers
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._server.accept()
                with connection:
                    version = connection.recv(4096)[8]
                    self.versions.append(version)
                    connection.sendall(self._answers(version))
                    while self._answers(version) and connection.recv(4096):
                        pass

    def close(self) -> None:
        """Listen no longer."""
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()


TAKEN, TAKEN_OLD = b"\x20\x03\x00\x00\x00", b"\x20\x02\x00\x00"
BAD_TOPIC = b"\x30\x06\x00\x02\xff\xfe\x00x"


@pytest.mark.parametrize(
    ("answers", "seen"),
    [
        (lambda version: TAKEN_OLD if version == 4 else b"", [5, 4]),
        (lambda version: TAKEN_OLD if version == 4 else b"\x20\x02\x00\x01", [5, 4]),
        (lambda _: TAKEN + BAD_TOPIC, [5]),
    ],
    ids=["hangs up on 5.0", "refuses 5.0", "a topic that is no text"],
)
def test_brokers_that_are_odd(answers: Callable[[int], bytes], seen: list[int]) -> None:
    """One that knows only 3.1.1 is spoken to so, whether it says so or not; what another sends
    ends no thread."""
    odd = Odd(answers)
    broker = Broker(BrokerAddress("127.0.0.1", odd.port), "", "aa", 1, lambda: None)
    broker.start()
    try:
        wait_for(lambda: any(isinstance(event, Up) for event in broker.take_events()))
        time.sleep(0.2)
        assert list(dict.fromkeys(odd.versions)) == seen
        assert not any(isinstance(event, Down) for event in broker.take_events())
    finally:
        odd.close()
        broker.stop()


def test_what_is_no_broker_is_said() -> None:
    """Once, and it is tried again with pauses."""
    odd = Odd(lambda _: b"")
    broker = Broker(BrokerAddress("127.0.0.1", odd.port), "", "aa", 1, lambda: None)
    broker.start()
    told: list[str] = []
    try:
        wait_for(lambda: bool(told.extend(e.sentence for e in down(broker)) or told))
        assert "spricht kein MQTT" in told[0]
    finally:
        odd.close()
        broker.stop()


def down(broker: Broker) -> list[Down]:
    """What a broker's client complains of."""
    return [event for event in broker.take_events() if isinstance(event, Down)]


def test_addresses_of_brokers() -> None:
    """As people write them; a password in one is refused."""
    assert parse_broker("mqtt://stab.lan") == BrokerAddress("stab.lan", 1883)
    assert parse_broker("mqtts://rhe@h:99") == BrokerAddress("h", 99, secure=True, user="rhe")
    assert parse_broker("mqtts://[fd00::1]") == BrokerAddress("fd00::1", 8883, secure=True)
    assert str(parse_broker("mqtts://rhe@[fd00::1]:5/")) == "mqtts://rhe@[fd00::1]:5"
    for typed in ("", "stab.lan", "http://x", "mqtt://", "mqtt://a b", "mqtt://x:99999"):
        with pytest.raises(UsageError, match="mqtt://host"):
            parse_broker(typed)
    with pytest.raises(UsageError, match="nicht in die Adresse"):
        parse_broker("mqtt://a:geheim@host")


def test_envelopes() -> None:
    """Under former keys it is read while they are listened to, never under those of others."""
    ours, theirs = Envelope(), Envelope()
    ours.use(1, {0: bytes(32), 1: bytes(31) + b"1"})
    theirs.use(0, {0: bytes(32)})
    said = theirs.seal("neu", b"alt")
    assert ours.open("neu", said) == b"alt"
    assert ours.open("an/1", said) is None
    assert theirs.open("neu", ours.seal("neu", b"x")) is None
    ours.use(1, {1: bytes(31) + b"1"})
    assert ours.open("neu", said) is None
    assert all(ours.open("neu", said[:size]) is None for size in range(len(said)))


def test_commands(lage: Terminal, station: Station, monkeypatch: pytest.MonkeyPatch) -> None:
    """The password stands in a file of its owner only."""
    monkeypatch.setenv("LAGE_VERMITTLER_KENNWORT", "geheim")
    assert "mqtts://rhe@h:8883" in lage("netz", "vermittler", "mqtts://rhe@h")
    assert broker_login(station.folder) == ("mqtts://rhe@h:8883", "geheim")
    assert (station.folder / "vermittler.json").stat().st_mode & 0o077 == 0
    assert lage.json("netz", "zeigen")["vermittler"] == "mqtts://rhe@h:8883"
    assert "geheim" not in lage("netz", "zeigen", "--json")
    lage("netz", "vermittler", "aus")
    assert broker_login(station.folder) == ("", "")


@needs_broker
def test_two_branches_are_found_at_the_broker(
    stations: list[Station], broker: Mosquitto, tmp_path: Path
) -> None:
    """A copied folder wrote as well; each of two holds one branch, and both come to know of it."""
    twin = list(make_county(tmp_path / "kopie", NAMES).values())[2]
    for station, text in ((stations[2], "so"), (twin, "anders")):
        report(station, text)
        report(station, f"{text} weiter")
    replicate(stations[2].store.log, stations[0].store.log)
    replicate(twin.store.log, stations[1].store.log)
    with ExitStack() as stack:
        for station in stations[:2]:
            keep_broker(station.folder, broker.address, "")
            node = Cabled(station)
            stack.callback(node.stop)
            node.start()
        wait_for(lambda: len(node.loop._beside.meeting.there(0)) > 0 if node.loop else False)
        report(stations[2], "drittens")
        replicate(stations[2].store.log, stations[0].store.log)
        wait_for(lambda: all(station.store.log.forks() for station in stations[:2]))


@needs_broker
def test_two_nodes_under_one_number_do_not_push_each_other_out(
    broker: Mosquitto, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a few times one of them says so and stays away; the other one is there to stay."""
    monkeypatch.setattr("lage.bearers.broker.service.TAKEN_S", (3600, 3600))
    monkeypatch.setattr("lage.bearers.broker.service.PAUSE_S", (0.05, 0.1))
    address = parse_broker(broker.address)
    clients = [Broker(address, "", "ab", 1, lambda: None) for _ in range(2)]
    heard: list[list[object]] = [[], []]

    def second(place: int) -> bool:
        heard[place] += clients[place].take_events()
        last = heard[place][-1] if heard[place] else None
        return isinstance(last, Down) and "zweiter Knoten" in last.sentence

    with ExitStack() as stack:
        for client in clients:
            stack.callback(client.stop)
            client.start()
        wait_for(lambda: second(0) or second(1))
        stays = 0 if second(1) else 1

        def has_heard() -> bool:
            clients[stays].publish("neu", b"x")
            heard[stays] += clients[stays].take_events()
            return any(isinstance(event, Heard) for event in heard[stays])

        wait_for(has_heard)
        heard[stays].clear()
        wait_for(has_heard)
        assert not any(isinstance(event, Down) for event in heard[stays])
        assert second(1 - stays), "and it does not come back"


@needs_broker
def test_a_broker_with_a_certificate_of_the_county(
    tmp_path: Path, lage: Terminal, station: Station
) -> None:
    """With the county's own certificate it is believed, without it is not."""
    certificate, key = own_certificate(tmp_path)
    broker = Mosquitto(tmp_path)
    broker.settings += f"user root\ncertfile {certificate}\nkeyfile {key}\n"
    broker.start()
    address = broker.address.replace("mqtt://", "mqtts://")
    try:
        for authority, kind in (("", Down), (certificate.read_text("ascii"), Up)):
            client = Broker(parse_broker(address), "", "ab", 1, lambda: None, authority)
            client.start()
            found: list[object] = []
            wait_for(lambda: bool(found.extend(client.take_events()) or found))  # noqa: B023
            client.stop()
            assert isinstance(found[0], kind), found
    finally:
        broker.kill()
    refused = lage.refusal("netz", "vermittler", address, "--zertifikat", str(key))
    assert "kein Zertifikat" in str(refused)
    lage("netz", "vermittler", address, "--zertifikat", str(certificate))
    assert broker_authority(station.folder) == certificate.read_text("ascii")


def own_certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate that vouches for itself, for loopback."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Kreis Steinfurt")])
    now = datetime.fromtimestamp(time.time(), UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    paths = folder / "cert.pem", folder / "key.pem"
    paths[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return paths
