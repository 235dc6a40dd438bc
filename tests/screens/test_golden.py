# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Pictures of the screens as text: what a person sees, line by line.

``LAGE_GOLDEN=1 pytest tests/screens/test_golden.py`` writes them anew; look at them then.
"""

from __future__ import annotations

import asyncio
import re
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from rich.style import Style

from lage.write import commands
from tests.screens import stage
from tests.screens.picture import ASCII, UNICODE, compare, painted, picture, running
from tui.app.app import LageApp
from tui.terminal import Glyphs, Terminal

SMALL, LARGE, HUGE = (80, 24), (120, 40), (160, 45)
CONSOLE = set("äöüÄÖÜß„“–…•·×²→↑↓←─│├┤┼═║╔╗╚╝┌┐└┘█░■▲▼≈¥»«")
"""Besides ASCII; read from the unicode tables of those fonts (console-setup 1.221)."""
KEYS = {
    "lage": (),
    "tagebuch": ("2",),
    "nachrichten": ("3",),
    "auftraege": ("4",),
    "vorfaelle": ("5",),
    "pegel": ("6",),
    "kraefte": ("7",),
    "material": ("8",),
    "helfer": ("9",),
    "karte": ("0",),
    "netz": ("z",),
    "berichte": ("b",),
    "versorgung": ("l",),
    "alarme": ("exclamation_mark",),
    "suche": ("f6", *"rheine", "enter"),
    "hilfe": ("3", "f1"),
    "palette": ("escape", "ctrl+p"),
    "mehr": ("escape", "m"),
    "nachricht": ("escape", "3", "end", "enter"),
    "formular": ("escape", "f2", "G", "r", "e", "tab", "down", "tab"),
    "vorfall_neu": ("escape", "f4", "B", "r"),
    "helfer_neu": ("escape", "9", "n"),
    "helfer_zuweisen": ("escape", "u"),
}
"""A walk through all screens; each is reached from the one before by these keys."""

MAIN = ("lage", "tagebuch", "nachrichten", "auftraege", "vorfaelle", "pegel", "kraefte", "material",
        "helfer", "karte", "netz", "berichte", "versorgung", "alarme", "suche")  # fmt: skip
CONTRAST = "lage-kontrast"


def taken(folder: Path, keys: tuple[str, ...], size: tuple[int, int], shown_on: Terminal) -> str:
    """The picture after these keys."""

    async def run() -> str:
        async with running(folder, size, shown_on=shown_on) as (app, hands):
            await hands.press(*keys)
            return picture(app)

    return asyncio.run(run())


def walk(
    folder: Path,
    size: tuple[int, int],
    shown_on: Terminal,
    *,
    names: Sequence[str] = tuple(KEYS),
    look: str = "",
    take: Callable[[LageApp], str] = picture,
) -> dict[str, str]:
    """The picture of every screen."""

    async def run() -> dict[str, str]:
        shots = {}
        async with running(folder, size, shown_on=shown_on, look=look) as (app, hands):
            for name in names:
                await hands.press(*KEYS[name])
                shots[name] = take(app)
        return shots

    return asyncio.run(run())


@pytest.mark.parametrize("size", [SMALL, LARGE, HUGE], ids=["80x24", "120x40", "160x45"])
def test_screens_look_as_in_their_golden_texts(size: tuple[int, int], rheine: Path) -> None:
    """Every screen, at all sizes, in Unicode."""
    for name, shown in walk(rheine, size, UNICODE).items():
        compare(f"{name}_{size[0]}x{size[1]}", shown)


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])
def test_ascii_screens_have_seven_bits_only_and_look_as_in_their_golden_texts(
    size: tuple[int, int], rheine: Path
) -> None:
    """Every screen without Unicode and without colour; on the large one the main screens."""
    names = tuple(KEYS) if size == SMALL else MAIN
    for name, shown in walk(rheine, size, ASCII, names=names).items():
        assert shown.isascii()
        compare(f"{name}_{size[0]}x{size[1]}_ascii", shown)


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])
def test_high_contrast_screens_are_painted_as_in_their_golden_texts(
    size: tuple[int, int], rheine: Path
) -> None:
    """Every main screen cell by cell, and no text on a ground that is nearly as light as it."""
    found = walk(rheine, size, UNICODE, names=MAIN, look=CONTRAST, take=painted)

    for name, shown in found.items():
        for style in re.findall(r"^[a-z] = (.+)$", shown, re.MULTILINE):
            assert contrast(Style.parse(style)) >= 10.0, (name, style)
        compare(f"{name}_{size[0]}x{size[1]}_kontrast", shown)


def contrast(style: Style) -> float:
    """Contrast of text and ground as WCAG 2 defines it, 1 to 21."""
    if style.color is None or style.bgcolor is None:  # blanks
        return 21.0
    lights = []
    for colour in (style.color, style.bgcolor):
        parts = [part / 255 for part in colour.get_truecolor()]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        lights.append(0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2])
    return (max(lights) + 0.05) / (min(lights) + 0.05)


def test_exercise_marks_top_and_bottom_of_every_screen(
    built_exercise: Path, tmp_path: Path
) -> None:
    """ÜBUNG stands from edge to edge above and below, on lists, forms and dialogs."""
    folder = tmp_path / "exercise"
    shutil.copytree(built_exercise, folder)
    stage.connect_radio(folder / "2")

    async def run() -> list[str]:
        shots = []
        async with running(folder / "2", SMALL, exercise=True) as (app, hands):
            for keys in ((), ("3",), ("f2",), ("escape", "0"), ("f1",)):
                await hands.press(*keys)
                shots.append(picture(app))
        return shots

    shots = asyncio.run(run())

    for shot in shots:
        marked = [line for line in shot.splitlines() if line.startswith("*** ÜBUNG ÜBUNG ÜBUNG")]
        assert len(marked) == 2
    compare("uebung_lage_80x24", shots[0])


def test_a_handover_form_begins_with_the_summary(rheine: Path) -> None:
    """Not among the ASCII pictures: an input shows its text as it will be written."""
    shown = taken(rheine, ("m", "S", "enter", "n"), SMALL, UNICODE)

    compare("uebergabe_neu_80x24", shown)


def test_two_seconds_are_enough_for_the_worst(rheine: Path) -> None:
    """At 80 columns: what waits, and the worst incident uncut, with place, state and people."""
    from lage.station import Station
    from tests.fixtures import FixedClock

    station = Station.open(rheine, clock=FixedClock())
    worst = {"type": "Vermisste Person", "text": "Kanu gekentert", "municipality": "Westerkappeln",
             "priority": "kritisch", "injured": "3", "missing": "2", "affected": "35"}  # fmt: skip
    station.write(commands.enter("incident", worst, station.parse_context()))
    station.close()

    shown = taken(rheine, (), SMALL, UNICODE)

    compare("zwei_sekunden_80x24", shown)
    left = " ".join(line[:39].strip() for line in shown.splitlines())
    told = left[left.index("VORFÄLLE") :]
    for words in ("Vermisste Person Westerkappeln", "offen, kritisch", "Betroffene 35",
                  "Verletzte 3", "Vermisste 2", "Kanu gekentert"):  # fmt: skip
        assert words in told
    assert "ZU TUN" in shown
    assert "Funk: verbunden" in shown


def test_smallest_window_still_shows_what_counts(rheine: Path) -> None:
    """At 40 x 12 the overview keeps alarms, status and keys."""
    compare("lage_40x12", taken(rheine, (), (40, 12), UNICODE))


def test_the_linux_console_gets_only_what_its_fonts_have(rheine: Path) -> None:
    """Every screen in the characters that Lat15, Uni1 and Uni2 of console-setup have in common."""
    shots = walk(rheine, SMALL, Terminal("16", Glyphs.PLAIN, light=False))

    used = {character for shown in shots.values() for character in shown if ord(character) > 126}
    assert used - CONSOLE == set()
    compare("karte_80x24_konsole", shots["karte"])
