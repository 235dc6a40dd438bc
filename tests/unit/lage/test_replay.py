# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A past moment in a folder of its own: what was held, what was written, what another must know."""

from __future__ import annotations

from pathlib import Path

import pytest

from lage.archive.replay import replay
from lage.kinds.model import Draft, Query
from lage.language.errors import KeysError
from lage.station import Station
from lage.write import commands
from tests.fixtures import FixedClock, picture, share
from tests.unit.lage.conftest import Terminal


def fire(station: Station, text: str) -> None:
    """An incident."""
    station.write([Draft("incident", {"type": "Brand", "text": text, "status": "offen"})])


def texts(folder: Path) -> list[str]:
    """Texts of the incidents that a folder shows, oldest first."""
    station = Station.open(folder)
    rows = station.reader.select(Query("incident", descending=False))
    station.close()
    return [row.text("text") for row in rows]


@pytest.fixture
def night(county: list[Station], clock: FixedClock) -> list[Station]:
    """15:30 Greven writes, 15:40 Rheine, at 16:00 they hear each other, 16:10 Rheine once more."""
    _, rhe, gre = county
    fire(gre, "Greven 15:30")
    clock.advance(600)
    fire(rhe, "Rheine 15:40")
    clock.advance(1200)
    share(*county)
    clock.advance(600)
    fire(rhe, "Rheine 16:10")
    clock.advance(600)
    return county


@pytest.mark.parametrize(
    ("ago", "today", "shown"),
    [
        (35, False, ["Rheine 15:40"]),
        (35, True, ["Greven 15:30", "Rheine 15:40"]),
        (45, False, []),
        (15, False, ["Greven 15:30", "Rheine 15:40"]),
        (0, False, ["Greven 15:30", "Rheine 15:40", "Rheine 16:10"]),
    ],
)
def test_what_was_known_and_what_had_been_written(
    night: list[Station], tmp_path: Path, ago: int, today: bool, shown: list[str]
) -> None:
    """Minutes before 16:20, as Rheine knew it and as it is known today."""
    rhe = night[1]
    target = tmp_path / "damals"
    found = replay(rhe, target, rhe.now() - 60 * ago, known_today=today)
    assert texts(target) == shown
    assert found.operations + found.later == rhe.store.situation.operation_count()
    if not ago:
        past = Station.open(target)
        assert picture(past.store) == picture(rhe.store)
        past.close()


def test_nothing_is_written_there(night: list[Station], tmp_path: Path) -> None:
    """No keys, no draft, a clock that stands; the log it came from is as before."""
    rhe = night[1]
    before = picture(rhe.store)
    target = tmp_path / "damals"
    replay(rhe, target, rhe.now() - 900)
    past = Station.open(target)
    assert past.now() == rhe.now() - 900
    assert past.past.startswith("WIEDERGABE 241605nov26, wie SAE Rheine es wusste")
    with pytest.raises(KeysError):
        fire(past, "von heute")
    past.close()
    assert not (target / "knoten.json").exists()
    assert picture(rhe.store) == before


def test_what_another_must_have_known(
    county: list[Station], tmp_path: Path, clock: FixedClock
) -> None:
    """Greven confirmed a message: so it had that one and what came before it, no more."""
    kst, _, gre = county
    fire(kst, "davor")
    typed = {"text": "Wie ist die Lage?", "to": "Greven", "receipt_wanted": "ja"}
    (message,) = kst.write(commands.enter("message", typed, kst.parse_context()))
    share(*county)
    record = gre.reader.get(message)
    assert record is not None
    gre.write(commands.acknowledge(record, "Berger", gre.parse_context(), []))
    clock.advance(600)
    fire(kst, "danach")
    share(*county)
    target = tmp_path / "sicht"
    found = replay(kst, target, kst.now(), member=3)
    assert texts(target) == ["davor"]
    assert "was SAE Greven mindestens wusste" in found.title


def test_commands(lage: Terminal, night: list[Station], tmp_path: Path) -> None:
    """Into a folder that every command reads, marked everywhere; mistakes are sentences."""
    target = str(tmp_path / "damals")
    said = lage.json("wiedergabe", "--bis", "15:45", "--ordner", target)
    assert (said["eintraege"], said["spaeter"]) == (4, 2)
    assert "nicht leer" in str(lage.refusal("wiedergabe", "--bis", "15:45", "--ordner", target))
    later = str(tmp_path / "x")
    assert "Zukunft" in str(lage.refusal("wiedergabe", "--bis", "16:45", "--ordner", later))
    both = ("--sicht", "Greven", "--stand", "heute")
    assert "entweder" in str(lage.refusal("wiedergabe", "--bis", "15:45", *both))
    past = Terminal(night[1])
    past.folder = Path(target)
    shown = past("vorfall", "liste")
    assert "WIEDERGABE 241545nov26" in shown
    assert "Rheine 15:40" in shown
    assert "Greven 15:30" not in shown
    assert isinstance(past.refusal("tagebuch", "eintragen", "x"), KeysError)
