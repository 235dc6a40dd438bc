# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A stick is packed, offered and taken in on the screen, with the keyboard alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from lage.bearers.packing import pack
from lage.bearers.sticks import offers
from lage.kinds.model import Draft
from lage.station import Station
from tests.fixtures import make_county
from tests.screens.picture import Hands, picture
from tests.screens.test_behaviour import play
from tui.app.app import LageApp


@pytest.fixture
def stick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A stick that is plugged in."""
    folder = tmp_path / "STICK"
    folder.mkdir()
    monkeypatch.setattr("hardware.printing.sticks", lambda: [folder])
    return folder


def test_a_stick_is_packed_and_taken_in(rheine: Path, stick: Path) -> None:
    """Ctrl+P, „Kurier“, the stick: four keys beside the words."""

    async def pack_it(app: LageApp, hands: Hands) -> None:
        before = hands.presses
        await hands.press("ctrl+p")
        await hands.type("Kurier p")
        await hands.press("enter", "enter")
        assert hands.presses - before - len("Kurier p") == 3
        assert "lesbar für" in " ".join(picture(app).split())

    play(rheine, pack_it)
    assert (stick / "lage-rhe.kurier").stat().st_size > 500


def test_what_lies_on_a_stick_is_offered_once(tmp_path: Path, stick: Path) -> None:
    """Somebody else's, of our network and not taken in yet; afterwards it is no offer any more."""
    names = ["Krisenstab Steinfurt", "SAE Rheine"]
    kst, rhe = make_county(tmp_path / "k", names).values()
    kst.write([Draft("journal", {"text": "Deich hält"})])
    pack(kst, stick / "rund.kurier")
    pack(rhe, stick / "eigene.kurier")
    (stick / "kaputt.kurier").write_bytes(b"LAGEKUR1" + bytes(20))
    assert [offer.maker for offer in offers(rhe)] == ["Krisenstab Steinfurt"]

    async def take(app: LageApp, hands: Hands) -> None:
        app.files._looked = 0.0
        await app.files.look()
        assert "Kurier von Krisenstab Steinfurt" in " ".join(picture(app).split())
        await hands.press("ctrl+p")
        await hands.type("Kurier e")
        await hands.press("enter", "enter")
        assert "1 Eintrag neu" in " ".join(picture(app).split())

    play(rhe.folder, take)
    again = Station.open(rhe.folder)
    assert offers(again) == []
    for station in (again, kst, rhe):
        station.close()
