# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The contract runs against a virtual radio, or any other: ``--radio tcp:HOST:PORT``."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from tests.contract.served_radios import RadioThread


@pytest.fixture
def any_radio(request: pytest.FixtureRequest) -> Iterator[str]:
    """Address of a radio that may be set up anew; by default a virtual one, factory-new."""
    given = request.config.getoption("--radio")
    if given:
        yield str(given)
        return
    with RadioThread(factory_new=True, names=("Meshtastic 0001",)) as radios:
        yield radios.address(0)


@pytest.fixture
def wired_radio(request: pytest.FixtureRequest) -> Iterator[str]:
    """Address of a radio that may be started anew; by default a virtual one on a serial line."""
    given = request.config.getoption("--radio")
    if given:
        yield str(given)
        return
    if sys.platform == "win32":
        pytest.skip("no pseudo-terminals on Windows")
    with RadioThread(pty=True, names=("Meshtastic 0001",)) as radios:
        yield radios.address(0)
