# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Documents are filed and read, and files of others taken in after a trial, all on the screen."""

from __future__ import annotations

from pathlib import Path

from tests.screens import stage
from tests.screens.picture import Hands, picture
from tests.screens.test_behaviour import play
from tui.app.app import LageApp


def _in_a_row(app: LageApp) -> str:
    """The screen without its lines: a long sentence takes several."""
    return " ".join(picture(app).split())


def test_a_document_is_filed_read_and_copied_out(rheine: Path, tmp_path: Path) -> None:
    """n and the file; Enter reads it; d lays a copy beside the log. A wrong path is a sentence."""
    plan = tmp_path / "Plan Ems.txt"
    plan.write_text("Treffpunkt Grundschule\nTelefon 110\x1b[31m", "utf8")

    async def doing(app: LageApp, hands: Hands) -> None:
        await app.go("document")
        await hands.press("n")
        await hands.type(str(tmp_path / "fehlt"))
        await hands.press("enter")
        assert "nicht lesbar: gibt es nicht" in _in_a_row(app)
        before = hands.presses
        await hands.press("n")
        await hands.type(str(plan))
        await hands.press("enter")
        assert hands.presses - before - len(str(plan)) == 2
        assert "„Plan Ems.txt“ liegt hier vor" in _in_a_row(app)
        await hands.press("enter")
        shown = picture(app)
        assert "Treffpunkt Grundschule" in shown
        assert "Telefon 110" in shown
        await hands.press("escape", "d")
        assert "dokumente/plan-ems.txt" in _in_a_row(app)

    play(rheine, doing)
    assert (rheine / "dokumente" / "plan-ems.txt").read_bytes() == plan.read_bytes()


def test_a_file_is_tried_before_it_is_taken_in(rheine: Path, tmp_path: Path) -> None:
    """The trial says what would come of it; without a yes nothing is written."""
    table = tmp_path / "kraefte.csv"
    table.write_text("Name;Organisation;Stärke\nZug 7;THW;0/1/8\n", "utf8")

    async def ask(hands: Hands) -> None:
        await hands.press("ctrl+p")
        await hands.type("Datei einlesen")
        await hands.press("enter")
        await hands.type("Kr")
        await hands.press("enter")
        await hands.type(str(table))
        await hands.press("enter")

    async def doing(app: LageApp, hands: Hands) -> None:
        units = stage.entries(rheine, "unit")
        await ask(hands)
        shown = " ".join(picture(app).split())
        assert "Probelauf: 1 neu, 0 geändert" in shown
        await hands.press("escape")
        assert stage.entries(rheine, "unit") == units
        await ask(hands)
        await hands.press("enter")
        assert "kraefte.csv übernommen" in picture(app)
        assert stage.entries(rheine, "unit") == units + 1

    play(rheine, doing)
