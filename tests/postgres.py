# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A real PostgreSQL of our own for a test run: a folder, a socket in it, no network."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


class Server:
    """A running server."""

    def __init__(self, folder: Path, user: str) -> None:
        self.folder, self.user = folder, user
        self._made = 0

    def fresh_database(self) -> str:
        """The address of an empty database."""
        import psycopg

        self._made += 1
        name = f"portal{self._made}"
        with psycopg.connect(self._address("postgres"), autocommit=True) as db:
            db.execute(f"CREATE DATABASE {name} TEMPLATE template0".encode())
        return self._address(name)

    def _address(self, name: str) -> str:
        return f"postgresql:///{name}?host={self.folder}&user={self.user}"


def _binaries() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    initdb = shutil.which("initdb")
    return Path(initdb).parent if initdb else None


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    """A server for this test process; skips visibly where PostgreSQL or its driver is missing."""
    pytest.importorskip("psycopg", reason="the extra [portal] is not installed")
    binaries = _binaries()
    if binaries is None:
        pytest.skip("no PostgreSQL here (Debian: postgresql)")
    folder = Path(tempfile.mkdtemp(prefix="lage-pg-"))
    as_user: list[str] = []
    user = pwd.getpwuid(os.geteuid()).pw_name
    if os.geteuid() == 0:  # the server refuses to run as root
        user = next((n for n in ("postgres", "nobody") if _is_user(n)), "")
        if not user or shutil.which("runuser") is None:
            pytest.skip("PostgreSQL does not run as root, and there is no other user")
        shutil.chown(folder, user)
        as_user = ["runuser", "-u", user, "--"]
    data = folder / "data"

    def run(*command: str) -> None:
        done = subprocess.run(
            [*as_user, *command], cwd=folder, capture_output=True, text=True, timeout=120
        )
        assert done.returncode == 0, done.stdout + done.stderr

    options = f"-c listen_addresses= -c unix_socket_directories={folder} -c shared_buffers=8MB"
    run(str(binaries / "initdb"), "-D", str(data), "-U", user, "-A", "trust", "-N", "-E", "UTF8",
        "--no-locale")  # fmt: skip
    try:
        run(str(binaries / "pg_ctl"), "-D", str(data), "-w", "-l", str(folder / "log"), "-o",
            options, "start")  # fmt: skip
        yield Server(folder, user)
    finally:
        run(str(binaries / "pg_ctl"), "-D", str(data), "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def _is_user(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True
