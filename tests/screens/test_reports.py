# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The Lagemeldung as a file, from the screen."""

from __future__ import annotations

from pathlib import Path

import pytest
from pypdf import PdfReader

from hardware import printing
from lage.kinds.model import Query
from lage.station import Station
from tests.fixtures import FixedClock
from tests.screens.picture import Hands, picture
from tests.screens.test_behaviour import play
from tui.app.app import LageApp


def said(app: LageApp) -> str:
    """What the screen says at the bottom, whole."""
    return "" if app.said is None else app.said[0]


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """A computer without printer and stick, unless a test plugs them in."""
    monkeypatch.setattr(printing, "printers", list)
    monkeypatch.setattr(printing, "sticks", list)


def test_where_there_is_a_choice_it_is_offered(
    rheine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The printer first, then the folder, then sticks; a printer that refuses loses nothing."""
    taken: list[tuple[str, bytes]] = []

    def hand_on(path: Path, printer: str) -> None:
        if taken:
            raise printing.PrintFailed("kein Papier")
        taken.append((printer, path.read_bytes()[:4]))

    monkeypatch.setattr(printing, "printers", lambda: ["Stab"])
    monkeypatch.setattr(printing, "sticks", lambda: [tmp_path])
    monkeypatch.setattr(printing, "print_file", hand_on)

    async def doing(app: LageApp, hands: Hands) -> None:
        await hands.press("3", "home", "c")
        assert "Drucken auf Stab" in picture(app)
        await hands.press("enter")
        assert said(app).startswith("An den Drucker Stab gegeben; Datei: /")
        await hands.press("c", "enter")
        assert "Stab nimmt die Datei nicht an (kein Papier): sie liegt unter /" in said(app)
        await hands.press("c", "down", "down", "enter")
        assert said(app).startswith(f"Auf den Stick geschrieben: {tmp_path}/nachricht_")

    play(rheine, doing)

    assert taken == [("Stab", b"%PDF")]
    assert len(list((rheine / "berichte").iterdir())) == 3
    assert len(list(tmp_path.glob("nachricht_*.pdf"))) == 1


def test_any_list_is_printed_as_it_is_filtered(rheine: Path) -> None:
    """d in a list: what the filter shows, under its words."""

    async def doing(app: LageApp, hands: Hands) -> None:
        await hands.press("5", "f", "d", "2", "d")

    play(rheine, doing)
    names = sorted(path.name for path in (rheine / "berichte").iterdir())
    pages = PdfReader(rheine / "berichte" / names[0]).pages

    assert names == ["liste_vorfaelle_241530nov26.pdf", "tagebuch_241530nov26.pdf"]
    assert "2 Einträge, nicht erledigt" in pages[0].extract_text()
    assert "RHE-1" in pages[0].extract_text()


def test_a_lagemeldung_becomes_pdf_text_and_table(rheine: Path) -> None:
    """d, then the form: the file lies in ``berichte`` and the screen says so; none is replaced."""

    async def doing(app: LageApp, hands: Hands) -> None:
        await hands.press("b", "d", "enter")
        assert f"Geschrieben: {rheine}/berichte/lagemeldung_241530nov26.pdf" in said(app)
        assert "d Drucken" in picture(app)
        await hands.press("d", "enter", "d", "K", "enter", "d", "T", "enter", "d", "E", "enter")

    play(rheine, doing)
    found = {path.name: path.read_bytes() for path in (rheine / "berichte").iterdir()}

    assert sorted(found) == [
        "lagemeldung_241530nov26.pdf",
        "lagemeldung_241530nov26.txt",
        "lagemeldung_241530nov26_2.pdf",
        "lagemeldungen_241530nov26.csv",
        "tagebuch_241530nov26.pdf",
    ]
    assert b"LAGE-ETB-1 2 " in found["tagebuch_241530nov26.pdf"]
    assert found["lagemeldung_241530nov26.pdf"].startswith(b"%PDF")
    assert "Rheine" in found["lagemeldung_241530nov26.txt"].decode()
    assert "Keller in Mesum" in found["lagemeldungen_241530nov26.csv"].decode("utf-8-sig")


def test_a_message_becomes_a_vordruck(rheine: Path) -> None:
    """c on a message: the form lies in ``berichte``, named by the sender's number."""

    async def doing(app: LageApp, hands: Hands) -> None:
        await hands.press("3", "home", "c")
        assert f"{rheine}/berichte/nachricht_" in said(app)

    play(rheine, doing)
    (path,) = (rheine / "berichte").iterdir()

    assert path.read_bytes().startswith(b"%PDF")
    assert "-N" in path.name


def test_a_lagemeldung_goes_on_from_the_last_and_has_its_radio_form(rheine: Path) -> None:
    """What the last one said stands in the form; the short form is added by itself."""

    async def doing(app: LageApp, hands: Hands) -> None:
        await hands.press("b", "n", "tab")
        assert "Ems steigt, Keller in Mesum laufen voll" in picture(app)
        await hands.type("Neu: ")
        await hands.press("ctrl+s")
        await app.sending.flush()

    play(rheine, doing)
    station = Station.open(rheine, clock=FixedClock())
    found = station.reader.select(Query("report", order="entered", limit=1))[0]
    station.close()

    text = "Neu: Ems steigt, Keller in Mesum laufen voll"
    assert found.values["general"] == text
    assert f"Allgemein: {text}" in str(found.values["summary"])


def test_a_display_writes_no_files(rheine: Path) -> None:
    """A screen that only shows refuses with a sentence."""

    async def doing(app: LageApp, hands: Hands) -> None:
        await hands.press("b", "d")
        assert "zeigt nur an" in picture(app)

    play(rheine, doing, read_only=True)

    assert not (rheine / "berichte").exists()
