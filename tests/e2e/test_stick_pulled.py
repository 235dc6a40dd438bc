# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A courier's file and a process that dies in the middle of it: real processes, SIGKILL."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from lage.bearers.packing import pack
from lage.bearers.taking import take_in
from lage.kinds.model import Draft
from lage.station import Station
from tests.e2e.conftest import TIMEOUT_S
from tests.fixtures import make_county, picture

COUNT = 400


@pytest.fixture
def stations(tmp_path: Path) -> list[Station]:
    """A staff that wrote a lot, and one that knows nothing of it."""
    found = list(make_county(tmp_path / "k", ["Krisenstab Steinfurt", "SAE Rheine"]).values())
    drafts = [Draft("reading", {"gauge": "Greven", "value": n}) for n in range(COUNT)]
    found[0].write(drafts)
    return found


def killed(station: Station, *words: str, when: Callable[[], bool]) -> None:
    """A command of a process that is killed as soon as that is so."""
    command = [sys.executable, "-m", "lage", "--daten", str(station.folder), "kurier", *words]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    end = time.monotonic() + TIMEOUT_S
    while not when() and process.poll() is None and time.monotonic() < end:
        time.sleep(0.002)
    process.send_signal(signal.SIGKILL)
    process.wait()


def test_reading_goes_on_where_it_died(
    stations: list[Station], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was stored stays stored, the log is sound, and the second time brings the rest."""
    monkeypatch.setattr("sync.wire.bundle.FILL", 500)  # many parts, each durable by itself
    kst, rhe = stations
    stick = tmp_path / "a.kurier"
    pack(kst, stick, everything=True)
    killed(rhe, "einlesen", str(stick), when=lambda: rhe.store.log.head(1) > 20)
    before = rhe.store.log.head(1)
    assert before > 20
    taken = take_in(rhe, stick)
    assert taken.new == COUNT - before
    assert picture(kst.store) == picture(rhe.store)


def test_what_was_on_the_stick_outlives_a_packing_that_died(
    stations: list[Station], tmp_path: Path
) -> None:
    """The file that was there is whole at every moment; what was begun beside it is no harm."""
    kst, rhe = stations
    stick = tmp_path / "runde.kurier"
    pack(rhe, stick, everything=True)
    begun = stick.with_name("runde.kurier.neu")
    for _ in range(3):
        killed(kst, "packen", str(stick), "--alles", when=begun.exists)
        assert not take_in(kst, stick).torn
    pack(kst, stick, everything=True)
    assert not begun.exists()
    assert take_in(rhe, stick).new in (0, COUNT)
    assert picture(kst.store) == picture(rhe.store)
