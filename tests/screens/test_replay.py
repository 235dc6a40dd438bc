# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The past on the screen: unmistakable, played and compared by keys, and nothing can be written."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest

from lage.archive.replay import Eyes, Replay
from lage.language.epoch import from_unix
from lage.language.tactical import parse_time, tactical
from tests.fixtures import START
from tests.screens.picture import UNICODE, compare, picture, running
from tui.bridge import Player

NOW = from_unix(START)
SIZES = [(80, 24), (120, 40), (160, 45)]


def player(source: Path, target: Path, at: str, seen_by: str = "") -> Player:
    """Of that folder, beginning at that time."""

    def start() -> Replay:
        replay = Replay.of(source, target, seen_by=seen_by, now=NOW)
        replay.show(parse_time(at, replay.today))
        replay.mark = replay.at
        return replay

    return Player(start)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_pictures(rheine: Path, tmp_path: Path, size: tuple[int, int]) -> None:
    """Overview and difference; both bars say which moment, and the times stand there."""

    async def run() -> None:
        folder = tmp_path / "augenblick"
        at = player(rheine, folder, "13:00")
        async with running(folder, size, shown_on=UNICODE, player=at) as (app, hands):
            await hands.press("ctrl+g")
            await hands.type("14:50")
            await hands.press("enter")
            name = f"{size[0]}x{size[1]}"
            compare(f"wiedergabe-{name}", picture(app))
            await hands.press("ctrl+u")
            compare(f"unterschied-{name}", picture(app))

    asyncio.run(run())


def test_what_was_known_at_ten_past_three(rheine: Path, tmp_path: Path) -> None:
    """By keys alone: to a moment, entry by entry, as known today, played to the end, compared,
    and from the difference into an entry; no key writes, and the log it shows is not touched."""

    async def run() -> None:
        folder = tmp_path / "augenblick"
        at = player(rheine, folder, "14:00")
        async with running(folder, player=at) as (app, hands):

            def marked(*words: str) -> None:
                shown = [line for line in picture(app).splitlines() if "*** WIEDERGABE" in line]
                assert len(shown) == 2
                assert all(word in line for line in shown for word in words), shown

            marked("241400nov26", "wie SAE Rheine es wusste", "steht")
            await hands.press("5")
            assert "Mesum" in picture(app)
            assert "Gimbte" not in picture(app)  # Greven wrote it at 13:00, it came at 14:49
            await hands.press("ctrl+e")
            marked("nach heutigem Stand")
            assert "Gimbte" in picture(app)
            await hands.press("ctrl+e", "full_stop", "full_stop", "comma")
            marked("241410nov26")
            await hands.press("colon")
            assert at.shown.moment > parse_time("14:10", NOW)
            await hands.press("semicolon")
            await hands.press("f3", "n", "s")
            assert "nur an" in " ".join(picture(app).split())
            await hands.press("ctrl+g")
            await hands.type("15:20")
            await hands.press("enter", *["greater_than_sign"] * 3)
            marked("241520nov26", "steht")
            await hands.press("space")

            async def over() -> bool:
                shown = picture(app)
                return f"WIEDERGABE {tactical(NOW)}" in shown and "steht" in shown

            await hands.until(over)
            await hands.settle()
            marked("steht")
            assert "Gimbte" in picture(app)
            await hands.press("ctrl+u")
            assert "241400nov26 – 241530nov26: " in picture(app)
            assert "neu: Vorfall GRE-1" in picture(app)
            await hands.press("enter")
            assert at.shown.moment == NOW

    before = {path.name: path.read_bytes() for path in rheine.iterdir() if path.is_file()}
    asyncio.run(run())
    assert {path.name: path.read_bytes() for path in rheine.iterdir() if path.is_file()} == before


def test_with_the_eyes_of_another(rheine: Path, tmp_path: Path) -> None:
    """What Greven must have known, and what it can have known at most, say so in words."""

    alone = tmp_path / "allein" / "2"  # without Greven's own log beside it
    shutil.copytree(rheine, alone)

    async def run() -> None:
        folder = tmp_path / "augenblick"
        at = player(alone, folder, "14:50", "Greven")
        async with running(folder, player=at) as (app, hands):
            assert "was SAE Greven mindestens wusste (belegt)" in picture(app)
            await hands.press("ctrl+e")
            assert "was SAE Greven höchstens wissen konnte" in picture(app)

    asyncio.run(run())


def test_a_folder_that_was_kept(rheine: Path, tmp_path: Path) -> None:
    """It stands still: no key that plays is offered, and both bars say which moment it is."""
    folder = tmp_path / "damals"
    replay = Replay.of(rheine, folder, now=NOW)
    replay.show(NOW - 3600, Eyes.TODAY)
    replay.keep()
    replay.close()

    async def run() -> None:
        async with running(folder) as (app, hands):
            shown = picture(app).splitlines()
            marks = [line for line in shown if "WIEDERGABE 241430nov26, nach heutigem" in line]
            assert len(marks) == 2
            assert "241430nov26" in shown[0]
            await hands.press("space")
            assert "nur in der Wiedergabe" in " ".join(picture(app).split())
            await hands.press("f3")
            assert "nur an" in " ".join(picture(app).split())

    asyncio.run(run())
