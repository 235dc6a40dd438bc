# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A portal on another computer: real processes, TLS of an authority of the test's own, a line that
falls, a server that is killed."""

from __future__ import annotations

import datetime
import ipaddress
import json
import signal
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest
from click.testing import CliRunner
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

pytest.importorskip("uvicorn", reason="the extra [portal] is not installed")
pytest.importorskip("httpx", reason="the extra [portal] is not installed")
from lage.cli import cli
from lage.outside import offers, portals
from lage.outside.desk import boxes_of
from lage.store.inbox import Inbox
from tests.e2e.conftest import TIMEOUT_S, wait_for
from tests.e2e.test_infopunkt import _answers, _get, _post, _token
from tests.fixtures import make_station
from tests.nodes import free_port

TYPED = {"schritt": "3", "skills": "Küche", "place": "Rheine", "name": "Annegret Musterfrau",
         "phone": "0171 5559876", "consent": "ja"}  # fmt: skip


def authority(folder: Path, name: str) -> tuple[Path, Path]:
    """An authority's certificate; and that of a server at 127.0.0.1, with its key."""
    day = datetime.timedelta(days=1)
    keys = [ec.generate_private_key(ec.SECP256R1()) for _ in range(2)]
    names = [x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, n)]) for n in (name, "127.0.0.1")]
    start = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)

    def made(of: int) -> x509.CertificateBuilder:
        builder = x509.CertificateBuilder().issuer_name(names[0]).subject_name(names[of])
        builder = builder.public_key(keys[of].public_key()).serial_number(of + 1)
        builder = builder.not_valid_before(start).not_valid_after(start + 20_000 * day)
        issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(keys[0].public_key())
        subject = x509.SubjectKeyIdentifier.from_public_key(keys[of].public_key())
        return builder.add_extension(issuer, False).add_extension(subject, False)

    constraints = x509.BasicConstraints(ca=True, path_length=None)
    usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
    root = made(0).add_extension(constraints, True).add_extension(usage, True)
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    server = made(1).add_extension(address, False)
    pem = serialization.Encoding.PEM
    ca, both = folder / f"{name}.pem", folder / f"{name}-server.pem"
    ca.write_bytes(root.sign(keys[0], hashes.SHA256()).public_bytes(pem))
    private = keys[1].private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    both.write_bytes(private + server.sign(keys[0], hashes.SHA256()).public_bytes(pem))
    return ca, both


class Tls:
    """What nginx does before a portal; and a line that can be cut."""

    def __init__(self, certificate: Path, onward: int) -> None:
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(certificate)
        self._onward, self.cut = onward, False
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        """End."""
        self._listening.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                came, _ = self._listening.accept()
                if self.cut:
                    came.close()
                else:
                    threading.Thread(target=self._join, args=(came,), daemon=True).start()

    def _join(self, came: socket.socket) -> None:
        with suppress(OSError), came:
            inside = self._context.wrap_socket(came, server_side=True)
            with socket.create_connection(("127.0.0.1", self._onward)) as on:
                back = threading.Thread(target=self._carry, args=(on, inside), daemon=True)
                back.start()
                self._carry(inside, on)
                back.join(5)

    def _carry(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while (data := source.recv(65_536)) and not self.cut:
                target.sendall(data)
            target.shutdown(socket.SHUT_RDWR)


@contextmanager
def started(*arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process of ours."""
    process = subprocess.Popen([sys.executable, "-m", "lage", *arguments],
                               stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)  # fmt: skip
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(TIMEOUT_S)
        finally:
            process.kill()


def test_a_portal_on_another_computer(tmp_path: Path) -> None:
    """Set up as the handbook says; the line falls and comes back, the portal is killed."""
    ca, certificate = authority(tmp_path, "kreis")
    stranger, _ = authority(tmp_path, "fremd")
    server, port = tmp_path / "server", free_port()
    server.mkdir()
    inbox, told = str(server / "eingang.db"), tmp_path / "portal.verbindung"
    with (
        closing(make_station(tmp_path / "kreis")) as station,
        closing(Tls(certificate, port)) as tls,
    ):
        node, base = station.folder, f"https://127.0.0.1:{tls.port}"

        def lage(*arguments: str) -> str:
            result = CliRunner().invoke(cli, ["--daten", str(node), *arguments])
            assert result.exit_code == 0, (result.output, result.exception)
            return result.stdout

        def connect(name: str, trusted: Path) -> None:
            lage("portal", "verbinden", base, "--name", name, "--datei", str(told),
                 "--zertifikat", str(trusted))  # fmt: skip

        connect("Falsch", stranger)
        connect("Kreis", ca)
        lage("portal", "einrichten", str(told), "--eingang", inbox)
        public = ("portal", "starten", "--aushang", str(server / "aushang"), "--eingang", inbox,
                  "--name", "Kreis informiert", "--port", str(port), "--erreichbar",
                  f"http://127.0.0.1:{port}")  # fmt: skip
        here = f"http://127.0.0.1:{port}"
        lage("aushang", "schreiben", "Wasser am Rathaus", "--thema", "Ausgabestelle")

        def offer() -> None:
            typed = {**TYPED, "beleg": _token(f"{here}/de/helfen/")}
            assert "Ihr Hilfsangebot" in _post(f"{here}/de/helfen/", typed)

        def arrived() -> int:
            with boxes_of(station) as boxes:
                return len(offers.waiting(station, boxes))

        def status() -> str:
            return " ".join(lage("status").split())

        def trouble(name: str) -> str:
            return portals.state_of(portals.find(node, name)).trouble

        with started("--daten", str(node), "knoten", "starten"):
            with started(*public) as process:
                wait_for(lambda: _answers(f"{here}/de/beleg/"))
                offer()
                wait_for(lambda: arrived() == 1)
                wait_for(lambda: "Wasser am Rathaus" in _get(f"{here}/de/hilfe/"))
                wait_for(lambda: "Zertifikat" in trouble("Falsch"))
                assert "Portal „Falsch“: noch nie abgeglichen. Dem Zertifikat" in status()
                tls.cut = True
                offer()
                wait_for(lambda: bool(trouble("Kreis")))
                assert arrived() == 1
                process.kill()
            with started(*public):
                wait_for(lambda: _answers(f"{here}/de/beleg/"))
                tls.cut = False
                wait_for(lambda: arrived() == 2)
                wait_for(lambda: not trouble("Kreis"))
                assert "Portal „Kreis“: gerade abgeglichen" in status()
        with closing(Inbox.open(inbox)) as opened:
            assert opened.waiting() == []
        told_of = {each["name"]: each for each in json.loads(lage("portal", "liste", "--json"))}
        assert told_of["Kreis"]["abgeglichen"]
        assert told_of["Falsch"]["abgeglichen"] is None


def test_the_certificate_itself_may_be_trusted(tmp_path: Path) -> None:
    """Pinned: the server's own certificate is enough, and no other authority counts any more."""
    _, certificate = authority(tmp_path, "kreis")
    _, other = authority(tmp_path, "fremd")
    with closing(Tls(certificate, free_port())) as tls:
        for pinned, fits in ((certificate, True), (other, False)):
            pem = pinned.read_text("utf8").partition("-----BEGIN CERTIFICATE")
            context = portals.context_of(pem[1] + pem[2])
            with socket.create_connection(("127.0.0.1", tls.port)) as line:
                try:
                    context.wrap_socket(line, server_hostname="127.0.0.1").close()
                    assert fits
                except ssl.SSLError:
                    assert not fits
