# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The screen over SSH: a real sshd on loopback, keys of this test only, in a real terminal."""

from __future__ import annotations

import getpass
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.conftest import TIMEOUT_S, wait_for
from tests.e2e.test_terminal import RICH
from tests.e2e.test_tui_terminal import Terminal
from tests.fixtures import make_station
from tests.nodes import free_port

SSHD = shutil.which("sshd", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
pytestmark = [
    pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed"),
    pytest.mark.skipif(SSHD is None or shutil.which("ssh") is None, reason="no OpenSSH here"),
]


@pytest.fixture
def login(tmp_path: Path) -> Iterator[str]:
    """A running sshd; the command that logs in there with a terminal."""
    port = free_port()
    for name in ("host", "key"):
        make_key = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(tmp_path / name)]
        subprocess.run(make_key, check=True)
    settings = {
        "Port": port, "ListenAddress": "127.0.0.1", "HostKey": tmp_path / "host",
        "AuthorizedKeysFile": tmp_path / "key.pub", "StrictModes": "no", "UsePAM": "no",
        "PidFile": "none", "PasswordAuthentication": "no",
    }  # fmt: skip
    config = tmp_path / "config"
    config.write_text("".join(f"{name} {value}\n" for name, value in settings.items()))
    if os.getuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)
    assert SSHD is not None
    process = subprocess.Popen(
        [SSHD, "-D", "-e", "-f", str(config)], stderr=(tmp_path / "log").open("wb")
    )
    try:
        wait_for(lambda: b"Server listening" in (tmp_path / "log").read_bytes())
        yield (
            f"ssh -t -q -p {port} -i {tmp_path / 'key'} -o StrictHostKeyChecking=no"
            f" -o UserKnownHostsFile=/dev/null {getpass.getuser()}@127.0.0.1"
        )
    finally:
        process.terminate()
        process.wait(TIMEOUT_S)


def test_the_screen_over_ssh(login: str, tmp_path: Path) -> None:
    """Colours and characters survive, keys and a new size of the window arrive."""
    station = make_station(tmp_path)
    station.close()
    there = f"LANG=C.UTF-8 {sys.executable} -m lage --daten {station.folder} tui"
    terminal = Terminal(
        f"env TERM=xterm-256color {login} {shlex.quote(f'cd {Path.cwd()}; {there}')}"
    )
    try:
        terminal.see("NACHRICHTEN")
        terminal.keys("0")
        terminal.see("32U MC 0160 8817")
        wait_for(lambda: any("\u2800" <= sign <= "\u28ff" for sign in terminal.screen()))
        assert RICH.search(terminal._tmux("capture-pane", "-e", "-p", "-t", "t"))
        terminal.resize(60, 18)
        wait_for(lambda: max(map(len, terminal.screen().splitlines())) <= 60)
        terminal.keys("+", "+")
        terminal.see("20 km")
    finally:
        terminal.close()
